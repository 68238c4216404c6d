//! Whether there is another attempt.

use std::time::Duration;

use bytes::Bytes;

use super::Orchestrator;
use crate::operation::AuthScheme;
use crate::retry::{ErrorClass, is_clock_skew, server_time};
use crate::stream::is_spent;
use crate::time::Moment;

/// What may be done about a failed attempt.
pub(super) struct Remedy {
    pub(super) class: ErrorClass,
    /// Whether it is unknown if the service acted on the request.
    pub(super) ambiguous: bool,
    /// The least to wait, where the service said so.
    pub(super) hint: Option<Duration>,
}

impl Orchestrator<'_> {
    /// Whether the signature was refused because the clocks disagree by more than was known when it was
    /// made.
    pub(super) fn clock_was_wrong(
        &self,
        code: Option<&str>,
        response: &http::Response<Bytes>,
        now: Moment,
    ) -> bool {
        matches!(self.scheme, AuthScheme::SigV4 { .. })
            && is_clock_skew(code)
            && server_time(response.headers()).is_some_and(|server| {
                let skew = &self.plan.shared.skew;
                skew.learn(server, now.wall, self.signed_with)
            })
    }

    /// Whether to send again at once: the service is well, only the signature's time was off.
    pub(super) fn resign_now(&mut self, now: Moment) -> Option<Duration> {
        self.may_retry(ErrorClass::Transient, Duration::ZERO, now)
            .then_some(Duration::ZERO)
    }

    /// How long to wait for another attempt, if there may be one.
    pub(super) fn retry(&mut self, remedy: &Remedy, now: Moment) -> Option<Duration> {
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
        Some(delay)
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
        self.taken = taken.filter(|taken| *taken > 0).or(self.taken);
        taken.is_some()
    }

    /// Whether doing it twice is harmless, or the caller takes the risk.
    fn may_resend(&self) -> bool {
        self.plan.operation.idempotent
            || self.plan.has_idempotency_token
            || self.plan.settings.retry.resends_ambiguous()
    }
}
