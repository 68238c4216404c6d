//! Calls from programs without an async runtime.

use std::io::Write;
use std::thread;
use std::time::Duration;

use tinsmith_runtime::Error;
use tinsmith_runtime::identity::{ProvideFuture, ProvideToken, Token};
use tinsmith_runtime::timestamp::Timestamp;

use crate::server::{OK, Server};
use crate::service::{client, create, get};
use crate::{hasty, once};

/// A blocking call is like any other, and its connections are kept for the next.
#[test]
fn connections_are_kept() {
    let server = Server::answering(&[OK, OK, OK]);
    let client = client(&server.url(), once);
    for _ in 0..3 {
        let answer = client.send_blocking(get()).unwrap();
        assert_eq!(answer.value.as_deref(), Some("v"));
        assert_eq!(answer.metadata.status(), 200);
    }
    assert_eq!(server.connections(), 1);
}

/// It fails like any other, after the same attempts.
#[test]
fn failures_are_told() {
    let server = Server::start(|server, mut stream| {
        server.receive(&mut stream);
    });
    let client = client(&server.url(), |config| config.retry(hasty()));
    let error = client.call(get()).send_blocking().unwrap_err();
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    assert_eq!(error.metadata().attempts(), 3);
    let error = client.send_blocking(create()).unwrap_err();
    assert_eq!(error.metadata().attempts(), 1);
}

/// Threads do not wait for each other.
#[test]
fn threads_call_at_the_same_time() {
    const THREADS: usize = 16;
    let server = Server::start(|server, mut stream| {
        if server.receive(&mut stream) {
            // Nobody is answered before everybody has asked.
            while server.requests().len() < THREADS {
                thread::sleep(Duration::from_millis(1));
            }
            stream.write_all(OK.as_bytes()).unwrap();
        }
    });
    let client = client(&server.url(), once);
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let client = client.clone();
            thread::spawn(move || client.send_blocking(get()).unwrap().metadata.status())
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap(), 200);
    }
}

/// Neither a call nor the end of a client panics where somebody else's runtime runs.
#[tokio::test]
async fn async_code_may_wait() {
    let server = Server::answering(&[OK, OK]);
    let client = client(&server.url(), once);
    assert_eq!(client.send_blocking(get()).unwrap().metadata.status(), 200);
    let waits = {
        let client = client.clone();
        tokio::task::spawn_blocking(move || client.send_blocking(get()).unwrap())
    };
    assert_eq!(waits.await.unwrap().metadata.status(), 200);
    drop(client);
}

#[derive(Debug)]
struct Panics;

impl ProvideToken for Panics {
    fn provide_token(&self, _: Timestamp) -> ProvideFuture<'_, Token> {
        panic!("no token today")
    }
}

/// A provider's panic ends its call, and neither the caller nor the calls after it.
#[test]
fn a_panic_is_contained() {
    let server = Server::answering(&[OK]);
    let client = client(&server.url(), |config| config.bearer_token(Panics));
    for _ in 0..2 {
        let error = client.send_blocking(get()).unwrap_err();
        assert!(matches!(error, Error::Dispatch(_)), "{error}");
        assert!(error.to_string().contains("broke off"), "{error}");
    }
}
