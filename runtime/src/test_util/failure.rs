//! What goes wrong between client and service.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Frame;

use super::clock::VirtualClock;
use super::record::Sent;
use crate::body::Body;
use crate::error::BoxError;
use crate::transport::{TransportError, TransportErrorKind};

/// What goes wrong between client and service, for [`When::fail`](super::When::fail).
///
/// Each comes to the caller as it would over a socket, after the retries that the client makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportFailure {
    /// No connection: the service has not received the request. Any operation is sent again.
    ConnectionRefused,
    /// No connection in the time allowed for it. Any operation is sent again.
    ConnectTimeout,
    /// The certificate of the service is not trusted. Nothing is sent again.
    Untrusted,
    /// The connection broke after the request was sent: the service may have acted on it, so an operation
    /// that must not be done twice is not sent again.
    ConnectionReset,
    /// No answer in the time allowed for an attempt, which passes at once. As for a broken connection,
    /// the service may have acted on the request.
    Timeout,
    /// The head of a success comes, and the connection breaks before the end of its body.
    TruncatedResponse,
    /// What comes is not HTTP. Nothing is sent again.
    NotHttp,
}

impl TransportFailure {
    /// Does to a request what the failure is.
    pub(super) async fn happen(
        self,
        clock: &VirtualClock,
        sent: &Sent,
    ) -> Result<http::Response<Body>, TransportError> {
        let (kind, cause) = match self {
            Self::ConnectionRefused => (TransportErrorKind::Connect, "connection refused"),
            Self::ConnectTimeout => (TransportErrorKind::ConnectTimeout, "no connection"),
            Self::Untrusted => (TransportErrorKind::Untrusted, "unknown issuer"),
            Self::ConnectionReset => (TransportErrorKind::Io, "connection reset by peer"),
            Self::NotHttp => (TransportErrorKind::Protocol, "no status line"),
            Self::TruncatedResponse => {
                return Ok(http::Response::new(Body::stream(Truncated)));
            }
            Self::Timeout if sent.timeout.is_some() => {
                clock.stall().await;
                (TransportErrorKind::Io, "the wait for an answer ended")
            }
            Self::Timeout => (
                TransportErrorKind::Unsupported,
                "the rule says that no answer comes, and the call has no timeout: it would never end",
            ),
        };
        Err(TransportError::new(kind, cause))
    }
}

/// A body that breaks off.
struct Truncated;

impl http_body::Body for Truncated {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(Some(Err("connection reset by peer".into())))
    }
}
