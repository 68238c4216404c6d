//! Why a stream of events came to nothing.

use std::fmt;

use crate::error::BoxError;
use crate::stream::StreamError;

/// What ends a stream of the events `E` early.
#[derive(Debug)]
#[non_exhaustive]
pub enum EventError<E> {
    /// An error that the model has: the variant of the union that it is.
    Exception(E),
    /// An error that the model does not have, or not in this stream.
    Unmodeled {
        /// What the service calls it.
        code: String,
        /// What the service says of it, for people.
        message: String,
    },
    /// What came is not what the model says.
    Malformed(BoxError),
    /// Nothing more came.
    Stream(StreamError),
}

impl<E: fmt::Debug> fmt::Display for EventError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // `Debug` of generated types hides what is sensitive.
            Self::Exception(error) => write!(f, "the service ended the stream with {error:?}"),
            Self::Unmodeled { code, message } => write!(
                f,
                "the service ended the stream with {}: {}",
                code.escape_debug(),
                message.escape_debug()
            ),
            Self::Malformed(_) => f.write_str("the stream does not fit the model"),
            Self::Stream(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug> std::error::Error for EventError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Malformed(source) => Some(&**source),
            Self::Stream(error) => std::error::Error::source(error),
            Self::Exception(_) | Self::Unmodeled { .. } => None,
        }
    }
}
