//! Inputs that were refused.

use std::fmt;
use std::ops::Deref;

use super::one_line::OneLine;
use crate::metadata::ResponseMetadata;
use crate::validate::ValidationError;

/// An input that was refused before anything was sent: the operation, and every violation.
///
/// It dereferences to its [`ValidationError`].
#[derive(Clone, Debug, PartialEq)]
pub struct InvalidInput {
    metadata: ResponseMetadata,
    error: ValidationError,
}

impl InvalidInput {
    pub(crate) fn new(operation: &'static str, error: ValidationError) -> Self {
        Self {
            metadata: ResponseMetadata::of(operation),
            error,
        }
    }

    /// The operation's name, such as `CreateAccessToken`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.metadata.operation()
    }

    /// The violations by themselves.
    #[must_use]
    pub fn into_inner(self) -> ValidationError {
        self.error
    }

    pub(super) fn metadata(&self) -> &ResponseMetadata {
        &self.metadata
    }
}

impl Deref for InvalidInput {
    type Target = ValidationError;

    fn deref(&self) -> &ValidationError {
        &self.error
    }
}

impl fmt::Display for InvalidInput {
    /// One line; the [`ValidationError`] itself prints as a list.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let violations = ViolationList(&self.error);
        write!(
            f,
            "{} refused before sending: {violations}",
            self.operation()
        )
    }
}

/// Violations as part of one line: their paths may hold keys of maps, which are anybody's text.
pub(crate) struct ViolationList<'a>(pub(crate) &'a ValidationError);

impl fmt::Display for ViolationList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.violations.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{}", OneLine(&violation.to_string()))?;
        }
        match self.0.omitted {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl std::error::Error for InvalidInput {}
