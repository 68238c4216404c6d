//! CBOR to values.

use std::borrow::Cow;

use jiff::SignedDuration;
use minicbor::Decoder;
use minicbor::data::Type;

use super::number::{self, Number};
use super::tag;
use crate::schema::{Member, Schema, ShapeKind};
use crate::shape::{
    BigDecimal, BigInteger, Blob, Document, ListSink, MAX_DEPTH, MapSink, Present, ReadError,
    Segment, ShapeReader, Structure, check_variants, note_missing,
};
use crate::timestamp::Timestamp;

/// Reads a document that is a map into `into`, and returns the required members that were missing, as
/// JSON pointers.
///
/// # Errors
///
/// A body that is not CBOR, or not of the shape. Never holds the body.
pub(crate) fn read_members(
    body: &[u8],
    schema: &'static Schema,
    into: &mut dyn Structure,
) -> Result<Vec<String>, ReadError> {
    let mut reader = CborReader {
        source: Decoder::new(body),
        missing: Vec::new(),
        depth: 0,
    };
    if !reader.read_structure(schema, into)? {
        return Err(ReadError::expected("a map", "null"));
    }
    if reader.source.position() < body.len() {
        return Err(ReadError::new("malformed CBOR: it goes on after its end"));
    }
    Ok(reader.missing)
}

/// Our error for the library's, which may say what was read.
#[allow(clippy::needless_pass_by_value)] // As `map_err` hands it over.
pub(super) fn malformed(error: minicbor::decode::Error) -> ReadError {
    ReadError::new(if error.is_end_of_input() {
        "malformed CBOR: it ends too early"
    } else {
        "malformed CBOR"
    })
}

/// The document, as far as it is read.
struct CborReader<'b> {
    source: Decoder<'b>,
    /// The required members that were missing, relative to where the read stands.
    missing: Vec<String>,
    depth: usize,
}

/// The head of a value that is not `null`.
struct Head {
    kind: Type,
    /// The tag closest to it.
    tag: Option<u64>,
}

impl<'b> CborReader<'b> {
    /// Takes the tags before a value, or all of it where it is `null`.
    fn head(&mut self) -> Result<Option<Head>, ReadError> {
        let mut tag = None;
        loop {
            let kind = self.source.datatype().map_err(malformed)?;
            match kind {
                Type::Tag => tag = Some(self.source.tag().map_err(malformed)?.as_u64()),
                Type::Null | Type::Undefined => {
                    self.source.skip().map_err(malformed)?;
                    return Ok(None);
                }
                _ => return Ok(Some(Head { kind, tag })),
            }
        }
    }

    /// Takes a value with `take`, which gives `None` for one of another kind.
    fn scalar<T>(
        &mut self,
        expected: &str,
        take: impl FnOnce(&mut Decoder<'b>, &Head) -> Result<Option<T>, ReadError>,
    ) -> Result<Option<T>, ReadError> {
        let Some(head) = self.head()? else {
            return Ok(None);
        };
        let value = take(&mut self.source, &head)?;
        value
            .map(Some)
            .ok_or_else(|| ReadError::expected(expected, kind_name(head.kind)))
    }

    /// Takes the head of a container, of which there is the number of entries where it is known.
    fn begin(
        &mut self,
        expected: &str,
        take: impl FnOnce(&mut Decoder<'b>, Type) -> Option<ReadLength>,
    ) -> Result<Option<Entries>, ReadError> {
        let length = self.scalar(expected, |source, head| {
            take(source, head.kind).transpose().map_err(malformed)
        })?;
        let Some(left) = length else {
            return Ok(None);
        };
        if self.depth == MAX_DEPTH {
            return Err(ReadError::new("nested too deeply"));
        }
        self.depth += 1;
        Ok(Some(Entries { left }))
    }

    fn begin_map(&mut self) -> Result<Option<Entries>, ReadError> {
        self.begin("a map", |source, kind| {
            matches!(kind, Type::Map | Type::MapIndef).then(|| source.map())
        })
    }

    /// Whether a container has another entry; takes its end where it has one.
    fn next(&mut self, entries: &mut Entries) -> Result<bool, ReadError> {
        let more = match &mut entries.left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None if self.source.datatype().map_err(malformed)? == Type::Break => {
                self.source.skip().map_err(malformed)?;
                false
            }
            None => true,
        };
        if !more {
            self.depth -= 1;
        }
        Ok(more)
    }

    fn key(&mut self) -> Result<Cow<'b, str>, ReadError> {
        let kind = self.source.datatype().map_err(malformed)?;
        let key = read_text(&mut self.source, kind)?;
        key.ok_or_else(|| ReadError::expected("a string for a key", kind_name(kind)))
    }

