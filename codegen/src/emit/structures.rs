//! Structures: the type, its walk, and the setters of those that callers make.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::docs::{deprecated, doc};
use super::ty::{Place, default_value};
use crate::ir::{Field, Structure, Style};
use crate::names::{MEMBERS, ident};

/// A structure that the caller can name: type, default, setters and walk.
pub(crate) fn generate(structure: &Structure, place: Place) -> TokenStream {
    let definition = definition(structure, place, &TokenStream::new());
    let setters = match structure.style {
        Style::Input => setters(structure, place),
        Style::Output => TokenStream::new(),
    };
    let walk = walk(structure);
    quote!(#definition #setters #walk)
}

/// The type, with `extra` fields after those of the model, and its default.
pub(crate) fn definition(structure: &Structure, place: Place, extra: &TokenStream) -> TokenStream {
    let name = ident(&structure.name);
    let docs = doc(&structure.docs);
    let deprecated = deprecated(structure.deprecated.as_ref());
    let derives = derives(structure, extra.is_empty());
    let non_exhaustive = (structure.style == Style::Output).then(|| quote!(#[non_exhaustive]));
    let fields = structure
        .fields
        .iter()
        .map(|field| self::field(field, place));
    let default = default(structure, extra);
    let debug = structure.sensitive.then(|| hidden_debug(&structure.name));
    quote! {
        #docs
        #derives
        #non_exhaustive
        #deprecated
        pub struct #name {
            #(#fields,)*
            #extra
        }
        #default
        #debug
    }
}

/// The field for the metadata of the response.
pub(crate) fn metadata_field() -> TokenStream {
    quote! {
        /// Status, request id and attempts of the response.
        pub metadata: ResponseMetadata,
    }
}

/// `Debug` of a type whose values are never shown.
pub(crate) fn hidden_debug(name: &str) -> TokenStream {
    let text = format!("{name}(***)");
    let name = ident(name);
    quote! {
        impl fmt::Debug for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(#text)
            }
        }
    }
}

fn field(field: &Field, place: Place) -> TokenStream {
    let docs = doc(&field.docs);
    let deprecated = deprecated(field.deprecated.as_ref());
    let name = ident(&field.name);
    let ty = place.field(field);
    quote!(#docs #deprecated pub #name: #ty)
}

fn derives(structure: &Structure, own_fields_only: bool) -> TokenStream {
    let mut traits = Vec::new();
    if !structure.has_stream() {
        traits.push(quote!(Clone));
    }
    if !structure.sensitive {
        traits.push(quote!(Debug));
    }
    if !has_defaults(structure) {
        traits.push(quote!(Default));
    }
    if structure.has_stream() {
        return derive(&traits);
    }
    traits.push(quote!(PartialEq));
    if structure.total_eq && own_fields_only {
        traits.extend([quote!(Eq), quote!(Hash)]);
    }
    derive(&traits)
}

fn derive(traits: &[TokenStream]) -> TokenStream {
    if traits.is_empty() {
        return TokenStream::new();
    }
    quote!(#[derive(#(#traits),*)])
}

fn has_defaults(structure: &Structure) -> bool {
    structure.fields.iter().any(|field| field.default.is_some())
}

/// `Default` by hand, where the model's defaults are not those of the types.
fn default(structure: &Structure, extra: &TokenStream) -> TokenStream {
    if !has_defaults(structure) {
        return TokenStream::new();
    }
    let name = ident(&structure.name);
    let fields = structure.fields.iter().map(|field| {
        let name = ident(&field.name);
        let value = match &field.default {
            Some(default) => default_value(field, default),
            None => quote!(Default::default()),
        };
        quote!(#name: #value)
    });
    let metadata = (!extra.is_empty()).then(|| quote!(metadata: ResponseMetadata::default(),));
    quote! {
        impl Default for #name {
            fn default() -> Self {
                Self { #(#fields,)* #metadata }
            }
        }
    }
}

/// Chainable setters of a nested structure.
fn setters(structure: &Structure, place: Place) -> TokenStream {
    if structure.fields.is_empty() {
        return TokenStream::new();
    }
    let name = ident(&structure.name);
    let setters = structure.fields.iter().map(|field| {
        let (parameter, value) = place.setter(&field.ty, &quote!(value));
        let value = if field.optional {
            quote!(Some(#value))
        } else {
            value
        };
        let setter = ident(&field.setter);
        let target = ident(&field.name);
        let docs = doc(&format!(
            "Sets [`{}`](Self::{0}).",
            crate::names::plain(&field.name)
        ));
        let deprecated = deprecated(field.deprecated.as_ref());
        let lint = setter_lint(&field.setter);
        quote! {
            #docs
            #deprecated
            #lint
            #[must_use]
            pub fn #setter(mut self, value: #parameter) -> Self {
                self.#target = #value;
                self
            }
        }
    });
    quote! {
        impl #name {
            #(#setters)*
        }
    }
}

/// A setter that has the name of an operator's method is no attempt at the operator.
pub(crate) fn setter_lint(setter: &str) -> Option<TokenStream> {
    const OPERATORS: [&str; 10] = [
        "add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub",
    ];
    OPERATORS.contains(&setter).then(|| {
        quote!(#[allow(clippy::should_implement_trait, reason = "sets the member of this name")])
    })
}

/// The walk over the members: all that protocols and validation need of a structure.
pub(crate) fn walk(structure: &Structure) -> TokenStream {
    let name = ident(&structure.name);
    let (Some(schema), false) = (&structure.schema, structure.fields.is_empty()) else {
        return quote!(tinsmith_runtime::structure!(#name););
    };
    let members = ident(&format!("{schema}{MEMBERS}"));
    let fields = structure.fields.iter().enumerate().map(|(index, field)| {
        let index = Literal::usize_unsuffixed(index);
        let name = ident(&field.name);
        quote!(#index: #name)
    });
    let wiped = structure.wiped.then(|| quote!(wiped));
    quote!(tinsmith_runtime::structure!(#name = schema::#members { #(#fields),* } #wiped);)
}
