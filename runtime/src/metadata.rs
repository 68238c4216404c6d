//! What a caller may want to know of a response besides its members.

use std::time::Duration;

use crate::checksum::ChecksumAlgorithm;
use crate::schema::Fault;

/// Metadata of a response, carried by every output and every error.
///
/// ```
/// use tinsmith_runtime::metadata::ResponseMetadata;
///
/// // A value that no response made, as in a test that puts an output together by hand.
/// let metadata = ResponseMetadata::default();
/// assert_eq!(metadata.status(), 0);
/// assert_eq!(metadata.attempts(), 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseMetadata {
    // Boxed, so that outputs and errors stay small; absent in a default, which then costs nothing.
    inner: Option<Box<Inner>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Inner {
    operation: &'static str,
    status: u16,
    request_id: Option<String>,
    attempts: u32,
    total_retry_delay: Duration,
    missing: Vec<String>,
    query_error: Option<QueryError>,
    checksum: Option<ChecksumAlgorithm>,
}

/// The error of a service that spoke the protocol awsQuery before, in the terms of that protocol.
///
/// Source: Smithy 2.0, `aws.protocols#awsQueryCompatible`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueryError {
    /// The code (`aws.protocols#awsQueryError`), by which programs written for awsQuery know the error.
    pub code: String,
    /// Who is at fault, where the service says so.
    pub fault: Option<Fault>,
}

impl ResponseMetadata {
    /// Metadata of a call of `operation`, before anything was sent.
    pub(crate) fn of(operation: &'static str) -> Self {
        Self {
            inner: Some(Box::new(Inner {
                operation,
                ..Inner::default()
            })),
        }
    }

    /// With what sending came to.
    pub(crate) fn sent(mut self, attempts: u32, total_retry_delay: Duration) -> Self {
        let inner = self.inner.get_or_insert_default();
        inner.attempts = attempts;
        inner.total_retry_delay = total_retry_delay;
        self
    }

    /// With the status and the request id of a response.
    pub(crate) fn answered(mut self, status: u16, request_id: Option<String>) -> Self {
        let inner = self.inner.get_or_insert_default();
        inner.status = status;
        inner.request_id = request_id;
        self
    }

    /// With the error in the terms of the protocol awsQuery.
    pub(crate) fn with_query_error(mut self, error: Option<QueryError>) -> Self {
        if error.is_some() {
            self.inner.get_or_insert_default().query_error = error;
        }
        self
    }

    /// With the checksum that the response was checked by.
    pub(crate) fn with_checksum(mut self, algorithm: Option<ChecksumAlgorithm>) -> Self {
        if algorithm.is_some() {
            self.inner.get_or_insert_default().checksum = algorithm;
        }
        self
    }

    /// With the required members that the response lacked.
    pub(crate) fn with_missing(mut self, missing: Vec<String>) -> Self {
        self.inner.get_or_insert_default().missing = missing;
        self
    }

    /// The operation's name, such as `CreateAccessToken`; empty in a value that no call made.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.inner.as_ref().map_or("", |inner| inner.operation)
    }

    /// The HTTP status; 0 where there was no response.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.inner.as_ref().map_or(0, |inner| inner.status)
    }

    /// The service's id of the request, to quote in a support case.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.inner.as_ref()?.request_id.as_deref()
    }

    /// How many times the request was sent, or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.as_ref().map_or(0, |inner| inner.attempts)
    }

    /// The time spent waiting between attempts.
    #[must_use]
    pub fn total_retry_delay(&self) -> Duration {
        self.inner
            .as_ref()
            .map_or(Duration::ZERO, |inner| inner.total_retry_delay)
    }

    /// The error in the terms of the protocol awsQuery, from a service that spoke it before.
    #[must_use]
    pub fn query_error(&self) -> Option<&QueryError> {
        self.inner.as_ref()?.query_error.as_ref()
    }

    /// By which checksum the body was found to be as it was sent; `None` where it was not checked.
    ///
    /// Source: Smithy 2.0, "httpChecksum trait".
    #[must_use]
    pub fn checksum(&self) -> Option<ChecksumAlgorithm> {
        self.inner.as_ref()?.checksum
    }

    /// Required members that the response lacked, as JSON pointers (RFC 6901). They hold the zero
    /// value.
    ///
    /// Source: Smithy 2.0, "Client error correction".
    #[must_use]
    pub fn missing(&self) -> &[String] {
        self.inner.as_ref().map_or(&[], |inner| &inner.missing)
    }
}
