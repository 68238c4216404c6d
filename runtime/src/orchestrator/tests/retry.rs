//! When a request is sent again, and what it then carries.

use super::*;
use crate::fixture::STREAM;
use crate::operation::HttpTrait;
use crate::schema::{HttpBinding, Member, Schema};
use crate::shape::{Field, ReadError, ShapeReader, ShapeWriter, WriteError};
use crate::stream::ByteStream;

/// Waits after the first attempt of `operation` was answered so, if there is another.
fn wait_after(
    operation: &'static OperationSchema,
    status: u16,
    headers: &[(&str, &str)],
) -> Option<Duration> {
    let bench = Bench::new();
    let mut play = bench.call(operation);
    play.tell(Event::Start);
    match play.answer(status, headers) {
        Step::Wait(delay) => Some(delay),
        _ => None,
    }
}

/// The lists of codes that AWS's own clients share. A code counts whatever the status is, also for an
/// operation that is not idempotent: the service says that it did nothing.
#[test]
fn the_known_codes_are_tried_again() {
    let throttling = [
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    ];
    for code in throttling
        .into_iter()
        .chain(["RequestTimeout", "RequestTimeoutException"])
    {
        assert_eq!(
            wait_after(&CREATE, 400, &[("x-error", code)]),
            Some(SECOND),
            "{code}"
        );
    }
    for code in [
        "throttling",
        "SlowDownPlease",
        "Timeout",
        "AccessDeniedException",
    ] {
        assert_eq!(wait_after(&READ, 400, &[("x-error", code)]), None, "{code}");
    }
}

/// What the model calls retryable is tried again (`smithy.api#retryable`), with and without
/// `throttling`, also for an operation that is not idempotent; other modelled errors are not.
#[test]
fn modelled_errors_are_tried_again_as_the_model_says() {
    for (code, expected) in [
        ("Throttled", Some(SECOND)),
        ("Busy", Some(SECOND)),
        ("Conflict", None),
    ] {
        assert_eq!(
            wait_after(&CREATE, 400, &[("x-error", code)]),
            expected,
            "{code}"
        );
    }
}

/// Of the server's statuses four are worth another attempt.
#[test]
fn four_statuses_are_tried_again() {
    for status in 500..=511 {
        let again = matches!(status, 500 | 502 | 503 | 504);
        assert_eq!(wait_after(&READ, status, &[]).is_some(), again, "{status}");
    }
}

/// Whatever classified the error, by the model, by code or by status, the service's wait is kept in each
/// of its forms.
#[test]
fn a_hint_holds_for_every_class() {
    let hints = [
        ("retry-after", "9"),
        ("retry-after", "Thu, 01 Jan 1970 00:16:49 GMT"),
        ("x-amz-retry-after", "9000"),
    ];
    for hint in hints {
        for (status, code) in [
            (400, "Throttled"),
            (400, "Busy"),
            (400, "SlowDown"),
            (400, "RequestTimeout"),
            (429, ""),
            (500, ""),
            (502, ""),
            (503, ""),
            (504, ""),
        ] {
            let delay = wait_after(&READ, status, &[hint, ("x-error", code)]);
            assert_eq!(delay, Some(9 * SECOND), "{hint:?} {status} {code}");
        }
    }
}

/// A date is measured by the service's own clock as far as it is known, so that a client whose clock is
/// wrong does not wait for hours.
#[cfg(feature = "sigv4")]
#[test]
fn a_date_to_come_back_is_of_the_services_clock() {
    let credentials = crate::identity::Credentials::new("AKIDEXAMPLE", "secret");
    let bench = Bench::with(|config| config.region("us-east-1").credentials(credentials.clone()));
    let mut play = bench.call(&crate::fixture::SIGNED);
    play.tell(Event::Start);
    play.tell(Event::Identity(Ok(Identity::Credentials(credentials))));
    let ahead = ("date", "Thu, 01 Jan 1970 02:00:00 GMT");
    let step = play.answer(403, &[("x-error", "RequestTimeTooSkewed"), ahead]);
    play.wait(&step);
    let step = play.answer(503, &[("retry-after", "Thu, 01 Jan 1970 02:00:12 GMT")]);
    assert_eq!(play.wait(&step).0, 12 * SECOND);
}

