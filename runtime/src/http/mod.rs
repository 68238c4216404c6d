//! HTTP bindings: members of an input or output that have a place of their own in an HTTP message.
//!
//! Source: Smithy 2.0, "HTTP bindings".

#[cfg(feature = "test-util")]
mod answer;
mod body;
mod format;
mod header;
mod request;
mod response;
mod text_reader;
mod text_writer;
mod uri;

#[cfg(feature = "test-util")]
pub(crate) use answer::write_response;
pub(crate) use format::BodyFormat;
pub(crate) use request::write_request;
pub(crate) use response::{read_error, read_response};

use crate::schema::{HttpBinding, Member, TimestampFormat};

/// How a timestamp in a header is written unless the model says otherwise.
///
/// Source: Smithy 2.0, "httpHeader trait", "Serialization rules".
const HEADER_TIMESTAMP: TimestampFormat = TimestampFormat::HttpDate;

/// How a timestamp in a label or the query string is written unless the model says otherwise.
///
/// Source: Smithy 2.0, "httpLabel trait" and "httpQuery trait", "Serialization rules".
const URI_TIMESTAMP: TimestampFormat = TimestampFormat::DateTime;

/// Which of the two messages of a call is written, which decides where a member goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Request,
    /// What only a test writes.
    #[cfg(feature = "test-util")]
    Response,
}

impl Side {
    fn binding(self, member: &Member) -> HttpBinding {
        match self {
            Self::Request => member.http.in_request(),
            #[cfg(feature = "test-util")]
            Self::Response => member.http.in_response(),
        }
    }
}
