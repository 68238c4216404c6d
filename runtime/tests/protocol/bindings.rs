//! What the official tests leave out: what HTTP cannot express, and what broken services send.

use bytes::Bytes;
use http::Response;
use serde_json::json;
use tinsmith_runtime::operation::{HttpTrait, OperationSchema, PathSegment, ServiceSchema};
use tinsmith_runtime::protocol::{Protocol, REST_JSON_1};
use tinsmith_runtime::schema::{Fault, HttpBinding, Member, Schema, ShapeKind, prelude};

use crate::support::{DynStructure, Model};

static SECRET: Schema = Schema::new("test#Secret", ShapeKind::String).sensitive();
static TEXTS: Schema = Schema::list("test#Texts", &[Member::new("member", &prelude::STRING)]);
static HEADERS: Schema = Schema::map(
    "test#Headers",
    &[
        Member::new("key", &prelude::STRING),
        Member::new("value", &prelude::STRING),
    ],
);
static PARAMETERS: Schema = Schema::map(
    "test#Parameters",
    &[
        Member::new("key", &prelude::STRING),
        Member::new("value", &TEXTS),
    ],
);
static INPUT: Schema = Schema::structure(
    "test#Input",
    &[
        Member::new("key", &prelude::STRING).http(HttpBinding::Label),
        Member::new("secret", &SECRET).http(HttpBinding::Header("X-Secret")),
        Member::new("texts", &TEXTS).http(HttpBinding::Header("X-Texts")),
        Member::new("prefixed", &HEADERS).http(HttpBinding::PrefixHeaders("X-P-")),
        Member::new("page", &prelude::INTEGER).http(HttpBinding::Query("page")),
        Member::new("filters", &PARAMETERS).http(HttpBinding::QueryParams),
    ],
);
static ERROR: Schema = Schema::structure(
    "test#SlowDown",
    &[
        Member::new("message", &prelude::STRING).required(),
        Member::new("retryAfter", &prelude::INTEGER).http(HttpBinding::Header("Retry-After")),
        Member::new("quota", &prelude::STRING).required(),
    ],
)
.error(Fault::Client, 429);
static SERVICE: ServiceSchema = ServiceSchema::new("test#Service", "", "Test", &REST_JSON_1, &[]);
static OPERATION: OperationSchema = OperationSchema::new(
    "test#Operation",
    &SERVICE,
    HttpTrait::new(
        "GET",
        &[PathSegment::Literal("items"), PathSegment::Label("key")],
        200,
    )
    .query("literal=1"),
    &INPUT,
    &prelude::UNIT,
);

fn model() -> Model {
    Model::parse(r#"{"shapes": {}}"#)
}

fn write(params: &serde_json::Value) -> Result<http::Request<Bytes>, String> {
    let input = DynStructure::input(&model(), &INPUT, params);
    let request = REST_JSON_1.write_request(&OPERATION, &input);
    request.map_err(|error| error.to_string())
}

#[test]
fn a_label_addresses_what_it_names() {
    for key in ["", ".", ".."] {
        let error = write(&json!({ "key": key })).unwrap_err();
        assert!(error.ends_with("at /key"), "{error}");
    }
    let error = write(&json!({})).unwrap_err();
    assert_eq!(error, "a label of the path must be set at /key");
    let request = write(&json!({ "key": "../a?b#c%2F" })).unwrap();
    assert_eq!(request.uri(), "/items/..%2Fa%3Fb%23c%252F?literal=1");
}

#[test]
fn control_characters_are_refused_without_being_shown() {
    for value in ["hunter2\r\nX-Evil: 1", "hunter2\0", "hunter2\n"] {
        for (params, path) in [
            (json!({"key": "a", "secret": value}), "/secret"),
            (json!({"key": "a", "texts": ["ok", value]}), "/texts"),
            (json!({"key": "a", "prefixed": {"a": value}}), "/prefixed"),
            (json!({"key": "a", "prefixed": {value: "a"}}), "/prefixed"),
        ] {
            let error = write(&params).unwrap_err();
            assert!(error.ends_with(&format!("at {path}")), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}

#[test]
fn more_headers_than_fit_are_refused() {
    let many: serde_json::Map<_, _> = (0..40_000).map(|n| (n.to_string(), json!("x"))).collect();
    let error = write(&json!({"key": "a", "prefixed": many})).unwrap_err();
    assert!(
        error.starts_with("more headers than a request can hold"),
        "{error}"
    );
}

/// A reader of the header finds as many items as were sent, and their ends as they were.
#[test]
fn a_list_in_a_header_can_be_told_from_others() {
    for (texts, header) in [
        (json!([]), ""),
        (json!([""]), r#""""#),
        (json!(["", ""]), ", "),
        (json!(["a", " b "]), r#"a, " b ""#),
        (json!(["a,b", "\"c\""]), r#""a,b", "\"c\"""#),
    ] {
        let request = write(&json!({"key": "a", "texts": texts})).unwrap();
        assert_eq!(request.headers()["X-Texts"], header, "{texts}");
    }
}

#[test]
fn sensitive_headers_are_not_printed() {
    let request = write(&json!({"key": "a", "secret": "hunter2"})).unwrap();
    assert_eq!(request.headers()["X-Secret"], "hunter2");
    assert!(!format!("{request:?}").contains("hunter2"));
}

#[test]
fn parameters_come_in_a_fixed_order_and_explicit_ones_win() {
    let filters = json!({"z": ["1", "2"], "page": ["7"], "literal": ["7"], "a b": ["&"]});
    let request = write(&json!({"key": "a", "page": 2, "filters": filters})).unwrap();
    let query = request.uri().query();
    assert_eq!(query, Some("literal=1&page=2&a%20b=%26&z=1&z=2"));
}

/// The code and members of an error response, and what it lacked.
fn read_error(header: &str, retry_after: &str, body: &str) -> (String, Vec<String>) {
    let response = Response::builder()
        .status(429)
        .header("X-Amzn-Errortype", header)
        .header("Retry-After", retry_after)
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap();
    assert_eq!(
        REST_JSON_1.read_error_code(&response).code.as_deref(),
        Some("SlowDown")
    );
    let mut error = DynStructure::unread(&ERROR);
    let missing = REST_JSON_1
        .read_error(&ERROR, &response, &mut error)
        .unwrap();
    (error.to_string(), missing)
}

#[test]
fn an_error_is_read_as_far_as_it_goes() {
    let (error, missing) = read_error("SlowDown", "3", r#"{"message": "later", "quota": "q"}"#);
    assert_eq!(error, r#"message="later" retryAfter=3 quota="q""#);
    assert!(missing.is_empty());

    let date = "Tue, 29 Apr 2014 18:30:38 GMT";
    let (error, missing) = read_error(
        "test#SlowDown",
        date,
        r#"{"Message": "later", "quota": "q"}"#,
    );
    assert_eq!(error, r#"message="later" quota="q""#);
    assert!(missing.is_empty());

    let (error, missing) = read_error("SlowDown:http://x/", "3", r#"{"message": "later", "quo"#);
    assert_eq!(error, r#"message="later" retryAfter=3 quota="""#);
    assert_eq!(missing, ["/quota"]);

    let (error, missing) = read_error("SlowDown", "3", "<html>no</html>");
    assert_eq!(error, r#"message="" retryAfter=3 quota="""#);
    assert_eq!(missing, ["/message", "/quota"]);
}
