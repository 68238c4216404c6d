//! Proxies between the client and the service.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use tinsmith_runtime::client::Client;
use tinsmith_runtime::config::{ConfigBuilder, Timeouts};
use tinsmith_runtime::identity::{MemoryEnvironment, Token};
use tinsmith_runtime::transport::HyperTransport;
use tinsmith_runtime::{Config, Error};

use crate::server::{OK, Server};
use crate::service::{SERVICE, TOKEN, Tokens, TokensError, client, get};
use crate::{PATIENCE, once, tls};

/// A proxy that opens tunnels to this machine's ports, whatever host is asked for.
fn tunnelling() -> Server {
    Server::start(|proxy, mut stream| {
        if !proxy.receive(&mut stream) {
            return;
        }
        let asked = proxy.requests().pop().unwrap();
        let target = asked.split(' ').nth(1).unwrap();
        let (_, port) = target.rsplit_once(':').unwrap();
        stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
        let mut target = TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();
        let (mut back, mut from) = (stream.try_clone().unwrap(), target.try_clone().unwrap());
        std::thread::spawn(move || std::io::copy(&mut from, &mut back));
        let _ = std::io::copy(&mut stream, &mut target);
    })
}

/// A client that has learnt of proxies, and whom to trust, from these variables.
fn with_environment(
    url: &str,
    certificate: &str,
    vars: &[(&str, &str)],
    set: impl FnOnce(ConfigBuilder) -> ConfigBuilder,
) -> Client<Tokens> {
    let mut environment = MemoryEnvironment::default();
    if !certificate.is_empty() {
        environment = environment
            .with_var("AWS_CA_BUNDLE", "/ca.pem")
            .with_file("/ca.pem", certificate);
    }
    for (name, value) in vars {
        environment = environment.with_var(*name, *value);
    }
    let config = Config::builder()
        .with_environment(Arc::new(environment), &SERVICE)
        .unwrap()
        .endpoint_url(url)
        .bearer_token(Token::new(TOKEN));
    Client::new(once(set(config)).build().unwrap())
}

/// A proxy is asked for a tunnel and shown who asks; it sees nothing of what goes through, and the
/// service sees nothing of what the proxy was shown.
#[tokio::test]
async fn a_proxy_tunnels() {
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let (server, pem) = tls::server("localhost");
        let proxy = tunnelling();
        let value = format!("http://me:hunter2@127.0.0.1:{}", proxy.port());
        let client = with_environment(&tls::url(&server), &pem, &[(name, &value)], |config| config);
        for _ in 0..2 {
            client.send(get()).await.unwrap();
        }
        let asked = proxy.requests();
        assert_eq!(asked.len(), 1, "{asked:?}");
        let first = format!("CONNECT localhost:{} HTTP/1.1\r\n", server.port());
        assert!(asked[0].starts_with(&first), "{asked:?}");
        let shown = "basic bwu6ahvudgvymg==";
        assert!(
            asked[0]
                .to_lowercase()
                .contains(&format!("proxy-authorization: {shown}"))
        );
        assert!(!asked[0].contains(TOKEN));
        for request in server.requests() {
            assert!(!request.to_lowercase().contains("proxy-"), "{request}");
        }
        let debug = format!("{client:?}");
        assert!(
            !debug.contains("hunter2") && !debug.to_lowercase().contains(shown),
            "{debug}"
        );
    }
}

/// Hosts that are excepted are reached directly.
#[tokio::test]
async fn exceptions_are_reached_directly() {
    let (server, pem) = tls::server("localhost");
    let proxy = tunnelling();
    for except in ["NO_PROXY", "no_proxy"] {
        let url = proxy.url();
        let vars = [
            ("HTTPS_PROXY", url.as_str()),
            (except, "other.example,localhost"),
        ];
        let client = with_environment(&tls::url(&server), &pem, &vars, |config| config);
        client.send(get()).await.unwrap();
    }
    assert_eq!((proxy.connections(), server.connections()), (0, 2));
}

/// A proxy gets plain requests with whole URLs, with its own credentials and not in anyone's log.
#[tokio::test]
async fn a_proxy_carries_plain_requests() {
    for name in ["HTTP_PROXY", "http_proxy"] {
        let proxy = Server::answering(&[OK]);
        let value = format!("http://me:pass@127.0.0.1:{}", proxy.port());
        let vars = [(name, value.as_str())];
        let client = with_environment("http://api.example:81", "", &vars, |config| {
            config.dangerously_allow_credentials_over_plain_http()
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

/// The error of a call through `proxy`, with this time to connect; it shows nothing of the proxy's
/// password.
async fn failure(proxy: &Server, connect: Duration) -> Error<TokensError> {
    let (server, pem) = tls::server("localhost");
    let value = format!("http://me:hunter2@127.0.0.1:{}", proxy.port());
    let vars = [("HTTPS_PROXY", value.as_str())];
    let client = with_environment(&tls::url(&server), &pem, &vars, |config| {
        config.timeouts(Timeouts {
            connect: Some(connect),
            attempt: Some(PATIENCE),
            ..Timeouts::default()
        })
    });
    let error = client.send(get()).await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(
        !text.contains("hunter2") && !text.contains("bWU6"),
        "{text}"
    );
    assert_eq!(server.connections(), 0);
    error
}

/// A proxy that gives no tunnel is named as what is in the way.
#[tokio::test]
async fn failing_proxies_are_named() {
    for (answer, why) in [
        (
            "HTTP/1.1 407 Who\r\ncontent-length: 0\r\n\r\n",
            "authorization required",
        ),
        (
            "HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n",
            "unsuccessful",
        ),
        (
            "HTTP/1.1 502 Oh\r\ncontent-length: 0\r\n\r\n",
            "unsuccessful",
        ),
        ("no HTTP at all\r\n\r\n", "unsuccessful"),
        ("HTTP/1.1 20", "unexpected end"),
        ("", "unexpected end"),
    ] {
        let proxy = Server::start(move |proxy, mut stream| {
            proxy.receive(&mut stream);
            stream.write_all(answer.as_bytes()).unwrap();
        });
        let error = failure(&proxy, PATIENCE).await;
        assert!(matches!(error, Error::Dispatch(_)), "{error}");
        let line = error.to_string();
        let named = format!("not connected by the proxy 127.0.0.1:{}", proxy.port());
        assert!(line.contains(&named) && line.contains(why), "{why}: {line}");
    }
}

/// One that never answers is given up in the time for connecting.
#[tokio::test]
async fn a_silent_proxy_is_given_up() {
    let proxy = Server::start(|proxy, mut stream| {
        proxy.receive(&mut stream);
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let error = failure(&proxy, Duration::from_millis(100)).await;
    assert!(matches!(error, Error::Timeout(_)), "{error}");
    assert!(
        error.to_string().contains("not connected within 100ms"),
        "{error}"
    );
}
