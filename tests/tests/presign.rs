//! Requests that the client signs and somebody else sends: over a real socket, by hand, to the token
//! service, which computes the signature on its own.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::time::{Duration, SystemTime};

use generated_client::route53globalresolver::{Client, Error};
use jiff::SignedDuration;
use tests::token_service::{Options, TokenService, sigv4};
use tests::{clients, raw};
use tinsmith_runtime::client::PresignedRequest;
use tinsmith_runtime::config::Config;
use tinsmith_runtime::identity::Credentials;
use tinsmith_runtime::time::{Clock, Moment, Sleep};

const MINUTE: Duration = Duration::from_secs(60);
const SESSION_TOKEN: &str = "session/token+with=reserved";

async fn start_with(options: Options) -> (TokenService, Client) {
    let service = TokenService::start(options).await.unwrap();
    let client = clients::global_resolver(&service).unwrap();
    (service, client)
}

/// A service that takes temporary credentials only.
fn temporary() -> Options {
    Options {
        credentials: sigv4::Credentials {
            session_token: Some(SESSION_TOKEN.to_owned()),
            ..sigv4::Credentials::example()
        },
        ..Options::default()
    }
}

/// Sends a presigned request as somebody would who has nothing else.
async fn send(presigned: &PresignedRequest) -> raw::Answer {
    send_altered(presigned, presigned.body()).await
}

async fn send_altered(presigned: &PresignedRequest, body: &[u8]) -> raw::Answer {
    let uri = presigned.uri();
    let headers: Vec<_> = presigned.headers().iter().collect();
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    let url = format!("http://{}", uri.authority().unwrap());
    let target = uri.path_and_query().unwrap().as_str();
    let body = str::from_utf8(body).unwrap();
    let sent = raw::send(&url, presigned.method().as_str(), target, &headers, body);
    sent.await.unwrap().unwrap()
}

async fn create(client: &Client) -> String {
    let made = client.create_access_token().dns_view_id("dv-1").send();
    made.await.unwrap().id
}

/// Protects presigned requests without a body: a GET with and without a query of its own, and a
/// DELETE, with long-term and with temporary credentials.
#[tokio::test]
async fn a_presigned_request_needs_no_client() {
    for options in [Options::default(), temporary()] {
        let (_service, client) = start_with(options).await;
        let id = create(&client).await;

        let get = client.get_access_token().access_token_id(&id);
        let get = get.presigned(MINUTE).await.unwrap();
        assert!(get.headers().is_empty(), "{get:?}");
        let answer = send(&get).await;
        assert_eq!(
            (answer.status, &answer.body["id"]),
            (200, &id.clone().into())
        );

        let list = client.list_access_tokens().dns_view_id("dv-1");
        let list = list.max_results(10).presigned(MINUTE).await.unwrap();
        let answer = send(&list).await;
        assert_eq!(answer.body["accessTokens"].as_array().unwrap().len(), 1);

        let delete = client.delete_access_token().access_token_id(&id);
        let delete = delete.presigned(MINUTE).await.unwrap();
        assert_eq!(delete.method(), "DELETE");
        assert_eq!(send(&delete).await.status, 200);
        assert_eq!(send(&get).await.status, 404);
    }
}

/// Protects operations with a body: it is part of what was signed, with its idempotency token, and so
/// is its media type.
#[tokio::test]
async fn a_presigned_body_is_sent_as_it_was_signed() {
    let (_service, client) = start_with(Options::default()).await;
    let call = client.create_access_token().dns_view_id("dv-1").name("ci");
    let presigned = call.presigned(MINUTE).await.unwrap();
    let names: Vec<_> = presigned.headers().keys().collect();
    assert_eq!(names, ["content-type"]);
    let made = send(&presigned).await;
    assert_eq!((made.status, &made.body["name"]), (200, &"ci".into()));
    // The same client token: the same access token.
    assert_eq!(send(&presigned).await.body["id"], made.body["id"]);
    let altered = String::from_utf8_lossy(presigned.body()).replace("ci", "cj");
    assert_eq!(
        send_altered(&presigned, altered.as_bytes()).await.status,
        403
    );
}

/// Protects against a signature that never ends, or that covers less than it says.
#[tokio::test]
async fn a_presigned_request_is_for_one_thing_and_one_time() {
    let (_service, client) = start_with(Options {
        clock_offset: SignedDuration::from_secs(120),
        ..Options::default()
    })
    .await;
    let get = || client.get_access_token().access_token_id("at-1");
    let short = get().presigned(MINUTE).await.unwrap();
    assert_eq!(send(&short).await.status, 403);
    let long = get().presigned(Duration::from_secs(300)).await.unwrap();
    assert_eq!(send(&long).await.status, 404);
    let target = long.uri().path_and_query().unwrap().as_str();
    let target = &target.replace("at-1", "at-2");
    let url = format!("http://{}", long.uri().authority().unwrap());
    let answer = raw::send(&url, "GET", target, &[], "").await.unwrap();
    assert_eq!(answer.unwrap().status, 403);
}

