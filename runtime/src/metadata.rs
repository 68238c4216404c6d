//! What a caller may want to know of a response besides its members.

use std::time::Duration;

/// Metadata of a response, carried by every output and every service error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResponseMetadata {
    // Boxed, so that outputs and errors stay small.
    inner: Box<Inner>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Inner {
    status: u16,
    request_id: Option<String>,
    attempts: u32,
    total_retry_delay: Duration,
    missing: Vec<String>,
}

impl ResponseMetadata {
    /// The HTTP status; 0 in a value that no response made.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.inner.status
    }

    /// The service's id of the request, to quote in a support case.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// How many times the request was sent.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// The time spent waiting between attempts.
    #[must_use]
    pub fn total_retry_delay(&self) -> Duration {
        self.inner.total_retry_delay
    }

    /// Required members that the response lacked, as JSON pointers (RFC 6901). They hold the zero
    /// value.
    ///
    /// Source: Smithy 2.0, "Client error correction".
    #[must_use]
    pub fn missing(&self) -> &[String] {
        &self.inner.missing
    }
}
