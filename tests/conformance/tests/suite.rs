//! The harness itself: a test that holds passes, and one that does not fails and says where.

#![allow(clippy::unwrap_used)]

use conformance::{AnySuite, Case, Suite};
use generated_client::codecatalyst::{Client, ServiceError};

const CREATE: &str = "com.amazonaws.codecatalyst#CreateAccessToken";
const CONFLICT: &str = "com.amazonaws.codecatalyst#ConflictException";

fn suite() -> Suite<ServiceError> {
    Suite::new("CodeCatalyst")
        .operation(CREATE, |config| {
            Client::new(config).create_access_token().into_call()
        })
        .error(CONFLICT, |error| match error {
            ServiceError::Conflict(error) => Some(error),
            _ => None,
        })
}

/// Runs the test of this kind, of which `changes` are made to one that passes.
fn run(
    kind: &str,
    shape: &str,
    test: &serde_json::Value,
    changes: &[(&str, &str)],
) -> Result<(), String> {
    let mut test = test.clone();
    for (name, value) in changes {
        test[name] = serde_json::from_str(value).unwrap();
    }
    let case = serde_json::json!({
        "suite": "CodeCatalyst", "kind": kind, "shape": shape, "operation": CREATE, "test": test,
    });
    suite().run(&serde_json::from_value::<Case>(case).unwrap())
}

/// That each change makes the test fail, and that the failure tells what is wanted.
fn each_is_noticed(
    kind: &str,
    shape: &str,
    test: &serde_json::Value,
    changes: &[(&str, &str, &str)],
) {
    assert_eq!(run(kind, shape, test, &[]), Ok(()));
    for (name, value, told) in changes {
        let failure = run(kind, shape, test, &[(name, value)]).unwrap_err();
        assert!(failure.contains(told), "{name} {value}: {failure}");
    }
}

