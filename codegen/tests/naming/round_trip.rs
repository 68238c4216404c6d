//! Sends everything that the generated crate around this file can name, and reads it back.
//!
//! The transport answers each request with its own body, so that what is read is what was written;
//! the inputs and outputs of the model are the same shapes.

#![allow(deprecated)]

use std::collections::BTreeMap;
use std::future::{Future, IntoFuture as _};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use obstacles::core::{Client, Error, ServiceError, operation, types};
use obstacles::runtime::Config;
use obstacles::runtime::body::Body;
use obstacles::runtime::retry::RetryConfig;
use obstacles::runtime::shape::{BigDecimal, BigInteger, Blob, Document, Sensitive};
use obstacles::runtime::time::{Clock, Moment, Sleep};
use obstacles::runtime::timestamp::Timestamp;
use obstacles::runtime::transport::{Transport, TransportFuture};
use obstacles::{r#match, naming, naming_2, std as std_service};

/// Answers with the request's body, or with what it was told to answer.
#[derive(Clone, Debug, Default)]
struct Echo {
    sent: Arc<Mutex<Vec<(String, String)>>>,
    answer: Option<(u16, &'static str, &'static str)>,
}

impl Transport for Echo {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        let body = request.body().as_bytes().cloned().unwrap_or_default();
        let text = String::from_utf8_lossy(&body).into_owned();
        let path = request.uri().path().to_owned();
        self.sent.lock().unwrap().push((path, text));
        let mut response = http::Response::builder();
        let body = match self.answer {
            None => Body::from(body),
            Some((status, code, answer)) => {
                response = response.status(status).header("x-amzn-errortype", code);
                Body::from(answer)
            }
        };
        let response = response
            .header("content-type", "application/json")
            .body(body);
        Box::pin(async move { Ok(response.unwrap()) })
    }
}

/// Nothing here takes time.
#[derive(Debug)]
struct Still;

impl Clock for Still {
    fn now(&self) -> Moment {
        Moment {
            wall: SystemTime::UNIX_EPOCH,
            elapsed: Duration::ZERO,
        }
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }
}

fn config(echo: &Echo) -> Config {
    Config::builder()
        .transport(echo.clone())
        .clock(Still)
        .endpoint_url("http://localhost")
        .build()
        .unwrap()
}

/// The output of a future that never has to wait.
fn now<F: Future>(future: F) -> F::Output {
    let mut future: Pin<&mut F> = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the call waits for something"),
    }
}

/// Sends `input` and compares the fields of what comes back; hands back the JSON that was sent.
macro_rules! round_trip {
    ($input:expr, $($field:ident),+) => {{
        let echo = Echo::default();
        let input = $input;
        let output = now(Client::new(config(&echo)).send(input.clone())).unwrap();
        $(assert_eq!(output.$field, input.$field);)+
        let sent = echo.sent.lock().unwrap();
        let (_, body) = sent.first().unwrap();
        serde_json::from_str::<serde_json::Value>(body).unwrap()
    }};
}

fn required() -> operation::EverythingInput {
    operation::EverythingInput {
        pages: Some(1),
        ..Default::default()
    }
}

/// Members called like keywords, like what the builder has, and like each other.
#[test]
fn members() {
    let members = types::Members::default()
        .self_("self")
        .crate_("crate")
        .super_("super")
        .r#type("type")
        .type_3("type_")
        .r#async("async")
        .r#gen("gen")
        .r#try("try")
        .metadata("metadata")
        .validate_("validate")
        .clone_("clone")
        .foo_bar("foo_bar")
        .value("value")
        .http_server("HTTPServer");
    let input = operation::EverythingInput {
        members: Some(members),
        operators: Some(
            types::Operators::default()
                .add(1)
                .not(2)
                .index(3)
                .eq(4)
                .fmt(5),
        ),
        metadata: Some("metadata".into()),
        self_: Some("self".into()),
        send: Some("send".into()),
        items: Some(vec!["item".into()]),
        into_future: Some(true),
        validate: Some("validate".into()),
        input: Some("input".into()),
        call: Some("call".into()),
        into_call: Some("intoCall".into()),
        new: Some("new".into()),
        r#type: Some("type".into()),
        ..required()
    };
    let sent = round_trip!(
        input,
        members,
        operators,
        self_,
        send,
        items,
        into_future,
        validate,
        input,
        call,
        into_call,
        new,
        r#type
    );
    for name in [
        "self",
        "crate",
        "super",
        "type",
        "type_",
        "async",
        "gen",
        "try",
        "HTTPServer",
    ] {
        assert_eq!(sent["members"][name], name);
    }
    for name in [
        "metadata", "self", "send", "validate", "intoCall", "new", "type",
    ] {
        assert_eq!(sent[name], name);
    }
}

