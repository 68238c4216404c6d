//! Model files and places in them.

/// The text of the files that a model is made of.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One model file.
#[derive(Debug)]
pub struct Source {
    /// The path as the user gave it, for messages.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// A place in a file: a range of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Index of the file in its [`Sources`].
    pub file: u32,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset past the last byte.
    pub end: u32,
}
