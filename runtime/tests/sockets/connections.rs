//! How many connections there are, when they are used again, and what happens to those of calls that
//! nobody waits for any more.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tinsmith_runtime::client::Client;
use tinsmith_runtime::config::Timeouts;
use tinsmith_runtime::transport::{HyperTransport, HyperTransportBuilder};
use tinsmith_runtime::{ConfigError, Error};

use crate::server::{OK, Server};
use crate::service::{Tokens, client, create, get};
use crate::{PATIENCE, once};

/// A client of `server` with a transport of its own.
fn through(
    server: &Server,
    set: impl FnOnce(HyperTransportBuilder) -> HyperTransportBuilder,
) -> Client<Tokens> {
    let transport = set(HyperTransport::builder().no_proxy()).build().unwrap();
    client(&server.url(), |config| once(config).transport(transport))
}

/// A server that answers each request as soon as it comes.
fn answering() -> Server {
    Server::start(
        |server, mut stream| {
            while server.receive(&mut stream) && stream.write_all(OK.as_bytes()).is_ok() {}
        },
    )
}

/// Waits until `condition` holds, and says whether it ever did.
async fn eventually(mut condition: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while !condition() {
        if begun.elapsed() > PATIENCE {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    true
}

/// Ten thousand calls at once succeed with far fewer file descriptors than a process may have.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_share_few_connections() {
    let server = Server::start(|_, mut stream| {
        // A request comes in one piece, for the client waits for its answer.
        let mut request = [0; 4096];
        while stream.read(&mut request).is_ok_and(|length| length > 0)
            && stream.write_all(OK.as_bytes()).is_ok()
        {}
    });
    // This is not about how fast the machine is.
    let transport = HyperTransport::builder()
        .no_proxy()
        .connect_timeout(PATIENCE)
        .acquire_timeout(PATIENCE);
    let transport = transport.build().unwrap();
    let patient = Timeouts {
        attempt: Some(PATIENCE),
        operation: Some(PATIENCE),
        ..Timeouts::default()
    };
    let client = client(&server.url(), |config| {
        once(config).transport(transport).timeouts(patient)
    });
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..10_000 {
        let client = client.clone();
        calls.spawn(async move { client.send(get()).await });
    }
    for answer in calls.join_all().await {
        let answer = answer.unwrap();
        assert_eq!(answer.value.as_deref(), Some("v"));
        assert_eq!(answer.metadata.attempts(), 1);
    }
    assert!(server.peak() < 256, "{} connections", server.peak());
}

/// Who waits for a turn is told that there was none, and that nothing was sent.
#[tokio::test]
async fn a_call_without_a_turn_is_told() {
    let server = Server::start(|server, mut stream| {
        server.receive(&mut stream);
        // Until the client hangs up.
        let _ = stream.read(&mut [0]);
    });
    let client = through(&server, |transport| {
        transport
            .max_connections(1)
            .acquire_timeout(Duration::from_millis(50))
    });
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.send(get()).await }
    });
    assert!(eventually(|| server.requests().len() == 1).await);
    let error = client.send(create()).await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error}");
    assert!(error.is_retryable());
    let says = "no free connection in the time allowed: all 1 connections were in use for 50ms";
    assert!(error.to_string().contains(says), "{error}");
    assert_eq!(server.requests().len(), 1);
    first.abort();
}

/// A call that is dropped, before or in the middle of its answer, ends its connection: the server learns
/// of it, the rest of the answer is nobody else's, and the client has room for other calls.
#[tokio::test]
async fn a_dropped_call_ends_its_connection() {
    for beginning in ["", "HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"va"] {
        let (server, ended) = silent_after(beginning);
        let client = through(&server, |transport| {
            transport.max_connections(1).acquire_timeout(PATIENCE)
        });
        for sent in 1..=3 {
            let call = tokio::spawn({
                let client = client.clone();
                async move { client.send(get()).await }
            });
            assert!(eventually(|| server.requests().len() == sent).await);
            // The beginning of the answer arrives.
            tokio::time::sleep(Duration::from_millis(20)).await;
            call.abort();
            assert!(call.await.unwrap_err().is_cancelled());
            assert!(eventually(|| ended.try_recv().is_ok()).await);
            assert_eq!(server.connections(), sent);
        }
        assert!(eventually(|| server.open() == 0).await);
    }
}

/// A server that begins its answers so and never ends them; tells when the client hangs up.
fn silent_after(beginning: &'static str) -> (Server, Receiver<()>) {
    let (sender, ended) = channel();
    let server = Server::start(move |server, mut stream| {
        if server.receive(&mut stream) && stream.write_all(beginning.as_bytes()).is_ok() {
            // The end, or a reset.
            let rest = stream.read(&mut [0]);
            if matches!(rest, Ok(0) | Err(_)) {
                sender.send(()).unwrap();
            }
        }
    });
    (server, ended)
}

/// A connection that the service closed while nobody used it costs the caller nothing, not even where
/// an operation must not be sent twice, and not even where nobody had time to notice it.
#[tokio::test]
async fn a_stale_connection_is_replaced_unnoticed() {
    // Long enough after its answer that the connection has been put back, to be used again.
    let server = Server::start(|server, mut stream| {
        if server.receive(&mut stream) {
            stream.write_all(OK.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(30));
        }
    });
    let client = client(&server.url(), once);
    for _ in 0..3 {
        let answer = client.send(create()).await.unwrap();
        assert_eq!(answer.metadata.attempts(), 1);
        // The server hangs up, and the thread that would learn of it waits.
        server.wait_until_closed();
    }
    assert_eq!(server.connections(), 3);
    assert_eq!(server.requests().len(), 3);
}

