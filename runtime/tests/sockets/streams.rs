//! Streams over real sockets: nothing is held in memory that the other end is not ready for, and a
//! stream that stops is an error with a name.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use tinsmith_runtime::Error;
use tinsmith_runtime::config::Timeouts;
use tinsmith_runtime::metadata::ResponseMetadata;
use tinsmith_runtime::operation::{HttpTrait, Operation, OperationSchema, Output, PathSegment};
use tinsmith_runtime::retry::RetryConfig;
use tinsmith_runtime::schema::{HttpBinding, Member, Schema, ShapeKind};
use tinsmith_runtime::stream::{ByteStream, StreamError};

use crate::server::Server;
use crate::service::{SERVICE, Tokens, client};
use crate::{PATIENCE, hasty, once};

static STREAM: Schema = Schema::new("test#Stream", ShapeKind::Blob).streaming();
static FINITE: Schema = Schema::new("test#Finite", ShapeKind::Blob)
    .streaming()
    .requires_length();
static COPY: Schema = Schema::structure("test#Copy", &COPY_MEMBERS);
static COPY_MEMBERS: [Member; 1] = [Member::new("body", &STREAM)
    .required()
    .http(HttpBinding::Payload)];
static FINITE_COPY: Schema = Schema::structure("test#FiniteCopy", &FINITE_MEMBERS);
static FINITE_MEMBERS: [Member; 1] = [Member::new("body", &FINITE)
    .required()
    .http(HttpBinding::Payload)];
const HTTP: HttpTrait = HttpTrait::new("PUT", &[PathSegment::Literal("copy")], 200);
static PUT: OperationSchema =
    OperationSchema::new("test#PutCopy", &SERVICE, HTTP, &COPY, &COPY).idempotent();
static PUT_FINITE: OperationSchema =
    OperationSchema::new("test#PutFinite", &SERVICE, HTTP, &FINITE_COPY, &COPY);

macro_rules! put {
    ($name:ident = $members:ident, $schema:ident) => {
        #[derive(Debug, Default)]
        struct $name {
            body: Option<ByteStream>,
        }
        tinsmith_runtime::structure!($name = $members { 0: body });

        impl Operation for $name {
            type Service = Tokens;
            type Output = Copy;
            const SCHEMA: &'static OperationSchema = &$schema;
        }
    };
}

put!(Put = COPY_MEMBERS, PUT);
put!(PutFinite = FINITE_MEMBERS, PUT_FINITE);

#[derive(Debug, Default)]
struct Copy {
    body: ByteStream,
    metadata: ResponseMetadata,
}
tinsmith_runtime::structure!(Copy = COPY_MEMBERS { 0: body });

impl Output for Copy {
    fn metadata_mut(&mut self) -> &mut ResponseMetadata {
        &mut self.metadata
    }
}

fn put(body: impl Into<ByteStream>) -> Put {
    Put {
        body: Some(body.into()),
    }
}

const PIECE: usize = 64 * 1024;
const PIECES: usize = 1024;
/// What the sockets of both ends and the client may hold of a stream together.
const IN_FLIGHT: usize = 16 * 1024 * 1024;

/// A stream of equal pieces that counts what was taken from it.
struct Counted {
    taken: Arc<AtomicUsize>,
    left: usize,
}

impl Counted {
    fn new(pieces: usize) -> (Self, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let stream = Self {
            taken: Arc::clone(&taken),
            left: pieces,
        };
        (stream, taken)
    }
}

impl futures_core::Stream for Counted {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(left) = self.left.checked_sub(1) else {
            return Poll::Ready(None);
        };
        self.left = left;
        self.taken.fetch_add(PIECE, Ordering::SeqCst);
        Poll::Ready(Some(Ok(Bytes::from_static(&[7; PIECE]))))
    }
}

/// Reads a body that is sent in chunks (RFC 9112, section 7.1) and gives its length.
fn read_chunks(stream: &mut TcpStream) -> usize {
    let mut total = 0;
    loop {
        let mut line = Vec::new();
        let mut byte = [0];
        while !line.ends_with(b"\r\n") {
            stream.read_exact(&mut byte).unwrap();
            line.push(byte[0]);
        }
        let length = std::str::from_utf8(&line).unwrap().trim();
        let length = usize::from_str_radix(length, 16).unwrap();
        let mut chunk = vec![0; length + 2];
        stream.read_exact(&mut chunk).unwrap();
        total += length;
        if length == 0 {
            return total;
        }
    }
}

