//! Faults that clients of these services were seen to have. Each test is named after one, and shows that
//! these clients do not have it.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use generated_client::codecatalyst::{Client, Error, ServiceError};
use generated_client::route53globalresolver;
use tests::clients;
use tests::token_service::{Fault, Options, TokenService};
use tinsmith_runtime::Config;
use tinsmith_runtime::body::Body;
use tinsmith_runtime::config::{ConfigBuilder, ResponseChecks, Timeouts};
use tinsmith_runtime::identity::Token;
use tinsmith_runtime::retry::RetryConfig;
use tinsmith_runtime::time::{Clock, Moment, Sleep};
use tinsmith_runtime::transport::{Transport, TransportFuture};

/// What the service answers once, in place of what it would.
const fn answer(
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
) -> Fault {
    Fault::Answer {
        status,
        headers,
        body,
    }
}

async fn service() -> TokenService {
    TokenService::start(Options::default()).await.unwrap()
}

fn client(service: &TokenService, set: impl FnOnce(ConfigBuilder) -> ConfigBuilder) -> Client {
    let config = set(clients::config(service).unwrap());
    Client::new(config.build().unwrap())
}

/// What becomes of CreateAccessToken when the service answers this, to all attempts.
async fn create(fault: Fault) -> Error {
    let service = service().await;
    service.inject(fault, 3);
    let client = client(&service, |config| config);
    let call = client.create_access_token().name("ci");
    call.send().await.unwrap_err()
}

/// A clock by which waiting takes no time, though it passes: what is not there at once has timed out,
/// unless nothing can.
#[derive(Clone, Debug, Default)]
struct Impatient(Arc<AtomicU64>);

impl Clock for Impatient {
    fn now(&self) -> Moment {
        let elapsed = Duration::from_millis(self.0.load(Ordering::SeqCst));
        Moment {
            wall: SystemTime::now() + elapsed,
            elapsed,
        }
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap();
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
        Box::pin(std::future::ready(()))
    }
}

fn impatient(config: ConfigBuilder) -> ConfigBuilder {
    config.clock(Impatient::default()).timeouts(Timeouts {
        connect: None,
        attempt: None,
        operation: None,
        identity: None,
        idle: None,
    })
}

/// How often ListAccessTokens is tried, and how long is waited, when the service first answers this.
async fn attempts_after(fault: Fault) -> (u32, Duration) {
    let service = service().await;
    service.inject(fault, 1);
    let client = client(&service, impatient);
    let metadata = client.list_access_tokens().send().await.unwrap().metadata;
    assert_eq!(service.requests().len() as u32, metadata.attempts());
    (metadata.attempts(), metadata.total_retry_delay())
}

/// The secret of a new token, in a body that breaks off or is mistyped, was part of the error's text.
#[tokio::test]
async fn the_secret_was_printed_when_a_success_did_not_parse() {
    for body in [
        r#"{"secret":"hunter2""#,
        r#"{"secret":["hunter2"]}"#,
        r#"{"secret":"hunter2","expiresTime":"hunter2"}"#,
        r#"{"secret":"hunter2","name":{"hunter2":1}}"#,
        "hunter2",
        "<html>hunter2</html>",
    ] {
        let error = create(answer(201, &[], body)).await;
        assert!(matches!(error, Error::Response(_)), "{body}: {error}");
        let mut texts = vec![
            format!("{error}"),
            format!("{error:?}"),
            format!("{error:#?}"),
        ];
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            texts.push(format!("{cause} {cause:?}"));
            source = cause.source();
        }
        for text in texts {
            assert!(!text.contains("hunter2"), "{body}: {text}");
        }
    }
}

/// The answer `{}` was a token without a secret that expired in 1970, and nothing said so.
#[tokio::test]
async fn an_empty_object_was_an_empty_secret_of_1970() {
    let service = service().await;
    service.inject(answer(201, &[], "{}"), 2);
    let strict = client(&service, |config| {
        config.response_checks(ResponseChecks::Strict)
    });
    let call = strict.create_access_token().name("ci");
    let error = call.send().await.unwrap_err();
    assert!(matches!(error, Error::Response(_)), "{error}");
    let lacking = "it lacks the required /secret, /name, /expiresTime, /accessTokenId";
    assert!(error.to_string().contains(lacking), "{error}");

    let lenient = client(&service, |config| config);
    let call = lenient.create_access_token().name("ci");
    let metadata = call.send().await.unwrap().metadata;
    let missing = ["/secret", "/name", "/expiresTime", "/accessTokenId"];
    assert_eq!(metadata.missing(), missing);
}

/// A 201 whose body was not the document that the model promises was a success without members.
#[tokio::test]
async fn a_malformed_201_was_a_success_with_an_empty_output() {
    for body in ["[]", "null x", "{", "\"secret\"", "{\"secret\":1}", "<ok/>"] {
        let error = create(answer(201, &[], body)).await;
        assert!(matches!(error, Error::Response(_)), "{body}: {error}");
        assert_eq!(error.status(), Some(201), "{body}");
        assert!(error.request_id().is_some(), "{body}");
    }
}

