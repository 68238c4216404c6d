//! Unions: an open enum and its walk.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs::{deprecated, doc};
use super::ty::Place;
use crate::ir::{Union, UnionVariant};
use crate::names::{MEMBERS, ident};

/// The type and its walk.
pub(crate) fn generate(union: &Union) -> TokenStream {
    let name = ident(&union.name);
    let docs = doc(&union.docs);
    let deprecated = deprecated(union.deprecated.as_ref());
    let eq = union.total_eq.then(|| quote!(, Eq, Hash));
    let debug = (!union.sensitive).then(|| quote!(Debug,));
    let hidden = union
        .sensitive
        .then(|| super::structures::hidden_debug(&union.name));
    let variants = union.variants.iter().map(variant);
    let walk = walk(union);
    quote! {
        #docs
        #[derive(Clone, #debug PartialEq #eq)]
        #[non_exhaustive]
        #deprecated
        pub enum #name {
            #(#variants,)*
            /// A variant that this client does not know, by its name. It cannot be sent.
            Unknown(String),
        }
        #hidden
        #walk
    }
}

fn variant(variant: &UnionVariant) -> TokenStream {
    let docs = doc(&variant.docs);
    let deprecated = deprecated(variant.deprecated.as_ref());
    let name = ident(&variant.name);
    let value = variant.ty.as_ref().map(|ty| {
        let ty = Place::Types.ty(ty);
        quote!((#ty))
    });
    quote!(#docs #deprecated #name #value)
}

fn walk(union: &Union) -> TokenStream {
    let name = ident(&union.name);
    let members = ident(&format!("{}{MEMBERS}", union.schema));
    let variants = union.variants.iter().enumerate().map(|(index, variant)| {
        let index = Literal::usize_unsuffixed(index);
        let name = ident(&variant.name);
        let value = variant.ty.as_ref().map(|_| quote!((value)));
        quote!(#index: #name #value)
    });
    let wiped = union.wiped.then(|| quote!(wiped));
    quote!(tinsmith_runtime::union!(#name = schema::#members { #(#variants),* } #wiped);)
}
