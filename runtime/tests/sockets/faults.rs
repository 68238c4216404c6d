//! Servers that misbehave in every way there is, each with the error that a caller gets for it.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use tinsmith_runtime::Error;
use tinsmith_runtime::config::Timeouts;

use crate::server::Server;
use crate::service::{TOKEN, TokensError, client, get};
use crate::{PATIENCE, once};

/// What a server does after it has written the beginning of an answer.
#[derive(Clone, Copy)]
enum Then {
    /// Closes the connection.
    Close,
    /// Resets the connection.
    Reset,
    /// Keeps the connection and says nothing more.
    Stall,
    /// Writes this for as long as somebody takes it.
    Repeat(&'static str),
}

/// The variant of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    Timeout,
    Dispatch,
    Response,
    Service,
}
use Then::{Close, Repeat, Reset, Stall};
use Variant::{Dispatch, Response, Service, Timeout};

impl Variant {
    fn of(error: &Error<TokensError>) -> Self {
        match error {
            Error::Timeout(_) => Timeout,
            Error::Dispatch(_) => Dispatch,
            Error::Response(_) => Response,
            Error::Service(_) => Service,
            other => panic!("{other}"),
        }
    }
}

/// A way to misbehave: the answer, what follows it, and what the caller hears of it.
#[derive(Clone, Copy)]
struct Fault {
    answer: &'static str,
    then: Then,
    variant: Variant,
    status: Option<u16>,
    retryable: bool,
    /// Part of the one line.
    says: &'static str,
}

const fn fault(answer: &'static str, then: Then, variant: Variant, says: &'static str) -> Fault {
    Fault {
        answer,
        then,
        variant,
        status: None,
        retryable: false,
        says,
    }
}

impl Fault {
    /// With the status that the caller learns of.
    const fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Of which the caller is told that it may pass.
    const fn passing(mut self) -> Self {
        self.retryable = true;
        self
    }

    fn serve(&self) -> Server {
        let (answer, then) = (self.answer, self.then);
        Server::start(move |server, mut stream| {
            let received = match then {
                Reset => server.receive_most(&mut stream),
                _ => server.receive(&mut stream),
            };
            if received && stream.write_all(answer.as_bytes()).is_ok() {
                go_on(then, &mut stream);
            }
        })
    }

    /// Short where time must run out, less so where something must arrive before it does, and long
    /// where it must not, however busy the machine is.
    fn patience(&self) -> Duration {
        match (self.variant, self.then, self.status) {
            (Timeout, _, None) => Duration::from_millis(250),
            (Timeout, ..) | (Service, Stall, _) => Duration::from_secs(2),
            _ => PATIENCE,
        }
    }

    async fn check(self) {
        let server = self.serve();
        let client = client(&server.url(), |config| {
            once(config)
                .max_response_bytes(MAX_BYTES)
                .timeouts(Timeouts {
                    attempt: Some(self.patience()),
                    ..Timeouts::default()
                })
        });
        let error = client.send(get()).await.unwrap_err();
        let line = error.to_string();
        let shown = self.answer.get(..80).unwrap_or(self.answer);
        assert_eq!(Variant::of(&error), self.variant, "{shown:?}: {line}");
        assert!(line.contains(self.says), "{shown:?}: {line}");
        assert_eq!(error.status(), self.status, "{shown:?}: {line}");
        assert_eq!(error.is_retryable(), self.retryable, "{shown:?}: {line}");
        assert_eq!(error.metadata().attempts(), 1, "{shown:?}: {line}");
        assert!(line.starts_with("GetToken "), "{line}");
        assert!(
            line.ends_with("1 attempt)") && !line.contains('\n'),
            "{line}"
        );
        let debug = format!("{error:?}");
        assert!(!line.contains(TOKEN) && !debug.contains(TOKEN), "{debug}");
        assert!(!line.contains(SECRET) && !debug.contains(SECRET), "{debug}");
    }
}

fn go_on(then: Then, stream: &mut TcpStream) {
    match then {
        Close | Reset => {}
        // Until the client hangs up.
        Stall => drop(std::io::copy(stream, &mut std::io::sink())),
        Repeat(text) => {
            let text = text.repeat(8192 / text.len());
            while stream.write_all(text.as_bytes()).is_ok() {}
        }
    }
}

