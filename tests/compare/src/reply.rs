//! Answers of a service: outputs, modelled errors, unknown errors and what is none of these.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::draw::{Draw, Quality};
use crate::model::Model;

/// An answer, as it goes over the wire.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers besides `content-length`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// Any answer to a call of `operation`.
pub fn any_reply(model: &Model, operation: &str) -> BoxedStrategy<Reply> {
    prop_oneof![
        5 => success(model, operation),
        4 => modeled_error(model),
        2 => other_error(model),
        1 => nonsense(model.status(operation)),
    ]
    .boxed()
}

fn quality() -> impl Strategy<Value = Quality> {
    prop_oneof![
        4 => Just(Quality::Sound),
        2 => Just(Quality::Sloppy),
        1 => Just(Quality::Broken),
    ]
}

/// Headers that every answer may have, and one that no client knows.
fn usual_headers() -> BoxedStrategy<Vec<(String, String)>> {
    let content_type = select(vec![
        "application/json",
        "application/json; charset=utf-8",
        "application/x-amz-json-1.1",
    ]);
    let request_id = select(vec![
        "x-amzn-requestid",
        "x-amz-request-id",
        "X-Amzn-RequestId",
    ]);
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    (
        proptest::option::weighted(0.9, content_type),
        proptest::option::weighted(0.9, (request_id, "[0-9a-f]{8}-[0-9a-f]{4}")),
        proptest::option::of(Just("x-unknown")),
    )
        .prop_map(move |(content_type, request_id, unknown)| {
            let content_type = content_type.map(|value| header("content-type", value));
            let request_id = request_id.map(|(name, id)| header(name, &id));
            let unknown = unknown.map(|name| header(name, "a, b"));
            content_type
                .into_iter()
                .chain(request_id)
                .chain(unknown)
                .collect()
        })
        .boxed()
}

/// JSON as one or the other library writes it.
fn text(value: &Value, pretty: bool) -> String {
    match pretty {
        true => format!("\n{value:#} \n"),
        false => value.to_string(),
    }
}

fn success(model: &Model, operation: &str) -> BoxedStrategy<Reply> {
    let modeled = model.status(operation);
    let status = prop_oneof![8 => Just(modeled), 1 => select(vec![200, 201, 202, 206])];
    let output = model.part(operation, "output");
    let body = of_any_quality(model, output);
    (status, usual_headers(), body, any::<bool>())
        .prop_map(|(status, headers, body, pretty)| Reply {
            status,
            headers,
            body: text(&body, pretty),
        })
        .boxed()
}

fn of_any_quality(model: &Model, id: &str) -> BoxedStrategy<Value> {
    let of = |quality| Draw { model, quality }.structure(id);
    let (sound, sloppy, broken) = (of(Quality::Sound), of(Quality::Sloppy), of(Quality::Broken));
    quality()
        .prop_flat_map(move |quality| match quality {
            Quality::Sound => sound.clone(),
            Quality::Sloppy => sloppy.clone(),
            Quality::Broken => broken.clone(),
        })
        .boxed()
}

/// Where a code stands, and in which form.
#[derive(Clone, Debug)]
struct Code {
    header: Option<u8>,
    code: Option<u8>,
    kind: Option<u8>,
}

fn places() -> impl Strategy<Value = Code> {
    let form = || proptest::option::of(0..4_u8);
    (form(), form(), form()).prop_map(|(header, code, kind)| Code { header, code, kind })
}

fn in_form(code: &str, form: u8) -> String {
    match form {
        0 => code.to_owned(),
        1 => format!("com.example.errors#{code}"),
        2 => format!("{code}:http://internal.example/errors/"),
        _ => format!("com.example.errors#{code}:http://internal.example/errors/"),
    }
}

