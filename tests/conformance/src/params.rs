//! Parameters of a test as a source that typed values are read from.

use tinsmith_runtime::schema::{Member, Schema, TimestampFormat};
use tinsmith_runtime::shape::{
    BigDecimal, BigInteger, Blob, Document, ListSink, MapSink, ReadError, ShapeReader, Structure,
};
use tinsmith_runtime::timestamp::Timestamp;

use crate::json::Json;

/// Fills `into`, a structure or union of the shape `schema`, from the parameters of a test.
///
/// Source: Smithy 2.0, "HTTP protocol compliance tests": blobs are plain text, timestamps seconds
/// since 1970, sometimes with a fraction.
///
/// # Errors
///
/// Parameters that do not fit the shape, a member that it does not have among them.
pub(crate) fn fill(schema: &Schema, params: &Json, into: &mut dyn Structure) -> Result<(), String> {
    read(schema, params, into).map_err(|error| format!("params: {error}"))
}

fn read(schema: &Schema, params: &Json, into: &mut dyn Structure) -> Result<(), ReadError> {
    let Json::Object(entries) = params else {
        return Err(ReadError::expected("an object", "another value"));
    };
    for (name, value) in entries {
        let index = schema.members.iter().position(|member| member.name == name);
        let Some(index) = index else {
            return Err(ReadError::new(format!(
                "{} has no member `{name}`",
                schema.id
            )));
        };
        let read = into.read(index, &mut Param(value));
        read.map_err(|error| error.under(name))?;
    }
    Ok(())
}

/// One value.
struct Param<'a>(&'a Json);

impl Param<'_> {
    /// The value that `convert` makes; `None` for `null`.
    fn value<T>(
        &self,
        expected: &str,
        convert: impl FnOnce(&Json) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        if matches!(self.0, Json::Null) {
            return Ok(None);
        }
        let value = convert(self.0);
        value
            .map(Some)
            .ok_or_else(|| ReadError::expected(expected, "another value"))
    }

    /// A number, or the name of one that has no digits.
    fn floating<T: std::str::FromStr>(&self) -> Result<Option<T>, ReadError> {
        self.value("a number", |json| match json {
            Json::Number(text) => text.parse().ok(),
            Json::String(name) if ["NaN", "Infinity", "-Infinity"].contains(&name.as_str()) => {
                name.parse().ok()
            }
            _ => None,
        })
    }

    fn number<T: std::str::FromStr>(&self) -> Result<Option<T>, ReadError> {
        self.value("a number in range", |json| match json {
            Json::Number(text) => text.parse().ok(),
            _ => None,
        })
    }
}

impl ShapeReader for Param<'_> {
    fn boolean(&mut self, _: &'static Member) -> Result<Option<bool>, ReadError> {
        self.value("a boolean", |json| match json {
            Json::Bool(value) => Some(*value),
            _ => None,
        })
    }

    fn integer(&mut self, _: &'static Member) -> Result<Option<i64>, ReadError> {
        self.number()
    }

    fn float(&mut self, _: &'static Member) -> Result<Option<f32>, ReadError> {
        self.floating()
    }

    fn double(&mut self, _: &'static Member) -> Result<Option<f64>, ReadError> {
        self.floating()
    }

    fn big_integer(&mut self, _: &'static Member) -> Result<Option<BigInteger>, ReadError> {
        self.number()
    }

    fn big_decimal(&mut self, _: &'static Member) -> Result<Option<BigDecimal>, ReadError> {
        self.number()
    }

    fn string(&mut self, _: &'static Member) -> Result<Option<String>, ReadError> {
        self.value("a string", |json| json.as_str().map(str::to_owned))
    }

    fn blob(&mut self, _: &'static Member) -> Result<Option<Blob>, ReadError> {
        self.value("a string", |json| json.as_str().map(Blob::from))
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<Option<Timestamp>, ReadError> {
        self.value("a time", |json| match json {
            // Tests have digits that only a double makes, such as 946845296.12300003 for .123; the
            // shortest text that is the same double is what was meant.
            Json::Number(text) => {
                let seconds = text.parse::<f64>().ok()?.to_string();
                Timestamp::parse(&seconds, TimestampFormat::EpochSeconds).ok()
            }
            // As events have them.
            Json::String(text) => Timestamp::parse(text, TimestampFormat::DateTime).ok(),
            _ => None,
        })
    }

    fn document(&mut self, _: &'static Member) -> Result<Option<Document>, ReadError> {
        self.value("a document", document)
    }

    fn structure(
        &mut self,
        member: &'static Member,
        into: &mut dyn Structure,
    ) -> Result<bool, ReadError> {
        if matches!(self.0, Json::Null) {
            return Ok(false);
        }
        read(member.target, self.0, into).map(|()| true)
    }

    fn list(
        &mut self,
        member: &'static Member,
        into: &mut dyn ListSink,
    ) -> Result<bool, ReadError> {
        let (items, item) = match (self.0, member.target.members) {
            (Json::Null, _) => return Ok(false),
            (Json::Array(items), [item]) => (items, item),
            _ => return Err(ReadError::expected("an array", "another value")),
        };
        for (index, value) in items.iter().enumerate() {
            let read = into.read_item(item, &mut Param(value));
            read.map_err(|error| error.under(&index.to_string()))?;
        }
        Ok(true)
    }

    fn map(&mut self, member: &'static Member, into: &mut dyn MapSink) -> Result<bool, ReadError> {
        let (entries, value) = match (self.0, member.target.members) {
            (Json::Null, _) => return Ok(false),
            (Json::Object(entries), [_, value]) => (entries, value),
            _ => return Err(ReadError::expected("an object", "another value")),
        };
        for (key, entry) in entries {
            let read = into.read_entry(key, value, &mut Param(entry));
            read.map_err(|error| error.under(key))?;
        }
        Ok(true)
    }
}

fn document(json: &Json) -> Option<Document> {
    Some(match json {
        Json::Null => Document::Null,
        Json::Bool(value) => Document::Bool(*value),
        Json::Number(text) => Document::Number(text.parse().ok()?),
        Json::String(text) => Document::String(text.clone()),
        Json::Array(items) => Document::Array(items.iter().map(document).collect::<Option<_>>()?),
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Some((key.clone(), document(value)?)));
            Document::Object(entries.collect::<Option<_>>()?)
        }
    })
}
