//! An event to a message.

use super::Documents;
use super::message::{HeaderValue, Message};
use crate::schema::{EventBinding, Member, ShapeKind};
use crate::shape::{
    BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure, WriteError,
};
use crate::timestamp::Timestamp;

type Written = Result<(), WriteError>;

/// The message of `event`, which is a union whose variant names it.
///
/// Source: Amazon Event Stream Specification, "Amazon Event Semantics".
///
/// # Errors
///
/// An event that the client does not know, and a value that a message has no place for.
pub(super) fn write_event(
    documents: &dyn Documents,
    event: &dyn Structure,
) -> Result<Message, WriteError> {
    let mut writer = EventWriter {
        documents,
        message: Message::default(),
    };
    event.write(&mut writer)?;
    Ok(writer.message)
}

/// The visitor of the union.
struct EventWriter<'a> {
    documents: &'a dyn Documents,
    message: Message,
}

impl EventWriter<'_> {
    fn event(&mut self, member: &'static Member, event: &dyn Structure) -> Written {
        let (kind, name) = match member.target.error {
            None => ("event", ":event-type"),
            Some(_) => ("exception", ":exception-type"),
        };
        self.message.push_text(":message-type", kind);
        self.message.push_text(name, member.name);
        let mut members = MemberWriter {
            documents: self.documents,
            payload: None,
            headers: Vec::new(),
        };
        event.write(&mut members)?;
        let MemberWriter {
            payload, headers, ..
        } = members;
        let payload = match payload {
            None if has_document(member) => Some(self.write_document(event)?),
            payload => payload,
        };
        if let Some((media_type, bytes)) = payload {
            self.message.push_text(":content-type", media_type);
            self.message.payload = bytes.into();
        }
        self.message.headers.extend(headers);
        Ok(())
    }

    /// The members without a place of their own.
    fn write_document(&self, event: &dyn Structure) -> Result<(&'static str, Vec<u8>), WriteError> {
        let bytes = self
            .documents
            .write_members(&mut |writer| event.write(&mut Unbound(writer)))?;
        Ok((self.documents.media_type(), bytes))
    }
}

/// Whether an event has members without a place of their own.
pub(super) fn has_document(event: &Member) -> bool {
    let bound = |binding| move |member: &Member| member.event == binding;
    let mut members = event.target.members.iter();
    members.clone().any(bound(EventBinding::Document)) && !members.any(bound(EventBinding::Payload))
}

fn no_event<T>() -> Result<T, WriteError> {
    Err(WriteError::new("only structures are events"))
}

macro_rules! refuse {
    ($($method:ident($($type:ty)?);)*) => {$(
        fn $method(&mut self, _: &'static Member $(, _: $type)?) -> Written {
            no_event()
        }
    )*};
}

impl ShapeWriter for EventWriter<'_> {
    fn structure(&mut self, member: &'static Member, value: &dyn Structure) -> Written {
        self.event(member, value)
            .map_err(|error| error.under(member.name))
    }

    refuse! {
        null();
        boolean(bool);
        integer(i64);
        float(f32);
        double(f64);
        big_integer(&BigInteger);
        big_decimal(&BigDecimal);
        string(&str);
        blob(&[u8]);
        timestamp(Timestamp);
        document(&Document);
        list(&dyn ListItems);
        map(&dyn MapEntries);
        key(&str);
    }
}

macro_rules! only_in_documents {
    ($($method:ident($type:ty);)*) => {$(
        fn $method(&mut self, member: &'static Member, _: $type) -> Written {
            in_document(member)
        }
    )*};
}

/// The visitor of an event's members that have a place of their own.
struct MemberWriter<'a> {
    documents: &'a dyn Documents,
    /// With its media type.
    payload: Option<(&'static str, Vec<u8>)>,
    headers: Vec<(String, HeaderValue)>,
}

