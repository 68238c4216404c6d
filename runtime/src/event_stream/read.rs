//! A message to an event.

use std::borrow::Cow;

use bytes::Bytes;

use super::Documents;
use super::message::{HeaderValue, Message};
use super::write::has_document;
use crate::schema::{EventBinding, Member, Schema, ShapeKind};
use crate::shape::{
    BigDecimal, BigInteger, Blob, Document, ListSink, MapSink, ReadError, ShapeReader, Structure,
    note_missing, pointer,
};
use crate::timestamp::Timestamp;

/// What a message says it is.
///
/// Source: Amazon Event Stream Specification, "Amazon Event Semantics".
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// An event, by the name of the union's member.
    Event(&'a str),
    /// A modelled error, by the name of the union's member.
    Exception(&'a str),
    /// An error that the model does not have.
    Error { code: &'a str, message: &'a str },
}

impl<'a> Kind<'a> {
    /// What `message` is.
    ///
    /// # Errors
    ///
    /// A message that does not say it, or not as text.
    pub(super) fn of(message: &'a Message) -> Result<Self, ReadError> {
        match text(message, ":message-type")? {
            "event" => text(message, ":event-type").map(Self::Event),
            "exception" => text(message, ":exception-type").map(Self::Exception),
            "error" => Ok(Self::Error {
                code: text(message, ":error-code")?,
                message: text(message, ":error-message").unwrap_or_default(),
            }),
            _ => Err(ReadError::new("a message of a type that there is not")),
        }
    }
}

fn text<'a>(message: &'a Message, name: &'static str) -> Result<&'a str, ReadError> {
    match message.header(name) {
        Some(HeaderValue::Text(text)) => Ok(text),
        Some(_) => Err(ReadError::new(format!("the header `{name}` is no text"))),
        None => Err(ReadError::new(format!("a message without `{name}`"))),
    }
}

/// Reads the member of the union `schema` that is called `name`, and returns the required members
/// that were missing, as JSON pointers; `None` where the union has no such member.
pub(super) fn read_event(
    documents: &dyn Documents,
    schema: &'static Schema,
    name: &str,
    message: &Message,
    into: &mut dyn Structure,
) -> Result<Option<Vec<String>>, ReadError> {
    let mut members = schema.members.iter();
    let Some(index) = members.position(|member| member.name == name) else {
        into.read_unknown(name);
        return Ok(None);
    };
    let mut reader = Reader {
        documents,
        source: Source::Event(message),
        missing: Vec::new(),
    };
    into.read(index, &mut reader)
        .map_err(|error| error.under(name))?;
    Ok(Some(reader.missing))
}

/// Reads one value.
struct Reader<'a> {
    documents: &'a dyn Documents,
    source: Source<'a>,
    /// Required members that were not there.
    missing: Vec<String>,
}

