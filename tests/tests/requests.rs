//! What it is like to make requests: what callers hold, await and build.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::time::Duration;

use generated_client::codecatalyst::{self, Error};
use generated_client::route53globalresolver;
use tests::clients;
use tests::token_service::{Options, TokenService};
use tinsmith_runtime::config::{Config, ConfigBuilder, Timeouts};
use tinsmith_runtime::identity::{Credentials, MemoryEnvironment, Token};
use tinsmith_runtime::operation::Service;

fn client() -> codecatalyst::Client {
    let config = Config::builder()
        .endpoint_url("http://localhost:1")
        .bearer_token(Token::new("t"))
        .build();
    codecatalyst::Client::new(config.unwrap())
}

fn resolver() -> route53globalresolver::Client {
    let config = Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("a", "b"))
        .build();
    route53globalresolver::Client::new(config.unwrap())
}

/// Futures are small, so that callers' own futures, which hold them, stay small and are moved cheaply
/// (awslabs/aws-sdk-rust 1144: futures of tens of kilobytes). Input and span are in them, the rest of
/// the call is in one allocation.
#[test]
fn futures_are_small() {
    let small = size_of_val(&client().create_access_token().name("ci").send());
    let large = size_of_val(&resolver().create_access_token().name("ci").send());
    println!("{small} and {large} bytes");
    assert!(small <= 1024, "{small} bytes");
    assert!(large <= 1024, "{large} bytes");
    // `.await` alone, as programs mostly have it, is a pointer.
    let boxed = client().create_access_token().name("ci").into_future();
    assert!(size_of_val(&boxed) <= 2 * size_of::<usize>());
}

/// A request builder is awaited as it is (awslabs/aws-sdk-rust 1027), and its future can be spawned.
#[tokio::test]
async fn request_builders_can_be_awaited() {
    let service = TokenService::start(Options::default()).await.unwrap();
    let client = clients::code_catalyst(&service).unwrap();
    let made = client.create_access_token().name("ci").await.unwrap();
    let delete = client.delete_access_token().id(&made.access_token_id);
    tokio::spawn(delete.into_future()).await.unwrap().unwrap();
}

/// Polls once, outside of any runtime.
fn poll<F: Future>(future: F) -> std::task::Poll<F::Output> {
    let waker = std::task::Waker::noop();
    std::pin::pin!(future).poll(&mut std::task::Context::from_waker(waker))
}

/// Neither making a client nor a call panics, whatever the settings and wherever it is done
/// (awslabs/aws-sdk-rust 238, 1190): wrong settings are errors, and so is a call outside of tokio.
#[test]
fn nothing_panics_on_construction() {
    let schema = codecatalyst::CodeCatalyst::SCHEMA;
    for (name, value) in [
        ("AWS_REGION", "not a region"),
        ("AWS_PROFILE", "nobody's"),
        ("AWS_MAX_ATTEMPTS", "-1"),
        ("AWS_RETRY_MODE", "\u{0}"),
        ("AWS_ENDPOINT_URL", "::"),
        ("AWS_USE_FIPS_ENDPOINT", "perhaps"),
        ("AWS_CA_BUNDLE", "/nowhere"),
        ("AWS_SDK_UA_APP_ID", "two words"),
        ("TINSMITH_VALIDATION", "?"),
    ] {
        let environment = MemoryEnvironment::default().with_var(name, value);
        let config = Config::builder().with_environment(Arc::new(environment), schema);
        let config = config.and_then(ConfigBuilder::build);
        assert!(config.is_err(), "{name}={value}");
    }
    let timeouts = Timeouts {
        operation: Some(Duration::MAX),
        attempt: Some(Duration::MAX),
        identity: Some(Duration::MAX),
        idle: Some(Duration::MAX),
        connect: Some(Duration::MAX),
    };
    let config = Config::builder()
        .timeouts(timeouts)
        .endpoint_url("http://localhost:1");
    let client = codecatalyst::Client::new(config.bearer_token(Token::new("t")).build().unwrap());
    let std::task::Poll::Ready(Err(error)) = poll(client.create_access_token().name("ci").send())
    else {
        panic!("there is nothing to wait for");
    };
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    assert!(
        error.to_string().contains("outside of a tokio runtime"),
        "{error}"
    );
}