/// A modelled throttling error was waited out by the usual backoff, whatever its `Retry-After` said.
#[tokio::test]
async fn retry_after_of_a_modelled_throttling_error_was_ignored() {
    let throttled = answer(
        429,
        &[
            ("x-amzn-errortype", "ThrottlingException"),
            ("retry-after", "7"),
        ],
        r#"{"message":"Rate exceeded"}"#,
    );
    let (attempts, waited) = attempts_after(throttled).await;
    assert_eq!(attempts, 2);
    assert!(waited >= Duration::from_secs(7), "{waited:?}");
}

/// A 429 of a gateway, which knows nothing of the service's codes, was not tried again.
#[tokio::test]
async fn a_429_without_a_code_was_not_retried() {
    for body in ["", "Too Many Requests", "<html></html>", "{}"] {
        assert_eq!(attempts_after(answer(429, &[], body)).await.0, 2, "{body}");
    }
}

/// A `Retry-After` that is a date, as RFC 9110 allows, made the error unreadable.
#[tokio::test]
async fn retry_after_as_a_date_was_an_unreadable_error() {
    let soon = jiff::Timestamp::now() + Duration::from_secs(30);
    let date = soon.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let headers = vec![
        ("x-amzn-errortype", "ThrottlingException"),
        ("retry-after", &*date.leak()),
    ];
    let headers: &'static [_] = headers.leak();
    let throttled = answer(429, headers, r#"{"message":"Rate exceeded"}"#);
    let (attempts, waited) = attempts_after(throttled).await;
    assert_eq!(attempts, 2);
    assert!(waited >= Duration::from_secs(25), "{waited:?}");

    // The model reads the header as a number, and the error is still the one that it is.
    let service = service().await;
    service.inject(throttled, 1);
    let client = clients::global_resolver(&service).unwrap();
    let call = client.list_access_tokens().dns_view_id("dv-1").into_call();
    let error = call.retry(RetryConfig::off()).send().await.unwrap_err();
    let throttling = matches!(
        error.as_service(),
        Some(route53globalresolver::ServiceError::Throttling(_))
    );
    assert!(throttling && error.is_throttling(), "{error}");
    assert_eq!(error.message(), Some("Rate exceeded"));
}

/// A service that takes a request and never answers it.
#[derive(Debug)]
struct Silent;

impl Transport for Silent {
    fn send(&self, _: http::Request<Body>) -> TransportFuture<'_> {
        Box::pin(std::future::pending())
    }
}

/// Nothing but the connection had a time limit unless the caller set one, so a call could hang for ever.
#[tokio::test]
async fn there_was_no_response_timeout_by_default() {
    let clock = Impatient::default();
    let config = Config::builder()
        .endpoint_url("https://codecatalyst.example")
        .bearer_token(Token::new("dummy-token"))
        .transport(Silent)
        .clock(clock.clone());
    let client = Client::new(config.build().unwrap());
    let error = client.list_access_tokens().send().await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error}");
    assert_eq!(error.metadata().attempts(), 3);
    assert!(clock.now().elapsed <= Duration::from_secs(120));
}

/// The header named the error, but a body of HTML, or one that broke off, made it an unknown one.
#[tokio::test]
async fn the_error_code_was_lost_when_the_body_was_html_or_broken() {
    for body in [
        "",
        "<html></html>",
        "{\"message\":",
        "{\"message\":[]}",
        "\u{0}",
    ] {
        let conflict = answer(409, &[("X-Amzn-Errortype", "ConflictException")], body);
        let error = create(conflict).await;
        assert_eq!(error.code(), Some("ConflictException"), "{body}");
        let modeled = matches!(error, Error::Service(ServiceError::Conflict(_)));
        assert!(modeled, "{body}: {error:?}");
        assert_eq!(error.status(), Some(409));
    }
    let unknown = answer(418, &[("x-amzn-errortype", "a.b#NewError:http://c/")], "<");
    let error = create(unknown).await;
    assert!(matches!(error, Error::Service(ServiceError::Unmodeled(_))));
    assert_eq!(error.code(), Some("NewError"));
}

/// Printed, an error of the service was the two words "service error".
#[tokio::test]
async fn display_said_only_service_error() {
    let headers = &[
        ("x-amzn-errortype", "ConflictException"),
        ("x-amzn-requestid", "r-1"),
    ];
    let body = "{\"message\":\"There is one\\nERROR already\"}";
    let line = create(answer(409, headers, body)).await.to_string();
    let says = "CreateAccessToken failed: ConflictException: There is one\\nERROR already \
                (status 409, request id r-1, 1 attempt)";
    assert_eq!(line, says);
}

