//! What calls tell of themselves through `tracing`, and what they never tell.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tinsmith_runtime::config::ConfigBuilder;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::server::{OK, Server};
use crate::service::{TOKEN, client, get};
use crate::{hasty, once};

/// Keeps everything, down to TRACE, of whoever speaks.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

impl Everything {
    fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    fn line(&self, metadata: &Metadata<'_>) {
        let mut text = self.0.lock().unwrap();
        text.push_str(&format!("\n{} {}", metadata.target(), metadata.name()));
    }
}

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = self.0.lock().unwrap();
        text.push_str(&format!(" {}={value:?}", field.name()));
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.line(span.metadata());
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        self.line(event.metadata());
        event.record(&mut self.clone());
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
    let everything = Everything::default();
    let guard = tracing::subscriber::set_default(everything.clone());
    let server = Server::answering(answers);
    let _ = client(&server.url(), set).send(get()).await;
    drop(guard);
    everything.text()
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
        "attempt=1",
        "attempt=2",
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
