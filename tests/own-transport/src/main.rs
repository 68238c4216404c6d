//! A call through a caller's own transport, in a build without the default one: the transport is all
//! that is missing. The first answer is a refusal for a while, so the client's clock is needed too.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use generated_client::codecatalyst::Client;
use generated_client::runtime::Config;
use generated_client::runtime::body::Body;
use generated_client::runtime::identity::Token;
use generated_client::runtime::retry::RetryConfig;
use generated_client::runtime::transport::{
    Transport, TransportError, TransportErrorKind, TransportFuture,
};

/// Answers in memory: throttles the first request and accepts the second.
#[derive(Debug, Default)]
struct InMemory {
    requests: AtomicU32,
}

impl Transport for InMemory {
    fn send(&self, _request: http::Request<Body>) -> TransportFuture<'_> {
        let first = self.requests.fetch_add(1, Ordering::Relaxed) == 0;
        let (status, body) = if first {
            (429, "{}")
        } else {
            (
                201,
                r#"{"accessTokenId":"1","name":"ci","secret":"s","expiresTime":"2030-07-01T00:00:00Z"}"#,
            )
        };
        Box::pin(async move {
            http::Response::builder()
                .status(status)
                .body(Body::from(body))
                .map_err(|error| TransportError::new(TransportErrorKind::Protocol, error))
        })
    }
}

/// The smallest executor: polls until the future is ready.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::yield_now();
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let backoff = Duration::from_millis(10);
    let config = Config::builder()
        .region("us-west-2")
        .bearer_token(Token::new("token"))
        .transport(InMemory::default())
        .retry(RetryConfig::standard().initial_backoff(backoff))
        .build()?;
    let client = Client::new(config);
    let token = block_on(client.create_access_token().name("ci").send())?;
    println!(
        "{} after {} attempts",
        token.access_token_id,
        token.metadata.attempts()
    );
    if token.metadata.attempts() != 2 {
        return Err("the throttled request was not sent again".into());
    }
    Ok(())
}
