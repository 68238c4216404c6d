//! Errors of a call.

use crate::metadata::ResponseMetadata;
use crate::schema::{Fault, Retryable};

/// An error of the service that its model does not have.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UnmodeledError {
    /// The code, where one could be found.
    pub code: Option<String>,
    /// The message, where one could be found.
    pub message: Option<String>,
    /// Metadata of the response.
    pub metadata: ResponseMetadata,
}

/// What every service error has.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServiceErrorDetails<'a> {
    /// The code: the shape's name for a modelled error.
    pub code: Option<&'a str>,
    /// The message.
    pub message: Option<&'a str>,
    /// Who is at fault.
    pub fault: Fault,
    /// `smithy.api#retryable`, where the model has it.
    pub retryable: Option<Retryable>,
    /// Metadata of the response.
    pub metadata: &'a ResponseMetadata,
}
