//! `tests/endpoint_<service>.rs`: the endpoint tests of the model, as tests of the generated crate.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Service;
use crate::names::{ident, plain};

/// The documentation of the file.
pub(crate) fn docs(service: &Service) -> String {
    format!(
        "Where requests to {} go, as the endpoint tests of its model have it.",
        service.title
    )
}

/// The tests of one service, for the crate of this name.
pub(crate) fn generate(service: &Service, krate: &str) -> TokenStream {
    let krate = ident(&krate.replace('-', "_"));
    let feature = plain(&service.module);
    let module = ident(&service.module);
    let marker = ident(&service.marker);
    let tests = &service.endpoint_tests;
    quote! {
        #![cfg(feature = #feature)]

        use #krate::#module::#marker;

        fn resolve(params: &EndpointParams<'_>) -> Result<Endpoint, EndpointError> {
            <#marker as Service>::resolve_endpoint(params)
        }

        #(#tests)*
    }
}
