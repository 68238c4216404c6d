//! The spans of calls over a transport that does what a script says.

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::recorder::{Recorded, listen};
use super::*;
use crate::client::Client;
use crate::config::ConfigBuilder;
use crate::fixture::{Act, CREATE, Create, Read, Script, Secured, Things, answer, config, run};
use crate::identity::Token;
use crate::transport::{TransportError, TransportErrorKind};

/// The spans of what `call` does with a client over these acts, and all that was said.
fn record(
    acts: impl IntoIterator<Item = Act>,
    set: impl FnOnce(ConfigBuilder) -> ConfigBuilder,
    call: impl FnOnce(&Client<Things>),
) -> (Vec<Recorded>, String) {
    let client = Client::new(set(config(Script::new(acts))).build().unwrap());
    let ((), spans, text) = listen(|| call(&client));
    (spans, text)
}

fn read(client: &Client<Things>) {
    let _ = run(client.send(Read::default()));
}

/// One span a call, and one an attempt within it, all closed when the call is over.
#[test]
fn a_call_has_a_span_and_each_attempt_one_within() {
    let busy = answer(503, &[("x-amzn-requestid", "r-1")]);
    let (spans, _) = record(
        [busy, answer(200, &[("x-amzn-requestid", "r-2")])],
        |it| it,
        read,
    );
    let names: Vec<_> = spans.iter().map(|span| (span.name, span.parent)).collect();
    assert_eq!(
        names,
        [("call", None), ("attempt", Some(0)), ("attempt", Some(0))]
    );
    assert!(spans.iter().all(|span| span.holders == 0), "{spans:?}");
}

/// The names of a call are those that the conventions have for RPC clients.
#[test]
fn the_span_of_a_call_says_what_and_where() {
    let busy = answer(503, &[("x-amzn-requestid", "r-1")]);
    let answers = [busy, answer(200, &[("x-amzn-requestid", "r-2")])];
    let (spans, _) = record(answers, |config| config.region("eu-west-1"), read);
    let expected = [
        ("attempts", "2"),
        ("aws.request_id", "r-2"),
        ("cloud.region", "eu-west-1"),
        ("http.response.status_code", "200"),
        ("otel.kind", "client"),
        ("otel.name", "Things.Read"),
        ("rpc.method", "Read"),
        ("rpc.service", "Things"),
        ("rpc.system.name", "smithy"),
        ("server.address", "localhost"),
        ("server.port", "1"),
    ];
    let fields: Vec<_> = spans[0]
        .fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    assert_eq!(fields, expected);
}

/// The names of an attempt are those that the conventions have for HTTP clients; the first attempt is
/// not a resending.
#[test]
fn the_span_of_an_attempt_says_what_came_of_it() {
    let busy = answer(503, &[("x-amzn-requestid", "r-1")]);
    let (spans, _) = record([busy, answer(200, &[])], |config| config, read);
    let first = [
        ("aws.request_id", "r-1"),
        ("error.type", "503"),
        ("http.request.method", "PUT"),
        ("http.response.status_code", "503"),
        ("otel.kind", "client"),
        ("otel.name", "PUT"),
        ("otel.status_code", "ERROR"),
        ("server.address", "localhost"),
        ("server.port", "1"),
    ];
    let fields: Vec<_> = spans[1]
        .fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    assert_eq!(fields, first);
    assert_eq!(spans[2].get("http.request.resend_count"), "1");
    assert_eq!(spans[2].get("http.response.status_code"), "200");
    assert_eq!(spans[2].get("error.type"), "");
}

/// Whatever a call fails of has a name, of which there are few.
#[test]
fn errors_have_types() {
    let outcome = |act: Option<Act>| {
        let once = crate::retry::RetryConfig::off();
        let (spans, _) = record(act, |config| config.retry(once), read);
        let attempt = spans.get(1).cloned().unwrap_or_default();
        assert_eq!(spans[0].get("otel.status_code"), "ERROR");
        (
            spans[0].get("error.type").to_owned(),
            attempt.get("error.type").to_owned(),
        )
    };
    let failed = |kind| Some(Act::Fail(TransportError::new(kind, "test")));
    for (act, call, attempt) in [
        (
            Some(answer(400, &[("x-error", "Conflict")])),
            "Conflict",
            "Conflict",
        ),
        (Some(answer(404, &[])), "404", "404"),
        (Some(Act::Stall), "timeout", "timeout"),
        (failed(TransportErrorKind::Connect), "dispatch", "connect"),
        (failed(TransportErrorKind::Io), "dispatch", "io"),
        (
            failed(TransportErrorKind::ConnectTimeout),
            "timeout",
            "connect_timeout",
        ),
        (
            failed(TransportErrorKind::AcquireTimeout),
            "timeout",
            "acquire_timeout",
        ),
    ] {
        assert_eq!(outcome(act), (call.to_owned(), attempt.to_owned()));
    }
}

