//! Messages of event streams, taken apart by a reader that is not the runtime's.
//!
//! Source: Amazon Event Stream Specification, "Message Format".

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tinsmith_runtime::schema::TimestampFormat;
use tinsmith_runtime::timestamp::Timestamp;

use crate::case::texts;
use crate::diff::same;
use crate::json::Json;

/// The bytes of a message besides headers and payload: two lengths and two checksums.
const FRAME: usize = 16;

/// A message.
#[derive(Debug, PartialEq)]
pub(crate) struct Message {
    /// Each header with its value as a test writes it: `{"string": "event"}`.
    headers: Vec<(String, Json)>,
    payload: Vec<u8>,
}

/// The messages of a body.
///
/// # Errors
///
/// Bytes that are no whole messages with the right checksums.
pub(crate) fn messages(mut bytes: &[u8]) -> Result<Vec<Message>, String> {
    let mut messages = Vec::new();
    while !bytes.is_empty() {
        let total = bytes
            .first_chunk()
            .map_or(0, |length| u32::from_be_bytes(*length) as usize);
        let message = bytes.get(..total).filter(|_| total >= FRAME);
        let message = message.ok_or("the body breaks off within a message")?;
        messages.push(message_of(message)?);
        bytes = bytes.get(total..).unwrap_or_default();
    }
    Ok(messages)
}

/// The events of a request: its messages, or those that they are the signed envelopes of, without the
/// one that some protocols put the other members of the input in.
///
/// Source: AWS Signature Version 4, "Signing event stream messages"; the last envelope is empty.
///
/// # Errors
///
/// As [`messages`], and a stream of which only a part is signed.
pub(crate) fn sent_events(bytes: &[u8]) -> Result<Vec<Message>, String> {
    let mut events = unsigned(bytes)?;
    let initial = Json::object([("string", Json::String("initial-request".to_owned()))]);
    let is_initial = |message: &Message| {
        let mut headers = message.headers.iter();
        headers.any(|(name, value)| name == ":event-type" && *value == initial)
    };
    if events.first().is_some_and(is_initial) {
        events.remove(0);
    }
    Ok(events)
}

fn unsigned(bytes: &[u8]) -> Result<Vec<Message>, String> {
    let found = messages(bytes)?;
    let is_signed = |message: &Message| {
        let mut names = message.headers.iter().map(|(name, _)| name.as_str());
        names.any(|name| name == ":chunk-signature")
    };
    let Some((last, envelopes)) = found.split_last().filter(|(last, _)| is_signed(last)) else {
        return match found.iter().any(is_signed) {
            true => Err("the end of the stream is not signed".to_owned()),
            false => Ok(found),
        };
    };
    if !last.payload.is_empty() {
        return Err("the signed stream has no end".to_owned());
    }
    let mut events = Vec::new();
    for envelope in envelopes {
        if !is_signed(envelope) {
            return Err("an event is not signed".to_owned());
        }
        events.append(&mut messages(&envelope.payload)?);
    }
    Ok(events)
}

fn message_of(bytes: &[u8]) -> Result<Message, String> {
    let mut reader = Reader(bytes);
    reader.number(4)?;
    let headers = reader.number(4)?;
    let prelude = bytes.get(..8).unwrap_or_default();
    if reader.number(4)? != u64::from(crc32fast::hash(prelude)) {
        return Err("the checksum of a prelude is wrong".to_owned());
    }
    let headers = reader.take(headers)?;
    let payload = reader.take((reader.0.len() as u64).saturating_sub(4))?;
    let whole = bytes
        .get(..bytes.len().saturating_sub(4))
        .unwrap_or_default();
    if reader.number(4)? != u64::from(crc32fast::hash(whole)) {
        return Err("the checksum of a message is wrong".to_owned());
    }
    let (mut list, mut headers) = (Vec::new(), Reader(headers));
    while !headers.0.is_empty() {
        list.push(headers.header()?);
    }
    Ok(Message {
        headers: list,
        payload: payload.to_vec(),
    })
}

