//! What the end-to-end tests share: a service to talk to, and ways to talk to it.

pub mod clients;
pub mod heard;
pub mod patterns;
pub mod raw;
pub mod token_service;
pub mod vectors;
