//! `client.rs`: the client of a service, a method an operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{deprecated, doc};
use crate::ir::{Operation, Service};
use crate::names::ident;

/// The client and the type that stands for the service.
pub(crate) fn generate(service: &Service) -> TokenStream {
    let docs = doc(&format!(
        "A client of {}.\n\nA clone shares connections, credentials and retry budget with the client it \
         was made from, and\ncosts next to nothing.",
        service.title
    ));
    let marker = ident(&service.marker);
    let operations = service.operations.iter().map(operation);
    let api = api(service);
    let service = service_impl(service);
    quote! {
        #docs
        #[derive(Clone, Debug)]
        pub struct Client {
            inner: tinsmith_runtime::Client<#marker>,
        }
        impl Client {
            /// A client with these settings.
            #[must_use]
            pub fn new(config: Config) -> Self {
                Self { inner: tinsmith_runtime::Client::new(config) }
            }
            /// A client with the settings of the environment and the shared configuration files.
            ///
            /// # Errors
            ///
            /// A setting that makes no sense, with the place it came from.
            pub fn from_env() -> Result<Self, ConfigError> {
                Ok(Self { inner: tinsmith_runtime::Client::from_env()? })
            }
            /// Checks the input of any operation and sends it.
            ///
            /// # Errors
            ///
            /// Input that the model forbids, before anything is sent; else what became of the call.
            pub async fn send<O: Operation<Service = #marker>>(
                &self,
                input: O,
            ) -> Result<O::Output, Error> {
                self.inner.send(input).await
            }
            /// A call of any operation, to set what is to differ from the client's settings.
            pub fn call<O: Operation<Service = #marker>>(&self, input: O) -> Call<O> {
                self.inner.call(input)
            }
            #(#operations)*
        }
        #api
        #service
    }
}

/// The trait of the client.
fn api(service: &Service) -> TokenStream {
    let name = ident(&service.api());
    let title = &service.title;
    let methods = service.operations.iter().map(|operation| {
        let method = ident(&operation.method);
        let input = ident(&operation.input.name);
        quote!(#method: operation::#input)
    });
    quote!(tinsmith_runtime::client_api!(#name for Client of #title { #(#methods),* });)
}

fn operation(operation: &Operation) -> TokenStream {
    let docs = doc(&operation.docs);
    let deprecated = deprecated(operation.deprecated.as_ref());
    let method = ident(&operation.method);
    let builder = ident(&operation.builder);
    let input = ident(&operation.input.name);
    quote! {
        #docs
        #deprecated
        pub fn #method(&self) -> operation::#builder {
            operation::#builder::new(self.inner.call(operation::#input::default()))
        }
    }
}

fn service_impl(service: &Service) -> TokenStream {
    let docs = doc(&format!(
        "Stands for {} where code is generic over services.",
        service.title
    ));
    let marker = ident(&service.marker);
    quote! {
        #docs
        #[derive(Clone, Copy, Debug)]
        pub struct #marker;
        impl Service for #marker {
            type Error = ServiceError;
            const SCHEMA: &'static ServiceSchema = &schema::SERVICE;
            fn resolve_endpoint(params: &EndpointParams<'_>) -> Result<Endpoint, EndpointError> {
                endpoint::resolve(params)
            }
        }
    }
}
