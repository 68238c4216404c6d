//! A small service, a clock and a transport for the tests of calls.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use crate::body::Body;
use crate::config::{Config, ConfigBuilder};
use crate::endpoint::{Endpoint, EndpointError, EndpointParams};
use crate::error::{ServiceErrorDetails, UnmodeledError};
use crate::metadata::ResponseMetadata;
use crate::operation::{
    AuthScheme, HttpTrait, Operation, OperationSchema, Output, Paginated, PathSegment, Service,
    ServiceError, ServiceSchema,
};
use crate::protocol::{ErrorCode, Protocol};
use crate::schema::{Constraint, Fault, HttpBinding, Member, Schema, ShapeKind, prelude};
use crate::shape::{Field, ReadError, ShapeReader, ShapeWriter, Structure, WriteError};
use crate::time::{Clock, Moment, Sleep};
use crate::transport::{Transport, TransportError, TransportFuture};

/// A protocol of headers: a request has no body; a response names its error in `x-error`, the token of
/// the next page in `x-next` and missing members in `x-missing`, and the body `broken` is unreadable.
#[derive(Debug)]
pub(crate) struct HeaderProtocol;

fn header(response: &http::Response<Bytes>, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    value.to_str().ok().map(ToOwned::to_owned)
}

fn missing(response: &http::Response<Bytes>) -> Result<Vec<String>, ReadError> {
    if response.body() == "broken" {
        return Err(ReadError::new("unreadable"));
    }
    Ok(header(response, "x-missing").into_iter().collect())
}

impl Protocol for HeaderProtocol {
    fn write_request(
        &self,
        operation: &'static OperationSchema,
        input: &dyn Structure,
    ) -> Result<http::Request<Bytes>, WriteError> {
        let mut names = Names::default();
        input.write(&mut names)?;
        http::Request::builder()
            .method(operation.http.method)
            .uri(format!("/things?{}", names.0.join("&")))
            .body(Bytes::new())
            .map_err(|_| WriteError::new("no request"))
    }

    fn read_output(
        &self,
        _: &'static OperationSchema,
        response: &http::Response<Bytes>,
        output: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        if let Some(token) = header(response, "x-next") {
            output.read_unknown(&token);
        }
        missing(response)
    }

    fn read_error_code(&self, response: &http::Response<Bytes>) -> ErrorCode {
        ErrorCode {
            code: header(response, "x-error"),
            message: Some("it failed".to_owned()),
        }
    }

    fn read_error(
        &self,
        _: &'static Schema,
        response: &http::Response<Bytes>,
        _: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        missing(response)
    }
}

/// Collects the strings of a structure.
#[derive(Default)]
struct Names(Vec<String>);

