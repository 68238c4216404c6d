//! What hooks are told, and what they may change.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Extensions, HeaderMap, Method, StatusCode, Uri};

use crate::body::Body;
use crate::metadata::ResponseMetadata;
use crate::operation::OperationSchema;
use crate::retry::ErrorClass;

/// What lasts as long as a call.
pub(super) struct Ongoing {
    pub(super) operation: &'static OperationSchema,
    pub(super) extensions: Extensions,
}

/// Gives each context what all of them have.
macro_rules! of_a_call {
    ($($context:ident)*) => {$(
        impl $context<'_> {
            /// The operation: its name, its shape id, its service.
            #[must_use]
            pub fn operation(&self) -> &'static OperationSchema {
                self.call.operation
            }

            /// What interceptors keep for the duration of the call, by type.
            #[must_use]
            pub fn extensions(&self) -> &Extensions {
                &self.call.extensions
            }

            /// As above, to put something there or take it out: a span, a start time. All
            /// interceptors of the call share it, so use a type of your own.
            pub fn extensions_mut(&mut self) -> &mut Extensions {
                &mut self.call.extensions
            }
        }
    )*};
}

of_a_call!(BeforeCall BeforeSigning BeforeSend AfterAttempt AfterCall);

/// A call that begins: see [`Interceptor::before_call`](super::Interceptor::before_call).
pub struct BeforeCall<'a> {
    pub(super) call: &'a mut Ongoing,
    pub(super) input: &'a mut dyn Any,
}

impl BeforeCall<'_> {
    /// The input, where the call is one of the operation with this input.
    ///
    /// ```
    /// use tinsmith_runtime::error::BoxError;
    /// use tinsmith_runtime::interceptor::{BeforeCall, Interceptor};
    /// # struct CreateAccessTokenInput { name: Option<String> }
    ///
    /// /// Lets no token be made whose name does not tell whose it is.
    /// struct NamesATeam;
    ///
    /// impl Interceptor for NamesATeam {
    ///     fn before_call(&self, call: &mut BeforeCall<'_>) -> Result<(), BoxError> {
    ///         match call.input::<CreateAccessTokenInput>().map(|input| input.name.as_deref()) {
    ///             Some(Some(name)) if !name.starts_with("team-") => Err("no team's name".into()),
    ///             _ => Ok(()),
    ///         }
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn input<T: 'static>(&self) -> Option<&T> {
        self.input.downcast_ref()
    }

    /// As above, to change it. It is checked after.
    pub fn input_mut<T: 'static>(&mut self) -> Option<&mut T> {
        self.input.downcast_mut()
    }
}

/// A request that may still be changed: see
/// [`Interceptor::before_signing`](super::Interceptor::before_signing).
pub struct BeforeSigning<'a> {
    pub(super) call: &'a mut Ongoing,
    pub(super) parts: &'a mut Parts,
    pub(super) body: Option<&'a mut Bytes>,
    pub(super) attempt: u32,
}

impl BeforeSigning<'_> {
    /// Which attempt it is, from 1 on.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.parts.method
    }

    /// The method, to change.
    pub fn method_mut(&mut self) -> &mut Method {
        &mut self.parts.method
    }

    /// The absolute URI.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.parts.uri
    }

    /// The URI, to change. One without scheme or host ends the call.
    pub fn uri_mut(&mut self) -> &mut Uri {
        &mut self.parts.uri
    }

    /// The headers, without those of authentication.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The headers, to change. Those of authentication replace any of the same name.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.parts.headers
    }

    /// The body before compression; `None` where it is a stream, which passes by unseen.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_deref()
    }

    /// As above, to change it.
    pub fn body_mut(&mut self) -> Option<&mut Bytes> {
        self.body.as_deref_mut()
    }
}

/// A request that is about to be sent: see
/// [`Interceptor::before_send`](super::Interceptor::before_send).
pub struct BeforeSend<'a> {
    pub(super) call: &'a mut Ongoing,
    pub(super) parts: &'a Parts,
    pub(super) body: &'a Body,
    pub(super) attempt: u32,
}

impl BeforeSend<'_> {
    /// Which attempt it is, from 1 on.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.parts.method
    }

    /// The absolute URI. Its path and query may hold members of the input.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.parts.uri
    }

    /// The headers, with those of authentication. `Debug` does not show the values of those that hold a
    /// secret.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The body as it is sent; `None` where it is a stream.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.body.as_bytes()
    }
}

/// An attempt that is over: see
/// [`Interceptor::after_attempt`](super::Interceptor::after_attempt).
pub struct AfterAttempt<'a> {
    pub(super) call: &'a mut Ongoing,
    pub(super) observed: &'a Attempt<'a>,
    pub(super) attempt: u32,
    pub(super) elapsed: Duration,
}

