//! The request of an attempt.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;

use super::request::{self, AttemptHeaders};
use super::stream::Outgoing;
use super::target::Target;
use super::{Orchestrator, Step};
use crate::auth::AuthContext;
use crate::error::Failed;
use crate::request::{finish, set_header};
use crate::time::Moment;
use crate::trace;

impl Orchestrator<'_> {
    /// Writes and signs the request. It is written anew for each attempt, so that a call that needs
    /// one, which is nearly every call, clones nothing.
    pub(super) fn send(&mut self, now: Moment) -> Result<Step, Failed> {
        self.signed_with = self.plan.shared.skew.known();
        if let Some(presign) = self.plan.presign {
            return presign.sign(self, now);
        }
        let (mut parts, body) = self.write()?;
        let mut outgoing = Outgoing::of(&self.plan, body)
            .map_err(|error| self.construction("the stream cannot be sent", error))?;
        self.add_headers(&mut parts, &outgoing, now);
        let mut bytes = outgoing.body.as_bytes().cloned();
        self.before_signing(&mut parts, bytes.as_mut())?;
        finish(
            self.plan.operation,
            self.plan.input,
            &mut parts.headers,
            bytes.as_mut(),
            &self.plan.settings.request,
        )
        .map_err(|error| self.construction("the request cannot be completed", error))?;
        if let Some(bytes) = bytes {
            outgoing.body = bytes.into();
        }
        self.sign(&mut parts, &mut outgoing, now)?;
        self.attempts += 1;
        if let Some(hooks) = self.plan.hooks.as_deref_mut() {
            hooks.before_send(&parts, &outgoing.body, self.attempts, now.elapsed);
        }
        self.attempt_span = trace::attempt_span(self.attempts, &parts);
        Ok(Step::Send {
            request: http::Request::from_parts(parts, outgoing.body),
            progress: outgoing.progress,
            timeout: self.attempt_limit(now),
            span: self.attempt_span.clone(),
        })
    }

    /// The time for an attempt that begins at `now`.
    fn attempt_limit(&self, now: Moment) -> Option<Duration> {
        shorter(self.plan.settings.timeouts.attempt, self.remaining(now))
    }

    /// The request as the protocol has it, on its way to the endpoint.
    pub(super) fn write(&self) -> Result<(Parts, Bytes), Failed> {
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

    /// Adds what the client says of itself and of the attempt.
    fn add_headers(&self, parts: &mut Parts, outgoing: &Outgoing, now: Moment) {
        if let Some(media_type) = &outgoing.media_type {
            set_header(&mut parts.headers, CONTENT_TYPE, media_type.clone());
        }
        // How long a stream takes is up to its sender.
        let limit = (self.attempt_limit(now)).filter(|_| outgoing.progress.is_none());
        let attempt = AttemptHeaders {
            user_agent: &self.plan.shared.user_agent,
            invocation_id: &self.invocation_id,
            attempt: self.attempts + 1,
            max_attempts: self.plan.settings.retry.attempts(),
            time_to_live: (self.service_time).and_then(|time| time.after(now, limit?)),
        };
        request::add_headers(&mut parts.headers, &attempt);
    }

    /// Lets the interceptors change what is then completed and signed.
    pub(super) fn before_signing(
        &mut self,
        parts: &mut Parts,
        body: Option<&mut Bytes>,
    ) -> Result<(), Failed> {
        let attempt = self.attempts + 1;
        let Some(hooks) = self.plan.hooks.as_deref_mut() else {
            return Ok(());
        };
        hooks
            .before_signing(parts, body, attempt)
            .map_err(|error| self.construction("it was stopped", error))
    }

    pub(super) fn auth_context(&self, now: Moment) -> AuthContext<'_> {
        let shared = self.plan.shared;
        let target_region = self.target.as_ref().and_then(Target::signing_region);
        AuthContext {
            scheme: self.scheme,
            region: target_region.or(shared.config().region.as_deref()),
            time: self.signing_time(now).into(),
            allow_plain_http: self.plan.settings.allow_plain_http,
        }
    }

    fn sign(&self, parts: &mut Parts, outgoing: &mut Outgoing, now: Moment) -> Result<(), Failed> {
        let shared = self.plan.shared;
        let context = self.auth_context(now);
        shared
            .authenticator
            .authenticate(parts, outgoing.payload(), &self.identity, &context)
            .map_err(|error| self.construction("the request cannot be signed", error))?;
        #[cfg(all(feature = "event-stream", feature = "sigv4"))]
        outgoing.sign_events(
            shared,
            &parts.headers,
            &self.identity,
            &context,
            self.signed_with,
        );
        Ok(())
    }
}

fn shorter(a: Option<Duration>, b: Option<Duration>) -> Option<Duration> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}
