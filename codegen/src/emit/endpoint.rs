//! `endpoint.rs`: where requests go, and what of it the caller may set.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::doc;
use crate::ir::{EndpointSetting, Service};
use crate::names::ident;

/// The function `resolve`, and the trait `EndpointSettings` where the model has settings.
pub(crate) fn generate(service: &Service) -> TokenStream {
    let resolve = &service.endpoint;
    let settings = settings(service);
    quote!(#settings #resolve)
}

fn settings(service: &Service) -> Option<TokenStream> {
    let settings = &service.endpoint_settings;
    if settings.is_empty() {
        return None;
    }
    let docs = doc(&format!(
        "What can be set of the endpoints of {} besides what every service has: methods of the builder\n\
         of a [`Config`](super::Config). Services that share the configuration share what is set under a\n\
         name that they both have, and ignore the rest.",
        service.title
    ));
    let declared = settings.iter().map(|setting| {
        let (docs, head) = (doc(&setting.docs), head(setting));
        quote!(#docs #[must_use] #head;)
    });
    let implemented = settings.iter().map(|setting| {
        let (head, param) = (head(setting), &setting.param);
        let value = match setting.boolean {
            true => quote!(value),
            false => quote!(value.into()),
        };
        quote!(#head { self.endpoint_param(#param, #value) })
    });
    Some(quote! {
        #docs
        pub trait EndpointSettings: tinsmith_runtime::generated::Sealed + Sized {
            #(#declared)*
        }
        impl EndpointSettings for tinsmith_runtime::config::ConfigBuilder {
            #(#implemented)*
        }
    })
}

/// The head of a setting's method.
fn head(setting: &EndpointSetting) -> TokenStream {
    let method = ident(&setting.method);
    let value = match setting.boolean {
        true => quote!(bool),
        false => quote!(impl Into<String>),
    };
    quote!(fn #method(self, value: #value) -> Self)
}
