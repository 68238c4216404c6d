//! `smithy.test#httpResponseTests`: what the transport answers.

use bytes::Bytes;
use http::Response;

use crate::case::pairs;
use crate::json::Json;

/// The response with the status and headers that `test` describes, and with `body`.
///
/// # Errors
///
/// A test that describes none.
pub(crate) fn of(test: &Json, body: Option<Bytes>) -> Result<Response<Bytes>, String> {
    let code = match test.get("code") {
        Some(Json::Number(text)) => text.parse::<u16>().ok(),
        _ => None,
    };
    let mut response = Response::builder().status(code.ok_or("the test has no status")?);
    for (name, value) in pairs(test, "headers") {
        response = response.header(name, value);
    }
    response
        .body(body.unwrap_or_default())
        .map_err(|error| format!("the test's response is not HTTP: {error}"))
}
