//! `patterns.rs`: the matchers of the model's patterns.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::doc;
use crate::ir::{Pattern, Service};
use crate::names::ident;

/// A static a pattern.
pub(crate) fn generate(service: &Service) -> TokenStream {
    service.patterns.iter().map(pattern).collect()
}

fn pattern(pattern: &Pattern) -> TokenStream {
    let name = ident(&pattern.name);
    let value = &pattern.value;
    let docs = doc(&code_span(&pattern.source));
    quote! {
        #docs
        pub(super) static #name: Pattern = #value;
    }
}

/// The pattern as code, on one line whatever it holds.
fn code_span(source: &str) -> String {
    let longest = source
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let source: String = source
        .chars()
        .map(|c| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect();
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{source}{space}{fence}")
}
