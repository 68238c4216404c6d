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
    let deprecated = service.has_deprecated.then(|| {
        quote!(#![allow(deprecated, reason = "what is deprecated has to be read and written still")])
    });
    let large = has_structures_in_unions(service)
        .then(|| quote!(#![allow(clippy::large_enum_variant, reason = "the model decides what a variant holds")]));
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
    quote! {
        #deprecated
        #large
        mod client;
        mod endpoint;
        pub mod error;
        pub mod operation;
        #patterns
        mod schema;
        #types
        pub use client::{Client, #marker};
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
