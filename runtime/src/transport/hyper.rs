//! The default transport: hyper's pooled connections on tokio.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::header::{HOST, HeaderValue};
use http::uri::Authority;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::connect::{ConnectTimedOut, Connector};
use super::lull::Lull;
use super::proxy::Proxies;
use super::slots::Slots;
#[cfg(feature = "tls")]
use super::tls::Trust;
use super::{Transport, TransportError, TransportErrorKind, TransportFuture};
use crate::body::Body;
use crate::error::ConfigError;
use crate::identity::Environment;
use crate::request::host;
use crate::request::set_header;
use crate::stream::StreamError;

/// How long a connection over HTTP/2 that has requests under way is silent until it is asked whether it
/// is alive. Source: RFC 9113, section 6.7.
#[cfg(feature = "http2")]
const PING_INTERVAL: Duration = Duration::from_secs(15);
/// The time for the answer, after which the connection is given up. Both together are shorter than an
/// attempt may last by default: after one on a silent connection the next has another.
#[cfg(feature = "http2")]
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// HTTP/1.1 over kept-alive connections, and HTTP/2 where the feature `http2` is on and the service
/// offers it.
///
/// Cheap to clone; clones share their connections. It needs a tokio runtime with its I/O and time
/// drivers on, which `#[tokio::main]` has. Redirects are not followed.
///
/// However many requests are made at once, at most [100](HyperTransportBuilder::max_connections) are
/// under way and the others wait for their turn, so that a program does not run out of file
/// descriptors. The head of a response may have 100 fields and about 400 kB, over HTTP/2 16 KiB; a
/// longer one is an error.
#[derive(Clone)]
pub struct HyperTransport {
    client: Client<Connector, Body>,
    proxies: Proxies,
    slots: Slots,
    lull: Lull,
}

/// Puts a [`HyperTransport`] together.
///
/// ```
/// use std::time::Duration;
/// use tinsmith_runtime::transport::HyperTransport;
///
/// let transport = HyperTransport::builder()
///     .connect_timeout(Duration::from_secs(2))
///     .max_idle_per_host(8)
///     .no_proxy()
///     .build()?;
/// # Ok::<(), tinsmith_runtime::ConfigError>(())
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until it is built"]
pub struct HyperTransportBuilder {
    connect_timeout: Option<Duration>,
    idle_timeout: Duration,
    max_idle_per_host: usize,
    max_connections: usize,
    acquire_timeout: Duration,
    proxies: Option<Result<Proxies, ConfigError>>,
    #[cfg(feature = "tls")]
    trust: Trust,
}

impl HyperTransport {
    /// Starts from the defaults.
    pub fn builder() -> HyperTransportBuilder {
        HyperTransportBuilder {
            connect_timeout: Some(Duration::from_secs(5)),
            // Below the minute after which many load balancers hang up.
            idle_timeout: Duration::from_secs(50),
            // With all of these, and one more that is being made for each request that then got another,
            // below the 256 open files that some systems allow a process.
            max_idle_per_host: 50,
            max_connections: 100,
            acquire_timeout: Duration::from_secs(20),
            proxies: None,
            #[cfg(feature = "tls")]
            trust: Trust::default(),
        }
    }
}

