//! JSON whose numbers keep every digit.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use tinsmith_runtime::shape::BigDecimal;

/// A JSON value. Numbers stay as they are written, since a test may have more digits than a double.
#[derive(Clone, Debug, Default)]
pub enum Json {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// The value that `text` is.
    ///
    /// # Errors
    ///
    /// A text that is not JSON, with the place.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// An object of these entries.
    pub(crate) fn object<const N: usize>(entries: [(&str, Self); N]) -> Self {
        Self::Object(entries.map(|(key, value)| (key.to_owned(), value)).into())
    }

    /// The value of an object's `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
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
}

/// Numbers are equal when they stand for the same number: `1.0` and `1`.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Number(a), Self::Number(b)) => {
                let number = |text: &str| text.parse::<BigDecimal>().ok();
                a == b || number(a).is_some_and(|a| number(b) == Some(a))
            }
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a == b,
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        from_raw(raw.get()).map_err(D::Error::custom)
    }
}

/// Takes one level apart; the levels below come back through `Deserialize`.
fn from_raw(text: &str) -> serde_json::Result<Json> {
    Ok(match text.as_bytes().first() {
        Some(b'n') => Json::Null,
        Some(b't' | b'f') => Json::Bool(serde_json::from_str(text)?),
        Some(b'"') => Json::String(serde_json::from_str(text)?),
        Some(b'[') => Json::Array(serde_json::from_str(text)?),
        Some(b'{') => Json::Object(serde_json::from_str(text)?),
        _ => Json::Number(text.to_owned()),
    })
}

/// Compact JSON.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(text) => f.write_str(text),
            Self::String(text) => write!(f, "{}", serde_json::Value::from(text.as_str())),
            Self::Array(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{item}")?;
                }
                f.write_str("]")
            }
            Self::Object(entries) => {
                f.write_str("{")?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(
                        f,
                        "{comma}{}:{value}",
                        serde_json::Value::from(key.as_str())
                    )?;
                }
                f.write_str("}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    /// A body may have a number that no machine type holds; another spelling of it is the same.
    #[test]
    fn numbers_are_compared_by_value() {
        let parse = |text| Json::parse(text).unwrap();
        assert_eq!(parse("[1.0, 1e2]"), parse("[1, 100]"));
        let big = "123456789012345678901234567890.5";
        assert_eq!(parse(big).to_string(), big);
        assert_ne!(parse(big), parse("123456789012345678901234567890.6"));
        assert_ne!(parse("1"), parse("\"1\""));
    }

    /// What a report shows is JSON again.
    #[test]
    fn display_is_json() {
        let text = r#"{"a":[null,true,"\"\n"],"b":{}}"#;
        assert_eq!(Json::parse(text).unwrap().to_string(), text);
    }
}