impl MemberWriter<'_> {
    fn header(&mut self, member: &'static Member, value: HeaderValue) -> Written {
        self.headers.push((member.name.to_owned(), value));
        Ok(())
    }

    fn raw(&mut self, member: &'static Member, media_type: &'static str, value: &[u8]) -> Written {
        let media_type = member.target.media_type.unwrap_or(media_type);
        self.payload = Some((media_type, value.to_vec()));
        Ok(())
    }
}

/// A value that only a document can hold.
fn in_document(member: &Member) -> Written {
    match member.event {
        EventBinding::Document => Ok(()),
        _ => Err(WriteError::new(
            "the value has no place of its own in a message",
        )),
    }
}

impl ShapeWriter for MemberWriter<'_> {
    /// A member that is not set has no place in a message.
    fn null(&mut self, _: &'static Member) -> Written {
        Ok(())
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Written {
        match member.event {
            EventBinding::Header => self.header(member, HeaderValue::Boolean(value)),
            _ => in_document(member),
        }
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Written {
        match member.event {
            EventBinding::Header => self.header(member, integer(member, value)?),
            _ => in_document(member),
        }
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Written {
        match member.event {
            EventBinding::Header => self.header(member, HeaderValue::Text(value.to_owned())),
            EventBinding::Payload => self.raw(member, "text/plain", value.as_bytes()),
            EventBinding::Document => Ok(()),
        }
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Written {
        match member.event {
            EventBinding::Header => self.header(member, HeaderValue::Bytes(value.to_vec().into())),
            EventBinding::Payload => self.raw(member, "application/octet-stream", value),
            EventBinding::Document => Ok(()),
        }
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Written {
        match member.event {
            EventBinding::Header => self.header(member, HeaderValue::Timestamp(value)),
            _ => in_document(member),
        }
    }

    fn structure(&mut self, member: &'static Member, value: &dyn Structure) -> Written {
        if member.event == EventBinding::Payload {
            let bytes = self
                .documents
                .write_members(&mut |writer| value.write(writer))?;
            self.payload = Some((self.documents.media_type(), bytes));
            return Ok(());
        }
        in_document(member)
    }

    only_in_documents! {
        float(f32);
        double(f64);
        big_integer(&BigInteger);
        big_decimal(&BigDecimal);
        document(&Document);
        list(&dyn ListItems);
        map(&dyn MapEntries);
        key(&str);
    }
}

/// An integer in a header of its shape's width.
fn integer(member: &Member, value: i64) -> Result<HeaderValue, WriteError> {
    let header = match member.target.kind {
        ShapeKind::Byte => value.try_into().map(HeaderValue::Byte),
        ShapeKind::Short => value.try_into().map(HeaderValue::Short),
        ShapeKind::Integer | ShapeKind::IntEnum => value.try_into().map(HeaderValue::Integer),
        _ => Ok(HeaderValue::Long(value)),
    };
    header.map_err(|_| WriteError::new("an integer that does not fit its shape"))
}

/// Hands on the members of an event that have no place of their own.
struct Unbound<'a>(&'a mut dyn ShapeWriter);

impl Unbound<'_> {
    fn pass(
        &mut self,
        write: impl FnOnce(&mut dyn ShapeWriter) -> Written,
        member: &'static Member,
    ) -> Written {
        match member.event {
            EventBinding::Document => write(self.0),
            EventBinding::Header | EventBinding::Payload => Ok(()),
        }
    }
}

macro_rules! pass {
    ($($method:ident($type:ty);)*) => {$(
        fn $method(&mut self, member: &'static Member, value: $type) -> Written {
            self.pass(|writer| writer.$method(member, value), member)
        }
    )*};
}

impl ShapeWriter for Unbound<'_> {
    fn null(&mut self, member: &'static Member) -> Written {
        self.pass(|writer| writer.null(member), member)
    }

    pass! {
        boolean(bool);
        integer(i64);
        float(f32);
        double(f64);
        big_integer(&BigInteger);
        big_decimal(&BigDecimal);
        string(&str);
        blob(&[u8]);
        timestamp(Timestamp);
        document(&Document);
        structure(&dyn Structure);
        list(&dyn ListItems);
        map(&dyn MapEntries);
        key(&str);
    }
}
