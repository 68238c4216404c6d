//! JSON as open content.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::token::{kind_of, unescape};
use crate::shape::{Document, MAX_DEPTH, ReadError};

/// Reads the text of one JSON value, with every digit of its numbers.
///
/// Each level of nesting scans its text again to find where the inner values end. Documents are
/// shallow, and the depth is bounded.
pub(super) fn parse(text: &str) -> Result<Document, ReadError> {
    parse_nested(text, MAX_DEPTH)
}

fn parse_nested(text: &str, depth: usize) -> Result<Document, ReadError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(ReadError::new("nested too deeply"));
    };
    Ok(match kind_of(text) {
        "null" => Document::Null,
        "a boolean" => Document::Bool(text == "true"),
        "a string" => Document::String(unescape(text)?),
        "a number" => Document::Number(
            text.parse()
                .map_err(|_| ReadError::expected("a number", "one with too great an exponent"))?,
        ),
        "a list" => Document::Array(parse_items(text, depth)?),
        _ => Document::Object(parse_entries(text, depth)?),
    })
}

fn parse_items(text: &str, depth: usize) -> Result<Vec<Document>, ReadError> {
    let items: Vec<&RawValue> =
        serde_json::from_slice(text.as_bytes()).map_err(|_| unreadable())?;
    let items = items.iter().enumerate();
    items
        .map(|(index, item)| {
            parse_nested(item.get(), depth).map_err(|error| error.under(&index.to_string()))
        })
        .collect()
}

fn parse_entries(text: &str, depth: usize) -> Result<BTreeMap<String, Document>, ReadError> {
    let entries: BTreeMap<String, &RawValue> =
        serde_json::from_slice(text.as_bytes()).map_err(|_| unreadable())?;
    let mut document = BTreeMap::new();
    for (key, entry) in entries {
        let entry = parse_nested(entry.get(), depth).map_err(|error| error.under(&key))?;
        document.insert(key, entry);
    }
    Ok(document)
}

/// The text was found to be JSON when it was taken out of the body, but for escapes in its strings.
pub(super) fn unreadable() -> ReadError {
    ReadError::new("malformed JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        let text = r#"{"a": [1.10, 123456789012345678901234567890, null], "b": "\u00e9"}"#;
        let document = parse(text).unwrap();
        let Some(Document::Array(items)) = document.get("a") else {
            panic!("no list");
        };
        let digits = |document: &Document| match document {
            Document::Number(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        let digits: Vec<String> = items.iter().map(digits).collect();
        assert_eq!(digits, ["1.10", "123456789012345678901234567890", "Null"]);
        assert_eq!(document.get("b").and_then(Document::as_str), Some("é"));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert!(parse(&nested(MAX_DEPTH + 1)).is_err());
    }
}
