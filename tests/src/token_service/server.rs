//! The HTTP server around the services.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Response;
use http_body::Frame;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::reply::{ApiError, Reply};
use super::request::Request;
use super::route::{Service, carry_out};
use super::store::{Store, uuid};
use super::{Fault, Options, tls};

/// The longest body that is read.
const MAX_BODY: usize = 1024 * 1024;

/// Both services, running on a socket of the loopback address until this is dropped.
pub struct TokenService {
    address: SocketAddr,
    certificate: Option<String>,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

/// What the connections share.
struct Shared {
    options: Options,
    store: Mutex<Store>,
    faults: Mutex<VecDeque<Fault>>,
    requests: Mutex<Vec<Request>>,
}

impl TokenService {
    /// Starts the services. Runs on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// A port that cannot be had, or a certificate that cannot be made.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let (acceptor, certificate) = if options.tls {
            let (acceptor, certificate) = tls::acceptor()?;
            (Some(acceptor), Some(certificate))
        } else {
            (None, None)
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            options,
            store: Mutex::default(),
            faults: Mutex::default(),
            requests: Mutex::default(),
        });
        let accepting = tokio::spawn(accept(listener, acceptor, Arc::clone(&shared)));
        Ok(Self {
            address,
            certificate,
            shared,
            accepting,
        })
    }

    /// The address of both services, without a `/` at the end.
    #[must_use]
    pub fn url(&self) -> String {
        match self.certificate {
            Some(_) => format!("https://localhost:{}", self.address.port()),
            None => format!("http://{}", self.address),
        }
    }

    /// How the services behave.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.shared.options
    }

    /// The certificate to trust, in PEM, of a service that speaks TLS.
    #[must_use]
    pub fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// Lets `fault` happen to each of the next `times` requests that have no fault yet.
    pub fn inject(&self, fault: Fault, times: usize) {
        lock(&self.shared.faults).extend(std::iter::repeat_n(fault, times));
    }

    /// All requests so far, whatever they were answered.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.shared.requests).clone()
    }

    /// Runs for as long as the services do: until this is dropped.
    pub async fn wait(&mut self) {
        // The task ends only by being aborted.
        let _ = (&mut self.accepting).await;
    }
}

impl Drop for TokenService {
    fn drop(&mut self) {
        // Its connections go with it: they are tasks of a set that it owns.
        self.accepting.abort();
    }
}

impl fmt::Debug for TokenService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenService({})", self.url())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, acceptor: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        // A connection that failed before it was accepted is the client's business.
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        connections.spawn(connection(stream, acceptor.clone(), Arc::clone(&shared)));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, acceptor: Option<TlsAcceptor>, shared: Arc<Shared>) {
    match acceptor {
        None => serve(stream, shared).await,
        Some(acceptor) => {
            // A client that does not trust the certificate ends the handshake.
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, shared).await;
            }
        }
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    let service = service_fn(|request| answer(request, &shared));
    let server = hyper::server::conn::http1::Builder::new();
    // An error here is a fault that was asked for, or a client that went away.
    let _ = server.serve_connection(TokioIo::new(stream), service).await;
}

/// Ends a connection without an answer.
#[derive(Debug)]
struct HungUp;

impl fmt::Display for HungUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hung up on purpose")
    }
}

impl std::error::Error for HungUp {}

async fn answer(
    request: http::Request<Incoming>,
    shared: &Shared,
) -> Result<Response<ReplyBody>, HungUp> {
    let fault = lock(&shared.faults).pop_front();
    let mut reply = match receive(request).await {
        Ok(request) => {
            lock(&shared.requests).push(request.clone());
            respond(&request, shared, fault)
        }
        Err(error) => error.into(),
    };
    let mut ending = Ending::Complete;
    match fault {
        Some(Fault::HangUp) => return Err(HungUp),
        Some(Fault::Stall(time)) => tokio::time::sleep(time).await,
        Some(Fault::Truncate) => ending = Ending::Truncated,
        Some(Fault::Garbage) => reply.body = b"{\"secret\":\"hunter2\",".to_vec(),
        _ => {}
    }
    Ok(response(reply, ending, shared.now()))
}

impl Shared {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        now.saturating_add(self.options.clock_offset).unwrap_or(now)
    }
}

async fn receive(request: http::Request<Incoming>) -> Result<Request, ApiError> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY).collect().await;
    let body = body.map_err(|_| ApiError::new(413, "RequestTooLarge", "the body is too long"))?;
    Ok(Request {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: body.to_bytes().to_vec(),
    })
}

fn respond(request: &Request, shared: &Shared, fault: Option<Fault>) -> Reply {
    match fault {
        Some(Fault::Html(status)) => return Reply::html(status),
        Some(Fault::Answer {
            status,
            headers,
            body,
        }) => return Reply::canned(status, headers, body),
        _ => {}
    }
    let carried_out = Service::of(request).and_then(|service| {
        if let Some(Fault::Throttle { retry_after }) = fault {
            return Err(service.throttled(retry_after));
        }
        let mut store = lock(&shared.store);
        carry_out(request, service, &mut store, &shared.options, shared.now())
    });
    carried_out.unwrap_or_else(Into::into)
}

fn response(reply: Reply, ending: Ending, now: Timestamp) -> Response<ReplyBody> {
    let length = reply.body.len();
    let mut response = Response::new(ReplyBody {
        rest: Some(Bytes::from(reply.body)),
        ending,
    });
    *response.status_mut() =
        http::StatusCode::from_u16(reply.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let own = [
        ("content-length", length.to_string()),
        ("date", date),
        ("x-amzn-requestid", uuid()),
    ];
    for (name, value) in own.into_iter().chain(reply.headers) {
        if let Ok(value) = http::HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// A body in one piece, or half of one and then the end of the connection.
struct ReplyBody {
    rest: Option<Bytes>,
    ending: Ending,
}

enum Ending {
    Complete,
    /// The half is yet to be sent.
    Truncated,
    /// The half is on its way.
    Broken,
}

impl http_body::Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match (self.rest.take(), &self.ending) {
            (Some(whole), Ending::Complete) => Poll::Ready(Some(Ok(Frame::data(whole)))),
            (Some(mut half), _) => {
                half.truncate(half.len() / 2);
                Poll::Ready(Some(Ok(Frame::data(half))))
            }
            (None, Ending::Complete) => Poll::Ready(None),
            (None, Ending::Truncated) => {
                // The server sends what it has while it waits for more.
                self.ending = Ending::Broken;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            (None, Ending::Broken) => Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into()))),
        }
    }
}
