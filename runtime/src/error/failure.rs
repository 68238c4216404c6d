//! Ways to fail that are not the service's.

use std::borrow::Cow;
use std::fmt;

use super::BoxError;
use super::one_line::OneLine;
use super::service::fmt_context;
use crate::metadata::ResponseMetadata;

/// What went wrong where the service did not answer with an error.
///
/// The variant of [`Error`](super::Error) that holds it tells the kind. `source()` has the cause
/// beneath it where there is one, such as an [`std::io::Error`].
pub struct Failure {
    // One pointer, so that a `Result` that holds it stays small.
    inner: Box<Inner>,
}

struct Inner {
    kind: FailureKind,
    message: Cow<'static, str>,
    metadata: ResponseMetadata,
    source: Option<BoxError>,
    retryable: bool,
}

/// What is said of a failure before its own message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureKind {
    Construction,
    Timeout,
    Dispatch,
    Response,
}

impl FailureKind {
    const fn phrase(self) -> &'static str {
        match self {
            Self::Construction => "cannot be sent",
            Self::Timeout => "timed out",
            Self::Dispatch => "got no complete response",
            Self::Response => "got a response that cannot be understood",
        }
    }
}

impl Failure {
    pub(crate) fn new(
        kind: FailureKind,
        message: impl Into<Cow<'static, str>>,
        metadata: ResponseMetadata,
    ) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                metadata,
                source: None,
                retryable: false,
            }),
        }
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    pub(crate) fn retryable(mut self) -> Self {
        self.inner.retryable = true;
        self
    }

    /// What went wrong, without the operation and the numbers that `Display` adds.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// What is known of the call and of the response, if one came.
    #[must_use]
    pub fn metadata(&self) -> &ResponseMetadata {
        &self.inner.metadata
    }

    /// Whether the same call may succeed when it is made again.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.inner.retryable
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let metadata = self.metadata();
        if !metadata.operation().is_empty() {
            write!(f, "{} ", metadata.operation())?;
        }
        write!(
            f,
            "{}: {}",
            self.inner.kind.phrase(),
            OneLine(self.message())
        )?;
        // The causes belong to the one line that ends up in a log; `source()` has them for programs.
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            write!(f, ": {}", OneLine(&error.to_string()))?;
            cause = error.source();
        }
        fmt_context(metadata, f)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("kind", &self.inner.kind)
            .field("message", &self.inner.message)
            .field("metadata", &self.inner.metadata)
            .field("source", &self.inner.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.inner.source.as_deref()?;
        Some(source)
    }
}
