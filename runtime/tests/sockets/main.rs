//! Calls over real sockets, to servers that behave and to servers that do not: every outcome is an
//! output or an error with a name, and never a hang.
#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::panic)] // A failed test panics.

#[cfg(feature = "blocking")]
mod blocking;
#[cfg(all(feature = "event-stream", feature = "http2"))]
mod events;
#[cfg(feature = "http2")]
mod http2;
mod server;
mod service;
mod sso;
mod streams;
mod tls;
mod trace;

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use server::{OK, Server};
use service::{TOKEN, TokensError, client, create, get};
use tinsmith_runtime::Error;
use tinsmith_runtime::config::{ConfigBuilder, Timeouts};
use tinsmith_runtime::retry::RetryConfig;
use tinsmith_runtime::transport::HyperTransport;

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

/// A connection that the service closed while nobody used it costs the caller nothing, not even an
/// attempt, and not even where an operation must not be sent twice.
#[tokio::test]
async fn a_stale_connection_is_replaced() {
    let server = Server::answering(&[OK]);
    let client = client(&server.url(), once);
    for _ in 0..3 {
        assert_eq!(client.send(create()).await.unwrap().metadata.attempts(), 1);
        // The server hangs up meanwhile.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(server.connections(), 3);
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

/// Neither silence, nor half a head, nor half a body keeps a caller waiting.
#[tokio::test]
async fn stalls_end_in_time() {
    let stalled = [
        "",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"value\"",
    ];
    for text in stalled {
        let server = Server::start(move |server, mut stream| {
            server.receive(&mut stream);
            stream.write_all(text.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_secs(60));
        });
        let limits = Timeouts {
            attempt: Some(Duration::from_millis(100)),
            ..Timeouts::default()
        };
        let client = client(&server.url(), |config| once(config).timeouts(limits));
        let begun = Instant::now();
        let error = client.send(get()).await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

/// The time for the whole call holds over all attempts.
#[tokio::test]
async fn the_operation_timeout_covers_all_attempts() {
    let server = Server::start(|server, mut stream| {
        server.receive(&mut stream);
        std::thread::sleep(Duration::from_secs(60));
    });
    let limits = Timeouts {
        attempt: Some(Duration::from_millis(80)),
        operation: Some(Duration::from_millis(200)),
        ..Timeouts::default()
    };
    let client = client(&server.url(), |config| {
        config.retry(hasty().max_attempts(100)).timeouts(limits)
    });
    let begun = Instant::now();
    let error = client.send(get()).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!((2..=4).contains(&error.metadata().attempts()), "{error}");
}

/// A body that ends too early is no answer.
#[tokio::test]
async fn a_truncated_body_is_no_answer() {
    for answer in [
        &["HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"value\":\"v\"}"],
        &["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"va"],
    ] {
        let error = failure(&Server::answering(answer)).await;
        assert!(matches!(error, Error::Dispatch(_)), "{error}");
        assert!(error.is_retryable());
    }
}

/// What is no HTTP, or no answer to the request, is said to be so and not tried again.
#[tokio::test]
async fn garbage_is_no_answer() {
    for answer in [
        &["hello, is this the telnet service?\r\n\r\n"],
        &["HTTP/1.1 2000 OK\r\n\r\n"],
        &["HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"],
        &["HTTP/1.1 200 OK\r\nbad header\r\n\r\n"],
    ] {
        let error = failure(&Server::answering(answer)).await;
        assert!(matches!(error, Error::Response(_)), "{error}");
        assert!(!error.is_retryable());
    }
}

/// A body that is not what the model says is not shown, and neither is what it holds.
#[tokio::test]
async fn an_unreadable_body_is_not_shown() {
    for answer in [
        &["HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n<html>s3cr3t!!"],
        &["HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"value\":[\"s3"],
        &["HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"value\":[\"s3c\"]"],
    ] {
        let error = failure(&Server::answering(answer)).await;
        assert!(matches!(error, Error::Response(_)), "{error}");
        assert!(!format!("{error} {error:?}").contains("s3"), "{error:?}");
    }
}

/// Memory is bounded, whether the length is announced or not.
#[tokio::test]
async fn huge_answers_are_cut_off() {
    let endless = |head: &'static str| {
        Server::start(move |server, mut stream| {
            server.receive(&mut stream);
            let mut more = stream.write_all(head.as_bytes());
            while more.is_ok() {
                more = stream.write_all(&[b'x'; 8192]);
            }
        })
    };
    for head in [
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nx-long: ",
    ] {
        let error = failure(&endless(head)).await;
        assert!(matches!(error, Error::Response(_)), "{error}");
    }
}

/// HTTP/1.0, a body up to the end of the connection, and `100 Continue` are all fine.
#[tokio::test]
async fn old_and_odd_answers_are_understood() {
    for answer in [
        &["HTTP/1.0 200 OK\r\n\r\n{\"value\":\"v\"}"],
        &["HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"value\":\"v\"}"],
        &[
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"value\":\"v\"}",
        ],
        &[
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"val\r\n8\r\nue\":\"v\"}\r\n0\r\n\r\n",
        ],
    ] {
        let server = Server::answering(answer);
        let answer = client(&server.url(), once).send(get()).await.unwrap();
        assert_eq!(answer.value.as_deref(), Some("v"));
    }
}

/// A redirect would take the token elsewhere.
#[tokio::test]
async fn redirects_are_not_followed() {
    let error = failure(&Server::answering(&[
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    ]))
    .await;
    assert_eq!(error.status(), Some(302));
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

/// Many calls at once share one client.
#[tokio::test]
async fn many_calls_at_once() {
    let server = Server::start(|server, mut stream| {
        while server.receive(&mut stream) && stream.write_all(OK.as_bytes()).is_ok() {}
    });
    let client = client(&server.url(), once);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        calls.spawn(async move { client.send(get()).await.is_ok() });
    }
    assert!(calls.join_all().await.into_iter().all(|fine| fine));
    assert_eq!(server.requests().len(), 100);
}

/// Dropping a call gives it up, and the client goes on.
#[tokio::test]
async fn a_dropped_call_is_given_up() {
    let server = Server::start(|server, mut stream| {
        server.receive(&mut stream);
        let first = server.connections() == 1;
        if first {
            std::thread::sleep(Duration::from_millis(300));
        }
        let _ = stream.write_all(OK.as_bytes());
    });
    let client = client(&server.url(), once);
    let begun = tokio::time::timeout(Duration::from_millis(50), client.send(get())).await;
    assert!(begun.is_err());
    assert!(client.send(get()).await.is_ok());
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

/// A proxy gets plain requests with whole URLs, with its own credentials and not in anyone's log.
#[tokio::test]
async fn a_proxy_is_used() {
    let proxy = Server::answering(&[OK]);
    let transport = HyperTransport::builder()
        .proxy(&format!("http://me:pass@127.0.0.1:{}", proxy.port()), "")
        .build()
        .unwrap();
    assert!(!format!("{transport:?}").contains("pass"), "{transport:?}");
    let client = client("http://api.example:81", |config| {
        once(config)
            .transport(transport)
            .dangerously_allow_credentials_over_plain_http()
    });
    client.send(get()).await.unwrap();
    let request = &proxy.requests()[0];
    assert!(
        request.starts_with("GET http://api.example:81/tokens/a HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.contains("proxy-authorization: Basic bWU6cGFzcw==\r\n"),
        "{request}"
    );
}

/// A request to this machine may carry a token in the clear, so no proxy gets to see it.
#[tokio::test]
async fn no_proxy_sees_requests_to_this_machine() {
    let server = Server::answering(&[OK]);
    let transport = HyperTransport::builder()
        .proxy("http://127.0.0.1:1", "")
        .build()
        .unwrap();
    let client = client(&server.url(), |config| once(config).transport(transport));
    client.send(get()).await.unwrap();
}
