//! Hooks into a call.
//!
//! An [`Interceptor`] sees a call from its input to its outcome and may change the request before it
//! is signed. Interceptors are registered for a client with
//! [`ConfigBuilder::interceptor`](crate::config::ConfigBuilder::interceptor), for one call with
//! [`Call::interceptor`](crate::client::Call::interceptor).
//!
//! # What is called when
//!
//! | Hook | When | How often | May |
//! |---|---|---|---|
//! | [`before_call`](Interceptor::before_call) | before the input is completed and checked | once | change the input, stop the call |
//! | [`before_signing`](Interceptor::before_signing) | the request is written and addressed | each attempt | change the request, stop the call |
//! | [`before_send`](Interceptor::before_send) | the request is complete and signed | each attempt | look |
//! | [`after_attempt`](Interceptor::after_attempt) | an attempt was answered or failed, and what follows is decided | each `before_send` | look |
//! | [`after_call`](Interceptor::after_call) | the outcome is read | once each `before_call` | look |
//!
//! What is derived from the request comes after `before_signing` and so covers what interceptors
//! changed: compression, checksums, the rule that secrets do not travel over plain http, the signature.
//! A request is written anew for each attempt, so a change has to be made at each.
//!
//! # Order
//!
//! Interceptors nest like layers, the client's outside those of the call, each in the order of
//! registration: the `before_` hooks run from the first to the last, the `after_` hooks from the last
//! to the first. Where a `before_call` stops the call, those after it are not called, and `after_call`
//! is called for those that were, the stopping one included. A call whose future is dropped is over
//! without further hooks.
//!
//! A request that is [presigned](crate::client::PresignedRequest) is signed and not sent: of the hooks
//! of an attempt only `before_signing` is called, and the output of the call is the presigned request.
//!
//! The hooks are the same for async and for blocking calls, and are called on whatever thread drives
//! the call. They hold it up while they run, so they must not wait for anything. A client without
//! interceptors does no work for them.

mod context;
mod hooks;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

pub(crate) use context::Attempt;
pub use context::{AfterAttempt, AfterCall, BeforeCall, BeforeSend, BeforeSigning};
pub(crate) use hooks::Hooks;

use crate::error::BoxError;

/// Sees calls on their way, and may change or stop them. See the [module](self) for the order.
///
/// Every hook has a default that does nothing, so an interceptor writes those that it needs.
///
/// Adding a header that the signature then covers:
///
/// ```
/// use http::{HeaderName, HeaderValue};
/// use tinsmith_runtime::error::BoxError;
/// use tinsmith_runtime::interceptor::{BeforeSigning, Interceptor};
///
/// /// Passes on the id by which the caller's own logs know the request.
/// struct RequestId(HeaderValue);
///
/// impl Interceptor for RequestId {
///     fn before_signing(&self, request: &mut BeforeSigning<'_>) -> Result<(), BoxError> {
///         let name = HeaderName::from_static("x-request-id");
///         request.headers_mut().insert(name, self.0.clone());
///         Ok(())
///     }
/// }
///
/// # #[cfg(feature = "hyper")] {
/// # use tinsmith_runtime::Config;
/// let config = Config::builder()
///     .interceptor(RequestId(HeaderValue::from_static("job-17")))
///     .build()?;
/// # }
/// # Ok::<(), tinsmith_runtime::ConfigError>(())
/// ```
///
/// Counting what calls come to:
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use tinsmith_runtime::interceptor::{AfterAttempt, AfterCall, Interceptor};
///
/// #[derive(Default)]
/// struct Counters {
///     calls: AtomicU64,
///     failures: AtomicU64,
///     retries: AtomicU64,
/// }
///
/// struct Metrics(Arc<Counters>);
///
/// impl Interceptor for Metrics {
///     fn after_attempt(&self, attempt: &mut AfterAttempt<'_>) {
///         if attempt.retry_after().is_some() {
///             self.0.retries.fetch_add(1, Ordering::Relaxed);
///         }
///     }
///
///     fn after_call(&self, call: &mut AfterCall<'_>) {
///         self.0.calls.fetch_add(1, Ordering::Relaxed);
///         if call.failure().is_some() {
///             self.0.failures.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// # #[cfg(feature = "hyper")] {
/// # use tinsmith_runtime::Config;
/// let counters = Arc::new(Counters::default());
/// let config = Config::builder().interceptor(Metrics(counters.clone())).build()?;
/// # }
/// # Ok::<(), tinsmith_runtime::ConfigError>(())
/// ```
#[allow(
    unused_variables,
    reason = "the defaults do nothing, and the names are documentation"
)]
pub trait Interceptor: Send + Sync + 'static {
    /// What errors call the interceptor; the type's name by default.
    fn name(&self) -> &str {
        std::any::type_name::<Self>()
    }

    /// A call begins. Its input is as the caller gave it: neither completed nor checked.
    ///
    /// # Errors
    ///
    /// An error ends the call as [`Error::Construction`](crate::Error::Construction), with an
    /// [`InterceptorError`] as its source. Nothing is sent.
    fn before_call(&self, call: &mut BeforeCall<'_>) -> Result<(), BoxError> {
        Ok(())
    }

    /// An attempt begins. The request is written and addressed, and lacks what is derived from it.
    ///
    /// # Errors
    ///
    /// As for [`before_call`](Self::before_call), but that earlier attempts may have been sent, which the
    /// error's metadata tells. This one and later ones are not made.
    fn before_signing(&self, request: &mut BeforeSigning<'_>) -> Result<(), BoxError> {
        Ok(())
    }

    /// The request is about to be sent as it is.
    fn before_send(&self, request: &mut BeforeSend<'_>) {}

    /// An attempt is over, and what follows is decided.
    fn after_attempt(&self, attempt: &mut AfterAttempt<'_>) {}

    /// The call is over.
    fn after_call(&self, call: &mut AfterCall<'_>) {}
}

/// Why an interceptor stopped a call.
#[derive(Debug)]
pub struct InterceptorError {
    name: String,
    source: BoxError,
}

impl InterceptorError {
    fn new(interceptor: &dyn Interceptor, source: BoxError) -> Self {
        Self {
            name: interceptor.name().to_owned(),
            source,
        }
    }

    /// The [name](Interceptor::name) of the interceptor.
    #[must_use]
    pub fn interceptor(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for InterceptorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the interceptor `{}` refused", self.name)
    }
}

impl std::error::Error for InterceptorError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source: &(dyn std::error::Error + 'static) = &*self.source;
        Some(source)
    }
}

/// The interceptors of a client or a call, in the order of registration.
#[derive(Clone, Default)]
pub(crate) struct Interceptors(Vec<Arc<dyn Interceptor>>);

impl Interceptors {
    pub(crate) fn push(&mut self, interceptor: impl Interceptor) {
        self.0.push(Arc::new(interceptor));
    }
}

impl fmt::Debug for Interceptors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|interceptor| interceptor.name());
        f.debug_list().entries(names).finish()
    }
}
