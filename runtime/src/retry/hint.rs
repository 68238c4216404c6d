//! What a service says of when to come back.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::RETRY_AFTER;

use super::skew::parse_http_date;

/// The least to wait before the next attempt, where the response asks for it: `x-amz-retry-after` in
/// milliseconds, `Retry-After` in seconds or as a date. Where both are there, the longer one. What
/// cannot be read is ignored: a hint is never a reason to fail.
///
/// `now` is the time of the service, as far as it is known. Source: RFC 9110, section 10.2.3.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let milliseconds = text("x-amz-retry-after").and_then(|value| value.parse().ok());
    let precise = milliseconds.map(Duration::from_millis);
    let standard = text(RETRY_AFTER.as_str()).and_then(|value| seconds_or_date(value, now));
    precise.max(standard)
}

fn seconds_or_date(value: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = parse_http_date(value)?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(pairs: &[(&'static str, &'static str)]) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, http::HeaderValue::from_static(value));
        }
        // Tue, 29 Apr 2014 18:30:38 GMT
        retry_after(
            &headers,
            SystemTime::UNIX_EPOCH + Duration::from_secs(1_398_796_238),
        )
    }

    /// Every form that services use, and nonsense.
    #[test]
    fn reads_every_form() {
        assert_eq!(hint(&[]), None);
        assert_eq!(hint(&[("retry-after", "3")]), Some(Duration::from_secs(3)));
        assert_eq!(
            hint(&[("x-amz-retry-after", "1500")]),
            Some(Duration::from_millis(1500))
        );
        let date = "Tue, 29 Apr 2014 18:30:50 GMT";
        assert_eq!(
            hint(&[("retry-after", date)]),
            Some(Duration::from_secs(12))
        );
        let past = "Tue, 29 Apr 2014 18:30:30 GMT";
        assert_eq!(hint(&[("retry-after", past)]), Some(Duration::ZERO));
        for nonsense in ["", "soon", "-1", "99999999999999999999", "1.5"] {
            assert_eq!(hint(&[("retry-after", nonsense)]), None);
        }
    }

    /// The longer of two hints holds.
    #[test]
    fn the_longer_hint_wins() {
        let both = [("retry-after", "1"), ("x-amz-retry-after", "2500")];
        assert_eq!(hint(&both), Some(Duration::from_millis(2500)));
    }
}
