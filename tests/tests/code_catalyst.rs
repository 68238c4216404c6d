//! The generated client of CodeCatalyst against the token service, over real sockets.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::collections::BTreeSet;

use generated_client::codecatalyst::operation::{
    CreateAccessTokenInput, DeleteAccessTokenInput, ListAccessTokensInput,
};
use generated_client::codecatalyst::{Client, CodeCatalyst, Error, ServiceError};
use tests::clients;
use tests::token_service::{Options, TokenService};
use tinsmith_runtime::Config;
use tinsmith_runtime::identity::Token;
use tinsmith_runtime::operation::Operation;
use tinsmith_runtime::schema::Fault;
use tinsmith_runtime::timestamp::Timestamp;
use tinsmith_runtime::validate::Validation;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

async fn start() -> (TokenService, Client) {
    let service = TokenService::start(Options::default()).await.unwrap();
    let client = clients::code_catalyst(&service).unwrap();
    (service, client)
}

async fn create(client: &Client, name: &str) -> Result<String, Error> {
    let output = client.create_access_token().name(name).send().await?;
    Ok(output.access_token_id)
}

/// Protects the whole life of a token, and what the client says of each call.
#[tokio::test]
async fn a_token_lives_and_dies() {
    let (service, client) = start().await;
    let expires: Timestamp = "2030-01-02T03:04:05Z".parse().unwrap();
    let made = client
        .create_access_token()
        .name("ci")
        .expires_time(expires)
        .send()
        .await
        .unwrap();
    assert_eq!(made.name, "ci");
    assert_eq!(made.expires_time, expires);
    assert_eq!(made.metadata.status(), 201);
    assert_eq!(made.metadata.attempts(), 1);
    assert!(made.metadata.request_id().is_some());
    assert!(made.metadata.missing().is_empty());
    assert!(!made.secret.expose().is_empty());
    assert!(!format!("{made:?}").contains(made.secret.expose().as_str()));

    let listed = client.list_access_tokens().send().await.unwrap();
    assert_eq!(listed.items.len(), 1);
    assert_eq!(listed.items[0].id, made.access_token_id);
    assert_eq!(listed.items[0].expires_time, Some(expires));
    assert_eq!(listed.next_token, None);

    let deleted = client.delete_access_token().id(&made.access_token_id);
    assert_eq!(deleted.send().await.unwrap().metadata.status(), 200);
    let listed = client.list_access_tokens().send().await.unwrap();
    assert!(listed.items.is_empty());
    assert_eq!(service.requests().len(), 4);
}

/// Protects the two other ways to call: an input of one's own, and code for any operation.
#[tokio::test]
async fn inputs_can_be_sent_as_they_are() {
    async fn any<O: Operation<Service = CodeCatalyst>>(
        client: &Client,
        input: O,
    ) -> Result<O::Output, Error> {
        client.send(input).await
    }

    let (_service, client) = start().await;
    let input = CreateAccessTokenInput {
        name: Some("ci".into()),
        ..Default::default()
    };
    let made = any(&client, input).await.unwrap();
    let listed = any(&client, ListAccessTokensInput::default())
        .await
        .unwrap();
    assert_eq!(listed.items[0].id, made.access_token_id);
    let input = DeleteAccessTokenInput {
        id: Some(made.access_token_id),
    };
    any(&client, input).await.unwrap();
    // A builder is a future as well.
    assert!(client.list_access_tokens().await.unwrap().items.is_empty());
}

/// Protects the example of the API reference, whose id has exactly 36 characters.
#[tokio::test]
async fn the_references_example_goes_out_as_printed() {
    let (service, client) = start().await;
    let id = "a1b2c3d4-5678-90ab-cdef-EXAMPLEbbbbb";
    let error = client
        .delete_access_token()
        .id(id)
        .send()
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        Error::Service(ServiceError::ResourceNotFound(_))
    ));
    let request = &service.requests()[0];
    assert_eq!(request.method, "DELETE");
    assert_eq!(request.path, format!("/v1/accessTokens/{id}"));
    assert_eq!(request.header("authorization"), Some("Bearer dummy-token"));
    assert!(request.body.is_empty());
}

/// Protects the other half of that example: the service may answer `{}` or nothing at all.
#[tokio::test]
async fn the_references_example_is_answered() {
    for body in ["{}", ""] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let length = socket.read(&mut request).await.unwrap();
            let length_of_body = body.len();
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length_of_body}\r\n\r\n");
            let answer = format!("{head}{body}");
            socket.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });
        let config = Config::builder().endpoint_url(url);
        let config = config.bearer_token(Token::new("dummy-token"));
        let client = Client::new(config.build().unwrap());
        let id = "a1b2c3d4-5678-90ab-cdef-EXAMPLEbbbbb";
        let output = client.delete_access_token().id(id).send().await.unwrap();
        assert_eq!(output.metadata.status(), 200);
        assert!(output.metadata.missing().is_empty());
        let request = service.await.unwrap();
        let line = format!("DELETE /v1/accessTokens/{id} HTTP/1.1\r\n");
        assert!(request.starts_with(&line), "{request}");
        assert!(request.contains("authorization: Bearer dummy-token\r\n"));
    }
}

