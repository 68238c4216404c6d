//! Event streams of a protocol that has no place for other members than the streams themselves.

use std::sync::{Arc, Mutex};

use bytes::Bytes;

use super::decoder::Decoder;
use super::message::{HeaderValue, Message};
use super::{EventReceiver, Events};
use crate::Client;
use crate::body::Body;
use crate::fixture::{Script, Things, config, run};
use crate::metadata::ResponseMetadata;
use crate::operation::{Operation, OperationSchema, Output, ServiceSchema};
use crate::protocol::AWS_JSON_1_1;
use crate::schema::{Member, Schema, prelude};
use crate::transport::{Transport, TransportFuture};

static SERVICE: ServiceSchema = ServiceSchema::new("test#Rpc", "", "Rpc", &AWS_JSON_1_1, &[]);
static WORD: Schema = Schema::structure("test#Word", &WORD_MEMBERS);
static WORD_MEMBERS: [Member; 1] = [Member::new("text", &prelude::STRING)];
static SPEECH: Schema = Schema::union("test#Speech", &SPEECH_MEMBERS).streaming();
static SPEECH_MEMBERS: [Member; 1] = [Member::new("word", &WORD)];
static INPUT: Schema = Schema::structure("test#TalkInput", &INPUT_MEMBERS);
static INPUT_MEMBERS: [Member; 2] = [
    Member::new("room", &prelude::STRING).required(),
    Member::new("speech", &SPEECH).required(),
];
static OUTPUT: Schema = Schema::structure("test#TalkOutput", &OUTPUT_MEMBERS);
static OUTPUT_MEMBERS: [Member; 2] = [
    Member::new("minutes", &prelude::INTEGER).required(),
    Member::new("speech", &SPEECH).required(),
];
static TALK: OperationSchema = OperationSchema::rpc("test#Talk", &SERVICE, &INPUT, &OUTPUT);

#[derive(Clone, Debug, Default, PartialEq)]
struct Word {
    text: Option<String>,
}
crate::structure!(Word = WORD_MEMBERS { 0: text });

#[derive(Clone, Debug, PartialEq)]
enum Speech {
    Word(Word),
    Unknown(String),
}
crate::union!(Speech = SPEECH_MEMBERS { 0: Word(value) });

#[derive(Debug, Default)]
struct Talk {
    room: Option<String>,
    speech: Option<Events<Speech>>,
}
crate::structure!(Talk = INPUT_MEMBERS { 0: room, 1: speech });

impl Operation for Talk {
    type Service = Things;
    type Output = Talked;
    const SCHEMA: &'static OperationSchema = &TALK;
}

#[derive(Debug, Default)]
struct Talked {
    minutes: i32,
    speech: EventReceiver<Speech>,
    metadata: ResponseMetadata,
}
crate::structure!(
    Talked = OUTPUT_MEMBERS {
        0: minutes,
        1: speech
    }
);

impl Output for Talked {
    fn metadata_mut(&mut self) -> &mut ResponseMetadata {
        &mut self.metadata
    }
}

/// Keeps what it is sent and answers the same to all.
#[derive(Clone, Debug, Default)]
struct Wire {
    sent: Arc<Mutex<Vec<http::Request<Bytes>>>>,
    answer: Bytes,
}

impl Transport for Wire {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect(1 << 20).await.unwrap();
            let request = http::Request::from_parts(parts, body);
            self.sent.lock().unwrap().push(request);
            Ok(http::Response::new(Body::from(self.answer.clone())))
        })
    }
}

fn event(name: &str, payload: &'static str) -> Message {
    let mut message = Message::default();
    message.push_text(":message-type", "event");
    message.push_text(":event-type", name);
    message.payload = payload.into();
    message
}

fn text(text: &str) -> Speech {
    let text = Some(text.to_owned());
    Speech::Word(Word { text })
}

/// What a call with one event came to, and what it sent.
fn talk(answer: &[Message]) -> (Talked, Vec<Message>) {
    let answer: Vec<u8> = answer.iter().flat_map(|it| it.encode().unwrap()).collect();
    let wire = Wire {
        answer: answer.into(),
        ..Wire::default()
    };
    let config = config(Script::default()).transport(wire.clone());
    let client = Client::<Things>::new(config.build().unwrap());
    let (sender, events) = Events::channel(1);
    run(sender.send(text("hello"))).unwrap();
    drop(sender);
    let talked = run(client.send(Talk {
        room: Some("a".to_owned()),
        speech: Some(events),
    }));
    let sent = wire.sent.lock().unwrap().pop().unwrap();
    let media_type = &sent.headers()["content-type"];
    assert_eq!(media_type, "application/vnd.amazon.eventstream");
    let mut decoder = Decoder::new(1 << 20);
    decoder.push(sent.body());
    let messages = std::iter::from_fn(|| decoder.next().unwrap()).collect();
    (talked.unwrap(), messages)
}

/// The other members go before the events, in either direction.
#[test]
fn members_are_initial_messages() {
    let initial = event("initial-response", "{\"minutes\":5}");
    let (mut talked, sent) = talk(&[initial, event("word", "{\"text\":\"hi\"}")]);
    let [first, second] = &sent[..] else {
        panic!("{sent:?}");
    };
    let name = HeaderValue::Text("initial-request".to_owned());
    assert_eq!(first.header(":event-type"), Some(&name));
    assert_eq!(first.payload, "{\"room\":\"a\"}");
    assert_eq!(second.payload, "{\"text\":\"hello\"}");
    assert_eq!(talked.minutes, 5);
    assert!(talked.metadata.missing().is_empty());
    assert_eq!(run(talked.speech.next()).unwrap().unwrap(), text("hi"));
    assert!(run(talked.speech.next()).is_none());
}

/// A service that has nothing to say before the events loses none of them.
#[test]
fn an_initial_message_may_be_missing() {
    let (mut talked, _) = talk(&[event("word", "{\"text\":\"hi\"}")]);
    assert_eq!(talked.metadata.missing(), ["/minutes"]);
    assert_eq!(run(talked.speech.next()).unwrap().unwrap(), text("hi"));
    assert!(run(talked.speech.next()).is_none());
}
