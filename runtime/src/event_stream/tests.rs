//! Events from one end to the other.

use bytes::Bytes;

use super::decoder::Decoder;
use super::message::{HeaderValue, Message};
use super::*;
use crate::body::Body;
use crate::config::ResponseChecks;
use crate::fixture::run;
use crate::protocol::{Protocol, REST_JSON_1};
use crate::schema::{Constraint, EventBinding, Fault, Member, Schema, ShapeKind, prelude};
use crate::shape::{Blob, Value};
use crate::stream::{IncomingStream, OutgoingStream, StreamContext, StreamReader};
use crate::timestamp::Timestamp;
use crate::validate::{Validation, ValidationOptions};

static SHORT: Schema =
    Schema::new("test#Short", ShapeKind::String).constrained(&[Constraint::length(None, Some(3))]);
static TEXT: Schema = Schema::structure("test#Text", &TEXT_MEMBERS);
static TEXT_MEMBERS: [Member; 3] = [
    Member::new("text", &SHORT).required(),
    Member::new("number", &prelude::SHORT).event(EventBinding::Header),
    Member::new("time", &prelude::TIMESTAMP).event(EventBinding::Header),
];
static AUDIO: Schema = Schema::structure("test#Audio", &AUDIO_MEMBERS);
static AUDIO_MEMBERS: [Member; 1] =
    [Member::new("bytes", &prelude::BLOB).event(EventBinding::Payload)];
static FAILED: Schema = Schema::structure("test#Failed", &FAILED_MEMBERS).error(Fault::Server, 500);
static FAILED_MEMBERS: [Member; 1] = [Member::new("message", &prelude::STRING)];
static SPEECH: Schema = Schema::union("test#Speech", &SPEECH_MEMBERS).streaming();
static SPEECH_MEMBERS: [Member; 3] = [
    Member::new("text", &TEXT),
    Member::new("audio", &AUDIO),
    Member::new("failed", &FAILED),
];
static STREAM: Member = Member::new("speech", &SPEECH);

#[derive(Clone, Debug, Default, PartialEq)]
struct Text {
    text: String,
    number: Option<i16>,
    time: Option<Timestamp>,
}
crate::structure!(
    Text = TEXT_MEMBERS {
        0: text,
        1: number,
        2: time
    }
);

#[derive(Clone, Debug, Default, PartialEq)]
struct Audio {
    bytes: Option<Blob>,
}
crate::structure!(Audio = AUDIO_MEMBERS { 0: bytes });

#[derive(Clone, Debug, Default, PartialEq)]
struct Failed {
    message: Option<String>,
}
crate::structure!(Failed = FAILED_MEMBERS { 0: message });

#[derive(Clone, Debug, PartialEq)]
enum Speech {
    Text(Text),
    Audio(Audio),
    Failed(Failed),
    Unknown(String),
}
crate::union!(
    Speech = SPEECH_MEMBERS {
        0: Text(value),
        1: Audio(value),
        2: Failed(value)
    }
);

fn text(text: &str) -> Speech {
    Speech::Text(Text {
        text: text.to_owned(),
        number: Some(-2),
        time: Some("2024-10-31T14:15:14.5Z".parse().unwrap()),
    })
}

fn audio() -> Speech {
    Speech::Audio(Audio {
        bytes: Some(Blob::from(&[0, 255, 7])),
    })
}

/// What a call would send of these events.
fn sent(events: &[Speech], validation: Validation) -> Result<Bytes, crate::body::CollectError> {
    let (sender, stream) = Events::channel(events.len());
    for event in events {
        run(sender.send(event.clone())).unwrap();
    }
    drop(sender);
    let context = StreamContext {
        member: &STREAM,
        protocol: &REST_JSON_1,
        validation,
        validation_options: ValidationOptions::default(),
    };
    assert!(!stream.is_spent());
    let sent = run(stream.open(&context).unwrap().collect(1 << 20));
    assert!(stream.is_spent() && stream.open(&context).is_none());
    sent
}

fn receiver(wire: Bytes, checks: ResponseChecks) -> EventReceiver<Speech> {
    let stream = IncomingStream {
        body: Body::from(wire),
        protocol: &REST_JSON_1,
        limit: 1 << 20,
        checks,
    };
    EventReceiver::read(&STREAM, &mut StreamReader(Some(stream)))
        .unwrap()
        .unwrap()
}

