//! Documentation and deprecation as attributes.

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use crate::format::docs::attributes as doc;

/// `#[deprecated]` with its note, where there is one.
pub(crate) fn deprecated(note: Option<&String>) -> TokenStream {
    match note {
        None => TokenStream::new(),
        Some(note) if note.is_empty() => quote!(#[deprecated]),
        Some(note) => quote!(#[deprecated(note = #note)]),
    }
}
