//! Requests that are signed here and sent by somebody else.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use jiff::SignedDuration;
use tracing::Span;

use super::call::ErrorOf;
use super::{Call, drive};
use crate::body::Body;
use crate::error::{Error, Failed, Failure, FailureKind};
use crate::metadata::ResponseMetadata;
use crate::operation::Operation;
use crate::orchestrator::{Event, Orchestrator, Plan, Presign, Reply, Step};
use crate::timestamp::Timestamp;

/// A request with its signature in the query string: whoever has it can send it, with any HTTP client
/// and without credentials, until it expires.
///
/// The URI is as good as the credentials for this one request. `Debug` and `Display` therefore show
/// neither its path nor its query.
///
/// What the signature covers must be sent as it is: the method, the URI, all of [`headers`]
/// (`Host` is the URI's) and the [`body`].
///
/// Source: AWS Identity and Access Management User Guide, "Signature Version 4 request authentication
/// methods", "Query parameters".
///
/// [`headers`]: Self::headers
/// [`body`]: Self::body
#[derive(Clone)]
pub struct PresignedRequest {
    request: http::Request<Bytes>,
    expires_at: Timestamp,
}

impl PresignedRequest {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// The absolute URI with the signature. Keep it out of logs and messages.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        self.request.uri()
    }

    /// The headers that must be sent besides `Host`; none, for most requests without a body.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// The body that must be sent; empty for an operation without one.
    ///
    /// It is empty, too, where the operation takes a stream: that is up to the sender, and the
    /// signature says that it covers no body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        self.request.body()
    }

    /// When the signature stops being valid. Temporary credentials that it was made with may have
    /// expired before.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The request as HTTP clients take it.
    #[must_use]
    pub fn into_http(self) -> http::Request<Bytes> {
        self.request
    }
}

impl fmt::Display for PresignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.uri();
        write!(
            f,
            "{} {}://{}/***",
            self.method(),
            uri.scheme_str().unwrap_or_default(),
            uri.authority().map_or("", |authority| authority.as_str()),
        )
    }
}

impl fmt::Debug for PresignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresignedRequest")
            .field("request", &format_args!("{self}"))
            // The values may be of sensitive members.
            .field("headers", &self.headers().keys())
            .field("body", &format_args!("{} bytes", self.body().len()))
            .field("expires_at", &self.expires_at)
            .finish()
    }
}

impl<O: Operation> Call<O> {
    /// Checks the input and signs the request for somebody else to send within `expires_in`, from one
    /// second to seven days, of which whole seconds count. Nothing is sent.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tinsmith_runtime::client::PresignedRequest;
    /// use tinsmith_runtime::operation::{Operation, Service};
    /// use tinsmith_runtime::{Client, Error};
    ///
    /// /// Lets someone without credentials make this call within an hour.
    /// async fn pass_on<O: Operation>(
    ///     client: &Client<O::Service>,
    ///     input: O,
    /// ) -> Result<PresignedRequest, Error<<O::Service as Service>::Error>> {
    ///     client.call(input).presigned(Duration::from_secs(3600)).await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// An input that violates its model; and, as [`Error::Construction`], an operation that is not
    /// authenticated by SigV4 or that sends events, an `expires_in` out of bounds, and whatever keeps
    /// a request from being signed, such as missing credentials.
    pub async fn presigned(
        mut self,
        expires_in: Duration,
    ) -> Result<PresignedRequest, Error<ErrorOf<O>>> {
        let span = Span::none();
        let mut hooks = self.hooks();
        let presigned = match self.begin(hooks.as_deref_mut()) {
            Err(failed) => Err(failed),
            Ok(has_token) => {
                let mut plan = self.plan(self.input(), has_token, hooks.as_deref_mut(), &span);
                plan.presign = Some(Presign::valid_for(expires_in));
                boxed(plan, expires_in).await
            }
        };
        let presigned = presigned.map_err(Error::<ErrorOf<O>>::from);
        if let Some(mut hooks) = hooks {
            let metadata = ResponseMetadata::of(O::SCHEMA.name());
            let outcome = match &presigned {
                Ok(request) => Ok((request as _, &metadata)),
                Err(error) => Err((error as _, error.metadata())),
            };
            hooks.after_call(outcome, &*self.client.shared.config().clock);
        }
        presigned
    }
}

type PresignFuture<'a> =
    Pin<Box<dyn Future<Output = Result<PresignedRequest, Failed>> + Send + 'a>>;

/// Boxed as calls are, so that it is compiled once.
fn boxed(plan: Plan<'_>, expires_in: Duration) -> PresignFuture<'_> {
    Box::pin(presign(plan, expires_in))
}

async fn presign(plan: Plan<'_>, expires_in: Duration) -> Result<PresignedRequest, Failed> {
    let (config, operation) = (plan.shared.config(), plan.operation);
    let mut orchestrator = Orchestrator::new(plan);
    let (mut event, mut now) = (Event::Start, config.clock.now());
    loop {
        (event, now) = match orchestrator.advance(event, now) {
            Step::ResolveIdentity { kind, timeout } => {
                drive::identify(config, kind, timeout, now).await
            }
            Step::Send { request, .. } => {
                let signed_at = orchestrator.signing_time(now).into();
                return Ok(PresignedRequest {
                    request: request.map(|body| into_bytes(&body)),
                    expires_at: later(signed_at, expires_in),
                });
            }
            Step::Done(Reply::Failed(failed)) => return Err(failed),
            // Nothing was sent, so there is nothing to wait for and nobody to answer.
            Step::Wait(_) | Step::Done(_) => {
                return Err(Failed::Construction(Failure::new(
                    FailureKind::Construction,
                    "the request was not signed",
                    ResponseMetadata::of(operation.name()),
                )));
            }
        };
    }
}

fn into_bytes(body: &Body) -> Bytes {
    body.as_bytes().cloned().unwrap_or_default()
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    let seconds = i64::try_from(by.as_secs()).unwrap_or(i64::MAX);
    time.checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(time)
}
