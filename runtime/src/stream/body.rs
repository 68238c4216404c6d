//! Bodies that streams are made of.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};

use super::StreamError;
use crate::body::Body;
use crate::error::BoxError;

/// A body that is there once, and shared by the attempts to send it. Whoever reads first has it.
#[derive(Clone, Debug)]
pub(crate) struct Once(Arc<Mutex<Option<Body>>>);

impl Once {
    pub(crate) fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(Some(body))))
    }

    /// The body, unless it was taken.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Option<Body>> {
        // Nothing panics while it holds the lock; and if so, the body would be none the worse.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A body that takes this one when it is first read, and leaves it alone if it never is.
    pub(crate) fn open(&self) -> Option<Body> {
        let hint = http_body::Body::size_hint(self.lock().as_ref()?);
        Some(Body::stream(Attempt {
            once: self.clone(),
            taken: None,
            hint,
        }))
    }
}

struct Attempt {
    once: Once,
    taken: Option<Body>,
    /// What is known of the length before anything is taken.
    hint: SizeHint,
}

impl http_body::Body for Attempt {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.taken.is_none() {
            let taken = self.once.lock().take();
            self.taken = taken;
        }
        match &mut self.taken {
            Some(body) => Pin::new(body).poll_frame(cx),
            None => Poll::Ready(Some(Err(StreamError::Spent.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.taken {
            Some(body) => body.is_end_stream(),
            None => self.hint.exact() == Some(0),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.taken {
            Some(body) => body.size_hint(),
            None => self.hint,
        }
    }
}

/// A stream of bytes as a body.
pub(super) struct Pieces<S>(pub(super) Pin<Box<S>>);

impl<S, E> http_body::Body for Pieces<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let piece = ready!(self.0.as_mut().poll_next(cx));
        Poll::Ready(piece.map(|piece| piece.map(Frame::data).map_err(Into::into)))
    }
}

/// Any body, with the error type that bodies have here.
pub(super) struct Foreign<B>(pub(super) Pin<Box<B>>);

impl<B> http_body::Body for Foreign<B>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(self.0.as_mut().poll_frame(cx));
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

/// A body that must have a length. A server would wait for missing bytes, and take surplus ones for
/// the next request.
pub(super) struct Measured {
    pub(super) body: Body,
    pub(super) announced: u64,
    pub(super) left: u64,
}

impl http_body::Body for Measured {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let left = match &frame {
            None => (self.left == 0).then_some(0),
            Some(Ok(frame)) => {
                let length = frame.data_ref().map_or(0, |data| data.len() as u64);
                self.left.checked_sub(length)
            }
            Some(Err(_)) => Some(self.left),
        };
        let Some(left) = left else {
            // Told once: what comes after an error is the end.
            let announced = self.announced;
            self.left = 0;
            self.body = Body::empty();
            return Poll::Ready(Some(Err(StreamError::WrongLength { announced }.into())));
        };
        self.left = left;
        Poll::Ready(frame)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