/// Protects the promise: an input that the model forbids is told in full and never sent.
#[tokio::test]
async fn a_forbidden_input_never_leaves() {
    let (service, client) = start().await;
    let long = "x".repeat(37);
    let errors = [
        create(&client, "").await.unwrap_err(),
        create(&client, &"é".repeat(101)).await.unwrap_err(),
        client.create_access_token().send().await.unwrap_err(),
        client
            .delete_access_token()
            .id(&long)
            .send()
            .await
            .unwrap_err(),
        client
            .delete_access_token()
            .id("..")
            .send()
            .await
            .unwrap_err(),
        client
            .delete_access_token()
            .id("")
            .send()
            .await
            .unwrap_err(),
        client
            .list_access_tokens()
            .max_results(11)
            .send()
            .await
            .unwrap_err(),
        client
            .list_access_tokens()
            .next_token("")
            .send()
            .await
            .unwrap_err(),
    ];
    for error in &errors {
        assert!(matches!(error, Error::Validation(_)), "{error}");
        assert_eq!(error.fault(), Some(Fault::Client));
    }
    let paths = |error: &Error| -> Vec<String> {
        let violations = error.violations().iter();
        violations.map(|violation| violation.path.clone()).collect()
    };
    assert_eq!(paths(&errors[3]), ["/id"]);
    assert_eq!(paths(&errors[6]), ["/maxResults"]);
    assert!(errors[3].to_string().contains(
        "Value with length 37 at '/id' failed to satisfy constraint: Member must have length \
         between 1 and 36, inclusive"
    ));
    assert!(service.requests().is_empty());
    // What is just allowed is sent.
    create(&client, &"é".repeat(100)).await.unwrap();
}

/// Protects the way out for services that relax a constraint: the service then judges.
#[tokio::test]
async fn validation_can_be_switched_off() {
    let (service, client) = start().await;
    let call = client.create_access_token().name("").into_call();
    let error = call.validation(Validation::Off).send().await.unwrap_err();
    assert!(
        matches!(error, Error::Service(ServiceError::Validation(_))),
        "{error}"
    );
    assert_eq!(error.status(), Some(400));
    assert_eq!(service.requests().len(), 1);
}

/// Protects paginators: all items once and in order, page after page, and an end.
#[tokio::test]
async fn pages_follow_each_other() {
    let (service, client) = start().await;
    for number in 0..7 {
        create(&client, &number.to_string()).await.unwrap();
    }
    let mut sizes = Vec::new();
    let mut pages = client.list_access_tokens().max_results(3).pages();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().items.len());
    }
    assert_eq!(sizes, [3, 3, 1]);
    let mut names = Vec::new();
    let mut items = client.list_access_tokens().max_results(3).items();
    while let Some(item) = items.next().await {
        names.push(item.unwrap().name);
    }
    assert_eq!(names, ["0", "1", "2", "3", "4", "5", "6"]);
    assert_eq!(service.requests().len(), 7 + 3 + 3);
}

/// Protects modelled errors: each is one match away and tells all that is known.
#[tokio::test]
async fn errors_of_the_service_are_typed() {
    let options = Options {
        quota: 1,
        ..Options::default()
    };
    let service = TokenService::start(options).await.unwrap();
    let client = clients::code_catalyst(&service).unwrap();
    create(&client, "one").await.unwrap();

    let conflict = create(&client, "one").await.unwrap_err();
    assert!(matches!(
        conflict,
        Error::Service(ServiceError::Conflict(_))
    ));
    assert_eq!(conflict.code(), Some("ConflictException"));
    assert_eq!(conflict.status(), Some(409));
    assert_eq!(conflict.fault(), Some(Fault::Client));
    assert!(!conflict.is_retryable());

    let quota = create(&client, "two").await.unwrap_err();
    assert!(matches!(
        quota,
        Error::Service(ServiceError::ServiceQuotaExceeded(_))
    ));
    let shown = quota.to_string();
    for part in [
        "CreateAccessToken",
        "ServiceQuotaExceededException",
        "There can be 1 access tokens",
        "402",
        quota.request_id().unwrap(),
    ] {
        assert!(shown.contains(part), "{part} is not in: {shown}");
    }
    let unknown_page = client
        .list_access_tokens()
        .next_token("made up")
        .send()
        .await;
    assert!(matches!(
        unknown_page.unwrap_err(),
        Error::Service(ServiceError::Validation(_))
    ));
}

/// Protects the case of a token that the service does not know, and that it is not shown.
#[tokio::test]
async fn a_wrong_token_is_denied_and_not_shown() {
    let service = TokenService::start(Options::default()).await.unwrap();
    let config = clients::config(&service).unwrap();
    let config = config.bearer_token(Token::new("hunter2")).build().unwrap();
    let client = Client::new(config);
    let error = client.list_access_tokens().send().await.unwrap_err();
    assert!(matches!(
        error,
        Error::Service(ServiceError::AccessDenied(_))
    ));
    assert!(!format!("{error} {error:?} {client:?}").contains("hunter2"));
}

/// Protects concurrency: clones share a client, and every call gets its own answer.
#[tokio::test(flavor = "multi_thread")]
async fn clones_work_side_by_side() {
    let (_service, client) = start().await;
    let calls: Vec<_> = (0..32)
        .map(|number| {
            let client = client.clone();
            tokio::spawn(async move {
                let made = client.create_access_token().name(number.to_string());
                let made = made.send().await.unwrap();
                assert_eq!(made.name, number.to_string());
                made.access_token_id
            })
        })
        .collect();
    let mut ids = BTreeSet::new();
    for call in calls {
        ids.insert(call.await.unwrap());
    }
    assert_eq!(ids.len(), 32);
}
