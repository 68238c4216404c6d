//! One call as a state machine, without I/O.
//!
//! [`Orchestrator::advance`] is told what happened and what time it is, and says what to do next:
//! get an identity, send a request, wait, or take the result. A driver does these things. Nothing in
//! here reads a clock, sleeps or opens a socket, so every rule of a call is tested on a made-up clock
//! in no time, and the same rules hold for every driver.
//!
//! It is not generic: the operation is described by statics and the input is behind the one walk, so
//! the code is compiled once and not once an operation.

mod attempt;
mod idempotency;
mod presign;
mod reply;
mod request;
mod stream;
mod target;
#[cfg(test)]
mod tests;

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;

pub(crate) use attempt::AttemptError;
pub(crate) use idempotency::fill_idempotency_token;
pub(crate) use reply::{Reply, check_sum, read_error, read_stream, read_success};
pub(crate) use stream::{is_framed, take_initial_response};

use crate::auth::{AuthContext, IdentityKind, identity_kind};
use crate::body::Body;
use crate::client::Shared;
use crate::config::Settings;
use crate::endpoint::{Endpoint, EndpointError, EndpointParams};
use crate::error::{BoxError, Failed, Failure, FailureKind, InvalidInput};
use crate::identity::{Identity, IdentityError};
use crate::metadata::ResponseMetadata;
use crate::operation::{AuthScheme, OperationSchema};
use crate::request::{finish, host_prefix};
use crate::retry::{ErrorClass, is_ambiguous, is_clock_skew, retry_after, server_time};
use crate::schema::Schema;
use crate::shape::Structure;
use crate::stream::{Progress, is_spent};
use crate::time::Moment;
use crate::validate::{Validation, validate_operation};
use request::invocation_id;
use stream::Outgoing;
use target::Target;

/// What stays the same throughout a call.
pub(crate) struct Plan<'a> {
    pub(crate) operation: &'static OperationSchema,
    /// The errors that the service's model has.
    pub(crate) modeled: &'static [&'static Schema],
    pub(crate) resolve_endpoint: fn(&EndpointParams<'_>) -> Result<Endpoint, EndpointError>,
    pub(crate) input: &'a (dyn Structure + Sync),
    /// Whether the input carries an idempotency token, which makes sending it twice harmless.
    pub(crate) has_idempotency_token: bool,
    pub(crate) settings: &'a Settings,
    pub(crate) shared: &'a Shared,
    /// For how long the request is to be valid, where it is not sent but signed for others to send.
    pub(crate) presign: Option<Duration>,
}

/// What happened.
pub(crate) enum Event {
    /// The call begins.
    Start,
    /// A provider answered.
    Identity(Result<Identity, IdentityError>),
    /// A response came in whole.
    Response(http::Response<Bytes>),
    /// The head of a success came, and its body is a stream.
    Streaming(http::Response<Bytes>, Body),
    /// An attempt came to nothing.
    Failed(AttemptError),
    /// The wait is over.
    Waited,
}

/// What to do next.
pub(crate) enum Step {
    /// Ask the provider of this kind of identity.
    ResolveIdentity {
        kind: IdentityKind,
        timeout: Option<Duration>,
    },
    /// Send this and read the whole response, or the head where it is a success of an operation
    /// whose output is a stream.
    Send {
        request: http::Request<Body>,
        timeout: Option<Duration>,
        /// Tells of a request that is a stream whether it moves, which holds up the timeout.
        progress: Option<Progress>,
    },
    /// Do nothing for this long.
    Wait(Duration),
    /// The call is over.
    Done(Reply),
}

/// A call on its way.
pub(crate) struct Orchestrator<'a> {
    plan: Plan<'a>,
    target: Option<Target>,
    scheme: AuthScheme,
    /// Which of the operation's schemes that is.
    scheme_index: usize,
    identity: Identity,
    /// Why the preferred scheme could not be used.
    no_identity: Option<IdentityError>,
    invocation_id: http::HeaderValue,
    started: Duration,
    attempts: u32,
    /// What the last retry took from the bucket.
    taken: Option<u32>,
    waited: Duration,
}

/// What may be done about a failed attempt.
struct Remedy {
    class: ErrorClass,
    /// Whether it is unknown if the service acted on the request.
    ambiguous: bool,
    /// The least to wait, where the service said so.
    hint: Option<Duration>,
}

impl<'a> Orchestrator<'a> {
    pub(crate) fn new(plan: Plan<'a>) -> Self {
        Self {
            plan,
            target: None,
            scheme: AuthScheme::Anonymous,
            scheme_index: 0,
            identity: Identity::Anonymous,
            no_identity: None,
            invocation_id: invocation_id(),
            started: Duration::ZERO,
            attempts: 0,
            taken: None,
            waited: Duration::ZERO,
        }
    }

