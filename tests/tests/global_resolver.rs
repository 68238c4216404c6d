//! The generated client of Route 53 Global Resolver against the token service, over real sockets.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use generated_client::route53globalresolver::types::TokenStatus;
use generated_client::route53globalresolver::{Client, Error, ServiceError};
use jiff::SignedDuration;
use tests::clients;
use tests::token_service::{Options, TokenService, sigv4};
use tinsmith_runtime::identity::Credentials;
use tinsmith_runtime::schema::Fault;

async fn start_with(options: Options) -> (TokenService, Client) {
    let service = TokenService::start(options).await.unwrap();
    let client = clients::global_resolver(&service).unwrap();
    (service, client)
}

async fn start() -> (TokenService, Client) {
    start_with(Options::default()).await
}

/// Protects all five operations, their bindings and their signatures.
#[tokio::test]
async fn a_token_lives_and_dies() {
    let (service, client) = start().await;
    let made = client
        .create_access_token()
        .dns_view_id("dv-1")
        .name("ci token")
        .tags([("Env", "prod"), ("k1", "v1")])
        .send()
        .await
        .unwrap();
    assert_eq!(made.status, TokenStatus::Operational);
    assert_eq!(made.name.as_deref(), Some("ci token"));
    assert!(made.client_token.is_some());
    assert!(!format!("{made:?}").contains(made.value.expose().as_str()));

    let got = client
        .get_access_token()
        .access_token_id(&made.id)
        .send()
        .await
        .unwrap();
    assert_eq!(got.value, made.value);
    assert_eq!(got.arn, made.arn);
    assert_eq!(got.created_at, made.created_at);

    let updated = client
        .update_access_token()
        .access_token_id(&made.id)
        .name("new")
        .send()
        .await
        .unwrap();
    assert_eq!(updated.name, "new");

    let listed = client
        .list_access_tokens()
        .dns_view_id("dv-1")
        .send()
        .await
        .unwrap();
    let tokens = listed.access_tokens.unwrap();
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0].name.as_deref(), Some("new"));

    let deleted = client
        .delete_access_token()
        .access_token_id(&made.id)
        .send()
        .await
        .unwrap();
    assert_eq!(deleted.status, TokenStatus::Deleting);
    let gone = client
        .get_access_token()
        .access_token_id(&made.id)
        .send()
        .await
        .unwrap_err();
    let Some(ServiceError::ResourceNotFound(gone)) = gone.as_service() else {
        panic!("{gone}");
    };
    assert_eq!(gone.resource_type, "access-token");
    assert_eq!(gone.resource_id.as_deref(), Some(made.id.as_str()));
    assert_eq!(service.requests().len(), 6);
}

/// Protects the query string: parameters, filters, and characters that must be encoded and signed.
#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let (_service, client) = start().await;
    for name in ["a b/c", "x", "a b/c"] {
        let made = client.create_access_token().dns_view_id("dv-1").name(name);
        made.send().await.unwrap();
    }
    let listing = || client.list_access_tokens().dns_view_id("dv-1");
    let filters = [("name", vec!["a b/c".to_owned(), "é&=+".to_owned()])];
    let mut items = listing().filters(filters).max_results(1).items();
    let mut names = Vec::new();
    while let Some(item) = items.next().await {
        names.push(item.unwrap().name.unwrap());
    }
    assert_eq!(names, ["a b/c", "a b/c"]);
    let deleting = [("status", vec!["DELETING".to_owned()])];
    let none = listing().filters(deleting).send().await.unwrap();
    assert!(none.access_tokens.unwrap_or_default().is_empty());
}

/// Protects idempotency: the same client token makes one access token; with another request it is a
/// conflict.
#[tokio::test]
async fn a_client_token_makes_one_access_token() {
    let (_service, client) = start().await;
    let create = |name: &str| {
        client
            .create_access_token()
            .dns_view_id("dv-1")
            .client_token("once")
            .name(name)
            .send()
    };
    let first = create("a").await.unwrap();
    let again = create("a").await.unwrap();
    assert_eq!(first.id, again.id);
    let conflict = create("b").await.unwrap_err();
    let Some(ServiceError::Conflict(conflict)) = conflict.as_service() else {
        panic!("{conflict}");
    };
    assert_eq!(conflict.resource_id.as_deref(), Some(first.id.as_str()));
}

