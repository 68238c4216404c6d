//! What may be set for a client and, otherwise, for one call.

use std::time::Duration;

use crate::interceptor::Interceptors;
use crate::request::RequestOptions;
use crate::retry::RetryConfig;
use crate::validate::{Validation, ValidationOptions};

/// How long a client waits.
///
/// Every limit has a default, so that no call hangs forever. Setting one to `None` takes it away.
///
/// ```
/// use std::time::Duration;
/// use tinsmith_runtime::config::Timeouts;
///
/// let timeouts = Timeouts::default();
/// assert_eq!(timeouts.connect, Some(Duration::from_secs(5)));
/// assert_eq!(timeouts.attempt, Some(Duration::from_secs(30)));
/// assert_eq!(timeouts.operation, Some(Duration::from_secs(120)));
/// assert_eq!(timeouts.identity, Some(Duration::from_secs(60)));
/// assert_eq!(timeouts.idle, Some(Duration::from_secs(30)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// The time for a connection to be made, TLS handshake included. It is up to the transport; the
    /// default transport keeps it.
    pub connect: Option<Duration>,
    /// The time for one attempt: from sending the request to the last byte of the response, or to
    /// its head where the output is a stream. Where the input is a stream, the time in which that
    /// moves, or has nothing to send yet, does not count.
    pub attempt: Option<Duration>,
    /// The time for the whole call: identity, every attempt, and the waits between. Streams are
    /// treated as for an attempt: while a stream of events in an input has none to send, no limit ends
    /// the wait for the head of the response.
    pub operation: Option<Duration>,
    /// The time for a provider to give an identity, where the call that asks has that long. It is up to
    /// the client; a provider that asks its user may need more.
    pub identity: Option<Duration>,
    /// The time for the next piece of a streaming blob in an output to come. A stream of events may
    /// be silent for as long as there are none.
    pub idle: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Some(Duration::from_secs(5)),
            attempt: Some(Duration::from_secs(30)),
            operation: Some(Duration::from_secs(120)),
            identity: Some(Duration::from_secs(60)),
            idle: Some(Duration::from_secs(30)),
        }
    }
}

/// How strictly responses are held to the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResponseChecks {
    /// A required member that a response lacks is completed with its zero value, named in the
    /// [metadata](crate::metadata::ResponseMetadata::missing) and traced as a warning.
    ///
    /// Source: Smithy 2.0, "Client error correction".
    #[default]
    Lenient,
    /// A response that lacks a required member is an error.
    Strict,
}

/// The settings that a call may override.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) validation: Validation,
    pub(crate) validation_options: ValidationOptions,
    pub(crate) retry: RetryConfig,
    pub(crate) timeouts: Timeouts,
    pub(crate) response_checks: ResponseChecks,
    pub(crate) max_response_bytes: usize,
    pub(crate) allow_plain_http: bool,
    pub(crate) request: RequestOptions,
    pub(crate) interceptors: Interceptors,
}

/// The most bytes of a response body that are read into memory by default.
pub(crate) const MAX_RESPONSE_BYTES: usize = 64 * 1024 * 1024;

impl Default for Settings {
    fn default() -> Self {
        Self {
            validation: Validation::default(),
            validation_options: ValidationOptions::default(),
            retry: RetryConfig::default(),
            timeouts: Timeouts::default(),
            response_checks: ResponseChecks::default(),
            max_response_bytes: MAX_RESPONSE_BYTES,
            allow_plain_http: false,
            request: RequestOptions::default(),
            interceptors: Interceptors::default(),
        }
    }
}