impl HyperTransportBuilder {
    /// How long a connection may take to be made, its TLS handshake included; `None` for as long as
    /// the attempt may. 5 s by default.
    pub fn connect_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = timeout.into();
        self
    }

    /// How long a connection is kept that nobody uses. 50 s by default.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// How many unused connections to one host are kept. 50 by default; 0 makes a new connection for
    /// every request.
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.max_idle_per_host = connections;
        self
    }

    /// How many requests may be under way at once. 100 by default; 0 counts as 1.
    ///
    /// Over HTTP/1.1 each has a connection, and so a file descriptor, to itself until its response has
    /// been read; one whose response is a stream keeps it until the stream ends or is dropped. Requests
    /// beyond that wait, first come, first served. Over HTTP/2, where requests share connections, it
    /// holds until the head of the response is there.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// How long a request may wait for its turn when [`max_connections`](Self::max_connections) others
    /// are under way. 20 s by default. It is part of the time for the attempt, and should be shorter: of an
    /// attempt that ends first nobody can tell whether it was sent.
    ///
    /// An attempt that had no turn was not sent. The next one waits anew, and takes nothing of the
    /// client's allowance for retries, which is there to spare the service.
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.acquire_timeout = timeout;
        self
    }

    /// Connects directly, whatever the environment says of proxies.
    ///
    /// By default `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, or else their forms in lower
    /// case, are honoured as curl does, except that plain http to this machine never goes through a
    /// proxy. A proxy's URL begins with `http://`, whether requests through it are in the clear or
    /// tunnelled, and may hold a user name and password.
    pub fn no_proxy(mut self) -> Self {
        self.proxies = Some(Ok(Proxies::none()));
        self
    }

    /// Sends requests through the proxy at `url`, whatever the environment says, except to the hosts
    /// in `except`, which has the form of `NO_PROXY`: names, addresses and networks with commas
    /// between.
    pub fn proxy(mut self, url: &str, except: &str) -> Self {
        self.proxies = Some(Proxies::of(url, except));
        self
    }

    /// Takes proxies from the variables of this environment, in place of the process's own.
    pub fn proxies_from(mut self, environment: &dyn Environment) -> Self {
        self.proxies = Some(Proxies::from_environment(&|name| environment.var(name)));
        self
    }

    /// Trusts these certificates, in PEM form, in place of those of the system.
    ///
    /// For tests and private endpoints.
    ///
    /// # Errors
    ///
    /// Text that holds no certificate, or one that cannot be read.
    #[cfg(feature = "tls")]
    pub fn root_certificates(mut self, pem: &[u8]) -> Result<Self, ConfigError> {
        self.trust = Trust::from_pem(pem)?;
        Ok(self)
    }

    /// Makes the transport. No connection is made and no certificate read before the first request.
    ///
    /// # Errors
    ///
    /// A pool without a time limit of at least a millisecond for unused connections, and a proxy whose
    /// URL is none or does not begin with `http://`, whether it was set or found in the environment.
    pub fn build(self) -> Result<HyperTransport, ConfigError> {
        if self.idle_timeout < Duration::from_millis(1) {
            return Err(ConfigError::new(
                "the idle timeout of connections is shorter than a millisecond; keep none instead",
            ));
        }
        let proxies = match self.proxies {
            Some(proxies) => proxies?,
            None => Proxies::from_environment(&|name| std::env::var(name).ok())?,
        };
        let connector = Connector::new(
            self.connect_timeout,
            proxies.clone(),
            #[cfg(feature = "tls")]
            self.trust,
        );
        let mut client = Client::builder(TokioExecutor::new());
        client
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle_timeout)
            .pool_max_idle_per_host(self.max_idle_per_host)
            // A connection that the service closed while it was idle has received nothing of the
            // request, which is then sent on another.
            .retry_canceled_requests(true);
        // All requests to a host share one connection, so a dead one must not be taken for a slow one.
        #[cfg(feature = "http2")]
        client
            .http2_keep_alive_interval(PING_INTERVAL)
            .http2_keep_alive_timeout(PING_TIMEOUT);
        Ok(HyperTransport {
            client: client.build(connector),
            proxies,
            slots: Slots::new(self.max_connections, self.acquire_timeout),
            lull: Lull::new(),
        })
    }
}

impl Transport for HyperTransport {
    fn send(&self, mut request: http::Request<Body>) -> TransportFuture<'_> {
        // hyper would panic in the middle of things.
        if tokio::runtime::Handle::try_current().is_err() {
            let error = "called outside of a tokio runtime";
            let error = TransportError::new(TransportErrorKind::Unsupported, error);
            return Box::pin(std::future::ready(Err(error)));
        }
        self.proxies.authenticate(&mut request);
        name_host(&mut request);
        let host = request.uri().authority().cloned();
        Box::pin(async move {
            let slot = self.slots.acquire().await?;
            self.lull.end().await;
            let response = self.client.request(request).await;
            self.lull.begin();
            let (head, body) = response
                .map_err(|error| describe(error, host))?
                .into_parts();
            // Over HTTP/2 the body shares its connection with other requests.
            let slot = (head.version != http::Version::HTTP_2).then_some(slot);
            let body = Body::incoming(body, slot);
            Ok(http::Response::from_parts(head, body))
        })
    }
}

