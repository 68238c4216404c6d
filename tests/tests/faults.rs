//! A service that fails: what is tried again, what is not, and what the caller hears.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::time::{Duration, Instant};

use generated_client::codecatalyst::{Client, Error, ServiceError};
use generated_client::route53globalresolver;
use tests::clients;
use tests::token_service::{Fault, Options, TokenService};
use tinsmith_runtime::retry::RetryConfig;

async fn start() -> (TokenService, Client) {
    let service = TokenService::start(Options::default()).await.unwrap();
    let client = clients::code_catalyst(&service).unwrap();
    (service, client)
}

/// Protects throttled calls: two are waited out, a third is the caller's.
#[tokio::test]
async fn throttling_is_waited_out() {
    let (service, client) = start().await;
    service.inject(Fault::Throttle { retry_after: None }, 2);
    let made = client
        .create_access_token()
        .name("ci")
        .send()
        .await
        .unwrap();
    assert_eq!(made.metadata.attempts(), 3);
    assert_eq!(service.requests().len(), 3);

    service.inject(Fault::Throttle { retry_after: None }, 3);
    let error = client.list_access_tokens().send().await.unwrap_err();
    assert!(matches!(error, Error::Service(ServiceError::Throttling(_))));
    assert!(error.is_throttling() && error.is_retryable());
    assert_eq!(error.metadata().attempts(), 3);
    assert_eq!(service.requests().len(), 6);
}

/// Protects the service's wish: `Retry-After` is the least that is waited.
#[tokio::test]
async fn retry_after_is_heeded() {
    let service = TokenService::start(Options::default()).await.unwrap();
    let client = clients::global_resolver(&service).unwrap();
    let throttle = Fault::Throttle {
        retry_after: Some(1),
    };
    service.inject(throttle, 1);
    let before = Instant::now();
    let listed = client.list_access_tokens().dns_view_id("dv-1").send().await;
    let metadata = listed.unwrap().metadata;
    assert_eq!(metadata.attempts(), 2);
    assert!(metadata.total_retry_delay() >= Duration::from_secs(1));
    assert!(before.elapsed() >= Duration::from_secs(1));

    service.inject(throttle, 1);
    let call = client.list_access_tokens().dns_view_id("dv-1").into_call();
    let error = call.retry(RetryConfig::off()).send().await.unwrap_err();
    let Some(route53globalresolver::ServiceError::Throttling(throttling)) = error.as_service()
    else {
        panic!("{error}");
    };
    assert_eq!(throttling.retry_after_seconds, Some(1));
    assert_eq!(throttling.quota_code.as_deref(), Some("L-2"));
}

/// Protects callers from a second token whose secret nobody holds: when it is not known whether the
/// service created one, CreateAccessToken is not sent again.
#[tokio::test]
async fn an_ambiguous_creation_is_not_repeated() {
    for fault in [Fault::HangUp, Fault::Truncate] {
        let (service, client) = start().await;
        service.inject(fault, 1);
        let error = client
            .create_access_token()
            .name("ci")
            .send()
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::Dispatch(_) | Error::Response(_)),
            "{fault:?}: {error:?}"
        );
        assert_eq!(service.requests().len(), 1, "{fault:?}");
    }
}

/// Protects the other side of the rule: what is idempotent is sent again.
#[tokio::test]
async fn a_reading_call_is_repeated() {
    for fault in [Fault::HangUp, Fault::Truncate] {
        let (service, client) = start().await;
        service.inject(fault, 1);
        let listed = client.list_access_tokens().send().await.unwrap();
        assert_eq!(listed.metadata.attempts(), 2, "{fault:?}");
        assert_eq!(service.requests().len(), 2, "{fault:?}");
    }
}

/// Protects the idempotency token: all attempts carry the same one, so that one token is made.
#[tokio::test]
async fn attempts_share_their_idempotency_token() {
    let service = TokenService::start(Options::default()).await.unwrap();
    let client = clients::global_resolver(&service).unwrap();
    service.inject(Fault::HangUp, 2);
    let made = client
        .create_access_token()
        .dns_view_id("dv-1")
        .send()
        .await
        .unwrap();
    assert_eq!(made.metadata.attempts(), 3);
    let requests = service.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(requests[0].body, requests[2].body);
    let listed = client
        .list_access_tokens()
        .dns_view_id("dv-1")
        .send()
        .await
        .unwrap();
    assert_eq!(listed.access_tokens.unwrap().len(), 1);
}

/// Protects the secret in a body that cannot be read: no error shows it.
#[tokio::test]
async fn an_unreadable_success_is_an_error_without_its_body() {
    let (service, client) = start().await;
    service.inject(Fault::Garbage, 1);
    let error = client
        .create_access_token()
        .name("ci")
        .send()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Response(_)), "{error:?}");
    assert_eq!(error.status(), Some(201));
    assert!(error.request_id().is_some());
    assert!(!format!("{error} {error:?} {error:#?}").contains("hunter2"));
    assert_eq!(service.requests().len(), 1);
}

/// Protects the error of a service whose body cannot be read: the code is in a header.
#[tokio::test]
async fn an_error_keeps_its_code_without_a_body() {
    let (service, client) = start().await;
    service.inject(Fault::Garbage, 1);
    let error = client
        .delete_access_token()
        .id("unknown")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some("ResourceNotFoundException"), "{error:?}");
    assert_eq!(error.status(), Some(404));
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

/// Protects against the answers of load balancers: HTML with a transient status is tried again, and
/// the status is told.
#[tokio::test]
async fn html_is_no_service_error() {
    let (service, client) = start().await;
    service.inject(Fault::Html(503), 2);
    let listed = client.list_access_tokens().send().await.unwrap();
    assert_eq!(listed.metadata.attempts(), 3);
    service.inject(Fault::Html(502), 3);
    let error = client.list_access_tokens().send().await.unwrap_err();
    assert_eq!(error.status(), Some(502));
    assert!(error.is_retryable());
    assert!(!error.to_string().contains("<h1>"), "{error}");
}

/// Protects callers' own functions, which pass errors on: clippy's `result_large_err` begins at 128
/// bytes, however many members an error has.
#[test]
fn errors_are_small() {
    assert!(size_of::<Error>() <= 48);
    assert!(size_of::<route53globalresolver::Error>() <= 48);
}

/// Protects against waiting for ever.
#[tokio::test]
async fn a_stalled_answer_times_out() {
    let (service, client) = start().await;
    service.inject(Fault::Stall(Duration::from_secs(3600)), 1);
    let call = client.create_access_token().name("ci").into_call();
    let before = Instant::now();
    let error = call
        .attempt_timeout(Duration::from_millis(200))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(before.elapsed() < Duration::from_secs(10));
    assert_eq!(service.requests().len(), 1);
    // The client is none the worse for it.
    client.list_access_tokens().send().await.unwrap();
}