impl AfterAttempt<'_> {
    /// Which attempt it is, from 1 on.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// How long it took, from when the request was complete.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The status of the response, where one came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        StatusCode::from_u16(self.observed.status?).ok()
    }

    /// The headers of the response, where one came.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.observed.headers
    }

    /// What kind of error it was; `None` for a success. Whether the response can be read is known only
    /// [after the call](super::Interceptor::after_call).
    #[must_use]
    pub fn class(&self) -> Option<ErrorClass> {
        self.observed.class
    }

    /// The error's code, where the service gave one; else a short name of what failed, such as `timeout`
    /// or `connect`.
    #[must_use]
    pub fn error_type(&self) -> Option<&str> {
        self.observed.error_type
    }

    /// How long the call now waits before the next attempt; `None` where there is none.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.observed.delay
    }
}

/// A call that is over: see [`Interceptor::after_call`](super::Interceptor::after_call).
pub struct AfterCall<'a> {
    pub(super) call: &'a mut Ongoing,
    pub(super) outcome: Outcome<'a>,
    pub(super) elapsed: Duration,
}

/// What a call came to.
pub(crate) type Outcome<'a> =
    Result<(&'a dyn Any, &'a ResponseMetadata), (&'a (dyn Error + 'static), &'a ResponseMetadata)>;

impl AfterCall<'_> {
    /// The output, where the call succeeded and was one of the operation with this output.
    #[must_use]
    pub fn output<T: 'static>(&self) -> Option<&T> {
        self.outcome.ok()?.0.downcast_ref()
    }

    /// The error of the service's type, such as `codecatalyst::error::Error`, where the call failed.
    #[must_use]
    pub fn error<E: Error + 'static>(&self) -> Option<&E> {
        self.failure()?.downcast_ref()
    }

    /// The error without its type, where the call failed.
    #[must_use]
    pub fn failure(&self) -> Option<&(dyn Error + 'static)> {
        self.outcome.err().map(|(error, _)| error)
    }

    /// Status, request id, attempts and waits, as far as the call got.
    #[must_use]
    pub fn metadata(&self) -> &ResponseMetadata {
        match self.outcome {
            Ok((_, metadata)) | Err((_, metadata)) => metadata,
        }
    }

    /// How long the call took, all of it.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

/// What an attempt came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt<'a> {
    pub(crate) status: Option<u16>,
    pub(crate) headers: Option<&'a HeaderMap>,
    pub(crate) class: Option<ErrorClass>,
    pub(crate) error_type: Option<&'a str>,
    pub(crate) delay: Option<Duration>,
}

impl<'a> Attempt<'a> {
    /// An attempt that a response came to.
    pub(crate) fn answered(status: u16, headers: &'a HeaderMap) -> Self {
        Self {
            status: Some(status),
            headers: Some(headers),
            ..Self::unanswered()
        }
    }

    /// An attempt that no response came to.
    pub(crate) fn unanswered() -> Self {
        Self {
            status: None,
            headers: None,
            class: None,
            error_type: None,
            delay: None,
        }
    }

    /// With the error that it was, and the wait for the next one.
    pub(crate) fn failed(
        self,
        class: ErrorClass,
        error_type: Option<&'a str>,
        delay: Option<Duration>,
    ) -> Self {
        Self {
            class: Some(class),
            error_type,
            delay,
            ..self
        }
    }
}

impl fmt::Debug for BeforeCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BeforeCall")
            .field("operation", &self.call.operation.id)
            .finish_non_exhaustive()
    }
}

/// Writes what of a request holds no secret: neither path and query nor values of headers nor the body.
fn fmt_request(
    name: &str,
    operation: &OperationSchema,
    attempt: u32,
    parts: &Parts,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let headers: Vec<_> = parts.headers.keys().map(http::HeaderName::as_str).collect();
    f.debug_struct(name)
        .field("operation", &operation.id)
        .field("attempt", &attempt)
        .field("method", &parts.method)
        .field("host", &parts.uri.host())
        .field("headers", &headers)
        .finish_non_exhaustive()
}

impl fmt::Debug for BeforeSigning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.call.operation;
        fmt_request("BeforeSigning", operation, self.attempt, self.parts, f)
    }
}

impl fmt::Debug for BeforeSend<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.call.operation;
        fmt_request("BeforeSend", operation, self.attempt, self.parts, f)
    }
}

impl fmt::Debug for AfterAttempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AfterAttempt")
            .field("operation", &self.call.operation.id)
            .field("attempt", &self.attempt)
            .field("status", &self.observed.status)
            .field("class", &self.observed.class)
            .field("error_type", &self.observed.error_type)
            .field("retry_after", &self.observed.delay)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for AfterCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AfterCall")
            .field("operation", &self.call.operation.id)
            .field("failure", &self.failure())
            .field("metadata", self.metadata())
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}
