//! Attempts that came to nothing.

use std::time::Duration;

use super::reply::timeout_message;
use crate::error::{BoxError, Failed, Failure, FailureKind};
use crate::metadata::ResponseMetadata;
use crate::retry::ErrorClass;
use crate::transport::{TransportError, TransportErrorKind};

/// Why an attempt came to nothing.
#[derive(Debug)]
pub(crate) enum AttemptError {
    Transport(TransportError),
    /// The time that the step gave ran out.
    TimedOut,
    /// The body broke off after the head of the response.
    BodyBroken(BoxError),
    /// The body is longer than this many bytes.
    BodyTooLarge(usize),
}

impl AttemptError {
    pub(super) fn class(&self) -> ErrorClass {
        match self {
            Self::TimedOut => ErrorClass::Timeout,
            Self::BodyBroken(_) => ErrorClass::Transient,
            Self::BodyTooLarge(_) => ErrorClass::Permanent,
            Self::Transport(error) => match error.kind() {
                TransportErrorKind::ConnectTimeout => ErrorClass::Timeout,
                TransportErrorKind::Connect | TransportErrorKind::Io => ErrorClass::Transient,
                TransportErrorKind::Protocol | TransportErrorKind::Unsupported => {
                    ErrorClass::Permanent
                }
            },
        }
    }

    /// Whether it is unknown if the service received the request.
    pub(super) fn is_ambiguous(&self) -> bool {
        match self {
            Self::Transport(error) => !matches!(
                error.kind(),
                TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout
            ),
            _ => true,
        }
    }

    pub(super) fn into_failed(self, limit: Option<Duration>, metadata: ResponseMetadata) -> Failed {
        let retryable = self.class() != ErrorClass::Permanent;
        let new = |kind, message| {
            let failure = Failure::new(kind, message, metadata);
            if retryable {
                failure.retryable()
            } else {
                failure
            }
        };
        match self {
            Self::TimedOut => Failed::Timeout(new(FailureKind::Timeout, timeout_message(limit))),
            Self::BodyTooLarge(limit) => Failed::Response(new(
                FailureKind::Response,
                format!("its body is longer than {limit} bytes").into(),
            )),
            Self::BodyBroken(source) => Failed::Dispatch(
                new(FailureKind::Dispatch, "the response broke off".into()).with_source(source),
            ),
            Self::Transport(error) => {
                let (kind, message) = (error.kind(), error.kind().describe());
                let source = error.into_source();
                match kind {
                    TransportErrorKind::ConnectTimeout => Failed::Timeout(
                        new(FailureKind::Timeout, message.into()).with_source(source),
                    ),
                    TransportErrorKind::Protocol => Failed::Response(
                        new(FailureKind::Response, message.into()).with_source(source),
                    ),
                    _ => Failed::Dispatch(
                        new(FailureKind::Dispatch, message.into()).with_source(source),
                    ),
                }
            }
        }
    }
}
