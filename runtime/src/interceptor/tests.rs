//! Hooks in calls over a transport that does what a script says, on a clock that is made up.

mod observing;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Uri};

use super::*;
use crate::client::Client;
use crate::config::ConfigBuilder;
use crate::error::{Error, Failure};
use crate::fixture::{Read, Script, Secured, Things, ThingsError, answer, config, run};
use crate::identity::Token;

type ErrorOfThings = Error<ThingsError>;

fn client(script: &Script, set: impl FnOnce(ConfigBuilder) -> ConfigBuilder) -> Client<Things> {
    Client::new(set(config(script.clone())).build().unwrap())
}

fn construction(error: ErrorOfThings) -> Failure {
    match error {
        Error::Construction(failure) => failure,
        other => panic!("{other}"),
    }
}

/// What interceptors have seen, in the order in which they did.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn write(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn lines(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Logs each hook, and stops the call in the hook of this name.
struct Logger {
    name: &'static str,
    log: Log,
    stops: &'static str,
}

impl Logger {
    fn new(name: &'static str, log: &Log) -> Self {
        Self {
            name,
            log: log.clone(),
            stops: "",
        }
    }

    fn stopping(name: &'static str, log: &Log, stops: &'static str) -> Self {
        Self {
            stops,
            ..Self::new(name, log)
        }
    }

    fn enter(&self, hook: &str) -> Result<(), BoxError> {
        self.log.write(format!("{} {hook}", self.name));
        match hook == self.stops {
            true => Err("enough".into()),
            false => Ok(()),
        }
    }
}

impl Interceptor for Logger {
    fn name(&self) -> &str {
        self.name
    }

    fn before_call(&self, _: &mut BeforeCall<'_>) -> Result<(), BoxError> {
        self.enter("before_call")
    }

    fn before_signing(&self, request: &mut BeforeSigning<'_>) -> Result<(), BoxError> {
        self.enter(&format!("before_signing {}", request.attempt()))
    }

    fn before_send(&self, request: &mut BeforeSend<'_>) {
        let _ = self.enter(&format!("before_send {}", request.attempt()));
    }

    fn after_attempt(&self, attempt: &mut AfterAttempt<'_>) {
        let _ = self.enter(&format!("after_attempt {}", attempt.attempt()));
    }

    fn after_call(&self, _: &mut AfterCall<'_>) {
        let _ = self.enter("after_call");
    }
}

/// Does one thing before signing.
struct Change<F>(F);