/// The response's own date is the service's clock, also for services that sign nothing: neither a clock
/// behind nor one ahead makes the wait longer or shorter.
#[test]
fn a_date_to_come_back_is_measured_from_the_date_of_the_response() {
    for (date, come_back) in [
        (
            "Thu, 01 Jan 1970 02:00:00 GMT",
            "Thu, 01 Jan 1970 02:00:12 GMT",
        ),
        (
            "Thu, 01 Jan 1970 00:01:00 GMT",
            "Thu, 01 Jan 1970 00:01:12 GMT",
        ),
    ] {
        let delay = wait_after(&READ, 503, &[("date", date), ("retry-after", come_back)]);
        assert_eq!(delay, Some(12 * SECOND), "{date}");
    }
}

/// The number of attempts is the caller's, and so are the bounds of the waits between them.
#[test]
fn attempts_and_waits_are_configured() {
    let retry = RetryConfig::standard()
        .max_attempts(6)
        .initial_backoff(Duration::from_millis(300))
        .max_backoff(SECOND);
    let bench = Bench::with(|config| config.retry(retry));
    let mut play = bench.call(&READ);
    let first = request(play.tell(Event::Start));
    assert_eq!(first.headers()["amz-sdk-request"], "attempt=1; max=6");
    let mut waits = Vec::new();
    for _ in 1..6 {
        let step = play.answer(500, &[]);
        waits.push(play.wait(&step).0.as_millis());
    }
    assert_eq!(waits, [300, 600, 1000, 1000, 1000]);
    assert_eq!(refused(play.answer(500, &[])).attempts(), 6);
}

/// Waits are random from nothing to their bound, so that clients that failed together do not come back
/// together.
#[test]
fn waits_have_full_jitter() {
    let mut bench = Bench::new();
    for (jitter, expected) in [
        ((|| 0.0) as fn() -> f64, Duration::ZERO),
        (|| 0.25, SECOND / 4),
        (|| 0.5, SECOND / 2),
    ] {
        bench.shared.jitter = jitter;
        let mut play = bench.call(&READ);
        play.tell(Event::Start);
        let step = play.answer(500, &[]);
        assert_eq!(play.wait(&step).0, expected);
    }
}

/// A connection that was not made is tried again for every operation, and tells in the end what it was.
#[test]
fn no_connection_is_tried_again() {
    let bench = Bench::new();
    let mut play = bench.call(&CREATE);
    play.tell(Event::Start);
    for expected in [SECOND, 2 * SECOND] {
        let step = play.fail(TransportErrorKind::Connect);
        assert_eq!(play.wait(&step).0, expected);
    }
    let Failed::Dispatch(failure) = failed(play.fail(TransportErrorKind::Connect)) else {
        panic!("not a failure to dispatch");
    };
    assert!(failure.is_retryable());
    assert_eq!(failure.metadata().attempts(), 3);
}

