//! `smithy.test#httpRequestTests`.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::{Request, Uri};
use serde_json::Value;
use tinsmith_runtime::operation::OperationSchema;
use tinsmith_runtime::request::{self, RequestOptions};

use crate::cbor;
use crate::support::{DynStructure, Model};

pub(crate) fn check(model: &Model, operation: &'static str, case: &Value) -> Result<(), String> {
    let operation = model.operation(operation);
    let mut input = DynStructure::input(model, operation.input, &case["params"]);
    request::prepare(operation, &mut input, &RequestOptions::default());
    let request = request::write(operation, &input, &RequestOptions::default());
    let request = request.map_err(|error| error.to_string())?;
    check_host(operation, &input, case)?;
    same(
        "method",
        request.method().as_str(),
        case["method"].as_str().unwrap(),
    )?;
    same("path", request.uri().path(), path(case))?;
    check_query(&request, case)?;
    check_headers(&request, case)?;
    check_body(request.body(), case)
}

/// The path that the protocol is to write: without that of the endpoint, which the client puts before.
fn path(case: &Value) -> &str {
    let uri = case["uri"].as_str().unwrap();
    let host = case.get("host").and_then(Value::as_str).unwrap_or_default();
    let base = host.find('/').map_or("", |at| &host[at..]);
    uri.strip_prefix(base).unwrap()
}

/// Where the request goes, for the tests that say so.
fn check_host(
    operation: &'static OperationSchema,
    input: &DynStructure,
    case: &Value,
) -> Result<(), String> {
    let Some(expected) = case.get("resolvedHost").and_then(Value::as_str) else {
        return Ok(());
    };
    let customization = operation.service.customization;
    let named = customization.and_then(|it| it.endpoint(operation, input));
    let prefix = request::host_prefix(operation, input).map_err(|error| error.to_string())?;
    let host = match &named {
        Some(url) => url.parse::<Uri>().unwrap().host().unwrap().to_owned(),
        None => case["host"].as_str().unwrap().to_owned(),
    };
    same("host", format!("{prefix}{host}").as_str(), expected)
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(
    what: &str,
    found: &T,
    expected: &T,
) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!(
        "{what} is\n    {found:?}\n  expected\n    {expected:?}"
    ))
}

fn strings<'a>(case: &'a Value, name: &str) -> Option<Vec<&'a str>> {
    let items = case.get(name)?.as_array().unwrap();
    Some(items.iter().map(|item| item.as_str().unwrap()).collect())
}

/// Where a test names parameters, there must be no others.
fn check_query(request: &Request<Bytes>, case: &Value) -> Result<(), String> {
    let query = request.uri().query().unwrap_or_default();
    let mut found: Vec<&str> = query.split('&').filter(|p| !p.is_empty()).collect();
    let name = |parameter: &&str| parameter.split('=').next().unwrap().to_owned();
    let names: Vec<String> = found.iter().map(name).collect();
    for forbidden in strings(case, "forbidQueryParams").unwrap_or_default() {
        if names.iter().any(|name| name == forbidden) {
            return Err(format!("has the query parameter {forbidden}"));
        }
    }
    for required in strings(case, "requireQueryParams").unwrap_or_default() {
        if !names.iter().any(|name| name == required) {
            return Err(format!("lacks the query parameter {required}"));
        }
    }
    let Some(mut expected) = strings(case, "queryParams") else {
        return Ok(());
    };
    found.sort_unstable();
    expected.sort_unstable();
    same("query", &found, &expected)
}

fn check_headers(request: &Request<Bytes>, case: &Value) -> Result<(), String> {
    let found = |name: &str| {
        let values = request.headers().get_all(name).iter();
        let values: Vec<&str> = values.map(|value| value.to_str().unwrap()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    };
    for (name, value) in case
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        same(name, &found(name).as_deref(), &value.as_str())?;
    }
    for name in strings(case, "forbidHeaders").unwrap_or_default() {
        same(name, &found(name), &None)?;
    }
    for name in strings(case, "requireHeaders").unwrap_or_default() {
        // The transport adds the length of a body that there is.
        let framed = name == "Content-Length" && !request.body().is_empty();
        if !framed && found(name).is_none() {
            return Err(format!("lacks the header {name}"));
        }
    }
    Ok(())
}

/// A body that the test does not have asserts nothing.
fn check_body(found: &Bytes, case: &Value) -> Result<(), String> {
    let Some(expected) = case.get("body").and_then(Value::as_str) else {
        return Ok(());
    };
    if case["bodyMediaType"] == "application/cbor" && !expected.is_empty() {
        let expected = BASE64_STANDARD.decode(expected).unwrap();
        return same("body", &cbor::value(found), &cbor::value(&expected));
    }
    let found = std::str::from_utf8(found).unwrap();
    if case["bodyMediaType"] == "application/json" && !expected.is_empty() {
        let parse =
            |text| serde_json::from_str::<Value>(text).map_err(|error| format!("{error}: {text}"));
        return same("body", &parse(found)?, &parse(expected)?);
    }
    same("body", found, expected)
}
