//! The tools for tests of callers: a service in memory, and the trait of the client.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::future::ready;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use generated_client::codecatalyst::error::{ResourceNotFoundException, ThrottlingException};
use generated_client::codecatalyst::operation::{
    CreateAccessTokenInput, CreateAccessTokenOutput, DeleteAccessTokenInput,
    DeleteAccessTokenOutput, ListAccessTokensInput, ListAccessTokensOutput,
};
use generated_client::codecatalyst::types::AccessTokenSummary;
use generated_client::codecatalyst::{Client, CodeCatalystApi, Error, ServiceError};
use generated_client::route53globalresolver;
use generated_client::runtime::api::CallFuture;
use generated_client::runtime::build;
use generated_client::runtime::retry::RetryConfig;
use generated_client::runtime::test_util::{
    RecordedRequest, TestService, TransportFailure, block_on,
};
use generated_client::runtime::time::Clock as _;
use generated_client::runtime::timestamp::Timestamp;

fn start() -> (TestService, Client) {
    let service = TestService::new();
    let client = Client::new(service.config());
    (service, client)
}

fn token(id: &str) -> CreateAccessTokenOutput {
    build!(CreateAccessTokenOutput {
        access_token_id: id.into(),
        name: "ci".into(),
        secret: "hunter2".into(),
        expires_time: "2030-01-02T03:04:05Z".parse::<Timestamp>().unwrap(),
    })
}

fn delete(id: &str) -> DeleteAccessTokenInput {
    DeleteAccessTokenInput {
        id: Some(id.to_owned()),
    }
}

/// Protects the way of an answer: what the test gives is what the caller gets, by way of the wire, and
/// with the metadata of a response.
#[tokio::test]
async fn a_typed_answer_arrives() {
    let (service, client) = start();
    service
        .when::<CreateAccessTokenInput>(|input| input.name.as_deref() == Some("ci"))
        .answer(token("t-1"));
    let mut made = client.create_access_token().name("ci").await.unwrap();
    assert_eq!(made.metadata.status(), 201);
    assert_eq!(made.metadata.request_id(), Some("test-request-1"));
    assert!(made.metadata.missing().is_empty());
    made.metadata = Default::default();
    assert_eq!(made, token("t-1"));
    service.verify();
}

/// Protects answers that depend on the input, and paginators over them.
#[tokio::test]
async fn answers_can_follow_the_input() {
    let (service, client) = start();
    service
        .when_any::<ListAccessTokensInput>()
        .answer_with(|input| {
            let last = input.next_token.is_some();
            let id = if last { "second" } else { "first" };
            build!(ListAccessTokensOutput {
                items: vec![build!(AccessTokenSummary {
                    id: id.into(),
                    name: "ci".into()
                })],
                next_token: (!last).then(|| "more".to_owned()),
            })
        });
    let mut ids = Vec::new();
    let mut items = client.list_access_tokens().items();
    while let Some(item) = items.next().await {
        ids.push(item.unwrap().id);
    }
    assert_eq!(ids, ["first", "second"]);
}

/// Protects rules without a number: they answer for as long as they are asked, and the first one that is
/// for an input wins.
#[tokio::test]
async fn rules_are_tried_in_their_order() {
    let (service, client) = start();
    let first = service
        .when_input(delete("t-1"))
        .answer(DeleteAccessTokenOutput::default());
    let rest = service
        .when_any::<DeleteAccessTokenInput>()
        .fail_with(build!(ResourceNotFoundException {
            message: "no such token".into()
        }));
    for _ in 0..3 {
        client.delete_access_token().id("t-1").await.unwrap();
        let error = client.delete_access_token().id("t-2").await.unwrap_err();
        assert_eq!(error.status(), Some(404));
        let Error::Service(ServiceError::ResourceNotFound(error)) = error else {
            panic!("{error}")
        };
        assert_eq!(error.message, "no such token");
    }
    assert_eq!((first.uses(), rest.uses()), (3, 3));
    service.verify();
}

/// Protects sequences: each answer for as many requests as it says, then the next, then the next rule.
#[tokio::test]
async fn answers_follow_each_other() {
    let (service, client) = start();
    service
        .when_any::<CreateAccessTokenInput>()
        .answer(token("t-1"))
        .then()
        .answer(token("t-2"))
        .times(2);
    service
        .when_any::<CreateAccessTokenInput>()
        .answer(token("t-3"));
    let mut ids = Vec::new();
    for _ in 0..5 {
        let made = client.create_access_token().name("ci").await.unwrap();
        ids.push(made.access_token_id);
    }
    assert_eq!(ids, ["t-1", "t-2", "t-2", "t-3", "t-3"]);
    service.verify();
}

