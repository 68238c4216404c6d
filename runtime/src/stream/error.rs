//! Why a stream came to nothing.

use std::fmt;
use std::time::Duration;

use crate::error::BoxError;

/// Why a stream could not be read to its end.
#[derive(Debug)]
#[non_exhaustive]
pub enum StreamError {
    /// Nothing came for this long; see [`Timeouts::idle`](crate::config::Timeouts::idle).
    Stalled(Duration),
    /// It holds more bytes than the caller wants in memory.
    TooLong {
        /// What the caller wants, in bytes.
        limit: usize,
    },
    /// It holds more or fewer bytes than was said.
    WrongLength {
        /// What was said, in bytes.
        announced: u64,
    },
    /// It was read, or sent, before.
    Spent,
    /// Its source failed, or the connection that it comes from.
    Broken(BoxError),
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stalled(limit) => write!(f, "the stream brought nothing for {limit:?}"),
            Self::TooLong { limit } => write!(f, "the stream is longer than {limit} bytes"),
            Self::WrongLength { announced } => {
                write!(
                    f,
                    "the stream has not the {announced} bytes that it was said to have"
                )
            }
            Self::Spent => f.write_str("the stream has been read before"),
            Self::Broken(_) => f.write_str("the stream broke off"),
        }
    }
}

impl std::error::Error for StreamError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Broken(source) => Some(&**source),
            _ => None,
        }
    }
}

impl StreamError {
    /// The error that a body ended with.
    pub(crate) fn of_body(error: BoxError) -> Self {
        match error.downcast::<Self>() {
            Ok(own) => *own,
            Err(error) => Self::Broken(error),
        }
    }
}
