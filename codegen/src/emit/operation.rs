//! `operation/<name>.rs`: input, output and call of one operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{deprecated, doc};
use super::schema::auth;
use super::ty::{Place, number};
use super::{pagination, structures, waiters};
use crate::ir::{
    Checksum, Field, HostSegment, Http, Operation, Segment, Service, Structure, Style,
};
use crate::names::{ident, plain};

/// Everything of an operation.
pub(crate) fn generate(service: &Service, operation: &Operation) -> TokenStream {
    let builder = builder(operation);
    let input = input(service, operation);
    let output = output(operation);
    let schema = schema(operation);
    let pagination = operation
        .pagination
        .as_ref()
        .map(|pages| pagination::generate(operation, pages));
    let waiters = waiters::generate(operation);
    quote!(#builder #input #output #pagination #waiters #schema)
}

/// `operation/mod.rs`: the operations under one roof.
pub(crate) fn index(service: &Service) -> TokenStream {
    let modules = service.operations.iter().map(|operation| {
        let module = ident(&operation.module);
        quote!(mod #module;)
    });
    let exports = service.operations.iter().map(|operation| {
        let module = ident(&operation.module);
        let names = [
            &operation.builder,
            &operation.input.name,
            &operation.output.name,
        ]
        .map(|name| ident(name));
        quote!(pub use #module::{#(#names),*};)
    });
    quote!(#(#modules)* #(#exports)*)
}

/// The call that is being put together: a setter a member, then `send`.
fn builder(operation: &Operation) -> TokenStream {
    let name = ident(&operation.builder);
    let input = ident(&operation.input.name);
    let output = ident(&operation.output.name);
    let docs = doc(&format!(
        "A call of `{}` that is being put together; made by\n[`Client::{}`](super::super::Client::{1}).",
        operation.name,
        plain(&operation.method)
    ));
    let setters = operation.input.fields.iter().map(setter);
    let clone = (!operation.input.has_stream()).then(|| quote!(Clone,));
    let pages = operation
        .pagination
        .as_ref()
        .map(|pages| pagination::methods(operation, pages));
    let waits = waiters::methods(operation);
    quote! {
        #docs
        #[derive(#clone Debug)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct #name {
            call: Call<#input>,
        }
        impl #name {
            pub(crate) fn new(call: Call<#input>) -> Self {
                Self { call }
            }
            #(#setters)*
            /// The call as generic code takes it, with its input and the settings of this one call.
            pub fn into_call(self) -> Call<#input> {
                self.call
            }
            /// Checks the input and sends it.
            ///
            /// # Errors
            ///
            /// Input that the model forbids, before anything is sent; else what became of the call.
            pub async fn send(self) -> Result<#output, Error> {
                self.call.send().await
            }
            #pages
            #waits
        }
        tinsmith_runtime::call!(#name { input: #input, output: #output, error: Error });
    }
}

fn setter(field: &Field) -> TokenStream {
    let docs = doc(&field.docs);
    let deprecated = deprecated(field.deprecated.as_ref());
    let setter = ident(&field.setter);
    let name = ident(&field.name);
    let lint = structures::setter_lint(&field.setter);
    let (parameter, value) = Place::Elsewhere.setter(&field.ty, &quote!(value));
    quote! {
        #docs
        #deprecated
        #lint
        pub fn #setter(mut self, value: #parameter) -> Self {
            self.call.input_mut().#name = Some(#value);
            self
        }
    }
}

fn input(service: &Service, operation: &Operation) -> TokenStream {
    let definition =
        structures::definition(&operation.input, Place::Elsewhere, &TokenStream::new());
    let walk = structures::walk(&operation.input);
    let name = ident(&operation.input.name);
    let output = ident(&operation.output.name);
    let marker = ident(&service.marker);
    let token = operation
        .idempotency_token
        .and_then(|index| operation.input.fields.get(index));
    let token = token.map(|field| {
        let field = ident(&field.name);
        quote! {
            fn idempotency_token(&mut self) -> Option<&mut dyn TokenField> {
                Some(&mut self.#field)
            }
        }
    });
    quote! {
        #definition
        #walk
        impl Operation for #name {
            type Service = #marker;
            type Output = #output;
            const SCHEMA: &'static OperationSchema = &SCHEMA;
            #token
        }
    }
}

