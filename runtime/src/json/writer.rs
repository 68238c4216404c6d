//! Values to JSON.

use std::fmt;
use std::io::Write as _;

use base64::Engine;

use super::{Dialect, Timestamps};
use crate::schema::{Member, TimestampFormat};
use crate::shape::{
    BASE64, BigDecimal, BigInteger, Document, ListItems, MAX_DEPTH, MapEntries, ShapeWriter,
    Structure, WriteError,
};
use crate::timestamp::Timestamp;

/// Writes values as JSON, straight into the body.
pub(crate) struct JsonWriter {
    out: Vec<u8>,
    dialect: &'static Dialect,
    place: Place,
    depth: usize,
}

/// Stands for a map's key in the path of an error, since a key may be secret.
const ANY_KEY: &str = "*";

/// What the next value stands in.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// Nothing: it is the whole document.
    Alone,
    /// An object, whose key is written already.
    Entry,
    /// An object, whose next key is the member's name.
    Structure,
    /// An array, and the index there.
    List(usize),
}

impl JsonWriter {
    /// A writer of a whole document: of one value, whatever its member's name is.
    pub(crate) fn of_value(dialect: &'static Dialect) -> Self {
        Self {
            out: Vec::new(),
            dialect,
            place: Place::Alone,
            depth: 0,
        }
    }

    /// A writer of the members of the object that is the document; [`JsonWriter::end_members`] closes
    /// it.
    pub(crate) fn of_members(dialect: &'static Dialect) -> Self {
        let mut writer = Self::of_value(dialect);
        writer.out.reserve(128);
        writer.out.push(b'{');
        writer.place = Place::Structure;
        writer
    }

    /// The document that [`JsonWriter::of_members`] began.
    pub(crate) fn end_members(mut self) -> Vec<u8> {
        self.out.push(b'}');
        self.out
    }

    /// The document; empty if no value was written.
    pub(crate) fn into_document(self) -> Vec<u8> {
        self.out
    }

    /// Writes what goes before the value of `member`.
    fn begin(&mut self, member: &Member) {
        match self.place {
            Place::Alone | Place::Entry => {}
            Place::Structure => self.write_key(self.dialect.name(member)),
            Place::List(index) => {
                self.separate();
                self.place = Place::List(index + 1);
            }
        }
    }

    fn write_key(&mut self, key: &str) {
        self.separate();
        self.write_string(key);
        self.out.push(b':');
    }

    /// A comma, unless this is the first entry: no value ends in an opening bracket.
    fn separate(&mut self) {
        if !matches!(self.out.last(), None | Some(b'{' | b'[')) {
            self.out.push(b',');
        }
    }

    fn write_string(&mut self, text: &str) {
        // A Vec takes every byte and a str has a form in JSON, so this cannot fail.
        let _ = serde_json::to_writer(&mut self.out, text);
    }

    /// A number in the fewest digits that read back as the same one, with an exponent where there would be
    /// many zeros. The standard library writes it, whose digits every program has anyway.
    fn write_finite(&mut self, value: impl fmt::Debug) {
        let _ = write!(self.out, "{value:?}");
    }

    fn write_text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// A number of any size, which needs no escapes.
    fn write_big_number(&mut self, text: &str) {
        let quote = if self.dialect.big_number_strings {
            "\""
        } else {
            ""
        };
        for part in [quote, text, quote] {
            self.write_text(part);
        }
    }

    /// Base64 in quotes, encoded in place.
    fn write_base64(&mut self, bytes: &[u8]) {
        self.out.push(b'"');
        let start = self.out.len();
        let room = base64::encoded_len(bytes.len(), true).unwrap_or(0);
        self.out.resize(start + room, 0);
        let space = self.out.get_mut(start..).unwrap_or_default();
        let written = BASE64.encode_slice(bytes, space).unwrap_or(0);
        self.out.truncate(start + written);
        self.out.push(b'"');
    }

    fn write_timestamp(&mut self, value: Timestamp, format: TimestampFormat) {
        let text = value.format(format);
        let _ = match format {
            TimestampFormat::EpochSeconds => write!(self.out, "{text}"),
            _ => write!(self.out, "\"{text}\""),
        };
    }

