//! Runs Smithy's protocol tests through generated clients.
//!
//! `cargo xtask conformance` generates a client from each model and one small program that hands every
//! operation to a [`Suite`]; the rest is here. A test takes the way of a caller's call: its parameters
//! are read into the typed input, the client validates, serialises and signs it, and what is compared
//! is the request that the transport receives; a response comes back through the transport and is
//! compared as the typed output or error.
//!
//! Source: Smithy 2.0, "HTTP protocol compliance tests".

mod body;
mod canonical;
mod case;
mod diff;
mod event_stream;
mod json;
mod malformed;
mod message;
mod params;
mod request;
mod response;
mod run;
mod sample;
mod streams;
mod suite;
mod target;
mod transport;

pub use case::{Case, Kind, Outcome};
pub use json::Json;
pub use run::{AnySuite, run};
pub use streams::{Incoming, Outgoing, Read, Reading, Streams};
pub use suite::Suite;
