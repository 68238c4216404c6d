//! `smithy.rules#endpointTests` as tests in Rust: what the rules give for the parameters of each case.
//!
//! Source: Smithy 2.0, "Rules engine specification", "endpointTests trait".

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use tinsmith_model::{Node, Shape};

use super::syntax::Param;

/// The cases of a service, each a function with `#[test]`. One that expects nothing is left out.
pub(super) fn of_service(service: &Shape<'_>, params: &[Param]) -> Vec<TokenStream> {
    let tests = service.traits.get("smithy.rules#endpointTests");
    let cases = tests.and_then(|tests| tests.get("testCases")?.as_array());
    let mut names = BTreeSet::new();
    let cases = cases.unwrap_or_default().iter();
    cases
        .filter_map(|case| test(case, params, &mut names))
        .collect()
}

fn test(case: &Node<'_>, params: &[Param], names: &mut BTreeSet<String>) -> Option<TokenStream> {
    let expected = expected(case.get("expect")?)?;
    let documentation = case.get_str("documentation").unwrap_or_default();
    let name = format_ident!("{}", unique(documentation, names));
    let values = case.get("params").and_then(Node::as_object);
    let statements: Vec<_> = values
        .unwrap_or_default()
        .iter()
        .filter_map(|(name, _, value)| set(name, value, params))
        .collect();
    let mutable = (!statements.is_empty()).then(|| quote!(mut));
    Some(quote! {
        #[test]
        fn #name() {
            let #mutable params = EndpointParams::default();
            #(#statements)*
            let endpoint = resolve(&params);
            assert_eq!(endpoint, #expected);
        }
    })
}

/// The name of a test, from what the model says of it.
fn unique(documentation: &str, names: &mut BTreeSet<String>) -> String {
    /// Longer ones are hard to read, and add nothing.
    const LONGEST: usize = 80;
    let ascii: String = documentation
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let mut base: String = ascii.to_snake_case().chars().take(LONGEST).collect();
    if syn::parse_str::<syn::Ident>(&base).is_err() || base == "resolve" {
        base = format!("case_{base}");
    }
    let base = base.trim_end_matches('_');
    let mut name = base.to_owned();
    let mut count = 2;
    while !names.insert(name.clone()) {
        name = format!("{base}_{count}");
        count += 1;
    }
    name
}

/// The statement that gives a parameter its value.
fn set(name: &str, value: &Node<'_>, params: &[Param]) -> Option<TokenStream> {
    let param = params.iter().find(|param| param.name == name);
    let built_in = param.and_then(|param| param.built_in.as_deref());
    let text = value.as_str();
    let flag = value.as_bool();
    Some(match (built_in, text, flag) {
        (Some("AWS::Region"), Some(text), _) => quote!(params.region = Some(#text);),
        (Some("SDK::Endpoint"), Some(text), _) => quote!(params.endpoint = Some(#text);),
        (Some("AWS::UseFIPS"), _, Some(flag)) => quote!(params.use_fips = #flag;),
        (Some("AWS::UseDualStack"), _, Some(flag)) => quote!(params.use_dual_stack = #flag;),
        (_, Some(text), _) => quote!(params.set(#name, #text);),
        (_, _, Some(flag)) => quote!(params.set(#name, #flag);),
        _ => {
            let items = value.as_array()?.iter().filter_map(Node::as_str);
            quote!(params.set(#name, [#(#items),*].into_iter().collect::<ParamValue<'_>>());)
        }
    })
}

/// The result that a case expects.
fn expected(expect: &Node<'_>) -> Option<TokenStream> {
    if let Some(message) = expect.get_str("error") {
        return Some(quote!(Err(EndpointError::new(#message))));
    }
    let endpoint = expect.get("endpoint")?;
    let url = endpoint.get_str("url")?;
    let entries = |name| endpoint.get(name).and_then(Node::as_object);
    let headers = entries("headers").unwrap_or_default().iter();
    let headers = headers.flat_map(|(name, _, values)| {
        let values = values.as_array().unwrap_or_default().iter();
        values.filter_map(move |value| {
            let value = value.as_str()?;
            Some(quote!(.header(#name, #value)))
        })
    });
    let properties = entries("properties").unwrap_or_default().iter();
    let properties = properties.filter_map(|(name, _, value)| {
        let value = property(value)?;
        Some(quote!(.property(#name, #value)))
    });
    Some(quote!(Ok(Endpoint::new(#url) #(#headers)* #(#properties)*)))
}

/// The value of a property.
fn property(value: &Node<'_>) -> Option<TokenStream> {
    if let Some(text) = value.as_str() {
        return Some(quote!(Property::from(#text)));
    }
    if let Some(flag) = value.as_bool() {
        return Some(quote!(Property::from(#flag)));
    }
    if let Some(items) = value.as_array() {
        let items = items.iter().filter_map(property);
        return Some(quote!(Property::Array(vec![#(#items),*])));
    }
    let entries = value.as_object()?.iter();
    let entries = entries.filter_map(|(name, _, value)| {
        let value = property(value)?;
        Some(quote!((#name, #value)))
    });
    Some(quote!(Property::object([#(#entries),*])))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names are identifiers, tell cases apart, and are not the name of what the tests call.
    #[test]
    fn names_are_identifiers_of_their_own() {
        let mut names = BTreeSet::new();
        for (documentation, expected) in [
            ("SDK::Host + FIPS@us-east-1", "sdk_host_fips_us_east_1"),
            ("SDK::Host + FIPS@us-east-1", "sdk_host_fips_us_east_1_2"),
            ("resolve", "case_resolve"),
            ("", "case"),
            ("é", "case_2"),
            ("2 regions", "case_2_regions"),
        ] {
            assert_eq!(unique(documentation, &mut names), expected);
        }
    }
}
