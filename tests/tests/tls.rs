//! Where identities may travel: over TLS that is trusted, and in clear only to this machine.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::sync::Arc;

use generated_client::{codecatalyst, route53globalresolver};
use tests::clients;
use tests::token_service::{Options, TokenService};
use tinsmith_runtime::Config;
use tinsmith_runtime::identity::MemoryEnvironment;
use tinsmith_runtime::operation::Service as _;
use tinsmith_runtime::transport::HyperTransport;

async fn start() -> TokenService {
    let options = Options {
        tls: true,
        ..Options::default()
    };
    TokenService::start(options).await.unwrap()
}

/// Protects TLS, with both ways to authenticate.
#[tokio::test]
async fn both_services_work_over_tls() {
    let service = start().await;
    assert!(service.url().starts_with("https://"));
    let client = clients::code_catalyst(&service).unwrap();
    let made = client
        .create_access_token()
        .name("ci")
        .send()
        .await
        .unwrap();
    assert_eq!(made.name, "ci");
    let client = clients::global_resolver(&service).unwrap();
    let made = client.create_access_token().dns_view_id("dv-1");
    assert_eq!(made.send().await.unwrap().dns_view_id, "dv-1");
}

/// Protects against a stranger's certificate: no request, and so no token, reaches it.
#[tokio::test]
async fn a_certificate_must_be_trusted() {
    let service = start().await;
    let other = start().await;
    let stranger = other.certificate().unwrap().as_bytes();
    let transport = HyperTransport::builder()
        .root_certificates(stranger)
        .unwrap();
    let config = clients::config(&service).unwrap();
    let config = config
        .transport(transport.build().unwrap())
        .build()
        .unwrap();
    let client = codecatalyst::Client::new(config);
    let error = client.list_access_tokens().send().await.unwrap_err();
    assert!(
        matches!(error, codecatalyst::Error::Dispatch(_)),
        "{error:?}"
    );
    assert!(service.requests().is_empty());
}

/// Protects programs behind a company's own authority: what `AWS_CA_BUNDLE` names is trusted, and a
/// bundle that is not there is told.
#[tokio::test]
async fn the_environment_says_whom_to_trust() {
    let service = start().await;
    let environment = |path: &str| {
        MemoryEnvironment::default()
            .with_var("AWS_CA_BUNDLE", path)
            .with_var("AWS_ENDPOINT_URL", service.url())
            .with_var(
                "AWS_BEARER_TOKEN_CODECATALYST",
                service.options().bearer_token.as_str(),
            )
            .with_file("/etc/ca.pem", service.certificate().unwrap())
    };
    let schema = codecatalyst::CodeCatalyst::SCHEMA;
    let config = |path| Config::builder().with_environment(Arc::new(environment(path)), schema);
    let config_of_bundle = config("/etc/ca.pem").unwrap().build().unwrap();
    let client = codecatalyst::Client::new(config_of_bundle);
    client.list_access_tokens().send().await.unwrap();
    let error = config("/etc/none.pem").unwrap_err().to_string();
    assert!(error.contains("`/etc/none.pem`"), "{error}");
}

/// Protects tokens and signatures from being sent in clear to another machine.
#[tokio::test]
async fn nothing_secret_is_sent_in_clear() {
    let service = TokenService::start(Options::default()).await.unwrap();
    let config = || {
        let config = clients::config(&service).unwrap();
        config
            .endpoint_url("http://tokens.example.com")
            .build()
            .unwrap()
    };
    let client = codecatalyst::Client::new(config());
    let error = client.list_access_tokens().send().await.unwrap_err();
    assert!(
        matches!(error, codecatalyst::Error::Construction(_)),
        "{error:?}"
    );
    assert!(error.to_string().contains("plain http"), "{error}");
    let client = route53globalresolver::Client::new(config());
    let error = client
        .get_access_token()
        .access_token_id("t-1")
        .send()
        .await;
    assert!(matches!(
        error.unwrap_err(),
        route53globalresolver::Error::Construction(_)
    ));
}
