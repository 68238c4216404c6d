//! What a request carries besides what the protocol wrote.

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use super::idempotency::format_uuid;
use crate::random;

/// The same on every attempt of a call, so that a service can tell retries from calls.
const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
/// Which attempt it is, and of how many.
const SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");

/// A new id for a call. It identifies and protects nothing.
pub(super) fn invocation_id() -> HeaderValue {
    header_value(format_uuid(random::number()))
}

/// Adds who is calling and which attempt it is.
pub(super) fn add_headers(
    headers: &mut HeaderMap,
    user_agent: &HeaderValue,
    invocation_id: &HeaderValue,
    attempt: u32,
    max_attempts: u32,
) {
    headers.insert(USER_AGENT, user_agent.clone());
    headers.insert(INVOCATION_ID, invocation_id.clone());
    headers.insert(SDK_REQUEST, sdk_request(attempt, max_attempts));
}

fn sdk_request(attempt: u32, max_attempts: u32) -> HeaderValue {
    match (attempt, max_attempts) {
        // What nearly every request carries.
        (1, 3) => HeaderValue::from_static("attempt=1; max=3"),
        _ => header_value(format!("attempt={attempt}; max={max_attempts}")),
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

    /// The attempt counts up, and the user agent is the client's.
    #[test]
    fn headers_tell_the_attempt() {
        let agent = HeaderValue::from_static("tinsmith");
        for (attempt, expected) in [(1, "attempt=1; max=3"), (2, "attempt=2; max=3")] {
            let mut headers = HeaderMap::new();
            add_headers(&mut headers, &agent, &invocation_id(), attempt, 3);
            assert_eq!(headers[SDK_REQUEST], expected);
            assert_eq!(headers[INVOCATION_ID].len(), 36);
            assert_eq!(headers[USER_AGENT], "tinsmith");
        }
    }
}
