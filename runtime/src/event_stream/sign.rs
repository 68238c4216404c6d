//! Events in signed envelopes.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::Frame;

use super::message::{HeaderValue, Message, put_header};
use crate::auth::sigv4::EventSigner;
use crate::body::Body;
use crate::error::BoxError;
use crate::timestamp::Timestamp;

/// A body each piece of which is a message, and travels as the payload of a signed one. An empty one
/// after the last says that nothing was cut off.
pub(crate) struct Signed {
    messages: Body,
    signer: EventSigner,
    time: Time,
    ended: bool,
}

/// Tells the service's time.
pub(crate) type Time = Box<dyn Fn() -> Timestamp + Send>;

impl Signed {
    pub(crate) fn body(messages: Body, signer: EventSigner, time: Time) -> Body {
        Body::stream(Self {
            messages,
            signer,
            time,
            ended: false,
        })
    }

    fn envelope(&mut self, payload: Bytes) -> Result<Bytes, BoxError> {
        let time = (self.time)();
        let date = HeaderValue::Timestamp(time);
        let mut signed = BytesMut::new();
        put_header(&mut signed, ":date", &date)?;
        let signature = self.signer.sign(time, &signed, &payload)?;
        let signature = HeaderValue::Bytes(Bytes::copy_from_slice(&signature));
        let message = Message {
            headers: vec![
                (":date".to_owned(), date),
                (":chunk-signature".to_owned(), signature),
            ],
            payload,
        };
        Ok(message.encode()?)
    }
}

impl http_body::Body for Signed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let message = match ready!(Pin::new(&mut self.messages).poll_frame(cx)) {
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
            Some(Err(error)) => {
                self.ended = true;
                return Poll::Ready(Some(Err(error)));
            }
            None => {
                self.ended = true;
                Bytes::new()
            }
        };
        Poll::Ready(Some(self.envelope(message).map(Frame::data)))
    }
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed").finish_non_exhaustive()
    }
}