    /// Writes a container: its brackets, and between them what `content` writes.
    fn nest(
        &mut self,
        brackets: [u8; 2],
        inner: Place,
        content: impl FnOnce(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        if self.depth == MAX_DEPTH {
            return Err(WriteError::new("nested too deeply"));
        }
        self.depth += 1;
        self.out.push(brackets[0]);
        let outer = std::mem::replace(&mut self.place, inner);
        content(self)?;
        self.place = outer;
        self.out.push(brackets[1]);
        self.depth -= 1;
        Ok(())
    }

    fn write_document(&mut self, value: &Document) -> Result<(), WriteError> {
        match value {
            Document::Null => self.write_text("null"),
            Document::Bool(value) => self.write_text(if *value { "true" } else { "false" }),
            Document::Number(value) => self.write_text(value.as_str()),
            Document::String(value) => self.write_string(value),
            Document::Blob(value) => self.write_base64(value),
            Document::Timestamp(value) => {
                let (Timestamps::Default(format) | Timestamps::Fixed(format)) =
                    self.dialect.timestamps;
                self.write_timestamp(*value, format);
            }
            Document::Array(items) => self.nest(*b"[]", Place::Alone, |writer| {
                items.iter().enumerate().try_for_each(|(index, item)| {
                    writer.separate();
                    writer
                        .write_document(item)
                        .map_err(|error| error.under(&index.to_string()))
                })
            })?,
            Document::Object(entries) => self.nest(*b"{}", Place::Alone, |writer| {
                entries.iter().try_for_each(|(key, entry)| {
                    writer.write_key(key);
                    writer
                        .write_document(entry)
                        .map_err(|error| error.under(ANY_KEY))
                })
            })?,
        }
        Ok(())
    }

    /// Adds to an error where its value stands.
    fn locate(place: Place, member: &Member, error: WriteError) -> WriteError {
        match place {
            Place::Structure => error.under(member.name),
            Place::List(index) => error.under(&index.to_string()),
            Place::Entry => error.under(ANY_KEY),
            Place::Alone => error,
        }
    }
}

impl ShapeWriter for JsonWriter {
    fn null(&mut self, member: &'static Member) -> Result<(), WriteError> {
        if !matches!(self.place, Place::Structure) {
            self.begin(member);
            self.write_text("null");
        }
        Ok(())
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), WriteError> {
        self.begin(member);
        self.write_text(if value { "true" } else { "false" });
        Ok(())
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), WriteError> {
        self.begin(member);
        let _ = serde_json::to_writer(&mut self.out, &value);
        Ok(())
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), WriteError> {
        self.begin(member);
        match crate::shape::special_float(f64::from(value)) {
            Some(name) => self.write_string(name),
            None => self.write_finite(value),
        }
        Ok(())
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), WriteError> {
        self.begin(member);
        match crate::shape::special_float(value) {
            Some(name) => self.write_string(name),
            None => self.write_finite(value),
        }
        Ok(())
    }

    fn big_integer(
        &mut self,
        member: &'static Member,
        value: &BigInteger,
    ) -> Result<(), WriteError> {
        self.begin(member);
        self.write_big_number(value.as_str());
        Ok(())
    }

    fn big_decimal(
        &mut self,
        member: &'static Member,
        value: &BigDecimal,
    ) -> Result<(), WriteError> {
        self.begin(member);
        self.write_big_number(value.as_str());
        Ok(())
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), WriteError> {
        self.begin(member);
        self.write_string(value);
        Ok(())
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), WriteError> {
        self.begin(member);
        self.write_base64(value);
        Ok(())
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), WriteError> {
        self.begin(member);
        let format = self.dialect.timestamp_format(member);
        self.write_timestamp(value, format);
        Ok(())
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Result<(), WriteError> {
        let place = self.place;
        self.begin(member);
        self.write_document(value)
            .map_err(|error| Self::locate(place, member, error))
    }

    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn Structure,
    ) -> Result<(), WriteError> {
        let place = self.place;
        self.begin(member);
        self.nest(*b"{}", Place::Structure, |writer| value.write(writer))
            .map_err(|error| Self::locate(place, member, error))
    }

    fn list(&mut self, member: &'static Member, value: &dyn ListItems) -> Result<(), WriteError> {
        let place = self.place;
        self.begin(member);
        let Some(item) = member.target.members.first() else {
            return Err(WriteError::new("the schema of a list has no member"));
        };
        self.nest(*b"[]", Place::List(0), |writer| {
            value.write_items(item, writer)
        })
        .map_err(|error| Self::locate(place, member, error))
    }

    fn map(&mut self, member: &'static Member, value: &dyn MapEntries) -> Result<(), WriteError> {
        let place = self.place;
        self.begin(member);
        let [key, item] = member.target.members else {
            return Err(WriteError::new("the schema of a map lacks its members"));
        };
        self.nest(*b"{}", Place::Entry, |writer| {
            value.write_entries(key, item, writer)
        })
        .map_err(|error| Self::locate(place, member, error))
    }

    fn key(&mut self, _member: &'static Member, value: &str) -> Result<(), WriteError> {
        self.write_key(value);
        Ok(())
    }
}