/// Protects the bounds that services have: from one second to seven days.
#[tokio::test]
async fn an_expiry_has_bounds() {
    let (service, client) = start_with(Options::default()).await;
    let presigned = |expires_in| {
        let get = client.get_access_token().access_token_id("at-1");
        async move { get.presigned(expires_in).await }
    };
    let week = Duration::from_secs(7 * 24 * 3600);
    for good in [Duration::from_secs(1), week] {
        let query = presigned(good)
            .await
            .unwrap()
            .uri()
            .query()
            .unwrap()
            .to_owned();
        assert!(query.contains(&format!("X-Amz-Expires={}&", good.as_secs())));
    }
    let almost = Duration::from_millis(999);
    for bad in [Duration::ZERO, almost, week + Duration::from_nanos(1)] {
        let error = presigned(bad).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "GetAccessToken cannot be sent: the request cannot be signed: a presigned request is \
             valid for one second to seven days"
        );
    }
    assert!(service.requests().is_empty());
}

/// Protects the promise of validation: what a service would refuse is not signed either.
#[tokio::test]
async fn an_invalid_input_is_not_presigned() {
    let (_service, client) = start_with(Options::default()).await;
    let get = client.get_access_token().access_token_id("a/b");
    let error = get.presigned(MINUTE).await.unwrap_err();
    assert!(matches!(error, Error::Validation(_)), "{error:?}");
}

/// Protects callers from a request that no service would accept: a bearer token cannot be presigned.
#[tokio::test]
async fn a_bearer_token_is_not_presigned() {
    let service = TokenService::start(Options::default()).await.unwrap();
    let client = clients::code_catalyst(&service).unwrap();
    let delete = client.delete_access_token().id("t");
    let error = delete.presigned(MINUTE).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "DeleteAccessToken cannot be sent: the request cannot be signed: only a request that is \
         authenticated by SigV4 can be presigned"
    );
}

/// Protects the endpoint rules and the refusal of plain http, which hold for presigned requests, too.
#[tokio::test]
async fn a_presigned_request_goes_to_the_services_endpoint() {
    let client = |set: fn(tinsmith_runtime::config::ConfigBuilder) -> _| {
        let config = Config::builder()
            .region("us-east-1")
            .credentials(Credentials::new("AKIDEXAMPLE", "secret"));
        let config: tinsmith_runtime::config::ConfigBuilder = set(config);
        Client::new(config.build().unwrap())
    };
    let get = |client: Client| async move {
        let get = client.get_access_token().access_token_id("at-1");
        get.presigned(MINUTE).await
    };
    let presigned = get(client(|config| config)).await.unwrap();
    assert_eq!(presigned.uri().scheme_str(), Some("https"));
    assert_eq!(presigned.uri().path(), "/tokens/at-1");
    let host = presigned.uri().host().unwrap();
    assert!(host.ends_with(".api.aws"), "{host}");

    let plain = |config: tinsmith_runtime::config::ConfigBuilder| {
        config.endpoint_url("http://resolver.example")
    };
    let error = get(client(plain)).await.unwrap_err();
    assert!(error.to_string().contains("plain http"), "{error}");
}

/// A clock that is an hour late.
#[derive(Debug)]
struct Late;

impl Clock for Late {
    fn now(&self) -> Moment {
        Moment {
            wall: SystemTime::now() - Duration::from_secs(3600),
            elapsed: Duration::ZERO,
        }
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Protects presigned requests of machines whose clock is wrong: what a call has learnt of the
/// service's clock is used.
#[tokio::test]
async fn a_presigned_request_has_the_services_time() {
    let service = TokenService::start(Options::default()).await.unwrap();
    let config = clients::config(&service).unwrap().clock(Late).build();
    let client = Client::new(config.unwrap());
    let get = || client.get_access_token().access_token_id("at-1");
    assert_eq!(
        send(&get().presigned(MINUTE).await.unwrap()).await.status,
        403
    );
    client
        .list_access_tokens()
        .dns_view_id("dv-1")
        .await
        .unwrap();
    let presigned = get().presigned(MINUTE).await.unwrap();
    assert_eq!(send(&presigned).await.status, 404);
    let left = jiff::Timestamp::now().duration_since(presigned.expires_at().into());
    assert!(left.abs() <= SignedDuration::from_secs(62), "{left:?}");
}

/// Protects the URI, which is as good as credentials: it is not in what is printed.
#[tokio::test]
async fn a_presigned_request_does_not_show_its_signature() {
    let (_service, client) = start_with(temporary()).await;
    let get = client.get_access_token().access_token_id("at-1");
    let presigned = get.presigned(MINUTE).await.unwrap();
    let query = presigned.uri().query().unwrap();
    let signature = query.split_once("X-Amz-Signature=").unwrap().1;
    assert_eq!(signature.len(), 64);
    let shown = format!("{presigned} {presigned:?} {presigned:#?}");
    for secret in [signature, "Security-Token", "session", "X-Amz", "at-1"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.starts_with("GET http://127.0.0.1:"), "{shown}");
}

/// Protects programs without an async runtime.
#[test]
fn presigning_may_be_waited_for() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_service, client) = runtime.block_on(start_with(Options::default()));
    let get = client.get_access_token().access_token_id("at-1");
    let presigned = get.into_call().presigned_blocking(MINUTE).unwrap();
    assert_eq!(runtime.block_on(send(&presigned)).status, 404);
}
