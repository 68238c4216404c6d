//! HTTP/2, where the service offers it in the TLS handshake.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tinsmith_runtime::Error;
use tinsmith_runtime::body::Body;
use tokio_rustls::TlsAcceptor;

use crate::service::get;
use crate::tls::{certificate, through};

/// Starts a server that speaks nothing else; gives its port and counts its connections.
async fn server(connections: Arc<AtomicUsize>) -> (u16, String) {
    let (mut config, pem) = certificate("localhost");
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            connections.fetch_add(1, Ordering::SeqCst);
            let stream = TokioIo::new(acceptor.accept(stream).await.unwrap());
            let answer = service_fn(|request: http::Request<hyper::body::Incoming>| async move {
                assert_eq!(request.version(), http::Version::HTTP_2);
                Ok::<_, Infallible>(http::Response::new(Body::from("{\"value\":\"v\"}")))
            });
            let serve = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                .serve_connection(stream, answer);
            tokio::spawn(serve);
        }
    });
    (port, pem)
}

/// A stream that the service gives up is an error, and takes no other call with it.
#[tokio::test]
async fn a_reset_stream_is_told() {
    let (mut config, pem) = certificate("localhost");
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let stream = TokioIo::new(acceptor.accept(stream).await.unwrap());
        let answered = AtomicUsize::new(0);
        let answer = service_fn(|_: http::Request<hyper::body::Incoming>| {
            let number = answered.fetch_add(1, Ordering::SeqCst);
            std::future::ready(match number {
                1 => Err("given up"),
                _ => Ok(http::Response::new(Body::from("{}"))),
            })
        });
        // The only connection that there ever is.
        let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
            .serve_connection(stream, answer)
            .await;
    });
    let client = through(&format!("https://localhost:{port}"), |transport| {
        transport.root_certificates(pem.as_bytes()).unwrap()
    });
    client.send(get()).await.unwrap();
    let error = client.send(get()).await.unwrap_err();
    assert!(matches!(error, Error::Dispatch(_)), "{error}");
    assert!(error.is_retryable());
    client.send(get()).await.unwrap();
}

/// Calls at the same time share one connection.
#[tokio::test]
async fn calls_share_a_connection() {
    let connections = Arc::new(AtomicUsize::new(0));
    let (port, pem) = server(Arc::clone(&connections)).await;
    let client = through(&format!("https://localhost:{port}"), |transport| {
        transport.root_certificates(pem.as_bytes()).unwrap()
    });
    client.send(get()).await.unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        calls.spawn(async move { client.send(get()).await.unwrap().value });
    }
    for value in calls.join_all().await {
        assert_eq!(value.as_deref(), Some("v"));
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}
