//! Calling the interceptors of a call in their order.

use std::any::Any;
use std::time::Duration;

use bytes::Bytes;
use http::Extensions;
use http::request::Parts;

use super::context::{Ongoing, Outcome};
use super::{
    AfterAttempt, AfterCall, Attempt, BeforeCall, BeforeSend, BeforeSigning, InterceptorError,
    Interceptors,
};
use crate::body::Body;
use crate::operation::OperationSchema;
use crate::time::Clock;

/// The interceptors of a call that has any, and what they keep during it.
pub(crate) struct Hooks {
    interceptors: Interceptors,
    call: Ongoing,
    /// How many of them have seen the call begin.
    entered: usize,
    started: Duration,
    attempt_started: Duration,
}

impl Hooks {
    /// `None`, at no cost, where there are no interceptors.
    pub(crate) fn of(
        interceptors: &Interceptors,
        operation: &'static OperationSchema,
        clock: &dyn Clock,
    ) -> Option<Box<Self>> {
        if interceptors.0.is_empty() {
            return None;
        }
        let now = clock.now().elapsed;
        Some(Box::new(Self {
            interceptors: interceptors.clone(),
            call: Ongoing {
                operation,
                extensions: Extensions::new(),
            },
            entered: 0,
            started: now,
            attempt_started: now,
        }))
    }

    pub(crate) fn before_call(&mut self, input: &mut dyn Any) -> Result<(), InterceptorError> {
        for interceptor in &self.interceptors.0 {
            self.entered += 1;
            let mut context = BeforeCall {
                call: &mut self.call,
                input: &mut *input,
            };
            interceptor
                .before_call(&mut context)
                .map_err(|error| InterceptorError::new(&**interceptor, error))?;
        }
        Ok(())
    }

    pub(crate) fn before_signing(
        &mut self,
        parts: &mut Parts,
        mut body: Option<&mut Bytes>,
        attempt: u32,
    ) -> Result<(), InterceptorError> {
        for interceptor in &self.interceptors.0 {
            let mut context = BeforeSigning {
                call: &mut self.call,
                parts: &mut *parts,
                body: body.as_deref_mut(),
                attempt,
            };
            let changed = interceptor.before_signing(&mut context);
            let checked = changed.and_then(|()| match (parts.uri.scheme(), parts.uri.host()) {
                (Some(_), Some(_)) => Ok(()),
                _ => Err("it left a URI without scheme or host".into()),
            });
            checked.map_err(|error| InterceptorError::new(&**interceptor, error))?;
        }
        Ok(())
    }

    pub(crate) fn before_send(&mut self, parts: &Parts, body: &Body, attempt: u32, now: Duration) {
        self.attempt_started = now;
        for interceptor in &self.interceptors.0 {
            interceptor.before_send(&mut BeforeSend {
                call: &mut self.call,
                parts,
                body,
                attempt,
            });
        }
    }

    pub(crate) fn after_attempt(&mut self, observed: &Attempt<'_>, attempt: u32, now: Duration) {
        for interceptor in self.interceptors.0.iter().rev() {
            interceptor.after_attempt(&mut AfterAttempt {
                call: &mut self.call,
                observed,
                attempt,
                elapsed: now.saturating_sub(self.attempt_started),
            });
        }
    }

    pub(crate) fn after_call(&mut self, outcome: Outcome<'_>, clock: &dyn Clock) {
        let elapsed = clock.now().elapsed.saturating_sub(self.started);
        let entered = self.interceptors.0.iter().take(self.entered);
        for interceptor in entered.rev() {
            interceptor.after_call(&mut AfterCall {
                call: &mut self.call,
                outcome,
                elapsed,
            });
        }
    }
}
