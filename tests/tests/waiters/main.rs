//! Generated waiters over real sockets: the client is the one that the generator's case `waiters` holds
//! as its golden files.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

mod service;
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a whole client, of which the tests use a part")]
#[path = "../../../codegen/tests/cases/waiters/expected/src/waiting/mod.rs"]
mod waiting;

use std::time::Duration;

use service::{Answer, Service};
use tinsmith_runtime::Config;
use tinsmith_runtime::waiter::WaiterError;
use waiting::types::Status;
use waiting::{Client, ServiceError};

const MILLI: Duration = Duration::from_millis(1);

fn client(service: &Service) -> Client {
    let config = Config::builder().endpoint_url(service.url());
    Client::new(config.build().unwrap())
}

const MISSING: Answer = (
    404,
    r#"{"__type": "test.waiters#NotFound", "message": "not yet"}"#,
);
const READY: Answer = (200, r#"{"status": "READY"}"#);

/// It is asked, over one client, until the thing is there and ready.
#[tokio::test]
async fn a_thing_is_waited_for() {
    let busy = (
        200,
        r#"{"status": "BUSY", "parts": [{"detail": {"status": "OK"}}]}"#,
    );
    let service = Service::answering(&[MISSING, busy, READY]);
    let get = client(&service).get_thing().id("a");
    let wait = get.wait_until_thing_ready(Duration::from_secs(20));
    let waited = wait.delays(10 * MILLI, 20 * MILLI).await.unwrap();
    assert_eq!(waited.calls, 3);
    assert!(waited.elapsed >= 20 * MILLI);
    let thing = waited.into_output().unwrap();
    assert_eq!(thing.status, Some(Status::Ready));
    assert_eq!(service.requests(), vec![r#"{"id":"a"}"#; 3]);
}

/// The model's delays are kept: no second call comes before the least of them.
#[tokio::test]
async fn the_models_delay_is_kept() {
    let service = Service::answering(&[MISSING, READY]);
    let get = client(&service).get_thing();
    let waited = get.wait_until_thing_ready(Duration::from_secs(20)).await;
    assert!(waited.unwrap().elapsed >= Duration::from_secs(1));
}

/// That something is gone is what one may wait for: the error is the success.
#[tokio::test]
async fn an_error_may_be_the_success() {
    let service = Service::answering(&[READY, MISSING]);
    let wait = client(&service)
        .get_thing()
        .wait_until_thing_gone(Duration::from_secs(20));
    let waited = wait.delays(MILLI, MILLI).await.unwrap();
    let error = waited.last.unwrap_err().into_service().unwrap();
    assert!(matches!(error, ServiceError::NotFound(_)));
}

/// Programs without a runtime wait as well, and a failure says why: one line tells everything.
#[test]
fn a_failure_tells_why() {
    let failed = (
        200,
        r#"{"status": "FAILED", "reasons": ["disk full", "no power"], "secret": {"code": "hunter2"}}"#,
    );
    let service = Service::answering(&[failed]);
    let wait = client(&service)
        .get_thing()
        .wait_until_thing_ready(Duration::from_secs(20));
    let error = wait.wait_blocking().unwrap_err();
    assert!(matches!(error, WaiterError::Failed(_)));
    let line = error.to_string();
    let (start, end) = line.split_once(" s: ").unwrap();
    assert!(start.starts_with("waiting for ThingReady failed after 1 call of GetThing in "));
    assert_eq!(
        end,
        "disk full; no power; the last answer had status 200, and `status` is \"FAILED\""
    );
    assert!(!format!("{error:?} {error}").contains("hunter2"));
}

/// Input and output are compared by one expression, with nearly all that the language has.
#[tokio::test]
async fn inputs_are_compared_with_outputs() {
    let parts = |second| {
        let part = |status| format!(r#"{{"size": 1, "detail": {{"status": "{status}"}}}}"#);
        let text = format!(
            r#"{{"parts": [{}, {}], "by_name": {{"a": {{"size": 1}}}}, "secret": {{"code": "hunter2"}}}}"#,
            part("READY"),
            part(second)
        );
        (200, &*text.leak())
    };
    let service = Service::answering(&[parts("BUSY"), parts("READY")]);
    let get = client(&service).get_thing().count(2);
    let wait = get.wait_until_parts_ready(Duration::from_secs(20));
    assert_eq!(wait.delays(MILLI, MILLI).await.unwrap().calls, 2);

    let busy = Service::answering(&[parts("BUSY"); 40]);
    let get = client(&busy).get_thing().count(2);
    let wait = get.wait_until_parts_ready(Duration::from_secs(1));
    let error = wait.delays(300 * MILLI, 300 * MILLI).await.unwrap_err();
    assert!(error.is_timeout() && error.failure().calls > 1);
    assert!(error.failure().elapsed >= Duration::from_secs(1));
    // What a waiter looks at may be secret; what it says is not.
    assert!(!format!("{error:?} {error}").contains("hunter2"));
}
