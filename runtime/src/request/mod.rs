//! From an input to the request that is signed and sent: what the protocol writes, and what the traits
//! that concern the finished message add to it.

mod compression;
mod content_md5;
mod headers;
#[cfg(any(feature = "hyper", feature = "sigv4"))]
mod host;
mod host_prefix;

pub use compression::Compression;
#[cfg(any(feature = "rest-json-1", test))]
pub(crate) use headers::MOST_HEADERS;
pub(crate) use headers::set_header;
#[cfg(any(feature = "hyper", feature = "sigv4"))]
pub(crate) use host::host;
pub use host_prefix::host_prefix;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::checksum::{self, Checksums};
use crate::operation::OperationSchema;
use crate::shape::{Structure, WriteError};

/// Tells a service that spoke the protocol awsQuery before that its old error codes are understood.
///
/// Source: Smithy 2.0, `aws.protocols#awsQueryCompatible`.
const QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");

/// What a caller may choose of how requests are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestOptions {
    /// Which bodies are compressed, where the operation allows it.
    pub compression: Compression,
    /// When requests carry checksums, where the operation knows them.
    pub checksums: Checksums,
}

/// Fills in what a service wants filled in where the caller leaves it out, before the input is checked.
pub fn prepare(
    operation: &'static OperationSchema,
    input: &mut dyn Structure,
    options: &RequestOptions,
) {
    checksum::prepare(operation, input, options.checksums);
    if let Some(customization) = operation.service.customization {
        customization.prepare(operation, input);
    }
}

/// Writes `input` as a request that lacks nothing but its address, the headers of a client and the
/// signature.
///
/// # Errors
///
/// What cannot be sent; see [`Protocol::write_request`](crate::protocol::Protocol::write_request).
pub fn write(
    operation: &'static OperationSchema,
    input: &dyn Structure,
    options: &RequestOptions,
) -> Result<http::Request<Bytes>, WriteError> {
    let written = operation.service.protocol.write_request(operation, input)?;
    let (mut parts, mut body) = written.into_parts();
    finish(
        operation,
        input,
        &mut parts.headers,
        Some(&mut body),
        options,
    )?;
    Ok(http::Request::from_parts(parts, body))
}

/// Does to a request what the traits of its service and operation ask for. A body that is a stream is
/// left as it is.
pub(crate) fn finish(
    operation: &'static OperationSchema,
    input: &dyn Structure,
    headers: &mut HeaderMap,
    mut body: Option<&mut Bytes>,
    options: &RequestOptions,
) -> Result<(), WriteError> {
    if operation.service.query_compatible {
        set_header(headers, QUERY_MODE, HeaderValue::from_static("true"));
    }
    if let Some(customization) = operation.service.customization {
        customization.finish(operation, headers, body.as_deref())?;
    }
    if let Some(body) = body.as_mut().filter(|_| operation.compressed) {
        compression::compress(headers, body, options.compression)?;
    }
    checksum::add(operation, input, headers, body.as_deref())?;
    if let Some(body) = body.filter(|_| operation.checksum_required) {
        content_md5::add(headers, body)?;
    }
    Ok(())
}
