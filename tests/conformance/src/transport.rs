//! A transport that answers by the test, and keeps what it was sent.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use tinsmith_runtime::body::Body;
use tinsmith_runtime::time::{Clock, Moment, Sleep};
use tinsmith_runtime::transport::{Transport, TransportError, TransportErrorKind, TransportFuture};

/// What goes over the wire in one call.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    request: Mutex<Option<Request<Bytes>>>,
    response: Mutex<Option<Response<Bytes>>>,
}

impl Wire {
    /// A wire that answers with `response`, or breaks after the request where there is none.
    pub(crate) fn new(response: Option<Response<Bytes>>) -> Arc<Self> {
        Arc::new(Self {
            request: Mutex::default(),
            response: Mutex::new(response),
        })
    }

    /// The request that was sent.
    pub(crate) fn take_request(&self) -> Option<Request<Bytes>> {
        take(&self.request)
    }
}

fn take<T>(place: &Mutex<Option<T>>) -> Option<T> {
    place.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn broken(error: impl Into<tinsmith_runtime::error::BoxError>) -> TransportError {
    TransportError::new(TransportErrorKind::Io, error)
}

impl Transport for Wire {
    fn send(&self, request: Request<Body>) -> TransportFuture<'_> {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            frame(&mut parts, body.size_hint().exact());
            let body = body.collect().await.map_err(broken)?.to_bytes();
            let request = Request::from_parts(parts, body);
            *self.request.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
            match take(&self.response) {
                Some(response) => Ok(response.map(Body::from)),
                None => Err(broken("the test wants no response")),
            }
        })
    }
}

/// Frames a request as an HTTP/1.1 connection does: by its length, where that is known and there is a
/// body or the method means that there may be one, else in chunks.
///
/// Source: RFC 9110, section 8.6; RFC 9112, section 6.
fn frame(request: &mut Parts, length: Option<u64>) {
    let means_body = [Method::POST, Method::PUT, Method::PATCH].contains(&request.method);
    let (name, value) = match length {
        Some(0) if !means_body => return,
        Some(length) => (CONTENT_LENGTH, HeaderValue::from(length)),
        None => (TRANSFER_ENCODING, HeaderValue::from_static("chunked")),
    };
    if !request.headers.contains_key(CONTENT_LENGTH) {
        request.headers.insert(name, value);
    }
}

/// A clock that stands still; waits on it never end.
#[derive(Debug)]
pub(crate) struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Moment {
        Moment {
            // The example of SigV4's documentation; any time would do.
            wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_160),
            elapsed: Duration::ZERO,
        }
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }
}
