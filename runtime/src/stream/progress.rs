//! Whether a request that is a stream still moves.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::StreamError;
use crate::body::Body;
use crate::error::BoxError;

/// Watches the stream of a request. The time limits of an attempt are for the service: an upload that
/// moves, or a caller with nothing to say yet, is not the service's fault.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// How many pieces were taken from the stream.
    pieces: AtomicU64,
    /// How many there were when somebody last asked.
    seen: AtomicU64,
    /// Whether the stream had nothing to give when it was last asked.
    is_waiting: AtomicBool,
    /// Whether nobody needs the rest of it.
    is_abandoned: AtomicBool,
    /// Whom to tell of that while the stream has nothing to give.
    waiting: Mutex<Option<Waker>>,
}

impl State {
    fn waiting(&self) -> MutexGuard<'_, Option<Waker>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress {
    /// `body`, watched.
    pub(crate) fn watch(&self, body: Body) -> Body {
        Body::stream(Watched {
            body,
            state: Arc::clone(&self.0),
        })
    }

    /// Ends the stream with an error if it has not ended yet: the response is there in whole, and what
    /// is left to send, which may be without end, would only keep the connection.
    pub(crate) fn abandon(&self) {
        self.0.is_abandoned.store(true, Ordering::SeqCst);
        if let Some(waker) = self.0.waiting().take() {
            waker.wake();
        }
    }

    /// Whether the stream has moved since this was last asked, or its source has nothing to give.
    pub(crate) fn has_moved(&self) -> bool {
        let pieces = self.0.pieces.load(Ordering::Relaxed);
        let seen = self.0.seen.swap(pieces, Ordering::Relaxed);
        pieces != seen || self.0.is_waiting.load(Ordering::Relaxed)
    }
}

struct Watched {
    body: Body,
    state: Arc<State>,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        let state = &self.state;
        state
            .is_waiting
            .store(frame.is_pending(), Ordering::Relaxed);
        if frame.is_ready() {
            state.pieces.fetch_add(1, Ordering::Relaxed);
        } else {
            *state.waiting() = Some(cx.waker().clone());
        }
        if state.is_abandoned.load(Ordering::SeqCst) {
            let error = "the response came before the end of the request";
            return Poll::Ready(Some(Err(error.into())));
        }
        // By its type a transport tells the stream's failure from its own.
        frame.map_err(|error| StreamError::of_body(error).into())
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Watched {
    /// Nobody asks the stream any more.
    fn drop(&mut self) {
        self.state.is_waiting.store(false, Ordering::Relaxed);
    }
}