/// An input that is refused has the span of a call, and no attempt.
#[test]
fn a_refused_input_has_a_span() {
    let (spans, _) = record(
        [],
        |config| config,
        |client| {
            let input = Read {
                name: Some("much-too-long".to_owned()),
                ..Read::default()
            };
            run(client.send(input)).unwrap_err();
        },
    );
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].get("error.type"), "validation");
}

/// What a service calls its errors and its requests can neither be without end nor hold what a log takes
/// for something else.
#[test]
fn what_a_service_says_is_short_and_of_one_line() {
    let endless = "r".repeat(1 << 16);
    let refusal = answer(
        400,
        &[("x-error", "Bad\tcode"), ("x-amzn-requestid", &endless)],
    );
    let (spans, _) = record([refusal], |config| config, read);
    assert_eq!(spans.len(), 2);
    for span in spans {
        assert_eq!(span.get("error.type"), "Bad\\tcode");
        let id = span.get("aws.request_id");
        assert!(id.starts_with("rrr") && id.len() < 1 << 12, "{}", id.len());
    }
}

/// Neither spans nor events tell a token, a query, a header or what an input holds.
#[test]
fn no_secret_is_in_spans_or_events() {
    let busy = answer(503, &[("x-planted", "s3cr3t")]);
    let token = |config: ConfigBuilder| config.bearer_token(Token::new("s3cr3t"));
    let (spans, text) = record([busy, answer(200, &[])], token, |client| {
        let input = Secured {
            name: Some("s3cr3t".to_owned()),
            ..Secured::default()
        };
        run(client.send(input)).unwrap();
    });
    assert_eq!(spans.len(), 3);
    assert!(text.contains("waiting before the next attempt"), "{text}");
    assert!(!text.contains("s3cr3t"), "{text}");
}

/// Where nobody listens a span is made of nothing.
#[test]
fn spans_allocate_nothing_where_nobody_listens() {
    let (parts, ()) = http::Request::new(()).into_parts();
    // While other tests listen, the first span of a thread makes the thread's place for its subscriber.
    tracing::subscriber::with_default(tracing::subscriber::NoSubscriber::default(), || ());
    let counted = allocation_counter::measure(|| {
        let call = call_span(&CREATE, Some("us-east-1"));
        let attempt = attempt_span(1, &parts);
        record_attempt(
            &attempt,
            &Attempt::answered(200, &parts.headers),
            Some("r-1"),
        );
        record_call(&call, &ResponseMetadata::default(), false, None);
    });
    assert_eq!(counted.count_total, 0);
}

/// A call allocates no more for being traced by nobody in particular: a subscriber that wants nothing
/// of it is like none.
#[test]
fn a_call_costs_the_same_where_nobody_wants_to_know() {
    /// Wants nothing.
    struct Deaf;

    impl Subscriber for Deaf {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            false
        }
        fn new_span(&self, _: &Attributes<'_>) -> Id {
            unreachable!("no span is enabled")
        }
        fn record(&self, _: &Id, _: &Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, _: &Event<'_>) {
            unreachable!("no event is enabled")
        }
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }

    let send = |client: &Client<Things>| {
        let counted = allocation_counter::measure(|| {
            run(client.send(Create::default())).unwrap();
        });
        counted.count_total
    };
    let acts = || (0..3).map(|_| answer(200, &[]));
    let client = Client::new(config(Script::new(acts())).build().unwrap());
    send(&client);
    let unheard = send(&client);
    let deaf = tracing::subscriber::with_default(Deaf, || send(&client));
    assert_eq!(deaf, unheard);
}