/// Corrected once, the clock is not what is wrong any more: a service that goes on refusing is not asked
/// for ever.
#[cfg(feature = "sigv4")]
#[test]
fn a_signature_is_made_anew_once() {
    let credentials = crate::identity::Credentials::new("AKIDEXAMPLE", "secret");
    for code in [
        "AuthFailure",
        "InvalidSignatureException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    ] {
        let bench =
            Bench::with(|config| config.region("us-east-1").credentials(credentials.clone()));
        let mut play = bench.call(&crate::fixture::SIGNED);
        play.tell(Event::Start);
        play.tell(Event::Identity(Ok(Identity::Credentials(
            credentials.clone(),
        ))));
        let skewed = [("x-error", code), ("date", "Thu, 01 Jan 1970 02:00:00 GMT")];
        let step = play.answer(403, &skewed);
        let (delay, sent) = play.wait(&step);
        assert_eq!(
            (delay, &sent.headers()["x-amz-date"]),
            (Duration::ZERO, &"19700101T020000Z".parse().unwrap())
        );
        refused(play.answer(403, &skewed));
        // Calls to come are signed by the service's clock at once.
        let mut play = bench.call(&crate::fixture::SIGNED);
        play.tell(Event::Start);
        let sent = request(play.tell(Event::Identity(Ok(Identity::Credentials(
            credentials.clone(),
        )))));
        assert_eq!(sent.headers()["x-amz-date"], "19700101T020000Z");
    }
}

/// Once the service's clock is known, a retry says until when its answer is waited for, in the form
/// `ttl=…; attempt=…; max=…`.
#[test]
fn a_retry_tells_its_time_to_live() {
    let limits = |attempt, operation| Timeouts {
        attempt,
        operation,
        ..Timeouts::default()
    };
    let second = |attempt, operation, headers: &[(&str, &str)]| {
        let bench = Bench::with(|config| config.timeouts(limits(attempt, operation)));
        let mut play = bench.call(&READ);
        let first = request(play.tell(Event::Start));
        assert_eq!(first.headers()["amz-sdk-request"], "attempt=1; max=3");
        let step = play.answer(503, headers);
        play.wait(&step).1.headers()["amz-sdk-request"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let date = ("date", "Sun, 30 Aug 2015 12:35:00 GMT");
    // The service's time, the wait of a second, and what the attempt may take.
    let thirty = Some(30 * SECOND);
    let in_thirty_one = "ttl=20150830T123531Z; attempt=2; max=3";
    assert_eq!(second(thirty, None, &[date]), in_thirty_one);
    assert_eq!(second(thirty, Some(120 * SECOND), &[date]), in_thirty_one);
    // What is left of the call is less: nobody waits beyond it.
    let in_twenty = "ttl=20150830T123520Z; attempt=2; max=3";
    assert_eq!(second(thirty, Some(20 * SECOND), &[date]), in_twenty);
    assert_eq!(second(None, Some(20 * SECOND), &[date]), in_twenty);
    assert_eq!(second(thirty, None, &[]), "attempt=2; max=3");
    assert_eq!(second(None, None, &[date]), "attempt=2; max=3");
}

/// The id of a call is a version-4 UUID; each call has one of its own, and its attempts share it.
#[test]
fn the_invocation_id_tells_calls_apart() {
    let bench = Bench::new();
    let id = |request: &http::Request<Body>| request.headers()["amz-sdk-invocation-id"].clone();
    let mut play = bench.call(&READ);
    let first = id(&request(play.tell(Event::Start)));
    let step = play.answer(500, &[]);
    assert_eq!(id(&play.wait(&step).1), first);
    let text = first.to_str().unwrap();
    assert_eq!((text.len(), &text[14..15]), (36, "4"));
    assert_ne!(id(&request(bench.call(&READ).tell(Event::Start))), first);
}

/// An attempt that timed out takes ten of the bucket's five hundred tokens, where others take five.
#[test]
fn timeouts_empty_the_bucket_twice_as_fast() {
    let bench = Bench::new();
    let mut retries = 0;
    loop {
        let mut play = bench.call(&READ);
        play.tell(Event::Start);
        match play.tell(Event::Failed(AttemptError::TimedOut)) {
            Step::Wait(_) => retries += 1,
            _ => break,
        }
    }
    assert_eq!(retries, 50);
}

/// A client that is too busy to send does not use up what it may ask of the service besides: its wait for
/// a turn goes on, for any operation, whatever is left in the bucket, and leaves there what was in it.
#[test]
fn a_wait_for_a_turn_takes_nothing_from_the_bucket() {
    let retries = |bench: &Bench, kind| {
        let again = |_: &usize| {
            let mut play = bench.call(&CREATE);
            play.tell(Event::Start);
            matches!(play.fail(kind), Step::Wait(_))
        };
        (0..1000).take_while(again).count()
    };
    let bench = Bench::new();
    assert_eq!(retries(&bench, TransportErrorKind::AcquireTimeout), 1000);
    assert_eq!(retries(&bench, TransportErrorKind::Connect), 100);
    assert_eq!(retries(&bench, TransportErrorKind::AcquireTimeout), 1000);
    // What the call took before for a failure of the service, its success puts back.
    let bench = Bench::new();
    let mut play = bench.call(&CREATE);
    play.tell(Event::Start);
    for kind in [
        TransportErrorKind::Connect,
        TransportErrorKind::AcquireTimeout,
    ] {
        let step = play.fail(kind);
        play.wait(&step);
    }
    play.answer(200, &[]);
    assert_eq!(retries(&bench, TransportErrorKind::Connect), 100);
}

/// The attempts that had no turn are counted like any other, and the last one tells why.
#[test]
fn a_wait_for_a_turn_ends() {
    let bench = Bench::new();
    let mut play = bench.call(&CREATE);
    play.tell(Event::Start);
    for expected in [SECOND, 2 * SECOND] {
        let step = play.fail(TransportErrorKind::AcquireTimeout);
        assert_eq!(play.wait(&step).0, expected);
    }
    let Failed::Timeout(failure) = failed(play.fail(TransportErrorKind::AcquireTimeout)) else {
        panic!("not a timeout");
    };
    assert!(failure.is_retryable());
    assert_eq!(failure.metadata().attempts(), 3);
}

static UPLOAD_INPUT: Schema = Schema::structure("test#UploadInput", &UPLOAD_MEMBERS);
static UPLOAD_MEMBERS: [Member; 1] = [Member::new("stream", &STREAM).http(HttpBinding::Payload)];
static UPLOAD_OUTPUT: Schema = Schema::structure("test#UploadOutput", &[]);
static UPLOAD: OperationSchema = OperationSchema::new(
    "test#Upload",
    &SERVICE,
    HttpTrait::new("PUT", &[], 200),
    &UPLOAD_INPUT,
    &UPLOAD_OUTPUT,
)
.idempotent();

/// An input that is a stream.
struct Upload(ByteStream);

impl Structure for Upload {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        Field::write(&self.0, &UPLOAD_MEMBERS[0], writer)
    }

    fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        Ok(false)
    }
}

