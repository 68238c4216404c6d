//! Validation, seen from outside: its rules one by one, and against an independent checker.

// A test that panics has failed, and says where.
#![allow(clippy::unwrap_used, clippy::panic)]

mod checker;
mod data;
mod plan;
mod properties;
mod rules;
mod secrets;
#[path = "../support/mod.rs"]
mod support;
mod unique_items;
mod vectors;
