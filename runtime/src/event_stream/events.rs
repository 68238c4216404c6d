//! Events to send.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Frame;
use tokio::sync::mpsc;

use super::write::write_event;
use crate::body::Body;
use crate::error::{BoxError, ViolationList};
use crate::schema::Member;
use crate::shape::{ReadError, ShapeReader, ShapeWriter, Structure, Value, WriteError};
use crate::stream::{OutgoingStream, StreamContext, StreamError};
use crate::validate::{Validation, validate};

type BoxStream<E> = Pin<Box<dyn Stream<Item = Result<E, BoxError>> + Send>>;

/// The events of an input: any stream of the generated union `E`.
///
/// Each is checked against the model and sent when the stream gives it; one that the model forbids
/// ends the call. A call is retried only while no event was taken.
///
/// ```
/// use tinsmith_runtime::event_stream::Events;
///
/// # async fn example<E: Send + 'static>(first: E, second: E) {
/// // Any stream will do; a channel is the one at hand.
/// let (sender, events) = Events::channel(8);
/// # let _: Events<E> = events;
/// let _ = sender.send(first).await;
/// let _ = sender.send(second).await;
/// drop(sender); // The end.
/// # }
/// ```
pub struct Events<E>(Shared<E>);

type Shared<E> = Arc<Mutex<Option<BoxStream<E>>>>;

/// Where events are put that are to be sent; see [`Events::channel`]. Dropping it ends the stream.
#[derive(Debug)]
pub struct EventSender<E>(mpsc::Sender<E>);

impl<E> Events<E> {
    /// The events of a stream that may fail, which ends the call with its error.
    pub fn try_from_stream<S, F>(stream: S) -> Self
    where
        S: Stream<Item = Result<E, F>> + Send + 'static,
        F: Into<BoxError> + 'static,
        E: 'static,
    {
        Self::new(Fallible(Box::pin(stream)))
    }

    /// A stream and where its events come from. Up to `capacity` events, at least one, wait to be sent.
    #[must_use]
    pub fn channel(capacity: usize) -> (EventSender<E>, Self)
    where
        E: Send + 'static,
    {
        let (sender, receiver) = mpsc::channel(capacity.max(1));
        (EventSender(sender), Self::new(Channel(receiver)))
    }

    fn new(stream: impl Stream<Item = Result<E, BoxError>> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::pin(stream)))))
    }
}

impl<E> EventSender<E> {
    /// Puts an event in the stream, and waits while too many are before it.
    ///
    /// # Errors
    ///
    /// The event, where the stream is not sent any more. The call, or the stream of its output, says
    /// why.
    pub async fn send(&self, event: E) -> Result<(), E> {
        self.0.send(event).await.map_err(|unsent| unsent.0)
    }
}

impl<S, E> From<S> for Events<E>
where
    S: Stream<Item = E> + Send + 'static,
    E: 'static,
{
    fn from(stream: S) -> Self {
        Self::new(Infallible(Box::pin(stream)))
    }
}

struct Infallible<S>(Pin<Box<S>>);

impl<S: Stream> Stream for Infallible<S> {
    type Item = Result<S::Item, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(ready!(self.0.as_mut().poll_next(cx)).map(Ok))
    }
}

struct Fallible<S>(Pin<Box<S>>);

impl<S, E, F> Stream for Fallible<S>
where
    S: Stream<Item = Result<E, F>>,
    F: Into<BoxError>,
{
    type Item = Result<E, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let event = ready!(self.0.as_mut().poll_next(cx));
        Poll::Ready(event.map(|event| event.map_err(Into::into)))
    }
}

struct Channel<E>(mpsc::Receiver<E>);

impl<E> Stream for Channel<E> {
    type Item = Result<E, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(ready!(self.0.poll_recv(cx)).map(Ok))
    }
}

fn lock<E>(shared: &Shared<E>) -> MutexGuard<'_, Option<BoxStream<E>>> {
    // Nothing panics while it holds the lock.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<E: Structure + 'static> OutgoingStream for Events<E> {
    fn open(&self, context: &StreamContext) -> Option<Body> {
        lock(&self.0).as_ref()?;
        Some(Body::stream(Encoding {
            shared: Arc::clone(&self.0),
            taken: None,
            context: *context,
        }))
    }

    fn is_spent(&self) -> bool {
        lock(&self.0).is_none()
    }
}

/// Events as messages, for one attempt. It takes the stream when it is first read.
struct Encoding<E> {
    shared: Shared<E>,
    taken: Option<BoxStream<E>>,
    context: StreamContext,
}

impl<E: Structure> http_body::Body for Encoding<E> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.taken.is_none() {
            let taken = lock(&self.shared).take();
            self.taken = taken;
        }
        let context = self.context;
        let Some(stream) = &mut self.taken else {
            return Poll::Ready(Some(Err(StreamError::Spent.into())));
        };
        let event = ready!(stream.as_mut().poll_next(cx));
        Poll::Ready(event.map(|event| encode(&event?, &context).map(Frame::data)))
    }
}

/// The message of an event that the model allows.
fn encode(event: &dyn Structure, context: &StreamContext) -> Result<Bytes, BoxError> {
    let schema = context.member.target;
    if context.validation != Validation::Off
        && let Err(error) = validate(schema, event, context.validation_options)
    {
        if context.validation == Validation::Enforce {
            // Who is at the other end of a channel learns of it nowhere else.
            let violations = ViolationList(&error);
            tracing::warn!(stream = schema.id, error = %violations, "an invalid event ends the stream");
            return Err(error.into());
        }
        let violations = ViolationList(&error);
        tracing::warn!(stream = schema.id, error = %violations, "sending an invalid event");
    }
    let documents = context
        .protocol
        .documents()
        .ok_or("the protocol has no event streams")?;
    Ok(write_event(documents, event)?.encode()?)
}

impl<E: Structure + 'static> Value for Events<E> {
    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        writer.stream(member, self)
    }

    /// What is to be sent is not received.
    fn read(_: &'static Member, _: &mut dyn ShapeReader) -> Result<Option<Self>, ReadError> {
        Ok(None)
    }

    fn zero() -> Self {
        Self(Arc::new(Mutex::new(None)))
    }
}

impl<E> fmt::Debug for Events<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events")
    }
}
