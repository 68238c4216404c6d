//! What a provider returns.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::IdentityError;

/// The answer of a provider: at hand, or still to come.
///
/// An answer that is at hand costs no allocation.
pub struct ProvideFuture<'a, T>(State<'a, T>);

enum State<'a, T> {
    Ready(Option<Result<T, IdentityError>>),
    Pending(Pin<Box<dyn Future<Output = Result<T, IdentityError>> + Send + 'a>>),
}

impl<'a, T> ProvideFuture<'a, T> {
    /// An answer that is at hand.
    #[must_use]
    pub fn ready(answer: Result<T, IdentityError>) -> Self {
        Self(State::Ready(Some(answer)))
    }

    /// An answer that `future` will give.
    #[must_use]
    pub fn new(future: impl Future<Output = Result<T, IdentityError>> + Send + 'a) -> Self {
        Self(State::Pending(Box::pin(future)))
    }
}

impl<T: Unpin> Future for ProvideFuture<'_, T> {
    type Output = Result<T, IdentityError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            // Polled again after it was done, which the contract of `Future` leaves open.
            State::Ready(answer) => answer.take().map_or(Poll::Pending, Poll::Ready),
            State::Pending(future) => future.as_mut().poll(cx),
        }
    }
}

impl<T> fmt::Debug for ProvideFuture<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProvideFuture")
    }
}
