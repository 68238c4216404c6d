//! A typed value as a tree, by the walk that a serialiser takes, so that two values can be compared
//! and their differences shown.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tinsmith_runtime::schema::{Member, TimestampFormat};
use tinsmith_runtime::shape::{
    BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure, WriteError,
};
use tinsmith_runtime::timestamp::Timestamp;

use crate::json::Json;

/// The members of `value` that are set. Numbers without digits are their names, so that NaN equals
/// NaN; blobs are base64, timestamps RFC 3339.
///
/// # Errors
///
/// A union that holds a variant which the client does not know.
pub(crate) fn canonical(value: &dyn Structure) -> Result<Json, WriteError> {
    let mut tree = Tree::Members(BTreeMap::new());
    value.write(&mut tree)?;
    Ok(tree.into_json())
}

/// An aggregate that is being put together.
enum Tree {
    Members(BTreeMap<String, Json>),
    Items(Vec<Json>),
    Entries(BTreeMap<String, Json>, String),
}

impl Tree {
    fn put(&mut self, member: &'static Member, value: Json) {
        match self {
            Self::Members(members) => {
                members.insert(member.name.to_owned(), value);
            }
            Self::Items(items) => items.push(value),
            Self::Entries(entries, key) => {
                entries.insert(std::mem::take(key), value);
            }
        }
    }

    fn into_json(self) -> Json {
        match self {
            Self::Members(entries) | Self::Entries(entries, _) => Json::Object(entries),
            Self::Items(items) => Json::Array(items),
        }
    }
}

/// A number with digits, or the name of one without.
fn floating(value: impl Into<f64> + ToString + Copy) -> Json {
    let wide: f64 = value.into();
    if wide.is_nan() {
        Json::String("NaN".to_owned())
    } else if wide.is_infinite() {
        let sign = if wide > 0.0 { "" } else { "-" };
        Json::String(format!("{sign}Infinity"))
    } else {
        Json::Number(value.to_string())
    }
}

fn blob(bytes: &[u8]) -> Json {
    Json::String(BASE64_STANDARD.encode(bytes))
}

fn timestamp(time: Timestamp) -> Json {
    Json::String(time.format(TimestampFormat::DateTime).to_string())
}

fn document(value: &Document) -> Result<Json, WriteError> {
    Ok(match value {
        Document::Null => Json::Null,
        Document::Bool(value) => Json::Bool(*value),
        Document::Number(number) => Json::Number(number.to_string()),
        Document::String(text) => Json::String(text.clone()),
        Document::Blob(bytes) => blob(bytes),
        Document::Timestamp(time) => timestamp(*time),
        Document::Array(items) => {
            Json::Array(items.iter().map(document).collect::<Result<_, _>>()?)
        }
        Document::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Ok((key.clone(), document(value)?)));
            Json::Object(entries.collect::<Result<_, _>>()?)
        }
        _ => return Err(WriteError::new("a kind of document that tests do not know")),
    })
}

impl ShapeWriter for Tree {
    fn null(&mut self, member: &'static Member) -> Result<(), WriteError> {
        if !matches!(self, Self::Members(_)) {
            self.put(member, Json::Null);
        }
        Ok(())
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), WriteError> {
        self.put(member, Json::Bool(value));
        Ok(())
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), WriteError> {
        self.put(member, Json::Number(value.to_string()));
        Ok(())
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), WriteError> {
        self.put(member, floating(value));
        Ok(())
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), WriteError> {
        self.put(member, floating(value));
        Ok(())
    }

    fn big_integer(
        &mut self,
        member: &'static Member,
        value: &BigInteger,
    ) -> Result<(), WriteError> {
        self.put(member, Json::Number(value.to_string()));
        Ok(())
    }

    fn big_decimal(
        &mut self,
        member: &'static Member,
        value: &BigDecimal,
    ) -> Result<(), WriteError> {
        self.put(member, Json::Number(value.to_string()));
        Ok(())
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), WriteError> {
        self.put(member, Json::String(value.to_owned()));
        Ok(())
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), WriteError> {
        self.put(member, blob(value));
        Ok(())
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), WriteError> {
        self.put(member, timestamp(value));
        Ok(())
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Result<(), WriteError> {
        self.put(member, document(value)?);
        Ok(())
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn Structure,
    ) -> Result<(), WriteError> {
        self.put(member, canonical(value)?);
        Ok(())
    }

    fn list(&mut self, member: &'static Member, value: &dyn ListItems) -> Result<(), WriteError> {
        let mut items = Self::Items(Vec::new());
        if let [item] = member.target.members {
            value.write_items(item, &mut items)?;
        }
        self.put(member, items.into_json());
        Ok(())
    }

    fn map(&mut self, member: &'static Member, value: &dyn MapEntries) -> Result<(), WriteError> {
        let mut entries = Self::Entries(BTreeMap::new(), String::new());
        if let [key, entry] = member.target.members {
            value.write_entries(key, entry, &mut entries)?;
        }
        self.put(member, entries.into_json());
        Ok(())
    }

    fn key(&mut self, _: &'static Member, value: &str) -> Result<(), WriteError> {
        if let Self::Entries(_, key) = self {
            value.clone_into(key);
        }
        Ok(())
    }
}
