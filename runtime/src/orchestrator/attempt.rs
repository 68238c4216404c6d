//! Attempts that came to nothing.

use std::borrow::Cow;
use std::error::Error;
use std::io;
use std::time::Duration;

use super::reply;
use crate::body::CollectError;
use crate::error::{Failed, Failure, FailureKind};
use crate::interceptor::Attempt;
use crate::metadata::ResponseMetadata;
use crate::retry::ErrorClass;
use crate::transport::{TransportError, TransportErrorKind};

/// Why an attempt came to nothing.
#[derive(Debug)]
pub(crate) enum AttemptError {
    Transport(TransportError),
    /// The time that the step gave ran out.
    TimedOut,
    /// The head of a success came, and the time that the step gave ran out before all of its body.
    Stalled {
        head: Box<http::response::Parts>,
    },
    /// The head of a success came, and its body did not or not all of it.
    Body {
        head: Box<http::response::Parts>,
        error: CollectError,
    },
}

impl AttemptError {
    pub(super) fn class(&self) -> ErrorClass {
        match self {
            Self::TimedOut | Self::Stalled { .. } => ErrorClass::Timeout,
            Self::Body { error, .. } => match error {
                CollectError::Broken(error) if !is_malformed(&**error) => ErrorClass::Transient,
                CollectError::Broken(_) | CollectError::TooLarge(_) => ErrorClass::Permanent,
            },
            Self::Transport(error) => match error.kind() {
                TransportErrorKind::AcquireTimeout => ErrorClass::Local,
                TransportErrorKind::ConnectTimeout => ErrorClass::Timeout,
                TransportErrorKind::Connect
                | TransportErrorKind::Unprocessed
                | TransportErrorKind::Io => ErrorClass::Transient,
                TransportErrorKind::Untrusted
                | TransportErrorKind::Protocol
                | TransportErrorKind::Stream
                | TransportErrorKind::Unsupported => ErrorClass::Permanent,
            },
        }
    }

    /// Whether the time that the step gave ran out.
    pub(super) fn is_out_of_time(&self) -> bool {
        matches!(self, Self::TimedOut | Self::Stalled { .. })
    }

    /// Whether it is unknown if the service received the request.
    pub(super) fn is_ambiguous(&self) -> bool {
        match self {
            Self::Transport(error) => !matches!(
                error.kind(),
                TransportErrorKind::Connect
                    | TransportErrorKind::ConnectTimeout
                    | TransportErrorKind::AcquireTimeout
                    | TransportErrorKind::Unprocessed
            ),
            _ => true,
        }
    }

    /// The failure as observers are told of it.
    pub(super) fn observed(&self, delay: Option<Duration>) -> Attempt<'_> {
        let attempt = match self {
            Self::Stalled { head } | Self::Body { head, .. } => {
                Attempt::answered(head.status.as_u16(), &head.headers)
            }
            Self::TimedOut | Self::Transport(_) => Attempt::unanswered(),
        };
        attempt.failed(self.class(), Some(self.name()), delay)
    }

    /// A short name for logs and metrics, of which there are few.
    fn name(&self) -> &'static str {
        match self {
            Self::TimedOut | Self::Stalled { .. } => "timeout",
            Self::Body { error, .. } => match error {
                CollectError::Broken(_) => "body_broken",
                CollectError::TooLarge(_) => "body_too_large",
            },
            Self::Transport(error) => error.kind().name(),
        }
    }

    /// The error of the call when this was its last attempt, which might have taken `limit`.
    pub(super) fn into_failed(self, limit: Option<Duration>, metadata: ResponseMetadata) -> Failed {
        let retryable = self.class() != ErrorClass::Permanent;
        let failed = match self {
            Self::TimedOut => timed_out(limit, metadata),
            Self::Stalled { head } => timed_out(limit, answered(&head, metadata)),
            Self::Body { head, error } => body_failed(error, answered(&head, metadata)),
            Self::Transport(error) => transport_failed(error, metadata),
        };
        if retryable {
            failed.retryable()
        } else {
            failed
        }
    }
}

fn answered(head: &http::response::Parts, metadata: ResponseMetadata) -> ResponseMetadata {
    reply::metadata(head.status, &head.headers, metadata)
}

fn body_failed(error: CollectError, metadata: ResponseMetadata) -> Failed {
    match error {
        CollectError::TooLarge(limit) => {
            let message = format!("its body is longer than {limit} bytes");
            Failed::Response(Failure::new(FailureKind::Response, message, metadata))
        }
        CollectError::Broken(source) if is_malformed(&*source) => {
            let message = TransportErrorKind::Protocol.describe();
            let failure = Failure::new(FailureKind::Response, message, metadata);
            Failed::Response(failure.with_source(source))
        }
        CollectError::Broken(source) => {
            let message = "the response broke off";
            let failure = Failure::new(FailureKind::Dispatch, message, metadata);
            Failed::Dispatch(failure.with_source(source))
        }
    }
}

/// Whether a body broke off because of what is in it, such as a chunk without a length, which the same
/// request would meet again.
fn is_malformed(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            let kind = error.kind();
            return matches!(
                kind,
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
            );
        }
        next = error.source();
    }
    false
}

fn transport_failed(error: TransportError, metadata: ResponseMetadata) -> Failed {
    let (kind, wrap): (_, fn(Failure) -> Failed) = match error.kind() {
        TransportErrorKind::ConnectTimeout | TransportErrorKind::AcquireTimeout => {
            (FailureKind::Timeout, Failed::Timeout)
        }
        TransportErrorKind::Protocol => (FailureKind::Response, Failed::Response),
        _ => (FailureKind::Dispatch, Failed::Dispatch),
    };
    let message = error.kind().describe();
    wrap(Failure::new(kind, message, metadata).with_source(error.into_source()))
}

fn timed_out(limit: Option<Duration>, metadata: ResponseMetadata) -> Failed {
    let missing = match metadata.attempts() {
        0 => "no identity",
        _ => "no complete response",
    };
    let message: Cow<'static, str> = match limit {
        Some(limit) => format!("{missing} within {limit:?}").into(),
        None => format!("{missing} in time").into(),
    };
    Failed::Timeout(Failure::new(FailureKind::Timeout, message, metadata))
}