/// A stream is sent again as long as nothing was taken from it, and never after: the rest of it would be
/// another request.
#[test]
fn a_stream_is_not_sent_again_once_something_was_taken() {
    for (streamed, consumed, again) in [
        (true, false, true),
        (true, true, false),
        (false, true, true),
    ] {
        let stream = ByteStream::from("all of it");
        let upload = Upload(match streamed {
            true => ByteStream::from_body(Body::from("all of it")),
            false => stream,
        });
        let bench = Bench::new();
        let mut play = Play {
            orchestrator: Orchestrator::new(Plan {
                input: &upload,
                ..bench.plan(&UPLOAD)
            }),
            now: Duration::from_secs(1000),
        };
        let sent = request(play.tell(Event::Start)).into_body();
        if consumed {
            assert_eq!(crate::fixture::run(sent.collect(99)).unwrap(), "all of it");
        }
        let step = play.answer(503, &[("date", "Sun, 30 Aug 2015 12:35:00 GMT")]);
        assert_eq!(
            matches!(step, Step::Wait(_)),
            again,
            "{streamed} {consumed}"
        );
        if again {
            let header = play.wait(&step).1.headers()["amz-sdk-request"].clone();
            assert_eq!(header.to_str().unwrap().contains("ttl="), !streamed);
        }
    }
}