/// Protects the message of a request that no rule answers: the input, and of each rule where it is and
/// why it did not answer. The call fails at once.
#[tokio::test]
async fn an_unanswered_request_says_why() {
    let (service, client) = start();
    let error = client.delete_access_token().id("t-9").await.unwrap_err();
    assert!(error.to_string().contains("there are no rules"), "{error}");

    service
        .when_any::<CreateAccessTokenInput>()
        .answer(token("t-1"));
    service
        .when::<DeleteAccessTokenInput>(|_| false)
        .answer(DeleteAccessTokenOutput::default());
    service
        .when_input(delete("t-2"))
        .answer(DeleteAccessTokenOutput::default());
    service
        .when_any::<DeleteAccessTokenInput>()
        .answer(DeleteAccessTokenOutput::default())
        .times(0);
    let error = client.delete_access_token().id("t-9").await.unwrap_err();
    assert!(matches!(error, Error::Dispatch(_)));
    let shown = error.to_string();
    for part in [
        "DeleteAccessToken got no complete response",
        r#"no rule of the test service answers DeleteAccessTokenInput { id: Some("t-9") } (attempt 1)"#,
        "the rule for CreateAccessToken at tests/tests/test_util.rs:",
        "is for another operation; the rule for DeleteAccessToken at",
        "has a condition that does not hold;",
        r#"is for DeleteAccessTokenInput { id: Some("t-2") };"#,
        "has answered all it may, 0 (1 attempt)",
    ] {
        assert!(shown.contains(part), "{part} is not in: {shown}");
    }
    assert_eq!(service.requests().len(), 2);
}

/// Protects tests that expect too much or too little: the end of the test says so.
#[tokio::test]
async fn what_was_not_asked_for_is_told() {
    let (service, client) = start();
    service
        .when_any::<CreateAccessTokenInput>()
        .answer(token("t-1"));
    service
        .when_any::<DeleteAccessTokenInput>()
        .answer(DeleteAccessTokenOutput::default())
        .times(2);
    client.delete_access_token().id("t-1").await.unwrap();
    client.list_access_tokens().await.unwrap_err();
    let unmet = service.unmet();
    assert_eq!(unmet.len(), 3, "{unmet:?}");
    assert!(unmet[0].ends_with("has answered 0 of at least 1"));
    assert!(unmet[1].ends_with("has answered 1 of 2"));
    assert!(unmet[2].starts_with("no rule of the test service answers ListAccessTokensInput"));
    assert!(catch_unwind(AssertUnwindSafe(|| service.verify())).is_err());
}

/// Protects tests of retries: they are the client's own, use rules, take no time, and can be looked at.
#[tokio::test]
async fn retries_use_rules_and_take_no_time() {
    let (service, client) = start();
    service
        .when_any::<CreateAccessTokenInput>()
        .fail_with(build!(ThrottlingException {
            message: "slow down".into()
        }))
        .then()
        .fail_with_code(503, "SlowDown", "slower")
        .then()
        .answer(token("t-1"));
    let made = client.create_access_token().name("ci").await.unwrap();
    assert_eq!(made.metadata.attempts(), 3);
    let waited = made.metadata.total_retry_delay();
    assert_eq!(service.clock().now().elapsed, waited);
    let requests = service.requests();
    let attempts: Vec<u32> = requests.iter().map(RecordedRequest::attempt).collect();
    assert_eq!(attempts, [1, 2, 3]);
    assert_eq!(service.inputs::<CreateAccessTokenInput>().len(), 1);

    service
        .when_any::<ListAccessTokensInput>()
        .fail_with_code(418, "Teapot", "short and stout");
    let error = client.list_access_tokens().await.unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("Teapot"), Some(418)));
    assert!(error.to_string().contains("short and stout"), "{error}");
    service.verify();
}

/// Protects tests of a bad network: each failure is the error that it is over a socket, after as many
/// attempts as are safe.
#[tokio::test]
async fn failures_are_those_of_a_network() {
    use TransportFailure::{
        ConnectTimeout, ConnectionRefused, ConnectionReset, NotHttp, Timeout, TruncatedResponse,
        Untrusted,
    };
    // Whether an operation that must not be done twice is sent again, and one that may be.
    let failures = [
        (ConnectionRefused, 3, 3),
        (ConnectTimeout, 3, 3),
        (Untrusted, 1, 1),
        (ConnectionReset, 1, 3),
        (Timeout, 1, 3),
        (TruncatedResponse, 1, 3),
        (NotHttp, 1, 1),
    ];
    for (failure, creates, deletes) in failures {
        let (service, client) = start();
        service.when_any::<CreateAccessTokenInput>().fail(failure);
        service.when_any::<DeleteAccessTokenInput>().fail(failure);
        let error = client.create_access_token().name("ci").await.unwrap_err();
        assert_eq!(error.metadata().attempts(), creates, "{failure:?}");
        let error = client.delete_access_token().id("t-1").await.unwrap_err();
        assert_eq!(error.metadata().attempts(), deletes, "{failure:?}");
        let timeouts = matches!(failure, Timeout | ConnectTimeout);
        assert_eq!(matches!(error, Error::Timeout(_)), timeouts, "{error}");
        assert_eq!(
            matches!(error, Error::Response(_)),
            failure == NotHttp,
            "{error}"
        );
        assert_eq!(service.requests().len(), (creates + deletes) as usize);
    }
}