    /// Takes in what happened at `now` and says what to do next.
    pub(crate) fn advance(&mut self, event: Event, now: Moment) -> Step {
        let step = match event {
            Event::Start => self.start(now),
            Event::Identity(identity) => self.identified(identity, now),
            Event::Response(response) => Ok(self.answered(response, now)),
            Event::Streaming(head, body) => Ok(self.streaming(head, body)),
            Event::Failed(error) => Ok(self.failed(error, now)),
            Event::Waited => self.send(now),
        };
        step.unwrap_or_else(|failed| Step::Done(Reply::Failed(failed)))
    }

    fn start(&mut self, now: Moment) -> Result<Step, Failed> {
        self.started = now.elapsed;
        self.validate()?;
        self.check_presign()?;
        let mut params = self.plan.shared.endpoint_params();
        params.bind(self.plan.operation.endpoint_bindings, self.plan.input);
        let endpoint = match self.named_endpoint() {
            Some(endpoint) => endpoint,
            None => (self.plan.resolve_endpoint)(&params)
                .map_err(|error| self.construction("there is no endpoint", error))?,
        };
        let prefix = host_prefix(self.plan.operation, self.plan.input)
            .map_err(|error| self.construction("the input names no host", error))?;
        let target = Target::new(endpoint)
            .and_then(|target| target.with_prefix(&prefix))
            .map_err(|error| self.construction("the endpoint cannot be used", error))?;
        self.target = Some(target);
        self.authenticate(0, now)
    }

    /// The endpoint that the input names, for the services where one does.
    fn named_endpoint(&self) -> Option<Endpoint> {
        let customization = self.plan.operation.service.customization?;
        let url = customization.endpoint(self.plan.operation, self.plan.input)?;
        Some(Endpoint::new(url))
    }

    /// Checks the input before anything else is done with it.
    fn validate(&self) -> Result<(), Failed> {
        let settings = self.plan.settings;
        if settings.validation == Validation::Off {
            return Ok(());
        }
        let (operation, input) = (self.plan.operation, self.plan.input);
        let Err(error) = validate_operation(operation, input, settings.validation_options) else {
            return Ok(());
        };
        if settings.validation == Validation::Warn {
            tracing::warn!(operation = operation.id, %error, "sending an invalid input");
            return Ok(());
        }
        Err(Failed::Validation(InvalidInput::new(
            operation.name(),
            error,
        )))
    }

    /// Takes the first scheme from `index` on that the client has an identity provider for.
    ///
    /// Source: Smithy 2.0, "auth trait": schemes are in the order of preference.
    fn authenticate(&mut self, index: usize, now: Moment) -> Result<Step, Failed> {
        let schemes = self.schemes();
        let providers = &self.plan.shared.config().providers;
        let available = |scheme: &AuthScheme| providers.has(identity_kind(*scheme));
        let rest = schemes.get(index..).unwrap_or_default();
        let next = rest.iter().position(available).map(|at| index + at);
        let Some((index, scheme)) = next.and_then(|at| Some((at, *schemes.get(at)?))) else {
            return self.without_identity(now);
        };
        self.scheme_index = index;
        self.scheme = scheme;
        match identity_kind(scheme) {
            IdentityKind::Anonymous => self.send(now),
            kind => Ok(Step::ResolveIdentity {
                kind,
                timeout: self.remaining(now),
            }),
        }
    }