/// Protects the constraints of the resolver's model, all of an input's at once.
#[tokio::test]
async fn a_forbidden_input_never_leaves() {
    let (service, client) = start().await;
    let error = client
        .create_access_token()
        .dns_view_id("a/b")
        .name("123")
        .tags([("", "v"), ("k", "v!")])
        .send()
        .await
        .unwrap_err();
    let shown = error.to_string();
    assert!(matches!(error, Error::Validation(_)), "{shown}");
    for path in ["'/dnsViewId'", "'/name'", "'/tags'", "'/tags/k'"] {
        assert!(shown.contains(path), "{path} is not in: {shown}");
    }
    for id in ["a/b", "", "..", "a\nb", "é"] {
        let error = client
            .get_access_token()
            .access_token_id(id)
            .send()
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Validation(_)), "{id:?}: {error}");
    }
    assert!(service.requests().is_empty());
}

/// Protects the members of a modelled error: reason and fields.
#[tokio::test]
async fn a_validation_error_names_its_fields() {
    let (_service, client) = start().await;
    let listing = client.list_access_tokens().dns_view_id("dv-1");
    let error = listing
        .filters([("colour", vec!["red".to_owned()])])
        .send()
        .await;
    let error = error.unwrap_err();
    let Some(ServiceError::Validation(invalid)) = error.as_service() else {
        panic!("{error}");
    };
    assert_eq!(invalid.reason.as_str(), "FIELD_VALIDATION_FAILED");
    let fields = invalid.field_list.as_ref().unwrap();
    assert_eq!(fields[0].name, "colour");
    let unknown_view = client.list_access_tokens().dns_view_id("dv-2").send().await;
    assert_eq!(
        unknown_view.unwrap_err().code(),
        Some("ResourceNotFoundException")
    );
}

/// Protects temporary credentials: the session token is sent and signed.
#[tokio::test]
async fn temporary_credentials_sign_their_token() {
    let credentials = sigv4::Credentials {
        session_token: Some("session/token==".to_owned()),
        ..sigv4::Credentials::example()
    };
    let (service, client) = start_with(Options {
        credentials,
        ..Options::default()
    })
    .await;
    client
        .list_access_tokens()
        .dns_view_id("dv-1")
        .send()
        .await
        .unwrap();
    let request = &service.requests()[0];
    assert_eq!(
        request.header("x-amz-security-token"),
        Some("session/token==")
    );
}

/// Protects callers on machines with a wrong clock: the service's time is learnt from its refusal, and
/// the next attempt is signed with it.
#[tokio::test]
async fn a_clock_that_is_wrong_is_corrected() {
    for hours in [-1, 1] {
        let (service, client) = start_with(Options {
            clock_offset: SignedDuration::from_hours(hours),
            ..Options::default()
        })
        .await;
        let listing = || client.list_access_tokens().dns_view_id("dv-1").send();
        assert_eq!(listing().await.unwrap().metadata.attempts(), 2);
        // What was learnt is kept.
        assert_eq!(listing().await.unwrap().metadata.attempts(), 1);
        assert_eq!(service.requests().len(), 3);
    }
}

/// Protects errors that no model has: code and message are told all the same, and no secret.
#[tokio::test]
async fn an_unmodelled_error_is_told() {
    let (service, _) = start().await;
    let config = clients::config(&service).unwrap();
    let wrong = Credentials::new("AKIDEXAMPLE", "hunter2");
    let client = Client::new(config.credentials(wrong).build().unwrap());
    let error = client
        .list_access_tokens()
        .dns_view_id("dv-1")
        .send()
        .await
        .unwrap_err();
    assert!(matches!(
        error.as_service(),
        Some(ServiceError::Unmodeled(_))
    ));
    assert_eq!(error.code(), Some("InvalidSignatureException"));
    assert_eq!(error.fault(), Some(Fault::Client));
    assert!(
        error
            .message()
            .unwrap()
            .starts_with("the signature does not match")
    );
    assert!(!format!("{error} {error:?} {client:?}").contains("hunter2"));
}
