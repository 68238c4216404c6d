//! An output or error to an HTTP response: what a service does, and a test that plays one.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};

use super::Side;
use super::body::Body;
use super::format::BodyFormat;
use super::request::{MessageWriter, Parts, Write};
use super::text_writer::{Place, TextWriter};
use crate::protocol::Answer;
use crate::shape::WriteError;

/// Writes an output or error as a response by the HTTP bindings of its members. What has no binding
/// becomes a document of `format`.
///
/// # Errors
///
/// What HTTP cannot express. The error names the member and does not hold the value.
pub(crate) fn write_response<F: BodyFormat>(
    format: &F,
    answer: &Answer<'_>,
) -> Result<Response<Bytes>, WriteError> {
    let mut writer = MessageWriter {
        parts: Parts::new(Side::Response, ""),
        body: Body::of(format, answer.schema, Side::Response),
    };
    answer.value.write(&mut writer)?;
    let MessageWriter { mut parts, body } = writer;
    let body = body.finish(format, Side::Response);
    parts.add_prefixed()?;
    parts.add_media_type(body.media_type)?;
    if let Some(code) = answer.error_name() {
        let code = HeaderValue::from_str(code)
            .map_err(|_| WriteError::new("an error code that no header can hold"))?;
        parts.headers.insert("x-amzn-errortype", code);
    }
    let mut response = Response::new(body.bytes);
    *response.status_mut() = match parts.status {
        Some(status) => status,
        None => answer.status()?,
    };
    *response.headers_mut() = parts.headers;
    Ok(response)
}

impl Parts {
    /// The status that a member gives.
    pub(super) fn take_status(&mut self, write: &mut Write<'_>) -> Result<(), WriteError> {
        write(&mut TextWriter::new(Place::Uri, &mut |_, text| {
            let status = StatusCode::from_bytes(text.as_bytes());
            let status = status.map_err(|_| WriteError::new("a status that HTTP does not have"))?;
            self.status = Some(status);
            Ok(())
        }))
    }
}
