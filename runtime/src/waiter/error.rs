//! Why a waiter did not see what it waited for.

use std::fmt;
use std::time::Duration;

use crate::error::OneLine;

/// Why a waiter ended without success. `T` is the output of its operation, `E` the error of a call.
///
/// Its `Display` is one line that tells the waiter, its operation, how often and for how long it asked,
/// and what the last answer was.
///
/// ```
/// use tinsmith_runtime::waiter::WaiterError;
///
/// fn advice<T, E>(error: &WaiterError<T, E>) -> &'static str {
///     match error {
///         WaiterError::TimedOut(_) => "wait longer",
///         WaiterError::Failed(failure) if failure.message.is_some() => "see the message",
///         WaiterError::Failed(_) => "waiting longer is of no use",
///         _ => "look at the call's error",
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum WaiterError<T, E> {
    /// The time was up, and the resource had neither come into the state nor failed to.
    TimedOut(Box<WaiterFailure<T, E>>),
    /// The resource will never come into the state: an acceptor of the model says so.
    Failed(Box<WaiterFailure<T, E>>),
    /// A call failed, and the model does not say what that means for the resource.
    Call(Box<WaiterFailure<T, E>>),
}

/// What is known of a waiter that ended without success.
#[derive(Debug)]
#[non_exhaustive]
pub struct WaiterFailure<T, E> {
    /// The waiter's name in the model.
    pub waiter: &'static str,
    /// The operation that was called.
    pub operation: &'static str,
    /// How often it was called; each call may have been sent several times.
    pub calls: u32,
    /// How long it was waited.
    pub elapsed: Duration,
    /// What the last call came to; `None` where none came to an end.
    pub last: Option<Result<T, E>>,
    /// Why the resource failed, as the output tells.
    pub message: Option<String>,
    /// The last output in a few words, without anything that is sensitive.
    pub(super) seen: String,
}

impl<T, E> WaiterError<T, E> {
    /// What is known of it.
    #[must_use]
    pub fn failure(&self) -> &WaiterFailure<T, E> {
        match self {
            Self::TimedOut(failure) | Self::Failed(failure) | Self::Call(failure) => failure,
        }
    }

    /// What is known of it, by value.
    #[must_use]
    pub fn into_failure(self) -> WaiterFailure<T, E> {
        match self {
            Self::TimedOut(failure) | Self::Failed(failure) | Self::Call(failure) => *failure,
        }
    }

    /// Whether the time was up.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::TimedOut(_))
    }

    /// The output of the last call, if it succeeded.
    #[must_use]
    pub fn output(&self) -> Option<&T> {
        self.failure().last.as_ref()?.as_ref().ok()
    }

    /// The error of the last call, if it failed.
    #[must_use]
    pub fn error(&self) -> Option<&E> {
        self.failure().last.as_ref()?.as_ref().err()
    }
}

impl<T, E: fmt::Display> fmt::Display for WaiterError<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (failure, what) = match self {
            Self::TimedOut(failure) => (failure, "timed out"),
            Self::Failed(failure) => (failure, "failed"),
            Self::Call(failure) => (failure, "broke off"),
        };
        let plural = if failure.calls == 1 { "" } else { "s" };
        write!(
            f,
            "waiting for {} {what} after {} call{plural} of {} in {:.1} s",
            failure.waiter,
            failure.calls,
            failure.operation,
            failure.elapsed.as_secs_f64()
        )?;
        if let Some(message) = &failure.message {
            write!(f, ": {}", OneLine(message))?;
        }
        match &failure.last {
            Some(Err(error)) => write!(f, ": {error}"),
            Some(Ok(_)) => write!(f, "; the last answer had {}", failure.seen),
            None => f.write_str("; no call came to an end"),
        }
    }
}

impl<T: fmt::Debug, E: std::error::Error + 'static> std::error::Error for WaiterError<T, E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let error: &(dyn std::error::Error + 'static) = self.error()?;
        Some(error)
    }
}
