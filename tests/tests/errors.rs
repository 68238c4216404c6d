//! What callers learn from an error: its one line, its numbers, and what caused it.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use generated_client::codecatalyst::{Client, Error, ServiceError};
use tests::clients;
use tests::token_service::{Fault, Options, TokenService};
use tinsmith_runtime::config::ConfigBuilder;
use tinsmith_runtime::retry::RetryConfig;
use tinsmith_runtime::schema;

/// What becomes of CreateAccessToken with this fault of the service, and these settings.
async fn create(
    fault: Option<Fault>,
    name: &str,
    set: impl FnOnce(ConfigBuilder) -> ConfigBuilder,
) -> Error {
    let service = TokenService::start(Options::default()).await.unwrap();
    let stalls = matches!(fault, Some(Fault::Stall(_)));
    if let Some(fault) = fault {
        service.inject(fault, 3);
    }
    let config = clients::config(&service).unwrap().retry(RetryConfig::off());
    let client = Client::new(set(config).build().unwrap());
    let mut call = client.create_access_token().name(name).into_call();
    if stalls {
        call = call.attempt_timeout(Duration::from_millis(500));
    }
    call.send().await.unwrap_err()
}

const fn answer(status: u16, body: &'static str) -> Option<Fault> {
    let headers = &[("x-amzn-requestid", "r-1")];
    Some(Fault::Answer {
        status,
        headers,
        body,
    })
}

/// Protects the one line: whatever the variant, it tells the operation, what is wrong, and the status,
/// request id and number of attempts as far as there are any.
#[tokio::test]
async fn every_variant_tells_all_in_one_line() {
    let as_it_is = |config| config;
    let lines = [
        (
            create(None, "", as_it_is).await,
            "CreateAccessToken refused before sending: Value with length 0 at '/name' failed to satisfy \
             constraint: Member must have length between 1 and 100, inclusive",
        ),
        (
            create(Some(Fault::Stall(Duration::from_secs(60))), "ci", as_it_is).await,
            "CreateAccessToken timed out: no complete response within 500ms (1 attempt)",
        ),
        (
            create(answer(201, "<html>"), "ci", as_it_is).await,
            "CreateAccessToken got a response that cannot be understood: its body does not fit the \
             model: malformed JSON: expected value (line 1, column 1) (status 201, request id r-1, 1 attempt)",
        ),
        (
            create(
                answer(409, r#"{"code":"ConflictException","message":"again"}"#),
                "ci",
                as_it_is,
            )
            .await,
            "CreateAccessToken failed: ConflictException: again (status 409, request id r-1, 1 attempt)",
        ),
        (
            create(
                answer(418, r#"{"__type":"a.b#Teapot","Message":"short"}"#),
                "ci",
                as_it_is,
            )
            .await,
            "CreateAccessToken failed: Teapot: short (status 418, request id r-1, 1 attempt)",
        ),
        (
            create(answer(500, ""), "ci", as_it_is).await,
            "CreateAccessToken failed: error without a code (status 500, request id r-1, 1 attempt)",
        ),
    ];
    for (error, line) in lines {
        assert_eq!(error.to_string(), line, "{error:?}");
    }
    let elsewhere = |config: ConfigBuilder| config.endpoint_url("http://elsewhere.example");
    let error = create(None, "ci", elsewhere).await;
    assert!(matches!(error, Error::Construction(_)), "{error}");
    let line = error.to_string();
    assert!(
        line.starts_with("CreateAccessToken cannot be sent: "),
        "{line}"
    );
}

/// Protects programs that look beneath: the cause is in the chain, as the type that it is.
#[tokio::test]
async fn causes_are_chained() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = create(None, "ci", |config| config.endpoint_url(url)).await;
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    let mut cause = error.source();
    let mut refused = false;
    while let Some(error) = cause {
        let io = error.downcast_ref::<io::Error>();
        refused |= io.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused);
        cause = error.source();
    }
    assert!(refused, "{error:?}");
}

/// Protects callers' matches: a modelled error is one level away, an unknown one has code and message,
/// and what to do about either is a question away.
#[tokio::test]
async fn service_errors_are_one_match_away() {
    let as_it_is = |config| config;
    let throttled = r#"{"code":"ThrottlingException","message":"slow down"}"#;
    let error = create(answer(429, throttled), "ci", as_it_is).await;
    match &error {
        Error::Service(ServiceError::Throttling(throttling)) => {
            assert_eq!(throttling.message, "slow down");
        }
        other => panic!("{other}"),
    }
    assert!(error.is_throttling() && error.is_retryable() && !error.is_timeout());
    assert_eq!(error.fault(), Some(schema::Fault::Client));
    assert_eq!(
        (error.status(), error.request_id()),
        (Some(429), Some("r-1"))
    );

    let error = create(
        answer(503, r#"{"code":"Unheard","message":"of"}"#),
        "ci",
        as_it_is,
    )
    .await;
    let Error::Service(ServiceError::Unmodeled(unmodeled)) = &error else {
        panic!("{error}");
    };
    assert_eq!(unmodeled.code.as_deref(), Some("Unheard"));
    assert_eq!(unmodeled.message.as_deref(), Some("of"));
    assert!(!error.is_throttling() && error.is_retryable());
    assert_eq!(error.fault(), Some(schema::Fault::Server));
}

/// Protects logs from a service that writes a megabyte of lines and colours; the program has it whole.
#[tokio::test]
async fn a_message_is_bounded_and_escaped_where_it_is_shown() {
    let message = "\\u001b[31mred\\r\\n".repeat(50_000);
    let body = format!(r#"{{"code":"ConflictException","message":"{message}"}}"#);
    let error = create(answer(409, body.leak()), "ci", |config| config).await;
    let line = error.to_string();
    assert!(line.len() < 10_000, "{}", line.len());
    assert!(!line.contains(char::is_control), "{line}");
    assert!(
        line.ends_with("more bytes) (status 409, request id r-1, 1 attempt)"),
        "{line}"
    );
    assert_eq!(
        error.message().map(str::len),
        Some(50_000 * "_[31mred__".len())
    );
}
