//! Our requests against those that official SDKs sent for the same input.
//!
//! Two requests are equivalent when they have
//! - the same method, and the same segments of the path once these are decoded;
//! - the same parameters in the query once these are decoded; only the values of one name have an
//!   order;
//! - the same JSON value in the body, or both no body. An idempotency token that the caller did not
//!   give is random: ours must be a version-4 UUID (RFC 9562, section 5.4);
//! - the same content type where there is a body;
//! - the same bearer token; or, for SigV4, the same access key, credential scope and session token, and
//!   a signature of ours that is right for our request at the recorded time.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use generated_client::{codecatalyst, route53globalresolver};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tests::clients;
use tests::token_service::{Options, Request, TokenService, sigv4};
use tests::vectors::{self, Vector};
use tinsmith_runtime::Config;
use tinsmith_runtime::retry::RetryConfig;
use tinsmith_runtime::time::{Clock, Moment, Sleep};

/// A clock that stands still.
#[derive(Debug)]
struct Stopped(SystemTime);

impl Clock for Stopped {
    fn now(&self) -> Moment {
        Moment {
            wall: self.0,
            elapsed: Duration::ZERO,
        }
    }

    fn sleep(&self, _duration: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }
}

/// Protects users who come from another SDK: for every recorded input, we ask for the same.
#[tokio::test]
async fn our_requests_are_those_of_official_sdks() {
    let Some(vectors) = vectors::load() else {
        return;
    };
    let mut counts = BTreeMap::new();
    for vector in &vectors {
        let theirs = vector.request();
        let signed = signing_time(&theirs);
        let ours = send(vector, &theirs, signed).await;
        let name = vector.name();
        assert_eq!(ours.method, theirs.method, "{name}: method");
        assert_eq!(path(&ours), path(&theirs), "{name}: path");
        assert_eq!(query(&ours), query(&theirs), "{name}: query");
        let (our_body, our_token) = body(&ours, vector);
        let (their_body, their_token) = body(&theirs, vector);
        assert_eq!(our_body, their_body, "{name}: body");
        assert_eq!(our_token.is_some(), their_token.is_some(), "{name}");
        if let Some(token) = our_token {
            assert_uuid_v4(&token);
        }
        if !theirs.body.is_empty() {
            let content_type = theirs.header("content-type");
            assert_eq!(ours.header("content-type"), content_type, "{name}");
        }
        assert_eq!(identity(&ours), identity(&theirs), "{name}: identity");
        if let Some(time) = signed {
            let known = credentials(&theirs);
            sigv4::verify(&ours, &known, "route53globalresolver", "us-east-1", time)
                .unwrap_or_else(|refusal| panic!("{name}: {}", refusal.message));
        }
        *counts.entry(vector.sdk.as_str()).or_insert(0) += 1;
    }
    assert!(!counts.is_empty());
    for (sdk, count) in counts {
        println!("{count} requests equivalent to those of {sdk}");
    }
}

/// The request that our client sends for the vector's input, at the time theirs was signed.
async fn send(vector: &Vector, theirs: &Request, signed: Option<Timestamp>) -> Request {
    let service = TokenService::start(Options {
        credentials: credentials(theirs),
        ..Options::default()
    });
    let service = service.await.unwrap();
    let mut config = clients::config(&service).unwrap();
    config = config.retry(RetryConfig::off());
    if let Some(time) = signed {
        config = config.clock(Stopped(SystemTime::from(time)));
    }
    call(vector, config.build().unwrap()).await;
    let mut requests = service.requests();
    assert_eq!(requests.len(), 1, "{}", vector.name());
    requests.remove(0)
}

/// Calls the vector's operation. What the service answers does not matter here: the tokens that the
/// vectors name do not exist, and their signatures are old.
async fn call(vector: &Vector, config: Config) {
    match vector.service.as_str() {
        "cc" => code_catalyst(vector, codecatalyst::Client::new(config)).await,
        "r53" => global_resolver(vector, route53globalresolver::Client::new(config)).await,
        name => panic!("{name} is not known"),
    }
}

async fn code_catalyst(vector: &Vector, client: codecatalyst::Client) {
    use codecatalyst::operation as op;
    let input = &vector.input;
    match vector.operation.as_str() {
        "CreateAccessToken" => {
            let input = op::CreateAccessTokenInput {
                name: text(&input["name"]),
                expires_time: time(&input["expiresTime"]),
            };
            drop(client.send(input).await);
        }
        "DeleteAccessToken" => {
            let id = text(&input["id"]);
            drop(client.send(op::DeleteAccessTokenInput { id }).await);
        }
        "ListAccessTokens" => {
            let input = op::ListAccessTokensInput {
                max_results: integer(&input["maxResults"]),
                next_token: text(&input["nextToken"]),
            };
            drop(client.send(input).await);
        }
        name => panic!("{name} is not known"),
    }
}

