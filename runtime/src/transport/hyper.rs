//! The default transport: hyper's pooled connections on tokio.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::uri::Authority;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::connect::{ConnectTimedOut, Connector, Proxies};
#[cfg(feature = "tls")]
use super::tls::Trust;
use super::{Transport, TransportError, TransportErrorKind, TransportFuture};
use crate::body::Body;
use crate::error::ConfigError;
use crate::stream::StreamError;

/// HTTP/1.1 over kept-alive connections, and HTTP/2 where the feature `http2` is on and the service
/// offers it.
///
/// Cheap to clone; clones share their connections. It needs a tokio runtime with its I/O and time
/// drivers on, which `#[tokio::main]` has. Redirects are not followed.
#[derive(Clone)]
pub struct HyperTransport {
    client: Client<Connector, Body>,
    proxies: Proxies,
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
    proxies: Option<Proxies>,
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
            max_idle_per_host: 64,
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

    /// How many unused connections to one host are kept. 64 by default; 0 makes a new connection for
    /// every request.
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.max_idle_per_host = connections;
        self
    }

    /// Connects directly, whatever the environment says of proxies.
    ///
    /// By default `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` are honoured as curl does,
    /// except that plain http to this machine never goes through a proxy.
    pub fn no_proxy(mut self) -> Self {
        self.proxies = Some(Proxies::none());
        self
    }

    /// Sends requests through the proxy at `url`, whatever the environment says, except to the hosts
    /// in `except`, which has the form of `NO_PROXY`: names, addresses and networks with commas
    /// between.
    pub fn proxy(mut self, url: &str, except: &str) -> Self {
        self.proxies = Some(Proxies::of(url, except));
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
    /// A pool without a time limit of at least a millisecond for unused connections.
    pub fn build(self) -> Result<HyperTransport, ConfigError> {
        if self.idle_timeout < Duration::from_millis(1) {
            return Err(ConfigError::new(
                "the idle timeout of connections is shorter than a millisecond; keep none instead",
            ));
        }
        let proxies = self.proxies.unwrap_or_else(Proxies::from_env);
        let connector = Connector::new(
            self.connect_timeout,
            proxies.clone(),
            #[cfg(feature = "tls")]
            self.trust,
        );
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(self.idle_timeout)
            .pool_max_idle_per_host(self.max_idle_per_host)
            // A connection that the service closed while it was idle has received nothing of the
            // request, which is then sent on another.
            .retry_canceled_requests(true)
            .build(connector);
        Ok(HyperTransport { client, proxies })
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
        let host = request.uri().authority().cloned();
        let sent = self.client.request(request);
        Box::pin(async move {
            match sent.await {
                Ok(response) => Ok(response.map(Body::from)),
                Err(error) => Err(describe(error, host)),
            }
        })
    }
}

/// Tells how far the request came from what hyper says.
fn describe(error: legacy::Error, host: Option<Authority>) -> TransportError {
    let kind = if error.is_connect() {
        connect_kind(&error)
    } else if find::<StreamError>(&error).is_some() {
        TransportErrorKind::Stream
    } else {
        match find::<hyper::Error>(&error) {
            Some(error) if error.is_parse() => TransportErrorKind::Protocol,
            Some(error) if error.is_user() => TransportErrorKind::Unsupported,
            _ => TransportErrorKind::Io,
        }
    };
    TransportError::new(kind, Cause { error, host })
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
            Some(source) => write!(f, "{source}"),
            None => write!(f, "{}", self.error),
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
    } else {
        TransportErrorKind::Connect
    }
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
            .finish_non_exhaustive()
    }
}
