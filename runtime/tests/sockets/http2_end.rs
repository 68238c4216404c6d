//! How connections over HTTP/2 end: announced by the service (GOAWAY), for one request alone
//! (RST_STREAM), or in silence. All calls share a connection, so each of them must get over it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tinsmith_runtime::{Client, Error};

use crate::server::Server;
use crate::service::{Tokens, create, get};
use crate::tls::{certificate, through, url};
use crate::{PATIENCE, hasty};

/// The end of the other side's preface, which begins a connection. Source: RFC 9113, section 3.4.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// The types of frames. Source: RFC 9113, section 6.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;

const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// Error codes. Source: RFC 9113, section 7.
const NO_ERROR: u32 = 0;
const REFUSED_STREAM: u32 = 7;

/// A frame as it is on the wire. Source: RFC 9113, section 4.1.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()];
    [head.concat().as_slice(), payload].concat()
}

/// A complete answer to the request on this stream.
fn answer(stream: u32) -> Vec<u8> {
    // The field `:status: 200` by its place in HPACK's table.
    let head = frame(HEADERS, END_HEADERS, stream, &[0x88]);
    let body = frame(DATA, END_STREAM, stream, b"{\"value\":\"v\"}");
    [head, body].concat()
}

/// No request is taken on this connection any more, nor was one after that on the stream `last`.
fn go_away(last: u32) -> Vec<u8> {
    let payload = [last.to_be_bytes(), NO_ERROR.to_be_bytes()].concat();
    frame(GOAWAY, 0, 0, &payload)
}

/// The service did nothing about the request on this stream.
fn refusal(stream: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &REFUSED_STREAM.to_be_bytes())
}

/// The service's side of a connection.
struct Peer(StreamOwned<ServerConnection, TcpStream>);

impl Peer {
    fn accept(config: &Arc<ServerConfig>, stream: TcpStream) -> Self {
        let connection = ServerConnection::new(Arc::clone(config)).unwrap();
        let mut peer = Self(StreamOwned::new(connection, stream));
        let mut preface = [0; PREFACE.len()];
        peer.0.read_exact(&mut preface).unwrap();
        assert_eq!(preface, PREFACE);
        peer.write(&frame(SETTINGS, 0, 0, &[]));
        peer
    }

    /// Writes frames in one piece, so that they arrive together.
    fn write(&mut self, frames: &[u8]) {
        self.0.write_all(frames).unwrap();
    }

    fn read(&mut self) -> Option<(u8, u8, u32, Vec<u8>)> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut payload).ok()?;
        Some((head[3], head[4], stream, payload))
    }

    /// The stream of the next request; `None` once the client has hung up.
    fn request(&mut self) -> Option<u32> {
        loop {
            let (kind, flags, stream, payload) = self.read()?;
            match kind {
                HEADERS => return Some(stream),
                SETTINGS | PING if flags & ACK == 0 => {
                    let payload = if kind == PING { &payload[..] } else { &[] };
                    self.write(&frame(kind, ACK, 0, payload));
                }
                _ => {}
            }
        }
    }
}

/// A service that answers requests on its first connection by `first`, until that hangs up, and
/// everything on others; and a client of it that sends once.
fn service(
    first: impl Fn(&mut Peer, u32) -> bool + Send + Sync + 'static,
) -> (Server, Client<Tokens>) {
    let (mut config, pem) = certificate("localhost");
    config.alpn_protocols = vec![b"h2".to_vec()];
    let config = Arc::new(config);
    let server = Server::start(move |server, stream| {
        let is_first = server.connections() == 1;
        let mut peer = Peer::accept(&config, stream);
        while let Some(stream) = peer.request() {
            if !is_first {
                peer.write(&answer(stream));
            } else if !first(&mut peer, stream) {
                return;
            }
        }
    });
    let client = through(&url(&server), |transport| {
        transport.root_certificates(pem.as_bytes()).unwrap()
    });
    (server, client)
}

/// A service that goes away in good order costs nobody an attempt: the request that is under way is
/// answered, and the next one has a new connection.
#[tokio::test]
async fn a_service_may_go_away() {
    let (server, client) = service(|peer, stream| {
        peer.write(&[go_away(stream), answer(stream)].concat());
        true
    });
    for _ in 0..3 {
        let answer = client.send(create()).await.unwrap();
        assert_eq!(answer.value.as_deref(), Some("v"));
        assert_eq!(answer.metadata.attempts(), 1);
    }
    assert_eq!(server.connections(), 2);
}

/// What the service says that it did not process is sent again, even where an operation must not be done
/// twice. Source: RFC 9113, section 8.7.
#[tokio::test]
async fn what_was_not_processed_is_sent_again() {
    let away: fn(u32) -> Vec<u8> = |_| go_away(1);
    for (refuse, connections) in [(away, 2), (refusal, 1)] {
        for retry in [true, false] {
            let (server, client) = service(move |peer, stream| {
                let frames = if stream == 3 {
                    refuse(stream)
                } else {
                    answer(stream)
                };
                peer.write(&frames);
                true
            });
            client.send(create()).await.unwrap();
            if retry {
                let call = client.call(create()).retry(hasty());
                assert_eq!(call.send().await.unwrap().metadata.attempts(), 2);
                assert_eq!(server.connections(), connections);
                continue;
            }
            let error = client.send(create()).await.unwrap_err();
            assert!(matches!(error, Error::Dispatch(_)), "{error}");
            assert!(error.is_retryable());
            let says = "the service did not process the request";
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}

/// A request that the service had taken when it went away may have been acted on: it is sent again only
/// where that is harmless.
#[tokio::test]
async fn what_was_taken_is_ambiguous() {
    for (harmless, attempts) in [(false, 1), (true, 2)] {
        let (_server, client) = service(|peer, stream| {
            peer.write(&go_away(stream));
            false
        });
        let outcome = if harmless {
            client.call(get()).retry(hasty()).send().await
        } else {
            client.call(create()).retry(hasty()).send().await
        };
        let sent = match &outcome {
            Ok(answer) => answer.metadata.attempts(),
            Err(error) => error.metadata().attempts(),
        };
        assert_eq!((outcome.is_ok(), sent), (harmless, attempts));
    }
}

/// A connection that went dead without a word is noticed, while a call waits for its answer and before
/// that call's own time is up, and replaced.
#[tokio::test]
async fn a_dead_connection_is_replaced() {
    let (server, client) = service(|peer, stream| {
        peer.write(&answer(stream));
        // From here on it neither reads nor writes.
        std::thread::sleep(2 * PATIENCE);
        false
    });
    client.send(get()).await.unwrap();
    // Nothing comes from the service any more, so the clock may jump from one timer to the next.
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let error = client.send(get()).await.unwrap_err();
    let waited = begun.elapsed();
    tokio::time::resume();
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    assert!(error.is_retryable());
    assert!(
        error.to_string().contains("the connection broke"),
        "{error}"
    );
    assert!(waited < Duration::from_secs(30), "{waited:?}");
    client.send(get()).await.unwrap();
    assert_eq!(server.connections(), 2);
}
