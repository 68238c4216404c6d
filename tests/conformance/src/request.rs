//! `smithy.test#httpRequestTests`: what the transport receives.

use bytes::Bytes;
use http::Request;

use crate::body;
use crate::case::{Case, pairs};
use crate::diff::same_text;

/// That `request` is the one that the test describes.
///
/// # Errors
///
/// Everything that differs.
pub(crate) fn check(case: &Case, request: &Request<Bytes>) -> Result<(), String> {
    let checks = [
        same_text(
            "method",
            case.text("method").unwrap_or_default(),
            request.method().as_str(),
        ),
        same_text(
            "path",
            case.text("uri").unwrap_or_default(),
            request.uri().path(),
        ),
        host(case, request),
        query(case, request.uri().query().unwrap_or_default()),
        headers(case, request),
        body::check(case, request.body()),
    ];
    let failures: Vec<String> = checks.into_iter().filter_map(Result::err).collect();
    if failures.is_empty() {
        return Ok(());
    }
    Err(failures.join("\n"))
}

fn host(case: &Case, request: &Request<Bytes>) -> Result<(), String> {
    let Some(expected) = case.text("resolvedHost") else {
        return Ok(());
    };
    // The host alone; some tests keep the path that comes before the operation's.
    let expected = expected.split('/').next().unwrap_or_default();
    let found = request
        .uri()
        .authority()
        .map_or("", http::uri::Authority::as_str);
    same_text("host", expected, found)
}

/// Every parameter that the test names is there as often as it is named; others may be, too.
fn query(case: &Case, query: &str) -> Result<(), String> {
    let found: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    let has = |name: &str| {
        found
            .iter()
            .any(|pair| pair.split('=').next() == Some(name))
    };
    let count = |pairs: &[&str], pair: &str| pairs.iter().filter(|it| **it == pair).count();
    let expected = case.texts("queryParams");
    if let Some(pair) = expected
        .iter()
        .find(|pair| count(&found, pair) < count(&expected, pair))
    {
        return Err(format!("query lacks {pair:?}\n  found    {query:?}"));
    }
    if let Some(name) = case
        .texts("forbidQueryParams")
        .iter()
        .find(|name| has(name))
    {
        return Err(format!("query has {name:?}\n  found    {query:?}"));
    }
    match case
        .texts("requireQueryParams")
        .iter()
        .find(|name| !has(name))
    {
        Some(name) => Err(format!("query lacks {name:?}\n  found    {query:?}")),
        None => Ok(()),
    }
}

fn headers(case: &Case, request: &Request<Bytes>) -> Result<(), String> {
    let found = |name: &str| {
        let values = request.headers().get_all(name).iter();
        let values: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    };
    let mut failures = Vec::new();
    for (name, expected) in pairs(&case.test, "headers") {
        let what = format!("header {name}");
        match found(name) {
            Some(value) => failures.extend(same_text(&what, expected, &value).err()),
            None => failures.push(format!("{what} is missing\n  expected {expected:?}")),
        }
    }
    for name in case.texts("forbidHeaders") {
        let value = found(name);
        failures.extend(
            value.map(|value| format!("header {name} must not be there\n  found    {value:?}")),
        );
    }
    let missing = case
        .texts("requireHeaders")
        .into_iter()
        .filter(|name| found(name).is_none());
    failures.extend(missing.map(|name| format!("header {name} is missing")));
    if failures.is_empty() {
        return Ok(());
    }
    Err(failures.join("\n"))
}