fn modeled_error(model: &Model) -> BoxedStrategy<Reply> {
    let errors = model.errors();
    let of_each = errors.into_iter().map(|name| {
        let body = of_any_quality(model, &model.id(name));
        let status = Just(model.status(name));
        let name = name.to_owned();
        (Just(name), status, body)
            .prop_map(|(name, status, body)| (name, status, body))
            .boxed()
    });
    let error = proptest::strategy::Union::new(of_each);
    let retry_after = proptest::option::of(select(vec![
        "0",
        "7",
        " 7 ",
        "-1",
        "2147483648",
        "soon",
        "Wed, 21 Oct 2026 07:28:00 GMT",
        "",
    ]));
    let other_status = proptest::option::weighted(0.1, select(vec![400, 403, 429, 500, 503]));
    (
        error,
        places(),
        retry_after,
        other_status,
        usual_headers(),
        message_name(),
    )
        .prop_map(
            |((name, status, body), places, retry_after, other_status, headers, message)| {
                let body = renamed(body, message);
                let mut reply = coded(&name, &places, body, headers);
                reply.status = other_status.unwrap_or(status);
                if let Some(value) = retry_after {
                    reply
                        .headers
                        .push(("Retry-After".to_owned(), value.to_owned()));
                }
                reply
            },
        )
        .boxed()
}

fn message_name() -> impl Strategy<Value = &'static str> {
    prop_oneof![8 => Just("message"), 1 => Just("Message"), 1 => Just("errorMessage")]
}

fn renamed(mut body: Value, message: &str) -> Value {
    if let Some(object) = body.as_object_mut()
        && let Some(value) = object.remove("message")
    {
        object.insert(message.to_owned(), value);
    }
    body
}

/// An answer with the code in its places.
fn coded(code: &str, places: &Code, mut body: Value, mut headers: Vec<(String, String)>) -> Reply {
    if let Some(form) = places.header {
        headers.push(("X-Amzn-Errortype".to_owned(), in_form(code, form)));
    }
    if let Some(object) = body.as_object_mut() {
        let body_forms = [("code", places.code), ("__type", places.kind)];
        for (name, form) in body_forms {
            if let Some(form) = form {
                object.insert(name.to_owned(), in_form(code, form).into());
            }
        }
    }
    Reply {
        status: 400,
        headers,
        body: body.to_string(),
    }
}

/// An error that the model does not have, or whose body is not what the model says.
fn other_error(model: &Model) -> BoxedStrategy<Reply> {
    let mut codes: Vec<String> = model.errors().into_iter().map(str::to_owned).collect();
    codes.extend(["RequestExpired", "Throttling", "ImATeapot", ""].map(str::to_owned));
    let body = prop_oneof![
        4 => Just(json!({"message": "no"}).to_string()),
        1 => Just(json!({"Message": "no", "other": [1]}).to_string()),
        1 => Just(json!({"message": 7}).to_string()),
        1 => Just(json!({}).to_string()),
        1 => select(vec!["", " ", "null", "[]", "\"no\"", "<html><b>no</b></html>", "{\"message\": \"n"])
            .prop_map(str::to_owned),
    ];
    let status = select(vec![
        400, 401, 403, 404, 409, 413, 429, 500, 502, 503, 504, 301, 307,
    ]);
    (select(codes), places(), body, status, usual_headers())
        .prop_map(|(code, places, body, status, headers)| {
            let value = serde_json::from_str(&body).unwrap_or(Value::Null);
            let reply = coded(&code, &places, value, headers);
            let is_object = reply.body.starts_with('{');
            Reply {
                status,
                body: if is_object { reply.body } else { body },
                headers: reply.headers,
            }
        })
        .boxed()
}

/// A success that is none.
fn nonsense(status: u16) -> BoxedStrategy<Reply> {
    let body = select(vec![
        "",
        " ",
        "null",
        "[]",
        "7",
        "\"{}\"",
        "{",
        "}",
        "{}}",
        "{\"a\": 1,}",
        "{'a': 1}",
        "<html>",
        "{\"a\": \"\\ud800\"}",
        "\u{FEFF}{}",
        "nul",
    ]);
    (Just(status), usual_headers(), body)
        .prop_map(|(status, headers, body)| Reply {
            status,
            headers,
            body: body.to_owned(),
        })
        .boxed()
}