/// The most bytes of a body that are read.
const MAX_BYTES: usize = 20_000;
/// What no error shows of a body, a header or a URL.
const SECRET: &str = "s3cr3t";

async fn check(faults: &[Fault]) {
    // At the same time, as some of them do nothing but wait.
    let mut checks = tokio::task::JoinSet::new();
    for fault in faults {
        checks.spawn(fault.check());
    }
    checks.join_all().await;
}

/// Connections that end before the answer does.
#[tokio::test]
async fn broken_connections_are_told() {
    const HALF_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-le";
    const HALF_BODY: &str = "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"value\":\"s3cr3t\"";
    const HALF_CHUNK: &str =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n50\r\n{\"value\":\"s3cr3t\"";
    const NO_LAST_CHUNK: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n";
    let broke = "the connection broke";
    let broke_off = "the response broke off";
    check(&[
        fault("", Close, Dispatch, broke).passing(),
        fault("", Reset, Dispatch, broke).passing(),
        fault(HALF_HEAD, Close, Dispatch, broke).passing(),
        fault(HALF_HEAD, Reset, Dispatch, broke).passing(),
        fault(HALF_BODY, Close, Dispatch, broke_off)
            .status(200)
            .passing(),
        fault(HALF_CHUNK, Close, Dispatch, broke_off)
            .status(200)
            .passing(),
        fault(NO_LAST_CHUNK, Close, Dispatch, broke_off)
            .status(200)
            .passing(),
    ])
    .await;
}

/// Silence ends in the time for the attempt, wherever it begins; what was heard before is not lost.
#[tokio::test]
async fn silence_ends_in_time() {
    let says = "timed out: no complete response within 250ms";
    let later = "timed out: no complete response within 2s";
    let stalls = [
        fault("", Stall, Timeout, says).passing(),
        fault("HTTP/1.1 200 OK\r\ncontent-le", Stall, Timeout, says).passing(),
        fault(
            "HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"va",
            Stall,
            Timeout,
            later,
        )
        .status(200)
        .passing(),
        fault(
            "HTTP/1.1 200 OK\r\n\r\n{\"value\":\"v\"}",
            Stall,
            Timeout,
            later,
        )
        .status(200)
        .passing(),
        // Informational answers are none, however many of them come.
        fault("", Repeat("HTTP/1.1 100 Continue\r\n\r\n"), Timeout, says).passing(),
        // The head alone has the code.
        fault(
            "HTTP/1.1 403 No\r\nx-amzn-errortype: Denied\r\ncontent-length: 99\r\n\r\n{",
            Stall,
            Service,
            "GetToken failed: Denied (status 403, 1 attempt)",
        )
        .status(403),
    ];
    check(&stalls).await;
}

/// What is not HTTP is said to be so, and would be no better on another attempt.
#[tokio::test]
async fn broken_http_is_told() {
    let says = "the response breaks the rules of HTTP";
    let heads = [
        "hello, is this the telnet service?\r\n\r\n",
        "\u{0}\u{1}\u{2}\u{3}\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 13x\r\n\r\n{\"value\":\"s3cr3t\"}",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} ",
    ];
    for answer in heads {
        check(&[fault(answer, Close, Response, says)]).await;
    }
    let bodies = [
        "zz\r\n{}\r\n0\r\n\r\n",
        "-2\r\n{}\r\n0\r\n\r\n",
        "fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}s3cr3t\r\n0\r\n\r\n",
        "2{}\r\n0\r\n\r\n",
    ];
    for body in bodies {
        let answer = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{body}");
        check(&[fault(answer.leak(), Close, Response, says).status(200)]).await;
    }
}

