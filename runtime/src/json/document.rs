//! JSON as open content.

use std::collections::BTreeMap;

use super::Dialect;
use super::reader::Context;
use super::token::{Token, kind_of};
use super::visitor::Fill;
use crate::schema::{Member, Schema, prelude};
use crate::shape::{Document, ListSink, MapSink, ReadError, ShapeReader};

/// A list of anything.
static LIST: Schema = Schema::list("smithy.api#Document", &LIST_MEMBERS);
static LIST_MEMBERS: [Member; 1] = [Member::new("member", &prelude::DOCUMENT)];

/// An object of anything.
static OBJECT: Schema = Schema::map("smithy.api#Document", &OBJECT_MEMBERS);
static OBJECT_MEMBERS: [Member; 2] = [
    Member::new("key", &prelude::STRING),
    Member::new("value", &prelude::DOCUMENT),
];

/// Stands for an object whose values are read as documents, or not at all.
pub(crate) static ANY_OBJECT: Member = Member::new("object", &OBJECT);

/// Reads the text of one JSON value, with every digit of its numbers. `depth` is how many levels it may
/// have.
///
/// Each level of nesting scans its text again to find where the inner values end. Documents are
/// shallow, and the depth is bounded.
pub(super) fn parse(
    dialect: &'static Dialect,
    text: &str,
    depth: usize,
) -> Result<Document, ReadError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(ReadError::new("nested too deeply"));
    };
    let mut cx = Context::new(dialect, depth);
    match kind_of(text) {
        "a number" => text
            .parse()
            .map(Document::Number)
            .map_err(|_| ReadError::expected("a number", "one with too great an exponent")),
        "a list" => {
            let mut items = Items(Vec::new());
            let (schema, into) = (&LIST, &mut items);
            cx.read(text, Fill::List { schema, into })?;
            Ok(Document::Array(items.0))
        }
        "an object" => {
            let mut entries = Entries(BTreeMap::new());
            let (schema, into) = (&OBJECT, &mut entries);
            cx.read(text, Fill::Map { schema, into })?;
            Ok(Document::Object(entries.0))
        }
        _ => Ok(match cx.read(text, Fill::Scalar("a value"))? {
            Token::Bool(value) => Document::Bool(value),
            Token::String(value) => Document::String(value.into_owned()),
            _ => Document::Null,
        }),
    }
}

struct Items(Vec<Document>);

impl ListSink for Items {
    fn read_item(
        &mut self,
        item: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<(), ReadError> {
        let value = reader.document(item)?;
        self.0.push(value.unwrap_or(Document::Null));
        Ok(())
    }
}

struct Entries(BTreeMap<String, Document>);

impl MapSink for Entries {
    fn read_entry(
        &mut self,
        key: &str,
        value: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<(), ReadError> {
        let value = reader.document(value)?;
        self.0
            .insert(key.to_owned(), value.unwrap_or(Document::Null));
        Ok(())
    }
}

/// The text was found to be JSON when it was taken out of the body, but for escapes in its strings.
pub(super) fn unreadable() -> ReadError {
    ReadError::new("malformed JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Timestamps;
    use crate::schema::TimestampFormat;
    use crate::shape::MAX_DEPTH;

    fn parse(text: &str) -> Result<Document, ReadError> {
        static DIALECT: Dialect = Dialect {
            json_names: true,
            timestamps: Timestamps::Default(TimestampFormat::EpochSeconds),
            big_number_strings: false,
        };
        super::parse(&DIALECT, text, MAX_DEPTH)
    }

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
