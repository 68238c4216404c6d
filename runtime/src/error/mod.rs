//! Errors of a call.
//!
//! A call fails in one of a few ways, and [`Error`] has a variant for each. Whatever went wrong, its
//! `Display` is one line that tells the operation, the code, the message, the HTTP status, the
//! request id and the number of attempts, as far as they are known. What a service wrote is escaped
//! there, so that it stays one line, and cut off after 2,048 characters. Nothing here ever holds a
//! secret or the body of a message.

mod config;
mod failure;
mod input;
mod one_line;
mod service;

use std::fmt;

pub use config::ConfigError;
pub use failure::Failure;
pub(crate) use failure::FailureKind;
pub use input::InvalidInput;
pub(crate) use input::ViolationList;
pub(crate) use one_line::OneLine;
pub use service::{ServiceErrorDetails, UnmodeledError};

use crate::metadata::ResponseMetadata;
use crate::operation::ServiceError;
use crate::retry::{ErrorClass, classify};
use crate::schema::Fault;
use crate::validate::Violation;

/// An error of any kind, as `source()` gives it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a call failed. `E` is the enum of the service's own errors.
///
/// ```
/// use tinsmith_runtime::Error;
/// use tinsmith_runtime::operation::ServiceError;
///
/// fn advice<E: ServiceError>(error: &Error<E>) -> &'static str {
///     match error {
///         Error::Service(_) if error.is_throttling() => "slow down",
///         Error::Timeout(_) | Error::Dispatch(_) => "look at the network",
///         _ if error.is_retryable() => "try again later",
///         _ => "report it",
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E> {
    /// The input violates its model. Nothing was sent.
    Validation(InvalidInput),
    /// The request could not be put together: no endpoint, no credentials, a value that the protocol
    /// has no form for, a secret that would travel in the clear, an interceptor that stopped it. Nothing
    /// was sent of this attempt; the [`attempts`](ResponseMetadata::attempts) of
    /// [`metadata`](Self::metadata) tell how many were sent before.
    Construction(Failure),
    /// The time allowed for the call or for its last attempt ran out.
    Timeout(Failure),
    /// The request could not be sent, or the connection broke before the response was complete.
    Dispatch(Failure),
    /// A response came that cannot be understood.
    Response(Failure),
    /// The service answered with an error.
    Service(E),
}

/// The ways to fail that need no type of the service.
#[derive(Debug)]
pub(crate) enum Failed {
    Validation(InvalidInput),
    Construction(Failure),
    Timeout(Failure),
    Dispatch(Failure),
    Response(Failure),
}

impl Failed {
    /// Marks that the same call may succeed when it is made again.
    pub(crate) fn retryable(self) -> Self {
        match self {
            Self::Validation(error) => Self::Validation(error),
            Self::Construction(failure) => Self::Construction(failure.retryable()),
            Self::Timeout(failure) => Self::Timeout(failure.retryable()),
            Self::Dispatch(failure) => Self::Dispatch(failure.retryable()),
            Self::Response(failure) => Self::Response(failure.retryable()),
        }
    }
}

impl<E> From<Failed> for Error<E> {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Validation(error) => Self::Validation(error),
            Failed::Construction(failure) => Self::Construction(failure),
            Failed::Timeout(failure) => Self::Timeout(failure),
            Failed::Dispatch(failure) => Self::Dispatch(failure),
            Failed::Response(failure) => Self::Response(failure),
        }
    }
}

impl<E> Error<E> {
    /// The service's own error, if that is what this is.
    #[must_use]
    pub fn as_service(&self) -> Option<&E> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }

    /// Turns this into the service's own error, or gives itself back.
    ///
    /// # Errors
    ///
    /// The error itself, if it is not the service's.
    pub fn into_service(self) -> Result<E, Self> {
        match self {
            Self::Service(error) => Ok(error),
            other => Err(other),
        }
    }

    /// What is wrong with the input, each violation with its path, where the call was refused for it;
    /// nothing where the call failed otherwise.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        match self {
            Self::Validation(error) => &error.violations,
            _ => &[],
        }
    }

    /// Whether time ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout(_))
    }

    fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Construction(failure)
            | Self::Timeout(failure)
            | Self::Dispatch(failure)
            | Self::Response(failure) => Some(failure),
            Self::Validation(_) | Self::Service(_) => None,
        }
    }
}

impl<E: ServiceError> Error<E> {
    /// The code of the service's error: the shape's name for a modelled one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.as_service()?.details().code
    }

    /// The message of the service's error.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.as_service()?.details().message
    }

    /// Who is at fault, where that is known.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::Service(error) => Some(error.details().fault),
            Self::Validation(_) | Self::Construction(_) => Some(Fault::Client),
            Self::Response(_) => Some(Fault::Server),
            Self::Timeout(_) | Self::Dispatch(_) => None,
        }
    }

    /// The HTTP status of the last response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.metadata().status() {
            0 => None,
            status => Some(status),
        }
    }

    /// The service's id of the request, to quote in a support case.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.metadata().request_id()
    }

    /// What else is known of the call and its last response.
    #[must_use]
    pub fn metadata(&self) -> &ResponseMetadata {
        match self {
            Self::Validation(error) => error.metadata(),
            Self::Service(error) => error.details().metadata,
            Self::Construction(failure)
            | Self::Timeout(failure)
            | Self::Dispatch(failure)
            | Self::Response(failure) => failure.metadata(),
        }
    }

    /// Whether the service asks to be called less often.
    #[must_use]
    pub fn is_throttling(&self) -> bool {
        self.class() == ErrorClass::Throttling
    }

    /// Whether the same call may succeed when it is made again. The client has then tried already, as
    /// often as its settings allow, unless a second sending could have done harm.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Service(_) => self.class() != ErrorClass::Permanent,
            other => other.failure().is_some_and(Failure::is_retryable),
        }
    }

    /// A short name for logs and metrics: the code of a service's error, where it has one, or what else
    /// went wrong.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Service(error) => error.details().code,
            Self::Validation(_) => Some("validation"),
            Self::Construction(_) => Some("construction"),
            Self::Timeout(_) => Some("timeout"),
            Self::Dispatch(_) => Some("dispatch"),
            Self::Response(_) => Some("response"),
        }
    }

    fn class(&self) -> ErrorClass {
        let Some(error) = self.as_service() else {
            return ErrorClass::Permanent;
        };
        let details = error.details();
        classify(details.code, details.metadata.status(), details.retryable)
    }
}

impl<E: ServiceError> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Validation(error) => error.fmt(f),
            Self::Service(error) => service::fmt_call(&error.details(), f),
            Self::Construction(failure)
            | Self::Timeout(failure)
            | Self::Dispatch(failure)
            | Self::Response(failure) => failure.fmt(f),
        }
    }
}

impl<E: ServiceError> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Validation(error) => Some(&**error),
            Self::Service(error) => Some(error),
            Self::Construction(failure)
            | Self::Timeout(failure)
            | Self::Dispatch(failure)
            | Self::Response(failure) => std::error::Error::source(failure),
        }
    }
}
