//! One call as a state machine, without I/O.
//!
//! [`Orchestrator::advance`] is told what happened and what time it is, and says what to do next:
//! get an identity, send a request, wait, or take the result. A driver does these things. Nothing in
//! here reads a clock, sleeps or opens a socket, so every rule of a call is tested on a made-up clock
//! in no time, and the same rules hold for every driver.
//!
//! It is not generic: the operation is described by statics and the input is behind the one walk, so
//! the code is compiled once and not once an operation.

mod again;
mod answer;
mod attempt;
mod authenticate;
mod idempotency;
mod presign;
mod reply;
mod request;
mod send;
mod stream;
mod target;
#[cfg(test)]
mod tests;

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tracing::Span;

pub(crate) use attempt::AttemptError;
pub(crate) use idempotency::fill_idempotency_token;
pub(crate) use reply::{Reply, check_sum, read_error, read_stream, read_success};
pub(crate) use stream::{is_framed, take_initial_response};

use crate::auth::IdentityKind;
use crate::body::Body;
use crate::client::Shared;
use crate::config::Settings;
use crate::endpoint::{Endpoint, EndpointError, EndpointParams};
use crate::error::{BoxError, Failed, Failure, FailureKind, InvalidInput, ViolationList};
use crate::identity::{Identity, IdentityError};
use crate::interceptor::Hooks;
use crate::metadata::ResponseMetadata;
use crate::operation::{AuthScheme, OperationSchema};
use crate::request::host_prefix;
use crate::retry::Skew;
use crate::schema::Schema;
use crate::shape::Structure;
use crate::stream::Progress;
use crate::time::Moment;
use crate::trace;
use crate::validate::{Validation, validate_operation};
pub(crate) use presign::Presign;
use request::{ServiceTime, invocation_id};
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
    /// How the request is signed, where it is not sent but for others to send.
    pub(crate) presign: Option<Presign>,
    /// The interceptors, where there are any.
    pub(crate) hooks: Option<&'a mut Hooks>,
    /// The span of the call.
    pub(crate) span: &'a Span,
}

/// What happened.
pub(crate) enum Event {
    /// The call begins.
    Start,
    /// A provider answered.
    Identity(Result<Identity, IdentityError>),
    /// A response came in whole, or as much of an error response as there is.
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
        /// What the attempt happens within, until its outcome is told.
        span: Span,
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
    /// By how much the service's clock was taken to be ahead when the last request was signed.
    signed_with: Skew,
    /// Why the preferred scheme could not be used.
    no_identity: Option<IdentityError>,
    invocation_id: http::HeaderValue,
    started: Duration,
    attempts: u32,
    /// The span of the attempt that is on its way.
    attempt_span: Span,
    /// What the last response told of the service's clock.
    service_time: Option<ServiceTime>,
    /// What the last retry took from the bucket.
    taken: Option<u32>,
    waited: Duration,
}

impl<'a> Orchestrator<'a> {
    pub(crate) fn new(plan: Plan<'a>) -> Self {
        Self {
            plan,
            target: None,
            scheme: AuthScheme::Anonymous,
            scheme_index: 0,
            identity: Identity::Anonymous,
            signed_with: Skew::default(),
            no_identity: None,
            invocation_id: invocation_id(),
            started: Duration::ZERO,
            attempts: 0,
            attempt_span: Span::none(),
            service_time: None,
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
            Event::Streaming(head, body) => Ok(self.streaming(head, body, now)),
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
        trace::record_server(self.plan.span, target.scheme(), target.authority());
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
            let error = ViolationList(&error);
            tracing::warn!(operation = operation.id, %error, "sending an invalid input");
            return Ok(());
        }
        Err(Failed::Validation(InvalidInput::new(
            operation.name(),
            error,
        )))
    }

    /// The service's time, as far as it is known, for the signature of a request that is made at `now`.
    pub(crate) fn signing_time(&self, now: Moment) -> SystemTime {
        self.signed_with.correct(now.wall)
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
