//! Things that go wrong on purpose.

use std::time::Duration;

/// Something that goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The request is not carried out, and answered with the service's throttling error.
    Throttle {
        /// The seconds in `Retry-After`.
        retry_after: Option<u32>,
    },
    /// The request is not carried out, and answered with this status and a page of HTML, as a load
    /// balancer does it.
    Html(u16),
    /// The request is not carried out, and answered with this, whatever it asks for.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Headers besides those of every answer.
        headers: &'static [(&'static str, &'static str)],
        /// The body.
        body: &'static str,
    },
    /// The request is carried out; the answer is this late.
    Stall(Duration),
    /// The request is carried out; the connection ends in the middle of the answer's body.
    Truncate,
    /// The request is carried out; the answer's body is not JSON.
    Garbage,
    /// The request is carried out; the connection ends without an answer.
    HangUp,
}
