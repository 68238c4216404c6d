//! Events in both directions at once, over HTTP/2 and HTTP/1.1.

use std::convert::Infallible;
use std::io::Write;
use std::sync::Arc;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tinsmith_runtime::Error;
use tinsmith_runtime::body::Body;
use tinsmith_runtime::event_stream::{EventError, EventReceiver, Events};
use tinsmith_runtime::metadata::ResponseMetadata;
use tinsmith_runtime::operation::{HttpTrait, Operation, OperationSchema, Output, PathSegment};
use tinsmith_runtime::schema::{Constraint, EventBinding, Fault, HttpBinding, Member, Schema};
use tinsmith_runtime::schema::{ShapeKind, prelude};
use tinsmith_runtime::stream::StreamError;
use tokio_rustls::TlsAcceptor;

use crate::once;
use crate::server::Server;
use crate::service::{SERVICE, Tokens, client};
use crate::tls::{certificate, through};

static SHORT: Schema =
    Schema::new("test#Short", ShapeKind::String).constrained(&[Constraint::length(None, Some(9))]);
static WORD: Schema = Schema::structure("test#Word", &WORD_MEMBERS);
static WORD_MEMBERS: [Member; 2] = [
    Member::new("text", &SHORT),
    Member::new("number", &prelude::INTEGER).event(EventBinding::Header),
];
static BROKEN: Schema = Schema::structure("test#Broken", &BROKEN_MEMBERS).error(Fault::Server, 500);
static BROKEN_MEMBERS: [Member; 1] = [Member::new("message", &prelude::STRING)];
static SPEECH: Schema = Schema::union("test#Speech", &SPEECH_MEMBERS).streaming();
static SPEECH_MEMBERS: [Member; 2] = [Member::new("word", &WORD), Member::new("broken", &BROKEN)];
static TALK: Schema = Schema::structure("test#Talk", &TALK_MEMBERS);
static TALK_MEMBERS: [Member; 1] = [Member::new("speech", &SPEECH)
    .required()
    .http(HttpBinding::Payload)];
const HTTP: HttpTrait = HttpTrait::new("POST", &[PathSegment::Literal("talk")], 200);
static OPERATION: OperationSchema = OperationSchema::new("test#Talk", &SERVICE, HTTP, &TALK, &TALK);

#[derive(Clone, Debug, Default, PartialEq)]
struct Word {
    text: Option<String>,
    number: Option<i32>,
}
tinsmith_runtime::structure!(Word = WORD_MEMBERS { 0: text, 1: number });

#[derive(Clone, Debug, Default, PartialEq)]
struct Broken {
    message: Option<String>,
}
tinsmith_runtime::structure!(Broken = BROKEN_MEMBERS { 0: message });

#[derive(Clone, Debug, PartialEq)]
enum Speech {
    Word(Word),
    Broken(Broken),
    Unknown(String),
}
tinsmith_runtime::union!(
    Speech = SPEECH_MEMBERS {
        0: Word(value),
        1: Broken(value)
    }
);

#[derive(Debug, Default)]
struct Talk {
    speech: Option<Events<Speech>>,
}
tinsmith_runtime::structure!(Talk = TALK_MEMBERS { 0: speech });

impl Operation for Talk {
    type Service = Tokens;
    type Output = Answer;
    const SCHEMA: &'static OperationSchema = &OPERATION;
}

#[derive(Debug, Default)]
struct Answer {
    speech: EventReceiver<Speech>,
    metadata: ResponseMetadata,
}
tinsmith_runtime::structure!(Answer = TALK_MEMBERS { 0: speech });

impl Output for Answer {
    fn metadata_mut(&mut self) -> &mut ResponseMetadata {
        &mut self.metadata
    }
}

fn word(text: &str, number: i32) -> Speech {
    Speech::Word(Word {
        text: Some(text.to_owned()),
        number: Some(number),
    })
}

