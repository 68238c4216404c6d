//! Event streams: a union's values one after the other, in either direction or both.
//!
//! An input takes [`Events`], which any stream of the union can be; an output has an
//! [`EventReceiver`]. Both directions are open at the same time where the connection is HTTP/2 (the
//! feature `http2`); over HTTP/1.1, an operation may stream in one direction.
//!
//! Source: Smithy 2.0, "Event streams"; Amazon Event Stream Specification.

mod decoder;
mod documents;
mod error;
mod events;
mod initial;
mod message;
mod read;
mod receiver;
#[cfg(test)]
#[cfg(feature = "aws-json")]
mod rpc_tests;
#[cfg(feature = "sigv4")]
mod sign;
#[cfg(test)]
#[cfg(feature = "rest-json-1")]
mod tests;
mod write;

pub use documents::{Documents, WriteDocument};
pub use error::EventError;
pub use events::{EventSender, Events};
pub(crate) use initial::{initial_request, initial_response};
pub use receiver::EventReceiver;
#[cfg(feature = "sigv4")]
pub(crate) use sign::Signed;
