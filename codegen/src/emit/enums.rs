//! Enums of strings and of integers: the type; its conversions are the runtime's, by a macro.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{deprecated, doc};
use super::ty::number;
use crate::ir::{Enum, EnumValue, EnumVariant};
use crate::names::ident;

/// The type and the macro call that makes it a value.
pub(crate) fn generate(shape: &Enum) -> TokenStream {
    let name = ident(&shape.name);
    let docs = doc(&shape.docs);
    let deprecated = deprecated(shape.deprecated.as_ref());
    let variants = shape.variants.iter().map(variant);
    let values = shape.variants.iter().map(value);
    let (derives, unknown, implement) = if shape.integers {
        (
            quote!(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash),
            quote!(i32),
            quote!(int_enum),
        )
    } else {
        (
            quote!(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash),
            quote!(String),
            quote!(string_enum),
        )
    };
    quote! {
        #docs
        #[derive(#derives)]
        #[non_exhaustive]
        #deprecated
        pub enum #name {
            #(#variants,)*
            /// A value that this client does not know.
            Unknown(#unknown),
        }
        tinsmith_runtime::#implement!(#name { #(#values),* });
    }
}

fn variant(variant: &EnumVariant) -> TokenStream {
    let docs = doc(&variant.docs);
    let deprecated = deprecated(variant.deprecated.as_ref());
    let name = ident(&variant.name);
    quote!(#docs #deprecated #name)
}

fn value(variant: &EnumVariant) -> TokenStream {
    let name = ident(&variant.name);
    match &variant.value {
        EnumValue::String(value) => quote!(#name = #value),
        EnumValue::Integer(value) => {
            let value = number(&value.to_string());
            quote!(#name = #value)
        }
    }
}
