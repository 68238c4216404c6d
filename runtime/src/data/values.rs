//! The runtime's own data types: timestamps, blobs, documents and numbers of any size.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{Serialize, Serializer};

use crate::schema::TimestampFormat;
use crate::shape::{BASE64, BigDecimal, BigInteger, Blob, Document};
use crate::timestamp::Timestamp;

impl Serialize for Timestamp {
    /// As in RFC 3339.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.format(TimestampFormat::DateTime))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text, TimestampFormat::DateTime).map_err(D::Error::custom)
    }
}

impl Serialize for Blob {
    /// As base64.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(self))
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // The decoder's own error would show a part of the text.
        let bytes = BASE64
            .decode(text)
            .map_err(|_| D::Error::custom("not base64"))?;
        Ok(bytes.into())
    }
}

impl Serialize for BigInteger {
    /// As text, since few formats hold the number.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for BigInteger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number(deserializer)
    }
}

impl Serialize for BigDecimal {
    /// As text, since few formats hold the number.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for BigDecimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        number(deserializer)
    }
}

fn number<'de, T: FromStr<Err: fmt::Display>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let FloatText(text) = FloatText::deserialize(deserializer)?;
    text.parse().map_err(D::Error::custom)
}

/// A number or its text, as text.
pub(super) struct FloatText(pub(super) String);

impl<'de> Deserialize<'de> for FloatText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl Visitor<'_> for TextVisitor {
            type Value = FloatText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number or the text of one")
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<FloatText, E> {
                Ok(FloatText(value.to_string()))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<FloatText, E> {
                Ok(FloatText(value.to_string()))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<FloatText, E> {
                Ok(FloatText(value.to_string()))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<FloatText, E> {
                Ok(FloatText(value.to_owned()))
            }
        }

        deserializer.deserialize_any(TextVisitor)
    }
}

impl Serialize for Document {
    /// As the value itself; a number that is none of the machine's becomes the nearest double, and
    /// bytes and points in time become text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => serialize_number(number, serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Blob(blob) => blob.serialize(serializer),
            Self::Timestamp(time) => time.serialize(serializer),
            Self::Array(items) => items.serialize(serializer),
            Self::Object(entries) => entries.serialize(serializer),
        }
    }
}

fn serialize_number<S: Serializer>(number: &BigDecimal, serializer: S) -> Result<S::Ok, S::Error> {
    let text = number.as_str();
    if let Ok(integer) = text.parse::<i64>() {
        serializer.serialize_i64(integer)
    } else if let Ok(integer) = text.parse::<u64>() {
        serializer.serialize_u64(integer)
    } else {
        serializer.serialize_f64(number.to_f64())
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        Document::deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Document, E> {
        let number: BigDecimal = value.to_string().parse().map_err(E::custom)?;
        Ok(number.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Document, E> {
        Ok(value.into())
    }

    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<Document, E> {
        Ok(Blob::from(value).into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Document, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Document::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut entries = std::collections::BTreeMap::new();
        while let Some((key, value)) = map.next_entry()? {
            entries.insert(key, value);
        }
        Ok(Document::Object(entries))
    }
}
