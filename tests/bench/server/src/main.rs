//! The loopback server that answers all contestants: HTTP/1.1 with keep-alive, and nothing kept in mind.
//!
//! It prints its address, and ends when standard input does.

use std::convert::Infallible;
use std::error::Error;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};

/// As CodeCatalyst answers to `CreateAccessToken`.
const CODE_CATALYST_CREATED: &str = concat!(
    r#"{"secret":"9b7c2f6e-5d1a-4c83-b0e4-EXAMPLE11111","name":"ci","#,
    r#""expiresTime":"2027-11-21T21:00:00.000Z","#,
    r#""accessTokenId":"a1b2c3d4-5678-90ab-cdef-EXAMPLE22222"}"#
);
/// And to `ListAccessTokens`.
const CODE_CATALYST_LIST: &str = concat!(
    r#"{"items":[{"id":"a1b2c3d4-5678-90ab-cdef-EXAMPLE22222","name":"ci","#,
    r#""expiresTime":"2027-11-21T21:00:00.000Z"}]}"#
);
/// As Route 53 Global Resolver answers to `CreateAccessToken` and, but for tags, to `GetAccessToken`.
const RESOLVER_TOKEN: &str = concat!(
    r#"{"id":"atk-0a1b2c3d4e5f67890","#,
    r#""arn":"arn:aws:route53globalresolver::123456789012:token/atk-0a1b2c3d4e5f67890","#,
    r#""clientToken":"2f1d6c0a-9c1e-4c55-8a3e-2b7f6f0c9d11","#,
    r#""createdAt":"2026-11-21T21:00:00.000Z","dnsViewId":"dnsv-0a1b2c3d4e5f67890","#,
    r#""expiresAt":"2027-11-21T21:00:00.000Z","name":"ci","status":"OPERATIONAL","#,
    r#""updatedAt":"2026-11-21T21:00:00.000Z","#,
    r#""globalResolverId":"gr-0a1b2c3d4e5f67890","value":"9b7c2f6e-5d1a-4c83-b0e4-EXAMPLE11111"}"#
);
/// And to `ListAccessTokens`.
const RESOLVER_LIST: &str = concat!(
    r#"{"accessTokens":[{"id":"atk-0a1b2c3d4e5f67890","#,
    r#""arn":"arn:aws:route53globalresolver::123456789012:token/atk-0a1b2c3d4e5f67890","#,
    r#""createdAt":"2026-11-21T21:00:00.000Z","dnsViewId":"dnsv-0a1b2c3d4e5f67890","#,
    r#""expiresAt":"2027-11-21T21:00:00.000Z","globalResolverId":"gr-0a1b2c3d4e5f67890","#,
    r#""name":"ci","status":"OPERATIONAL","updatedAt":"2026-11-21T21:00:00.000Z"}]}"#
);
/// And to `DeleteAccessToken`.
const RESOLVER_DELETED: &str = concat!(
    r#"{"id":"atk-0a1b2c3d4e5f67890","status":"DELETING","#,
    r#""deletedAt":"2026-11-21T21:00:00.000Z"}"#
);

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("http://{}", listener.local_addr()?);
        let (mut input, mut rest) = (tokio::io::stdin(), Vec::new());
        tokio::select! {
            ended = input.read_to_end(&mut rest) => ended.map(drop),
            failed = serve(listener) => failed,
        }
    })?;
    // The thread that reads standard input may be still there.
    runtime.shutdown_background();
    Ok(())
}

async fn serve(listener: TcpListener) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(connection(stream));
    }
}

/// Answers on one connection until the client ends it, in whatever way.
async fn connection(stream: TcpStream) {
    let connection =
        http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer));
    if let Err(error) = connection.await {
        eprintln!("a connection broke: {error}");
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    if body.collect().await.is_err() {
        return Ok(reply(StatusCode::BAD_REQUEST, "{}"));
    }
    Ok(route(&head.method, head.uri.path()))
}

fn route(method: &Method, path: &str) -> Response<Full<Bytes>> {
    let (status, body) = match (method, path) {
        (&Method::PUT, "/v1/accessTokens") => (StatusCode::CREATED, CODE_CATALYST_CREATED),
        (&Method::POST, "/v1/accessTokens") => (StatusCode::OK, CODE_CATALYST_LIST),
        (&Method::DELETE, path) if path.starts_with("/v1/accessTokens/") => (StatusCode::OK, "{}"),
        (&Method::GET, path) if path.starts_with("/tokens/dns-view/") => {
            (StatusCode::OK, RESOLVER_LIST)
        }
        (&Method::POST | &Method::GET, path) if path.starts_with("/tokens/") => {
            (StatusCode::OK, RESOLVER_TOKEN)
        }
        (&Method::DELETE, path) if path.starts_with("/tokens/") => {
            (StatusCode::OK, RESOLVER_DELETED)
        }
        _ => (StatusCode::NOT_FOUND, "{}"),
    };
    reply(status, body)
}

fn reply(status: StatusCode, body: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        HeaderName::from_static("x-amzn-requestid"),
        HeaderValue::from_static("4f1c8f1e-7c1d-4c0f-9a57-EXAMPLE33333"),
    );
    response
}
