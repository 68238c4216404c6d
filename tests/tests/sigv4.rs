//! The client's signatures against the token service's own computation of them.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use http::{HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use tests::token_service::{Request, sigv4};
use tinsmith_runtime::auth::Payload;
use tinsmith_runtime::auth::sigv4::{Settings, Signer, SigningParams};
use tinsmith_runtime::identity::Credentials;
use tinsmith_runtime::timestamp::Timestamp;

const SERVICE: &str = "route53globalresolver";
const REGION: &str = "us-east-1";

/// 2015-08-30T12:36:00Z.
const SECOND: i64 = 1_440_938_160;

/// Encodes all but unreserved characters (RFC 3986, section 2.3), as a client does.
fn encoded(text: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A target with segments and parameters of any text. A client has no empty segment, `.` or `..`.
fn target() -> impl Strategy<Value = String> {
    let segment = any::<String>().prop_filter("a segment", |text| {
        !matches!(text.as_str(), "" | "." | "..")
    });
    let segments = prop::collection::vec(segment, 1..4);
    let params = prop::collection::vec((any::<String>(), any::<String>()), 0..5);
    (segments, params).prop_map(|(segments, params)| {
        let path: Vec<_> = segments.iter().map(|segment| encoded(segment)).collect();
        let params = params.iter();
        let query: Vec<_> = params
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect();
        match query.is_empty() {
            true => format!("/{}", path.join("/")),
            false => format!("/{}?{}", path.join("/"), query.join("&")),
        }
    })
}

/// Headers of a client's own, some with the same name.
fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec(("x-[a-c]{1,2}", "[!-~ ]{0,12}"), 0..5)
}

fn signed(
    target: &str,
    headers: &[(String, String)],
    body: &[u8],
    credentials: &Credentials,
) -> Request {
    let uri = format!("https://{SERVICE}.example.com:8443{target}");
    let request = http::Request::put(uri).header("host", format!("{SERVICE}.example.com:8443"));
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    for (name, value) in headers {
        parts.headers.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    let params = SigningParams {
        service: SERVICE,
        region: REGION,
        time: Timestamp::from_second(SECOND).unwrap(),
        settings: Settings::default(),
    };
    Signer::default()
        .sign(&mut parts, Payload::Bytes(body), credentials, &params)
        .unwrap();
    Request {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body: body.to_vec(),
    }
}

proptest! {
    /// Protects every request that no vector has: whatever its path, query, headers, body and
    /// credentials are, the service comes to the same signature.
    #[test]
    fn any_request_is_signed_as_the_service_has_it(
        target in target(),
        headers in headers(),
        body in prop::collection::vec(any::<u8>(), 0..100),
        secret in "[!-~]{1,100}",
        session in prop::option::of("[!-~]{1,100}"),
    ) {
        let credentials = match &session {
            None => Credentials::new("AKIDEXAMPLE", &secret),
            Some(session) => Credentials::temporary("AKIDEXAMPLE", &secret, session),
        };
        let known = sigv4::Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: secret,
            session_token: session,
        };
        let mut request = signed(&target, &headers, &body, &credentials);
        let now = jiff::Timestamp::from_second(SECOND).unwrap();
        prop_assert_eq!(sigv4::verify(&request, &known, SERVICE, REGION, now), Ok(()));
        request.body.push(0);
        prop_assert!(sigv4::verify(&request, &known, SERVICE, REGION, now).is_err());
    }
}
