//! JSON to values.
//!
//! `serde_json` reads the text, and is driven by hand: one visitor serves every kind of value, and one
//! [`ShapeReader`] stands for the value that comes next. Neither is generic over shapes, so both are
//! compiled once.

use std::borrow::Cow;
use std::str::FromStr;

use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny};
use serde_json::value::RawValue;

use super::token::{self, Token};
use super::visitor::{Fill, ValueVisitor};
use super::{Dialect, document};
use crate::schema::{Member, Schema, TimestampFormat};
use crate::shape::{
    BigDecimal, BigInteger, Blob, Document, ListSink, MAX_DEPTH, MapSink, Position, ReadError,
    Segment, ShapeReader, Structure,
};
use crate::timestamp::Timestamp;

/// Which members of a structure are in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All of them.
    All,
    /// Those that no HTTP binding puts elsewhere in a response.
    ResponseBody,
}

/// Reads a document that is an object into `into`, and returns the required members that were
/// missing, as JSON pointers.
///
/// # Errors
///
/// A body that is not JSON, or not of the shape. Never holds the body.
pub(crate) fn read_members(
    dialect: &'static Dialect,
    body: &[u8],
    schema: &'static Schema,
    scope: Scope,
    into: &mut dyn Structure,
) -> Result<Vec<String>, ReadError> {
    read_document(dialect, body, |cx, source| {
        let fill = Fill::Structure {
            schema,
            scope,
            into,
        };
        match source.deserialize_any(ValueVisitor { cx, fill })? {
            Token::Null => cx.fail(ReadError::expected("an object", "null")),
            _ => Ok(()),
        }
    })
}

/// Reads a document that is any value; `take` takes it from the reader.
///
/// # Errors
///
/// A body that is not JSON, or not of the shape. Never holds the body.
pub(crate) fn read_value(
    dialect: &'static Dialect,
    body: &[u8],
    take: &mut dyn FnMut(&mut dyn ShapeReader) -> Result<(), ReadError>,
) -> Result<Vec<String>, ReadError> {
    read_document(dialect, body, |cx, source| {
        let place = Segment::Root;
        ValueSeed { cx, place, take }.deserialize(source)
    })
}

type Source<'a, 'de> = &'a mut serde_json::Deserializer<serde_json::de::SliceRead<'de>>;

fn read_document<'de>(
    dialect: &'static Dialect,
    body: &'de [u8],
    read: impl FnOnce(&mut Context, Source<'_, 'de>) -> Result<(), serde_json::Error>,
) -> Result<Vec<String>, ReadError> {
    let mut cx = Context::new(dialect, MAX_DEPTH);
    let mut source = serde_json::Deserializer::from_slice(body);
    match read(&mut cx, &mut source).and_then(|()| source.end()) {
        Ok(()) => Ok(cx.missing),
        Err(error) => Err(cx.explain(&error)),
    }
}

/// What is known of a read besides the values.
pub(super) struct Context {
    pub(super) dialect: &'static Dialect,
    /// The error on its way out. serde's errors would show the content, so ours travel beside them.
    error: Option<ReadError>,
    /// The required members that were missing, relative to where the read stands.
    pub(super) missing: Vec<String>,
    /// How many levels open content may have.
    depth: usize,
}

impl Context {
    pub(super) fn new(dialect: &'static Dialect, depth: usize) -> Self {
        Self {
            dialect,
            error: None,
            missing: Vec::new(),
            depth,
        }
    }

    /// Reads a value that was taken out of the body as `text`: by the visitor that reads bodies, since
    /// `serde_json`'s own ways to read collections bring texts for every mistake into each program.
    pub(super) fn read<'t>(
        &mut self,
        text: &'t str,
        fill: Fill<'_>,
    ) -> Result<Token<'t>, ReadError> {
        let mut source = serde_json::Deserializer::from_slice(text.as_bytes());
        let read = source.deserialize_any(ValueVisitor { cx: self, fill });
        read.map_err(|_| self.error.take().unwrap_or_else(document::unreadable))
    }

    /// Our error for serde's: without content, with the place. What is wrong with the syntax only
    /// `serde_json` knows, and says it in fixed words.
    fn explain(self, error: &serde_json::Error) -> ReadError {
        let position = Position {
            line: error.line(),
            column: error.column(),
        };
        let known = self.error.unwrap_or_else(document::unreadable);
        let known = if error.is_data() {
            known
        } else {
            let text = error.to_string();
            let reason = text.split(" at line ").next().unwrap_or_default();
            known.with_message(format!("malformed JSON: {reason}"))
        };
        known.at(position)
    }

    /// Keeps our error for later and gives serde an empty one.
    pub(super) fn fail<T, E: Error>(&mut self, error: ReadError) -> Result<T, E> {
        self.error = Some(error);
        Err(E::custom(""))
    }
}

/// Reads one value by handing it, as a [`ShapeReader`], to `take`.
pub(super) struct ValueSeed<'a> {
    pub(super) cx: &'a mut Context,
    pub(super) place: Segment<'a>,
    pub(super) take: &'a mut dyn FnMut(&mut dyn ShapeReader) -> Result<(), ReadError>,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        let Self { cx, place, take } = self;
        let known_missing = cx.missing.len();
        let mut reader = OneValue {
            source: Some(source),
            cx,
            failure: None,
        };
        let taken = take(&mut reader);
        let OneValue {
            source,
            failure,
            cx,
        } = reader;
        if let Err(error) = taken {
            cx.error = Some(place.lead(error));
            return Err(failure.unwrap_or_else(|| Error::custom("")));
        }
        for path in cx.missing.iter_mut().skip(known_missing) {
            place.prefix(path);
        }
        match source {
            // Nobody wanted the value.
            Some(source) => source.deserialize_ignored_any(IgnoredAny).map(drop),
            None => Ok(()),
        }
    }
}

