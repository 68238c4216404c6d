//! What is wrong with a shared file.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is wrong with a shared config or credentials file, and where. Never holds a value of it.
#[derive(Clone, Debug)]
pub struct ProfileError {
    file: PathBuf,
    line: Option<usize>,
    message: String,
    source: Option<Arc<io::Error>>,
}

impl ProfileError {
    pub(super) fn new(file: &Path, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            message: message.into(),
            source: None,
        }
    }

    pub(super) fn at_line(file: &Path, line: usize, message: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            ..Self::new(file, message)
        }
    }

    pub(super) fn unreadable(file: &Path, error: io::Error) -> Self {
        Self {
            source: Some(Arc::new(error)),
            ..Self::new(file, "cannot be read")
        }
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The line, counted from 1, where one is to blame.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, "{line}:")?;
        }
        write!(f, " {}", self.message)
    }
}

impl std::error::Error for ProfileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}
