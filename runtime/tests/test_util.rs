//! The service in memory, where operations carry streams and identities come from elsewhere.
#![cfg(all(feature = "rest-json-1", feature = "test-util"))]
#![allow(clippy::unwrap_used, clippy::panic)] // A failed test panics.

use std::time::Duration;

use bytes::Bytes;
use tinsmith_runtime::client::Client;
use tinsmith_runtime::endpoint::{Endpoint, EndpointError, EndpointParams};
use tinsmith_runtime::error::UnmodeledError;
use tinsmith_runtime::identity::{ProvideFuture, ProvideToken, Token};
use tinsmith_runtime::metadata::ResponseMetadata;
use tinsmith_runtime::operation::{
    AuthScheme, HttpTrait, Operation, OperationSchema, Output, PathSegment, Service, ServiceSchema,
};
use tinsmith_runtime::protocol::REST_JSON_1;
use tinsmith_runtime::schema::{Fault, HttpBinding, Member, Schema, ShapeKind, prelude};
use tinsmith_runtime::stream::ByteStream;
use tinsmith_runtime::test_util::{TestService, TransportFailure};
use tinsmith_runtime::timestamp::Timestamp;
use tinsmith_runtime::{Error, build};

static SERVICE: ServiceSchema = ServiceSchema::new(
    "test#Files",
    "2020-01-01",
    "Files",
    &REST_JSON_1,
    &[AuthScheme::HttpBearer],
);
static BYTES: Schema = Schema::new("test#Bytes", ShapeKind::Blob).streaming();
static FILE: Schema = Schema::structure("test#File", &FILE_MEMBERS);
static FILE_MEMBERS: [Member; 2] = [
    Member::new("kind", &prelude::STRING).http(HttpBinding::Header("x-kind")),
    Member::new("body", &BYTES).http(HttpBinding::Payload),
];
static LOCKED: Schema = Schema::structure("test#Locked", &LOCKED_MEMBERS).error(Fault::Server, 503);
static LOCKED_MEMBERS: [Member; 1] = [Member::new("message", &prelude::STRING)];
const HTTP: HttpTrait = HttpTrait::new("PUT", &[PathSegment::Literal("copy")], 200);
static COPY: OperationSchema =
    OperationSchema::new("test#Copy", &SERVICE, HTTP, &FILE, &FILE).idempotent();

#[derive(Debug)]
struct Files;

impl Service for Files {
    type Error = ServiceError;
    const SCHEMA: &'static ServiceSchema = &SERVICE;

    fn resolve_endpoint(_: &EndpointParams<'_>) -> Result<Endpoint, EndpointError> {
        Ok(Endpoint::new("https://files.example"))
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Locked {
    message: Option<String>,
    metadata: ResponseMetadata,
}
tinsmith_runtime::structure!(Locked = LOCKED_MEMBERS { 0: message });

#[derive(Clone, Debug, PartialEq)]
enum ServiceError {
    Locked(Box<Locked>),
    Unmodeled(Box<UnmodeledError>),
}
tinsmith_runtime::service_errors!(ServiceError { Locked(Locked) = LOCKED, message; });

#[derive(Debug, Default)]
struct CopyInput {
    kind: Option<String>,
    body: Option<ByteStream>,
}
tinsmith_runtime::structure!(CopyInput = FILE_MEMBERS { 0: kind, 1: body });

impl Operation for CopyInput {
    type Service = Files;
    type Output = CopyOutput;
    const SCHEMA: &'static OperationSchema = &COPY;
}

#[derive(Debug, Default)]
struct CopyOutput {
    kind: Option<String>,
    body: ByteStream,
    metadata: ResponseMetadata,
}
tinsmith_runtime::structure!(CopyOutput = FILE_MEMBERS { 0: kind, 1: body });

impl Output for CopyOutput {
    fn metadata_mut(&mut self) -> &mut ResponseMetadata {
        &mut self.metadata
    }
}

fn start() -> (TestService, Client<Files>) {
    let service = TestService::new();
    let client = Client::new(service.config());
    (service, client)
}

fn copy(body: impl Into<ByteStream>) -> CopyInput {
    CopyInput {
        kind: Some("text".into()),
        body: Some(body.into()),
    }
}

async fn text(output: CopyOutput) -> Bytes {
    output.body.collect(100).await.unwrap()
}

/// A stream of pieces that another task hands over, in its own time.
fn slow(pieces: &'static [&'static str]) -> ByteStream {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        for piece in pieces {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let _ = sender.send(Bytes::from_static(piece.as_bytes())).await;
        }
    });
    ByteStream::from_body(Pieces(receiver))
}

