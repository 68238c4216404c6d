//! Why a value could not be written or read.

use std::borrow::Cow;
use std::fmt;

use super::pointer;

/// Why a value could not be written. Never holds the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteError(Box<Fault>);

/// Why a value could not be read. Never holds the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError(Box<Fault>);

/// What both errors have. Boxed in them, since every call of the walk returns a `Result`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    message: Cow<'static, str>,
    path: String,
    position: Option<Position>,
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Fault {
    fn new(message: Cow<'static, str>) -> Box<Self> {
        Box::new(Self {
            message,
            path: String::new(),
            position: None,
        })
    }
}

impl WriteError {
    /// An error with this message, which must not hold the value.
    #[must_use]
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(Fault::new(message.into()))
    }

    /// The error of a union that holds the variant `name`, of which the client knows nothing else.
    #[must_use]
    pub fn unknown_variant(name: &str) -> Self {
        Self::new(format!(
            "the client does not know the variant `{name}`, and so cannot send it"
        ))
    }

    /// The same error seen from one level further out: `segment` is the member, index or key that
    /// led to it.
    #[must_use]
    pub fn under(mut self, segment: &str) -> Self {
        pointer::prefix(&mut self.0.path, segment);
        self
    }

    /// Which value could not be written, as a JSON pointer (RFC 6901) into the input. A key of a map
    /// stands there as `*`, since it may be secret.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }
}

impl ReadError {
    /// An error with this message, which must not hold what was read.
    #[must_use]
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(Fault::new(message.into()))
    }

    /// An error that says what should have been there and what kind of value was.
    #[must_use]
    pub fn expected(expected: &str, found: &str) -> Self {
        Self::new(format!("expected {expected}, found {found}"))
    }

    /// The same error seen from one level further out: `segment` is the member, index or key that
    /// led to it.
    #[must_use]
    pub fn under(mut self, segment: &str) -> Self {
        pointer::prefix(&mut self.0.path, segment);
        self
    }

    /// The same error told in other words.
    pub(crate) fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.message = message.into();
        self
    }

    /// With the place in the text, unless a closer one is known already.
    pub(crate) fn at(mut self, position: Position) -> Self {
        self.0.position.get_or_insert(position);
        self
    }

    /// Which value could not be read, as a JSON pointer (RFC 6901) into the output. Keys of a map are
    /// part of it, unless the model calls them sensitive.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The line, from 1, of a textual body.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.0.position.map(|position| position.line)
    }

    /// The column in bytes, from 1, of a textual body.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.0.position.map(|position| position.column)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.path.is_empty() {
            write!(f, " at {}", self.path)?;
        }
        if let Some(Position { line, column }) = self.position {
            write!(f, " (line {line}, column {column})")?;
        }
        Ok(())
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for WriteError {}
impl std::error::Error for ReadError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_grow_outwards_and_are_escaped() {
        let error = ReadError::expected("a string", "a number")
            .under("a/b")
            .under("0")
            .under("items");
        assert_eq!(error.path(), "/items/0/a~1b");
        assert_eq!(
            error.to_string(),
            "expected a string, found a number at /items/0/a~1b"
        );
    }

    #[test]
    fn the_closest_position_stays() {
        let error = ReadError::new("unreadable")
            .at(Position { line: 2, column: 7 })
            .at(Position { line: 1, column: 1 });
        assert_eq!(error.to_string(), "unreadable (line 2, column 7)");
    }
}
