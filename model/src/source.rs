//! Model files and places in them.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::OnceLock;

/// The text of the files that a model is made of.
///
/// Everything read from a model borrows from here, and every [`Span`] points in here.
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
    /// Where each line begins, found when a place is asked for.
    lines: OnceLock<Vec<usize>>,
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

/// Where a span begins, as people count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position<'a> {
    /// The path of the file.
    pub path: &'a str,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// A model file that could not be read.
#[derive(Debug)]
pub struct ReadError {
    /// The path as the user gave it.
    pub path: String,
    /// Why.
    pub error: io::Error,
}

impl Sources {
    /// No files yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads model files, in the order given.
    ///
    /// # Errors
    ///
    /// Tells of every file that cannot be opened or is not UTF-8.
    pub fn read<P: AsRef<Path>>(
        paths: impl IntoIterator<Item = P>,
    ) -> Result<Self, Vec<ReadError>> {
        let mut sources = Self::default();
        let mut errors = Vec::new();
        for path in paths {
            let name = path.as_ref().display().to_string();
            match std::fs::read_to_string(&path) {
                Ok(text) => sources.add(name, text),
                Err(error) => errors.push(ReadError { path: name, error }),
            }
        }
        if errors.is_empty() {
            Ok(sources)
        } else {
            Err(errors)
        }
    }

    /// Adds a file. A byte order mark is left out, as RFC 8259 section 8.1 allows.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) {
        let mut text = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        self.files.push(Source {
            path: path.into(),
            text,
            lines: OnceLock::new(),
        });
    }

    /// The files, in the order they were added; [`Span::file`] is the index.
    #[must_use]
    pub fn files(&self) -> &[Source] {
        &self.files
    }

    /// The file that `span` lies in; `None` for shapes of the prelude.
    #[must_use]
    pub fn file(&self, span: Span) -> Option<&Source> {
        self.files.get(span.file as usize)
    }

    /// The text of `span`; `None` for shapes of the prelude.
    #[must_use]
    pub fn text(&self, span: Span) -> Option<&str> {
        self.file(span)?
            .text
            .get(span.start as usize..span.end as usize)
    }

    /// Where `span` begins; `None` for shapes of the prelude.
    #[must_use]
    pub fn position(&self, span: Span) -> Option<Position<'_>> {
        let file = self.file(span)?;
        let start = span.start as usize;
        let line = file.lines().partition_point(|line| *line <= start);
        let line_start = *file.lines().get(line.checked_sub(1)?)?;
        Some(Position {
            path: &file.path,
            line,
            column: file.text.get(line_start..start)?.chars().count() + 1,
        })
    }

    /// The place of one character of a JSON string.
    ///
    /// `string` is the span of the string with its quotes, `offset` counts bytes of its unescaped
    /// value. The span covers the whole escape where the character is written as one, and the closing
    /// quote where the offset is the value's end. A span that is not of a string is given back as it
    /// is.
    #[must_use]
    pub fn inside_string(&self, string: Span, offset: usize) -> Span {
        let Some(inner) = self
            .text(string)
            .and_then(|text| text.strip_prefix('"')?.strip_suffix('"'))
        else {
            return string;
        };
        let (start, len) = locate(inner, offset);
        let start = string.start + 1 + saturating_u32(start);
        Span {
            start,
            end: (start + saturating_u32(len)).min(string.end),
            ..string
        }
    }
}

impl Source {
    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let newlines = self.text.match_indices('\n');
            let after = newlines.map(|(newline, _)| newline + 1);
            std::iter::once(0).chain(after).collect()
        })
    }
}

/// Offset and length in `escaped` of what stands for the byte at `offset` of the unescaped text.
fn locate(escaped: &str, offset: usize) -> (usize, usize) {
    let (mut at, mut value) = (0, 0);
    while let Some(character) = escaped[at..].chars().next() {
        let (written, stands_for) = if character == '\\' {
            escape_length(&escaped[at..])
        } else {
            (character.len_utf8(), character.len_utf8())
        };
        if offset < value + stands_for {
            return (at, written);
        }
        value += stands_for;
        at = (at + written).min(escaped.len());
    }
    (escaped.len(), 1)
}

/// How many bytes the escape at the start of `text` takes, and how many bytes its value has.
fn escape_length(text: &str) -> (usize, usize) {
    let Some(first) = hex_escape(text) else {
        return (2, 1);
    };
    let high = (0xD800..0xDC00).contains(&first);
    match text.get(6..).and_then(hex_escape) {
        Some(0xDC00..=0xDFFF) if high => (12, 4),
        _ => (6, char::from_u32(first).map_or(3, char::len_utf8)),
    }
}

fn hex_escape(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}

/// Files over 4 GiB are refused when they are loaded, so that offsets in use always fit.
pub(crate) fn saturating_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl Span {
    /// The place of what stands in no file: the shapes of the prelude.
    pub const NOWHERE: Self = Self {
        file: u32::MAX,
        start: 0,
        end: 0,
    };
}

impl fmt::Display for Position<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read {}: {}", self.path, self.error)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> (Sources, Span) {
        let mut sources = Sources::new();
        sources.add("a.json", text);
        let end = saturating_u32(sources.files()[0].text.len());
        let span = Span {
            file: 0,
            start: 0,
            end,
        };
        (sources, span)
    }

    /// A caret must stand under the character that people see, not under a byte.
    #[test]
    fn columns_count_characters() {
        let (sources, span) = sources("{\n  \"ä\": 1}");
        let one = Span { start: 10, ..span };
        assert_eq!(sources.text(one), Some("1}"));
        let position = sources.position(one).map(|place| place.to_string());
        assert_eq!(position.as_deref(), Some("a.json:2:8"));
    }

    /// Offsets in an unescaped pattern must find the escape that wrote the character.
    #[test]
    fn escapes_are_found_whole() {
        let (sources, span) = sources(r#""a\\d\u00e9\ud83d\ude00ü.""#);
        let at = |offset| sources.text(sources.inside_string(span, offset));
        assert_eq!(at(0), Some("a"));
        assert_eq!(at(1), Some(r"\\"));
        assert_eq!(at(2), Some("d"));
        assert_eq!(at(3), Some(r"\u00e9"));
        assert_eq!(at(4), Some(r"\u00e9"));
        assert_eq!(at(5), Some(r"\ud83d\ude00"));
        assert_eq!(at(9), Some("ü"));
        assert_eq!(at(11), Some("."));
        assert_eq!(at(12), Some("\""), "the end of the value");
    }

    /// Editors on some systems write a byte order mark, which serde_json refuses.
    #[test]
    fn byte_order_mark_is_left_out() {
        let (sources, _) = sources("\u{feff}{}");
        assert_eq!(sources.files()[0].text, "{}");
    }
}
