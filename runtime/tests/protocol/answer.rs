//! What a test answers in the service's place is what a client reads: every official response is read,
//! written by the other end, and read again.

use std::fmt::Write as _;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::Response;
use serde_json::Value;
use tinsmith_runtime::protocol::Answer;

use crate::support::{self, DynStructure, Model};

/// The models with the number of their tests of responses that apply to clients.
const MODELS: [(&str, usize); 7] = [
    ("JsonProtocol.json", 62),
    ("JsonRpc10.json", 39),
    ("QueryCompatibleJsonRpc10.json", 2),
    ("QueryCompatibleRpcV2Protocol.json", 2),
    ("RestJson.json", 108),
    ("RpcV2JsonProtocol.json", 39),
    ("RpcV2Protocol.json", 43),
];

/// Protects tests of callers: what they answer in the service's place arrives as it was given.
#[test]
fn answers_of_tests_are_read_as_they_were_written() {
    let Some(folder) = support::conformance("protocol-tests") else {
        return;
    };
    for (file, expected) in MODELS {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let model = Model::parse(&text);
        let (mut count, mut failures) = (0, String::new());
        for (shape, case) in cases(&model) {
            count += 1;
            if let Err(reason) = check(&model, shape, case) {
                let _ = writeln!(failures, "{} of {shape}: {reason}\n", case["id"]);
            }
        }
        println!("{count} responses of {file} ran");
        assert!(failures.is_empty(), "{failures}");
        assert_eq!(count, expected, "the number of tests that apply to clients");
    }
}

/// The tests of responses that apply to clients, with the shape that has them.
fn cases(model: &Model) -> Vec<(&'static str, &'static Value)> {
    let of_shape = |(id, shape): (&'static str, &'static Value)| {
        let cases = Model::trait_of(shape, "smithy.test#httpResponseTests");
        let cases = cases.and_then(Value::as_array);
        cases.into_iter().flatten().map(move |case| (id, case))
    };
    let client = |(_, case): &(&str, &Value)| case.get("appliesTo").is_none_or(|to| to == "client");
    model.shapes().flat_map(of_shape).filter(client).collect()
}

/// The response that a test gives.
fn response(case: &Value) -> Response<Bytes> {
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

fn check(model: &Model, shape: &'static str, case: &Value) -> Result<(), String> {
    let protocol = model.protocol();
    let is_operation = model
        .shapes()
        .any(|(id, s)| id == shape && s["type"] == "operation");
    if is_operation {
        let operation = model.operation(shape);
        let read = |response: &Response<Bytes>| {
            let mut output = DynStructure::unread(operation.output);
            let read = protocol.read_output(operation, response, &mut output);
            read.map(|_| output).map_err(|error| error.to_string())
        };
        let output = read(&response(case))?;
        let answer = Answer::output(operation, &output);
        let written = protocol.write_response(&answer);
        return same(
            &output,
            &read(&written.map_err(|error| error.to_string())?)?,
        );
    }
    let schema = model.schema(shape);
    let read = |response: &Response<Bytes>| {
        let mut error = DynStructure::unread(schema);
        let read = protocol.read_error(schema, response, &mut error);
        read.map(|_| error).map_err(|error| error.to_string())
    };
    let error = read(&response(case))?;
    let status = schema.error.map_or(500, |error| error.status);
    let answer = Answer::error(status, schema.id, schema, &error);
    let written = protocol.write_response(&answer);
    let written = written.map_err(|error| error.to_string())?;
    let code = protocol.read_error_code(&written).code;
    if code.as_deref() != Some(schema.name()) || written.status() != status {
        return Err(format!("the code is {code:?} of {}", written.status()));
    }
    same(&error, &read(&written)?)
}

fn same(first: &DynStructure, second: &DynStructure) -> Result<(), String> {
    if first == second {
        return Ok(());
    }
    Err(format!("read\n    {second:?}\n  wrote\n    {first:?}"))
}
