//! The difference between the client's clock and the service's.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::DATE;

use crate::schema::TimestampFormat;
use crate::timestamp::Timestamp;

/// From how many milliseconds on the clocks disagree so much that a signature is refused for it. AWS
/// allows five minutes; a response may be old by some seconds when it is read.
const TOLERANCE: u64 = 4 * 60 * 1000;

/// By how much the service's clock is ahead.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Skew {
    milliseconds: i64,
}

impl Skew {
    /// The service's time when the client's clock shows `local`.
    pub(crate) fn correct(self, local: SystemTime) -> SystemTime {
        let distance = Duration::from_millis(self.milliseconds.unsigned_abs());
        let corrected = if self.milliseconds < 0 {
            local.checked_sub(distance)
        } else {
            local.checked_add(distance)
        };
        corrected.unwrap_or(local)
    }

    /// Whether a signature made with one is refused by a clock that is off by the other.
    fn is_far_from(self, other: Self) -> bool {
        self.milliseconds.abs_diff(other.milliseconds) >= TOLERANCE
    }
}

/// The skew as the client learnt it from responses. All calls of a client share it, so that one refused
/// signature is enough.
#[derive(Debug, Default)]
pub(crate) struct ClockSkew {
    milliseconds: AtomicI64,
}

impl ClockSkew {
    /// The skew as it is known now, which later responses do not change.
    pub(crate) fn known(&self) -> Skew {
        Skew {
            milliseconds: self.milliseconds.load(Ordering::Relaxed),
        }
    }

    /// Learns that the service's clock showed `server` when the client's showed `local`, and tells
    /// whether a request that was refused for its time is worth signing again.
    ///
    /// That depends on the skew it was `signed_with`: by now another call, signed at the same time, may
    /// have learnt the same.
    pub(crate) fn learn(&self, server: SystemTime, local: SystemTime, signed_with: Skew) -> bool {
        let found = Skew {
            milliseconds: milliseconds_between(local, server),
        };
        if found.is_far_from(self.known()) {
            self.milliseconds
                .store(found.milliseconds, Ordering::Relaxed);
        }
        found.is_far_from(signed_with)
    }
}

fn milliseconds_between(from: SystemTime, to: SystemTime) -> i64 {
    let clamp = |distance: Duration| i64::try_from(distance.as_millis()).unwrap_or(i64::MAX);
    match to.duration_since(from) {
        Ok(ahead) => clamp(ahead),
        Err(behind) => -clamp(behind.duration()),
    }
}

/// The time in the response's `Date` header.
pub(crate) fn server_time(headers: &HeaderMap) -> Option<SystemTime> {
    parse_http_date(headers.get(DATE)?.to_str().ok()?)
}

/// Reads an IMF-fixdate. Source: RFC 9110, section 5.6.7.
pub(super) fn parse_http_date(text: &str) -> Option<SystemTime> {
    let time = Timestamp::parse(text, TimestampFormat::HttpDate).ok()?;
    time.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCAL: SystemTime = SystemTime::UNIX_EPOCH;

    fn later(seconds: u64) -> SystemTime {
        LOCAL + Duration::from_secs(seconds)
    }

    /// A clock that is far off is corrected once, and then known.
    #[test]
    fn learns_a_large_difference_once() {
        let skew = ClockSkew::default();
        assert!(skew.learn(later(3600), LOCAL, skew.known()));
        assert_eq!(skew.known().correct(LOCAL), later(3600));
        assert!(!skew.learn(later(3601), LOCAL, skew.known()));
        assert!(skew.learn(LOCAL, later(3600), skew.known()));
        assert_eq!(skew.known().correct(later(3600)), LOCAL);
    }

    /// What was signed before the difference was known is worth signing again, however many there are.
    #[test]
    fn everything_signed_before_is_signed_again() {
        let skew = ClockSkew::default();
        let before = skew.known();
        assert!(skew.learn(later(3600), LOCAL, before));
        assert!(skew.learn(later(3601), LOCAL, before));
        assert!(!skew.learn(later(3601), LOCAL, skew.known()));
    }

    /// A small difference is not why a signature was refused.
    #[test]
    fn ignores_a_small_difference() {
        let skew = ClockSkew::default();
        assert!(!skew.learn(later(30), LOCAL, skew.known()));
        assert_eq!(skew.known().correct(LOCAL), LOCAL);
    }

    /// A date far out of range is no reason to panic.
    #[test]
    fn survives_extreme_dates() {
        let skew = ClockSkew::default();
        let mut headers = HeaderMap::new();
        headers.insert(
            DATE,
            http::HeaderValue::from_static("Fri, 31 Dec 9999 23:59:59 GMT"),
        );
        let signed_with = skew.known();
        assert!(server_time(&headers).is_some_and(|server| skew.learn(server, LOCAL, signed_with)));
        let _ = skew.known().correct(later(u64::from(u32::MAX)));
    }
}