/// The value that comes next, which can be read once.
struct OneValue<'a, 'de, D: Deserializer<'de>> {
    source: Option<D>,
    cx: &'a mut Context,
    failure: Option<D::Error>,
}

impl<'de, D: Deserializer<'de>> OneValue<'_, 'de, D> {
    fn step<T>(
        &mut self,
        step: impl FnOnce(&mut Context, D) -> Result<T, D::Error>,
    ) -> Result<T, ReadError> {
        let Some(source) = self.source.take() else {
            return Err(ReadError::new("the value was read twice"));
        };
        step(self.cx, source).map_err(|failure| {
            self.failure = Some(failure);
            // Without an error of ours, the syntax is wrong, which is told at the end.
            self.cx.error.take().unwrap_or_else(document::unreadable)
        })
    }

    fn token(&mut self, fill: Fill<'_>) -> Result<Token<'de>, ReadError> {
        self.step(|cx, source| source.deserialize_any(ValueVisitor { cx, fill }))
    }

    fn scalar<T>(
        &mut self,
        expected: &'static str,
        convert: impl FnOnce(&mut Token<'de>) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        let token = self.token(Fill::Scalar(expected))?;
        token.convert(expected, convert)
    }

    /// The text of the value as it stands in the body. Numbers are read from it: no machine number
    /// holds all of them, and `serde_json` hands them over in other ways where a program turns on its
    /// feature `arbitrary_precision`.
    fn raw(&mut self) -> Result<Option<&'de str>, ReadError> {
        let raw = self.step(|_, source| <&'de RawValue>::deserialize(source))?;
        Ok(Some(raw.get()).filter(|text| *text != "null"))
    }

    fn number<T>(
        &mut self,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        let text = self.raw()?;
        text.map(|text| token::number(text, expected, parse))
            .transpose()
    }

    /// A number of any size: a string in the protocols that have it so, which read a number too.
    fn big_number<T: FromStr>(&mut self, expected: &'static str) -> Result<Option<T>, ReadError> {
        let strings = self.cx.dialect.big_number_strings;
        self.number(expected, |text| {
            let quoted = (text.strip_prefix('"')).and_then(|text| text.strip_suffix('"'));
            quoted.filter(|_| strings).unwrap_or(text).parse().ok()
        })
    }
}

impl<'de, D: Deserializer<'de>> ShapeReader for OneValue<'_, 'de, D> {
    fn boolean(&mut self, _: &'static Member) -> Result<Option<bool>, ReadError> {
        self.scalar("a boolean", Token::boolean)
    }

    fn integer(&mut self, _: &'static Member) -> Result<Option<i64>, ReadError> {
        self.number("an integer of 64 bits", token::integer)
    }

    fn float(&mut self, _: &'static Member) -> Result<Option<f32>, ReadError> {
        self.number("a number of 32 bits", token::float)
    }

    fn double(&mut self, _: &'static Member) -> Result<Option<f64>, ReadError> {
        self.number("a number", token::double)
    }

    fn big_integer(&mut self, _: &'static Member) -> Result<Option<BigInteger>, ReadError> {
        self.big_number("an integer")
    }

    fn big_decimal(&mut self, _: &'static Member) -> Result<Option<BigDecimal>, ReadError> {
        self.big_number("a number")
    }

    fn string(&mut self, _: &'static Member) -> Result<Option<String>, ReadError> {
        self.scalar("a string", |token| token.text().map(Cow::into_owned))
    }

    fn blob(&mut self, _: &'static Member) -> Result<Option<Blob>, ReadError> {
        self.scalar("base64", Token::blob)
    }

    fn timestamp(&mut self, member: &'static Member) -> Result<Option<Timestamp>, ReadError> {
        let format = self.cx.dialect.timestamp_format(member);
        let parse = |text: &str| Timestamp::parse(text, format).ok();
        match format {
            TimestampFormat::EpochSeconds => self.number("a number of seconds", parse),
            TimestampFormat::DateTime => {
                self.scalar("a date-time string", |token| parse(&token.text()?))
            }
            TimestampFormat::HttpDate => {
                self.scalar("an http-date string", |token| parse(&token.text()?))
            }
        }
    }

    fn document(&mut self, _: &'static Member) -> Result<Option<Document>, ReadError> {
        let text = self.raw()?;
        text.map(|text| document::parse(self.cx.dialect, text, self.cx.depth))
            .transpose()
    }

    fn structure(
        &mut self,
        member: &'static Member,
        into: &mut dyn Structure,
    ) -> Result<bool, ReadError> {
        let fill = Fill::Structure {
            schema: member.target,
            scope: Scope::All,
            into,
        };
        Ok(matches!(self.token(fill)?, Token::Filled))
    }

    fn list(
        &mut self,
        member: &'static Member,
        into: &mut dyn ListSink,
    ) -> Result<bool, ReadError> {
        let schema = member.target;
        Ok(matches!(
            self.token(Fill::List { schema, into })?,
            Token::Filled
        ))
    }

    fn map(&mut self, member: &'static Member, into: &mut dyn MapSink) -> Result<bool, ReadError> {
        let schema = member.target;
        Ok(matches!(
            self.token(Fill::Map { schema, into })?,
            Token::Filled
        ))
    }
}
