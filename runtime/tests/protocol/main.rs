//! What the protocols do with what the official tests leave out. Those are run by `cargo xtask conformance`,
//! through generated clients.

// The helpers of tests stop at what the test data does not hold.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "test-util")]
mod answer;
mod bindings;
mod random;
mod rpc;
