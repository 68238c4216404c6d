//! Unions: an open enum and its walk.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs::{deprecated, doc};
use super::ty::Place;
use crate::ir::{Union, UnionVariant};
use crate::names::ident;

/// The type, its default and its walk.
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
        impl Default for #name {
            fn default() -> Self {
                Self::Unknown(String::new())
            }
        }
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
    let members = ident(&format!("{}_MEMBERS", union.schema));
    let writes = union.variants.iter().enumerate().map(|(index, variant)| {
        let index = Literal::usize_unsuffixed(index);
        let name = ident(&variant.name);
        if variant.ty.is_some() {
            quote!(Self::#name(value) => shape::Field::write(value, &members[#index], writer))
        } else {
            quote!(Self::#name => shape::Field::write(&shape::Unit, &members[#index], writer))
        }
    });
    let reads = union.variants.iter().enumerate().map(|(index, variant)| {
        let literal = Literal::usize_unsuffixed(index);
        let name = ident(&variant.name);
        if variant.ty.is_some() {
            quote!(#literal => shape::read_variant(self, Self::#name, &members[#literal], reader))
        } else {
            quote!(#literal => {
                shape::read_variant(self, |shape::Unit| Self::#name, &members[#literal], reader)
            })
        }
    });
    let wipe = union.wiped.then(|| wipe(union));
    quote! {
        impl shape::Structure for #name {
            fn write(&self, writer: &mut dyn shape::ShapeWriter) -> Result<(), shape::WriteError> {
                let members = &schema::#members;
                match self {
                    #(#writes,)*
                    Self::Unknown(name) => Err(shape::WriteError::unknown_variant(name)),
                }
            }
            fn read(
                &mut self,
                index: usize,
                reader: &mut dyn shape::ShapeReader,
            ) -> Result<bool, shape::ReadError> {
                let members = &schema::#members;
                match index {
                    #(#reads,)*
                    _ => Ok(false),
                }
            }
            fn read_unknown(&mut self, name: &str) {
                *self = Self::Unknown(name.into());
            }
            #wipe
        }
    }
}

fn wipe(union: &Union) -> TokenStream {
    let variants = union.variants.iter().filter(|variant| variant.ty.is_some());
    let names = variants.map(|variant| ident(&variant.name));
    quote! {
        fn wipe(&mut self) {
            match self {
                #(Self::#names(value) => shape::Field::wipe(value),)*
                _ => {}
            }
        }
    }
}
