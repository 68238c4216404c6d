//! Values of JMESPath.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use serde_core::ser::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::Literal;
use crate::shape::{BASE64, Document};

/// A value that an expression is applied to, or gives.
///
/// Parts are shared, not copied. Text is wiped with the last value that has it, since it may stem from a
/// sensitive member; `Debug` tells only the type.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Nothing is there.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    String(Rc<Zeroizing<String>>),
    /// A list.
    Array(Rc<[Value]>),
    /// A map or structure.
    Object(Rc<BTreeMap<String, Value>>),
}

impl Value {
    /// Whether it counts as true: neither null, `false`, nor empty.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(_) => true,
            Self::String(text) => !text.is_empty(),
            Self::Array(items) => !items.is_empty(),
            Self::Object(entries) => !entries.is_empty(),
        }
    }

    /// The boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
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

    /// The number.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// The items of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The type as the function `type` names it.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.type_name())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::from(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(Rc::new(Zeroizing::new(value)))
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::Array(items.into_iter().collect())
    }
}

impl<K: Into<String>> FromIterator<(K, Value)> for Value {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        Self::Object(Rc::new(entries.map(|(key, it)| (key.into(), it)).collect()))
    }
}

impl From<&Literal> for Value {
    fn from(literal: &Literal) -> Self {
        match *literal {
            Literal::Null => Self::Null,
            Literal::Bool(value) => Self::Bool(value),
            Literal::Number(value) => Self::Number(value),
            Literal::String(text) => Self::from(text),
            Literal::Array(items) => items.iter().map(Self::from).collect(),
            Literal::Object(entries) => {
                let entries = entries.iter();
                entries.map(|(key, it)| (*key, Self::from(it))).collect()
            }
        }
    }
}

/// Blobs are base64, points in time seconds since the epoch.
///
/// Source: Smithy 2.0, "Waiters", "JMESPath data model".
impl From<&Document> for Value {
    fn from(document: &Document) -> Self {
        match document {
            Document::Null => Self::Null,
            Document::Bool(value) => Self::Bool(*value),
            Document::Number(value) => Self::Number(value.to_f64()),
            Document::String(text) => Self::from(text.as_str()),
            Document::Blob(bytes) => Self::from(base64::Engine::encode(&BASE64, bytes)),
            Document::Timestamp(time) => Self::Number(time.as_duration().as_secs_f64()),
            Document::Array(items) => items.iter().map(Self::from).collect(),
            Document::Object(entries) => {
                let entries = entries.iter();
                entries
                    .map(|(key, it)| (key.as_str(), Self::from(it)))
                    .collect()
            }
        }
    }
}

/// As JSON, whole numbers without a fraction.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// Below it, every whole number is one of the numbers that an `f64` can be.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            #[allow(clippy::cast_possible_truncation)] // A whole number below the limit.
            Self::Number(value) if value.fract() == 0.0 && value.abs() < EXACT => {
                serializer.serialize_i64(*value as i64)
            }
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items.iter()),
            Self::Object(entries) => serializer.collect_map(entries.iter()),
        }
    }
}
