//! What a call came to, before it is turned into the operation's types.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode, Uri};

use crate::body::Body;
use crate::checksum::verify;
use crate::config::{ResponseChecks, Settings};
use crate::error::{Failed, Failure, FailureKind, UnmodeledError};
use crate::metadata::{QueryError, ResponseMetadata};
use crate::operation::{OperationSchema, ServiceError, ServiceSchema};
use crate::protocol::ErrorCode;
use crate::schema::{Fault, Schema, ShapeKind};
use crate::shape::Structure;
use crate::stream::{Idle, IncomingStream, StreamReader};
use crate::time::Clock;

/// Where services put the id of a request, the most common first.
const REQUEST_ID_HEADERS: [&str; 3] = ["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"];

/// What a call came to.
#[derive(Debug)]
pub(crate) enum Reply {
    /// A response with a status from 200 to 299.
    Success {
        response: http::Response<Bytes>,
        /// The body, where the output is a stream.
        stream: Option<Body>,
        metadata: ResponseMetadata,
    },
    /// Any other response.
    Error {
        response: http::Response<Bytes>,
        error: ErrorCode,
        /// Which of the service's modelled errors it is.
        modeled: Option<usize>,
        metadata: ResponseMetadata,
    },
    /// No response, or none wanted any more.
    Failed(Failed),
}

/// Adds what the head of a response tells.
pub(super) fn metadata(
    status: StatusCode,
    headers: &HeaderMap,
    metadata: ResponseMetadata,
) -> ResponseMetadata {
    metadata.answered(status.as_u16(), request_id(headers))
}

/// The error code of the protocol awsQuery, from a service that spoke it before.
///
/// Source: Smithy 2.0, `aws.protocols#awsQueryCompatible`.
pub(super) fn query_error(service: &ServiceSchema, headers: &HeaderMap) -> Option<QueryError> {
    let header = headers.get("x-amzn-query-error");
    let text = header.filter(|_| service.query_compatible)?.to_str().ok()?;
    let (code, fault) = text.split_once(';').unwrap_or((text, ""));
    (!code.trim().is_empty()).then(|| QueryError {
        code: code.trim().to_owned(),
        fault: match fault.trim() {
            "Sender" => Some(Fault::Client),
            "Receiver" => Some(Fault::Server),
            _ => None,
        },
    })
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let value = REQUEST_ID_HEADERS
        .iter()
        .find_map(|name| headers.get(*name))?;
    value.to_str().ok().map(ToOwned::to_owned)
}

/// Says where a response without an error's code would send the client, if it would: the host alone,
/// since the rest of a URL may hold what nobody should read.
///
/// Source: RFC 9110, section 15.4.
pub(super) fn redirect(response: &http::Response<Bytes>, error: &ErrorCode) -> Option<String> {
    if !response.status().is_redirection() || error.code.is_some() {
        return None;
    }
    let location = response.headers().get(LOCATION)?;
    let uri = location
        .to_str()
        .ok()
        .and_then(|text| Uri::try_from(text).ok());
    let target = match uri.as_ref().and_then(Uri::authority) {
        None => "another place".to_owned(),
        Some(authority) => match authority.port() {
            None => format!("`{}`", authority.host()),
            Some(port) => format!("`{}:{port}`", authority.host()),
        },
    };
    Some(format!(
        "it is a redirect to {target}, which is not followed"
    ))
}

/// The modelled error that a code names, and its place among them.
pub(super) fn find_modeled(
    modeled: &'static [&'static Schema],
    code: Option<&str>,
) -> Option<(usize, &'static Schema)> {
    let code = code?;
    let mut schemas = modeled.iter().copied().enumerate();
    schemas.find(|(_, schema)| schema.name() == code)
}

