//! What a test answers in the service's place is what a client reads: every official response is read,
//! written by the other end, and read again.

use bytes::Bytes;
use http::Response;
use serde_json::Value;
use tinsmith_runtime::protocol::Answer;

use crate::response::response;
use crate::support::{DynStructure, Model};

pub(crate) fn check(model: &Model, shape: &'static str, case: &Value) -> Result<(), String> {
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
