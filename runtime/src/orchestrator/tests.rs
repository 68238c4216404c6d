//! Every rule of a call, on a clock that is made up.

mod auth;
mod message;
mod retry;

use super::*;
use crate::body::CollectError;
use crate::config::{Config, ConfigBuilder, Timeouts};
use crate::fixture::{
    CREATE, Create, READ, SECURED, SERVICE, START, Script, Things, ThingsError, VirtualClock,
    config,
};
use crate::operation::{Service, ServiceError};
use crate::retry::RetryConfig;
use crate::transport::{TransportError, TransportErrorKind};

/// Where nobody listens.
static SPAN: Span = Span::none();

/// A client to make calls with, whose waits are always as long as they may be.
struct Bench {
    shared: Shared,
    input: Create,
    has_token: bool,
}

impl Bench {
    fn new() -> Self {
        Self::with(|config| config)
    }

    fn with(set: impl FnOnce(ConfigBuilder) -> ConfigBuilder) -> Self {
        let config: Config = set(config(Script::default())).build().unwrap();
        let mut shared = Shared::new(config, &SERVICE);
        shared.jitter = || 1.0;
        Self {
            shared,
            input: Create::default(),
            has_token: false,
        }
    }

    fn plan(&self, operation: &'static OperationSchema) -> Plan<'_> {
        Plan {
            operation,
            modeled: ThingsError::MODELED,
            resolve_endpoint: Things::resolve_endpoint,
            input: &self.input,
            has_idempotency_token: self.has_token,
            settings: &self.shared.config().settings,
            shared: &self.shared,
            presign: None,
            hooks: None,
            span: &SPAN,
        }
    }

    fn call(&self, operation: &'static OperationSchema) -> Play<'_> {
        Play {
            orchestrator: Orchestrator::new(self.plan(operation)),
            now: Duration::from_secs(1000),
        }
    }
}

/// A call, and the time.
struct Play<'a> {
    orchestrator: Orchestrator<'a>,
    now: Duration,
}

impl Play<'_> {
    fn tell(&mut self, event: Event) -> Step {
        let now = Moment {
            wall: START + self.now,
            elapsed: self.now,
        };
        self.orchestrator.advance(event, now)
    }

    fn answer(&mut self, status: u16, headers: &[(&str, &str)]) -> Step {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        self.tell(Event::Response(response.body(Bytes::new()).unwrap()))
    }

    fn fail(&mut self, kind: TransportErrorKind) -> Step {
        let error = TransportError::new(kind, "test");
        self.tell(Event::Failed(AttemptError::Transport(error)))
    }

    /// Waits as told, and expects the request to be sent after.
    fn wait(&mut self, step: &Step) -> (Duration, http::Request<Body>) {
        let Step::Wait(delay) = *step else {
            panic!("no wait");
        };
        self.now += delay;
        (delay, request(self.tell(Event::Waited)))
    }
}

fn request(step: Step) -> http::Request<Body> {
    match step {
        Step::Send { request, .. } => request,
        _ => panic!("nothing to send"),
    }
}

fn timeout(step: &Step) -> Option<Duration> {
    match step {
        Step::Send { timeout, .. } | Step::ResolveIdentity { timeout, .. } => *timeout,
        _ => panic!("nothing to wait for"),
    }
}

fn failed(step: Step) -> Failed {
    match step {
        Step::Done(Reply::Failed(failed)) => failed,
        _ => panic!("not failed"),
    }
}

fn refused(step: Step) -> ResponseMetadata {
    match step {
        Step::Done(Reply::Error { metadata, .. }) => metadata,
        _ => panic!("not refused"),
    }
}

fn head(status: u16) -> Box<http::response::Parts> {
    let response = http::Response::builder()
        .status(status)
        .header("x-error", "Throttled");
    Box::new(response.body(()).unwrap().into_parts().0)
}

fn cut_off(status: u16, why: &'static str) -> AttemptError {
    AttemptError::Body {
        head: head(status),
        error: CollectError::Broken(why.into()),
    }
}

const SECOND: Duration = Duration::from_secs(1);

