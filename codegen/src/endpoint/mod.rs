//! Compiles endpoint rule sets to Rust.
//!
//! The stages are `parse`, `check`, `live` and `emit`, one module each. What a rule set does at
//! run time is then plain code: no rule is interpreted, and an unset value cannot be read.
//!
//! Source: Smithy 2.0, "Rules engine specification".

mod bindings;
mod cases;
mod check;
mod emit;
mod functions;
mod ir;
mod live;
mod names;
mod parse;
mod path;
mod syntax;
mod template;
#[cfg(test)]
mod tests;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use tinsmith_model::{Closure, Model, Problem};

use bindings::Binding;

pub use bindings::ClientParam;

/// What a service's model says of its endpoint.
///
/// The tokens name items of `tinsmith_runtime::endpoint`, which must be in scope: `resolve` names
/// `Endpoint`, `EndpointError`, `EndpointParams`, `Property` and `functions`; the bindings name
/// `EndpointBinding`, `FixedParam`, `ParamSource` and `PathStep`.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServiceEndpoint {
    /// The function `resolve`.
    pub resolve: TokenStream,
    /// What the caller may set on the client.
    pub client_params: Vec<ClientParam>,
    /// The parameters that an operation gives a value to, by the operation's id: expressions of type
    /// `EndpointBinding`. Operations that bind none are left out.
    pub bindings: BTreeMap<String, Vec<TokenStream>>,
    /// The endpoint tests of the model: functions with `#[test]`, which call `resolve` with
    /// `EndpointParams` and name `ParamValue` besides what `resolve` does.
    pub tests: Vec<TokenStream>,
}

/// Compiles what the model says of a service's endpoint. Everything that is wrong with it is told in
/// `problems`, each with its place; where there are errors, the result is of no use.
pub fn service(
    model: &Model<'_>,
    closure: &Closure<'_, '_>,
    problems: &mut Vec<Problem>,
) -> ServiceEndpoint {
    let service = closure.service;
    let Some(rules) = service.traits.endpoint_rule_set() else {
        return ServiceEndpoint {
            resolve: without_rules(),
            client_params: Vec::new(),
            bindings: BTreeMap::new(),
            tests: Vec::new(),
        };
    };
    let id = service.id.as_str();
    let mut found = Vec::new();
    let rules = parse::rule_set(rules, &mut found);
    let client_params = bindings::client_params(service, &mut found);
    let mut bound: BTreeSet<String> = client_params.iter().map(|p| p.name.clone()).collect();
    let mut bindings = BTreeMap::new();
    for operation in &closure.operations {
        let own = bindings::of_operation(model, operation, &mut found);
        let misfits = own
            .iter()
            .filter_map(|b| b.fits(&rules.params, operation).err());
        found.extend(misfits);
        bound.extend(own.iter().map(|binding| binding.param.clone()));
        if !own.is_empty() {
            let tokens = own.iter().map(Binding::tokens).collect();
            bindings.insert(operation.id.as_str().to_owned(), tokens);
        }
    }
    let tests = cases::of_service(service, &rules.params);
    let rules = check::check(&rules, &|name| bound.contains(name), &mut found);
    problems.extend(found.into_iter().map(|problem| match problem.shape {
        Some(_) => problem,
        None => problem.about(id),
    }));
    ServiceEndpoint {
        resolve: emit::resolve(rules),
        client_params,
        bindings,
        tests,
    }
}

/// The function `resolve` for a service without rules: the caller has to give an endpoint.
fn without_rules() -> TokenStream {
    quote! {
        /// Takes the caller's endpoint, since the service's model has no rules.
        ///
        /// # Errors
        ///
        /// Tells that the caller has to give an endpoint.
        pub(crate) fn resolve(params: &EndpointParams<'_>) -> Result<Endpoint, EndpointError> {
            params.endpoint.map(Endpoint::new).ok_or(EndpointError::no_endpoint())
        }
    }
}
