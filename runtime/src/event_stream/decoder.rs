//! Bytes as they arrive, to messages.

use std::fmt;

use bytes::{Buf, Bytes, BytesMut};
use jiff::SignedDuration;

use super::message::{HeaderValue, MAX_HEADERS, Message};
use crate::timestamp::Timestamp;

/// The bytes of a message's lengths and of their checksum.
const PRELUDE: usize = 12;
/// The bytes of a message without headers and payload.
pub(super) const MIN_LENGTH: usize = PRELUDE + 4;

/// Why bytes are not messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// A checksum does not match: bytes were lost or changed.
    Checksum,
    /// The lengths do not fit each other.
    Lengths,
    /// A message is longer than the limit, in bytes.
    TooLong(usize),
    /// The headers are longer than a message may have them.
    Headers,
    /// A header breaks off, or is of a type that there is not.
    Header,
    /// The stream ended within a message.
    Unfinished,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum => f.write_str("the checksum of a message does not match"),
            Self::Lengths => f.write_str("the lengths of a message do not fit each other"),
            Self::TooLong(limit) => write!(f, "a message is longer than {limit} bytes"),
            Self::Headers => write!(
                f,
                "the headers of a message are longer than {MAX_HEADERS} bytes"
            ),
            Self::Header => f.write_str("a header of a message is broken"),
            Self::Unfinished => f.write_str("the stream ended within a message"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Cuts bytes into messages.
///
/// Source: Amazon Event Stream Specification, "Message Format".
#[derive(Debug)]
pub(crate) struct Decoder {
    buffer: BytesMut,
    /// The most bytes of one message, so that a lying length does not fill the memory.
    limit: usize,
}

impl Decoder {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            limit,
        }
    }

    /// Takes bytes that arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next message, once it is there in whole.
    ///
    /// # Errors
    ///
    /// Bytes that are no message. What follows cannot be told apart any more, so the stream is over.
    pub(crate) fn next(&mut self) -> Result<Option<Message>, DecodeError> {
        let Some(lengths) = Lengths::read(&self.buffer, self.limit)? else {
            return Ok(None);
        };
        if self.buffer.len() < lengths.total {
            return Ok(None);
        }
        let mut message = self.buffer.split_to(lengths.total).freeze();
        let mut checksum = message.split_off(lengths.total - 4);
        if crc32fast::hash(&message) != checksum.get_u32() {
            return Err(DecodeError::Checksum);
        }
        message.advance(PRELUDE);
        let headers = message.split_to(lengths.headers);
        Ok(Some(Message {
            headers: read_headers(headers).ok_or(DecodeError::Header)?,
            payload: message,
        }))
    }

    /// What was taken and is not yet a message.
    pub(crate) fn unread(&self) -> &[u8] {
        &self.buffer
    }

    /// Tells whether the stream may end here.
    ///
    /// # Errors
    ///
    /// The beginning of a message was taken, and not its end.
    pub(crate) fn finish(&self) -> Result<(), DecodeError> {
        if self.buffer.is_empty() {
            Ok(())
        } else {
            Err(DecodeError::Unfinished)
        }
    }
}

/// What the prelude of a message says, in bytes.
struct Lengths {
    /// Of the whole message, at least [`MIN_LENGTH`] and the headers.
    total: usize,
    headers: usize,
}

impl Lengths {
    fn read(buffer: &[u8], limit: usize) -> Result<Option<Self>, DecodeError> {
        let Some((checked, mut rest)) = buffer.get(..PRELUDE).and_then(|it| it.split_at_checked(8))
        else {
            return Ok(None);
        };
        if crc32fast::hash(checked) != rest.get_u32() {
            return Err(DecodeError::Checksum);
        }
        let mut checked = checked;
        let mut length = || usize::try_from(checked.get_u32()).unwrap_or(usize::MAX);
        let (total, headers) = (length(), length());
        if total > limit {
            return Err(DecodeError::TooLong(limit));
        }
        if headers > MAX_HEADERS {
            return Err(DecodeError::Headers);
        }
        match total.checked_sub(MIN_LENGTH) {
            Some(room) if headers <= room => Ok(Some(Self { total, headers })),
            _ => Err(DecodeError::Lengths),
        }
    }
}

fn read_headers(mut bytes: Bytes) -> Option<Vec<(String, HeaderValue)>> {
    let mut headers = Vec::new();
    while bytes.has_remaining() {
        let length = bytes.try_get_u8().ok().filter(|length| *length > 0)?;
        let name = text(take(&mut bytes, length.into())?)?;
        headers.push((name, read_value(&mut bytes)?));
    }
    Some(headers)
}

fn read_value(bytes: &mut Bytes) -> Option<HeaderValue> {
    Some(match bytes.try_get_u8().ok()? {
        0 => HeaderValue::Boolean(true),
        1 => HeaderValue::Boolean(false),
        2 => HeaderValue::Byte(bytes.try_get_i8().ok()?),
        3 => HeaderValue::Short(bytes.try_get_i16().ok()?),
        4 => HeaderValue::Integer(bytes.try_get_i32().ok()?),
        5 => HeaderValue::Long(bytes.try_get_i64().ok()?),
        6 => HeaderValue::Bytes(take_sized(bytes)?),
        7 => HeaderValue::Text(text(take_sized(bytes)?)?),
        8 => {
            let millis = SignedDuration::from_millis(bytes.try_get_i64().ok()?);
            HeaderValue::Timestamp(Timestamp::from_duration(millis).ok()?)
        }
        9 => HeaderValue::Uuid(take(bytes, 16)?.as_ref().try_into().ok()?),
        _ => return None,
    })
}

fn take_sized(bytes: &mut Bytes) -> Option<Bytes> {
    let length = bytes.try_get_u16().ok()?;
    take(bytes, length.into())
}

