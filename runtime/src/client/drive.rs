//! The async driver: does what the orchestrator says.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tracing::Instrument;

use super::watch::Witness;
use crate::auth::IdentityKind;
use crate::body::{Body, CollectError, Collected};
use crate::config::Inner;
use crate::orchestrator::{
    AttemptError, Event, Orchestrator, Plan, Reply, Step, is_framed, take_initial_response,
};
use crate::schema::Member;
use crate::stream::Progress;
use crate::time::{Clock, Moment, Sleep};
use crate::transport::TransportFuture;

/// Drives a call to its end, within its span.
///
/// The future is boxed: it is the same for every operation, and callers' own futures stay small.
pub(super) fn boxed(
    plan: Plan<'_>,
    witness: Witness,
) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
    let span = plan.span.clone();
    Box::pin(drive(plan, witness).instrument(span))
}

async fn drive(plan: Plan<'_>, mut witness: Witness) -> Reply {
    let config = plan.shared.config();
    let (transport, clock) = (&*config.transport, &*config.clock);
    let reading = Reading {
        limit: plan.settings.max_response_bytes,
        stream: plan.operation.output.streaming_member().map(|(_, it)| it),
    };
    let mut orchestrator = Orchestrator::new(plan);
    let (mut event, mut now) = (Event::Start, clock.now());
    loop {
        (event, now) = match orchestrator.advance(event, now) {
            Step::Done(reply) => return reply,
            Step::ResolveIdentity { kind, timeout } => identify(config, kind, timeout, now).await,
            Step::Send {
                mut request,
                timeout,
                progress,
                span,
            } => {
                witness.mark(&mut request, timeout);
                let patience = Patience::new(clock, timeout, progress.clone());
                let sent = span.in_scope(|| transport.send(request));
                let event = exchange(sent, reading, patience).instrument(span).await;
                if let (Ok(Event::Response(_)), Some(progress)) = (&event, &progress) {
                    progress.abandon();
                }
                (event.unwrap_or_else(Event::Failed), clock.now())
            }
            Step::Wait(duration) => {
                if !duration.is_zero() {
                    clock.sleep(duration).await;
                }
                (Event::Waited, clock.now())
            }
        };
    }
}

/// Asks the provider of this kind of identity for one that is good `now`, and tells the time after that.
pub(super) async fn identify(
    config: &Inner,
    kind: IdentityKind,
    timeout: Option<Duration>,
    now: Moment,
) -> (Event, Moment) {
    let clock = &*config.clock;
    let provided = config.providers.provide(kind, now.wall.into());
    let mut patience = Patience::new(clock, timeout, None);
    let event = match patience.wait_for(pin!(provided)).await {
        Some(identity) => Event::Identity(identity),
        None => Event::Failed(AttemptError::TimedOut),
    };
    // It is mostly at hand, and then it is still the same time.
    let now = if patience.waited { clock.now() } else { now };
    (event, now)
}

/// How a response is read.
#[derive(Clone, Copy)]
struct Reading {
    /// The most bytes of a body that are taken into memory.
    limit: usize,
    /// The member that the body of a success is left to.
    stream: Option<&'static Member>,
}

/// Waits for the response to what was sent, and reads it as far as the call is concerned with it.
async fn exchange(
    mut sent: TransportFuture<'_>,
    reading: Reading,
    mut patience: Patience<'_>,
) -> Result<Event, AttemptError> {
    let response = patience.wait_for(sent.as_mut()).await;
    drop(sent);
    let response = response.ok_or(AttemptError::TimedOut)?.map_err(|error| {
        tracing::debug!(kind = ?error.kind(), "no response");
        AttemptError::Transport(error)
    })?;
    let (parts, body) = response.into_parts();
    tracing::debug!(
        http.response.status_code = parts.status.as_u16(),
        "response"
    );
    let streams = parts.status.is_success() && reading.stream.is_some();
    if !streams {
        patience.forget_progress();
    }
    if !parts.status.is_success() {
        // That the service failed is worth knowing, however little arrives of why.
        let mut read = Collected::default();
        let whole = body.collect_into(reading.limit, &mut read);
        let _ = patience.wait_for(pin!(whole)).await;
        let response = http::Response::from_parts(parts, read.into_bytes());
        return Ok(Event::Response(response));
    }
    let read = pin!(async {
        match reading.stream {
            Some(stream) => leave_stream(stream, body, reading.limit).await,
            None => Ok((body.collect(reading.limit).await?, None)),
        }
    });
    let read = patience.wait_for(read).await;
    match read {
        Some(Ok((document, stream))) => {
            let response = http::Response::from_parts(parts, document);
            Ok(match stream {
                None => Event::Response(response),
                Some(stream) => Event::Streaming(response, stream),
            })
        }
        Some(Err(error)) => {
            let head = Box::new(parts);
            Err(AttemptError::Body { head, error })
        }
        None => {
            let head = Box::new(parts);
            Err(AttemptError::Stalled { head })
        }
    }
}

/// Leaves the body to the caller, but for what of the output stands before the events.
async fn leave_stream(
    stream: &'static Member,
    body: Body,
    limit: usize,
) -> Result<(Bytes, Option<Body>), CollectError> {
    if !is_framed(stream) {
        return Ok((Bytes::new(), Some(body)));
    }
    let (document, body) = take_initial_response(body, limit)
        .await
        .map_err(CollectError::Broken)?;
    Ok((document, Some(body)))
}

/// How long a step may take, whatever it is made of.
pub(crate) struct Patience<'a> {
    clock: &'a dyn Clock,
    limit: Option<Duration>,
    /// Tells of a stream whether it has moved since the last limit, which begins another.
    progress: Option<Progress>,
    /// Made when it is needed: an identity, for one, is mostly at hand.
    sleep: Option<Sleep>,
    /// Whether there was anything to wait for.
    waited: bool,
}

impl<'a> Patience<'a> {
    pub(crate) fn new(
        clock: &'a dyn Clock,
        limit: Option<Duration>,
        progress: Option<Progress>,
    ) -> Self {
        Self {
            clock,
            limit,
            progress,
            sleep: None,
            waited: false,
        }
    }

    /// From here on the wait is for the service alone, whatever the stream does, and begins anew: an
    /// answer that stalls would otherwise hold the call for as long as the stream is silent.
    fn forget_progress(&mut self) {
        if self.progress.take().is_some() {
            self.sleep = None;
        }
    }

    /// Waits for `future`, and gives it up when time runs out.
    ///
    /// It is pinned by the caller: this future would otherwise hold it twice, as what it was called with
    /// and as what it waits for.
    pub(crate) async fn wait_for<F: Future + ?Sized>(
        &mut self,
        mut future: Pin<&mut F>,
    ) -> Option<F::Output> {
        poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => self.poll_over(cx).map(|()| None),
        })
        .await
    }

    /// Ready when time has run out.
    fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.waited = true;
        let Some(limit) = self.limit else {
            return Poll::Pending;
        };
        loop {
            let asleep = self.sleep.get_or_insert_with(|| self.clock.timeout(limit));
            ready!(asleep.as_mut().poll(cx));
            if !self.progress.as_ref().is_some_and(Progress::has_moved) {
                return Poll::Ready(());
            }
            self.sleep = None;
        }
    }
}