/// Reads a success into `output` and completes its metadata.
pub(crate) fn read_success(
    operation: &'static OperationSchema,
    checks: ResponseChecks,
    response: &http::Response<Bytes>,
    metadata: ResponseMetadata,
    output: &mut dyn Structure,
) -> Result<ResponseMetadata, Failed> {
    let protocol = operation.service.protocol;
    let unreadable = |message: Cow<'static, str>, metadata| {
        Failure::new(FailureKind::Response, message, metadata)
    };
    let read = protocol.read_output(operation, response, output);
    let read = read.map(|missing| without_stream(operation, missing));
    match read {
        Err(error) => Err(Failed::Response(
            unreadable("its body does not fit the model".into(), metadata).with_source(error),
        )),
        Ok(missing) if missing.is_empty() => Ok(metadata),
        Ok(missing) if checks == ResponseChecks::Strict => {
            let message = format!("it lacks the required {}", missing.join(", "));
            let metadata = metadata.with_missing(missing);
            Err(Failed::Response(unreadable(message.into(), metadata)))
        }
        Ok(missing) => {
            warn_missing(operation, &missing);
            Ok(metadata.with_missing(missing))
        }
    }
}

/// Holds the body of a success to its checksum, where the input asked for one.
pub(crate) fn check_sum(
    operation: &'static OperationSchema,
    input: &dyn Structure,
    response: &http::Response<Bytes>,
    metadata: ResponseMetadata,
) -> Result<ResponseMetadata, Failed> {
    match verify(operation, input, response) {
        Ok(algorithm) => Ok(metadata.with_checksum(algorithm)),
        Err(error) => {
            let message = "it was changed on its way";
            let failure = Failure::new(FailureKind::Response, message, metadata);
            Err(Failed::Response(failure.with_source(error)))
        }
    }
}

/// The stream is not in what was read, and is handed over after it.
fn without_stream(operation: &OperationSchema, mut missing: Vec<String>) -> Vec<String> {
    if let Some((_, stream)) = operation.output.streaming_member() {
        missing.retain(|path| path.strip_prefix('/') != Some(stream.name));
    }
    missing
}

/// Hands the body of a success to the member of `output` that is a stream.
pub(crate) fn read_stream(
    operation: &'static OperationSchema,
    settings: &Settings,
    clock: &Arc<dyn Clock>,
    body: Body,
    output: &mut dyn Structure,
) {
    let Some((index, member)) = operation.output.streaming_member() else {
        return;
    };
    // Events come when there are some; bytes that are under way do not stop.
    let limit = match member.target.kind {
        ShapeKind::Blob => settings.timeouts.idle,
        _ => None,
    };
    let stream = IncomingStream {
        body: Idle::limit(body, Arc::clone(clock), limit),
        protocol: operation.service.protocol,
        limit: settings.max_response_bytes,
        checks: settings.response_checks,
    };
    // The reader gives its stream to whoever asks, so that there is nothing to fail.
    let _ = output.read(index, &mut StreamReader(Some(stream)));
}

fn warn_missing(operation: &OperationSchema, missing: &[String]) {
    tracing::warn!(
        operation = operation.id,
        missing = missing.join(", "),
        "a response lacks required members; they hold their zero values"
    );
}

/// Reads an error response as the modelled error it is, else as one without a model.
pub(crate) fn read_error<E: ServiceError>(
    operation: &'static OperationSchema,
    response: &http::Response<Bytes>,
    error: ErrorCode,
    modeled: Option<usize>,
    metadata: ResponseMetadata,
) -> E {
    // An error whose body cannot be read still has its code, and that is worth more than the reason.
    modeled
        .and_then(|index| read_modeled(operation, response, index, &metadata))
        .unwrap_or_else(|| E::unmodeled(UnmodeledError::new(error.code, error.message, metadata)))
}

fn read_modeled<E: ServiceError>(
    operation: &'static OperationSchema,
    response: &http::Response<Bytes>,
    index: usize,
    metadata: &ResponseMetadata,
) -> Option<E> {
    let schema = *E::MODELED.get(index)?;
    let protocol = operation.service.protocol;
    let mut missing = Vec::new();
    let read = |metadata, missing: &mut Vec<String>| {
        E::read(index, metadata, &mut |structure| {
            *missing = protocol.read_error(schema, response, structure)?;
            Ok(())
        })
    };
    let error = read(metadata.clone(), &mut missing).ok()?;
    if missing.is_empty() {
        return Some(error);
    }
    // What is missing is known only after reading, and the error takes its metadata before: read the
    // rare incomplete one again.
    warn_missing(operation, &missing);
    let metadata = metadata.clone().with_missing(std::mem::take(&mut missing));
    read(metadata, &mut missing).ok()
}