    /// Takes the value at `place` with `take`; what it leaves is passed over.
    fn at<T>(
        &mut self,
        place: Segment<'_>,
        take: impl FnOnce(&mut Self) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let (known_missing, start) = (self.missing.len(), self.source.position());
        let taken = take(self).map_err(|error| place.lead(error))?;
        for path in self.missing.iter_mut().skip(known_missing) {
            place.prefix(path);
        }
        if self.source.position() == start {
            self.source.skip().map_err(malformed)?;
        }
        Ok(taken)
    }

    fn read_structure(
        &mut self,
        schema: &'static Schema,
        into: &mut dyn Structure,
    ) -> Result<bool, ReadError> {
        let Some(mut entries) = self.begin_map()? else {
            return Ok(false);
        };
        let union = schema.kind == ShapeKind::Union;
        let (mut present, mut variants) = (Present::default(), 0);
        while self.next(&mut entries)? {
            let key = self.key()?;
            let mut known = schema.members.iter().enumerate();
            match known.find(|(_, member)| member.name == key) {
                Some((index, member)) => {
                    let place = Segment::Name(member.name);
                    if self.at(place, |reader| into.read(index, reader))? {
                        variants += usize::from(!present.contains(index));
                        present.insert(index);
                    }
                }
                None if union && key != "__type" && self.head()?.is_some() => {
                    into.read_unknown(&key);
                    variants += 1;
                    self.source.skip().map_err(malformed)?;
                }
                // `null` of a union was taken to find out that it is.
                None if union && key != "__type" => {}
                None => self.source.skip().map_err(malformed)?,
            }
        }
        if union {
            return check_variants(variants).map(|()| true);
        }
        for (index, member) in schema.members.iter().enumerate() {
            if !present.contains(index) {
                note_missing(member, &mut self.missing);
            }
        }
        Ok(true)
    }
}

type ReadLength = Result<Option<u64>, minicbor::decode::Error>;

/// The entries of a container that are still to be read; `None` where its end will tell.
struct Entries {
    left: Option<u64>,
}

/// Takes a text, in one piece or in several; `None` if the next item is none.
pub(super) fn read_text<'b>(
    source: &mut Decoder<'b>,
    kind: Type,
) -> Result<Option<Cow<'b, str>>, ReadError> {
    Ok(match kind {
        Type::String => Some(Cow::Borrowed(source.str().map_err(malformed)?)),
        Type::StringIndef => {
            let pieces = source.str_iter().map_err(malformed)?;
            let text: Result<String, _> = pieces.collect();
            Some(Cow::Owned(text.map_err(malformed)?))
        }
        _ => None,
    })
}

/// Takes bytes, in one piece or in several; `None` if the next item is none.
pub(super) fn read_bytes<'b>(
    source: &mut Decoder<'b>,
    kind: Type,
) -> Result<Option<Cow<'b, [u8]>>, ReadError> {
    Ok(match kind {
        Type::Bytes => Some(Cow::Borrowed(source.bytes().map_err(malformed)?)),
        Type::BytesIndef => {
            let mut bytes = Vec::new();
            for piece in source.bytes_iter().map_err(malformed)? {
                bytes.extend_from_slice(piece.map_err(malformed)?);
            }
            Some(Cow::Owned(bytes))
        }
        _ => None,
    })
}

fn kind_name(kind: Type) -> &'static str {
    match kind {
        Type::Bool => "a boolean",
        Type::F16 | Type::F32 | Type::F64 => "a float that is not",
        Type::Bytes | Type::BytesIndef => "bytes",
        Type::String | Type::StringIndef => "a string",
        Type::Array | Type::ArrayIndef => "a list",
        Type::Map | Type::MapIndef => "a map",
        Type::U8
        | Type::U16
        | Type::U32
        | Type::U64
        | Type::I8
        | Type::I16
        | Type::I32
        | Type::I64
        | Type::Int => "an integer that is not",
        _ => "something else",
    }
}

/// The single nearest to a number; `None` beyond its range.
fn single(number: Number) -> Option<f32> {
    let (value, exact) = match number {
        Number::Integer(number) => (number as f32, None),
        Number::Float(number) => (number as f32, Some(number)),
    };
    let in_range = value.is_finite() || exact.is_some_and(|number| !number.is_finite());
    in_range.then_some(value)
}