struct Pieces(tokio::sync::mpsc::Receiver<Bytes>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        let piece = self.0.poll_recv(cx);
        piece.map(|piece| piece.map(|piece| Ok(http_body::Frame::data(piece))))
    }
}

/// Protects streams: what goes in is kept whole, and what a rule answers is read as it is, as often as it
/// is asked for.
#[tokio::test]
async fn streams_of_bytes_go_both_ways() {
    let (service, client) = start();
    service.when_any::<CopyInput>().answer(build!(CopyOutput {
        kind: Some("copy".into()),
        body: "down".into(),
    }));
    for _ in 0..2 {
        let output = client.send(copy("up")).await.unwrap();
        assert_eq!(output.kind.as_deref(), Some("copy"));
        assert_eq!(text(output).await, "down");
    }
    let output = client.send(copy(slow(&["slow", "ly"]))).await.unwrap();
    assert_eq!(text(output).await, "down");
    let bodies: Vec<_> = service
        .requests()
        .iter()
        .map(|it| it.body().clone())
        .collect();
    assert_eq!(bodies, ["up", "up", "slowly"]);
}

/// Protects streams that can be read once: an answer that lacks its body is refused, and says what to do.
#[tokio::test]
async fn a_stream_of_an_answer_goes_out_once() {
    let (service, client) = start();
    service.when_any::<CopyInput>().answer(build!(CopyOutput {
        body: slow(&["once"])
    }));
    let output = client.send(copy("up")).await.unwrap();
    assert_eq!(text(output).await, "once");
    let error = client.send(copy("up")).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("or anew for each request with `answer_with`"),
        "{error}"
    );

    let (service, client) = start();
    let anew = |_: &CopyInput| {
        build!(CopyOutput {
            body: slow(&["each ", "time"])
        })
    };
    service.when_any::<CopyInput>().answer_with(anew);
    for _ in 0..2 {
        let output = client.send(copy("up")).await.unwrap();
        assert_eq!(text(output).await, "each time");
    }
}

/// Protects tests of uploads: a lost answer is retried where the stream can be sent again, and only there.
#[tokio::test]
async fn a_spent_stream_is_not_sent_again() {
    for (body, attempts) in [(ByteStream::from("up"), 2), (slow(&["up"]), 1)] {
        let (service, client) = start();
        service
            .when_any::<CopyInput>()
            .fail(TransportFailure::Timeout)
            .then()
            .answer(CopyOutput::default());
        let result = client.send(copy(body)).await;
        assert_eq!(result.is_ok(), attempts == 2);
        assert_eq!(service.requests().len(), attempts);
    }
}

/// Protects the model's word on errors that a rule answers with: status, fault and retries follow from it.
#[tokio::test]
async fn an_error_is_as_the_model_says() {
    let (service, client) = start();
    let locked = build!(Locked {
        message: Some("later".into())
    });
    service.when_any::<CopyInput>().fail_with(locked);
    let error = client.send(copy("up")).await.unwrap_err();
    assert_eq!(
        (error.status(), error.fault()),
        (Some(503), Some(Fault::Server))
    );
    assert_eq!(error.metadata().attempts(), 3);
    let Error::Service(ServiceError::Locked(locked)) = error else {
        panic!("{error}")
    };
    assert_eq!(locked.message.as_deref(), Some("later"));
}

/// A provider that takes its time.
#[derive(Debug)]
struct Slow;

impl ProvideToken for Slow {
    fn provide_token(&self, _: Timestamp) -> ProvideFuture<'_, Token> {
        ProvideFuture::new(async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            Ok(Token::new("late"))
        })
    }
}

/// Protects what takes real time from a clock that jumps: no limit cuts it off.
#[tokio::test]
async fn what_is_slow_is_waited_for() {
    let service = TestService::new();
    let config = service.config_builder().bearer_token(Slow);
    let client: Client<Files> = Client::new(config.build().unwrap());
    service
        .when_any::<CopyInput>()
        .fail(TransportFailure::Timeout)
        .then()
        .answer(CopyOutput::default());
    client.send(copy("up")).await.unwrap();
    assert_eq!(
        service.requests()[1].header("authorization"),
        Some("Bearer late")
    );
}
