//! Scalars of JSON, and what each may stand for.

use std::borrow::Cow;

use crate::shape::{Blob, ReadError, narrow, parse_special_float};

use super::BASE64;
use super::document::unreadable;

/// A value of JSON, as far as it was read in one step.
pub(super) enum Token<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    String(Cow<'de, str>),
    /// An array or object that was read into its place.
    Filled,
}

impl<'de> Token<'de> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Unsigned(_) | Self::Signed(_) | Self::Float(_) => "a number",
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

    /// A number without a fraction, however it is written.
    pub(super) fn integer(&mut self) -> Option<i64> {
        match *self {
            Self::Signed(value) => Some(value),
            Self::Unsigned(value) => value.try_into().ok(),
            Self::Float(value) => whole(value),
            _ => None,
        }
    }

    /// A number, or one of the strings that stand for those which JSON does not have.
    pub(super) fn double(&mut self) -> Option<f64> {
        match self {
            // Rounded to the nearest, as the same digits with a fraction would be.
            Self::Signed(value) => Some(*value as f64),
            Self::Unsigned(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::String(text) => parse_special_float(text),
            _ => None,
        }
    }

    /// Like [`Token::double`]; a number beyond the type's range is refused.
    pub(super) fn float(&mut self) -> Option<f32> {
        self.double().and_then(narrow)
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

/// The integer that equals `value`.
fn whole(value: f64) -> Option<i64> {
    // 2^63, the least double beyond the range of i64; its negative is in the range.
    const END: f64 = 9_223_372_036_854_775_808.0;
    let in_range = (-END..END).contains(&value);
    (in_range && value.fract() == 0.0).then_some(value as i64)
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

/// The text of a JSON string with its quotes.
pub(super) fn unescape(text: &str) -> Result<String, ReadError> {
    serde_json::from_str(text).map_err(|_| unreadable())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_in_range_are_integers() {
        assert_eq!(whole(1e3), Some(1000));
        assert_eq!(whole(-9_223_372_036_854_775_808.0), Some(i64::MIN));
        for value in [
            0.5,
            9_223_372_036_854_775_808.0,
            -1e19,
            f64::NAN,
            f64::INFINITY,
        ] {
            assert_eq!(whole(value), None, "{value}");
        }
        assert_eq!(Token::Unsigned(u64::MAX).integer(), None);
    }

    #[test]
    fn a_float_out_of_range_is_not_infinity() {
        assert_eq!(Token::Float(1e39).float(), None);
        let mut infinity = Token::String("-Infinity".into());
        assert_eq!(infinity.float(), Some(f32::NEG_INFINITY));
    }
}