/// The events of these bytes, and the error that ended them.
fn received(wire: Bytes) -> (Vec<Speech>, Option<EventError<Speech>>) {
    let mut receiver = receiver(wire, ResponseChecks::Strict);
    let mut events = Vec::new();
    loop {
        match run(receiver.next()) {
            Some(Ok(event)) => events.push(event),
            Some(Err(error)) => {
                assert!(run(receiver.next()).is_none());
                return (events, Some(error));
            }
            None => return (events, None),
        }
    }
}

fn message(headers: &[(&str, &str)], payload: &'static str) -> Bytes {
    let mut message = Message {
        payload: payload.into(),
        ..Message::default()
    };
    for (name, value) in headers {
        message.push_text(name, value);
    }
    message.encode().unwrap()
}

/// An event says what it is, and each member stands where the model puts it.
#[test]
fn members_stand_where_the_model_puts_them() {
    let mut decoder = Decoder::new(1 << 20);
    decoder.push(&sent(&[text("abc"), audio()], Validation::Enforce).unwrap());
    let first = decoder.next().unwrap().unwrap();
    let is = |name: &str, text: &str| {
        assert_eq!(first.header(name), Some(&HeaderValue::Text(text.into())));
    };
    is(":message-type", "event");
    is(":event-type", "text");
    is(":content-type", "application/json");
    assert_eq!(first.header("number"), Some(&HeaderValue::Short(-2)));
    assert_eq!(first.payload, "{\"text\":\"abc\"}");
    let second = decoder.next().unwrap().unwrap();
    assert_eq!(second.payload, &[0, 255, 7][..]);
    let media_type = HeaderValue::Text("application/octet-stream".into());
    assert_eq!(second.header(":content-type"), Some(&media_type));
    assert_eq!(second.headers.len(), 3);
}

/// What one end sends is what the other receives.
#[test]
fn events_arrive_as_they_were() {
    let events = [text(""), audio(), text("abc")];
    let (arrived, error) = received(sent(&events, Validation::Enforce).unwrap());
    assert_eq!(arrived, events);
    assert!(error.is_none());
}

/// An event that the model forbids is not sent, and neither is anything after it.
#[test]
fn forbidden_events_are_not_sent() {
    let error = sent(&[text("abcd")], Validation::Enforce).unwrap_err();
    let crate::body::CollectError::Broken(error) = error else {
        panic!("{error:?}");
    };
    assert!(error.to_string().contains("/text/text"), "{error}");
    assert!(sent(&[text("abcd")], Validation::Off).is_ok());
    let unknown = Speech::Unknown("x".into());
    assert!(sent(&[unknown], Validation::Off).is_err());
}

/// A modelled error ends the stream and is the variant that it is.
#[test]
fn exceptions_end_the_stream() {
    let failed = Speech::Failed(Failed {
        message: Some("why".into()),
    });
    let wire = sent(&[audio(), failed.clone(), audio()], Validation::Enforce).unwrap();
    let (events, error) = received(wire);
    assert_eq!(events, [audio()]);
    assert!(matches!(error, Some(EventError::Exception(error)) if error == failed));
}

/// Errors that the model lacks keep what the service said of them.
#[test]
fn unmodelled_errors_are_told() {
    let error = [
        (":message-type", "error"),
        (":error-code", "internal"),
        (":error-message", "why"),
    ];
    let exception = [
        (":message-type", "exception"),
        (":exception-type", "internal"),
    ];
    for (wire, expected) in [(message(&error, ""), "why"), (message(&exception, ""), "")] {
        let Some(EventError::Unmodeled { code, message }) = received(wire).1 else {
            panic!("no error");
        };
        assert_eq!((code.as_str(), message.as_str()), ("internal", expected));
    }
}

/// Events of tomorrow are no reason to hang up.
#[test]
fn unknown_events_pass() {
    let wire = message(&[(":message-type", "event"), (":event-type", "new")], "?");
    let (events, error) = received(wire);
    assert_eq!(events, [Speech::Unknown("new".into())]);
    assert!(error.is_none());
}

