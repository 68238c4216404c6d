//! One call, from its input to its output.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tracing::Span;

use super::watch::Watched;
use super::{Client, drive};
use crate::checksum::Checksums;
use crate::config::{ResponseChecks, Settings, Timeouts};
use crate::error::{BoxError, Error, Failed, Failure, FailureKind};
use crate::interceptor::{Hooks, Interceptor};
use crate::metadata::ResponseMetadata;
use crate::operation::{Operation, Output, Service, ServiceError};
use crate::orchestrator::{
    Plan, Reply, check_sum, fill_idempotency_token, read_error, read_stream, read_success,
};
use crate::request::{Compression, prepare};
use crate::retry::RetryConfig;
use crate::trace;
use crate::validate::Validation;

/// The errors of the service that `O` belongs to.
pub(super) type ErrorOf<O> = <<O as Operation>::Service as Service>::Error;

/// A call that is being put together: an input, and the client's settings, which may be overridden.
///
/// Generated builders wrap one. It is sent by [`send`](Self::send) or by `.await` alone.
///
/// ```
/// use std::time::Duration;
/// use tinsmith_runtime::operation::{Operation, Service};
/// use tinsmith_runtime::retry::RetryConfig;
/// use tinsmith_runtime::{Client, Error};
///
/// /// Calls any operation, and does not take long over it.
/// async fn hurry<O: Operation>(
///     client: &Client<O::Service>,
///     input: O,
/// ) -> Result<O::Output, Error<<O::Service as Service>::Error>> {
///     client
///         .call(input)
///         .operation_timeout(Duration::from_secs(2))
///         .retry(RetryConfig::off())
///         .await
/// }
/// ```
#[must_use = "a call does nothing until it is sent"]
pub struct Call<O: Operation> {
    pub(super) client: Client<O::Service>,
    // Shared with the client until something is overridden, so that a plain call copies nothing.
    settings: Arc<Settings>,
    input: O,
}

impl<O: Operation> Call<O> {
    pub(super) fn new(client: Client<O::Service>, input: O) -> Self {
        let settings = Arc::clone(&client.shared.config().settings);
        Self {
            client,
            settings,
            input,
        }
    }

    #[cfg(any(feature = "blocking", feature = "waiters"))]
    pub(crate) fn client(&self) -> &Client<O::Service> {
        &self.client
    }

    /// The input as it is now.
    #[must_use]
    pub fn input(&self) -> &O {
        &self.input
    }

    /// The input, to set members of.
    pub fn input_mut(&mut self) -> &mut O {
        &mut self.input
    }

    /// The input by itself; nothing is sent.
    #[must_use]
    pub fn into_input(self) -> O {
        self.input
    }

    /// What to do about an input that violates its model.
    pub fn validation(mut self, validation: Validation) -> Self {
        self.settings_mut().validation = validation;
        self
    }

    /// Whether to refuse enum values that the model does not know.
    pub fn check_enums(mut self, check: bool) -> Self {
        let settings = self.settings_mut();
        settings.validation_options = settings.validation_options.check_enums(check);
        self
    }