impl<F> Interceptor for Change<F>
where
    F: Fn(&mut BeforeSigning<'_>) -> Result<(), BoxError> + Send + Sync + 'static,
{
    fn name(&self) -> &str {
        "change"
    }

    fn before_signing(&self, request: &mut BeforeSigning<'_>) -> Result<(), BoxError> {
        (self.0)(request)
    }
}

/// The order that the documentation promises: the client's around the call's, each attempt within the
/// call, and backwards on the way out.
#[test]
fn hooks_nest_like_layers() {
    let log = Log::default();
    let script = Script::new([answer(503, &[]), answer(200, &[])]);
    let client = client(&script, |config| {
        config
            .interceptor(Logger::new("a", &log))
            .interceptor(Logger::new("b", &log))
    });
    run(client
        .call(Read::default())
        .interceptor(Logger::new("c", &log))
        .send())
    .unwrap();
    let mut expected = Vec::new();
    let mut hook = |hook: &str, order: [&str; 3]| {
        expected.extend(order.map(|name| format!("{name} {hook}")));
    };
    hook("before_call", ["a", "b", "c"]);
    for attempt in [1, 2] {
        hook(&format!("before_signing {attempt}"), ["a", "b", "c"]);
        hook(&format!("before_send {attempt}"), ["a", "b", "c"]);
        hook(&format!("after_attempt {attempt}"), ["c", "b", "a"]);
    }
    hook("after_call", ["c", "b", "a"]);
    assert_eq!(log.lines(), expected);
}

/// An interceptor of one call is not one of the next.
#[test]
fn a_calls_interceptor_is_its_own() {
    let log = Log::default();
    let script = Script::new([answer(200, &[]), answer(200, &[])]);
    let client = client(&script, |config| config);
    run(client
        .call(Read::default())
        .interceptor(Logger::new("c", &log))
        .send())
    .unwrap();
    assert!(!log.lines().is_empty());
    run(client.send(Read::default())).unwrap();
    assert!(log.lines().is_empty());
}

/// An interceptor may stop a call before it begins. The error names it, nothing is sent, and only those
/// that saw the beginning see the end.
#[test]
fn a_call_can_be_stopped_before_it_begins() {
    let log = Log::default();
    let script = Script::default();
    let client = client(&script, |config| {
        config
            .interceptor(Logger::new("a", &log))
            .interceptor(Logger::stopping("quota", &log, "before_call"))
            .interceptor(Logger::new("c", &log))
    });
    let error = run(client.send(Read::default())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Read cannot be sent: it was stopped: the interceptor `quota` refused: enough"
    );
    assert!(!error.is_retryable());
    let failure = construction(error);
    let source = std::error::Error::source(&failure).unwrap();
    let source = source.downcast_ref::<InterceptorError>().unwrap();
    assert_eq!(source.interceptor(), "quota");
    assert!(script.sent().is_empty());
    let expected = [
        "a before_call",
        "quota before_call",
        "quota after_call",
        "a after_call",
    ];
    assert_eq!(log.lines(), expected);
}

/// An interceptor may stop a call before a later attempt, which is then not made.
#[test]
fn a_call_can_be_stopped_before_an_attempt() {
    let log = Log::default();
    let script = Script::new([answer(503, &[])]);
    let client = client(&script, |config| {
        config
            .interceptor(Logger::new("a", &log))
            .interceptor(Logger::stopping("b", &log, "before_signing 2"))
    });
    let error = run(client.send(Read::default())).unwrap_err();
    assert_eq!(error.metadata().attempts(), 1);
    construction(error);
    assert_eq!(script.sent().len(), 1);
    let lines = log.lines();
    let expected = [
        "a before_signing 2",
        "b before_signing 2",
        "b after_call",
        "a after_call",
    ];
    assert_eq!(lines[lines.len() - 4..], expected);
}

/// What is changed is sent, on every attempt, and no attempt sees what was changed on another.
#[test]
fn changes_are_sent_on_every_attempt() {
    let script = Script::new([answer(503, &[]), answer(200, &[])]);
    let change = Change(|request: &mut BeforeSigning<'_>| {
        let attempt = HeaderValue::from(request.attempt());
        assert!(!request.headers().contains_key("x-attempt"));
        request.headers_mut().insert("x-attempt", attempt);
        *request.method_mut() = http::Method::PATCH;
        *request.uri_mut() = Uri::from_static("http://localhost:2/elsewhere");
        *request.body_mut().unwrap() = Bytes::from("changed");
        Ok(())
    });
    run(client(&script, |config| config.interceptor(change)).send(Read::default())).unwrap();
    let sent = script.sent();
    for (request, attempt) in sent.iter().zip(["1", "2"]) {
        assert_eq!(request.headers()["x-attempt"], attempt);
        assert_eq!(request.method(), "PATCH");
        assert_eq!(request.uri(), "http://localhost:2/elsewhere");
        assert_eq!(request.body().as_bytes().unwrap(), "changed");
    }
    assert_eq!(sent.len(), 2);
}

/// A URI that leads nowhere is told with the name of who left it.
#[test]
fn a_uri_without_a_host_is_refused() {
    let script = Script::default();
    let change = Change(|request: &mut BeforeSigning<'_>| {
        *request.uri_mut() = Uri::from_static("/relative");
        Ok(())
    });
    let error = run(client(&script, |config| config.interceptor(change)).send(Read::default()));
    let message = construction(error.unwrap_err()).to_string();
    assert!(
        message.contains("`change`") && message.contains("host"),
        "{message}"
    );
}

/// A request that is led to plain http elsewhere carries no token there.
#[test]
fn secrets_stay_off_plain_http_whatever_is_changed() {
    let script = Script::default();
    let client = client(&script, |config| {
        let config = config.bearer_token(Token::new("s3cr3t"));
        config.interceptor(Change(|request: &mut BeforeSigning<'_>| {
            *request.uri_mut() = Uri::from_static("http://example.com/");
            Ok(())
        }))
    });
    let error = run(client.send(Secured::default())).unwrap_err();
    assert!(construction(error).to_string().contains("plain http"));
    assert!(script.sent().is_empty());
}

