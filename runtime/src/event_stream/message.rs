//! Messages: what an event stream is cut into.

use bytes::{BufMut, Bytes, BytesMut};

use super::decoder::MIN_LENGTH;
use crate::shape::WriteError;
use crate::timestamp::Timestamp;

/// The longest name of a header, in bytes.
const MAX_NAME: usize = u8::MAX as usize;
/// The longest text or byte array in a header, in bytes.
const MAX_VALUE: usize = i16::MAX as usize;
/// The most bytes that the headers of a message may have together.
pub(super) const MAX_HEADERS: usize = 128 * 1024;
/// The most bytes of a payload.
const MAX_PAYLOAD: usize = 24 * 1024 * 1024;

/// A message of an event stream: headers, and a payload that they describe.
///
/// Source: Amazon Event Stream Specification, "Message Format".
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Message {
    /// In the order of the wire, which has no meaning.
    pub(crate) headers: Vec<(String, HeaderValue)>,
    pub(crate) payload: Bytes,
}

/// The value of a header, of one of the fixed types.
///
/// Source: Amazon Event Stream Specification, "Headers Format".
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum HeaderValue {
    Boolean(bool),
    Byte(i8),
    Short(i16),
    Integer(i32),
    Long(i64),
    Bytes(Bytes),
    Text(String),
    Timestamp(Timestamp),
    Uuid([u8; 16]),
}

impl Message {
    /// Adds a header of text.
    pub(crate) fn push_text(&mut self, name: &str, text: &str) {
        let value = HeaderValue::Text(text.to_owned());
        self.headers.push((name.to_owned(), value));
    }

    /// The header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&HeaderValue> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value)
    }

    /// The message as it is sent.
    ///
    /// # Errors
    ///
    /// More than a message can hold.
    pub(crate) fn encode(&self) -> Result<Bytes, WriteError> {
        if self.payload.len() > MAX_PAYLOAD {
            return Err(WriteError::new("the payload of an event is over 24 MiB"));
        }
        let mut headers = BytesMut::new();
        for (name, value) in &self.headers {
            put_header(&mut headers, name, value)?;
        }
        if headers.len() > MAX_HEADERS {
            return Err(WriteError::new("the headers of an event are over 128 KiB"));
        }
        let total = MIN_LENGTH + headers.len() + self.payload.len();
        let mut out = BytesMut::with_capacity(total);
        out.put_u32(length(total)?);
        out.put_u32(length(headers.len())?);
        out.put_u32(crc32fast::hash(&out));
        out.put_slice(&headers);
        out.put_slice(&self.payload);
        out.put_u32(crc32fast::hash(&out));
        Ok(out.freeze())
    }
}

fn length(length: usize) -> Result<u32, WriteError> {
    u32::try_from(length).map_err(|_| WriteError::new("an event is over 4 GiB"))
}

pub(super) fn put_header(
    out: &mut BytesMut,
    name: &str,
    value: &HeaderValue,
) -> Result<(), WriteError> {
    let Some(length @ 1..) = u8::try_from(name.len()).ok() else {
        let message = format!("the name of an event's header has 1 to {MAX_NAME} bytes");
        return Err(WriteError::new(message));
    };
    out.put_u8(length);
    out.put_slice(name.as_bytes());
    match value {
        HeaderValue::Boolean(true) => out.put_u8(0),
        HeaderValue::Boolean(false) => out.put_u8(1),
        HeaderValue::Byte(value) => {
            out.put_u8(2);
            out.put_i8(*value);
        }
        HeaderValue::Short(value) => {
            out.put_u8(3);
            out.put_i16(*value);
        }
        HeaderValue::Integer(value) => {
            out.put_u8(4);
            out.put_i32(*value);
        }
        HeaderValue::Long(value) => {
            out.put_u8(5);
            out.put_i64(*value);
        }
        HeaderValue::Bytes(value) => put_sized(out, 6, value)?,
        HeaderValue::Text(value) => put_sized(out, 7, value.as_bytes())?,
        HeaderValue::Timestamp(value) => {
            out.put_u8(8);
            out.put_i64(to_millis(*value));
        }
        HeaderValue::Uuid(value) => {
            out.put_u8(9);
            out.put_slice(value);
        }
    }
    Ok(())
}

fn put_sized(out: &mut BytesMut, kind: u8, value: &[u8]) -> Result<(), WriteError> {
    let length = u16::try_from(value.len()).ok();
    let Some(length) = length.filter(|_| value.len() <= MAX_VALUE) else {
        let message = format!("a value over {MAX_VALUE} bytes in the header of an event");
        return Err(WriteError::new(message));
    };
    out.put_u8(kind);
    out.put_u16(length);
    out.put_slice(value);
    Ok(())
}

/// Whole milliseconds; a year that a timestamp can have never needs more than 64 bits.
fn to_millis(time: Timestamp) -> i64 {
    i64::try_from(time.as_duration().as_millis()).unwrap_or_default()
}
