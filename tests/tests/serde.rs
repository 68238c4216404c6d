//! Data types with the feature `serde`.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use generated_client::codecatalyst::operation::{
    CreateAccessTokenInput, CreateAccessTokenOutput, ListAccessTokensOutput,
};
use generated_client::codecatalyst::types::AccessTokenSummary;
use generated_client::route53globalresolver::operation::CreateAccessTokenInput as ResolverInput;
use generated_client::route53globalresolver::types::TokenStatus;
use tests::clients;
use tests::token_service::{Options, TokenService};
use tinsmith_runtime::data::WithSecrets;

/// Protects inputs that come from files, and answers that are kept in them.
#[tokio::test]
async fn inputs_and_outputs_are_data() {
    let service = TokenService::start(Options::default()).await.unwrap();
    let client = clients::code_catalyst(&service).unwrap();
    let text = r#"{"name":"ci","expiresTime":"2099-01-01T00:00:00Z"}"#;
    let input: CreateAccessTokenInput = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&input).unwrap(), text);
    client.send(input).await.unwrap();

    let listed = client.list_access_tokens().send().await.unwrap();
    let kept = serde_json::to_string(&listed).unwrap();
    let read: ListAccessTokensOutput = serde_json::from_str(&kept).unwrap();
    assert_eq!(read.items, listed.items);
    let first = serde_json::to_string(&listed.items[0]).unwrap();
    assert_eq!(
        serde_json::from_str::<AccessTokenSummary>(&first).unwrap(),
        listed.items[0]
    );

    let text = r#"{"dnsViewId":"dv-1","tags":{"team":"blue"}}"#;
    let input: ResolverInput = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&input).unwrap(), text);
    assert_eq!(
        serde_json::to_string(&TokenStatus::Operational).unwrap(),
        r#""OPERATIONAL""#
    );
}

/// Protects the secret of a new token, which leaves the program only where that is asked for.
#[tokio::test]
async fn a_secret_is_kept_unless_asked_for() {
    let service = TokenService::start(Options::default()).await.unwrap();
    let client = clients::code_catalyst(&service).unwrap();
    let made = client.create_access_token().name("ci").send().await;
    let made = made.unwrap();
    let error = serde_json::to_string(&made).unwrap_err().to_string();
    assert!(error.contains("`secret` is sensitive"), "{error}");
    assert!(!error.contains(made.secret.expose().as_str()));
    let text = serde_json::to_string(&WithSecrets(&made)).unwrap();
    let read: CreateAccessTokenOutput = serde_json::from_str(&text).unwrap();
    assert_eq!(read.secret, made.secret);
}
