//! Responses that stop in the middle.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::StreamError;
use crate::body::Body;
use crate::error::BoxError;
use crate::time::{Clock, Sleep};

/// A body that fails when nothing comes for too long while somebody waits for it. A reader that takes
/// its time costs nothing.
pub(crate) struct Idle {
    body: Body,
    clock: Arc<dyn Clock>,
    limit: Duration,
    /// Made when there is something to wait for.
    sleep: Option<Sleep>,
}

impl Idle {
    /// `body`, of which each piece must come within `limit` once it is waited for.
    pub(crate) fn limit(body: Body, clock: Arc<dyn Clock>, limit: Option<Duration>) -> Body {
        let Some(limit) = limit else { return body };
        if body.as_bytes().is_some() {
            return body;
        }
        Body::stream(Self {
            body,
            clock,
            limit,
            sleep: None,
        })
    }
}

impl http_body::Body for Idle {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            this.sleep = None;
            return Poll::Ready(frame);
        }
        let sleep = this
            .sleep
            .get_or_insert_with(|| this.clock.timeout(this.limit));
        sleep.as_mut().poll(cx).map(|()| {
            this.body = Body::empty();
            Some(Err(StreamError::Stalled(this.limit).into()))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
