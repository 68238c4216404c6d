//! When to send a request again, and how long to wait before.
//!
//! The rules are those of the standard retry mode that AWS SDKs share: see the AWS SDKs and Tools
//! Reference Guide, "Retry behavior". Everything here is arithmetic on values that are handed in; the
//! clock and the sockets are elsewhere.

mod bucket;
mod classify;
mod hint;
mod skew;

use std::time::Duration;

pub(crate) use bucket::TokenBucket;
pub use classify::ErrorClass;
pub(crate) use classify::{classify, is_ambiguous, is_clock_skew};
pub(crate) use hint::retry_after;
pub(crate) use skew::{ClockSkew, Skew, server_time};

/// How often and how patiently a client tries.
///
/// ```
/// use std::time::Duration;
/// use tinsmith_runtime::retry::RetryConfig;
///
/// let patient = RetryConfig::standard()
///     .max_attempts(5)
///     .initial_backoff(Duration::from_millis(200));
/// assert_eq!(patient.attempts(), 5);
/// assert_eq!(RetryConfig::off().attempts(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryConfig {
    max_attempts: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    resend_ambiguous: bool,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self::standard()
    }
}

impl RetryConfig {
    /// The standard mode: 3 attempts, waits between 0 and 1 s before the second and between 0 and 2 s
    /// before the third, never more than 20 s.
    #[must_use]
    pub const fn standard() -> Self {
        Self {
            max_attempts: 3,
            initial_backoff: Duration::from_secs(1),
            max_backoff: Duration::from_secs(20),
            resend_ambiguous: false,
        }
    }

    /// Every request is sent once.
    #[must_use]
    pub const fn off() -> Self {
        Self::standard().max_attempts(1)
    }

    /// The most times a request is sent, the first included. 0 counts as 1.
    #[must_use]
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = if attempts == 0 { 1 } else { attempts };
        self
    }

    /// The upper end of the random wait before the second attempt; it doubles with each further one.
    #[must_use]
    pub const fn initial_backoff(mut self, backoff: Duration) -> Self {
        self.initial_backoff = backoff;
        self
    }

    /// The upper end of any random wait. What a service asks for with `Retry-After` may be longer.
    #[must_use]
    pub const fn max_backoff(mut self, backoff: Duration) -> Self {
        self.max_backoff = backoff;
        self
    }

    /// Whether to send a request again when it is unknown if the service acted on it, although the
    /// model does not say that doing it twice is harmless.
    ///
    /// It is unknown when a connection breaks or time runs out after the request was sent, and when a
    /// gateway answers 502 or 504 for a service that it did not hear from. Off by default: a second
    /// request to create something may create a second one that nobody knows of. Operations that the
    /// model calls idempotent or readonly, or that carry an idempotency token, are always sent again.
    /// So is any operation where no connection was made, and after an error that the service itself
    /// answered with and that may pass, such as 500 or 503.
    #[must_use]
    pub const fn resend_ambiguous(mut self, resend: bool) -> Self {
        self.resend_ambiguous = resend;
        self
    }

    /// The most times a request is sent.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.max_attempts
    }

    pub(crate) const fn resends_ambiguous(&self) -> bool {
        self.resend_ambiguous
    }

    /// The wait after `failed` attempts: `fraction` (from 0 to 1) of the bound that doubles with each.
    pub(crate) fn backoff(&self, failed: u32, fraction: f64) -> Duration {
        let doublings = failed.saturating_sub(1).min(31);
        let bound = self
            .initial_backoff
            .saturating_mul(1 << doublings)
            .min(self.max_backoff);
        // Rounding may carry the longest of durations beyond what one can hold.
        Duration::try_from_secs_f64(bound.as_secs_f64() * fraction).unwrap_or(bound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Full jitter between nothing and a bound that doubles from 1 s and stops at 20 s.
    #[test]
    fn backoff_doubles_up_to_its_bound() {
        let config = RetryConfig::standard();
        let bounds: Vec<u64> = (1..8)
            .map(|failed| config.backoff(failed, 1.0).as_secs())
            .collect();
        assert_eq!(bounds, [1, 2, 4, 8, 16, 20, 20]);
        assert_eq!(config.backoff(3, 0.0), Duration::ZERO);
        assert_eq!(config.backoff(3, 0.5), Duration::from_secs(2));
        assert_eq!(config.backoff(u32::MAX, 1.0), Duration::from_secs(20));
    }

    /// A bound that cannot be doubled any more stays, and does not panic.
    #[test]
    fn backoff_survives_extreme_settings() {
        let config = RetryConfig::standard()
            .initial_backoff(Duration::MAX)
            .max_backoff(Duration::MAX);
        for fraction in [0.5, 1.0, f64::NAN] {
            assert!(config.backoff(9, fraction) > Duration::from_secs(1));
        }
    }
}