/// Protects timeouts: the time that they take passes on the service's clock, and where there is none, the
/// test is told instead of hanging.
#[tokio::test]
async fn a_timeout_passes_at_once() {
    let (service, client) = start();
    service
        .when_any::<CreateAccessTokenInput>()
        .fail(TransportFailure::Timeout);
    let error = client.create_access_token().name("ci").await.unwrap_err();
    assert!(error.to_string().contains("within 30s"), "{error}");
    assert_eq!(service.clock().now().elapsed, Duration::from_secs(30));
    let call = client.create_access_token().name("ci").into_call();
    let endless = call.attempt_timeout(None).operation_timeout(None);
    let error = endless.await.unwrap_err();
    assert!(error.to_string().contains("it would never end"), "{error}");
}

/// Protects the promise in tests, too: what is invalid reaches no rule.
#[tokio::test]
async fn an_invalid_input_reaches_no_rule() {
    let (service, client) = start();
    let rule = service
        .when_any::<CreateAccessTokenInput>()
        .answer(token("t-1"));
    let error = client.create_access_token().name("").await.unwrap_err();
    assert!(matches!(error, Error::Validation(_)));
    assert_eq!(rule.uses(), 0);
    assert!(service.requests().is_empty());
}

/// Protects tests of hostile answers: what is not as the model says is the error that it is anywhere.
#[tokio::test]
async fn a_raw_response_is_read_as_it_is() {
    let (service, client) = start();
    service.when_any::<CreateAccessTokenInput>().raw_response(
        201,
        &[("content-type", "application/json")],
        r#"{"secret": "hunter2"#,
    );
    let error = client.create_access_token().name("ci").await.unwrap_err();
    assert!(matches!(error, Error::Response(_)));
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    service
        .when_any::<ListAccessTokensInput>()
        .raw_response(200, &[("bad name", "x")], "");
    let error = client.list_access_tokens().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("gives no response: invalid HTTP header name"),
        "{error}"
    );
}

