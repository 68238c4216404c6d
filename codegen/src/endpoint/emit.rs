//! Writes a checked rule set as a Rust function: one `if` a rule, each with an early return.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::ir::{Endpoint, Outcome, Param, Property, Rule, RuleSet, Source, Test, Type, Var};
use super::live;
use super::syntax::Literal;
use super::value::Values;

/// The function `resolve`. It names `Endpoint`, `EndpointError`, `EndpointParams`, `Property` and
/// `functions` of the runtime's module `endpoint`.
pub(super) fn resolve(mut rules: RuleSet) -> TokenStream {
    let used = live::prune(&mut rules);
    let emitter = Emitter {
        values: Values::new(&rules),
    };
    let params = emitter.params(&rules.params, &used);
    let body = emitter.tail(&rules.rules);
    let body = quote!(#params #body);
    let argument = if mentions(body.clone(), "params") {
        format_ident!("params")
    } else {
        format_ident!("_params")
    };
    quote! {
        /// Resolves the endpoint by the rules of the service's model.
        ///
        /// # Errors
        ///
        /// The error that the rules give for these parameters.
        pub(crate) fn resolve(#argument: &EndpointParams<'_>) -> Result<Endpoint, EndpointError> {
            #body
        }
    }
}

/// Whether an identifier is among the tokens.
fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

struct Emitter {
    values: Values,
}

impl Emitter {
    /// The parameters that the rules read, and tests of those that must be set all the same.
    fn params(&self, params: &[Param], used: &BTreeSet<Var>) -> TokenStream {
        params
            .iter()
            .map(|param| {
                let value = self.values.sources(param);
                if !used.contains(&param.var) {
                    return missing_check(param, &value);
                }
                if param.is_inline() {
                    return TokenStream::new();
                }
                let name = self.values.ident(param.var);
                let fallback = fallback(param);
                quote!(let #name = #value #fallback;)
            })
            .collect()
    }

    /// Rules at the end of a function: the last of them is its value.
    fn tail(&self, rules: &[Rule]) -> TokenStream {
        let Some((last, before)) = rules.split_last().filter(|(last, _)| last.always_matches())
        else {
            let rules = self.early(rules);
            return quote!(#rules Err(EndpointError::no_rule_matched()));
        };
        let before = self.early(before);
        let lets = self.tests(&last.tests, TokenStream::new());
        let last = match &last.outcome {
            Outcome::Tree(rules) => self.tail(rules),
            outcome => {
                let (lets, result) = self.result(outcome);
                quote!(#lets #result)
            }
        };
        quote!(#before #lets #last)
    }

    /// Rules that return where they match.
    fn early(&self, rules: &[Rule]) -> TokenStream {
        rules
            .iter()
            .map(|rule| {
                let body = match &rule.outcome {
                    Outcome::Tree(rules) => self.branch(rules),
                    outcome => {
                        let (lets, result) = self.result(outcome);
                        quote!(#lets return #result;)
                    }
                };
                self.tests(&rule.tests, body)
            })
            .collect()
    }

    /// The rules of a tree: where none matches, none after the tree is tried.
    fn branch(&self, rules: &[Rule]) -> TokenStream {
        let ends = rules.last().is_some_and(Rule::always_matches);
        let rules = self.early(rules);
        if ends {
            rules
        } else {
            quote!(#rules return Err(EndpointError::no_rule_matched());)
        }
    }

    /// `body` where all tests hold, one after the other.
    fn tests(&self, tests: &[Test], body: TokenStream) -> TokenStream {
        let Some((first, rest)) = tests.split_first() else {
            return body;
        };
        if let Test::Let(var, value) = first {
            let name = self.values.ident(*var);
            let value = self.values.natural(value);
            let rest = self.tests(rest, body);
            return quote!(let #name = #value; #rest);
        }
        let count = tests
            .iter()
            .position(|test| matches!(test, Test::Let(..)))
            .unwrap_or(tests.len());
        let (now, later) = tests.split_at(count);
        let now = now.iter().map(|test| self.test(test));
        let body = self.tests(later, body);
        quote!(if #(#now)&&* { #body })
    }

    fn test(&self, test: &Test) -> TokenStream {
        match test {
            Test::Holds(value) => self.values.operand(value),
            Test::Present(value) => {
                let value = self.values.receiver(value);
                quote!(#value.is_some())
            }
            Test::Bind(var, value) => {
                let name = self.values.ident(*var);
                let value = self.values.natural(value);
                quote!(let Some(#name) = #value)
            }
            // Handled where the tests are put together: it tests nothing.
            Test::Let(..) => TokenStream::new(),
        }
    }

    /// The result of a rule, after what it needs first.
    fn result(&self, outcome: &Outcome) -> (TokenStream, TokenStream) {
        match outcome {
            Outcome::Endpoint(endpoint) => self.endpoint(endpoint),
            Outcome::Error(message) => {
                let message = self.values.lasting(message);
                (
                    TokenStream::new(),
                    quote!(Err(EndpointError::new(#message))),
                )
            }
            Outcome::Tree(rules) => (TokenStream::new(), self.tail(rules)),
        }
    }

    fn endpoint(&self, endpoint: &Endpoint) -> (TokenStream, TokenStream) {
        // Lines of their own for what is put together, unless that would hide a variable.
        let (lets, url) = if endpoint.url.is_formatted() && !self.values.has_variable("url") {
            let (lets, url) = self.values.formatted(&endpoint.url);
            (quote!(#lets let url = #url;), quote!(url))
        } else {
            (TokenStream::new(), self.values.converted(&endpoint.url))
        };
        let headers = endpoint.headers.iter().map(|(name, value)| {
            let value = self.values.converted(value);
            quote!(.header(#name, #value))
        });
        let properties = endpoint.properties.iter().map(|(name, value)| {
            let value = self.property(value);
            quote!(.property(#name, #value))
        });
        let endpoint = quote!(Ok(Endpoint::new(#url) #(#headers)* #(#properties)*));
        (lets, endpoint)
    }

    /// A value that can be made a `Property`.
    fn property(&self, property: &Property) -> TokenStream {
        match property {
            Property::Boolean(value) => quote!(#value),
            Property::Text(value) => self.values.converted(value),
            Property::Array(items) if items.is_empty() => quote!(Property::Array(Vec::new())),
            Property::Array(items) => {
                let items = self.uniform(items.iter());
                quote!(Property::array([#(#items),*]))
            }
            Property::Object(entries) if entries.is_empty() => {
                quote!(Property::Object(Vec::new()))
            }
            Property::Object(entries) => {
                let values = self.uniform(entries.iter().map(|(_, value)| value));
                let names = entries.iter().map(|(name, _)| name);
                quote!(Property::object([#((#names, #values)),*]))
            }
        }
    }

    /// Values that have one type in Rust: as they are where they do, else each made a `Property`.
    fn uniform<'a>(&self, values: impl Iterator<Item = &'a Property> + Clone) -> Vec<TokenStream> {
        let mut kinds = values.clone().map(rust_kind);
        let first = kinds.next();
        let same = kinds.all(|kind| Some(kind) == first);
        values
            .map(|value| match (self.property(value), value) {
                (tokens, Property::Array(_) | Property::Object(_)) => tokens,
                (tokens, _) if same => tokens,
                (tokens, _) => quote!(Property::from(#tokens)),
            })
            .collect()
    }
}

/// The Rust type that a property's value has before it is made a `Property`.
fn rust_kind(property: &Property) -> u8 {
    match property {
        Property::Boolean(_) => 0,
        Property::Text(value) if value.is_formatted() => 1,
        Property::Text(_) => 2,
        Property::Array(_) | Property::Object(_) => 3,
    }
}

/// A parameter that must be set although no rule reads it.
fn missing_check(param: &Param, value: &TokenStream) -> TokenStream {
    if !param.required || param.default.is_some() || param.is_always_set() {
        return TokenStream::new();
    }
    let name = &param.name;
    quote! {
        if #value.is_none() {
            return Err(EndpointError::missing_parameter(#name));
        }
    }
}

/// What happens where nothing gives a parameter a value.
fn fallback(param: &Param) -> TokenStream {
    if param.is_always_set() {
        return TokenStream::new();
    }
    match &param.default {
        Some(Literal::String(text)) => quote!(.unwrap_or(#text)),
        Some(Literal::Boolean(value)) => quote!(.unwrap_or(#value)),
        Some(Literal::Strings(items)) => quote!(.unwrap_or_else(|| vec![#(#items),*])),
        None if param.required => {
            let name = &param.name;
            quote!(.ok_or_else(|| EndpointError::missing_parameter(#name))?)
        }
        None => TokenStream::new(),
    }
}

impl Param {
    /// Whether the parameter is a flag that every client has.
    pub(super) fn is_always_set(&self) -> bool {
        matches!(
            self.sources.last(),
            Some(Source::Field("use_fips" | "use_dual_stack"))
        )
    }

    /// Whether the rules may name the field of `EndpointParams` itself.
    pub(super) fn is_inline(&self) -> bool {
        matches!(self.sources.as_slice(), [Source::Field(_)])
            && (self.is_always_set() || (self.default.is_none() && !self.required))
    }
}

/// The method of `EndpointParams` for named values of a type.
pub(super) fn getter(ty: Type) -> proc_macro2::Ident {
    format_ident!(
        "{}",
        match ty {
            Type::Boolean => "boolean",
            Type::Strings => "strings",
            _ => "string",
        }
    )
}
