//! What calls tell of themselves through `tracing`, and what they never tell.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::Once;

use tinsmith_runtime::config::ConfigBuilder;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::server::{OK, Server};
use crate::service::{TOKEN, client, get};
use crate::{hasty, once};

thread_local! {
    /// What is traced on this thread, while somebody listens. A test has a thread of its own.
    static HEARD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Hears everything, down to TRACE, of whoever speaks.
struct Everything;

fn hear(write: impl FnOnce(&mut String) -> std::fmt::Result) {
    HEARD
        .with_borrow_mut(|heard| heard.as_mut().map_or(Ok(()), write))
        .unwrap();
}

fn hear_of(metadata: &Metadata<'_>) {
    hear(|text| write!(text, "\n{} {}", metadata.target(), metadata.name()));
}

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        hear(|text| write!(text, " {}={value:?}", field.name()));
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        hear_of(span.metadata());
        span.record(&mut Everything);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Everything);
    }

    fn event(&self, event: &Event<'_>) {
        hear_of(event.metadata());
        event.record(&mut Everything);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// What is traced while the server gives these answers to one call.
async fn traced(
    answers: &'static [&'static str],
    set: impl FnOnce(ConfigBuilder) -> ConfigBuilder,
) -> String {
    // For all threads at once: `tracing` remembers for the process who is interested in what.
    static LISTEN: Once = Once::new();
    LISTEN.call_once(|| tracing::subscriber::set_global_default(Everything).unwrap());
    let server = Server::answering(answers);
    let client = client(&server.url(), set);
    HEARD.set(Some(String::new()));
    let _ = client.send(get()).await;
    HEARD.take().unwrap_or_default()
}

/// A call and each attempt have a span that tells what they were and what came of them.
#[tokio::test]
async fn calls_and_attempts_have_spans() {
    let busy = "HTTP/1.1 503 Busy\r\nx-amzn-requestid: r-1\r\ncontent-length: 0\r\n\r\n";
    let text = traced(Box::leak(Box::new([busy, OK])), |config| {
        config.retry(hasty())
    })
    .await;
    for part in [
        "rpc.service=\"Tokens\"",
        "rpc.method=\"GetToken\"",
        "http.request.resend_count=1",
        "server.address=\"127.0.0.1\"",
        "waiting before the next attempt",
        "http.response.status_code=200",
        "attempts=2",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

/// An error has its code in the span.
#[tokio::test]
async fn errors_are_named_in_spans() {
    let denied = "HTTP/1.1 403 No\r\nx-amzn-errortype: Denied\r\ncontent-length: 0\r\n\r\n";
    let text = traced(Box::leak(Box::new([denied])), once).await;
    assert!(text.contains("error.type=\"Denied\""), "{text}");
}

/// Neither the token nor what the service answered with is traced at any level, whatever happens.
#[tokio::test]
async fn secrets_are_not_traced() {
    for answers in [
        &["HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{\"value\":\"pl4nted\"}"],
        &["HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{\"value\":\"pl4nted\""],
        &["HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"value\":\"pl4nted\"}"],
        &["HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"value\":[\"pl4nted\"]}"],
        &["HTTP/1.1 500 Oh\r\ncontent-length: 15\r\n\r\n<html> pl4nted "],
        &["pl4nted\r\n\r\n"],
    ] {
        let text = traced(answers, once).await;
        assert!(text.contains("GetToken"), "{text}");
        assert!(!text.contains(TOKEN) && !text.contains("pl4nted"), "{text}");
    }
}
