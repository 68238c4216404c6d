//! `error.rs`: a structure for each modelled error and one enum for all.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::doc;
use super::structures;
use super::ty::Place;
use crate::ir::{ErrorShape, Service};
use crate::names::ident;

/// The errors of a service.
pub(crate) fn generate(service: &Service) -> TokenStream {
    let docs = doc(&format!("Why a call of {} failed.", service.title));
    let service_error = service_error(service);
    let structures = service.errors.iter().map(error);
    quote! {
        #docs
        pub type Error = tinsmith_runtime::Error<ServiceError>;
        #service_error
        #(#structures)*
    }
}

fn service_error(service: &Service) -> TokenStream {
    let docs = doc(&format!(
        "What {} answers besides success.\n\nOne enum for all operations, since a service may answer \
         more than its model says of an\noperation.",
        service.title
    ));
    let variants = service.errors.iter().map(|error| {
        let first_paragraph = error.structure.docs.split("\n\n").next();
        let docs = doc(first_paragraph.unwrap_or_default());
        let variant = ident(&error.variant);
        let name = ident(&error.structure.name);
        // Boxed, so that a `Result` stays small whatever members an error has.
        quote!(#docs #variant(Box<#name>))
    });
    let details = service.errors.iter().map(|error| {
        let variant = ident(&error.variant);
        let name = ident(&error.structure.name);
        let schema = ident(error.structure.schema.as_deref().unwrap_or_default());
        let message = error.message.as_ref().map(|field| {
            let field = ident(&field.name);
            quote!(, #field)
        });
        quote!(#variant(#name) = schema::#schema #message)
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum ServiceError {
            #(#variants,)*
            /// An error that the model does not have, or whose body could not be read.
            Unmodeled(Box<UnmodeledError>),
        }
        tinsmith_runtime::service_errors!(ServiceError { #(#details;)* });
    }
}

fn error(error: &ErrorShape) -> TokenStream {
    let metadata = structures::metadata_field();
    let definition = structures::definition(&error.structure, Place::Elsewhere, &metadata);
    let walk = structures::walk(&error.structure);
    quote!(#definition #walk)
}
