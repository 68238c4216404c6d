//! Scalars of JSON, and what each may stand for.

use std::borrow::Cow;

use crate::shape::{BASE64, Blob, ReadError, parse_double, parse_float, special_named};

/// A value of JSON, as far as it was read in one step.
pub(super) enum Token<'de> {
    Null,
    Bool(bool),
    /// Numbers are read from their text, not by way of `serde_json`'s types.
    Number,
    String(Cow<'de, str>),
    /// An array or object that was read into its place.
    Filled,
}

impl<'de> Token<'de> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number => "a number",
            Self::String(_) => "a string",
            Self::Filled => "an object",
        }
    }

    /// `None` for `null`, else what `convert` makes of it, else an error that names both kinds.
    pub(super) fn convert<T>(
        self,
        expected: &str,
        convert: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        let mut token = self;
        if matches!(token, Self::Null) {
            return Ok(None);
        }
        let kind = token.kind();
        convert(&mut token)
            .map(Some)
            .ok_or_else(|| ReadError::expected(expected, other(expected, kind)))
    }

    pub(super) fn boolean(&mut self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn text(&mut self) -> Option<Cow<'de, str>> {
        match self {
            Self::String(text) => Some(std::mem::take(text)),
            _ => None,
        }
    }

    pub(super) fn blob(&mut self) -> Option<Blob> {
        use base64::Engine;
        let text = self.text()?;
        BASE64.decode(text.as_bytes()).ok().map(Blob::from)
    }
}

/// The kind that was found; where it is the right one, its content was not.
fn other(expected: &str, kind: &'static str) -> &'static str {
    match kind {
        "a number" if expected.contains("integer") || expected.contains("number") => {
            "a number that is not"
        }
        "a string" if expected.contains("string") || expected.contains("base64") => {
            "a string that is not"
        }
        kind => kind,
    }
}

/// What a number's text stands for, else an error that names both kinds. `parse` sees strings too,
/// with their quotes.
pub(super) fn number<T>(
    text: &str,
    expected: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, ReadError> {
    parse(text).ok_or_else(|| ReadError::expected(expected, other(expected, kind_of(text))))
}

/// A number without a fraction, however it is written.
pub(super) fn integer(text: &str) -> Option<i64> {
    let written_otherwise = || text.parse().ok().and_then(whole);
    text.parse().ok().or_else(written_otherwise)
}

/// The integer that equals `value`.
fn whole(value: f64) -> Option<i64> {
    // 2^63, the least double beyond the range of i64; its negative is in the range.
    const END: f64 = 9_223_372_036_854_775_808.0;
    let in_range = (-END..END).contains(&value);
    (in_range && value.fract() == 0.0).then_some(value as i64)
}

/// A number, or one of the strings that stand for those which JSON does not have.
pub(super) fn double(text: &str) -> Option<f64> {
    real(text, parse_double)
}

/// Like [`double`]; a number beyond the type's range is refused.
pub(super) fn float(text: &str) -> Option<f32> {
    real(text, parse_float)
}

fn real<T>(text: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
    let quoted = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    match quoted {
        Some(name) => special_named(name).and_then(|_| parse(name)),
        None => parse(text),
    }
}

/// The kind of the JSON value that `text` is.
pub(super) fn kind_of(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_in_range_are_integers() {
        for (text, expected) in [
            ("-7", -7),
            ("1e3", 1000),
            ("2.0", 2),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("-9.223372036854775808e18", i64::MIN),
        ] {
            assert_eq!(integer(text), Some(expected), "{text}");
        }
        for text in [
            "0.5",
            "9223372036854775808",
            "-1e19",
            "1e999",
            "\"5\"",
            "true",
            "[]",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn floats_are_numbers_in_range_or_named() {
        assert_eq!(float("16777217.0000001"), Some(16_777_218.0));
        assert_eq!(double("1.5"), Some(1.5));
        assert_eq!(float("\"-Infinity\""), Some(f32::NEG_INFINITY));
        assert!(double("\"NaN\"").is_some_and(f64::is_nan));
        assert_eq!(float("1e39"), None);
        for text in ["1e999", "\"1.5\"", "\"inf\"", "{}", "false"] {
            assert_eq!(double(text), None, "{text}");
        }
    }
}
