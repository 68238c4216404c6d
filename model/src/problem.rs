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
    /// Where in the string at `span`, as a byte of its unescaped value; `None` for all of it.
    pub offset: Option<usize>,
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

impl Problem {
    /// An error that stands at `span`.
    #[must_use]
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, span, message.into())
    }

    /// A warning that stands at `span`.
    #[must_use]
    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, span, message.into())
    }

    fn new(severity: Severity, span: Span, message: String) -> Self {
        Self {
            severity,
            shape: None,
            span: (span != Span::NOWHERE).then_some(span),
            offset: None,
            message,
            hint: None,
        }
    }

    /// At one character of the string that the problem stands at: the one at this byte of the string's
    /// unescaped value.
    #[must_use]
    pub fn inside_string(mut self, offset: usize) -> Self {
        self.offset = Some(offset);
        self
    }

    /// With the shape or member it is about.
    #[must_use]
    pub fn about(mut self, shape: impl Into<String>) -> Self {
        self.shape = Some(shape.into());
        self
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Whether no client can be made of the model.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