/// The time so many seconds after the epoch, to the millisecond where it has a fraction.
fn time(number: Number) -> Option<Timestamp> {
    let time = match number {
        Number::Integer(second) => SignedDuration::from_secs(i64::try_from(second).ok()?),
        Number::Float(second) => {
            let millis = (second * 1000.0).round();
            // Beyond these no timestamp is, and the conversion is exact between them.
            let in_range = (-1e15..1e15).contains(&millis);
            SignedDuration::from_millis(in_range.then_some(millis as i64)?)
        }
    };
    Timestamp::from_duration(time).ok()
}

impl ShapeReader for CborReader<'_> {
    fn boolean(&mut self, _: &'static Member) -> Result<Option<bool>, ReadError> {
        self.scalar("a boolean", |source, head| {
            let value = (head.kind == Type::Bool).then(|| source.bool());
            value.transpose().map_err(malformed)
        })
    }

    fn integer(&mut self, _: &'static Member) -> Result<Option<i64>, ReadError> {
        self.scalar("an integer of 64 bits", |source, head| {
            Ok(match number::read(source, head.kind)? {
                Some(Number::Integer(number)) => i64::try_from(number).ok(),
                _ => None,
            })
        })
    }

    fn float(&mut self, _: &'static Member) -> Result<Option<f32>, ReadError> {
        self.scalar("a number of 32 bits", |source, head| {
            Ok(number::read(source, head.kind)?.and_then(single))
        })
    }

    fn double(&mut self, _: &'static Member) -> Result<Option<f64>, ReadError> {
        self.scalar("a number", |source, head| {
            Ok(number::read(source, head.kind)?.map(|number| match number {
                Number::Integer(number) => number as f64,
                Number::Float(number) => number,
            }))
        })
    }

    fn big_integer(&mut self, _: &'static Member) -> Result<Option<BigInteger>, ReadError> {
        self.scalar("an integer", |source, head| {
            number::read_integer(source, head.kind, head.tag)
        })
    }

    fn big_decimal(&mut self, _: &'static Member) -> Result<Option<BigDecimal>, ReadError> {
        self.scalar("a number", |source, head| {
            number::read_decimal(source, head.kind, head.tag)
        })
    }

    fn string(&mut self, _: &'static Member) -> Result<Option<String>, ReadError> {
        self.scalar("a string", |source, head| {
            Ok(read_text(source, head.kind)?.map(Cow::into_owned))
        })
    }

    fn blob(&mut self, _: &'static Member) -> Result<Option<Blob>, ReadError> {
        self.scalar("bytes", |source, head| {
            let bytes = read_bytes(source, head.kind)?;
            Ok(bytes.map(|bytes| Blob::from(bytes.into_owned())))
        })
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<Option<Timestamp>, ReadError> {
        self.scalar("a number of seconds with tag 1", |source, head| {
            if head.tag != Some(tag::EPOCH) {
                return Ok(None);
            }
            Ok(number::read(source, head.kind)?.and_then(time))
        })
    }

    /// Source: Smithy 2.0, "Smithy RPC v2 CBOR protocol", "Shape serialization".
    fn document(&mut self, _: &'static Member) -> Result<Option<Document>, ReadError> {
        self.scalar("nothing, since the protocol has no documents", |_, _| {
            Ok(None)
        })
    }

    fn structure(
        &mut self,
        member: &'static Member,
        into: &mut dyn Structure,
    ) -> Result<bool, ReadError> {
        self.read_structure(member.target, into)
    }

    fn list(
        &mut self,
        member: &'static Member,
        into: &mut dyn ListSink,
    ) -> Result<bool, ReadError> {
        let Some(item) = member.target.members.first() else {
            return Err(ReadError::new("the schema of a list has no member"));
        };
        let entries = self.begin("a list", |source, kind| {
            matches!(kind, Type::Array | Type::ArrayIndef).then(|| source.array())
        })?;
        let Some(mut entries) = entries else {
            return Ok(false);
        };
        let mut index = 0;
        while self.next(&mut entries)? {
            self.at(Segment::Index(index), |reader| into.read_item(item, reader))?;
            index += 1;
        }
        Ok(true)
    }

    fn map(&mut self, member: &'static Member, into: &mut dyn MapSink) -> Result<bool, ReadError> {
        let [key_member, value_member] = member.target.members else {
            return Err(ReadError::new("the schema of a map lacks its members"));
        };
        let Some(mut entries) = self.begin_map()? else {
            return Ok(false);
        };
        while self.next(&mut entries)? {
            let key = self.key()?;
            let place = Segment::of_key(key_member, &key);
            self.at(place, |reader| into.read_entry(&key, value_member, reader))?;
        }
        Ok(true)
    }
}