/// The same by the setters of the call.
#[test]
fn builders() {
    let echo = Echo::default();
    let call = Client::new(config(&echo))
        .everything()
        .self_("self")
        .send_("send")
        .items_(["a", "b"])
        .into_future_(false)
        .validate_("validate")
        .input_("input")
        .call_("call")
        .into_call_("into")
        .new_("new")
        .metadata("metadata")
        .pages_(2);
    let output = now(call.clone().into_future()).unwrap();
    assert_eq!(output.new.as_deref(), Some("new"));
    assert_eq!(output.metadata_.as_deref(), Some("metadata"));
    assert_eq!(output.metadata.status(), 200);
    assert_eq!(output.pages, 2);
    assert_eq!(now(call.send()).unwrap().call.as_deref(), Some("call"));
}

/// Shapes called like types and traits of Rust, of the runtime and of the generated code itself.
#[test]
fn shapes() {
    let names = types::Names::default()
        .option(types::OptionShape2::default().text("some").option(1))
        .b_tree_map(types::BTreeMapShape::default().b_tree_map(2))
        .into_future(types::IntoFutureShape::default().text("later"))
        .string(types::StringShape::String(3))
        .self_(types::SelfShape::SelfValue)
        .iterator(types::IteratorShape::Iterator);
    let other = types::OtherThing::default().there("there");
    let input = operation::EverythingInput {
        names: Some(names),
        other: Some(other),
        thing: Some(types::Thing::default().here("here")),
        old: Some(
            types::Old::default()
                .text("old")
                .r#type(types::OldEnum::New),
        ),
        ..required()
    };
    let sent = round_trip!(input, names, other, thing, old);
    assert_eq!(sent["names"]["Option"]["Option"], 1);
    assert_eq!(sent["names"]["Self"], 2);
    assert_eq!(sent["names"]["String"]["String"], 3);
    assert_eq!(sent["names"]["Iterator"], 2);
    assert_eq!(sent["other"]["there"], "there");
}

/// Values of enums that are no names, or that meet; each is sent and read as itself.
#[test]
fn values() {
    assert_eq!(types::Odd::from("Unknown"), types::Odd::UnknownValue2);
    assert_eq!(types::Odd::from("unknown"), types::Odd::UnknownValue);
    for text in types::Odd::values() {
        let odd = types::Odd::from(*text);
        assert!(!matches!(odd, types::Odd::Unknown(_)), "{text}");
        assert_eq!(odd.as_str(), *text);
        let values = types::Values::default()
            .odd(odd.clone())
            .odds([(odd.clone(), types::Level::Unknown(7))])
            .sparse([Some(odd), None, Some("new".into())])
            .level(types::Level::SelfValue)
            .preset(*text);
        let input = operation::EverythingInput {
            values: Some(values),
            ..required()
        };
        let sent = round_trip!(input, values);
        assert_eq!(sent["values"]["odd"], *text);
        assert_eq!(sent["values"]["odds"][*text], 7);
    }
    let defaults = types::Values::default();
    assert_eq!(defaults.level, types::Level::V1);
    assert_eq!(defaults.preset.as_str(), "1.0");
}

/// Variants called like what an open enum has, and shapes that hold themselves.
#[test]
fn choices() {
    let leaf = types::Tree::default().self_("leaf");
    let tree = types::Tree::default()
        .left(leaf.clone())
        .children([leaf.clone()])
        .by_name([("leaf", leaf.clone())])
        .choice(types::Choice::None);
    let choices = vec![
        types::Choice::UnknownValue("text".into()),
        types::Choice::SelfValue("self".into()),
        types::Choice::Unit,
        types::Choice::Some(Box::new(types::Choice::Default(true))),
        types::Choice::Vec(vec![types::Choice::None]),
        types::Choice::Box(tree.clone()),
        types::Choice::Secret("hidden".into()),
        types::Choice::Type(Timestamp::from_second(1_700_000_000).unwrap()),
    ];
    let input = operation::EverythingInput {
        choices: Some(choices),
        tree: Some(tree),
        ..required()
    };
    let sent = round_trip!(input, choices, tree);
    assert_eq!(sent["choices"][0], serde_json::json!({ "Unknown": "text" }));
    assert_eq!(
        sent["choices"][3],
        serde_json::json!({ "Some": { "default": true } })
    );
}

/// Everything that can be sensitive travels, and shows nothing of itself.
#[test]
fn secrets() {
    let structure = types::SecretStructure::default()
        .plain("hunter2")
        .secret("hunter2");
    let secrets = types::Secrets::default()
        .text("hunter2")
        .blob(Blob::from("hunter2"))
        .number(2)
        .time(Timestamp::from_second(1_700_000_000).unwrap())
        .r#enum(types::SecretEnum::Sensitive)
        .list(vec!["hunter2".into()])
        .map(BTreeMap::from([(
            "hunter2".into(),
            Blob::from("hunter2").into(),
        )]))
        .union(types::SecretUnion::Plain("hunter2".into()))
        .structure(structure);
    assert_eq!(secrets.count.expose(), &7);
    let shown = format!("{secrets:?}");
    assert!(
        !shown.contains("hunter2") && !shown.contains("1700000000"),
        "{shown}"
    );
    let input = operation::EverythingInput {
        secrets: Some(secrets),
        ..required()
    };
    let sent = round_trip!(input, secrets);
    assert_eq!(sent["secrets"]["list"][0], "hunter2");
}

