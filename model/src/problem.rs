//! What is wrong with a model.

use crate::source::Span;

/// Something wrong with a model, or worth a word.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The shape or member it is about, as an absolute id.
    pub shape: Option<String>,
    /// Where it stands; `None` for what concerns no one place.
    pub span: Option<Span>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it, such as `did you mean …`.
    pub hint: Option<String>,
}

/// How bad a [`Problem`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a word; generation goes on.
    Warning,
    /// No client can be made of it.
    Error,
}