/// What is no event is an error, and never an event with made-up members.
#[test]
fn malformed_messages_end_the_stream() {
    let event = [(":message-type", "event"), (":event-type", "text")];
    let other_type = [event[0], event[1], ("number", "1")];
    for wire in [
        message(&[], ""),
        message(&event[..1], ""),
        message(&[(":message-type", "other")], ""),
        message(&event, "{"),
        message(&event, "{}"),
        message(&other_type, "{\"text\":\"\"}"),
        Bytes::from_static(b"no message at all"),
    ] {
        let (events, error) = received(wire);
        assert!(events.is_empty());
        assert!(matches!(error, Some(EventError::Malformed(_))), "{error:?}");
    }
}

/// Where responses are not checked strictly, a required member that is missing is its zero value.
#[test]
fn lacking_events_are_completed() {
    let wire = message(&[(":message-type", "event"), (":event-type", "text")], "{}");
    let mut receiver = receiver(wire, ResponseChecks::Lenient);
    let event = run(receiver.next()).unwrap().unwrap();
    assert_eq!(event, Speech::Text(Text::default()));
}

/// A source that fails ends the call with its error, and is told from one that ends.
#[test]
fn a_failing_source_is_an_error() {
    let failing = Events::<Speech>::try_from_stream(Once(Some(Err("disk"))));
    let context = StreamContext {
        member: &STREAM,
        protocol: &REST_JSON_1,
        validation: Validation::Enforce,
        validation_options: ValidationOptions::default(),
    };
    let error = run(failing.open(&context).unwrap().collect(9)).unwrap_err();
    assert!(
        matches!(error, crate::body::CollectError::Broken(error) if error.to_string() == "disk")
    );
    let events = Events::from(Once(Some(audio())));
    assert!(run(events.open(&context).unwrap().collect(999)).is_ok());
}

struct Once<T>(Option<T>);

impl<T: Unpin> futures_core::Stream for Once<T> {
    type Item = T;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<T>> {
        std::task::Poll::Ready(self.0.take())
    }
}

/// The members beside the events are a message of their own where the protocol has no other place.
#[test]
fn the_initial_messages_go_before_the_events() {
    let documents = REST_JSON_1.documents().unwrap();
    let events = sent(&[audio()], Validation::Enforce).unwrap();
    let body = initial_request(documents, "{\"a\":1}".into(), Body::from(events.clone())).unwrap();
    let mut wire = Vec::from(run(body.collect(1 << 20)).unwrap());
    let mut decoder = Decoder::new(1 << 20);
    decoder.push(&wire);
    let first = decoder.next().unwrap().unwrap();
    assert_eq!(first.payload, "{\"a\":1}");
    assert_eq!(decoder.unread(), &events[..]);

    // The answer has the same form but for its name; without one, all of it is events.
    let name = [
        (":message-type", "event"),
        (":event-type", "initial-response"),
    ];
    wire.clear();
    wire.extend(message(&name, "{\"b\":2}"));
    wire.extend(&events);
    for (wire, expected) in [(Bytes::from(wire), "{\"b\":2}"), (events.clone(), "")] {
        let (document, rest) = run(initial_response(Body::from(wire), 1 << 20)).unwrap();
        assert_eq!(document, expected);
        assert_eq!(run(rest.collect(1 << 20)).unwrap(), events);
    }
}

/// Each event travels in a signed message, and an empty one says that nothing was cut off.
#[test]
#[cfg(feature = "sigv4")]
fn signed_events_are_wrapped() {
    let credentials = crate::identity::Credentials::new("AKIDEXAMPLE", "secret");
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", "Signature=00".parse().unwrap());
    let signer = crate::auth::sigv4::EventSigner::after(&headers, &credentials, "talk", "x");
    let event = sent(&[audio()], Validation::Enforce).unwrap();
    let time: Timestamp = "2024-10-31T14:15:14Z".parse().unwrap();
    let body = Signed::body(
        Body::from(event.clone()),
        signer.unwrap(),
        Box::new(move || time),
    );
    let mut decoder = Decoder::new(1 << 20);
    decoder.push(&run(body.collect(1 << 20)).unwrap());
    for payload in [event, Bytes::new()] {
        let message = decoder.next().unwrap().unwrap();
        assert_eq!(message.payload, payload);
        assert_eq!(message.header(":date"), Some(&HeaderValue::Timestamp(time)));
        let signature = message.header(":chunk-signature");
        assert!(matches!(signature, Some(HeaderValue::Bytes(bytes)) if bytes.len() == 32));
    }
    assert_eq!(decoder.next(), Ok(None));
}
