//! Pagination: how an operation's pages hang together, and the ways to walk them.

use proc_macro2::TokenStream;
use quote::quote;

use super::ty::Place;
use crate::ir::{Field, Operation, Pagination, Type};
use crate::names::ident;

/// `impl Paginated` of an operation's input.
pub(crate) fn generate(operation: &Operation, pages: &Pagination) -> TokenStream {
    let name = ident(&operation.input.name);
    let token = ident(&pages.input_token.name);
    let next = reference(&pages.output_token);
    let items = pages.items.as_deref();
    let item = item_type(items);
    let into_items = items.map_or_else(|| quote!(Vec::new()), into_items);
    let output = if items.is_some() {
        quote!(output)
    } else {
        quote!(_)
    };
    let (set, get) = if is_sensitive(&pages.input_token) {
        (
            quote!(token.map(Sensitive::from)),
            quote!(self.#token.as_ref().map(|token| token.expose().as_str())),
        )
    } else {
        (quote!(token), quote!(self.#token.as_deref()))
    };
    quote! {
        impl Paginated for #name {
            type Item = #item;
            fn set_token(&mut self, token: Option<String>) {
                self.#token = #set;
            }
            fn token(&self) -> Option<&str> {
                #get
            }
            fn next_token(output: &Self::Output) -> Option<&str> {
                #next
            }
            fn into_items(#output: Self::Output) -> Vec<Self::Item> {
                #into_items
            }
        }
    }
}

/// The methods of the builder that walk pages.
pub(crate) fn methods(operation: &Operation, pages: &Pagination) -> TokenStream {
    let input = ident(&operation.input.name);
    let items = pages.items.is_some().then(|| {
        quote! {
            /// All items, from this page to the last, asked for as they are needed.
            pub fn items(self) -> Items<#input> {
                self.pages().items()
            }
        }
    });
    quote! {
        /// All pages, from this one to the last, asked for as they are needed.
        pub fn pages(self) -> Pages<#input> {
            Pages::new(self.call)
        }
        #items
    }
}

fn is_sensitive(field: &Field) -> bool {
    matches!(field.ty, Type::Sensitive(_))
}

fn item_type(path: Option<&[Field]>) -> TokenStream {
    let place = Place::Elsewhere;
    match path.and_then(<[Field]>::last).map(|field| &field.ty) {
        Some(Type::List { item, sparse }) => {
            let item = place.ty(item);
            if *sparse { quote!(Option<#item>) } else { item }
        }
        Some(Type::Map { key, value, sparse }) => {
            let (key, value) = (place.ty(key), place.ty(value));
            if *sparse {
                quote!((#key, Option<#value>))
            } else {
                quote!((#key, #value))
            }
        }
        // The model names no items: there are only pages.
        _ => quote!(std::convert::Infallible),
    }
}

/// The string at the end of `path` in `output`, as `Option<&str>`.
fn reference(path: &[Field]) -> TokenStream {
    let Some((last, parents)) = path.split_last() else {
        return quote!(None);
    };
    let (mut value, mut optional) = (quote!(output), false);
    for field in parents {
        let name = ident(&field.name);
        value = match (optional, field.optional) {
            (false, false) => quote!(#value.#name),
            (false, true) => quote!(#value.#name.as_ref()),
            (true, false) => quote!(#value.map(|value| &value.#name)),
            (true, true) => quote!(#value.and_then(|value| value.#name.as_ref())),
        };
        optional |= field.optional;
    }
    let name = ident(&last.name);
    let exposed = is_sensitive(last).then(|| quote!(.expose()));
    match (optional, last.optional) {
        (false, false) => quote!(Some(#value.#name #exposed.as_str())),
        (true, false) => quote!(#value.map(|value| value.#name #exposed.as_str())),
        (false, true) if exposed.is_none() => quote!(#value.#name.as_deref()),
        (true, true) if exposed.is_none() => {
            quote!(#value.and_then(|value| value.#name.as_deref()))
        }
        (false, true) => quote!(#value.#name.as_ref().map(|token| token #exposed.as_str())),
        (true, true) => {
            quote!(#value.and_then(|value| value.#name.as_ref()).map(|token| token #exposed.as_str()))
        }
    }
}

/// The items at the end of `path` in `output`, by value.
fn into_items(path: &[Field]) -> TokenStream {
    let (mut value, mut optional) = (quote!(output), false);
    for field in path {
        let name = ident(&field.name);
        value = match (optional, field.optional) {
            (false, _) => quote!(#value.#name),
            (true, false) => quote!(#value.map(|value| value.#name)),
            (true, true) => quote!(#value.and_then(|value| value.#name)),
        };
        optional |= field.optional;
    }
    if optional {
        value = quote!(#value.unwrap_or_default());
    }
    match path.last().map(|field| &field.ty) {
        Some(Type::Map { .. }) => quote!(#value.into_iter().collect()),
        _ => value,
    }
}