/// What is left of some bytes.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: u64) -> Result<&'a [u8], String> {
        let split = usize::try_from(length)
            .ok()
            .and_then(|length| self.0.split_at_checked(length));
        let (taken, rest) = split.ok_or("a message breaks off")?;
        self.0 = rest;
        Ok(taken)
    }

    /// An unsigned number of this many bytes, most significant first.
    fn number(&mut self, bytes: u64) -> Result<u64, String> {
        Ok(self
            .take(bytes)?
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// A signed number of this many bytes.
    fn signed(&mut self, bytes: u64) -> Result<i64, String> {
        let unused = 64 - 8 * u32::try_from(bytes).unwrap_or(8);
        let number = i64::from_be_bytes(self.number(bytes)?.to_be_bytes());
        Ok(number.wrapping_shl(unused).wrapping_shr(unused))
    }

    fn text(&mut self, length: u64) -> Result<String, String> {
        let text = std::str::from_utf8(self.take(length)?);
        text.map(str::to_owned)
            .map_err(|error| format!("a header is not text: {error}"))
    }

    fn header(&mut self) -> Result<(String, Json), String> {
        let length = self.number(1)?;
        let name = self.text(length)?;
        let integer = |number: i64| Json::Number(number.to_string());
        let (kind, value) = match self.number(1)? {
            0 => ("boolean", Json::Bool(true)),
            1 => ("boolean", Json::Bool(false)),
            2 => ("byte", integer(self.signed(1)?)),
            3 => ("short", integer(self.signed(2)?)),
            4 => ("integer", integer(self.signed(4)?)),
            5 => ("long", integer(self.signed(8)?)),
            6 => {
                let length = self.number(2)?;
                (
                    "blob",
                    Json::String(BASE64_STANDARD.encode(self.take(length)?)),
                )
            }
            7 => {
                let length = self.number(2)?;
                ("string", Json::String(self.text(length)?))
            }
            8 => ("timestamp", timestamp(self.signed(8)?)?),
            other => return Err(format!("a header has the unknown type {other}")),
        };
        Ok((name, Json::object([(kind, value)])))
    }
}

/// A time in milliseconds since 1970, as tests write it.
fn timestamp(millis: i64) -> Result<Json, String> {
    let seconds = format!("{}.{:03}", millis.div_euclid(1000), millis.rem_euclid(1000));
    let time = Timestamp::parse(&seconds, TimestampFormat::EpochSeconds);
    let time = time.map_err(|error| error.to_string())?;
    Ok(Json::String(
        time.format(TimestampFormat::DateTime).to_string(),
    ))
}

impl Message {
    /// That this is the message which `event` of a test describes.
    ///
    /// # Errors
    ///
    /// What differs.
    pub(crate) fn check(&self, event: &Json) -> Result<(), String> {
        let found = |name: &str| self.headers.iter().find(|(own, _)| own == name);
        if let Some(Json::Object(expected)) = event.get("headers") {
            let named = expected.keys().filter_map(|name| found(name).cloned());
            let named = Json::Object(named.collect());
            same(
                "headers of an event",
                &Json::Object(expected.clone()),
                &named,
            )?;
        }
        if let Some(name) = texts(event, "forbidHeaders")
            .iter()
            .find(|name| found(name).is_some())
        {
            return Err(format!("an event has the header {name}"));
        }
        if let Some(name) = texts(event, "requireHeaders")
            .iter()
            .find(|name| found(name).is_none())
        {
            return Err(format!("an event lacks the header {name}"));
        }
        let Some(body) = event.get("body").and_then(Json::as_str) else {
            return Ok(());
        };
        let media_type = event.get("bodyMediaType").and_then(Json::as_str);
        crate::body::compare(media_type, body.as_bytes(), &self.payload)
            .map_err(|difference| format!("of an event: {difference}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of the official tests.
    const BOOLEAN: &str = "AAAASwAAADv7Cl8VDTptZXNzYWdlLXR5cGUHAAVldmVudAs6ZXZlbnQtdHlwZQcAB2hlYWRlcnMNYm9vbGVhbkhlYWRlcgC4J9Ws";

    /// What is compared is what is on the wire.
    #[test]
    fn messages_are_taken_apart() {
        let bytes = BASE64_STANDARD.decode(BOOLEAN).unwrap();
        let twice = [bytes.clone(), bytes.clone()].concat();
        let found = messages(&twice).unwrap();
        assert_eq!(found.len(), 2);
        let event = r#"{"headers": {":message-type": {"string": "event"}, "booleanHeader": {"boolean": true}}, "body": ""}"#;
        assert_eq!(found[0].check(&Json::parse(event).unwrap()), Ok(()));
        let other = Json::parse(&event.replace("true", "false")).unwrap();
        assert!(
            found[0]
                .check(&other)
                .unwrap_err()
                .contains("/booleanHeader/boolean")
        );
        assert!(messages(&bytes[..bytes.len() - 1]).is_err());
        let mut broken = bytes;
        broken[20] ^= 1;
        assert!(messages(&broken).is_err());
    }
}
