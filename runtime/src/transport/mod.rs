//! How requests travel.
//!
//! A [`Transport`] carries one request and brings back one response; retries, signing and timeouts
//! are not its business. The default one is [`HyperTransport`] (feature `hyper`). A caller may bring
//! another, to send through something that exists already or to answer in a test.

#[cfg(feature = "hyper")]
mod connect;
#[cfg(feature = "tls")]
mod crypto;
#[cfg(feature = "hyper")]
mod hyper;
#[cfg(feature = "hyper")]
mod lull;
#[cfg(feature = "hyper")]
mod proxy;
#[cfg(feature = "hyper")]
mod slots;
#[cfg(feature = "tls")]
mod tls;

use std::fmt::{self, Debug};
use std::future::Future;
use std::pin::Pin;

#[cfg(feature = "hyper")]
pub use self::hyper::{HyperTransport, HyperTransportBuilder};
#[cfg(feature = "hyper")]
pub(crate) use self::slots::Slot;
use crate::body::Body;
use crate::error::BoxError;

/// The future of [`Transport::send`].
pub type TransportFuture<'a> =
    Pin<Box<dyn Future<Output = Result<http::Response<Body>, TransportError>> + Send + 'a>>;

/// Carries requests to services.
///
/// Dropping the future gives up the request.
///
/// ```
/// use bytes::Bytes;
/// use tinsmith_runtime::body::Body;
/// use tinsmith_runtime::transport::{Transport, TransportFuture};
///
/// /// Answers every request with the same document.
/// #[derive(Debug)]
/// struct Canned(Bytes);
///
/// impl Transport for Canned {
///     fn send(&self, _request: http::Request<Body>) -> TransportFuture<'_> {
///         let body = Body::from(self.0.clone());
///         Box::pin(async move { Ok(http::Response::new(body)) })
///     }
/// }
/// ```
pub trait Transport: Debug + Send + Sync + 'static {
    /// Sends `request`, whose URI is absolute, and returns the response as soon as its head is there.
    ///
    /// # Errors
    ///
    /// The request could not be sent or no response came. What kind of failure it was decides whether
    /// the request is sent again, so an error that may have come after the service received the
    /// request must not be called [`TransportErrorKind::Connect`].
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_>;
}

/// Why a transport did not bring a response.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: BoxError,
}

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: the service has certainly not received the request.
    Connect,
    /// No connection in the time allowed for it.
    ConnectTimeout,
    /// No turn in the time allowed for it, because the client has as many requests under way as it may:
    /// nothing was asked of the service.
    AcquireTimeout,
    /// The other end could not prove that it is the service: nothing was sent to it, and nothing will
    /// be on another attempt.
    Untrusted,
    /// The service has said that it did not act on the request, as when it closes a connection over
    /// HTTP/2 in good order.
    Unprocessed,
    /// The connection broke after sending began: the service may have received the request.
    Io,
    /// The response is not HTTP, or breaks a limit. The service has received the request.
    Protocol,
    /// The stream that the request carries failed: its source, or an event that the model forbids.
    Stream,
    /// The request can never be sent this way, such as over TLS by a transport without it.
    Unsupported,
}

impl TransportError {
    /// An error of this kind, with its cause.
    #[must_use]
    pub fn new(kind: TransportErrorKind, source: impl Into<BoxError>) -> Self {
        Self {
            kind,
            source: source.into(),
        }
    }

    /// How far the request came.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    pub(crate) fn into_source(self) -> BoxError {
        self.source
    }
}

impl TransportErrorKind {
    /// A short name for logs and metrics.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::ConnectTimeout => "connect_timeout",
            Self::AcquireTimeout => "acquire_timeout",
            Self::Untrusted => "untrusted",
            Self::Unprocessed => "unprocessed",
            Self::Io => "io",
            Self::Protocol => "protocol",
            Self::Stream => "stream",
            Self::Unsupported => "unsupported",
        }
    }

    /// The kind in words.
    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::Connect => "no connection",
            Self::ConnectTimeout => "no connection in the time allowed",
            Self::AcquireTimeout => "no free connection in the time allowed",
            Self::Untrusted => "the certificate of the service is not trusted",
            Self::Unprocessed => "the service did not process the request",
            Self::Io => "the connection broke",
            Self::Protocol => "the response breaks the rules of HTTP",
            Self::Stream => "the stream of the request failed",
            Self::Unsupported => "the transport cannot send this request",
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.describe())
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source: &(dyn std::error::Error + 'static) = &*self.source;
        Some(source)
    }
}
