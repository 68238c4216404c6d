//! Values to the texts of headers, labels and query parameters.

use std::fmt::Write as _;

use base64::Engine;

use super::{HEADER_TIMESTAMP, URI_TIMESTAMP, header};
use crate::schema::{Member, TimestampFormat};
use crate::shape::{
    BASE64, BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure,
    WriteError, special_float,
};
use crate::timestamp::Timestamp;

/// Where a text goes, which decides on its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Header,
    Uri,
}

/// Writes a value as texts: one for a scalar, one an item for a list, one an entry for a map. A list
/// without items is one empty text in a header, and nothing in a query string. Each is handed to the
/// sink with the key that it stands under, which is empty outside a map.
pub(super) struct TextWriter<'a> {
    place: Place,
    sink: &'a mut dyn FnMut(&str, &str) -> Result<(), WriteError>,
    key: String,
    /// How many items the list has that is being written.
    list: Option<usize>,
}

impl<'a> TextWriter<'a> {
    pub(super) fn new(
        place: Place,
        sink: &'a mut dyn FnMut(&str, &str) -> Result<(), WriteError>,
    ) -> Self {
        Self {
            place,
            sink,
            key: String::new(),
            list: None,
        }
    }

    fn emit(&mut self, text: &str) -> Result<(), WriteError> {
        (self.sink)(&self.key, text)
    }

    fn emit_display(&mut self, value: impl std::fmt::Display) -> Result<(), WriteError> {
        let mut text = String::new();
        // A String takes everything.
        let _ = write!(text, "{value}");
        self.emit(&text)
    }

    fn timestamp_format(&self, member: &Member) -> TimestampFormat {
        member.timestamp_format_or(match self.place {
            Place::Header => HEADER_TIMESTAMP,
            Place::Uri => URI_TIMESTAMP,
        })
    }
}

fn no_text<T>() -> Result<T, WriteError> {
    Err(WriteError::new("a value of this kind has no text form"))
}

impl ShapeWriter for TextWriter<'_> {
    /// Neither headers nor query strings have a form for what is not there.
    fn null(&mut self, _: &'static Member) -> Result<(), WriteError> {
        Ok(())
    }

    fn boolean(&mut self, _: &'static Member, value: bool) -> Result<(), WriteError> {
        self.emit(if value { "true" } else { "false" })
    }

    fn integer(&mut self, _: &'static Member, value: i64) -> Result<(), WriteError> {
        self.emit_display(value)
    }

    fn float(&mut self, _: &'static Member, value: f32) -> Result<(), WriteError> {
        match special_float(f64::from(value)) {
            Some(name) => self.emit(name),
            None => self.emit_display(value),
        }
    }

    fn double(&mut self, _: &'static Member, value: f64) -> Result<(), WriteError> {
        match special_float(value) {
            Some(name) => self.emit(name),
            None => self.emit_display(value),
        }
    }

    fn big_integer(&mut self, _: &'static Member, value: &BigInteger) -> Result<(), WriteError> {
        self.emit(value.as_str())
    }

    fn big_decimal(&mut self, _: &'static Member, value: &BigDecimal) -> Result<(), WriteError> {
        self.emit(value.as_str())
    }

    /// In a header, text of a media type is base64, and an item of a list may need quotes.
    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), WriteError> {
        match self.place {
            Place::Header if member.target.media_type.is_some() => self.emit(&BASE64.encode(value)),
            // Nothing but one empty item would read as a list without items.
            Place::Header if self.list == Some(1) && value.is_empty() => self.emit("\"\""),
            Place::Header if self.list.is_some() => self.emit(&header::quote(value)),
            _ => self.emit(value),
        }
    }

    fn blob(&mut self, _: &'static Member, value: &[u8]) -> Result<(), WriteError> {
        self.emit(&BASE64.encode(value))
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), WriteError> {
        self.emit_display(value.format(self.timestamp_format(member)))
    }

    fn document(&mut self, _: &'static Member, _: &Document) -> Result<(), WriteError> {
        no_text()
    }

    fn structure(&mut self, _: &'static Member, _: &dyn Structure) -> Result<(), WriteError> {
        no_text()
    }

    fn list(&mut self, member: &'static Member, value: &dyn ListItems) -> Result<(), WriteError> {
        let Some(item) = member.target.members.first() else {
            return no_text();
        };
        if value.is_empty() && self.place == Place::Header {
            return self.emit("");
        }
        self.list = Some(value.len());
        value.write_items(item, self)
    }

    fn map(&mut self, member: &'static Member, value: &dyn MapEntries) -> Result<(), WriteError> {
        let [key, item] = member.target.members else {
            return no_text();
        };
        value.write_entries(key, item, self)
    }

    fn key(&mut self, _: &'static Member, value: &str) -> Result<(), WriteError> {
        self.key.clear();
        self.key.push_str(value);
        Ok(())
    }
}