/// A body that is not what the model says, among others because its length is wrong, is not shown.
#[tokio::test]
async fn unreadable_bodies_are_told() {
    let says = "its body does not fit the model";
    for body in [
        "13\r\n\r\n<html>s3cr3t!",
        "11\r\n\r\n{\"value\":\"s3cr3t\"}",
        "20\r\n\r\n{\"value\":[\"s3cr3t\"]}",
        "18\r\n\r\n{\"value\":\"s3cr3t\",}",
        "11\r\n\r\n\u{1f}\u{8b}\u{8}\u{0}s3cr3t",
    ] {
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {body}").leak();
        check(&[fault(answer, Close, Response, says).status(200)]).await;
    }
}

/// Whatever a server sends without end, little of it is taken.
#[tokio::test]
async fn endless_answers_are_cut_off() {
    let too_long = "its body is longer than 20000 bytes";
    let rules = "the response breaks the rules of HTTP";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let extension = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;";
    let trailer = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n";
    let announced = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n";
    check(&[
        fault(announced, Repeat("s3cr3t"), Response, too_long).status(200),
        fault(announced, Stall, Response, too_long).status(200),
        fault(
            "HTTP/1.1 200 OK\r\n\r\n",
            Repeat("s3cr3t"),
            Response,
            too_long,
        )
        .status(200),
        fault(chunked, Repeat("6\r\ns3cr3t\r\n"), Response, too_long).status(200),
        fault(extension, Repeat("s3cr3t"), Response, rules).status(200),
        fault(trailer, Repeat("x-a: s3cr3t\r\n"), Response, rules).status(200),
        fault("", Repeat("s3cr3t"), Response, rules),
        fault("HTTP/1.1 200 ", Repeat("s3cr3t"), Response, rules),
        fault(
            "HTTP/1.1 200 OK\r\nx-long: ",
            Repeat("s3cr3t"),
            Response,
            rules,
        ),
        fault(
            "HTTP/1.1 200 OK\r\n",
            Repeat("x-many: s3cr3t\r\n"),
            Response,
            rules,
        ),
    ])
    .await;
}

/// A redirect would take the token elsewhere: it is told, with nothing of the URL but the host, and not
/// followed. What has a code is the service's own error.
#[tokio::test]
async fn redirects_are_told() {
    for (location, says) in [
        (
            "https://me:s3cr3t@elsewhere.example:8443/s3cr3t?key=s3cr3t",
            "it is a redirect to `elsewhere.example:8443`, which is not followed",
        ),
        ("/s3cr3t", "a redirect to another place, which"),
        ("::s3cr3t::", "a redirect to another place, which"),
    ] {
        for status in [301, 302, 303, 307, 308] {
            let answer = format!(
                "HTTP/1.1 {status} Moved\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
            );
            check(&[fault(answer.leak(), Close, Response, says).status(status)]).await;
        }
    }
    let unchanged = "HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n";
    let named = "HTTP/1.1 301 Moved\r\nlocation: https://a.example\r\n\
        x-amzn-errortype: PermanentRedirect\r\ncontent-length: 0\r\n\r\n";
    check(&[
        fault(unchanged, Close, Service, "error without a code").status(304),
        fault(named, Close, Service, "failed: PermanentRedirect (").status(301),
    ])
    .await;
}

/// Errors of balancers and gateways, whatever page they come with.
#[tokio::test]
async fn errors_without_a_document_are_told() {
    let page = "HTTP/1.1 503 Busy\r\ncontent-length: 19\r\n\r\n<html>s3cr3t</html>";
    let cut = "HTTP/1.1 500 Oh\r\ncontent-length: 99\r\n\r\n{\"code\":\"Lost\"";
    let huge = "HTTP/1.1 400 Bad\r\nx-amzn-errortype: Huge\r\n\r\n";
    let switch = "HTTP/1.1 101 Switching Protocols\r\nupgrade: s3cr3t\r\n\r\n";
    let without = "failed: error without a code (status";
    check(&[
        fault(page, Close, Service, without).status(503).passing(),
        fault(cut, Close, Service, "failed: Lost (status")
            .status(500)
            .passing(),
        fault(cut, Stall, Service, "failed: Lost (status")
            .status(500)
            .passing(),
        fault(huge, Repeat("s3cr3t"), Service, "failed: Huge (status").status(400),
        fault(switch, Close, Service, without).status(101),
    ])
    .await;
}
