//! `lib.rs` and the root of each service's module.

use proc_macro2::TokenStream;
use quote::quote;

use super::{readme, types};
use crate::ir::{NamedKind, Service, Type};
use crate::names::{ident, plain};
use crate::options::Options;

/// The documentation of the crate.
pub(crate) fn docs(services: &[Service], options: &Options) -> String {
    let mut docs = readme::introduction(services, options);
    docs.push_str("\n\n# Quick start\n\n");
    docs.push_str(&readme::quick_start(services, options));
    docs
}

/// `lib.rs`: a module a service, each behind a feature of its name.
pub(crate) fn generate(services: &[Service]) -> TokenStream {
    let modules = services.iter().map(|service| {
        let module = ident(&service.module);
        let feature = plain(&service.module);
        quote! {
            #[cfg(feature = #feature)]
            pub mod #module;
        }
    });
    quote! {
        #![forbid(unsafe_code)]
        #![warn(missing_docs)]
        /// What calls take and give besides the types of the services: settings, points in time, blobs.
        pub use tinsmith_runtime as runtime;
        #(#modules)*
    }
}

/// The documentation of a service's module.
pub(crate) fn service_docs(service: &Service) -> String {
    let mut docs = format!("{}, version {}.", service.title, service.version);
    if !service.docs.is_empty() {
        docs.push_str("\n\n");
        docs.push_str(&service.docs);
    }
    docs
}

/// The root of a service's module.
pub(crate) fn service(service: &Service) -> TokenStream {
    let marker = ident(&service.marker);
    let api = ident(&service.api());
    let deprecated = service.has_deprecated.then(|| {
        quote!(#![allow(deprecated, reason = "what is deprecated has to be read and written still")])
    });
    let large = has_structures_in_unions(service)
        .then(|| quote!(#![allow(clippy::large_enum_variant, reason = "the model decides what a variant holds")]));
    let complex = has_complex_types(service)
        .then(|| quote!(#![allow(clippy::type_complexity, reason = "the model decides what a member holds")]));
    let patterns = (!service.patterns.is_empty()).then(|| {
        quote!(
            mod patterns;
        )
    });
    let types = types::has_any(service).then(|| {
        quote!(
            pub mod types;
        )
    });
    let settings = (!service.endpoint_settings.is_empty()).then(|| {
        quote!(
            pub use endpoint::EndpointSettings;
        )
    });
    quote! {
        #deprecated
        #large
        #complex
        mod client;
        mod endpoint;
        pub mod error;
        pub mod operation;
        #patterns
        mod schema;
        #types
        pub use client::{Client, #marker, #api};
        #settings
        pub use error::{Error, ServiceError};
        pub use tinsmith_runtime::{Config, ConfigError};
    }
}

/// Whether a variant of a union may be far larger than the others because a structure is part of it.
fn has_structures_in_unions(service: &Service) -> bool {
    let mut variants = service.unions.iter().flat_map(|union| &union.variants);
    variants.any(|variant| {
        matches!(
            &variant.ty,
            Some(Type::Named {
                kind: NamedKind::Structure | NamedKind::Union,
                ..
            })
        )
    })
}

/// Whether the type of a field is one that clippy would have factored out: it is what the model says.
fn has_complex_types(service: &Service) -> bool {
    /// What clippy's lint `type_complexity` allows by default.
    const ALLOWED: usize = 250;
    let operations = service.operations.iter();
    let own = operations.flat_map(|operation| [&operation.input, &operation.output]);
    let errors = service.errors.iter().map(|error| &error.structure);
    let structures = own.chain(&service.structures).chain(errors);
    let mut fields = structures.flat_map(|structure| &structure.fields);
    fields.any(|field| complexity(&field.ty, 2) > ALLOWED)
}

/// How complex clippy finds a type that stands at this depth: ten for each type in it, times its depth.
fn complexity(ty: &Type, depth: usize) -> usize {
    let parts = match ty {
        Type::List { item, .. } => complexity(item, depth + 1),
        Type::Map { key, value, .. } => complexity(key, depth + 1) + complexity(value, depth + 1),
        Type::Sensitive(inner) | Type::Boxed(inner) => complexity(inner, depth + 1),
        _ => 0,
    };
    10 * depth + parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The measure is that of clippy, each type counting ten times its depth.
    #[test]
    fn types_are_as_complex_as_they_are_deep() {
        let list = |item| Type::List {
            item: Box::new(item),
            sparse: false,
        };
        let hidden = |ty| Type::Sensitive(Box::new(ty));
        assert_eq!(complexity(&Type::String, 1), 10);
        assert_eq!(complexity(&list(Type::String), 2), 20 + 30);
        let map = Type::Map {
            key: Box::new(hidden(Type::String)),
            value: Box::new(hidden(list(hidden(Type::String)))),
            sparse: false,
        };
        assert!(complexity(&hidden(list(hidden(map))), 2) > 250);
    }
}
