//! Events as they arrive.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::decoder::Decoder;
use super::message::Message;
use super::read::{Kind, read_event};
use super::{Documents, EventError};
use crate::body::Body;
use crate::config::ResponseChecks;
use crate::error::BoxError;
use crate::schema::{Member, Schema};
use crate::shape::{ReadError, ShapeReader, ShapeWriter, Structure, Value, WriteError};
use crate::stream::{IncomingStream, StreamError};

/// The events of an output: a stream of the generated union `E`. Dropping it hangs up.
///
/// ```
/// use tinsmith_runtime::event_stream::{EventError, EventReceiver};
/// use tinsmith_runtime::shape::Structure;
///
/// async fn print<E>(mut events: EventReceiver<E>) -> Result<(), EventError<E>>
/// where
///     E: Structure + Default + std::fmt::Debug,
/// {
///     while let Some(event) = events.next().await {
///         println!("{:?}", event?);
///     }
///     Ok(())
/// }
/// ```
pub struct EventReceiver<E> {
    /// `None` where no response made it.
    source: Option<Source>,
    events: PhantomData<fn() -> E>,
}

/// All that does not depend on the type of the events.
struct Source {
    messages: Messages,
    documents: Option<&'static dyn Documents>,
    schema: &'static Schema,
    checks: ResponseChecks,
    ended: bool,
}

/// What a message turned out to be.
enum Received {
    Event,
    Exception,
    Unmodeled { code: String, message: String },
}

impl<E: Structure + Default> EventReceiver<E> {
    /// The next event, or `None` at the end. After an error there is nothing more.
    ///
    /// Cancelling it loses nothing: the event is there for the next call. A variant that this client
    /// does not know is an event too.
    pub async fn next(&mut self) -> Option<Result<E, EventError<E>>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<E: Structure + Default> Stream for EventReceiver<E> {
    type Item = Result<E, EventError<E>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(source) = self.source.as_mut().filter(|source| !source.ended) else {
            return Poll::Ready(None);
        };
        let item = match ready!(source.messages.poll(cx)) {
            None => None,
            Some(Err(error)) => Some(Err(match error {
                Broken::Message(error) => EventError::Malformed(error),
                Broken::Body(error) => EventError::Stream(StreamError::of_body(error)),
            })),
            Some(Ok(message)) => {
                let mut event = E::default();
                Some(match source.read(&message, &mut event) {
                    Ok(Received::Event) => Ok(event),
                    Ok(Received::Exception) => Err(EventError::Exception(event)),
                    Ok(Received::Unmodeled { code, message }) => {
                        Err(EventError::Unmodeled { code, message })
                    }
                    Err(error) => Err(EventError::Malformed(error.into())),
                })
            }
        };
        source.ended = !matches!(item, Some(Ok(_)));
        Poll::Ready(item)
    }
}

impl Source {
    fn read(&self, message: &Message, into: &mut dyn Structure) -> Result<Received, ReadError> {
        let documents = self.documents.ok_or_else(no_documents)?;
        let (name, received) = match Kind::of(message)? {
            Kind::Event(name) => (name, Received::Event),
            Kind::Exception(name) => (name, Received::Exception),
            Kind::Error { code, message } => {
                return Ok(Received::Unmodeled {
                    code: code.to_owned(),
                    message: message.to_owned(),
                });
            }
        };
        match read_event(documents, self.schema, name, message, into)? {
            Some(missing) => {
                self.check(&missing)?;
                Ok(received)
            }
            None if matches!(received, Received::Exception) => Ok(Received::Unmodeled {
                code: name.to_owned(),
                message: String::new(),
            }),
            None => Ok(received),
        }
    }

    /// What a lacking event is, as for a whole response.
    fn check(&self, missing: &[String]) -> Result<(), ReadError> {
        if missing.is_empty() {
            return Ok(());
        }
        let missing = missing.join(", ");
        if self.checks == ResponseChecks::Strict {
            return Err(ReadError::new(format!("it lacks the required {missing}")));
        }
        tracing::warn!(
            stream = self.schema.id,
            missing,
            "an event lacks required members; they hold their zero values"
        );
        Ok(())
    }
}

fn no_documents() -> ReadError {
    ReadError::new("the protocol has no event streams")
}

/// The messages of a body.
pub(super) struct Messages {
    pub(super) body: Body,
    pub(super) decoder: Decoder,
}

/// Why there are no more messages.
pub(super) enum Broken {
    Message(BoxError),
    Body(BoxError),
}

impl Messages {
    pub(super) fn new(body: Body, limit: usize) -> Self {
        Self {
            body,
            decoder: Decoder::new(limit),
        }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Message, Broken>>> {
        let broken = |error| Poll::Ready(Some(Err(Broken::Message(BoxError::from(error)))));
        loop {
            match self.decoder.next() {
                Ok(Some(message)) => return Poll::Ready(Some(Ok(message))),
                Ok(None) => {}
                Err(error) => return broken(error),
            }
            let frame = http_body::Body::poll_frame(Pin::new(&mut self.body), cx);
            match ready!(frame) {
                None => match self.decoder.finish() {
                    Ok(()) => return Poll::Ready(None),
                    Err(error) => return broken(error),
                },
                Some(Err(error)) => return Poll::Ready(Some(Err(Broken::Body(error)))),
                Some(Ok(frame)) => {
                    if let Some(data) = frame.data_ref() {
                        self.decoder.push(data);
                    }
                }
            }
        }
    }
}

impl<E: Structure + Default> Value for EventReceiver<E> {
    /// What was received is not sent.
    fn write(&self, _: &'static Member, _: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        Ok(())
    }

    fn read(
        member: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<Option<Self>, ReadError> {
        let stream = reader.stream(member)?;
        Ok(stream.map(|stream| Self {
            source: Some(Source::new(stream, member.target)),
            events: PhantomData,
        }))
    }

    fn zero() -> Self {
        Self::default()
    }
}

impl Source {
    fn new(stream: IncomingStream, schema: &'static Schema) -> Self {
        Self {
            messages: Messages::new(stream.body, stream.limit),
            documents: stream.protocol.documents(),
            schema,
            checks: stream.checks,
            ended: false,
        }
    }
}

impl<E> Default for EventReceiver<E> {
    /// No events.
    fn default() -> Self {
        Self {
            source: None,
            events: PhantomData,
        }
    }
}

impl<E> fmt::Debug for EventReceiver<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("EventReceiver");
        if let Some(source) = &self.source {
            debug.field("events", &source.schema.id);
        }
        debug.finish_non_exhaustive()
    }
}
