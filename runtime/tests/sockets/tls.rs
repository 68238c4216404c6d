//! TLS: whom to trust, and what happens otherwise.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, DistinguishedName, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tinsmith_runtime::config::ConfigBuilder;
use tinsmith_runtime::retry::RetryConfig;
use tinsmith_runtime::transport::{HyperTransport, HyperTransportBuilder};
use tinsmith_runtime::{Client, Error};

use crate::once;
use crate::server::{OK, Server};
use crate::service::{Tokens, client, create, get};

/// A certificate for `name` that vouches for itself, as a server needs it and in PEM form.
pub(crate) fn certificate(name: &str) -> (ServerConfig, String) {
    certified(&CertificateParams::new(vec![name.to_owned()]).unwrap())
}

/// The same with whatever else is in a certificate.
fn certified(params: &CertificateParams) -> (ServerConfig, String) {
    let signing_key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&signing_key).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    (config, cert.pem())
}

/// A server with a certificate for `name`, and that certificate.
pub(crate) fn server(name: &str) -> (Server, String) {
    let (config, pem) = certificate(name);
    (serving(config), pem)
}

/// A server that shows what the configuration says.
fn serving(config: ServerConfig) -> Server {
    let config = Arc::new(config);
    let serve = move |server: &Server, stream: TcpStream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        while server.receive(&mut stream) && stream.write_all(OK.as_bytes()).is_ok() {}
    };
    Server::start(serve)
}

pub(crate) fn through(
    url: &str,
    set: impl FnOnce(HyperTransportBuilder) -> HyperTransportBuilder,
) -> Client<Tokens> {
    let transport = set(HyperTransport::builder().no_proxy()).build().unwrap();
    client(url, |config: ConfigBuilder| {
        once(config).transport(transport)
    })
}

pub(crate) fn url(server: &Server) -> String {
    format!("https://localhost:{}", server.port())
}

/// A root of the caller's own is trusted, and the connection kept.
#[tokio::test]
async fn own_roots_are_trusted() {
    let (server, pem) = server("localhost");
    let client = through(&url(&server), |transport| {
        transport.root_certificates(pem.as_bytes()).unwrap()
    });
    for _ in 0..2 {
        assert_eq!(
            client.send(get()).await.unwrap().value.as_deref(),
            Some("v")
        );
    }
    assert_eq!(server.connections(), 1);
}

/// A certificate that nobody vouches for, of another host or of another time gets no request, and the
/// caller learns which of these it is.
#[tokio::test]
async fn invalid_certificates_are_refused() {
    let with = |set: fn(&mut CertificateParams)| {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        set(&mut params);
        let (config, pem) = certified(&params);
        (serving(config), pem)
    };
    let (unknown, _) = server("localhost");
    let (_, other) = with(|params| params.distinguished_name = DistinguishedName::new());
    let (forged, _) = server("localhost");
    let (_, genuine) = server("localhost");
    let (elsewhere, its_own) = server("elsewhere.example");
    let (expired, past) = with(|params| params.not_after = date_time_ymd(2020, 2, 1));
    let (early, future) = with(|params| params.not_before = date_time_ymd(4000, 1, 1));
    for (server, pem, why) in [
        (unknown, other, "nobody who is trusted has issued it"),
        (forged, genuine, "whoever has issued it is not who it says"),
        (elsewhere, its_own, "elsewhere.example"),
        (expired, past, "expired"),
        (early, future, "not valid yet"),
    ] {
        let client = through(&url(&server), |transport| {
            transport.root_certificates(pem.as_bytes()).unwrap()
        });
        let call = client.call(get()).retry(RetryConfig::standard());
        let error = call.send().await.unwrap_err();
        assert!(matches!(error, Error::Dispatch(_)), "{error}");
        // Trying again would not help.
        assert_eq!(error.metadata().attempts(), 1);
        assert!(!error.is_retryable());
        let line = error.to_string();
        assert!(
            line.contains("the certificate of the service is not trusted"),
            "{line}"
        );
        assert!(
            line.contains("localhost") && line.contains(why),
            "{why}: {line}"
        );
        assert!(server.requests().is_empty());
    }
}

/// A handshake that is slow, but not too slow, is waited for.
#[tokio::test]
async fn a_slow_handshake_is_waited_for() {
    let (config, pem) = certificate("localhost");
    let config = Arc::new(config);
    let server = Server::start(move |server, stream| {
        std::thread::sleep(Duration::from_millis(200));
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        server.receive(&mut stream);
        stream.write_all(OK.as_bytes()).unwrap();
    });
    let client = through(&url(&server), |transport| {
        transport.root_certificates(pem.as_bytes()).unwrap()
    });
    let answer = client.send(get()).await.unwrap();
    assert_eq!(answer.metadata.attempts(), 1);
}

/// A server that does not speak TLS at all.
#[tokio::test]
async fn a_plain_server_is_no_tls_server() {
    let server = Server::start(|_, mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let (_, pem) = certificate("localhost");
    let client = through(&url(&server), |transport| {
        transport.root_certificates(pem.as_bytes()).unwrap()
    });
    let error = client.send(get()).await.unwrap_err();
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    assert!(
        error.to_string().contains("no connection: localhost"),
        "{error}"
    );
}

/// A connection that the service closed while it was idle is replaced under TLS, too.
#[tokio::test]
async fn a_stale_connection_is_replaced() {
    let (config, pem) = certificate("localhost");
    let config = Arc::new(config);
    let server = Server::start(move |server, stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        server.receive(&mut stream);
        stream.write_all(OK.as_bytes()).unwrap();
        stream.conn.send_close_notify();
        stream.flush().unwrap();
    });
    let client = through(&url(&server), |transport| {
        transport.root_certificates(pem.as_bytes()).unwrap()
    });
    for _ in 0..3 {
        let answer = client.send(create()).await.unwrap();
        assert_eq!(answer.metadata.attempts(), 1);
        server.wait_until_closed();
    }
    assert_eq!(server.connections(), 3);
}

/// A server that never ends the handshake is given up in the time for connecting.
#[tokio::test]
async fn a_stalled_handshake_ends_in_time() {
    let server = Server::start(|_, stream| {
        std::thread::sleep(Duration::from_secs(60));
        drop(stream);
    });
    let (_, pem) = self::server("localhost");
    let client = through(&url(&server), |transport| {
        transport
            .root_certificates(pem.as_bytes())
            .unwrap()
            .connect_timeout(Duration::from_millis(100))
    });
    let error = client.send(get()).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(error.to_string().contains("100ms"), "{error}");
}
