//! What calls tell of themselves through `tracing`.
//!
//! The names are those of OpenTelemetry's semantic conventions 1.44: "RPC client span" and "AWS SDK
//! spans" for a call, "HTTP client span" for an attempt. `url.full` is left out, since path and query
//! may hold what nobody should read. The names that begin with `otel.` are those that bridges from
//! `tracing` to OpenTelemetry take the span's name, kind and status from.

#[cfg(test)]
pub(crate) mod recorder;
#[cfg(test)]
mod tests;

use http::StatusCode;
use http::request::Parts;
use http::uri::{Authority, Scheme};
use tracing::Span;
use tracing::field::Empty;

use crate::error::OneLine;
use crate::interceptor::Attempt;
use crate::metadata::ResponseMetadata;
use crate::operation::{OperationSchema, ServiceSchema};

/// The span of a call. Costs a load where nobody listens.
pub(crate) fn call_span(operation: &'static OperationSchema, region: Option<&str>) -> Span {
    let service = operation.service;
    tracing::debug_span!(
        "call",
        otel.name = %format_args!("{}.{}", service.sdk_id, operation.name()),
        otel.kind = "client",
        otel.status_code = Empty,
        rpc.system.name = system(service),
        rpc.service = service.sdk_id,
        rpc.method = operation.name(),
        cloud.region = region,
        server.address = Empty,
        server.port = Empty,
        http.response.status_code = Empty,
        aws.request_id = Empty,
        attempts = Empty,
        error.type = Empty,
    )
}

/// The name of the RPC system: AWS's own for AWS's services, Smithy for anybody else's.
fn system(service: &ServiceSchema) -> &'static str {
    match service.id.starts_with("com.amazonaws.") {
        true => "aws-api",
        false => "smithy",
    }
}

/// Adds to the span of a call where it goes to.
pub(crate) fn record_server(span: &Span, scheme: &Scheme, authority: &Authority) {
    if !span.is_disabled() {
        span.record("server.address", bare(authority.host()));
        span.record("server.port", port(Some(scheme), authority.port_u16()));
    }
}

/// Adds to the span of a call what it came to. `error` is the code or the kind of the error, where it
/// failed and one is known.
pub(crate) fn record_call(
    span: &Span,
    metadata: &ResponseMetadata,
    failed: bool,
    error: Option<&str>,
) {
    if span.is_disabled() {
        return;
    }
    record_answer(span, answered(metadata), metadata.request_id());
    span.record("attempts", metadata.attempts());
    if failed {
        record_error(span, error, answered(metadata));
    }
}

fn answered(metadata: &ResponseMetadata) -> Option<u16> {
    Some(metadata.status()).filter(|status| *status != 0)
}

/// The span of an attempt, within that of its call.
pub(crate) fn attempt_span(attempt: u32, request: &Parts) -> Span {
    let uri = &request.uri;
    tracing::debug_span!(
        "attempt",
        otel.name = request.method.as_str(),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = request.method.as_str(),
        http.request.resend_count = attempt.checked_sub(1).filter(|count| *count > 0),
        server.address = uri.host().map(bare),
        server.port = port(uri.scheme(), uri.port_u16()),
        http.response.status_code = Empty,
        aws.request_id = Empty,
        error.type = Empty,
    )
}

/// Adds to the span of an attempt what it came to.
pub(crate) fn record_attempt(span: &Span, attempt: &Attempt<'_>, request_id: Option<&str>) {
    if span.is_disabled() {
        return;
    }
    record_answer(span, attempt.status, request_id);
    if attempt.class.is_some() {
        record_error(span, attempt.error_type, attempt.status);
    }
}

fn record_answer(span: &Span, status: Option<u16>, request_id: Option<&str>) {
    span.record("http.response.status_code", status);
    let request_id = request_id.map(|id| OneLine(id).to_string());
    span.record("aws.request_id", request_id.as_deref());
}

/// The error's name, else the status as the conventions for HTTP have it.
fn record_error(span: &Span, error: Option<&str>, status: Option<u16>) {
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    let by_status = status.as_ref().map(StatusCode::as_str);
    let name = OneLine(error.or(by_status).unwrap_or("_OTHER")).to_string();
    span.record("error.type", name.as_str());
    span.record("otel.status_code", "ERROR");
}

/// A host without the brackets that an IPv6 address has in a URI.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

fn port(scheme: Option<&Scheme>, port: Option<u16>) -> u16 {
    port.unwrap_or(match scheme {
        Some(scheme) if *scheme == Scheme::HTTP => 80,
        _ => 443,
    })
}
