//! What hooks are told.

use http::{HeaderMap, StatusCode};

use super::*;
use crate::fixture::{Act, Create, Thing};
use crate::retry::{ErrorClass, RetryConfig};
use crate::transport::{TransportError, TransportErrorKind};

/// What an attempt came to.
#[derive(Debug, PartialEq)]
struct Seen {
    attempt: u32,
    status: Option<StatusCode>,
    request_id: Option<HeaderValue>,
    class: Option<ErrorClass>,
    error_type: Option<String>,
    retry_after: Option<Duration>,
    elapsed: Duration,
}

/// Keeps what it is told.
#[derive(Clone, Default)]
struct Observer {
    attempts: Arc<Mutex<Vec<Seen>>>,
    took: Arc<Mutex<Duration>>,
}

impl Interceptor for Observer {
    fn after_attempt(&self, attempt: &mut AfterAttempt<'_>) {
        let header = |headers: &HeaderMap| headers.get("x-amzn-requestid").cloned();
        self.attempts.lock().unwrap().push(Seen {
            attempt: attempt.attempt(),
            status: attempt.status(),
            request_id: attempt.headers().and_then(header),
            class: attempt.class(),
            error_type: attempt.error_type().map(ToOwned::to_owned),
            retry_after: attempt.retry_after(),
            elapsed: attempt.elapsed(),
        });
    }

    fn after_call(&self, call: &mut AfterCall<'_>) {
        *self.took.lock().unwrap() = call.elapsed();
    }
}

/// Each attempt is told with its response or failure, its class, its time and the wait after it.
#[test]
fn attempts_are_told_with_what_follows() {
    let observer = Observer::default();
    let busy = [
        ("retry-after", "7"),
        ("x-amzn-requestid", "r-1"),
        ("x-error", "Throttled"),
    ];
    let refused = TransportError::new(TransportErrorKind::Connect, "refused");
    let acts = [
        answer(400, &busy),
        Act::Fail(refused),
        Act::Stall,
        answer(200, &[]),
    ];
    let once = RetryConfig::standard()
        .max_attempts(4)
        .initial_backoff(Duration::ZERO);
    let client = client(&Script::new(acts), |config| {
        config.retry(once).interceptor(observer.clone())
    });
    run(client.send(Read::default())).unwrap();
    let seen = |attempt| Seen {
        attempt,
        status: None,
        request_id: None,
        class: None,
        error_type: None,
        retry_after: Some(Duration::ZERO),
        elapsed: Duration::ZERO,
    };
    let attempts = std::mem::take(&mut *observer.attempts.lock().unwrap());
    let expected = [
        Seen {
            status: Some(StatusCode::BAD_REQUEST),
            request_id: Some(HeaderValue::from_static("r-1")),
            class: Some(ErrorClass::Throttling),
            error_type: Some("Throttled".to_owned()),
            retry_after: Some(Duration::from_secs(7)),
            ..seen(1)
        },
        Seen {
            class: Some(ErrorClass::Transient),
            error_type: Some("connect".to_owned()),
            ..seen(2)
        },
        Seen {
            class: Some(ErrorClass::Timeout),
            error_type: Some("timeout".to_owned()),
            elapsed: Duration::from_secs(30),
            ..seen(3)
        },
        Seen {
            status: Some(StatusCode::OK),
            retry_after: None,
            ..seen(4)
        },
    ];
    assert_eq!(attempts, expected);
    assert_eq!(*observer.took.lock().unwrap(), Duration::from_secs(37));
}

/// The last attempt of a call that fails is told without a wait.
#[test]
fn the_last_attempt_has_nothing_after_it() {
    let observer = Observer::default();
    let client = client(&Script::new([answer(409, &[])]), |config| {
        config.interceptor(observer.clone())
    });
    run(client.send(Read::default())).unwrap_err();
    let attempts = observer.attempts.lock().unwrap();
    assert_eq!(attempts[0].class, Some(ErrorClass::Permanent));
    assert_eq!((attempts.len(), attempts[0].retry_after), (1, None));
}

/// Writes down the types of input and outcome, and what each hook left for the next.
struct Typed(Log);

/// What it keeps during a call.
#[derive(Clone)]
struct Kept(&'static str);

impl Interceptor for Typed {
    fn before_call(&self, call: &mut BeforeCall<'_>) -> Result<(), BoxError> {
        assert!(call.input::<Read>().is_none() && call.input_mut::<Thing>().is_none());
        assert_eq!(call.operation().name(), "Create");
        assert_eq!(call.input::<Create>().unwrap().token, None);
        call.input_mut::<Create>().unwrap().name = Some("changed".to_owned());
        call.extensions_mut().insert(Kept("kept"));
        Ok(())
    }

    fn after_call(&self, call: &mut AfterCall<'_>) {
        let kept = call.extensions().get::<Kept>().unwrap().0;
        let status = call.metadata().status();
        if let Some(output) = call.output::<Thing>() {
            assert_eq!(output.metadata.status(), status);
            assert!(call.failure().is_none() && call.output::<Create>().is_none());
            self.0.write(format!("{kept} {status}"));
        }
        if let Some(error) = call.error::<ErrorOfThings>() {
            assert!(call.output::<Thing>().is_none() && call.error::<InterceptorError>().is_none());
            self.0.write(format!("{kept} {error}"));
        }
    }
}

/// Input, output and error are there with their types, and what is kept lasts as long as the call.
#[test]
fn input_and_outcome_have_their_types() {
    let log = Log::default();
    let script = Script::new([answer(201, &[]), answer(409, &[("x-error", "Conflict")])]);
    let client = client(&script, |config| config.interceptor(Typed(log.clone())));
    run(client.send(Create::default())).unwrap();
    run(client.send(Create::default())).unwrap_err();
    let expected = [
        "kept 201",
        "kept Create failed: Conflict (status 409, 1 attempt)",
    ];
    assert_eq!(log.lines(), expected);
    assert!(
        script.sent()[0]
            .uri()
            .query()
            .unwrap()
            .starts_with("name=changed&token=")
    );
}

/// An input that an interceptor has changed is checked like any other, and the refusal is told.
#[test]
fn a_changed_input_is_checked() {
    struct TooLong(Log);

    impl Interceptor for TooLong {
        fn before_call(&self, call: &mut BeforeCall<'_>) -> Result<(), BoxError> {
            let input = call.input_mut::<Read>().ok_or("another operation")?;
            input.name = Some("much-too-long".to_owned());
            Ok(())
        }

        fn after_call(&self, call: &mut AfterCall<'_>) {
            self.0.write(call.failure().unwrap().to_string());
        }
    }

    let log = Log::default();
    let script = Script::default();
    let client = client(&script, |config| config.interceptor(TooLong(log.clone())));
    assert!(matches!(
        run(client.send(Read::default())),
        Err(Error::Validation(_))
    ));
    assert!(script.sent().is_empty());
    assert!(log.lines()[0].starts_with("Read refused before sending"));
}
