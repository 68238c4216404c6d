//! The async driver: does what the orchestrator says.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::body::Body;
use crate::orchestrator::{AttemptError, Event, Orchestrator, Plan, Reply, Step};
use crate::time::Clock;
use crate::transport::Transport;

/// Drives a call to its end.
///
/// The future is boxed: it is the same for every operation, and callers' own futures stay small.
pub(super) fn boxed(plan: Plan<'_>) -> Pin<Box<dyn Future<Output = Reply> + Send + '_>> {
    let span = call_span(&plan);
    let within = span.clone();
    let driven = async move {
        let reply = drive(plan).await;
        record(&span, &reply);
        reply
    };
    Box::pin(driven.instrument(within))
}

async fn drive(plan: Plan<'_>) -> Reply {
    let config = plan.shared.config();
    let (transport, clock) = (&*config.transport, &*config.clock);
    let limit = plan.settings.max_response_bytes;
    let mut orchestrator = Orchestrator::new(plan);
    let mut event = Event::Start;
    let mut attempt = 0_u32;
    loop {
        event = match orchestrator.advance(event, clock.now()) {
            Step::Done(reply) => return reply,
            Step::ResolveIdentity { kind, timeout } => {
                let now = clock.now().wall.into();
                let provided = config.providers.provide(kind, now);
                match within(clock, timeout, provided).await {
                    Some(identity) => Event::Identity(identity),
                    None => Event::Failed(AttemptError::TimedOut),
                }
            }
            Step::Send { request, timeout } => {
                attempt += 1;
                let span = attempt_span(attempt, &request);
                let sent = exchange(transport, request, limit).instrument(span);
                match within(clock, timeout, sent).await {
                    Some(Ok(response)) => Event::Response(response),
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

/// Sends a request and reads the whole response.
async fn exchange(
    transport: &dyn Transport,
    request: http::Request<Body>,
    limit: usize,
) -> Result<http::Response<Bytes>, AttemptError> {
    let response = transport.send(request).await.map_err(|error| {
        tracing::debug!(kind = ?error.kind(), "no response");
        AttemptError::Transport(error)
    })?;
    let (parts, body) = response.into_parts();
    tracing::debug!(
        http.response.status_code = parts.status.as_u16(),
        "response"
    );
    match body.collect(limit).await {
        Ok(body) => Ok(http::Response::from_parts(parts, body)),
        Err(error) => Err(AttemptError::Body {
            head: Box::new(parts),
            error,
        }),
    }
}

/// Waits for `future` for at most `limit`.
async fn within<F: Future>(
    clock: &dyn Clock,
    limit: Option<Duration>,
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
        let sleep = sleep.get_or_insert_with(|| clock.sleep(limit));
        sleep.as_mut().poll(cx).map(|()| None)
    })
    .await
}

/// Names as in OpenTelemetry's semantic conventions for RPC.
fn call_span(plan: &Plan<'_>) -> Span {
    tracing::debug_span!(
        "call",
        rpc.system = "smithy",
        rpc.service = plan.operation.service.sdk_id,
        rpc.method = plan.operation.name(),
        http.response.status_code = Empty,
        aws.request_id = Empty,
        attempts = Empty,
        error.type = Empty,
    )
}

/// Adds to the span of a call what it came to.
fn record(span: &Span, reply: &Reply) {
    if span.is_disabled() {
        return;
    }
    let metadata = match reply {
        Reply::Success { metadata, .. } => Some(metadata),
        Reply::Error {
            metadata, error, ..
        } => {
            span.record("error.type", error.code.as_deref().unwrap_or("unknown"));
            Some(metadata)
        }
        Reply::Failed(failed) => {
            span.record("error.type", failed.name());
            None
        }
    };
    if let Some(metadata) = metadata {
        span.record("http.response.status_code", metadata.status());
        span.record("aws.request_id", metadata.request_id());
        span.record("attempts", metadata.attempts());
    }
}

fn attempt_span(attempt: u32, request: &http::Request<Body>) -> Span {
    // The path and the query may hold what nobody should read; the host does not.
    tracing::debug_span!(
        "attempt",
        attempt,
        server.address = request.uri().host(),
        http.request.method = request.method().as_str(),
    )
}
