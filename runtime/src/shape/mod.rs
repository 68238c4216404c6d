//! The one walk over a value, and its visitors' interface.
//!
//! Generated code implements [`Structure`] for every structure and union: `write` hands each member
//! with its schema to a [`ShapeWriter`], `read` takes one member from a [`ShapeReader`]. Both are
//! trait objects, so that a shape is compiled once and not once a protocol. The plain types of the
//! standard library take part through [`Value`] and [`Field`].

mod big_number;
mod blob;
mod document;
mod enums;
mod error;
mod float;
mod member_text;
pub(crate) mod pointer;
mod present;
mod sensitive;
mod text;
mod value;
mod variant;

pub(crate) use big_number::compare_decimals;
pub use big_number::{BigDecimal, BigInteger, InvalidNumber};
pub(crate) use blob::BASE64;
pub use blob::Blob;
pub use document::Document;
pub(crate) use error::Position;
pub use error::{ReadError, WriteError};
pub(crate) use float::{parse_double, parse_float, special_float, special_named};
pub(crate) use member_text::member_text;
pub(crate) use pointer::Segment;
pub(crate) use present::{Present, check_variants, note_missing};
pub use sensitive::Sensitive;
pub(crate) use text::Text;
pub use variant::{Unit, read_variant};

use crate::schema::Member;
use crate::stream::{IncomingStream, OutgoingStream};
use crate::timestamp::Timestamp;

/// How deeply values may nest, in either direction: more is an attack or a mistake, and would end in
/// a stack overflow.
pub(crate) const MAX_DEPTH: usize = 128;

/// A structure or union: something with members.
///
/// Implemented by generated code.
pub trait Structure {
    /// Hands every member, in the order of its schema, to `writer`. A union hands over the one that
    /// is set.
    ///
    /// # Errors
    ///
    /// Passes on the first error of the writer. A union refuses to write a variant it does not know.
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError>;

    /// Takes the member at `index` of the schema's members from `reader` and reports whether there
    /// was a value (`false` for `null`). An index that the schema does not have is no value.
    ///
    /// # Errors
    ///
    /// Passes on the errors of the reader.
    fn read(&mut self, index: usize, reader: &mut dyn ShapeReader) -> Result<bool, ReadError>;

    /// Hears of a member that the schema does not have. A union keeps its name, a structure ignores
    /// it.
    fn read_unknown(&mut self, name: &str) {
        let _ = name;
    }

    /// Overwrites every member; called when a [`Sensitive`] structure is dropped. Generated code has
    /// it where a sensitive shape holds others, as a call of [`Field::wipe`] a member.
    fn wipe(&mut self) {}
}

/// A value that is there: of any shape, never `null`.
pub trait Value: Sized {
    /// Hands the value to the method of `writer` for its kind.
    ///
    /// # Errors
    ///
    /// Passes on the error of the writer.
    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError>;

    /// Takes a value from `reader`; `None` for `null`.
    ///
    /// # Errors
    ///
    /// Passes on the errors of the reader, and refuses a number that the type cannot hold.
    fn read(
        member: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<Option<Self>, ReadError>;

    /// What stands for a required value that a response lacks.
    ///
    /// Source: Smithy 2.0, "Client error correction".
    fn zero() -> Self;

    /// Overwrites the value; called when a [`Sensitive`] one is dropped. A type that owns memory of
    /// its own overwrites that too.
    fn wipe(&mut self) {
        *self = Self::zero();
    }
}

/// A place that holds a value: a `T` that is always there, or an `Option<T>`.
///
/// Generated code calls this for each member; items of lists and values of maps are fields too, which
/// is what makes a sparse collection one of `Option`s.
pub trait Field: Sized {
    /// Whether the place can hold `null`. A list or map keeps the nulls of such places and leaves out
    /// those of others.
    const NULLABLE: bool = false;

    /// Writes the value, or [`ShapeWriter::null`] for `None`.
    ///
    /// # Errors
    ///
    /// Passes on the error of the writer.
    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError>;

    /// Reads into the place and reports whether there was a value. For `null` an `Option` becomes
    /// `None` and any other place stays as it is.
    ///
    /// # Errors
    ///
    /// Passes on the errors of [`Value::read`].
    fn read(
        &mut self,
        member: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<bool, ReadError>;

    /// The place before anything was read into it: `None`, or the zero value.
    fn empty() -> Self;

    /// Overwrites what the place holds; see [`Value::wipe`].
    fn wipe(&mut self);
}

/// The key of a map: `String`, or an enum.
///
/// Source: Smithy 2.0, "Map", which allows no other keys than strings.
pub trait MapKey: Ord {
    /// The key's text.
    fn as_key(&self) -> &str;

    /// The key of this text.
    fn from_key(key: &str) -> Self;

