//! Calls over real sockets, to servers that behave and to servers that do not: every outcome is an
//! output or an error with a name, and never a hang.
#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::panic)] // A failed test panics.

#[cfg(feature = "blocking")]
mod blocking;
mod connections;
#[cfg(all(feature = "event-stream", feature = "http2"))]
mod events;
mod faults;
#[cfg(feature = "http2")]
mod http2;
#[cfg(feature = "http2")]
mod http2_end;
mod proxy;
mod server;
mod service;
mod sso;
mod streams;
mod tls;
mod trace;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use server::{OK, Server};
use service::{TOKEN, TokensError, client, create, get};
use tinsmith_runtime::Error;
use tinsmith_runtime::config::{ConfigBuilder, Timeouts};
use tinsmith_runtime::retry::RetryConfig;

/// How long to wait for what must come, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(300);

/// Waits between attempts that a test has time for.
fn hasty() -> RetryConfig {
    RetryConfig::standard().initial_backoff(Duration::from_millis(1))
}

fn once(config: ConfigBuilder) -> ConfigBuilder {
    config.retry(RetryConfig::off())
}

/// The error of one attempt at the server.
async fn failure(server: &Server) -> Error<TokensError> {
    let error = client(&server.url(), once).send(get()).await.unwrap_err();
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains(TOKEN), "{text}");
    }
    error
}

/// Requests follow each other on one connection.
#[tokio::test]
async fn connections_are_kept() {
    let server = Server::answering(&[OK, OK, OK]);
    let client = client(&server.url(), once);
    for _ in 0..3 {
        let answer = client.send(get()).await.unwrap();
        assert_eq!(answer.value.as_deref(), Some("v"));
        assert_eq!(answer.metadata.status(), 200);
    }
    assert_eq!(server.connections(), 1);
    let requests = server.requests();
    assert!(
        requests[0].starts_with("GET /tokens/a HTTP/1.1\r\n"),
        "{requests:?}"
    );
    assert!(requests[0].contains(&format!("authorization: Bearer {TOKEN}\r\n")));
}

/// Nobody listens: nothing was received, so even what must not be done twice is tried again.
#[tokio::test]
async fn a_refused_connection_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = client(&url, |config| config.retry(hasty()));
    let error = client.send(create()).await.unwrap_err();
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    let line = error.to_string();
    assert!(
        line.contains("no connection") && line.contains("3 attempts"),
        "{line}"
    );
    assert!(line.to_lowercase().contains("refused"), "{line}");
}

/// A reset after the request may have come after the service acted on it.
#[tokio::test]
async fn a_broken_connection_is_tried_again_where_harmless() {
    let server = Server::start(|server, mut stream| {
        server.receive(&mut stream);
    });
    let client = client(&server.url(), |config| config.retry(hasty()));
    let error = client.send(create()).await.unwrap_err();
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    assert_eq!(server.requests().len(), 1);
    let error = client.send(get()).await.unwrap_err();
    assert_eq!(error.metadata().attempts(), 3);
    assert_eq!(server.requests().len(), 4);
}

/// The time for the whole call holds over all attempts.
#[tokio::test]
async fn the_operation_timeout_covers_all_attempts() {
    let server = Server::start(|server, mut stream| {
        server.receive(&mut stream);
        std::thread::sleep(2 * PATIENCE);
    });
    let limits = Timeouts {
        attempt: Some(Duration::from_millis(250)),
        operation: Some(Duration::from_secs(1)),
        ..Timeouts::default()
    };
    let client = client(&server.url(), |config| {
        config.retry(hasty().max_attempts(100)).timeouts(limits)
    });
    let begun = Instant::now();
    let error = client.send(get()).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    // The server's silence lasts for longer.
    assert!(begun.elapsed() < PATIENCE);
    assert!((2..=4).contains(&error.metadata().attempts()), "{error}");
}

/// Old servers, informational answers, bodies up to the end of the connection, and other habits are all
/// fine.
#[tokio::test]
async fn odd_answers_are_understood() {
    const OLD: &str = "HTTP/1.0 200 OK\r\n\r\n{\"value\":\"v\"}";
    const UNTIL_CLOSED: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"value\":\"v\"}";
    const TWO_LENGTHS: &str =
        "HTTP/1.1 200 OK\r\ncontent-length: 13\r\ncontent-length: 13\r\n\r\n{\"value\":\"v\"}";
    const NO_REASON: &str =
        "HTTP/1.1 200\r\ncontent-length: 13\r\nx-odd: \u{e9}\u{1f980}\r\n\r\n{\"value\":\"v\"}";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\
        5\r\n{\"val\r\n8;a=\"b\"\r\nue\":\"v\"}\r\n0\r\nx-trailer: t\r\n\r\n";
    for interim in [
        "",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n",
    ] {
        for answer in [OLD, UNTIL_CLOSED, TWO_LENGTHS, NO_REASON, CHUNKED, OK] {
            let answers = vec![&*format!("{interim}{answer}").leak()];
            let server = Server::answering(answers.leak());
            let answer = client(&server.url(), once).send(get()).await.unwrap();
            assert_eq!(answer.value.as_deref(), Some("v"));
            assert_eq!(answer.metadata.status(), 200);
        }
    }
}

/// A status without a body has none, whatever follows, and what follows is nobody's answer.
#[tokio::test]
async fn a_status_without_a_body_has_none() {
    let server = Server::answering(&[
        "HTTP/1.1 204 No Content\r\ncontent-length: 13\r\n\r\n{\"value\":\"x\"}",
        OK,
    ]);
    let client = client(&server.url(), once);
    for _ in 0..2 {
        let answer = client.send(get()).await.unwrap();
        assert_eq!(answer.metadata.status(), 204);
        assert_eq!(answer.value, None);
    }
    assert_eq!(server.connections(), 2);
}

/// An error's code and request id survive a body that is a page for people.
#[tokio::test]
async fn a_code_survives_an_html_body() {
    let error = failure(&Server::answering(&["HTTP/1.1 403 Forbidden\r\n\
        x-amzn-errortype: AccessDeniedException:http://internal/\r\nx-amzn-requestid: r-1\r\n\
        content-length: 13\r\n\r\n<html></html>"]))
    .await;
    assert_eq!(error.code(), Some("AccessDeniedException"));
    assert_eq!(
        error.to_string(),
        "GetToken failed: AccessDeniedException (status 403, request id r-1, 1 attempt)"
    );
}

/// Outside of tokio there is an error, and no panic.
#[test]
fn without_a_runtime_there_is_an_error() {
    struct Wake;
    impl std::task::Wake for Wake {
        fn wake(self: std::sync::Arc<Self>) {}
    }
    let waker = std::sync::Arc::new(Wake).into();
    let mut context = std::task::Context::from_waker(&waker);
    let client = client("http://127.0.0.1:1", |config| {
        let none = Timeouts {
            identity: None,
            idle: None,
            connect: None,
            attempt: None,
            operation: None,
        };
        once(config).timeouts(none)
    });
    let mut call = std::pin::pin!(client.send(get()));
    let std::task::Poll::Ready(answer) = call.as_mut().poll(&mut context) else {
        panic!("still waiting");
    };
    let line = answer.unwrap_err().to_string();
    assert!(line.contains("tokio"), "{line}");
}
