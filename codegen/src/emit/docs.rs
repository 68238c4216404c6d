//! Documentation and deprecation as attributes.

use proc_macro2::TokenStream;
use quote::quote;

/// `text` as doc comments, one a line.
pub(crate) fn doc(text: &str) -> TokenStream {
    text.lines()
        .map(|line| {
            let line = if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            };
            quote!(#[doc = #line])
        })
        .collect()
}

/// `#[deprecated]` with its note, where there is one.
pub(crate) fn deprecated(note: Option<&String>) -> TokenStream {
    match note {
        None => TokenStream::new(),
        Some(note) if note.is_empty() => quote!(#[deprecated]),
        Some(note) => quote!(#[deprecated(note = #note)]),
    }
}