    /// Overwrites the key; see [`Value::wipe`].
    fn wipe(&mut self) {}
}

/// A list as a [`ShapeWriter`] sees it.
pub trait ListItems {
    /// The number of items.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands every item to `writer`; `item` is the list's member.
    ///
    /// # Errors
    ///
    /// Passes on the first error of the writer.
    fn write_items(
        &self,
        item: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError>;
}

/// A map as a [`ShapeWriter`] sees it.
pub trait MapEntries {
    /// The number of entries.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Hands every entry, in the order of the keys, to `writer`: first [`ShapeWriter::key`], then the
    /// value.
    ///
    /// # Errors
    ///
    /// Passes on the first error of the writer.
    fn write_entries(
        &self,
        key: &'static Member,
        value: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError>;
}

/// A list that a [`ShapeReader`] fills.
pub trait ListSink {
    /// Reads one item and appends it. `null` in a dense list is left out.
    ///
    /// # Errors
    ///
    /// Passes on the errors of the reader.
    fn read_item(
        &mut self,
        item: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<(), ReadError>;
}

/// A map that a [`ShapeReader`] fills.
pub trait MapSink {
    /// Reads the value for `key` and keeps it. `null` in a dense map is left out.
    ///
    /// # Errors
    ///
    /// Passes on the errors of the reader.
    fn read_entry(
        &mut self,
        key: &str,
        value: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<(), ReadError>;
}

/// A visitor that values are written to: a serialiser, the validator.
///
/// Every call carries the member that the value stands in: of a structure or union, of a list
/// (`member`) or of a map (`key`, `value`).
#[allow(missing_docs)] // Each method takes the value of the Smithy shape type it is named after.
pub trait ShapeWriter {
    /// Nothing is there: an absent member of a structure, or `null` in a sparse collection.
    fn null(&mut self, member: &'static Member) -> Result<(), WriteError>;
    fn boolean(&mut self, member: &'static Member, value: bool) -> Result<(), WriteError>;
    /// A byte, short, integer, long or intEnum; the member's target tells which.
    fn integer(&mut self, member: &'static Member, value: i64) -> Result<(), WriteError>;
    fn float(&mut self, member: &'static Member, value: f32) -> Result<(), WriteError>;
    fn double(&mut self, member: &'static Member, value: f64) -> Result<(), WriteError>;
    fn big_integer(
        &mut self,
        member: &'static Member,
        value: &BigInteger,
    ) -> Result<(), WriteError>;
    fn big_decimal(
        &mut self,
        member: &'static Member,
        value: &BigDecimal,
    ) -> Result<(), WriteError>;
    /// A string or enum.
    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), WriteError>;
    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), WriteError>;
    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Result<(), WriteError>;
    fn document(&mut self, member: &'static Member, value: &Document) -> Result<(), WriteError>;
    /// A structure or union.
    fn structure(
        &mut self,
        member: &'static Member,
        value: &dyn Structure,
    ) -> Result<(), WriteError>;
    fn list(&mut self, member: &'static Member, value: &dyn ListItems) -> Result<(), WriteError>;
    fn map(&mut self, member: &'static Member, value: &dyn MapEntries) -> Result<(), WriteError>;
    /// The key of the map entry whose value is written next.
    fn key(&mut self, member: &'static Member, value: &str) -> Result<(), WriteError>;
    /// A stream of bytes or events, of which a visitor learns only that it is there: what is in it
    /// is sent as it is produced. Visitors that have nothing to do with it pass over it.
    fn stream(
        &mut self,
        member: &'static Member,
        value: &dyn OutgoingStream,
    ) -> Result<(), WriteError> {
        let _ = (member, value);
        Ok(())
    }
}

/// A source that one value is read from.
///
/// Every method returns `None`, or `false`, for `null`.
#[allow(missing_docs)] // Each method reads the value of the Smithy shape type it is named after.
pub trait ShapeReader {
    fn boolean(&mut self, member: &'static Member) -> Result<Option<bool>, ReadError>;
    /// A byte, short, integer, long or intEnum.
    fn integer(&mut self, member: &'static Member) -> Result<Option<i64>, ReadError>;
    fn float(&mut self, member: &'static Member) -> Result<Option<f32>, ReadError>;
    fn double(&mut self, member: &'static Member) -> Result<Option<f64>, ReadError>;
    fn big_integer(&mut self, member: &'static Member) -> Result<Option<BigInteger>, ReadError>;
    fn big_decimal(&mut self, member: &'static Member) -> Result<Option<BigDecimal>, ReadError>;
    /// A string or enum.
    fn string(&mut self, member: &'static Member) -> Result<Option<String>, ReadError>;
    fn blob(&mut self, member: &'static Member) -> Result<Option<Blob>, ReadError>;
    fn timestamp(&mut self, member: &'static Member) -> Result<Option<Timestamp>, ReadError>;
    fn document(&mut self, member: &'static Member) -> Result<Option<Document>, ReadError>;
    /// A structure or union: calls [`Structure::read`] for each member that is there, and keeps
    /// account of required members that are not.
    fn structure(
        &mut self,
        member: &'static Member,
        into: &mut dyn Structure,
    ) -> Result<bool, ReadError>;
    fn list(&mut self, member: &'static Member, into: &mut dyn ListSink)
    -> Result<bool, ReadError>;
    fn map(&mut self, member: &'static Member, into: &mut dyn MapSink) -> Result<bool, ReadError>;
    /// A stream of bytes or events, which is read as it arrives. Only the body of a response is one.
    fn stream(&mut self, member: &'static Member) -> Result<Option<IncomingStream>, ReadError> {
        let _ = member;
        Ok(None)
    }
}
