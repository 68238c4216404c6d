//! Open content.

use std::collections::BTreeMap;

use super::{BigDecimal, BigInteger, Blob};
use crate::timestamp::Timestamp;

/// Open content: any value of the Smithy data model.
///
/// ```
/// use tinsmith_runtime::shape::Document;
///
/// let document = Document::from_iter([("name", Document::from("ci")), ("runs", 3.into())]);
/// assert_eq!(document.get("name").and_then(Document::as_str), Some("ci"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Document {
    /// No value.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(BigDecimal),
    /// Text.
    String(String),
    /// Bytes, in protocols that have them.
    Blob(Blob),
    /// A point in time, in protocols that have them.
    Timestamp(Timestamp),
    /// A list.
    Array(Vec<Document>),
    /// A map.
    Object(BTreeMap<String, Document>),
}

impl Document {
    /// The value for `key` of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Document> {
        match self {
            Self::Object(entries) => entries.get(key),
            _ => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Empties the document and overwrites its text and bytes.
    pub(super) fn wipe(&mut self) {
        match self {
            Self::String(text) => zeroize::Zeroize::zeroize(text),
            Self::Number(number) => number.wipe(),
            Self::Blob(blob) => blob.wipe(),
            Self::Array(items) => items.iter_mut().for_each(Self::wipe),
            Self::Object(entries) => entries.values_mut().for_each(Self::wipe),
            Self::Null | Self::Bool(_) | Self::Timestamp(_) => {}
        }
        *self = Self::Null;
    }
}

macro_rules! document_from {
    ($($type:ty => $variant:ident($value:ident) = $made:expr;)*) => {
        $(impl From<$type> for Document {
            fn from($value: $type) -> Self {
                Self::$variant($made)
            }
        })*
    };
}

document_from! {
    bool => Bool(value) = value;
    i32 => Number(value) = value.into();
    i64 => Number(value) = value.into();
    u64 => Number(value) = value.into();
    BigInteger => Number(value) = value.into();
    BigDecimal => Number(value) = value;
    String => String(value) = value;
    &str => String(value) = value.to_owned();
    Blob => Blob(value) = value;
    Timestamp => Timestamp(value) = value;
    Vec<Document> => Array(value) = value;
    BTreeMap<String, Document> => Object(value) = value;
}

impl<T: Into<Document>> From<Option<T>> for Document {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Into<Document>> FromIterator<T> for Document {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<String>> FromIterator<(K, Document)> for Document {
    fn from_iter<I: IntoIterator<Item = (K, Document)>>(entries: I) -> Self {
        Self::Object(entries.into_iter().map(|(k, v)| (k.into(), v)).collect())
    }
}