/// A bearer token went over plain http to any host.
#[tokio::test]
async fn a_bearer_token_was_sent_over_plain_http() {
    let service = service().await;
    let client = client(&service, |config| {
        config.endpoint_url("http://codecatalyst.example")
    });
    let error = client.list_access_tokens().send().await.unwrap_err();
    assert!(matches!(error, Error::Construction(_)), "{error}");
    assert!(error.to_string().contains("plain http"), "{error}");
    assert_eq!(error.metadata().attempts(), 0);
}

/// The ids `.` and `..` were sent as they are, and deleted something else than a token.
#[tokio::test]
async fn labels_of_dots_addressed_another_resource() {
    let service = service().await;
    let client = client(&service, |config| config);
    for id in [".", "..", ""] {
        let error = client.delete_access_token().id(id).send().await;
        let error = error.unwrap_err();
        assert!(matches!(error, Error::Validation(_)), "{id}: {error}");
        assert_eq!(error.violations()[0].path, "/id");
    }
    assert!(service.requests().is_empty());
    // What only looks like it stays one segment of the path.
    for (id, path) in [("../x", "..%2Fx"), ("%2e%2e", "%252e%252e"), ("...", "...")] {
        let _ = client.delete_access_token().id(id).send().await;
        let request = service.requests().pop().unwrap();
        assert_eq!(request.path, format!("/v1/accessTokens/{path}"));
    }
}

/// CreateAccessToken is not idempotent and has no idempotency token. Sent again after a reset, it made a
/// second token, whose secret nobody ever saw.
#[tokio::test]
async fn create_access_token_was_sent_again_after_a_reset() {
    let service = service().await;
    service.inject(Fault::HangUp, 1);
    let careful = client(&service, |config| config);
    let call = careful.create_access_token().name("one");
    let error = call.send().await.unwrap_err();
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    // The caller is told that another try might work, and decides.
    assert!(error.is_retryable());
    assert_eq!(service.requests().len(), 1);
    let tokens = careful.list_access_tokens().send().await.unwrap().items;
    assert_eq!(tokens.len(), 1);

    service.inject(Fault::HangUp, 1);
    let daring = client(&service, |config| {
        config.retry(
            RetryConfig::standard()
                .initial_backoff(Duration::from_millis(1))
                .resend_ambiguous(true),
        )
    });
    let call = daring.create_access_token().name("two");
    // The second request found what the first had made.
    let error = call.send().await.unwrap_err();
    assert_eq!(error.code(), Some("ConflictException"));
    assert_eq!(error.metadata().attempts(), 2);
}

/// Idempotency tokens were random hexadecimal digits in the shape of a UUID, without a valid version and
/// variant (RFC 9562, section 5.4).
#[tokio::test]
async fn idempotency_tokens_were_no_valid_uuids() {
    let service = service().await;
    let client = clients::global_resolver(&service).unwrap();
    for _ in 0..64 {
        let call = client.create_access_token().dns_view_id("dv-1");
        call.send().await.unwrap();
    }
    let requests = service.requests();
    let tokens = requests.iter().map(|request| {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        body["clientToken"].as_str().unwrap().to_owned()
    });
    let tokens: BTreeSet<String> = tokens.collect();
    assert_eq!(tokens.len(), 64);
    for token in tokens {
        let parts: Vec<_> = token.split('-').collect();
        let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{token}");
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        assert!(parts.concat().bytes().all(hexadecimal), "{token}");
        assert!(parts[2].starts_with('4'), "{token}");
        assert!(parts[3].starts_with(['8', '9', 'a', 'b']), "{token}");
    }
}

/// The same input gave another order of query parameters and map entries each time, so that requests
/// could not be compared or cached.
#[tokio::test]
async fn query_parameters_and_map_entries_came_in_random_order() {
    let service = service().await;
    let client = clients::global_resolver(&service).unwrap();
    let keys: Vec<String> = (0..40).map(|number| format!("key-{number}")).collect();
    for round in 0..8 {
        let mut tags: Vec<_> = keys.iter().map(|key| (key.clone(), "v")).collect();
        tags.rotate_left(round * 5);
        let call = client.create_access_token().dns_view_id("dv-1");
        let _ = call.client_token("same").tags(tags).send().await;
        let mut filters: Vec<_> = keys
            .iter()
            .map(|key| (key.clone(), vec!["b".to_owned(), "a".to_owned()]))
            .collect();
        filters.rotate_left(round * 5);
        let call = client.list_access_tokens().dns_view_id("dv-1");
        let _ = call.max_results(9).filters(filters).send().await;
    }
    let requests = service.requests();
    assert_eq!(requests.len(), 16);
    for pair in requests.chunks(2) {
        assert_eq!(pair[0].body, requests[0].body);
        assert_eq!(pair[1].query, requests[1].query);
    }
    let body = str::from_utf8(&requests[0].body).unwrap();
    assert!(
        body.contains(r#"{"key-0":"v","key-1":"v","key-10":"v""#),
        "{body}"
    );
    assert!(requests[1].query.contains("key-0=b&key-0=a&key-1=b"));
}