/// Where the value is.
enum Source<'a> {
    /// The message is an event.
    Event(&'a Message),
    Header(&'a HeaderValue),
    /// The payload, as it is.
    Raw(&'a Bytes),
    /// The payload, which is a document.
    Document(&'a Bytes),
}

impl Reader<'_> {
    fn read_members(
        &mut self,
        message: &Message,
        event: &'static Member,
        into: &mut dyn Structure,
    ) -> Result<(), ReadError> {
        for (index, member) in event.target.members.iter().enumerate() {
            let present = match member.event {
                EventBinding::Document => continue,
                EventBinding::Header => self.read_header(message, index, member, into),
                EventBinding::Payload => self.read_payload(message, index, member, into),
            };
            if !present.map_err(|error| error.under(member.name))? {
                note_missing(member, &mut self.missing);
            }
        }
        if has_document(event) {
            self.read_document(message, event.target, into)?;
        }
        Ok(())
    }

    fn read_header(
        &mut self,
        message: &Message,
        index: usize,
        member: &'static Member,
        into: &mut dyn Structure,
    ) -> Result<bool, ReadError> {
        let Some(value) = message.header(member.name) else {
            return Ok(false);
        };
        into.read(index, &mut self.of(Source::Header(value)))
    }

    fn read_payload(
        &mut self,
        message: &Message,
        index: usize,
        member: &'static Member,
        into: &mut dyn Structure,
    ) -> Result<bool, ReadError> {
        let kind = member.target.kind;
        if matches!(kind, ShapeKind::Blob | ShapeKind::String | ShapeKind::Enum) {
            return into.read(index, &mut self.of(Source::Raw(&message.payload)));
        }
        if message.payload.is_empty() {
            return Ok(false);
        }
        let mut reader = self.of(Source::Document(&message.payload));
        let present = into.read(index, &mut reader)?;
        let missing = reader.missing.into_iter().map(|mut path| {
            pointer::prefix(&mut path, member.name);
            path
        });
        let missing: Vec<_> = missing.collect();
        self.missing.extend(missing);
        Ok(present)
    }

    fn read_document(
        &mut self,
        message: &Message,
        schema: &'static Schema,
        into: &mut dyn Structure,
    ) -> Result<(), ReadError> {
        let mut missing = Vec::new();
        if message.payload.is_empty() {
            for member in schema.members {
                note_missing(member, &mut missing);
            }
        } else {
            missing = self
                .documents
                .read_members(&message.payload, schema, into)?;
        }
        // Members with a place of their own are not the document's.
        missing.retain(|path| {
            let name = path.get(1..).unwrap_or_default();
            let member = schema.member(name);
            member.is_none_or(|member| member.event == EventBinding::Document)
        });
        self.missing.extend(missing);
        Ok(())
    }

    fn of<'b>(&'b self, source: Source<'b>) -> Reader<'b> {
        Reader {
            documents: self.documents,
            source,
            missing: Vec::new(),
        }
    }

    fn header(&self) -> Option<&HeaderValue> {
        match &self.source {
            Source::Header(value) => Some(value),
            _ => None,
        }
    }
}

fn other<T>() -> Result<T, ReadError> {
    let message: Cow<'static, str> = "a value of another type than its member".into();
    Err(ReadError::new(message))
}

macro_rules! refuse {
    ($($method:ident: $type:ty;)*) => {$(
        fn $method(&mut self, _: &'static Member) -> Result<Option<$type>, ReadError> {
            other()
        }
    )*};
}

impl ShapeReader for Reader<'_> {
    fn boolean(&mut self, _: &'static Member) -> Result<Option<bool>, ReadError> {
        match self.header() {
            Some(HeaderValue::Boolean(value)) => Ok(Some(*value)),
            _ => other(),
        }
    }

    fn integer(&mut self, _: &'static Member) -> Result<Option<i64>, ReadError> {
        Ok(Some(match self.header() {
            Some(HeaderValue::Byte(value)) => (*value).into(),
            Some(HeaderValue::Short(value)) => (*value).into(),
            Some(HeaderValue::Integer(value)) => (*value).into(),
            Some(HeaderValue::Long(value)) => *value,
            _ => return other(),
        }))
    }

    fn string(&mut self, _: &'static Member) -> Result<Option<String>, ReadError> {
        match &self.source {
            Source::Header(HeaderValue::Text(text)) => Ok(Some(text.clone())),
            Source::Raw(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Some(text.to_owned())),
                Err(_) => Err(ReadError::expected("UTF-8", "other bytes")),
            },
            _ => other(),
        }
    }

    fn blob(&mut self, _: &'static Member) -> Result<Option<Blob>, ReadError> {
        match &self.source {
            Source::Header(HeaderValue::Bytes(bytes)) => Ok(Some(bytes.clone().into())),
            Source::Raw(bytes) => Ok(Some((*bytes).clone().into())),
            _ => other(),
        }
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<Option<Timestamp>, ReadError> {
        match self.header() {
            Some(HeaderValue::Timestamp(time)) => Ok(Some(*time)),
            _ => other(),
        }
    }

    fn structure(
        &mut self,
        member: &'static Member,
        into: &mut dyn Structure,
    ) -> Result<bool, ReadError> {
        match self.source {
            Source::Event(message) => self.read_members(message, member, into)?,
            Source::Document(body) => {
                self.missing = self.documents.read_members(body, member.target, into)?;
            }
            Source::Header(_) | Source::Raw(_) => return other(),
        }
        Ok(true)
    }

    refuse! {
        float: f32;
        double: f64;
        big_integer: BigInteger;
        big_decimal: BigDecimal;
        document: Document;
    }

    fn list(&mut self, _: &'static Member, _: &mut dyn ListSink) -> Result<bool, ReadError> {
        other()
    }

    fn map(&mut self, _: &'static Member, _: &mut dyn MapSink) -> Result<bool, ReadError> {
        other()
    }
}
