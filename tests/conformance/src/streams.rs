//! The streams of an operation, which its client's types hold and no reader of parameters can make.

use std::future::Future;
use std::pin::Pin;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tinsmith_runtime::event_stream::{EventError, EventReceiver, Events};
use tinsmith_runtime::operation::Operation;
use tinsmith_runtime::schema::Schema;
use tinsmith_runtime::shape::Structure;
use tinsmith_runtime::stream::ByteStream;

use crate::canonical::canonical;
use crate::json::Json;
use crate::params::fill;
use crate::target::run_ready;

/// The most bytes that a test streams.
const LIMIT: usize = 1024 * 1024;

/// How the streams of the operation `O` are put into its input and taken from its output.
pub struct Streams<O: Operation> {
    pub(crate) put: Option<Put<O>>,
    pub(crate) take: Option<Take<O::Output>>,
    pub(crate) expected: Expected,
}

/// Puts a stream into an input, made from the parameters of its member.
type Put<I> = Box<dyn Fn(&mut I, &Json) -> Result<(), String>>;

/// Takes the stream out of an output and reads it to its end.
type Take<O> = Box<dyn Fn(&mut O) -> Reading>;

/// What reading a stream would come to that has the parameters of its member.
type Expected = fn(&'static Schema, &Json) -> Result<Json, String>;

/// The future of reading a stream to its end.
pub type Reading = Pin<Box<dyn Future<Output = Read>>>;

/// What a stream of an output came to.
#[derive(Debug, Default)]
pub struct Read {
    /// The bytes in base64, or an array of events.
    pub(crate) value: Json,
    /// What ended it early.
    pub(crate) failure: Option<StreamFailure>,
}

/// What ended a stream early.
#[derive(Debug)]
pub(crate) struct StreamFailure {
    /// For people.
    pub(crate) text: String,
    /// The error of the model that it is: the absolute id of its shape, and the union that holds it.
    pub(crate) modeled: Option<(&'static str, Json)>,
}

/// A stream that tests can send.
pub trait Outgoing: Sized {
    /// The stream of a member that targets `schema`, from a test's parameters.
    ///
    /// # Errors
    ///
    /// Parameters that do not fit.
    fn of_params(schema: &'static Schema, params: &Json) -> Result<Self, String>;
}

/// A stream that tests can receive.
pub trait Incoming: Sized {
    /// Reads it to its end.
    fn read(self, schema: &'static Schema) -> Reading;

    /// What [`read`](Self::read) should come to.
    ///
    /// # Errors
    ///
    /// Parameters that do not fit.
    fn expected(schema: &'static Schema, params: &Json) -> Result<Json, String>;
}

impl<O: Operation> Streams<O> {
    /// None.
    #[must_use]
    pub fn none() -> Self {
        Self {
            put: None,
            take: None,
            expected: |_, _| Ok(Json::Null),
        }
    }

    /// With a stream in the input.
    #[must_use]
    pub fn sends<S: Outgoing + 'static>(mut self, put: fn(&mut O, S)) -> Self {
        self.put = Some(Box::new(move |input, params| {
            let (_, member) = O::SCHEMA
                .input
                .streaming_member()
                .ok_or("the input has no stream")?;
            put(input, S::of_params(member.target, params)?);
            Ok(())
        }));
        self
    }

    /// With a stream in the output.
    #[must_use]
    pub fn receives<S: Incoming + 'static>(mut self, take: fn(&mut O::Output) -> S) -> Self {
        self.expected = S::expected;
        self.take = Some(Box::new(move |output| {
            match O::SCHEMA.output.streaming_member() {
                Some((_, member)) => take(output).read(member.target),
                None => Box::pin(std::future::ready(Read::failed(
                    Json::Null,
                    "the output has no stream".to_owned(),
                    None,
                ))),
            }
        }));
        self
    }
}

impl Outgoing for ByteStream {
    fn of_params(_: &'static Schema, params: &Json) -> Result<Self, String> {
        let text = params
            .as_str()
            .ok_or("params: a streaming blob is a string")?;
        Ok(text.to_owned().into())
    }
}

impl Incoming for ByteStream {
    fn read(self, _: &'static Schema) -> Reading {
        Box::pin(async {
            match self.collect(LIMIT).await {
                Ok(bytes) => Read {
                    value: base64(&bytes),
                    failure: None,
                },
                Err(error) => Read::failed(Json::Null, error.to_string(), None),
            }
        })
    }

    fn expected(_: &'static Schema, params: &Json) -> Result<Json, String> {
        match params {
            Json::Null => Ok(base64(b"")),
            Json::String(text) => Ok(base64(text.as_bytes())),
            _ => Err("params: a streaming blob is a string".to_owned()),
        }
    }
}

impl<E: Structure + Default + Send + 'static> Outgoing for Events<E> {
    fn of_params(schema: &'static Schema, params: &Json) -> Result<Self, String> {
        let events = events::<E>(schema, params)?;
        let (sender, stream) = Self::channel(events.len());
        for event in events {
            let sent = run_ready(sender.send(event))?;
            sent.map_err(|_| "the stream of events is closed".to_owned())?;
        }
        Ok(stream)
    }
}

impl<E: Structure + Default + 'static> Incoming for EventReceiver<E> {
    fn read(self, schema: &'static Schema) -> Reading {
        Box::pin(receive(schema, self))
    }

    fn expected(schema: &'static Schema, params: &Json) -> Result<Json, String> {
        let events = events::<E>(schema, params)?;
        let events: Result<_, _> = events.iter().map(|event| canonical(event)).collect();
        events.map(Json::Array).map_err(|error| error.to_string())
    }
}

impl Read {
    fn failed(value: Json, text: String, modeled: Option<(&'static str, Json)>) -> Self {
        Self {
            value,
            failure: Some(StreamFailure { text, modeled }),
        }
    }
}

fn base64(bytes: &[u8]) -> Json {
    Json::String(BASE64_STANDARD.encode(bytes))
}

/// The events of an array of parameters.
fn events<E: Structure + Default>(schema: &Schema, json: &Json) -> Result<Vec<E>, String> {
    let items = match json {
        Json::Null => &[][..],
        Json::Array(items) => items,
        _ => return Err("params: events are an array".to_owned()),
    };
    let event = |params: &Json| {
        let mut event = E::default();
        fill(schema, params, &mut event).map(|()| event)
    };
    items.iter().map(event).collect()
}

async fn receive<E: Structure + Default>(
    schema: &'static Schema,
    mut stream: EventReceiver<E>,
) -> Read {
    let mut events = Vec::new();
    let tree = |event: &E| canonical(event).map_err(|error| error.to_string());
    while let Some(event) = stream.next().await {
        let failure = match event {
            Ok(event) => match tree(&event) {
                Ok(event) => {
                    events.push(event);
                    continue;
                }
                Err(error) => (error, None),
            },
            Err(EventError::Exception(error)) => match tree(&error) {
                Ok(error) => {
                    let text = format!("the stream ended with {error}");
                    (text, variant(schema, &error).map(|id| (id, error)))
                }
                Err(error) => (error, None),
            },
            Err(EventError::Unmodeled { code, message }) => {
                (format!("the stream ended with {code}: {message}"), None)
            }
            Err(EventError::Malformed(error)) => (format!("an event does not fit: {error}"), None),
            Err(EventError::Stream(error)) => (error.to_string(), None),
            Err(_) => ("the stream failed".to_owned(), None),
        };
        return Read::failed(Json::Array(events), failure.0, failure.1);
    }
    Read {
        value: Json::Array(events),
        failure: None,
    }
}

/// The shape of the variant that a union holds.
fn variant(schema: &Schema, union: &Json) -> Option<&'static str> {
    let Json::Object(entries) = union else {
        return None;
    };
    let name = entries.keys().next()?;
    Some(schema.member(name)?.target.id)
}
