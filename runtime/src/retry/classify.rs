//! Which errors may pass.

use crate::schema::Retryable;

/// What kind of error it is, as far as retrying goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The caller sends too much.
    Throttling,
    /// Something broke that may work again.
    Transient,
    /// Like transient, where time ran out.
    Timeout,
    /// The client itself was too busy to send, and the service had no part in it.
    Local,
    /// The same request will fail again.
    Permanent,
}

/// Codes that ask to be called less often.
///
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior", throttling errors.
const THROTTLING: [&str; 14] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

/// Codes of errors that may pass.
///
/// Source: as above, transient errors.
const TRANSIENT: [&str; 2] = ["RequestTimeout", "RequestTimeoutException"];

/// Codes that say that the clocks of client and service disagree, or a signature that is wrong for
/// that reason among others.
const CLOCK_SKEW: [&str; 6] = [
    "AuthFailure",
    "InvalidSignatureException",
    "RequestExpired",
    "RequestInTheFuture",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
];

/// Classifies an error response by what the model says, then by its code, then by its status.
pub(crate) fn classify(code: Option<&str>, status: u16, modeled: Option<Retryable>) -> ErrorClass {
    let listed = |codes: &[&str]| code.is_some_and(|code| codes.binary_search(&code).is_ok());
    let throttled = modeled.is_some_and(|retryable| retryable.throttling)
        || listed(&THROTTLING)
        || status == 429;
    if throttled {
        ErrorClass::Throttling
    } else if modeled.is_some() || listed(&TRANSIENT) || matches!(status, 500 | 502 | 503 | 504) {
        ErrorClass::Transient
    } else {
        ErrorClass::Permanent
    }
}

/// Whether a response leaves it unknown if the service acted on the request: a gateway that got no
/// proper answer speaks for itself, and not for the service behind it.
///
/// Source: RFC 9110, sections 15.6.3 and 15.6.5.
pub(crate) fn is_ambiguous(status: u16, modeled: Option<Retryable>) -> bool {
    modeled.is_none() && matches!(status, 502 | 504)
}

/// Whether the code may mean that the client's clock is wrong.
pub(crate) fn is_clock_skew(code: Option<&str>) -> bool {
    code.is_some_and(|code| CLOCK_SKEW.binary_search(&code).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lists are searched by halves.
    #[test]
    fn lists_are_sorted() {
        assert!(THROTTLING.is_sorted());
        assert!(TRANSIENT.is_sorted());
        assert!(CLOCK_SKEW.is_sorted());
    }

    /// Each rule by itself, and which wins where two hold.
    #[test]
    fn classifies() {
        let of = |code, status| classify(code, status, None);
        assert_eq!(of(Some("SlowDown"), 503), ErrorClass::Throttling);
        assert_eq!(of(None, 429), ErrorClass::Throttling);
        assert_eq!(of(Some("RequestTimeout"), 400), ErrorClass::Transient);
        for status in [500, 502, 503, 504] {
            assert_eq!(of(None, status), ErrorClass::Transient);
        }
        for status in [500, 501, 503, 429] {
            assert!(!is_ambiguous(status, None));
        }
        for status in [502, 504] {
            assert!(is_ambiguous(status, None));
            assert!(!is_ambiguous(status, Some(Retryable { throttling: false })));
        }
        for status in [400, 403, 404, 501, 505] {
            assert_eq!(of(Some("Nope"), status), ErrorClass::Permanent);
        }
        let modeled = |throttling| classify(None, 400, Some(Retryable { throttling }));
        assert_eq!(modeled(false), ErrorClass::Transient);
        assert_eq!(modeled(true), ErrorClass::Throttling);
    }
}
