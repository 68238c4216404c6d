//! What a request carries besides what the protocol wrote.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use super::idempotency::format_uuid;
use crate::random;
use crate::request::set_header;
use crate::retry::server_time;
use crate::time::Moment;
use crate::timestamp::Timestamp;

/// The same on every attempt of a call, so that a service can tell retries from calls.
const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
/// Which attempt it is, and of how many.
const SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");

/// A new id for a call. It identifies and protects nothing.
pub(super) fn invocation_id() -> HeaderValue {
    header_value(format_uuid(random::number()))
}

/// What every attempt tells of itself.
pub(super) struct AttemptHeaders<'a> {
    pub(super) user_agent: &'a HeaderValue,
    pub(super) invocation_id: &'a HeaderValue,
    pub(super) attempt: u32,
    pub(super) max_attempts: u32,
    /// The time, by the service's clock, when the client no longer waits for the answer.
    pub(super) time_to_live: Option<Timestamp>,
}

/// Adds who is calling and which attempt it is.
pub(super) fn add_headers(headers: &mut HeaderMap, attempt: &AttemptHeaders<'_>) {
    set_header(headers, USER_AGENT, attempt.user_agent.clone());
    set_header(headers, INVOCATION_ID, attempt.invocation_id.clone());
    set_header(headers, SDK_REQUEST, sdk_request(attempt));
}

/// `ttl=20200101T000000Z; attempt=2; max=3`, in the order in which AWS's own clients write it.
fn sdk_request(headers: &AttemptHeaders<'_>) -> HeaderValue {
    let (attempt, max) = (headers.attempt, headers.max_attempts);
    match (headers.time_to_live, attempt, max) {
        // What nearly every request carries.
        (None, 1, 3) => HeaderValue::from_static("attempt=1; max=3"),
        (None, ..) => header_value(format!("attempt={attempt}; max={max}")),
        (Some(ttl), ..) => {
            let ttl = date_time(ttl);
            header_value(format!("ttl={ttl}; attempt={attempt}; max={max}"))
        }
    }
}

/// Such as `20150830T123600Z`.
fn date_time(time: Timestamp) -> String {
    let time = time.civil();
    let (year, month, day) = (time.year(), time.month(), time.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// What a response told of the service's clock. Whether that is far off or not: services compare
/// a time to live with their own clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServiceTime {
    /// What the service's clock showed.
    time: SystemTime,
    /// When the response came, by the clock that never goes back.
    at: Duration,
}

impl ServiceTime {
    /// The service's time in the head of a response that has just come.
    pub(super) fn of(headers: &HeaderMap, now: Moment) -> Option<Self> {
        let time = server_time(headers)?;
        Some(Self {
            time,
            at: now.elapsed,
        })
    }

    /// What the service's clock will show when `limit` has passed from now on.
    pub(super) fn after(&self, now: Moment, limit: Duration) -> Option<Timestamp> {
        let passed = now.elapsed.saturating_sub(self.at);
        let time = self.time.checked_add(passed.saturating_add(limit))?;
        Some(time.into())
    }
}

/// Text of our own making as a header; it never holds what a header cannot.
fn header_value(text: String) -> HeaderValue {
    HeaderValue::from_maybe_shared(Bytes::from(text))
        .unwrap_or_else(|_| HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(attempt: u32, max_attempts: u32, time_to_live: Option<Timestamp>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        add_headers(
            &mut headers,
            &AttemptHeaders {
                user_agent: &HeaderValue::from_static("tinsmith"),
                invocation_id: &invocation_id(),
                attempt,
                max_attempts,
                time_to_live,
            },
        );
        headers
    }

    /// The attempt counts up, and the user agent is the client's.
    #[test]
    fn headers_tell_the_attempt() {
        for (attempt, max, expected) in [
            (1, 3, "attempt=1; max=3"),
            (2, 3, "attempt=2; max=3"),
            (1, 5, "attempt=1; max=5"),
        ] {
            let headers = added(attempt, max, None);
            assert_eq!(headers[SDK_REQUEST], expected);
            assert_eq!(headers[INVOCATION_ID].len(), 36);
            assert_eq!(headers[USER_AGENT], "tinsmith");
        }
    }

    /// A time to live goes first, to the second, in UTC.
    #[test]
    fn headers_tell_the_time_to_live() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_440_938_160_900);
        let headers = added(2, 3, Some(time.into()));
        assert_eq!(
            headers[SDK_REQUEST],
            "ttl=20150830T123600Z; attempt=2; max=3"
        );
    }
}
