//! Waiting: what does as the state machine says.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::{Pin, pin};
use std::time::Duration;

use super::accept::{Answer, Verdict, verdict};
use super::machine::{End, Event, Machine, Step};
use super::{Acceptor, Waiter, WaiterError, WaiterFailure};
use crate::client::{Call, Patience};
use crate::error::{Error, OneLine};
use crate::operation::{Operation, Output, Service};

type ErrorOf<O> = Error<<<O as Operation>::Service as Service>::Error>;
type OutcomeOf<O> = Result<<O as Operation>::Output, ErrorOf<O>>;
type WaitedOf<O> = Result<
    Waited<<O as Operation>::Output, ErrorOf<O>>,
    WaiterError<<O as Operation>::Output, ErrorOf<O>>,
>;

/// A waiter that is being put together; it begins by [`wait`](Self::wait) or by `.await` alone, and ends
/// when it is dropped.
///
/// The operation is called at once, and then again after a random time that grows from call to call,
/// until an acceptor of the model decides or the time is up. When no other call would fit into the time
/// that is left, the last one is made at its end; it may take as long as the least delay, and a second
/// where that is shorter. Any other call that is under way when the time is up is given up.
///
/// Every call keeps the client's own rules: it is checked, signed, retried and timed as always.
///
/// ```
/// use std::time::Duration;
/// use tinsmith_runtime::Client;
/// use tinsmith_runtime::operation::Operation;
/// use tinsmith_runtime::waiter::{Acceptor, Matcher, Wait, Waiter};
///
/// /// Waits until an operation succeeds.
/// async fn works<O: Operation + Clone>(client: &Client<O::Service>, input: O) -> bool {
///     static WORKS: Waiter = Waiter::new("Works", const {
///         &[
///             Acceptor::success(Matcher::Success(true)),
///             Acceptor::retry(Matcher::ErrorType("NotFound")),
///         ]
///     });
///     let wait = Wait::new(client.call(input), &WORKS, Duration::from_secs(60));
///     wait.await.is_ok()
/// }
/// ```
#[must_use = "nothing is waited for until the waiter is awaited"]
pub struct Wait<O: Operation> {
    call: Call<O>,
    waiter: &'static Waiter,
    max_wait: Duration,
    delays: (Duration, Duration),
}

/// A waiter that saw what it waited for. `T` is the output of its operation, `E` the error of a call.
#[derive(Debug)]
#[non_exhaustive]
pub struct Waited<T, E> {
    /// What the last call came to. It may be an error: that something is not found is what one may wait
    /// for.
    pub last: Result<T, E>,
    /// How often the operation was called.
    pub calls: u32,
    /// How long it was waited.
    pub elapsed: Duration,
}

impl<T, E> Waited<T, E> {
    /// The output of the last call, if it succeeded.
    #[must_use]
    pub fn output(&self) -> Option<&T> {
        self.last.as_ref().ok()
    }

    /// The output of the last call by value, if it succeeded.
    #[must_use]
    pub fn into_output(self) -> Option<T> {
        self.last.ok()
    }
}

impl<O: Operation + Clone> Wait<O> {
    /// Waits with this call until `max_wait` is up. The last call may be made then, and may take the least
    /// delay more, or a second where that is longer.
    pub fn new(call: Call<O>, waiter: &'static Waiter, max_wait: Duration) -> Self {
        Self {
            call,
            waiter,
            max_wait,
            delays: (waiter.min_delay, waiter.max_delay),
        }
    }

    /// With the least and the most time between two calls in place of the model's. A least delay that is
    /// longer than the longest one is cut to it; neither is shorter than a millisecond.
    pub fn delays(mut self, min: Duration, max: Duration) -> Self {
        self.delays = (min, max);
        self
    }