/// A sensitive idempotency token is filled like any other.
#[test]
fn tokens() {
    let echo = Echo::default();
    let call = Client::new(config(&echo)).page().pages_(3).items_("first");
    assert_eq!(now(call.send()).unwrap().next, None);
    let sent = echo.sent.lock().unwrap();
    let sent: serde_json::Value = serde_json::from_str(&sent[0].1).unwrap();
    assert_eq!(sent["send"].as_str().map(str::len), Some(36));
    assert_eq!(sent["items"], "first");
}

/// Simple shapes under names of Rust's own types, and every kind of default.
#[test]
fn numbers() {
    let simple = types::Simples::default()
        .str("text")
        .bool(true)
        .i8(i8::MIN)
        .i64(i64::MAX)
        .f64(0.5)
        .bigint(
            "123456789012345678901234567890"
                .parse::<BigInteger>()
                .unwrap(),
        )
        .decimal("0.1".parse::<BigDecimal>().unwrap())
        .bytes(Blob::from("bytes"))
        .any(Document::from("any"));
    let numbers = types::Numbers::default();
    assert_eq!(numbers.least, i64::MIN);
    assert_eq!(numbers.text, "a \"b\" \\ {c} \n");
    assert_eq!(
        numbers.big_integer.to_string(),
        "123456789012345678901234567890"
    );
    let input = operation::EverythingInput {
        simple: Some(simple),
        numbers: Some(numbers),
        ..required()
    };
    round_trip!(input, simple, numbers);
}

/// Errors called like what every service's errors are made of.
#[test]
fn errors() {
    let answers = [
        (
            "Error",
            400,
            r#"{"Message": "m", "metadata": "x", "details": 1}"#,
        ),
        ("Exception", 500, r#"{"message": "m"}"#),
        ("SelfError", 400, r#"{"type": "t"}"#),
        ("ThrottlingError", 429, r#"{"message": "hunter2"}"#),
        ("Unmodeled", 400, "{}"),
        ("NeverHeardOf", 400, "{}"),
    ];
    for (code, status, body) in answers {
        let echo = Echo {
            answer: Some((status, code, body)),
            ..Echo::default()
        };
        let call = Client::new(config(&echo))
            .call(required())
            .retry(RetryConfig::off());
        let Err(Error::Service(error)) = now(call.send()) else {
            panic!("{code} is no error of the service");
        };
        let shown = error.to_string();
        assert!(shown.contains(code), "{code}: {shown}");
        assert!(!format!("{error:?}{shown}").contains("hunter2"), "{code}");
        match (code, error) {
            ("Error", ServiceError::ErrorShape(error)) => {
                assert_eq!(error.metadata_.as_deref(), Some("x"));
                assert_eq!(error.metadata.status(), 400);
                assert_eq!(error.details, Some(1));
            }
            ("Exception", ServiceError::Exception(error)) => assert_eq!(error.message, "m"),
            ("SelfError", ServiceError::SelfError(error)) => {
                assert_eq!(error.r#type.as_deref(), Some("t"));
            }
            ("ThrottlingError", ServiceError::ThrottlingError(error)) => {
                assert_eq!(
                    error.message.map(Sensitive::into_exposed).as_deref(),
                    Some("hunter2")
                );
            }
            ("Unmodeled", ServiceError::UnmodeledError(_))
            | ("NeverHeardOf", ServiceError::Unmodeled(_)) => {}
            (code, error) => panic!("{code} is read as {error:?}"),
        }
    }
}

/// Operations called like what a client and its modules have, and services whose modules would meet.
#[test]
fn operations() {
    let echo = Echo::default();
    let client = std_service::Client::new(config(&echo));
    now(client.send_().call_("c").send()).unwrap();
    now(client.new_().self_("s").send()).unwrap();
    now(client.clone_().new_(true).send()).unwrap();
    now(client.clone().from_env_().send()).unwrap();
    now(client.r#mod().send()).unwrap();
    now(client.into_future().send()).unwrap();
    now(client.send(std_service::operation::OptionInput::default())).unwrap();
    now(naming::Client::new(config(&echo)).only_naming().send()).unwrap();
    now(naming_2::Client::new(config(&echo)).only_naming().send()).unwrap();
    now(r#match::Client::new(config(&echo)).only_match().send()).unwrap();
    let sent = echo.sent.lock().unwrap();
    let paths: Vec<_> = sent.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths[..5], ["/Send", "/New", "/Clone", "/FromEnv", "/Mod"]);
}