fn take(bytes: &mut Bytes, length: usize) -> Option<Bytes> {
    (length <= bytes.len()).then(|| bytes.split_to(length))
}

fn text(bytes: Bytes) -> Option<String> {
    String::from_utf8(bytes.into()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 1 << 20;

    fn value() -> impl Strategy<Value = HeaderValue> {
        prop_oneof![
            any::<bool>().prop_map(HeaderValue::Boolean),
            any::<i8>().prop_map(HeaderValue::Byte),
            any::<i16>().prop_map(HeaderValue::Short),
            any::<i32>().prop_map(HeaderValue::Integer),
            any::<i64>().prop_map(HeaderValue::Long),
            prop::collection::vec(any::<u8>(), 0..40)
                .prop_map(|bytes| HeaderValue::Bytes(bytes.into())),
            ".{0,20}".prop_map(HeaderValue::Text),
            (-60_000_000_000_000_i64..200_000_000_000_000).prop_map(|millis| {
                let since = SignedDuration::from_millis(millis);
                HeaderValue::Timestamp(Timestamp::from_duration(since).unwrap())
            }),
            any::<[u8; 16]>().prop_map(HeaderValue::Uuid),
        ]
    }

    fn message() -> impl Strategy<Value = Message> {
        let headers = prop::collection::vec((".{1,20}", value()), 0..6);
        let payload = prop::collection::vec(any::<u8>(), 0..200);
        (headers, payload).prop_map(|(headers, payload)| Message {
            headers,
            payload: payload.into(),
        })
    }

    /// Everything that the pieces hold, up to the first error.
    fn decode(pieces: &[&[u8]]) -> (Vec<Message>, Result<(), DecodeError>) {
        let mut decoder = Decoder::new(LIMIT);
        let mut messages = Vec::new();
        for piece in pieces {
            decoder.push(piece);
            loop {
                match decoder.next() {
                    Ok(Some(message)) => messages.push(message),
                    Ok(None) => break,
                    Err(error) => return (messages, Err(error)),
                }
            }
        }
        let end = decoder.finish();
        (messages, end)
    }

    proptest! {
        /// What is sent is what is received, however the bytes are cut on the way.
        #[test]
        fn messages_survive_the_wire(
            messages in prop::collection::vec(message(), 0..4),
            piece in 1_usize..50,
        ) {
            let wire: Vec<u8> = messages.iter().flat_map(|it| it.encode().unwrap()).collect();
            let pieces: Vec<_> = wire.chunks(piece).collect();
            prop_assert_eq!(decode(&pieces), (messages, Ok(())));
        }

        /// No bytes make the decoder panic, and none are kept beyond its limit.
        #[test]
        fn any_bytes_are_an_outcome(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = decode(&[&bytes]);
        }

        /// Headers that only look right are found out, although their checksums match.
        #[test]
        fn any_headers_are_an_outcome(headers in prop::collection::vec(any::<u8>(), 0..100)) {
            let mut wire = Vec::from(u32::try_from(MIN_LENGTH + headers.len()).unwrap().to_be_bytes());
            wire.extend(u32::try_from(headers.len()).unwrap().to_be_bytes());
            wire.extend(crc32fast::hash(&wire).to_be_bytes());
            wire.extend(&headers);
            wire.extend(crc32fast::hash(&wire).to_be_bytes());
            let _ = decode(&[&wire]);
        }

        /// A bit that changed on the way is never taken for what was sent.
        #[test]
        fn a_changed_bit_is_noticed(message in message(), at in any::<prop::sample::Index>(), bit in 0..8) {
            let mut wire = message.encode().unwrap().to_vec();
            let at = at.index(wire.len());
            wire[at] ^= 1_u8 << bit;
            prop_assert!(decode(&[&wire]).1.is_err());
        }
    }

    /// A length is a promise that costs nothing to make: memory is bounded by the limit.
    #[test]
    fn long_messages_are_refused_before_they_come() {
        let mut wire = Vec::from(u32::MAX.to_be_bytes());
        wire.extend([0; 4]);
        wire.extend(crc32fast::hash(&wire).to_be_bytes());
        assert_eq!(decode(&[&wire]).1, Err(DecodeError::TooLong(LIMIT)));
    }

    /// Headers take many times their bytes once they are read, and so have a bound of their own.
    #[test]
    fn long_headers_are_refused_before_they_come() {
        let headers = MAX_HEADERS + 1;
        let mut wire = Vec::from(u32::try_from(MIN_LENGTH + headers).unwrap().to_be_bytes());
        wire.extend(u32::try_from(headers).unwrap().to_be_bytes());
        wire.extend(crc32fast::hash(&wire).to_be_bytes());
        assert_eq!(decode(&[&wire]).1, Err(DecodeError::Headers));
    }

    /// A stream that was cut off is not passed off as one that ended.
    #[test]
    fn an_unfinished_message_is_an_error() {
        let wire = Message::default().encode().unwrap();
        assert_eq!(decode(&[&wire]), (vec![Message::default()], Ok(())));
        let cut = &wire[..wire.len() - 1];
        assert_eq!(decode(&[cut]).1, Err(DecodeError::Unfinished));
    }

    /// What the wire has no room for is an error before it is sent.
    #[test]
    fn messages_have_bounds() {
        let with = |name: &str, text: &str| {
            let mut message = Message::default();
            message.push_text(name, text);
            message.encode()
        };
        assert!(with("", "").is_err());
        assert!(with(&"n".repeat(256), "").is_err());
        assert!(with("n", &"t".repeat(1 << 15)).is_err());
        assert!(with(&"n".repeat(255), &"t".repeat((1 << 15) - 1)).is_ok());
    }
}