const EMPTY: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// An upload goes no faster than the service takes it, and arrives in whole.
#[tokio::test]
async fn an_upload_is_not_held_in_memory() {
    let (resume, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let (report, received) = mpsc::channel();
    let server = Server::start(move |server, mut stream| {
        server.receive(&mut stream);
        let _ = wait.lock().unwrap().recv();
        report.send(read_chunks(&mut stream)).unwrap();
        stream.write_all(EMPTY).unwrap();
    });
    let (pieces, taken) = Counted::new(PIECES);
    let client = client(&server.url(), once);
    let call = tokio::spawn(async move { client.send(put(ByteStream::from_stream(pieces))).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = taken.load(Ordering::SeqCst);
    assert!(
        before > 0 && before < IN_FLIGHT,
        "{before} bytes are in flight"
    );
    resume.send(()).unwrap();
    assert_eq!(call.await.unwrap().unwrap().metadata.status(), 200);
    assert_eq!(received.recv().unwrap(), PIECES * PIECE);
    let head = &server.requests()[0];
    assert!(head.contains("transfer-encoding: chunked\r\n"), "{head}");
    assert!(
        head.contains("content-type: application/octet-stream\r\n"),
        "{head}"
    );
}

/// An answer that comes before the request has ended is the answer, and ends the upload, whether the
/// service still takes what is sent or not.
#[tokio::test]
async fn an_early_answer_ends_an_upload() {
    for takes in [true, false] {
        let (report, ended) = mpsc::channel();
        let server = Server::start(move |server, mut stream| {
            server.receive(&mut stream);
            let answer =
                b"HTTP/1.1 413 Long\r\nx-amzn-errortype: TooLong\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).unwrap();
            if takes {
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
                report.send(()).unwrap();
            } else {
                std::thread::sleep(Duration::from_secs(30));
            }
        });
        let (endless, _) = Counted::new(usize::MAX);
        let client = client(&server.url(), once);
        let error = client
            .send(put(ByteStream::from_stream(endless)))
            .await
            .unwrap_err();
        assert_eq!(error.code(), Some("TooLong"), "{error}");
        assert_eq!(error.status(), Some(413));
        if takes {
            let ended = tokio::task::spawn_blocking(move || ended.recv_timeout(PATIENCE));
            ended.await.unwrap().unwrap();
        }
    }
}

/// A download comes no faster than it is read, and in whole.
#[tokio::test]
async fn a_download_is_not_held_in_memory() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let server = Server::start(move |server, mut stream| {
        server.receive(&mut stream);
        let length = PIECES * PIECE;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        for _ in 0..PIECES {
            stream.write_all(&[7; PIECE]).unwrap();
            counter.fetch_add(PIECE, Ordering::SeqCst);
        }
    });
    let client = client(&server.url(), once);
    let mut body = client.send(put("")).await.unwrap().body;
    assert_eq!(body.len(), Some((PIECES * PIECE) as u64));
    let mut total = body.next().await.unwrap().unwrap().len();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let before = sent.load(Ordering::SeqCst);
    assert!(before < IN_FLIGHT, "{before} bytes are in flight");
    while let Some(piece) = body.next().await {
        total += piece.unwrap().len();
    }
    assert_eq!(total, PIECES * PIECE);
}

/// Where the length is known it is announced, and where it must be, nothing is sent without it.
#[tokio::test]
async fn lengths_are_announced() {
    let server = Server::start(|server, mut stream| {
        while server.receive(&mut stream) {
            let mut body = [0; 2 * PIECE];
            stream.read_exact(&mut body).unwrap();
            stream.write_all(EMPTY).unwrap();
        }
    });
    let client = client(&server.url(), once);
    let stream = || ByteStream::from_stream(Counted::new(2).0);
    let finite = |body| PutFinite { body: Some(body) };
    client
        .send(finite(stream().with_length(131_072)))
        .await
        .unwrap();
    client
        .send(finite(vec![0; 2 * PIECE].into()))
        .await
        .unwrap();
    client
        .send(put(stream().with_length(131_072)))
        .await
        .unwrap();
    for head in server.requests() {
        assert!(head.contains("content-length: 131072\r\n"), "{head}");
    }
    let error = client.send(finite(stream())).await.unwrap_err();
    assert!(matches!(error, Error::Construction(_)), "{error}");
    assert_eq!(server.requests().len(), 3);
    let error = client.send(put(stream().with_length(1))).await.unwrap_err();
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    let text = error.to_string();
    assert!(text.contains("the stream of the request failed"), "{text}");
}

/// A stream that is missing is found before anything is sent.
#[tokio::test]
async fn a_missing_stream_is_refused() {
    let server = Server::answering(&[]);
    let error = client(&server.url(), once)
        .send(Put::default())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Validation(_)), "{error}");
    assert_eq!(server.connections(), 0);
}

