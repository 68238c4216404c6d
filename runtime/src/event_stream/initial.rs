//! The first message of protocols that put the other members of an input or output there.
//!
//! Source: Amazon Event Stream Specification, "Initial Request Events" and "Initial Response Events".

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

use super::Documents;
use super::message::{HeaderValue, Message};
use super::receiver::{Broken, Messages};
use crate::body::Body;
use crate::error::BoxError;
use crate::shape::WriteError;

/// `events` after a message with `document`, which holds the other members of the input.
pub(crate) fn initial_request(
    documents: &dyn Documents,
    document: Bytes,
    events: Body,
) -> Result<Body, WriteError> {
    let mut message = Message::default();
    message.push_text(":message-type", "event");
    message.push_text(":event-type", "initial-request");
    message.push_text(":content-type", documents.media_type());
    message.payload = document;
    Ok(before(message.encode()?, events))
}

/// The document with the other members of the output, which is empty where the service sent none, and
/// the body after it.
pub(crate) async fn initial_response(body: Body, limit: usize) -> Result<(Bytes, Body), BoxError> {
    let mut messages = Messages::new(body, limit);
    let first = poll_fn(|cx| messages.poll(cx)).await;
    let (document, unread) = match first {
        None => (Bytes::new(), Bytes::new()),
        Some(Err(Broken::Message(error) | Broken::Body(error))) => return Err(error),
        Some(Ok(message)) if is_initial(&message) => (message.payload, Bytes::new()),
        Some(Ok(message)) => (Bytes::new(), message.encode()?),
    };
    let mut unread = Vec::from(unread);
    unread.extend_from_slice(messages.decoder.unread());
    Ok((document, before(unread.into(), messages.body)))
}

fn is_initial(message: &Message) -> bool {
    let name = message.header(":event-type");
    matches!(name, Some(HeaderValue::Text(name)) if name == "initial-response")
}

fn before(first: Bytes, rest: Body) -> Body {
    if first.is_empty() {
        return rest;
    }
    Body::stream(Before {
        first: Some(first),
        rest,
    })
}

/// Bytes, and a body after them.
struct Before {
    first: Option<Bytes>,
    rest: Body,
}

impl http_body::Body for Before {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(Frame::data(first)))),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }
}