fn output(operation: &Operation) -> TokenStream {
    let metadata = structures::metadata_field();
    let output: &Structure = &operation.output;
    debug_assert_eq!(output.style, Style::Output);
    let definition = structures::definition(output, Place::Elsewhere, &metadata);
    let walk = structures::walk(output);
    let name = ident(&output.name);
    quote! {
        #definition
        #walk
        impl Output for #name {
            fn metadata_mut(&mut self) -> &mut ResponseMetadata {
                &mut self.metadata
            }
        }
    }
}

fn schema(operation: &Operation) -> TokenStream {
    let id = &operation.id;
    let input = structure_schema(&operation.input);
    let output = structure_schema(&operation.output);
    let facts = match &operation.http {
        Some(http) => {
            let http = self::http(http);
            quote!(OperationSchema::new(#id, &schema::SERVICE, #http, #input, #output))
        }
        None => quote!(OperationSchema::rpc(#id, &schema::SERVICE, #input, #output)),
    };
    let idempotent = operation.idempotent.then(|| quote!(.idempotent()));
    let auth = operation.auth.as_ref().map(|schemes| {
        let schemes = auth(schemes);
        quote!(.auth(#schemes))
    });
    let message = message_facts(operation);
    let bindings = &operation.endpoint_bindings;
    let bindings = (!bindings.is_empty()).then(|| quote!(.endpoint_bindings(&[#(#bindings),*])));
    quote! {
        static SCHEMA: OperationSchema = #facts #idempotent #auth #bindings #message;
    }
}

/// What the traits that concern the finished request say.
fn message_facts(operation: &Operation) -> TokenStream {
    let mut facts = TokenStream::new();
    if !operation.host_prefix.is_empty() {
        let segments = operation.host_prefix.iter().map(|segment| match segment {
            HostSegment::Literal(text) => quote!(HostSegment::Literal(#text)),
            HostSegment::Label(name) => quote!(HostSegment::Label(#name)),
        });
        facts.extend(quote!(.host_prefix(&[#(#segments),*])));
    }
    if operation.compressed {
        facts.extend(quote!(.compressed()));
    }
    if operation.checksum_required {
        facts.extend(quote!(.checksum_required()));
    }
    if let Some(checksum) = &operation.checksum {
        let checksum = self::checksum(checksum);
        facts.extend(quote!(.checksum(#checksum)));
    }
    facts
}

fn checksum(checksum: &Checksum) -> TokenStream {
    let mut facts = quote!(HttpChecksum::new());
    if checksum.required {
        facts.extend(quote!(.required()));
    }
    if let Some(member) = &checksum.algorithm_member {
        facts.extend(quote!(.algorithm_member(#member)));
    }
    if let Some((member, algorithms)) = &checksum.validation {
        let algorithms = algorithms.iter().map(|name| ident(name));
        facts.extend(quote!(.validation(#member, &[#(ChecksumAlgorithm::#algorithms),*])));
    }
    facts
}

fn structure_schema(structure: &Structure) -> TokenStream {
    match &structure.schema {
        Some(name) => {
            let name = ident(name);
            quote!(&schema::#name)
        }
        None => quote!(&prelude::UNIT),
    }
}

fn http(http: &Http) -> TokenStream {
    let method = &http.method;
    let code = number(&http.code.to_string());
    let segments = http.path.iter().map(|segment| match segment {
        Segment::Literal(text) => quote!(PathSegment::Literal(#text)),
        Segment::Label(name) => quote!(PathSegment::Label(#name)),
        Segment::GreedyLabel(name) => quote!(PathSegment::GreedyLabel(#name)),
    });
    let query = &http.query;
    let query = (!query.is_empty()).then(|| quote!(.query(#query)));
    quote!(HttpTrait::new(#method, &[#(#segments),*], #code) #query)
}
