//! What a request carries besides what the protocol wrote.

use bytes::Bytes;
use http::Uri;
use http::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http::uri::{Authority, InvalidUri, Parts, PathAndQuery, Scheme};

use super::idempotency::format_uuid;
use crate::error::BoxError;

/// The same on every attempt of a call, so that a service can tell retries from calls.
const INVOCATION_ID: HeaderName = HeaderName::from_static("amz-sdk-invocation-id");
/// Which attempt it is, and of how many.
const SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");

/// Scheme, host and base path of an endpoint.
#[derive(Debug)]
pub(super) struct BaseUri {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    path: String,
}

impl BaseUri {
    pub(super) fn new(url: String) -> Result<Self, BoxError> {
        let parts = Uri::try_from(url)?.into_parts();
        let path = parts.path_and_query.as_ref().map_or("", PathAndQuery::path);
        let path = path.trim_end_matches('/').to_owned();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err("it has no scheme or no host".into());
        };
        Ok(Self {
            scheme,
            authority,
            path,
        })
    }

    /// The absolute URI for `relative`, a path and query.
    pub(super) fn join(&self, relative: Uri) -> Result<Uri, http::Error> {
        let relative = relative.into_parts().path_and_query;
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(match relative {
            Some(relative) if self.path.is_empty() => relative,
            Some(relative) => self.under_base(relative.as_str())?,
            None => self.under_base("/")?,
        });
        Ok(Uri::from_parts(parts)?)
    }

    fn under_base(&self, relative: &str) -> Result<PathAndQuery, InvalidUri> {
        [self.path.as_str(), relative].concat().try_into()
    }
}

/// A new id for a call. It identifies and protects nothing, so speed is worth more than surprise.
pub(super) fn invocation_id() -> HeaderValue {
    header_value(format_uuid(fastrand::u128(..)))
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

    fn join(base: &str, relative: &'static str) -> String {
        let base = BaseUri::new(base.to_owned()).unwrap();
        base.join(Uri::from_static(relative)).unwrap().to_string()
    }

    /// A base path goes before the operation's, with one slash between.
    #[test]
    fn joins_paths() {
        assert_eq!(join("https://a", "/v1?x=1"), "https://a/v1?x=1");
        assert_eq!(join("https://a/", "/v1"), "https://a/v1");
        assert_eq!(join("http://a:1/base/", "/v1?x"), "http://a:1/base/v1?x");
        assert_eq!(join("http://a/base", "/"), "http://a/base/");
    }

    /// What a rule set could give by mistake is an error.
    #[test]
    fn refuses_what_is_no_endpoint() {
        for url in ["", "/path", "host", "https://", "https://a b"] {
            assert!(BaseUri::new(url.to_owned()).is_err(), "{url}");
        }
    }

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