/// However many connections went stale, a call needs one attempt.
#[tokio::test]
async fn many_stale_connections_are_one_attempt() {
    let server = Server::start(|server, mut stream| {
        if server.receive(&mut stream) {
            // All at the same time, so that each has a connection.
            while server.requests().len() < 8 {
                std::thread::yield_now();
            }
            stream.write_all(OK.as_bytes()).unwrap();
        }
    });
    let client = client(&server.url(), once);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        calls.spawn(async move { client.send(create()).await.unwrap() });
    }
    calls.join_all().await;
    assert!(server.connections() >= 8);
    server.wait_until_closed();
    let answer = client.send(create()).await.unwrap();
    assert_eq!(answer.metadata.attempts(), 1);
}

/// What a server says unasked is no answer to the next request.
#[tokio::test]
async fn a_second_answer_is_nobodys() {
    let forged = OK.replace("\"v\"", "\"x\"");
    let both: &str = format!("{OK}{forged}").leak();
    let server = Server::start(move |server, mut stream| {
        if server.receive(&mut stream) {
            stream.write_all(both.as_bytes()).unwrap();
            let _ = stream.read(&mut [0]);
        }
    });
    let client = client(&server.url(), once);
    for _ in 0..3 {
        let answer = client.send(get()).await.unwrap();
        assert_eq!(answer.value.as_deref(), Some("v"));
    }
    assert_eq!(server.connections(), 3);
}

/// An answer that comes before there is a request is an error or, where it could not be told from one
/// in time, the answer; the client goes on either way.
#[tokio::test]
async fn an_answer_before_the_request_does_no_harm() {
    let server = Server::start(|server, mut stream| {
        stream.write_all(OK.as_bytes()).unwrap();
        server.receive(&mut stream);
        let _ = stream.read(&mut [0]);
    });
    let client = client(&server.url(), once);
    for _ in 0..5 {
        match client.send(get()).await {
            Ok(answer) => assert_eq!(answer.value.as_deref(), Some("v")),
            Err(error) => assert!(matches!(error, Error::Dispatch(_)), "{error}"),
        }
    }
}

/// HTTP/1.0 closes after an answer unless it says otherwise.
#[tokio::test]
async fn old_servers_say_when_to_keep_a_connection() {
    const BODY: &str = "content-length: 13\r\n\r\n{\"value\":\"v\"}";
    for (connection, connections) in [("", 3), ("connection: keep-alive\r\n", 1)] {
        let answer: &str = format!("HTTP/1.0 200 OK\r\n{connection}{BODY}").leak();
        let server = Server::start(move |server, mut stream| {
            while server.receive(&mut stream) && stream.write_all(answer.as_bytes()).is_ok() {}
        });
        let client = client(&server.url(), once);
        for _ in 0..3 {
            client.send(get()).await.unwrap();
        }
        assert_eq!(server.connections(), connections);
    }
}

/// No more connections are kept than the setting allows, and none for longer.
#[tokio::test]
async fn idle_connections_are_limited() {
    let unkept = answering();
    let client = through(&unkept, |transport| transport.max_idle_per_host(0));
    for sent in 1..=3 {
        client.send(get()).await.unwrap();
        assert_eq!(unkept.connections(), sent);
    }
    assert!(eventually(|| unkept.open() == 0).await);

    let brief = answering();
    let client = through(&brief, |transport| {
        transport.idle_timeout(Duration::from_millis(30))
    });
    client.send(get()).await.unwrap();
    assert!(eventually(|| brief.open() == 0).await, "still kept");
    client.send(get()).await.unwrap();
    assert_eq!(brief.connections(), 2);
}

/// Settings that make no sense are found before any call.
#[test]
fn nonsense_is_refused() {
    let refused = |set: fn(HyperTransportBuilder) -> HyperTransportBuilder| -> ConfigError {
        set(HyperTransport::builder().no_proxy())
            .build()
            .unwrap_err()
    };
    refused(|transport| transport.idle_timeout(Duration::ZERO));
    refused(|transport| transport.proxy("socks5://proxy", ""));
    refused(|transport| transport.proxy("no URL", ""));
}

/// A connection ends with the runtime that it was made on. That breaks the calls of other runtimes that
/// are on it, as a service that hangs up would, and none after them.
#[tokio::test]
async fn a_runtime_that_ends_takes_its_connections_along() {
    let server = Server::start(|server, mut stream| {
        while server.receive(&mut stream) {
            if server.requests().len() != 2 {
                stream.write_all(OK.as_bytes()).unwrap();
            }
        }
    });
    let client = client(&server.url(), once);
    let elsewhere = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let first = client.clone();
    let first = elsewhere.spawn(async move { first.send(get()).await });
    first.await.unwrap().unwrap();
    let call = tokio::spawn({
        let client = client.clone();
        async move { client.send(get()).await }
    });
    assert!(eventually(|| server.requests().len() == 2).await);
    assert_eq!(server.connections(), 1);
    elsewhere.shutdown_background();
    let error = call.await.unwrap().unwrap_err();
    assert!(error.is_retryable(), "{error}");
    assert!(
        error.to_string().contains("the connection broke"),
        "{error}"
    );
    client.send(get()).await.unwrap();
    assert_eq!(server.connections(), 2);
}

/// Dropping the client ends what it kept.
#[tokio::test]
async fn a_dropped_client_keeps_nothing() {
    let server = answering();
    let client = through(&server, |transport| transport);
    client.send(get()).await.unwrap();
    assert_eq!(server.open(), 1);
    drop(client);
    assert!(eventually(|| server.open() == 0).await);
}