/// Protects what a test may assert of requests: the typed input, and what went over the wire.
#[tokio::test]
async fn requests_are_kept() {
    let (service, client) = start();
    service
        .when_any::<CreateAccessTokenInput>()
        .answer(token("t-1"));
    service
        .when_any::<DeleteAccessTokenInput>()
        .answer(DeleteAccessTokenOutput::default());
    client.create_access_token().name("ci").await.unwrap();
    client.delete_access_token().id("t 1").await.unwrap();
    let [create, delete] = &service.requests()[..] else {
        panic!("not two requests")
    };
    assert_eq!(create.operation(), "CreateAccessToken");
    let input = create.input::<CreateAccessTokenInput>().unwrap();
    assert_eq!(input.name.as_deref(), Some("ci"));
    assert!(create.input::<DeleteAccessTokenInput>().is_none());
    assert_eq!(create.method(), "PUT");
    assert_eq!(create.body(), r#"{"name":"ci"}"#);
    assert_eq!(create.header("authorization"), Some("Bearer test-token"));
    assert_eq!(delete.uri().path(), "/v1/accessTokens/t%201");
    assert_eq!(service.inputs::<DeleteAccessTokenInput>().len(), 1);
}

/// Protects secrets: nothing that a test prints when it fails holds one.
#[tokio::test]
async fn secrets_are_never_shown() {
    use route53globalresolver::operation::{GetAccessTokenInput, GetAccessTokenOutput};
    let service = TestService::new();
    let client = route53globalresolver::Client::new(service.config());
    service
        .when_any::<GetAccessTokenInput>()
        .answer(build!(GetAccessTokenOutput {
            value: "hunter2".into(),
        }));
    let read = client
        .get_access_token()
        .access_token_id("t-1")
        .await
        .unwrap();
    assert_eq!(read.value.expose(), "hunter2");
    let unanswered = client
        .delete_access_token()
        .access_token_id("t-1")
        .await
        .unwrap_err();
    let requests = service.requests();
    let signed = requests[0].header("authorization").unwrap();
    assert!(
        signed.contains("Credential=AKIDTEST/20250101/us-east-1/"),
        "{signed}"
    );
    let shown = format!(
        "{requests:?} {service:?} {unanswered} {unanswered:?} {:?}",
        service.unmet()
    );
    for secret in ["hunter2", "test-secret", signed] {
        assert!(!shown.contains(secret), "{secret} is in: {shown}");
    }
    assert!(shown.contains(r#""authorization": ***"#), "{shown}");
}

/// Protects programs without an async runtime, by the simplest executor and by blocking calls.
#[test]
fn no_runtime_is_needed() {
    let (service, client) = start();
    service
        .when_any::<CreateAccessTokenInput>()
        .fail(TransportFailure::ConnectionRefused)
        .then()
        .answer(token("t-1"));
    let made = block_on(client.create_access_token().name("ci").send()).unwrap();
    assert_eq!(made.metadata.attempts(), 2);
    let made = client.create_access_token().name("ci").send_blocking();
    assert_eq!(made.unwrap().access_token_id, "t-1");
}

/// Protects settings of the test's own, and clients that were made without the service.
#[tokio::test]
async fn the_configuration_can_be_changed() {
    let service = TestService::new();
    let config = service.config_builder().retry(RetryConfig::off());
    let client = Client::new(
        config
            .endpoint_url("https://example.com/base")
            .build()
            .unwrap(),
    );
    service
        .when_any::<DeleteAccessTokenInput>()
        .fail(TransportFailure::ConnectionRefused);
    let error = client.delete_access_token().id("t-1").await.unwrap_err();
    assert_eq!(error.metadata().attempts(), 1);
    let uri = "https://example.com/base/v1/accessTokens/t-1";
    assert_eq!(*service.requests()[0].uri(), uri);

    let config = tinsmith_runtime::Config::builder().transport(service.clone());
    let config = config.bearer_token(tinsmith_runtime::identity::Token::new("x"));
    let client = Client::new(config.region("us-east-1").build().unwrap());
    let error = client.delete_access_token().id("t-1").await.unwrap_err();
    assert!(
        error.to_string().contains("`TestService::config`"),
        "{error}"
    );
}

/// Protects concurrency: one service answers many clients, each with its own.
#[tokio::test(flavor = "multi_thread")]
async fn clients_work_side_by_side() {
    let (service, client) = start();
    service
        .when_any::<CreateAccessTokenInput>()
        .fail(TransportFailure::ConnectTimeout)
        .times(8)
        .then()
        .answer_with(|input| {
            build!(CreateAccessTokenOutput {
                name: input.name.clone().unwrap_or_default(),
                access_token_id: "t".into(),
                secret: "s".into(),
            })
        });
    let calls = (0..32).map(|number| {
        let client = client.clone();
        tokio::spawn(async move {
            let name = number.to_string();
            let retry = RetryConfig::standard().max_attempts(9);
            let call = client
                .create_access_token()
                .name(&name)
                .into_call()
                .retry(retry);
            assert_eq!(call.await.unwrap().name, name);
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
    assert_eq!(service.requests().len(), 40);
    service.verify();
}

/// A stand-in that knows one operation.
struct OneToken;

impl CodeCatalystApi for OneToken {
    fn create_access_token(
        &self,
        input: CreateAccessTokenInput,
    ) -> CallFuture<CreateAccessTokenInput> {
        let made = build!(CreateAccessTokenOutput {
            name: input.name.unwrap_or_default()
        });
        Box::pin(ready(Ok(made)))
    }
}

/// Code that does not know whether it has a client.
async fn create(tokens: Arc<dyn CodeCatalystApi>, name: &str) -> Result<String, Error> {
    let input = CreateAccessTokenInput {
        name: Some(name.to_owned()),
        ..Default::default()
    };
    Ok(tokens.create_access_token(input).await?.name)
}

/// Protects mocks: the trait takes the client and anything else, and says what a stand-in lacks.
#[tokio::test]
async fn the_trait_stands_for_the_client() {
    let mock: Arc<dyn CodeCatalystApi> = Arc::new(OneToken);
    assert_eq!(create(Arc::clone(&mock), "a").await.unwrap(), "a");
    let error = mock.delete_access_token(delete("t-1")).await.unwrap_err();
    let expected = "DeleteAccessToken got no complete response: what stands for the client does not \
                    answer this operation";
    assert_eq!(error.to_string(), expected);

    let (service, client) = start();
    service
        .when_any::<CreateAccessTokenInput>()
        .answer(token("t-1"));
    // A call by the trait may be spawned: it borrows nothing.
    let call = tokio::spawn(create(Arc::new(client), "ci"));
    assert_eq!(call.await.unwrap().unwrap(), "ci");
}