#[rustfmt::skip]
impl ShapeWriter for Names {
    fn null(&mut self, _: &'static Member) -> Result<(), WriteError> { Ok(()) }
    fn boolean(&mut self, _: &'static Member, _: bool) -> Result<(), WriteError> { Ok(()) }
    fn integer(&mut self, _: &'static Member, _: i64) -> Result<(), WriteError> { Ok(()) }
    fn float(&mut self, _: &'static Member, _: f32) -> Result<(), WriteError> { Ok(()) }
    fn double(&mut self, _: &'static Member, _: f64) -> Result<(), WriteError> { Ok(()) }
    fn big_integer(&mut self, _: &'static Member, _: &crate::shape::BigInteger) -> Result<(), WriteError> { Ok(()) }
    fn big_decimal(&mut self, _: &'static Member, _: &crate::shape::BigDecimal) -> Result<(), WriteError> { Ok(()) }
    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), WriteError> {
        self.0.push(format!("{}={value}", member.name));
        Ok(())
    }
    fn blob(&mut self, _: &'static Member, _: &[u8]) -> Result<(), WriteError> { Ok(()) }
    fn timestamp(&mut self, _: &'static Member, _: crate::timestamp::Timestamp) -> Result<(), WriteError> { Ok(()) }
    fn document(&mut self, _: &'static Member, _: &crate::shape::Document) -> Result<(), WriteError> { Ok(()) }
    fn structure(&mut self, _: &'static Member, _: &dyn Structure) -> Result<(), WriteError> { Ok(()) }
    fn list(&mut self, _: &'static Member, _: &dyn crate::shape::ListItems) -> Result<(), WriteError> { Ok(()) }
    fn map(&mut self, _: &'static Member, _: &dyn crate::shape::MapEntries) -> Result<(), WriteError> { Ok(()) }
    fn key(&mut self, _: &'static Member, _: &str) -> Result<(), WriteError> { Ok(()) }
}

pub(crate) static SERVICE: ServiceSchema = ServiceSchema::new(
    "test#Things",
    "2020-01-01",
    "Things",
    &HeaderProtocol,
    &[AuthScheme::Anonymous],
);
static SHORT: Schema =
    Schema::new("test#Short", ShapeKind::String).constrained(&[Constraint::Length {
        min: None,
        max: Some(8),
    }]);
static INPUT: Schema = Schema::structure("test#Input", &INPUT_MEMBERS);
static INPUT_MEMBERS: [Member; 2] = [
    Member::new("name", &SHORT),
    Member::new("token", &prelude::STRING).idempotency_token(),
];
/// A streaming blob.
pub(crate) static STREAM: Schema = Schema::new("test#Stream", ShapeKind::Blob).streaming();
/// A member that is a stream.
pub(crate) static STREAM_MEMBER: Member = Member::new("stream", &STREAM).http(HttpBinding::Payload);
static OUTPUT: Schema = Schema::structure("test#Output", &[]);
static THROTTLED: Schema = Schema::structure("test#Throttled", &[])
    .error(Fault::Client, 400)
    .retryable(true);
static BUSY: Schema = Schema::structure("test#Busy", &[])
    .error(Fault::Client, 400)
    .retryable(false);
static CONFLICT: Schema = Schema::structure("test#Conflict", &[]).error(Fault::Client, 409);
const HTTP: HttpTrait = HttpTrait::new("PUT", &[PathSegment::Literal("things")], 200);
/// An operation that must not be done twice.
pub(crate) static CREATE: OperationSchema =
    OperationSchema::new("test#Create", &SERVICE, HTTP, &INPUT, &OUTPUT);
/// An operation that may.
pub(crate) static READ: OperationSchema =
    OperationSchema::new("test#Read", &SERVICE, HTTP, &INPUT, &OUTPUT).idempotent();
/// An operation that needs a bearer token.
pub(crate) static SECURED: OperationSchema =
    OperationSchema::new("test#Secured", &SERVICE, HTTP, &INPUT, &OUTPUT)
        .idempotent()
        .auth(&[AuthScheme::HttpBearer]);
/// An operation that takes a bearer token or none.
pub(crate) static OPTIONAL: OperationSchema =
    OperationSchema::new("test#Optional", &SERVICE, HTTP, &INPUT, &OUTPUT)
        .auth(&[AuthScheme::HttpBearer, AuthScheme::Anonymous]);
/// An operation that is signed.
#[cfg(feature = "sigv4")]
pub(crate) static SIGNED: OperationSchema =
    OperationSchema::new("test#Signed", &SERVICE, HTTP, &INPUT, &OUTPUT)
        .idempotent()
        .auth(&[AuthScheme::SigV4 { name: "things" }]);

#[derive(Debug)]
pub(crate) struct Things;

impl Service for Things {
    type Error = ThingsError;
    const SCHEMA: &'static ServiceSchema = &SERVICE;

    fn resolve_endpoint(params: &EndpointParams<'_>) -> Result<Endpoint, EndpointError> {
        match params.endpoint {
            Some(url) => Ok(Endpoint::new(url)),
            None => Err(EndpointError::new("no endpoint here")),
        }
    }
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Empty;

impl Structure for Empty {
    fn write(&self, _: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        Ok(())
    }

    fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        Ok(false)
    }
}

/// The input of an operation.
macro_rules! input {
    ($name:ident, $schema:ident $(, $token:ident)?) => {
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(crate) struct $name {
            pub(crate) name: Option<String>,
            pub(crate) token: Option<String>,
        }

        impl Structure for $name {
            fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
                Field::write(&self.name, &INPUT_MEMBERS[0], writer)?;
                Field::write(&self.token, &INPUT_MEMBERS[1], writer)
            }

            fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
                Ok(false)
            }
        }

        impl Operation for $name {
            type Service = Things;
            type Output = Thing;
            const SCHEMA: &'static OperationSchema = &$schema;

            $(fn idempotency_token(&mut self) -> Option<&mut dyn crate::generated::TokenField> {
                Some(&mut self.$token)
            })?
        }
    };
}

input!(Create, CREATE, token);
input!(Read, READ);
input!(Secured, SECURED);
#[cfg(feature = "sigv4")]
input!(Signed, SIGNED);

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Thing {
    pub(crate) next: Option<String>,
    pub(crate) metadata: ResponseMetadata,
}

/// The one member that an answer can have.
static NEXT: Member = Member::new("next", &prelude::STRING);

impl Structure for Thing {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        Field::write(&self.next, &NEXT, writer)
    }

    fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        Ok(false)
    }

    fn read_unknown(&mut self, name: &str) {
        self.next = Some(name.to_owned());
    }
}

impl Output for Thing {
    fn metadata_mut(&mut self) -> &mut ResponseMetadata {
        &mut self.metadata
    }
}

impl Paginated for Read {
    type Item = u32;

    fn set_token(&mut self, token: Option<String>) {
        self.token = token;
    }

    fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    fn next_token(output: &Thing) -> Option<&str> {
        output.next.as_deref()
    }

    fn into_items(output: Thing) -> Vec<u32> {
        // As many as the status tells above 200.
        (0..u32::from(output.metadata.status() - 200)).collect()
    }
}

#[derive(Debug, PartialEq)]
pub(crate) enum ThingsError {
    Throttled(ResponseMetadata),
    Conflict(ResponseMetadata),
    Busy(ResponseMetadata),
    Unmodeled(UnmodeledError),
}

impl ServiceError for ThingsError {
    const MODELED: &'static [&'static Schema] = &[&THROTTLED, &CONFLICT, &BUSY];

    fn read(
        index: usize,
        metadata: ResponseMetadata,
        read: &mut dyn FnMut(&mut dyn Structure) -> Result<(), ReadError>,
    ) -> Result<Self, ReadError> {
        read(&mut Empty)?;
        Ok(match index {
            0 => Self::Throttled(metadata),
            1 => Self::Conflict(metadata),
            _ => Self::Busy(metadata),
        })
    }

    fn unmodeled(error: UnmodeledError) -> Self {
        Self::Unmodeled(error)
    }

    fn details(&self) -> ServiceErrorDetails<'_> {
        match self {
            Self::Throttled(metadata) => {
                ServiceErrorDetails::modeled(&THROTTLED, Some("slow\ndown"), metadata)
            }
            Self::Conflict(metadata) => ServiceErrorDetails::modeled(&CONFLICT, None, metadata),
            Self::Busy(metadata) => ServiceErrorDetails::modeled(&BUSY, None, metadata),
            Self::Unmodeled(error) => error.details(),
        }
    }
}

impl std::fmt::Display for ThingsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.details().fmt(f)
    }
}

impl std::error::Error for ThingsError {}

/// The time at which [`VirtualClock`] starts.
pub(crate) const START: SystemTime = SystemTime::UNIX_EPOCH;

/// A clock on which sleeping takes no time.
#[derive(Clone, Debug, Default)]
pub(crate) struct VirtualClock {
    elapsed: Arc<Mutex<Duration>>,
}

impl VirtualClock {
    pub(crate) fn pass(&self, duration: Duration) {
        *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner) += duration;
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Moment {
        let elapsed = *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner);
        Moment {
            wall: START + elapsed,
            elapsed,
        }
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        // Time passes only for whoever waits for it, not for whoever was quicker.
        let clock = self.clone();
        Box::pin(async move { clock.pass(duration) })
    }
}

/// What [`Script`] does with a request.
pub(crate) enum Act {
    Answer(http::Response<Body>),
    Fail(TransportError),
    /// Never answers.
    Stall,
    /// Answers, but not on the first poll.
    Later(http::Response<Body>),
}

/// A transport that does what it was told, and keeps what it was sent.
#[derive(Clone, Default)]
pub(crate) struct Script {
    acts: Arc<Mutex<VecDeque<Act>>>,
    sent: Arc<Mutex<Vec<http::Request<Body>>>>,
}

impl Script {
    pub(crate) fn new(acts: impl IntoIterator<Item = Act>) -> Self {
        Self {
            acts: Arc::new(Mutex::new(acts.into_iter().collect())),
            sent: Arc::default(),
        }
    }

    pub(crate) fn sent(&self) -> Vec<http::Request<Body>> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

impl Transport for Script {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        self.sent.lock().unwrap().push(request);
        let act = self.acts.lock().unwrap().pop_front();
        Box::pin(async move {
            match act.expect("more requests than the script has acts") {
                Act::Answer(response) => Ok(response),
                Act::Fail(error) => Err(error),
                Act::Stall => std::future::pending().await,
                Act::Later(response) => {
                    let mut asked = false;
                    poll_fn(|_| match std::mem::replace(&mut asked, true) {
                        true => Poll::Ready(()),
                        false => Poll::Pending,
                    })
                    .await;
                    Ok(response)
                }
            }
        })
    }
}

/// An answer with this status and these headers, without a body.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)]) -> Act {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Act::Answer(response.body(Body::empty()).unwrap())
}

/// A configuration that sends to `transport` by the virtual clock.
pub(crate) fn config(transport: Script) -> ConfigBuilder {
    Config::builder()
        .endpoint_url("http://localhost:1")
        .transport(transport)
        .clock(VirtualClock::default())
}

/// Polls a future once, and drops it.
pub(crate) fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// Runs a future that never has to wait for anything outside itself.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("the future waits for something outside itself")
}
