//! What came of an attempt.

use bytes::Bytes;
use http::HeaderMap;

use super::again::Remedy;
use super::request::ServiceTime;
use super::{AttemptError, Orchestrator, Reply, Step, reply};
use crate::body::Body;
use crate::error::{Failed, Failure, FailureKind};
use crate::interceptor::Attempt;
use crate::metadata::ResponseMetadata;
use crate::retry::{ErrorClass, classify, is_ambiguous, retry_after, server_time};
use crate::time::Moment;
use crate::trace;

impl Orchestrator<'_> {
    pub(super) fn answered(&mut self, response: http::Response<Bytes>, now: Moment) -> Step {
        let metadata = reply::metadata(response.status(), response.headers(), self.metadata());
        if response.status().is_success() {
            self.succeeded(&metadata, response.headers(), now);
            return Step::Done(Reply::Success {
                response,
                stream: None,
                metadata,
            });
        }
        self.refused(response, metadata, now)
    }

    /// The stream is the caller's from here on: what comes of it no longer concerns the call.
    pub(super) fn streaming(
        &mut self,
        head: http::Response<Bytes>,
        body: Body,
        now: Moment,
    ) -> Step {
        let metadata = reply::metadata(head.status(), head.headers(), self.metadata());
        self.succeeded(&metadata, head.headers(), now);
        Step::Done(Reply::Success {
            response: head,
            stream: Some(body),
            metadata,
        })
    }

    fn succeeded(&mut self, metadata: &ResponseMetadata, headers: &HeaderMap, now: Moment) {
        self.plan.shared.bucket.succeed(self.taken);
        let attempt = Attempt::answered(metadata.status(), headers);
        self.observe(&attempt, metadata.request_id(), now);
    }

    /// The service answered with an error.
    fn refused(
        &mut self,
        response: http::Response<Bytes>,
        metadata: ResponseMetadata,
        now: Moment,
    ) -> Step {
        let service = self.plan.operation.service;
        let mut error = service.protocol.read_error_code(&response);
        let query_error = reply::query_error(service, response.headers());
        let metadata = metadata.with_query_error(query_error);
        let modeled = reply::find_modeled(self.plan.modeled, error.code.as_deref());
        let retryable = modeled
            .and_then(|(_, schema)| schema.error)
            .and_then(|error| error.retryable);
        if let Some(query_error) = metadata.query_error() {
            error.code = Some(query_error.code.clone());
        }
        let (code, status) = (error.code.as_deref(), metadata.status());
        // The response's own date is of the clock that a date to come back is of.
        let service_now = server_time(response.headers())
            .unwrap_or_else(|| self.plan.shared.skew.known().correct(now.wall));
        let remedy = Remedy {
            class: classify(code, status, retryable),
            ambiguous: is_ambiguous(status, retryable),
            hint: retry_after(response.headers(), service_now),
        };
        let (class, delay) = if self.clock_was_wrong(code, &response, now) {
            (ErrorClass::Transient, self.resign_now(now))
        } else {
            (remedy.class, self.retry(&remedy, now))
        };
        let attempt = Attempt::answered(status, response.headers()).failed(class, code, delay);
        self.observe(&attempt, metadata.request_id(), now);
        if let Some(delay) = delay {
            self.service_time = ServiceTime::of(response.headers(), now);
            return Step::Wait(delay);
        }
        if let Some(message) = reply::redirect(&response, &error) {
            let failure = Failure::new(FailureKind::Response, message, metadata);
            return Step::Done(Reply::Failed(Failed::Response(failure)));
        }
        Step::Done(Reply::Error {
            response,
            error,
            modeled: modeled.map(|(index, _)| index),
            metadata,
        })
    }

    pub(super) fn failed(&mut self, error: AttemptError, now: Moment) -> Step {
        // Before the first attempt it was the identity that took too long.
        let over = self.attempts == 0 || self.remaining(now).is_some_and(|left| left.is_zero());
        let out_of_time = over && error.is_out_of_time();
        let remedy = Remedy {
            class: error.class(),
            ambiguous: error.is_ambiguous(),
            hint: None,
        };
        let delay = match out_of_time {
            true => None,
            false => self.retry(&remedy, now),
        };
        if self.attempts > 0 {
            let attempt = error.observed(delay);
            self.observe(&attempt, None, now);
        }
        match delay {
            Some(delay) => Step::Wait(delay),
            None => self.give_up(error, out_of_time),
        }
    }

    /// Tells of an attempt whoever wants to know, and ends its span.
    fn observe(&mut self, attempt: &Attempt<'_>, request_id: Option<&str>, now: Moment) {
        let span = std::mem::replace(&mut self.attempt_span, tracing::Span::none());
        trace::record_attempt(&span, attempt, request_id);
        if let Some(hooks) = self.plan.hooks.as_deref_mut() {
            hooks.after_attempt(attempt, self.attempts, now.elapsed);
        }
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
}
