//! `smithy.test#httpResponseTests`: what the transport answers.

use bytes::Bytes;
use http::Response;

use crate::body;
use crate::case::{Case, pairs};
use crate::json::Json;

/// The response that the test describes.
///
/// # Errors
///
/// A test that describes none.
pub(crate) fn of(case: &Case) -> Result<Response<Bytes>, String> {
    let code = match case.test.get("code") {
        Some(Json::Number(text)) => text.parse::<u16>().ok(),
        _ => None,
    };
    let mut response = Response::builder().status(code.ok_or("the test has no status")?);
    for (name, value) in pairs(&case.test, "headers") {
        response = response.header(name, value);
    }
    let body = body::bytes(case)?.unwrap_or_default();
    response
        .body(body)
        .map_err(|error| format!("the test's response is not HTTP: {error}"))
}
