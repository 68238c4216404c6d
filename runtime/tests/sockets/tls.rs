//! TLS: whom to trust, and what happens otherwise.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tinsmith_runtime::config::ConfigBuilder;
use tinsmith_runtime::retry::RetryConfig;
use tinsmith_runtime::transport::{HyperTransport, HyperTransportBuilder};
use tinsmith_runtime::{Client, Error};

use crate::once;
use crate::server::{OK, Server};
use crate::service::{Tokens, client, get};

/// A certificate for `name` that vouches for itself, as a server needs it and in PEM form.
pub(crate) fn certificate(name: &str) -> (ServerConfig, String) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(vec![name.to_owned()]).unwrap();
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
fn server(name: &str) -> (Server, String) {
    let (config, pem) = certificate(name);
    let config = Arc::new(config);
    let serve = move |server: &Server, stream: TcpStream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        while server.receive(&mut stream) && stream.write_all(OK.as_bytes()).is_ok() {}
    };
    (Server::start(serve), pem)
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

fn url(server: &Server) -> String {
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

/// A certificate that nobody vouches for, or for another host, gets no request.
#[tokio::test]
async fn invalid_certificates_are_refused() {
    let (unknown, _) = server("localhost");
    let (_, other) = server("localhost");
    let (wrong_name, its_own) = server("elsewhere.example");
    for (server, pem) in [(unknown, other), (wrong_name, its_own)] {
        let client = through(&url(&server), |transport| {
            transport.root_certificates(pem.as_bytes()).unwrap()
        });
        let call = client.call(get()).retry(RetryConfig::standard());
        let error = call.send().await.unwrap_err();
        assert!(matches!(error, Error::Dispatch(_)), "{error}");
        // Trying again would not help.
        assert_eq!(error.metadata().attempts(), 1);
        assert!(!error.is_retryable());
        assert!(error.to_string().contains("certificate"), "{error}");
        assert!(server.requests().is_empty());
    }
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

/// A proxy is asked for a tunnel, and sees nothing of what goes through it.
#[tokio::test]
async fn a_proxy_tunnels() {
    let (server, pem) = server("localhost");
    let port = server.port();
    let proxy = Server::start(move |proxy, mut stream| {
        proxy.receive(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let mut target = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (mut back, mut from) = (stream.try_clone().unwrap(), target.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut from, &mut back));
        let _ = std::io::copy(&mut stream, &mut target);
    });
    let transport = HyperTransport::builder()
        .proxy(&proxy.url(), "")
        .root_certificates(pem.as_bytes())
        .unwrap()
        .build()
        .unwrap();
    let client = client(&url(&server), |config| once(config).transport(transport));
    client.send(get()).await.unwrap();
    assert!(proxy.requests()[0].starts_with(&format!("CONNECT localhost:{port} HTTP/1.1\r\n")));
    assert_eq!(proxy.requests().len(), 1);
}
