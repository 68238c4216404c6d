//! The async driver: does what the orchestrator says.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tracing::Instrument;

use crate::auth::IdentityKind;
use crate::body::{Body, CollectError};
use crate::config::Inner;
use crate::orchestrator::{
    AttemptError, Event, Orchestrator, Plan, Reply, Step, is_framed, take_initial_response,
};
use crate::schema::Member;
use crate::stream::Progress;
use crate::time::Clock;
use crate::transport::Transport;

/// Drives a call to its end, within its span.
///
/// The future is boxed: it is the same for every operation, and callers' own futures stay small.
pub(super) fn boxed(plan: Plan<'_>) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
    let span = plan.span.clone();
    Box::pin(drive(plan).instrument(span))
}

async fn drive(plan: Plan<'_>) -> Reply {
    let config = plan.shared.config();
    let (transport, clock) = (&*config.transport, &*config.clock);
    let reading = Reading {
        limit: plan.settings.max_response_bytes,
        stream: plan.operation.output.streaming_member().map(|(_, it)| it),
    };
    let mut orchestrator = Orchestrator::new(plan);
    let mut event = Event::Start;
    loop {
        event = match orchestrator.advance(event, clock.now()) {
            Step::Done(reply) => return reply,
            Step::ResolveIdentity { kind, timeout } => identify(config, kind, timeout).await,
            Step::Send {
                request,
                timeout,
                progress,
                span,
            } => {
                let sent = exchange(transport, request, reading).instrument(span);
                match while_moving(clock, timeout, progress, sent).await {
                    Some(Ok(event)) => event,
                    Some(Err(error)) => Event::Failed(error),
                    None => Event::Failed(AttemptError::TimedOut),
                }
            }
            Step::Wait(duration) => {
                if !duration.is_zero() {
                    clock.sleep(duration).await;
                }
                Event::Waited
            }
        };
    }
}

/// Asks the provider of this kind of identity.
pub(super) async fn identify(
    config: &Inner,
    kind: IdentityKind,
    timeout: Option<Duration>,
) -> Event {
    let clock = &*config.clock;
    let provided = config.providers.provide(kind, clock.now().wall.into());
    match while_moving(clock, timeout, None, provided).await {
        Some(identity) => Event::Identity(identity),
        None => Event::Failed(AttemptError::TimedOut),
    }
}

/// How a response is read.
#[derive(Clone, Copy)]
struct Reading {
    /// The most bytes of a body that are taken into memory.
    limit: usize,
    /// The member that the body of a success is left to.
    stream: Option<&'static Member>,
}

/// Sends a request and reads the response as far as the call is concerned with it.
async fn exchange(
    transport: &dyn Transport,
    request: http::Request<Body>,
    reading: Reading,
) -> Result<Event, AttemptError> {
    let response = transport.send(request).await.map_err(|error| {
        tracing::debug!(kind = ?error.kind(), "no response");
        AttemptError::Transport(error)
    })?;
    let (parts, body) = response.into_parts();
    tracing::debug!(
        http.response.status_code = parts.status.as_u16(),
        "response"
    );
    if let Some(stream) = reading.stream.filter(|_| parts.status.is_success()) {
        return leave_stream(stream, parts, body, reading.limit).await;
    }
    match body.collect(reading.limit).await {
        Ok(body) => Ok(Event::Response(http::Response::from_parts(parts, body))),
        Err(error) => Err(AttemptError::Body {
            head: Box::new(parts),
            error,
        }),
    }
}

/// Leaves the body to the caller, but for what of the output stands before the events.
async fn leave_stream(
    stream: &'static Member,
    parts: http::response::Parts,
    body: Body,
    limit: usize,
) -> Result<Event, AttemptError> {
    let (document, body) = if is_framed(stream) {
        match take_initial_response(body, limit).await {
            Ok(taken) => taken,
            Err(error) => {
                return Err(AttemptError::Body {
                    head: Box::new(parts),
                    error: CollectError::Broken(error),
                });
            }
        }
    } else {
        (Bytes::new(), body)
    };
    let head = http::Response::from_parts(parts, document);
    Ok(Event::Streaming(head, body))
}

/// Waits for `future` for at most `limit`, or as long as `progress` shows one since the last limit.
async fn while_moving<F: Future>(
    clock: &dyn Clock,
    limit: Option<Duration>,
    progress: Option<Progress>,
    future: F,
) -> Option<F::Output> {
    let Some(limit) = limit else {
        return Some(future.await);
    };
    let mut future = pin!(future);
    // Made when it is needed: an identity, for one, is mostly at hand.
    let mut sleep = None;
    poll_fn(|cx| {
        if let Poll::Ready(output) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        loop {
            let asleep = sleep.get_or_insert_with(|| clock.sleep(limit));
            ready!(asleep.as_mut().poll(cx));
            if !progress.as_ref().is_some_and(Progress::has_moved) {
                return Poll::Ready(None);
            }
            sleep = None;
        }
    })
    .await
}