/// A signature covers what an interceptor has added: a header by name, the body by its hash.
#[cfg(feature = "sigv4")]
#[test]
fn changes_are_signed() {
    use crate::fixture::Signed;
    use crate::identity::Credentials;

    let authorization = |body: &'static str| {
        let script = Script::new([answer(200, &[])]);
        let client = client(&script, |config| {
            let config = config.region("us-east-1");
            let config = config.credentials(Credentials::new("AKIDEXAMPLE", "secret"));
            config.interceptor(Change(move |request: &mut BeforeSigning<'_>| {
                request
                    .headers_mut()
                    .insert("x-request-id", HeaderValue::from_static("17"));
                *request.body_mut().unwrap() = Bytes::from(body);
                Ok(())
            }))
        });
        run(client.send(Signed::default())).unwrap();
        script.sent()[0].headers()["authorization"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let names = |header: &str| {
        let (_, names) = header.split_once("SignedHeaders=").unwrap();
        names.split(',').next().unwrap().to_owned()
    };
    let (one, other) = (authorization("one"), authorization("other"));
    assert!(
        names(&one).split(';').any(|name| name == "x-request-id"),
        "{one}"
    );
    assert_ne!(one.rsplit('=').next(), other.rsplit('=').next());
}

/// A request that is signed for somebody else to send is changed before and told after, and not sent.
#[cfg(feature = "sigv4")]
#[test]
fn presigned_requests_are_intercepted() {
    use crate::client::PresignedRequest;
    use crate::fixture::Signed;
    use crate::identity::Credentials;

    struct Told(Log);

    impl Interceptor for Told {
        fn before_signing(&self, request: &mut BeforeSigning<'_>) -> Result<(), BoxError> {
            let id = HeaderValue::from_static("17");
            request.headers_mut().insert("x-request-id", id);
            Ok(())
        }

        fn before_send(&self, _: &mut BeforeSend<'_>) {
            self.0.write("sent".to_owned());
        }

        fn after_call(&self, call: &mut AfterCall<'_>) {
            let presigned = call.output::<PresignedRequest>().unwrap();
            self.0.write(presigned.to_string());
        }
    }

    let log = Log::default();
    let client = client(&Script::default(), |config| {
        let config = config.region("us-east-1").interceptor(Told(log.clone()));
        config.credentials(Credentials::new("AKIDEXAMPLE", "secret"))
    });
    let call = client.call(Signed::default());
    let presigned = run(call.presigned(Duration::from_secs(60))).unwrap();
    assert_eq!(presigned.headers()["x-request-id"], "17");
    let query = presigned.uri().query().unwrap();
    assert!(
        query.contains("SignedHeaders=host%3Bx-request-id"),
        "{query}"
    );
    assert_eq!(log.lines(), ["PUT http://localhost:1/***"]);
}

/// What people print of a request tells no secret: neither its token nor its query nor its body.
#[test]
fn no_secret_is_printed() {
    struct Print(Log);

    impl Interceptor for Print {
        fn before_signing(&self, request: &mut BeforeSigning<'_>) -> Result<(), BoxError> {
            *request.body_mut().unwrap() = Bytes::from("s3cr3t");
            self.0.write(format!("{request:?}"));
            Ok(())
        }

        fn before_send(&self, request: &mut BeforeSend<'_>) {
            assert_eq!(request.headers()["authorization"], "Bearer s3cr3t");
            assert!(request.uri().query().unwrap().contains("s3cr3t"));
            self.0.write(format!("{request:?} {:?}", request.headers()));
        }

        fn after_attempt(&self, attempt: &mut AfterAttempt<'_>) {
            self.0.write(format!("{attempt:?}"));
        }

        fn after_call(&self, call: &mut AfterCall<'_>) {
            self.0.write(format!("{call:?}"));
        }
    }

    let log = Log::default();
    let script = Script::new([answer(200, &[])]);
    let client = client(&script, |config| {
        config
            .bearer_token(Token::new("s3cr3t"))
            .interceptor(Print(log.clone()))
    });
    let input = Secured {
        name: Some("s3cr3t".to_owned()),
        ..Secured::default()
    };
    run(client.send(input)).unwrap();
    let text = log.lines().join("\n");
    assert!(
        text.contains("authorization") && text.contains("localhost"),
        "{text}"
    );
    assert!(!text.contains("s3cr3t"), "{text}");
}

/// A name is there without being written, and the configuration shows who is registered.
#[test]
fn interceptors_have_names() {
    struct Nameless;
    impl Interceptor for Nameless {}

    assert!(Nameless.name().ends_with("::Nameless"));
    let client = client(&Script::default(), |config| config.interceptor(Nameless));
    assert!(format!("{client:?}").contains("::Nameless"));
}

/// A client without interceptors does nothing for them.
#[test]
fn no_interceptors_cost_nothing() {
    let clock = crate::fixture::VirtualClock::default();
    let counted = allocation_counter::measure(|| {
        let hooks = Hooks::of(&Interceptors::default(), &crate::fixture::READ, &clock);
        assert!(hooks.is_none());
    });
    assert_eq!(counted.count_total, 0);
}