    fn schemes(&self) -> &'static [AuthScheme] {
        let operation = self.plan.operation;
        operation.auth.unwrap_or(operation.service.auth)
    }

    /// Goes on where no scheme is left: without authentication if none is asked for.
    fn without_identity(&mut self, now: Moment) -> Result<Step, Failed> {
        let Some(first) = self.schemes().first() else {
            return self.send(now);
        };
        let error = self.no_identity.take().unwrap_or_else(|| {
            IdentityError::not_found(identity_kind(*first), "the client's configuration")
        });
        Err(self.construction("there is no usable identity", error))
    }

    fn identified(
        &mut self,
        identity: Result<Identity, IdentityError>,
        now: Moment,
    ) -> Result<Step, Failed> {
        match identity {
            Ok(identity) => {
                self.identity = identity;
                self.send(now)
            }
            // Another scheme may do; if none does, the preferred one's places are what to tell.
            Err(error @ IdentityError::NotFound { .. }) => {
                self.no_identity.get_or_insert(error);
                self.authenticate(self.scheme_index + 1, now)
            }
            Err(error) => Err(self.construction("there is no usable identity", error)),
        }
    }

    /// Writes and signs the request. It is written anew for each attempt, so that a call that needs
    /// one, which is nearly every call, clones nothing.
    fn send(&mut self, now: Moment) -> Result<Step, Failed> {
        if let Some(expires_in) = self.plan.presign {
            return self.presign(expires_in, now);
        }
        let (mut parts, body) = self.write()?;
        request::add_headers(
            &mut parts.headers,
            &self.plan.shared.user_agent,
            &self.invocation_id,
            self.attempts + 1,
            self.plan.settings.retry.attempts(),
        );
        let mut outgoing = Outgoing::of(&self.plan, body)
            .map_err(|error| self.construction("the stream cannot be sent", error))?;
        let mut bytes = outgoing.body.as_bytes().cloned();
        let options = &self.plan.settings.request;
        finish(
            self.plan.operation,
            self.plan.input,
            &mut parts.headers,
            bytes.as_mut(),
            options,
        )
        .map_err(|error| self.construction("the request cannot be completed", error))?;
        if let Some(bytes) = bytes {
            outgoing.body = bytes.into();
        }
        if let Some(media_type) = &outgoing.media_type {
            parts.headers.insert(CONTENT_TYPE, media_type.clone());
        }
        self.sign(&mut parts, &mut outgoing, now)?;
        self.attempts += 1;
        Ok(Step::Send {
            request: http::Request::from_parts(parts, outgoing.body),
            progress: outgoing.progress,
            timeout: shorter(self.plan.settings.timeouts.attempt, self.remaining(now)),
        })
    }

    /// The request as the protocol has it, on its way to the endpoint.
    fn write(&self) -> Result<(http::request::Parts, Bytes), Failed> {
        let protocol = self.plan.operation.service.protocol;
        let written = protocol
            .write_request(self.plan.operation, self.plan.input)
            .map_err(|error| self.construction("the input cannot be written", error))?;
        let (mut parts, body) = written.into_parts();
        if let Some(target) = &self.target {
            target
                .address(&mut parts)
                .map_err(|error| self.construction("the path does not fit a URL", error))?;
        }
        Ok((parts, body))
    }

    fn auth_context(&self, now: Moment) -> AuthContext<'_> {
        let shared = self.plan.shared;
        let target_region = self.target.as_ref().and_then(Target::signing_region);
        AuthContext {
            scheme: self.scheme,
            region: target_region.or(shared.config().region.as_deref()),
            time: shared.skew.correct(now.wall).into(),
            allow_plain_http: self.plan.settings.allow_plain_http,
        }
    }

    fn sign(
        &self,
        parts: &mut http::request::Parts,
        outgoing: &mut Outgoing,
        now: Moment,
    ) -> Result<(), Failed> {
        let shared = self.plan.shared;
        let context = self.auth_context(now);
        shared
            .authenticator
            .authenticate(parts, outgoing.payload(), &self.identity, &context)
            .map_err(|error| self.construction("the request cannot be signed", error))?;
        #[cfg(all(feature = "event-stream", feature = "sigv4"))]
        outgoing.sign_events(shared, &parts.headers, &self.identity, &context);
        Ok(())
    }

    fn answered(&mut self, response: http::Response<Bytes>, now: Moment) -> Step {
        let status = response.status();
        let metadata = reply::metadata(status, response.headers(), self.metadata());
        if status.is_success() {
            self.plan.shared.bucket.succeed(self.taken);
            return Step::Done(Reply::Success {
                response,
                stream: None,
                metadata,
            });
        }
        let protocol = self.plan.operation.service.protocol;
        let mut error = protocol.read_error_code(&response);
        let query_error = reply::query_error(self.plan.operation.service, response.headers());
        let metadata = metadata.with_query_error(query_error);
        let modeled = reply::find_modeled(self.plan.modeled, error.code.as_deref());
        let retryable = modeled
            .and_then(|(_, schema)| schema.error)
            .and_then(|error| error.retryable);
        if let Some(query_error) = metadata.query_error() {
            error.code = Some(query_error.code.clone());
        }
        let code = error.code.as_deref();
        let remedy = Remedy {
            class: crate::retry::classify(code, status.as_u16(), retryable),
            ambiguous: is_ambiguous(status.as_u16(), retryable),
            hint: retry_after(response.headers(), self.plan.shared.skew.correct(now.wall)),
        };
        let again = if self.clock_was_wrong(code, &response, now) {
            self.resign_now(now)
        } else {
            self.retry(&remedy, now)
        };
        if let Some(step) = again {
            return step;
        }
        Step::Done(Reply::Error {
            response,
            error,
            modeled: modeled.map(|(index, _)| index),
            metadata,
        })
    }

    /// The stream is the caller's from here on: what comes of it no longer concerns the call.
    fn streaming(&self, response: http::Response<Bytes>, body: Body) -> Step {
        let metadata = reply::metadata(response.status(), response.headers(), self.metadata());
        self.plan.shared.bucket.succeed(self.taken);
        Step::Done(Reply::Success {
            response,
            stream: Some(body),
            metadata,
        })
    }

    /// Whether the signature was refused because the clocks disagree by more than was known.
    fn clock_was_wrong(
        &self,
        code: Option<&str>,
        response: &http::Response<Bytes>,
        now: Moment,
    ) -> bool {
        matches!(self.scheme, AuthScheme::SigV4 { .. })
            && is_clock_skew(code)
            && server_time(response.headers())
                .is_some_and(|server| self.plan.shared.skew.learn(server, now.wall))
    }

    /// Sends again at once: the service is well, only the signature's time was off.
    fn resign_now(&mut self, now: Moment) -> Option<Step> {
        self.may_retry(ErrorClass::Transient, Duration::ZERO, now)
            .then_some(Step::Wait(Duration::ZERO))
    }

    fn failed(&mut self, error: AttemptError, now: Moment) -> Step {
        let error = match error {
            // The head of an error response tells more than that its body could not be read.
            AttemptError::Body { head, .. } if !head.status.is_success() => {
                return self.answered(http::Response::from_parts(*head, Bytes::new()), now);
            }
            error => error,
        };
        // Before the first attempt it was the identity that took too long.
        let over = self.attempts == 0 || self.remaining(now) == Some(Duration::ZERO);
        if over && matches!(error, AttemptError::TimedOut) {
            return self.give_up(error, true);
        }
        let remedy = Remedy {
            class: error.class(),
            ambiguous: error.is_ambiguous(),
            hint: None,
        };
        match self.retry(&remedy, now) {
            Some(step) => step,
            None => self.give_up(error, false),
        }
    }

    /// Waits for another attempt, if there may be one.
    fn retry(&mut self, remedy: &Remedy, now: Moment) -> Option<Step> {
        if remedy.class == ErrorClass::Permanent || (remedy.ambiguous && !self.may_resend()) {
            return None;
        }
        let fraction = (self.plan.shared.jitter)();
        let backoff = self.plan.settings.retry.backoff(self.attempts, fraction);
        let delay = backoff.max(remedy.hint.unwrap_or_default());
        if !self.may_retry(remedy.class, delay, now) {
            return None;
        }
        self.waited = self.waited.saturating_add(delay);
        tracing::debug!(
            attempt = self.attempts,
            class = ?remedy.class,
            delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
            "waiting before the next attempt"
        );
        Some(Step::Wait(delay))
    }

    /// Whether attempts, time and the client's tokens allow another attempt after `delay`. Takes the
    /// tokens if so.
    fn may_retry(&mut self, class: ErrorClass, delay: Duration, now: Moment) -> bool {
        let attempts_left = self.attempts < self.plan.settings.retry.attempts()
            && !(self.plan.operation.input.streaming_member().is_some()
                && is_spent(self.plan.input));
        // A wait that the call would not outlive is not begun: the caller learns of the error now.
        let in_time = self
            .remaining(now)
            .is_none_or(|remaining| delay < remaining);
        if !attempts_left || !in_time {
            return false;
        }
        let taken = self.plan.shared.bucket.acquire(class);
        self.taken = taken.or(self.taken);
        taken.is_some()
    }

    /// Whether doing it twice is harmless, or the caller takes the risk.
    fn may_resend(&self) -> bool {
        self.plan.operation.idempotent
            || self.plan.has_idempotency_token
            || self.plan.settings.retry.resends_ambiguous()
    }

    fn give_up(&self, error: AttemptError, out_of_time: bool) -> Step {
        let timeouts = &self.plan.settings.timeouts;
        let limit = if out_of_time {
            timeouts.operation
        } else {
            timeouts.attempt
        };
        Step::Done(Reply::Failed(error.into_failed(limit, self.metadata())))
    }

    fn remaining(&self, now: Moment) -> Option<Duration> {
        let spent = now.elapsed.saturating_sub(self.started);
        let limit = self.plan.settings.timeouts.operation?;
        Some(limit.saturating_sub(spent))
    }

    fn metadata(&self) -> ResponseMetadata {
        ResponseMetadata::of(self.plan.operation.name()).sent(self.attempts, self.waited)
    }

    fn construction(&self, message: &'static str, source: impl Into<BoxError>) -> Failed {
        Failed::Construction(
            Failure::new(FailureKind::Construction, message, self.metadata()).with_source(source),
        )
    }
}

fn shorter(a: Option<Duration>, b: Option<Duration>) -> Option<Duration> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}