/// A response that stops in the middle is told from one that breaks off, and neither from one that ends.
#[tokio::test]
async fn a_stopped_download_is_an_error() {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf";
    let silent = Server::start(move |server, mut stream| {
        server.receive(&mut stream);
        stream.write_all(answer).unwrap();
        std::thread::sleep(Duration::from_secs(30));
    });
    let broken = Server::start(move |server, mut stream| {
        server.receive(&mut stream);
        stream.write_all(answer).unwrap();
    });
    for (server, idle, stalls) in [
        (silent, Duration::from_millis(300), true),
        (broken, PATIENCE, false),
    ] {
        let client = client(&server.url(), |config| {
            once(config).timeouts(Timeouts {
                idle: Some(idle),
                ..Timeouts::default()
            })
        });
        let mut body = client.send(put("")).await.unwrap().body;
        assert_eq!(body.next().await.unwrap().unwrap(), "half");
        let error = body.next().await.unwrap().unwrap_err();
        assert_eq!(matches!(error, StreamError::Stalled(_)), stalls, "{error}");
        assert!(body.next().await.is_none());
    }
}

/// What is at hand is sent again; what was taken from a stream is gone.
#[tokio::test]
async fn a_stream_is_not_sent_twice() {
    let server = || {
        Server::start(|server, mut stream| {
            server.receive(&mut stream);
            let mut some = [0; 4];
            let _ = stream.read_exact(&mut some);
        })
    };
    let again = server();
    let patient = |server: &Server| client(&server.url(), |config| config.retry(hasty()));
    let error = patient(&again).send(put("bytes")).await.unwrap_err();
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    assert_eq!(again.connections(), 3);
    let consumed = server();
    let stream = ByteStream::from_stream(Counted::new(9).0);
    let error = patient(&consumed).send(put(stream)).await.unwrap_err();
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    assert_eq!(consumed.connections(), 1);
}

/// A stream that no attempt came to read is whole for the next.
#[tokio::test]
async fn an_untouched_stream_is_sent_again() {
    let stream = ByteStream::from_stream(Counted::new(1).0);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = client(&url, |config| config.retry(hasty()));
    let error = client.send(put(stream)).await.unwrap_err();
    assert_eq!(error.metadata().attempts(), 3, "{error}");
}

/// Once an error's head is there, the wait is for the service: a stream that has nothing to send does not
/// hold up the limit for a body that stalls.
#[tokio::test]
async fn a_silent_stream_does_not_keep_a_stalled_error() {
    struct Silent;

    impl futures_core::Stream for Silent {
        type Item = Result<Bytes, std::io::Error>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Pending
        }
    }

    let server = Server::start(move |server, mut stream| {
        server.receive(&mut stream);
        let head = b"HTTP/1.1 400 Bad\r\nx-amzn-errortype: TooLong\r\ncontent-length: 99\r\n\r\n";
        stream.write_all(head).unwrap();
        std::thread::sleep(Duration::from_secs(30));
    });
    let client = client(&server.url(), |config| {
        once(config).timeouts(Timeouts {
            attempt: Some(Duration::from_millis(100)),
            ..Timeouts::default()
        })
    });
    let call = client.send(put(ByteStream::from_stream(Silent)));
    let answer = tokio::time::timeout(Duration::from_secs(10), call).await;
    let error = answer.expect("the call hangs").unwrap_err();
    assert_eq!(error.code(), Some("TooLong"), "{error}");
}

/// Slow is not the same as stuck: only time in which the service holds up the stream counts.
#[tokio::test]
async fn a_slow_upload_is_given_its_time() {
    struct Slow(u32, Option<Pin<Box<tokio::time::Sleep>>>);

    impl futures_core::Stream for Slow {
        type Item = Result<Bytes, std::io::Error>;

        fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            if self.0 == 0 {
                return Poll::Ready(None);
            }
            let pause = Duration::from_millis(120);
            let sleep = (self.1).get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
            std::task::ready!(std::future::Future::poll(sleep.as_mut(), cx));
            self.0 -= 1;
            self.1 = None;
            Poll::Ready(Some(Ok(Bytes::from_static(b"piece"))))
        }
    }

    let server = Server::start(|server, mut stream| {
        if server.receive(&mut stream) {
            assert_eq!(read_chunks(&mut stream), 50);
            stream.write_all(EMPTY).unwrap();
        }
    });
    let limited = || {
        client(&server.url(), |config| {
            config.retry(RetryConfig::off()).timeouts(Timeouts {
                attempt: Some(Duration::from_secs(1)),
                ..Timeouts::default()
            })
        })
    };
    let slow = ByteStream::from_stream(Slow(10, None));
    limited().send(put(slow)).await.unwrap();

    // A service that takes everything and says nothing is still out of time.
    let silent = Server::start(|server, mut stream| {
        server.receive(&mut stream);
        read_chunks(&mut stream);
        std::thread::sleep(Duration::from_secs(30));
    });
    let client = client(&silent.url(), |config| {
        once(config).timeouts(Timeouts {
            attempt: Some(Duration::from_millis(150)),
            ..Timeouts::default()
        })
    });
    let stream = ByteStream::from_stream(Counted::new(1).0);
    let error = client.send(put(stream)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
}
