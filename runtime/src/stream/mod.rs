//! Streaming blobs: bytes that are sent as they are produced, and read as they arrive.
//!
//! Source: Smithy 2.0, "Data streams" and "streaming trait".

mod body;
mod byte_stream;
mod error;
mod find;
mod idle;
mod progress;
#[cfg(test)]
mod tests;

pub(crate) use body::Once;
pub use byte_stream::ByteStream;
pub use error::StreamError;
pub(crate) use find::{StreamReader, is_spent, open};
pub(crate) use idle::Idle;
pub(crate) use progress::Progress;

use crate::body::Body;
use crate::config::ResponseChecks;
use crate::protocol::Protocol;
use crate::schema::Member;
use crate::validate::{Validation, ValidationOptions};

/// What a stream of an input is sent as, as far as the call decides it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct StreamContext {
    /// The member that holds the stream.
    pub member: &'static Member,
    /// The protocol of the service, which says how events are written.
    pub protocol: &'static dyn Protocol,
    pub(crate) validation: Validation,
    pub(crate) validation_options: ValidationOptions,
}

/// A stream in an input, as the walk over the input hands it to a visitor.
///
/// A stream can be sent again as long as nothing was taken from it.
pub trait OutgoingStream {
    /// The body of one attempt, or `None` where an earlier one has taken from the stream.
    fn open(&self, context: &StreamContext) -> Option<Body>;

    /// Whether there can be no further attempt.
    fn is_spent(&self) -> bool;
}

/// A stream in a response, as the walk over the output takes it from a reader.
#[derive(Debug)]
pub struct IncomingStream {
    pub(crate) body: Body,
    pub(crate) protocol: &'static dyn Protocol,
    /// The most bytes of it that are held at once.
    pub(crate) limit: usize,
    pub(crate) checks: ResponseChecks,
}