/// The plain case: one request to the endpoint, one answer, and what is known of it.
#[test]
fn a_success_ends_the_call() {
    let bench = Bench::new();
    let mut play = bench.call(&CREATE);
    let sent = request(play.tell(Event::Start));
    assert_eq!(sent.uri(), "http://localhost:1/things?");
    assert!(
        sent.headers()["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("tinsmith/")
    );
    let Step::Done(Reply::Success { metadata, .. }) =
        play.answer(204, &[("x-amzn-requestid", "id-1")])
    else {
        panic!("no success");
    };
    assert_eq!((metadata.status(), metadata.attempts()), (204, 1));
    assert_eq!(metadata.request_id(), Some("id-1"));
    assert_eq!(metadata.operation(), "Create");
    assert_eq!(metadata.total_retry_delay(), Duration::ZERO);
}

/// Three attempts, with waits up to 1 s and 2 s, and the sum of them told.
#[test]
fn a_server_error_is_tried_three_times() {
    for status in [500, 502, 503, 504] {
        let bench = Bench::new();
        let mut play = bench.call(&READ);
        let first = request(play.tell(Event::Start));
        let step = play.answer(status, &[]);
        let (delay, second) = play.wait(&step);
        assert_eq!(delay, SECOND);
        let step = play.answer(status, &[]);
        let (delay, third) = play.wait(&step);
        assert_eq!(delay, 2 * SECOND);
        let metadata = refused(play.answer(status, &[]));
        assert_eq!(metadata.attempts(), 3);
        assert_eq!(metadata.total_retry_delay(), 3 * SECOND);

        let id = |request: &http::Request<Body>| request.headers()["amz-sdk-invocation-id"].clone();
        assert_eq!(id(&first), id(&second));
        assert_eq!(id(&first), id(&third));
        assert_eq!(first.headers()["amz-sdk-request"], "attempt=1; max=3");
        assert_eq!(third.headers()["amz-sdk-request"], "attempt=3; max=3");
    }
}

/// What cannot get better is told at once.
#[test]
fn a_client_error_is_not_tried_again() {
    for (status, code) in [
        (400, "ValidationException"),
        (409, "Conflict"),
        (301, ""),
        (501, ""),
    ] {
        let bench = Bench::new();
        let mut play = bench.call(&READ);
        play.tell(Event::Start);
        assert_eq!(
            refused(play.answer(status, &[("x-error", code)])).attempts(),
            1
        );
    }
}

/// By the model, by the well-known codes, and by the status alone.
#[test]
fn throttling_is_known_in_three_ways() {
    for (status, code) in [(400, "Throttled"), (400, "SlowDown"), (429, "Unheard")] {
        let bench = Bench::new();
        let mut play = bench.call(&CREATE);
        play.tell(Event::Start);
        let step = play.answer(status, &[("x-error", code)]);
        assert_eq!(play.wait(&step).0, SECOND, "{code}");
    }
}

/// The service's own word on when to come back is a lower bound: it makes a wait longer, never
/// shorter, whatever kind of error it came with.
#[test]
fn retry_after_is_a_lower_bound() {
    for (headers, expected) in [
        ([("retry-after", "7"), ("x-error", "Throttled")], 7 * SECOND),
        ([("retry-after", "0"), ("x-error", "Throttled")], SECOND),
        (
            [("x-amz-retry-after", "2500"), ("x-error", "")],
            Duration::from_millis(2500),
        ),
        (
            [
                ("retry-after", "Thu, 01 Jan 1970 00:16:49 GMT"),
                ("x-error", ""),
            ],
            9 * SECOND,
        ),
        ([("retry-after", "soon"), ("x-error", "")], SECOND),
    ] {
        let bench = Bench::new();
        let mut play = bench.call(&CREATE);
        play.tell(Event::Start);
        let step = play.answer(503, &headers);
        assert_eq!(play.wait(&step).0, expected, "{headers:?}");
    }
}

/// A hint is no reason to repeat what will fail again.
#[test]
fn retry_after_alone_does_not_retry() {
    let bench = Bench::new();
    let mut play = bench.call(&READ);
    play.tell(Event::Start);
    refused(play.answer(400, &[("retry-after", "1")]));
}

/// The caller learns now what it would learn only after its time is over.
#[test]
fn a_wait_beyond_the_operation_timeout_is_not_begun() {
    let bench = Bench::new();
    let mut play = bench.call(&READ);
    play.tell(Event::Start);
    let metadata = refused(play.answer(503, &[("retry-after", "3600")]));
    assert_eq!(metadata.total_retry_delay(), Duration::ZERO);
}

/// When it is unknown whether the service received a request, it is sent again only where that can do
/// no harm, or the caller said so.
#[test]
fn ambiguous_failures_are_resent_only_where_harmless() {
    let broken = |bench: &Bench, operation| {
        let mut play = bench.call(operation);
        play.tell(Event::Start);
        matches!(play.fail(TransportErrorKind::Io), Step::Wait(_))
    };
    assert!(!broken(&Bench::new(), &CREATE));
    assert!(broken(&Bench::new(), &READ));
    let mut with_token = Bench::new();
    with_token.has_token = true;
    assert!(broken(&with_token, &CREATE));
    let daring = RetryConfig::standard().resend_ambiguous(true);
    assert!(broken(&Bench::with(|config| config.retry(daring)), &CREATE));
}

/// A gateway's 502 or 504 does not tell whether the service behind it acted; 500 and 503, and an error
/// that the model has, are the service's own word.
#[test]
fn a_gateway_error_is_resent_only_where_harmless() {
    let again = |bench: &Bench, operation, status, headers: &[(&str, &str)]| {
        let mut play = bench.call(operation);
        play.tell(Event::Start);
        matches!(play.answer(status, headers), Step::Wait(_))
    };
    let bench = Bench::new();
    let mut with_token = Bench::new();
    with_token.has_token = true;
    let daring = RetryConfig::standard().resend_ambiguous(true);
    let daring = Bench::with(|config| config.retry(daring));
    for status in [502, 504] {
        assert!(!again(&bench, &CREATE, status, &[]));
        assert!(again(&bench, &READ, status, &[]));
        assert!(again(&with_token, &CREATE, status, &[]));
        assert!(again(&daring, &CREATE, status, &[]));
        assert!(again(&bench, &CREATE, status, &[("x-error", "Throttled")]));
    }
    for status in [429, 500, 503] {
        assert!(again(&bench, &CREATE, status, &[]));
    }
}

/// A timed-out attempt and a body that broke off are ambiguous too; no connection is not.
#[test]
fn what_is_ambiguous() {
    let bench = Bench::new();
    let resent = |event: Event| {
        let mut play = bench.call(&CREATE);
        play.tell(Event::Start);
        matches!(play.tell(event), Step::Wait(_))
    };
    let transport =
        |kind| Event::Failed(AttemptError::Transport(TransportError::new(kind, "test")));
    assert!(!resent(Event::Failed(AttemptError::TimedOut)));
    assert!(!resent(Event::Failed(cut_off(200, "test"))));
    assert!(resent(transport(TransportErrorKind::Connect)));
    assert!(resent(transport(TransportErrorKind::ConnectTimeout)));
    assert!(resent(transport(TransportErrorKind::AcquireTimeout)));
    assert!(resent(transport(TransportErrorKind::Unprocessed)));
}

/// What no attempt can mend is not tried again, even where it would be harmless.
#[test]
fn hopeless_failures_are_not_resent() {
    let bench = Bench::new();
    for error in [
        AttemptError::Body {
            head: head(200),
            error: CollectError::TooLarge(1),
        },
        AttemptError::Transport(TransportError::new(TransportErrorKind::Untrusted, "test")),
        AttemptError::Transport(TransportError::new(TransportErrorKind::Protocol, "test")),
        AttemptError::Transport(TransportError::new(TransportErrorKind::Unsupported, "test")),
    ] {
        let mut play = bench.call(&READ);
        play.tell(Event::Start);
        failed(play.tell(Event::Failed(error)));
    }
}

/// An attempt has its own limit, and never more than is left of the call's.
#[test]
fn attempts_are_limited_by_both_timeouts() {
    let limits = Timeouts {
        attempt: Some(10 * SECOND),
        operation: Some(15 * SECOND),
        ..Timeouts::default()
    };
    let bench = Bench::with(|config| config.timeouts(limits));
    let mut play = bench.call(&READ);
    assert_eq!(timeout(&play.tell(Event::Start)), Some(10 * SECOND));
    play.now += 10 * SECOND;
    let Step::Wait(delay) = play.tell(Event::Failed(AttemptError::TimedOut)) else {
        panic!("no second attempt");
    };
    play.now += delay;
    assert_eq!(timeout(&play.tell(Event::Waited)), Some(4 * SECOND));
    play.now += 4 * SECOND;
    let error = failed(play.tell(Event::Failed(AttemptError::TimedOut)));
    let Failed::Timeout(failure) = error else {
        panic!("{error:?}");
    };
    assert!(failure.message().contains("15s"), "{failure}");
}

/// Without limits there are none.
#[test]
fn timeouts_can_be_taken_away() {
    let none = Timeouts {
        identity: None,
        idle: None,
        connect: None,
        attempt: None,
        operation: None,
    };
    let bench = Bench::with(|config| config.timeouts(none));
    assert_eq!(timeout(&bench.call(&READ).tell(Event::Start)), None);
}

/// Calls of one client share an allowance for retries, so that a broken service is not stormed.
#[test]
fn the_bucket_ends_retries() {
    let bench = Bench::new();
    let mut retries = 0;
    loop {
        let mut play = bench.call(&READ);
        play.tell(Event::Start);
        match play.answer(500, &[]) {
            Step::Wait(_) => retries += 1,
            step => {
                assert_eq!(refused(step).attempts(), 1);
                break;
            }
        }
    }
    assert_eq!(retries, 100);
    // A success on the first attempt pays a little back, five of them one retry.
    for _ in 0..5 {
        let mut play = bench.call(&READ);
        play.tell(Event::Start);
        play.answer(200, &[]);
    }
    let mut play = bench.call(&READ);
    play.tell(Event::Start);
    assert!(matches!(play.answer(500, &[]), Step::Wait(_)));
}

/// A success after a retry pays back what the retry took.
#[test]
fn a_success_after_a_retry_pays_it_back() {
    let bench = Bench::new();
    for _ in 0..200 {
        let mut play = bench.call(&READ);
        play.tell(Event::Start);
        let step = play.answer(500, &[]);
        play.wait(&step);
        play.answer(200, &[]);
    }
}

/// Off is off.
#[test]
fn retries_can_be_switched_off() {
    let bench = Bench::with(|config| config.retry(RetryConfig::off()));
    let mut play = bench.call(&READ);
    assert_eq!(
        request(play.tell(Event::Start)).headers()["amz-sdk-request"],
        "attempt=1; max=1"
    );
    assert_eq!(refused(play.answer(503, &[])).attempts(), 1);
}

/// A refused input is told before there is an endpoint, an identity or a request.
#[test]
fn validation_comes_before_everything() {
    let mut bench = Bench::with(|config| config.endpoint_url("https://never"));
    bench.input.name = Some("much-too-long".to_owned());
    let mut play = bench.call(&SECURED);
    let Failed::Validation(error) = failed(play.tell(Event::Start)) else {
        panic!("not refused");
    };
    assert_eq!(error.violations.len(), 1);
    assert_eq!(error.operation(), "Secured");
}

/// `Warn` and `Off` let it pass.
#[test]
fn validation_can_be_relaxed() {
    for mode in [Validation::Warn, Validation::Off] {
        let mut bench = Bench::with(|config| config.validation(mode));
        bench.input.name = Some("much-too-long".to_owned());
        request(bench.call(&READ).tell(Event::Start));
    }
}

/// A rule set that has no endpoint for these settings says why.
#[test]
fn a_missing_endpoint_is_told() {
    let config = Config::builder()
        .transport(Script::default())
        .clock(VirtualClock::default())
        .build()
        .unwrap();
    let bench = Bench {
        shared: Shared::new(config, &SERVICE),
        ..Bench::new()
    };
    let Failed::Construction(failure) = failed(bench.call(&READ).tell(Event::Start)) else {
        panic!("not a construction failure");
    };
    assert_eq!(
        failure.to_string(),
        "Read cannot be sent: there is no endpoint: no endpoint here"
    );
}

/// Each failure of the transport becomes the error that says what happened.
#[test]
fn failures_are_named() {
    let bench = Bench::with(|config| config.retry(RetryConfig::off()));
    let named = |kind| {
        let mut play = bench.call(&READ);
        play.tell(Event::Start);
        failed(play.fail(kind))
    };
    assert!(matches!(
        named(TransportErrorKind::Connect),
        Failed::Dispatch(_)
    ));
    assert!(matches!(named(TransportErrorKind::Io), Failed::Dispatch(_)));
    assert!(matches!(
        named(TransportErrorKind::ConnectTimeout),
        Failed::Timeout(_)
    ));
    assert!(matches!(
        named(TransportErrorKind::Protocol),
        Failed::Response(_)
    ));
    let mut play = bench.call(&READ);
    play.tell(Event::Start);
    let error = failed(play.tell(Event::Failed(cut_off(200, "cut"))));
    let Failed::Dispatch(failure) = error else {
        panic!("{error:?}");
    };
    assert!(failure.is_retryable());
    assert_eq!(
        failure.to_string(),
        "Read got no complete response: the response broke off: cut (status 200, 1 attempt)"
    );
}