/// Every property that a request test can have is compared.
#[test]
fn differences_of_requests_are_noticed() {
    let test = serde_json::json!({
        "id": "Create", "protocol": "aws.protocols#restJson1",
        "method": "PUT", "uri": "/v1/accessTokens", "host": "example.com",
        "resolvedHost": "example.com",
        "headers": {"Content-Type": "application/json"},
        "forbidHeaders": ["X-Other"], "requireHeaders": ["Content-Length"],
        "body": "{\"name\": \"ci\", \"expiresTime\": \"2030-01-01T00:00:00Z\"}",
        "bodyMediaType": "application/json",
        "params": {"name": "ci", "expiresTime": 1893456000},
    });
    each_is_noticed(
        "request",
        CREATE,
        &test,
        &[
            ("method", r#""POST""#, "method differs"),
            ("uri", r#""/v1/tokens""#, "path differs"),
            ("resolvedHost", r#""other.example.com""#, "host differs"),
            (
                "headers",
                r#"{"Content-Type": "text/plain"}"#,
                "header Content-Type differs",
            ),
            (
                "headers",
                r#"{"X-Other": "1"}"#,
                "header X-Other is missing",
            ),
            ("forbidHeaders", r#"["content-type"]"#, "must not be there"),
            (
                "requireHeaders",
                r#"["X-Other"]"#,
                "header X-Other is missing",
            ),
            ("queryParams", r#"["a=1"]"#, "query lacks"),
            ("requireQueryParams", r#"["a"]"#, "query lacks"),
            (
                "body",
                r#""{\"name\": \"ci\"}""#,
                "/expiresTime: expected nothing",
            ),
            ("body", r#""""#, "body differs"),
            (
                "params",
                r#"{"name": ""}"#,
                "'/name' failed to satisfy constraint",
            ),
            ("params", r#"{"nam": "ci"}"#, "has no member `nam`"),
        ],
    );
}

/// What a caller makes with the builder is what the test means.
#[test]
fn differences_of_builders_are_noticed() {
    let run = |test: &str| {
        let suite = suite()
            .built(CREATE, "Same", |config| {
                let client = Client::new(config);
                Ok(client.create_access_token().name("ci").into_call())
            })
            .built(CREATE, "Other", |config| {
                let client = Client::new(config);
                Ok(client.create_access_token().name("cd").into_call())
            });
        let case = serde_json::json!({
            "suite": "CodeCatalyst", "kind": "request", "shape": CREATE, "operation": CREATE,
            "test": {
                "id": test, "protocol": "aws.protocols#restJson1", "method": "PUT",
                "uri": "/v1/accessTokens", "params": {"name": "ci"},
            },
        });
        suite.run(&serde_json::from_value::<Case>(case).unwrap())
    };
    assert_eq!(run("Same"), Ok(()));
    assert!(
        run("Other")
            .unwrap_err()
            .contains("/name: expected \"ci\", found \"cd\"")
    );
}

/// The output is compared member by member, and a failed call is no output.
#[test]
fn differences_of_outputs_are_noticed() {
    let test = serde_json::json!({
        "id": "Created", "protocol": "aws.protocols#restJson1", "code": 201,
        "headers": {"Content-Type": "application/json"},
        "body": r#"{"secret": "s", "name": "ci", "expiresTime": "2030-01-01T00:00:00Z", "accessTokenId": "1"}"#,
        "params": {"secret": "s", "name": "ci", "expiresTime": 1893456000, "accessTokenId": "1"},
    });
    each_is_noticed(
        "response",
        CREATE,
        &test,
        &[
            (
                "params",
                r#"{"secret": "s", "name": "cd", "expiresTime": 1893456000, "accessTokenId": "1"}"#,
                "/name: expected \"cd\", found \"ci\"",
            ),
            (
                "params",
                r#"{"secret": "s", "name": "ci", "expiresTime": 1893456000.5, "accessTokenId": "1"}"#,
                "/expiresTime",
            ),
            ("body", r#""{""#, "CreateAccessToken"),
            ("code", "409", "CreateAccessToken"),
        ],
    );
}

/// An error must be of the shape that the test is of, with its members.
#[test]
fn differences_of_errors_are_noticed() {
    let test = serde_json::json!({
        "id": "Conflict", "protocol": "aws.protocols#restJson1", "code": 409,
        "headers": {"Content-Type": "application/json", "X-Amzn-Errortype": "ConflictException"},
        "body": r#"{"message": "twice"}"#, "params": {"message": "twice"},
    });
    each_is_noticed(
        "error",
        CONFLICT,
        &test,
        &[
            (
                "params",
                r#"{"message": "once"}"#,
                "/message: expected \"once\", found \"twice\"",
            ),
            (
                "headers",
                r#"{"X-Amzn-Errortype": "Unheard"}"#,
                "not one of the model",
            ),
            ("code", "201", "the call succeeded"),
        ],
    );
}

/// A client must refuse what a service refuses, in the same words.
#[test]
fn what_constraints_forbid_is_refused() {
    let message = "Value with length 0 at '/name' failed to satisfy constraint: Member must have length between 1 and 100, inclusive";
    let answer = serde_json::json!({
        "message": format!("1 validation error detected. {message}"),
        "fieldList": [{"path": "/name", "message": message}],
    });
    let test = |body: &str| {
        serde_json::json!({
            "id": "Malformed", "protocol": "aws.protocols#restJson1",
            "request": {"method": "PUT", "uri": "/v1/accessTokens", "body": body},
            "response": {"code": 400, "body": {"assertion": {"contents": answer.to_string()}}},
            "testParameters": {"value": [""]},
        })
    };
    assert_eq!(
        run("malformed", CREATE, &test(r#"{"name": $value:S}"#), &[]),
        Ok(())
    );
    let failure = run("malformed", CREATE, &test(r#"{"name": "ci"}"#), &[]).unwrap_err();
    assert!(failure.contains("found null"), "{failure}");
}
