//! Waiters: a static and a method of the call's builder each.

use proc_macro2::TokenStream;
use quote::quote;
use tinsmith_model::traits::AcceptorState;

use super::docs::{deprecated, doc};
use super::jmespath;
use super::ty::number;
use crate::ir::{Acceptor, Expected, Matcher, Operation, Path, Waiter};
use crate::names::ident;

/// The statics of an operation's waiters.
pub(crate) fn generate(operation: &Operation) -> TokenStream {
    operation.waiters.iter().map(facts).collect()
}

/// The methods of the builder that wait.
pub(crate) fn methods(operation: &Operation) -> TokenStream {
    let input = ident(&operation.input.name);
    let methods = operation.waiters.iter().map(|waiter| {
        let docs = doc(&waiter.docs);
        let deprecated = deprecated(waiter.deprecated.as_ref());
        let (method, facts) = (ident(&waiter.method), ident(&waiter.static_name));
        quote! {
            #docs
            #deprecated
            pub fn #method(self, max_wait: std::time::Duration) -> waiter::Wait<#input> {
                waiter::Wait::new(self.call, &#facts, max_wait)
            }
        }
    });
    methods.collect()
}

fn facts(waiter: &Waiter) -> TokenStream {
    let name = &waiter.name;
    let facts = ident(&waiter.static_name);
    let acceptors = waiter.acceptors.iter().map(acceptor);
    let delays = (waiter.min_delay, waiter.max_delay);
    let delays = (delays != Waiter::DEFAULT_DELAYS).then(|| {
        let [min, max] = <[u32; 2]>::from(delays).map(|it| number(&it.to_string()));
        quote!(.delays(#min, #max))
    });
    quote! {
        static #facts: waiter::Waiter =
            waiter::Waiter::new(#name, const { &[#(#acceptors),*] }) #delays;
    }
}

fn acceptor(acceptor: &Acceptor) -> TokenStream {
    let matcher = match &acceptor.matcher {
        Matcher::Output(path) => {
            let path = self::path(path);
            quote!(Output(#path))
        }
        Matcher::InputOutput(path) => {
            let path = self::path(path);
            quote!(InputOutput(#path))
        }
        Matcher::ErrorType(name) => quote!(ErrorType(#name)),
        Matcher::Success(wanted) => quote!(Success(#wanted)),
    };
    let state = match acceptor.state {
        AcceptorState::Success => quote!(success),
        AcceptorState::Failure => quote!(failure),
        AcceptorState::Retry => quote!(retry),
    };
    let message = acceptor.message.as_ref().map(|message| {
        let message = jmespath::tokens(message);
        quote!(.message(&#message))
    });
    quote!(waiter::Acceptor::#state(waiter::Matcher::#matcher) #message)
}

fn path(path: &Path) -> TokenStream {
    let (text, expression) = (&path.text, jmespath::tokens(&path.expression));
    let expected = match &path.expected {
        Expected::StringEquals(expected) => quote!(StringEquals(#expected)),
        Expected::BooleanEquals(expected) => quote!(BooleanEquals(#expected)),
        Expected::AllStringEquals(expected) => quote!(AllStringEquals(#expected)),
        Expected::AnyStringEquals(expected) => quote!(AnyStringEquals(#expected)),
    };
    quote!(#text, &#expression, waiter::Expected::#expected)
}