/// Adds the `Host` header, which costs hyper-util more, for it formats the value. Over HTTP/2 there is
/// none, and which version it will be is not known here.
fn name_host(request: &mut http::Request<Body>) {
    if cfg!(feature = "http2") || request.headers().contains_key(HOST) {
        return;
    }
    if let Ok(host) = HeaderValue::from_str(host(request.uri())) {
        set_header(request.headers_mut(), HOST, host);
    }
}

/// Tells how far the request came from what hyper says.
fn describe(error: legacy::Error, host: Option<Authority>) -> TransportError {
    let kind = if error.is_connect() {
        connect_kind(&error)
    } else if find::<StreamError>(&error).is_some() {
        TransportErrorKind::Stream
    } else if is_unprocessed(&error) {
        TransportErrorKind::Unprocessed
    } else {
        match find::<hyper::Error>(&error) {
            Some(error) if error.is_parse() => TransportErrorKind::Protocol,
            Some(error) if is_refused(error) => TransportErrorKind::Unsupported,
            _ => TransportErrorKind::Io,
        }
    };
    TransportError::new(kind, Cause { error, host })
}

/// Whether hyper refuses to send such a request. It also blames its user where a runtime ended, and with
/// it the connection that another runtime's request was on, but then names that as the cause.
fn is_refused(error: &hyper::Error) -> bool {
    error.is_user() && error.source().is_none()
}

/// Whether the service said that it did not act on the request: by the last stream that it names when it
/// goes away, or by refusing the stream.
///
/// Source: RFC 9113, section 8.7.
#[cfg(feature = "http2")]
fn is_unprocessed(error: &legacy::Error) -> bool {
    find::<h2::Error>(error).is_some_and(|error| {
        let refused = error.reason() == Some(h2::Reason::REFUSED_STREAM);
        error.is_remote() && (error.is_go_away() || (error.is_reset() && refused))
    })
}

#[cfg(not(feature = "http2"))]
fn is_unprocessed(_: &legacy::Error) -> bool {
    false
}

/// What went wrong, and with whom. hyper-util's own error says only in which stage it was, which the
/// kind does too; it stays at hand as the holder of the errors beneath it.
#[derive(Debug)]
struct Cause {
    error: legacy::Error,
    host: Option<Authority>,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(host) = &self.host {
            write!(f, "{host}: ")?;
        }
        match self.error.source() {
            Some(source) => write!(f, "{source}")?,
            None => write!(f, "{}", self.error)?,
        }
        match explain(&self.error) {
            Some(meaning) => write!(f, ": {meaning}"),
            None => Ok(()),
        }
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()?.source()
    }
}

fn connect_kind(error: &legacy::Error) -> TransportErrorKind {
    if find::<ConnectTimedOut>(error).is_some() {
        TransportErrorKind::ConnectTimeout
    } else if is_untrusted(error) {
        TransportErrorKind::Untrusted
    } else if is_hopeless(error) {
        TransportErrorKind::Unsupported
    } else {
        TransportErrorKind::Connect
    }
}

#[cfg(feature = "tls")]
fn explain(error: &legacy::Error) -> Option<&'static str> {
    super::tls::explain(find(error)?)
}

#[cfg(not(feature = "tls"))]
fn explain(_: &legacy::Error) -> Option<&'static str> {
    None
}

#[cfg(feature = "tls")]
fn is_untrusted(error: &legacy::Error) -> bool {
    let error = find::<rustls::Error>(error);
    matches!(error, Some(rustls::Error::InvalidCertificate(_)))
}

#[cfg(not(feature = "tls"))]
fn is_untrusted(_: &legacy::Error) -> bool {
    false
}

/// Whether this build cannot make such a connection.
#[cfg(feature = "tls")]
fn is_hopeless(_: &legacy::Error) -> bool {
    false
}

#[cfg(not(feature = "tls"))]
fn is_hopeless(error: &legacy::Error) -> bool {
    find::<super::connect::TlsLeftOut>(error).is_some()
}

/// The first error of this type in the chain of causes.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // An I/O error passes over what it wraps when it is asked for its source.
        let wrapped = error.downcast_ref().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperTransport")
            .field("proxies", &self.proxies)
            .field("slots", &self.slots)
            .finish_non_exhaustive()
    }
}