    /// Calls the operation until an acceptor decides, or the time is up.
    ///
    /// # Errors
    ///
    /// See [`WaiterError`].
    pub async fn wait(self) -> WaitedOf<O> {
        let client = self.call.client().clone();
        let clock = client.clock();
        let start = clock.now().elapsed;
        let mut machine = Machine::new(self.delays, self.max_wait, start, client.jitter());
        let mut last: Option<OutcomeOf<O>> = None;
        let mut acceptor = None;
        let mut event = Event::Started;
        loop {
            event = match machine.advance(event, clock.now().elapsed) {
                Step::Call(limit) => {
                    let called = pin!(self.call.clone().send());
                    let mut patience = Patience::new(clock, Some(limit), None);
                    match patience.wait_for(called).await {
                        None => Event::CallTimedOut,
                        Some(outcome) => {
                            let (matched, verdict) = self.judge(&outcome);
                            (acceptor, last) = (matched, Some(outcome));
                            Event::Answered(verdict)
                        }
                    }
                }
                Step::Wait(delay) => {
                    clock.sleep(delay).await;
                    Event::Waited
                }
                Step::End(end) => {
                    let elapsed = machine.elapsed(clock.now().elapsed);
                    return self.finish(end, machine.calls(), elapsed, last, acceptor);
                }
            };
        }
    }

    fn judge(&self, outcome: &OutcomeOf<O>) -> (Option<&'static Acceptor>, Verdict) {
        let answer = Answer::of(outcome);
        let acceptor = self.waiter.acceptor(self.call.input(), &answer);
        let verdict = verdict(acceptor, &answer);
        tracing::debug!(waiter = self.waiter.name, ?verdict, "answered");
        (acceptor, verdict)
    }

    fn finish(
        &self,
        end: End,
        calls: u32,
        elapsed: Duration,
        last: Option<OutcomeOf<O>>,
        acceptor: Option<&'static Acceptor>,
    ) -> WaitedOf<O> {
        let mut last = match (end, last) {
            (End::Success, Some(last)) => {
                return Ok(Waited {
                    last,
                    calls,
                    elapsed,
                });
            }
            (_, last) => last,
        };
        let output = last.as_mut().and_then(|last| last.as_mut().ok());
        let (message, seen) = output.map_or((None, String::new()), |output| {
            let message =
                acceptor.and_then(|acceptor| acceptor.message_in(output, O::SCHEMA.output));
            (message, self.seen(output))
        });
        let failure = Box::new(WaiterFailure {
            waiter: self.waiter.name,
            operation: O::SCHEMA.name(),
            calls,
            elapsed,
            last,
            message,
            seen,
        });
        Err(match end {
            End::Success | End::TimedOut => WaiterError::TimedOut(failure),
            End::Failure => WaiterError::Failed(failure),
            End::Unexpected => WaiterError::Call(failure),
        })
    }

    /// The output in a few words.
    fn seen(&self, output: &mut O::Output) -> String {
        let metadata = output.metadata_mut();
        let mut seen = format!("status {}", metadata.status());
        if let Some(id) = metadata.request_id() {
            seen.push_str(&format!(" and request id {}", OneLine(id)));
        }
        let values = self.waiter.seen(output, O::SCHEMA.output);
        if !values.is_empty() {
            seen.push_str(&format!(", and {}", values.join(", ")));
        }
        seen
    }

    /// Like [`wait`](Self::wait), for programs without an async runtime: holds up this thread.
    ///
    /// # Errors
    ///
    /// See [`WaiterError`].
    #[cfg(feature = "blocking")]
    pub fn wait_blocking(self) -> WaitedOf<O> {
        let (client, waiter) = (self.call.client().clone(), self.waiter);
        let driven = client.drive_blocking(O::SCHEMA.name(), self.wait());
        driven.unwrap_or_else(|error| {
            Err(WaiterError::Call(Box::new(WaiterFailure {
                waiter: waiter.name,
                operation: O::SCHEMA.name(),
                calls: 0,
                elapsed: Duration::ZERO,
                last: Some(Err(error.into())),
                message: None,
                seen: String::new(),
            })))
        })
    }
}

impl<O: Operation + Clone> IntoFuture for Wait<O> {
    type Output = WaitedOf<O>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.wait())
    }
}

impl<O: Operation + Clone> Clone for Wait<O> {
    fn clone(&self) -> Self {
        Self {
            call: self.call.clone(),
            ..*self
        }
    }
}

impl<O: Operation + fmt::Debug> fmt::Debug for Wait<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("waiter", &self.waiter.name)
            .field("call", &self.call)
            .field("max_wait", &self.max_wait)
            .finish_non_exhaustive()
    }
}
