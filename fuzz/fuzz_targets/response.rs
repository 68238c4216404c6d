//! Whole calls of the generated client, answered by whatever the input says: each ends, in an output or
//! in an error that tells nothing of the body of a success. The input is a line with the status, lines
//! of headers, an empty line, and the body.
#![no_main]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use generated_client::runtime::Config;
use generated_client::runtime::body::Body;
use generated_client::runtime::identity::{Credentials, Token};
use generated_client::runtime::retry::RetryConfig;
use generated_client::runtime::transport::{Transport, TransportFuture};
use generated_client::{codecatalyst, route53globalresolver};
use libfuzzer_sys::fuzz_target;
use tinsmith_fuzz::headers;

/// A text that no message of ours has by itself; the dictionary of the target has it too.
const PLANTED: &str = "planted-secret";

/// Answers every request with the same response.
#[derive(Clone, Debug)]
struct Canned {
    status: u16,
    lines: Vec<u8>,
    body: Vec<u8>,
}

impl Transport for Canned {
    fn send(&self, _request: http::Request<Body>) -> TransportFuture<'_> {
        let mut response = http::Response::new(Body::from(self.body.clone()));
        *response.status_mut() = http::StatusCode::from_u16(self.status).unwrap_or_default();
        *response.headers_mut() = headers(&self.lines);
        Box::pin(std::future::ready(Ok(response)))
    }
}

impl Canned {
    fn parse(input: &[u8]) -> Option<Self> {
        let end = input.iter().position(|byte| *byte == b'\n')?;
        let (status, rest) = (input.get(..end)?, input.get(end..)?);
        let status = std::str::from_utf8(status).ok()?.parse().ok()?;
        let head = rest.windows(2).position(|two| two == b"\n\n")?;
        Some(Self {
            status,
            lines: rest.get(..head)?.to_vec(),
            body: rest.get(head + 2..)?.to_vec(),
        })
    }

    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Fails if the error of a success holds what only its body does.
    fn check<O, E: std::fmt::Debug + std::fmt::Display>(&self, result: Result<O, E>) {
        let planted_in_headers = self
            .lines
            .windows(PLANTED.len())
            .any(|it| it == PLANTED.as_bytes());
        if let Err(error) = result
            && self.is_success()
            && !planted_in_headers
        {
            assert!(!format!("{error} {error:?}").contains(PLANTED), "{error}");
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let Some(canned) = Canned::parse(input) else {
        return;
    };
    let config = Config::builder()
        .region("us-west-2")
        .bearer_token(Token::new("token"))
        .credentials(Credentials::new("AKIDEXAMPLE", "key"))
        .retry(RetryConfig::off())
        .transport(canned.clone())
        .build()
        .expect("the settings make sense");
    let tokens = codecatalyst::Client::new(config.clone());
    canned.check(block_on(tokens.create_access_token().name("ci").send()));
    canned.check(block_on(tokens.delete_access_token().id("1").send()));
    canned.check(block_on(tokens.list_access_tokens().send()));
    let resolver = route53globalresolver::Client::new(config);
    canned.check(block_on(
        resolver.get_access_token().access_token_id("at-1").send(),
    ));
    canned.check(block_on(
        resolver.list_access_tokens().dns_view_id("dv-1").send(),
    ));
});

/// Nothing here waits for anything, so the first poll is the last.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the call hangs"),
    }
}
