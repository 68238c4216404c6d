//! `smithy.test#httpResponseTests`, of outputs and errors.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::Response;
use serde_json::Value;
use tinsmith_runtime::schema::Schema;

use crate::support::{DynStructure, Model};

pub(crate) fn check(model: &Model, shape: &'static str, case: &Value) -> Result<(), String> {
    let response = response(case);
    let protocol = model.protocol();
    let is_operation = model
        .shapes()
        .any(|(id, s)| id == shape && s["type"] == "operation");
    if is_operation {
        let operation = model.operation(shape);
        return check_fields(model, operation.output, case, |output| {
            protocol.read_output(operation, &response, output)
        });
    }
    let schema = model.schema(shape);
    let code = protocol.read_error_code(&response).code;
    if code.as_deref() != Some(schema.name()) {
        return Err(format!("the code is {code:?}"));
    }
    check_fields(model, schema, case, |error| {
        protocol.read_error(schema, &response, error)
    })
}

/// The response that a test gives.
pub(crate) fn response(case: &Value) -> Response<Bytes> {
    let code = u16::try_from(case["code"].as_u64().unwrap()).unwrap();
    let mut response = Response::builder().status(code);
    for (name, value) in case
        .get("headers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        response = response.header(name, value.as_str().unwrap());
    }
    let body = case.get("body").and_then(Value::as_str).unwrap_or_default();
    let body = match case.get("bodyMediaType").and_then(Value::as_str) {
        Some("application/cbor") => BASE64_STANDARD.decode(body).unwrap().into(),
        _ => Bytes::copy_from_slice(body.as_bytes()),
    };
    response.body(body).unwrap()
}

fn check_fields<E: std::fmt::Display>(
    model: &Model,
    schema: &'static Schema,
    case: &Value,
    read: impl FnOnce(&mut DynStructure) -> Result<Vec<String>, E>,
) -> Result<(), String> {
    let mut found = DynStructure::unread(schema);
    read(&mut found).map_err(|error| error.to_string())?;
    found.fill_defaults(model);
    let expected = DynStructure::output(model, schema, &case["params"]);
    if found == expected {
        return Ok(());
    }
    Err(format!("read\n    {found:?}\n  expected\n    {expected:?}"))
}