    /// How long this call may take, all attempts together; `None` for as long as it needs.
    pub fn operation_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings_mut().timeouts.operation = timeout.into();
        self
    }

    /// How long one attempt of this call may take; `None` for as long as it needs.
    pub fn attempt_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.settings_mut().timeouts.attempt = timeout.into();
        self
    }

    /// All time limits of this call. Those for connecting and for identities are the client's, and stay.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.settings_mut().timeouts = timeouts;
        self
    }

    /// How often to try this call, and how long to wait between attempts.
    pub fn retry(mut self, retry: RetryConfig) -> Self {
        self.settings_mut().retry = retry;
        self
    }

    /// How strictly this call's response is held to the model.
    pub fn response_checks(mut self, checks: ResponseChecks) -> Self {
        self.settings_mut().response_checks = checks;
        self
    }

    /// The most bytes of this call's response body that are read into memory.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.settings_mut().max_response_bytes = bytes;
        self
    }

    /// When this call's request carries a checksum, and its response is checked, where the operation
    /// knows them.
    pub fn checksums(mut self, checksums: Checksums) -> Self {
        self.settings_mut().request.checksums = checksums;
        self
    }

    /// Which request bodies are compressed, where the operation allows it.
    pub fn compression(mut self, compression: Compression) -> Self {
        self.settings_mut().request.compression = compression;
        self
    }

    /// Sees this call and its attempts, within the interceptors of the client: see
    /// [`interceptor`](crate::interceptor).
    pub fn interceptor(mut self, interceptor: impl Interceptor) -> Self {
        self.settings_mut().interceptors.push(interceptor);
        self
    }

    fn settings_mut(&mut self) -> &mut Settings {
        Arc::make_mut(&mut self.settings)
    }

    /// Checks the input, sends it, and reads the response.
    ///
    /// # Errors
    ///
    /// See [`Error`]. When it is one of the input, nothing was sent.
    pub async fn send(mut self) -> Result<O::Output, Error<ErrorOf<O>>> {
        let region = self.client.shared.config().region.as_deref();
        let span = trace::call_span(O::SCHEMA, region);
        let mut hooks = self.hooks();
        let begun = span.in_scope(|| self.begin(hooks.as_deref_mut()));
        let watched = Watched::take(self.client.shared.config(), &mut self.input);
        let input = watched.input(&self.input);
        let reply = match begun {
            Err(failed) => Reply::Failed(failed),
            Ok(has_token) => {
                let plan = self.plan(input, has_token, hooks.as_deref_mut(), &span);
                drive::boxed(plan, watched.witness()).await
            }
        };
        span.in_scope(|| self.end(input, reply, hooks.as_deref_mut(), &span))
    }

    /// The interceptors, where there are any.
    pub(super) fn hooks(&self) -> Option<Box<Hooks>> {
        let clock = &*self.client.shared.config().clock;
        Hooks::of(&self.settings.interceptors, O::SCHEMA, clock)
    }

    /// What is to be done with a completed input.
    pub(super) fn plan<'a>(
        &'a self,
        input: &'a O,
        has_idempotency_token: bool,
        hooks: Option<&'a mut Hooks>,
        span: &'a Span,
    ) -> Plan<'a> {
        Plan {
            operation: O::SCHEMA,
            modeled: ErrorOf::<O>::MODELED,
            resolve_endpoint: O::Service::resolve_endpoint,
            input,
            has_idempotency_token,
            settings: &self.settings,
            shared: &self.client.shared,
            presign: None,
            hooks,
            span,
        }
    }

    /// Completes the input, and tells whether it carries an idempotency token.
    pub(super) fn begin(&mut self, hooks: Option<&mut Hooks>) -> Result<bool, Failed> {
        if let Some(hooks) = hooks {
            hooks
                .before_call(&mut self.input)
                .map_err(|error| construction::<O>("it was stopped", error))?;
        }
        prepare(O::SCHEMA, &mut self.input, &self.settings.request);
        let source = &self.client.shared.config().idempotency_tokens;
        fill_idempotency_token(self.input.idempotency_token(), source).map_err(|error| {
            let message = "the system gives no random numbers for an idempotency token";
            construction::<O>(message, error)
        })
    }

    /// Reads what came, and tells whoever wants to know.
    fn end(
        &self,
        input: &O,
        reply: Reply,
        hooks: Option<&mut Hooks>,
        span: &Span,
    ) -> Result<O::Output, Error<ErrorOf<O>>> {
        let clock = &*self.client.shared.config().clock;
        match self.read(input, reply) {
            Ok((mut output, metadata)) => {
                trace::record_call(span, &metadata, false, None);
                // The output takes the metadata, and only interceptors need them beside it.
                let seen = hooks.map(|hooks| (hooks, metadata.clone()));
                *output.metadata_mut() = metadata;
                if let Some((hooks, metadata)) = seen {
                    hooks.after_call(Ok((&output, &metadata)), clock);
                }
                Ok(output)
            }
            Err(error) => {
                trace::record_call(span, error.metadata(), true, error.name());
                if let Some(hooks) = hooks {
                    hooks.after_call(Err((&error, error.metadata())), clock);
                }
                Err(error)
            }
        }
    }

    fn read(
        &self,
        input: &O,
        reply: Reply,
    ) -> Result<(O::Output, ResponseMetadata), Error<ErrorOf<O>>> {
        match reply {
            Reply::Failed(failed) => Err(failed.into()),
            Reply::Success {
                response,
                stream,
                metadata,
            } => {
                let metadata = match stream {
                    // What of it arrives is the caller's to check.
                    Some(_) => metadata,
                    None => check_sum(O::SCHEMA, input, &response, metadata)?,
                };
                let mut output = O::Output::default();
                let checks = self.settings.response_checks;
                let metadata = read_success(O::SCHEMA, checks, &response, metadata, &mut output)?;
                if let Some(body) = stream {
                    let clock = &self.client.shared.config().clock;
                    read_stream(O::SCHEMA, &self.settings, clock, body, &mut output);
                }
                Ok((output, metadata))
            }
            Reply::Error {
                response,
                error,
                modeled,
                metadata,
            } => Err(Error::Service(read_error(
                O::SCHEMA,
                &response,
                error,
                modeled,
                metadata,
            ))),
        }
    }
}

fn construction<O: Operation>(message: &'static str, source: impl Into<BoxError>) -> Failed {
    let metadata = ResponseMetadata::of(O::SCHEMA.name());
    let failure = Failure::new(FailureKind::Construction, message, metadata);
    Failed::Construction(failure.with_source(source))
}

impl<O: Operation + Clone> Clone for Call<O> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            settings: Arc::clone(&self.settings),
            input: self.input.clone(),
        }
    }
}

impl<O: Operation + fmt::Debug> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &O::SCHEMA.id)
            .field("input", &self.input)
            .finish_non_exhaustive()
    }
}

impl<O: Operation> IntoFuture for Call<O> {
    type Output = Result<O::Output, Error<ErrorOf<O>>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
