//! Errors that the service answers with.

use std::fmt;

use super::one_line::OneLine;
use crate::metadata::ResponseMetadata;
use crate::schema::{Fault, Retryable};

/// An error of the service that its model does not have, or whose body could not be read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UnmodeledError {
    /// The code, where one could be found.
    pub code: Option<String>,
    /// The message, where one could be found.
    pub message: Option<String>,
    /// Metadata of the response.
    pub metadata: ResponseMetadata,
}

impl UnmodeledError {
    pub(crate) fn new(
        code: Option<String>,
        message: Option<String>,
        metadata: ResponseMetadata,
    ) -> Self {
        Self {
            code,
            message,
            metadata,
        }
    }

    /// What every service error has. A status from 500 on is the server's fault, any other the
    /// client's.
    ///
    /// Source: RFC 9110, section 15.
    #[must_use]
    pub fn details(&self) -> ServiceErrorDetails<'_> {
        let by_status = if self.metadata.status() >= 500 {
            Fault::Server
        } else {
            Fault::Client
        };
        let said = self.metadata.query_error().and_then(|error| error.fault);
        let fault = said.unwrap_or(by_status);
        ServiceErrorDetails {
            code: self.code.as_deref(),
            message: self.message.as_deref(),
            shape: None,
            fault,
            retryable: None,
            metadata: &self.metadata,
        }
    }
}

impl fmt::Display for UnmodeledError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.details().fmt(f)
    }
}

impl std::error::Error for UnmodeledError {}

/// What every service error has.
///
/// Its `Display` is the code and the message, which is what a generated error prints.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServiceErrorDetails<'a> {
    /// The code: the shape's name for a modelled error, or the code of the protocol awsQuery from a
    /// service that spoke it before.
    pub code: Option<&'a str>,
    /// The message.
    pub message: Option<&'a str>,
    /// The absolute id of the shape, for a modelled error.
    pub shape: Option<&'static str>,
    /// Who is at fault.
    pub fault: Fault,
    /// `smithy.api#retryable`, where the model has it.
    pub retryable: Option<Retryable>,
    /// Metadata of the response.
    pub metadata: &'a ResponseMetadata,
}

impl<'a> ServiceErrorDetails<'a> {
    /// The details of a modelled error: its schema says code, fault and whether to retry.
    #[must_use]
    pub fn modeled(
        schema: &'static crate::schema::Schema,
        message: Option<&'a str>,
        metadata: &'a ResponseMetadata,
    ) -> Self {
        let query_error = metadata.query_error();
        Self {
            code: Some(query_error.map_or(schema.name(), |error| error.code.as_str())),
            message,
            shape: Some(schema.id),
            fault: schema.error.map_or(Fault::Client, |error| error.fault),
            retryable: schema.error.and_then(|error| error.retryable),
            metadata,
        }
    }
}

impl fmt::Display for ServiceErrorDetails<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.message) {
            (Some(code), Some(message)) => write!(f, "{}: {}", OneLine(code), OneLine(message)),
            (Some(code), None) => OneLine(code).fmt(f),
            (None, Some(message)) => OneLine(message).fmt(f),
            (None, None) => f.write_str("error without a code"),
        }
    }
}

/// Writes a service error as the line of a whole call.
pub(super) fn fmt_call(
    details: &ServiceErrorDetails<'_>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match details.metadata.operation() {
        "" => {}
        operation => write!(f, "{operation} failed: ")?,
    }
    write!(f, "{details}")?;
    fmt_context(details.metadata, f)
}

/// Writes ` (status 429, request id abc, 3 attempts)` with as much as is known.
pub(super) fn fmt_context(metadata: &ResponseMetadata, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut separator = " (";
    if metadata.status() != 0 {
        write!(f, "{separator}status {}", metadata.status())?;
        separator = ", ";
    }
    if let Some(id) = metadata.request_id() {
        write!(f, "{separator}request id {}", OneLine(id))?;
        separator = ", ";
    }
    match metadata.attempts() {
        0 => {}
        1 => {
            write!(f, "{separator}1 attempt")?;
            separator = ", ";
        }
        attempts => {
            write!(f, "{separator}{attempts} attempts")?;
            separator = ", ";
        }
    }
    f.write_str(if separator == ", " { ")" } else { "" })
}