/// A server that sends every body back as it comes.
async fn echo() -> (u16, String) {
    let (mut config, pem) = certificate("localhost");
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let stream = TokioIo::new(acceptor.accept(stream).await.unwrap());
            let answer = service_fn(|request: http::Request<hyper::body::Incoming>| async move {
                let media_type = &request.headers()["content-type"];
                assert_eq!(media_type, "application/vnd.amazon.eventstream");
                Ok::<_, Infallible>(http::Response::new(Body::from(request.into_body())))
            });
            let serve = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                .serve_connection(stream, answer);
            tokio::spawn(serve);
        }
    });
    (port, pem)
}

/// A server of HTTP/1.1 without TLS that does the same.
async fn plain_echo() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let answer = service_fn(|request: http::Request<hyper::body::Incoming>| async move {
                assert_eq!(request.headers()["transfer-encoding"], "chunked");
                Ok::<_, Infallible>(http::Response::new(Body::from(request.into_body())))
            });
            let serve = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer);
            tokio::spawn(serve);
        }
    });
    url
}

/// A talk with the server.
async fn talk(speech: Events<Speech>) -> Result<Answer, Error<crate::service::TokensError>> {
    let (port, pem) = echo().await;
    let client = through(&format!("https://localhost:{port}"), |transport| {
        transport.root_certificates(pem.as_bytes()).unwrap()
    });
    let speech = Some(speech);
    client.send(Talk { speech }).await
}

/// An event is answered before the next is sent, and the end of one direction ends the other.
#[tokio::test]
async fn events_go_both_ways_at_once() {
    let (sender, events) = Events::channel(1);
    let mut answer = talk(events).await.unwrap();
    assert_eq!(answer.metadata.status(), 200);
    for number in 0..50 {
        sender.send(word("again", number)).await.unwrap();
        let event = answer.speech.next().await.unwrap().unwrap();
        assert_eq!(event, word("again", number));
    }
    drop(sender);
    assert!(answer.speech.next().await.is_none());
}

/// So they do over HTTP/1.1, where the answer begins before the request has ended.
#[tokio::test]
async fn events_go_both_ways_over_http_1() {
    let (sender, events) = Events::channel(1);
    let speech = Some(events);
    let client = client(&plain_echo().await, once);
    let mut answer = client.send(Talk { speech }).await.unwrap();
    for number in 0..50 {
        sender.send(word("again", number)).await.unwrap();
        let event = answer.speech.next().await.unwrap().unwrap();
        assert_eq!(event, word("again", number));
    }
    drop(sender);
    assert!(answer.speech.next().await.is_none());
}

/// A connection that breaks in the middle of an event is told from a stream that ends.
#[tokio::test]
async fn a_broken_connection_is_no_end_of_events() {
    let server = Server::start(|server, mut stream| {
        server.receive(&mut stream);
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n\0\0\0\x50\r\n";
        stream.write_all(head).unwrap();
    });
    let client = client(&server.url(), once);
    let (sender, events) = Events::channel(1);
    let speech = Some(events);
    let mut answer = client.send(Talk { speech }).await.unwrap();
    let error = answer.speech.next().await.unwrap().unwrap_err();
    assert!(matches!(error, EventError::Stream(_)), "{error}");
    assert!(answer.speech.next().await.is_none());
    drop(sender);
}

/// An error that the model has is the event that it is, and the end.
#[tokio::test]
async fn an_exception_ends_the_stream() {
    let (sender, events) = Events::channel(2);
    let mut answer = talk(events).await.unwrap();
    let broken = Speech::Broken(Broken {
        message: Some("why".to_owned()),
    });
    sender.send(broken.clone()).await.unwrap();
    let error = answer.speech.next().await.unwrap().unwrap_err();
    assert!(matches!(error, EventError::Exception(error) if error == broken));
    assert!(answer.speech.next().await.is_none());
}

/// An event that the model forbids never leaves, and the stream ends with an error rather than well.
#[tokio::test]
async fn a_forbidden_event_ends_the_call() {
    let (sender, events) = Events::channel(2);
    let mut answer = talk(events).await.unwrap();
    sender.send(word("far too long", 1)).await.unwrap();
    let error = answer.speech.next().await.unwrap().unwrap_err();
    assert!(
        matches!(error, EventError::Stream(StreamError::Broken(_))),
        "{error}"
    );
    assert!(sender.send(word("late", 2)).await.is_err());
}
