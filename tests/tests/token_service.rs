//! The token service itself: a judge must be judged first.
//!
//! Spoken to over a plain socket, and with requests that official SDKs sent.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde_json::{Value, json};
use tests::raw::{self, Answer};
use tests::token_service::sigv4::{Credentials, verify};
use tests::token_service::{Fault, Options, TokenService};
use tests::vectors;

const BEARER: (&str, &str) = ("authorization", "Bearer dummy-token");
const JSON: (&str, &str) = ("content-type", "application/json");

async fn start() -> TokenService {
    TokenService::start(Options::default()).await.unwrap()
}

async fn code_catalyst(service: &TokenService, method: &str, path: &str, body: &str) -> Answer {
    let path = format!("/v1/accessTokens{path}");
    let headers: &[_] = if body.is_empty() {
        &[BEARER]
    } else {
        &[BEARER, JSON]
    };
    raw::send(&service.url(), method, &path, headers, body)
        .await
        .unwrap()
        .unwrap()
}

/// Protects the life of a token: made, listed, deleted, gone.
#[tokio::test]
async fn a_token_lives_and_dies() {
    let service = start().await;
    let made = code_catalyst(&service, "PUT", "", r#"{"name":"ci"}"#).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.body["name"], "ci");
    let id = made.body["accessTokenId"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 36);
    let listed = code_catalyst(&service, "POST", "", "{}").await;
    assert_eq!(listed.body["items"][0]["id"], id.as_str());
    assert_eq!(listed.body["items"][0]["secret"], Value::Null);
    let deleted = code_catalyst(&service, "DELETE", &format!("/{id}"), "").await;
    assert_eq!((deleted.status, deleted.body), (200, json!({})));
    let again = code_catalyst(&service, "DELETE", &format!("/{id}"), "").await;
    assert_eq!(again.status, 404);
    assert_eq!(
        again.header("x-amzn-errortype"),
        Some("ResourceNotFoundException")
    );
    assert!(again.header("x-amzn-requestid").is_some());
}

/// Method, path and body of a request, and status and code of its answer.
type Answered<'a> = (&'a str, &'a str, &'a str, u16, &'a str);

/// Requests that no access token comes of.
const REFUSED: &[Answered<'static>] = &[
    ("PUT", "", "{}", 400, "ValidationException"),
    ("PUT", "", r#"{"name":null}"#, 400, "SerializationException"),
    (
        "PUT",
        "",
        r#"{"name":"a","x":1}"#,
        400,
        "SerializationException",
    ),
    ("PUT", "", "[]", 400, "SerializationException"),
    ("PUT", "", "{", 400, "SerializationException"),
    (
        "PUT",
        "",
        r#"{"name":"a","expiresTime":1}"#,
        400,
        "SerializationException",
    ),
    (
        "PUT",
        "?a=b",
        r#"{"name":"a"}"#,
        400,
        "SerializationException",
    ),
    ("PUT", "", "", 415, "UnsupportedMediaTypeException"),
    ("PATCH", "", "{}", 405, "UnknownOperationException"),
    ("GET", "/a/b", "", 404, "UnknownOperationException"),
    ("DELETE", "/a", "{}", 400, "SerializationException"),
    (
        "POST",
        "",
        r#"{"maxResults":11}"#,
        400,
        "ValidationException",
    ),
    (
        "POST",
        "",
        r#"{"maxResults":"1"}"#,
        400,
        "SerializationException",
    ),
    (
        "POST",
        "",
        r#"{"nextToken":""}"#,
        400,
        "ValidationException",
    ),
    (
        "POST",
        "",
        r#"{"nextToken":"made up"}"#,
        400,
        "ValidationException",
    ),
];

/// Protects the end-to-end tests from a service that takes anything.
#[tokio::test]
async fn what_is_wrong_is_refused() {
    let service = start().await;
    let name = |length| format!(r#"{{"name":"{}"}}"#, "é".repeat(length));
    let [longest, too_long, empty] = [100, 101, 0].map(name);
    let long_id = format!("/{}", "a".repeat(37));
    let lengths: [Answered<'_>; 5] = [
        ("PUT", "", &longest, 201, ""),
        ("PUT", "", &longest, 409, "ConflictException"),
        ("PUT", "", &too_long, 400, "ValidationException"),
        ("PUT", "", &empty, 400, "ValidationException"),
        ("DELETE", &long_id, "", 400, "ValidationException"),
    ];
    for (method, path, body, status, code) in lengths.iter().chain(REFUSED).copied() {
        let answer = code_catalyst(&service, method, path, body).await;
        assert_eq!(
            answer.status, status,
            "{method} {path} {body}: {}",
            answer.body
        );
        let error_type = answer.header("x-amzn-errortype").unwrap_or_default();
        assert_eq!(error_type, code, "{method} {path} {body}");
    }
}

/// Protects authentication: no token, another token, another scheme, two headers.
#[tokio::test]
async fn the_token_must_be_the_right_one() {
    let service = start().await;
    let url = service.url();
    let twice = [BEARER, BEARER];
    for headers in [
        &[][..],
        &[("authorization", "Bearer other")],
        &[("authorization", "bearer dummy-token")],
        &[("authorization", "Basic dummy-token")],
        &twice,
    ] {
        let answer = raw::send(&url, "DELETE", "/v1/accessTokens/a", headers, "");
        assert_eq!(answer.await.unwrap().unwrap().status, 403, "{headers:?}");
    }
    let unsigned = raw::send(&service.url(), "GET", "/tokens/a", &[], "")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(unsigned.status, 403);
    assert_eq!(
        unsigned.header("x-amzn-errortype"),
        Some("MissingAuthenticationTokenException")
    );
}

/// Protects pages: each token once, in the order of creation, and an end.
#[tokio::test]
async fn lists_come_in_pages() {
    let service = start().await;
    for number in 0..5 {
        let body = format!(r#"{{"name":"{number}"}}"#);
        assert_eq!(code_catalyst(&service, "PUT", "", &body).await.status, 201);
    }
    let mut names = Vec::new();
    let mut body = json!({"maxResults": 2});
    loop {
        let page = code_catalyst(&service, "POST", "", &body.to_string())
            .await
            .body;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        names.extend(
            items
                .iter()
                .map(|item| item["name"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page.get("nextToken") else {
            break;
        };
        body["nextToken"] = next.clone();
    }
    assert_eq!(names, ["0", "1", "2", "3", "4"]);
}

/// Protects the fault switches: each happens as often as it was asked for, and then no more.
#[tokio::test]
async fn faults_happen_on_demand() {
    let service = start().await;
    let url = service.url();
    let create = || {
        raw::send(
            &url,
            "PUT",
            "/v1/accessTokens",
            &[BEARER, JSON],
            "{\"name\":\"a\"}",
        )
    };
    service.inject(
        Fault::Throttle {
            retry_after: Some(7),
        },
        2,
    );
    for _ in 0..2 {
        let answer = create().await.unwrap().unwrap();
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("retry-after"), Some("7"));
    }
    service.inject(Fault::Html(503), 1);
    let answer = create().await.unwrap().unwrap();
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (503, Some("text/html"))
    );
    service.inject(Fault::HangUp, 1);
    assert!(create().await.unwrap().is_none());
    // The one that was hung up on was carried out.
    assert_eq!(create().await.unwrap().unwrap().status, 409);
    service.inject(Fault::Truncate, 1);
    let answer = create().await.unwrap().unwrap();
    let length: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert_eq!(answer.raw_body.len(), length / 2);
    service.inject(Fault::Garbage, 1);
    let answer = create().await.unwrap().unwrap();
    assert_eq!((answer.status, answer.body), (409, Value::Null));
    service.inject(Fault::Stall(Duration::from_secs(3600)), 1);
    let late = tokio::time::timeout(Duration::from_millis(100), create()).await;
    assert!(late.is_err());
    assert_eq!(service.requests().len(), 8);
}

/// Protects the computation of signatures: those of two official SDKs are accepted, and refused when
/// anything they cover is another.
#[test]
fn signatures_of_official_sdks_are_accepted() {
    let Some(vectors) = vectors::load() else {
        return;
    };
    let mut accepted = 0;
    for vector in vectors.iter().filter(|vector| vector.service == "r53") {
        let request = vector.request();
        let time = request.header("x-amz-date").unwrap();
        let time = DateTime::strptime("%Y%m%dT%H%M%SZ", time).unwrap();
        let time = Offset::UTC.to_timestamp(time).unwrap();
        let mut credentials = Credentials::example();
        let token = request.header("x-amz-security-token");
        credentials.session_token = token.map(str::to_owned);
        let check = |request: &_, time: Timestamp| {
            verify(
                request,
                &credentials,
                "route53globalresolver",
                "us-east-1",
                time,
            )
        };
        assert_eq!(check(&request, time), Ok(()), "{}", vector.name());
        accepted += 1;

        let mut other = request.clone();
        other.path.push('x');
        assert!(check(&other, time).is_err(), "{}: path", vector.name());
        let mut other = request.clone();
        other.query.push_str("&x=y");
        assert!(check(&other, time).is_err(), "{}: query", vector.name());
        let mut other = request.clone();
        other.body.push(b' ');
        assert!(check(&other, time).is_err(), "{}: body", vector.name());
        let mut other = request.clone();
        other.headers.insert("host", "example.com".parse().unwrap());
        assert!(check(&other, time).is_err(), "{}: host", vector.name());
        let late = time + jiff::SignedDuration::from_secs(301);
        assert!(check(&request, late).is_err(), "{}: time", vector.name());
    }
    println!("{accepted} signatures of official SDKs accepted");
    assert!(accepted > 0);
}

/// Protects the whole judge: every recorded request for CodeCatalyst is understood.
#[tokio::test]
async fn requests_of_official_sdks_are_understood() {
    let Some(vectors) = vectors::load() else {
        return;
    };
    let mut understood = 0;
    for vector in vectors.iter().filter(|vector| vector.service == "cc") {
        let service = start().await;
        let request = vector.request();
        let headers = [
            ("authorization", request.header("authorization").unwrap()),
            JSON,
        ];
        let headers = if request.body.is_empty() {
            &headers[..1]
        } else {
            &headers[..]
        };
        let body = String::from_utf8(request.body.clone()).unwrap();
        let url = service.url();
        let answer = raw::send(&url, request.method.as_str(), &request.path, headers, &body);
        let answer = answer.await.unwrap().unwrap();
        // A token to delete and a page to go on from do not exist here.
        let expected = match vector.label.as_str() {
            "cc.delete.min" => 404,
            "cc.list.full" => 400,
            "cc.list.min" => 200,
            _ => 201,
        };
        assert_eq!(
            answer.status,
            expected,
            "{}: {}",
            vector.name(),
            answer.body
        );
        assert_ne!(
            answer.header("x-amzn-errortype"),
            Some("SerializationException"),
            "{}",
            vector.name()
        );
        understood += 1;
    }
    println!("{understood} requests of official SDKs understood");
    assert!(understood > 0);
}