async fn global_resolver(vector: &Vector, client: route53globalresolver::Client) {
    use route53globalresolver::operation as op;
    let input = &vector.input;
    let access_token_id = text(&input["accessTokenId"]);
    match vector.operation.as_str() {
        "CreateAccessToken" => {
            let input = op::CreateAccessTokenInput {
                client_token: text(&input["clientToken"]),
                dns_view_id: text(&input["dnsViewId"]),
                expires_at: time(&input["expiresAt"]),
                name: text(&input["name"]),
                tags: map(&input["tags"], |tag| tag.as_str().unwrap().to_owned()),
            };
            drop(client.send(input).await);
        }
        "DeleteAccessToken" => {
            let input = op::DeleteAccessTokenInput { access_token_id };
            drop(client.send(input).await);
        }
        "GetAccessToken" => {
            let input = op::GetAccessTokenInput { access_token_id };
            drop(client.send(input).await);
        }
        "ListAccessTokens" => {
            let input = op::ListAccessTokensInput {
                max_results: integer(&input["maxResults"]),
                next_token: text(&input["nextToken"]),
                dns_view_id: text(&input["dnsViewId"]),
                filters: map(&input["filters"], texts),
            };
            drop(client.send(input).await);
        }
        "UpdateAccessToken" => {
            let name = text(&input["name"]);
            let input = op::UpdateAccessTokenInput {
                access_token_id,
                name,
            };
            drop(client.send(input).await);
        }
        name => panic!("{name} is not known"),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn integer(value: &Value) -> Option<i32> {
    value.as_i64().map(|number| number.try_into().unwrap())
}

fn time(value: &Value) -> Option<tinsmith_runtime::timestamp::Timestamp> {
    let second = value["secs"].as_i64()?;
    Some(tinsmith_runtime::timestamp::Timestamp::from_second(second).unwrap())
}

fn map<T>(value: &Value, read: impl Fn(&Value) -> T) -> Option<BTreeMap<String, T>> {
    let entries = value.as_object()?.iter();
    Some(
        entries
            .map(|(key, value)| (key.clone(), read(value)))
            .collect(),
    )
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().unwrap().iter();
    items
        .map(|item| item.as_str().unwrap().to_owned())
        .collect()
}

fn signing_time(request: &Request) -> Option<Timestamp> {
    let time = request.header("x-amz-date")?;
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", time).unwrap();
    Some(Offset::UTC.to_timestamp(time).unwrap())
}

/// The example credentials, temporary where the request is signed with temporary ones.
fn credentials(request: &Request) -> sigv4::Credentials {
    sigv4::Credentials {
        session_token: request.header("x-amz-security-token").map(str::to_owned),
        ..sigv4::Credentials::example()
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

fn path(request: &Request) -> Vec<String> {
    request.path.split('/').map(decode).collect()
}

fn query(request: &Request) -> BTreeMap<String, Vec<String>> {
    let mut params: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for param in request.query.split('&').filter(|param| !param.is_empty()) {
        let (name, value) = param.split_once('=').unwrap();
        params.entry(decode(name)).or_default().push(decode(value));
    }
    params
}

/// The body's value, and the idempotency token in it that the caller did not give.
fn body(request: &Request, vector: &Vector) -> (Option<Value>, Option<String>) {
    if request.body.is_empty() {
        return (None, None);
    }
    let mut body: Value = serde_json::from_slice(&request.body).unwrap();
    let made = match body.get_mut("clientToken") {
        Some(token) if vector.input["clientToken"].is_null() => text(&token.take()),
        _ => None,
    };
    (Some(body), made)
}

fn assert_uuid_v4(text: &str) {
    let digits = |part: &str, length| part.len() == length && part.bytes().all(is_lower_hex);
    let parts: Vec<_> = text.split('-').collect();
    let [one, two, three, four, five] = parts[..] else {
        panic!("{text} is not a UUID");
    };
    assert!(
        digits(one, 8) && digits(two, 4) && digits(five, 12),
        "{text}"
    );
    assert!(digits(three, 4) && three.starts_with('4'), "{text}");
    assert!(
        digits(four, 4) && four.starts_with(['8', '9', 'a', 'b']),
        "{text}"
    );
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// The bearer token; or the access key, the credential scope and the session token.
fn identity(request: &Request) -> (String, Option<String>) {
    let header = request.header("authorization").unwrap();
    let credential = header.split_once(',').map_or(header, |(head, _)| head);
    let session = request.header("x-amz-security-token");
    (credential.to_owned(), session.map(str::to_owned))
}
