//! What the signing suite does not cover: refusals, payloads, and what a caller can see.
#![cfg(feature = "sigv4")]
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

use std::time::Duration;

use http::request::Parts;
use tinsmith_runtime::auth::sigv4::{Settings, Signer, SigningParams};
use tinsmith_runtime::auth::{AuthContext, AuthError, Authenticator, MAX_EXPIRES_IN, Payload};
use tinsmith_runtime::identity::{Credentials, Identity, Token};
use tinsmith_runtime::operation::AuthScheme;
use tinsmith_runtime::timestamp::Timestamp;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const SIGV4: AuthScheme = AuthScheme::SigV4 {
    name: "route53globalresolver",
};

fn request(uri: &str) -> Parts {
    http::Request::get(uri).body(()).unwrap().into_parts().0
}

fn context(scheme: AuthScheme) -> AuthContext<'static> {
    AuthContext {
        scheme,
        region: Some("us-east-1"),
        time: Timestamp::default(),
        allow_plain_http: false,
    }
}

fn params() -> SigningParams<'static> {
    SigningParams {
        service: "service",
        region: "us-east-1",
        time: Timestamp::default(),
        settings: Settings::default(),
    }
}

fn authorization(request: &Parts) -> &str {
    request.headers["authorization"].to_str().unwrap()
}

fn authenticate(
    uri: &str,
    identity: &Identity,
    context: &AuthContext<'_>,
) -> Result<Parts, AuthError> {
    let mut request = request(uri);
    let before = request.clone();
    let result =
        Authenticator::default().authenticate(&mut request, Payload::Bytes(b""), identity, context);
    if result.is_err() {
        assert_eq!(request.uri, before.uri, "a refused request is as it was");
        assert_eq!(
            request.headers, before.headers,
            "a refused request is as it was"
        );
    }
    result.map(|()| request)
}

/// Protects identities from being sent in clear, with either scheme, and the caller's way out.
#[test]
fn plain_http_is_refused_unless_allowed() {
    let credentials = Identity::Credentials(Credentials::new("AKIDEXAMPLE", SECRET));
    let token = Identity::Token(Token::new("secret-token"));
    for (scheme, identity) in [(SIGV4, &credentials), (AuthScheme::HttpBearer, &token)] {
        let mut context = context(scheme);
        let refused = authenticate("http://example.com/", identity, &context).unwrap_err();
        assert!(matches!(refused, AuthError::PlainHttp { .. }), "{refused}");
        assert!(authenticate("https://example.com/", identity, &context).is_ok());
        assert!(authenticate("http://127.0.0.1:8080/", identity, &context).is_ok());
        context.allow_plain_http = true;
        assert!(authenticate("http://example.com/", identity, &context).is_ok());
    }
    let anonymous = context(AuthScheme::Anonymous);
    let sent = authenticate("http://example.com/", &Identity::Anonymous, &anonymous).unwrap();
    assert!(sent.headers.is_empty());
}

/// Protects against header injection and against keys copied with their line break.
#[test]
fn bytes_that_are_not_visible_are_refused() {
    for bad in ["", "a\r\nx: y", "a\n", "a\0", "a b", "a\tb", "a\u{7f}", "é"] {
        let bearer = authenticate(
            "https://example.com/",
            &Identity::Token(Token::new(bad)),
            &context(AuthScheme::HttpBearer),
        );
        let mut errors = vec![bearer.unwrap_err()];
        for credentials in [
            Credentials::new(bad, SECRET),
            Credentials::new("AKIDEXAMPLE", bad),
            Credentials::temporary("AKIDEXAMPLE", SECRET, bad),
        ] {
            let signed = Signer::default().presign(
                &mut request("https://example.com/"),
                Payload::Unsigned,
                &credentials,
                &params(),
                Duration::from_secs(1),
            );
            errors.push(signed.unwrap_err());
            let identity = Identity::Credentials(credentials);
            let signed = authenticate("https://example.com/", &identity, &context(SIGV4));
            errors.push(signed.unwrap_err());
        }
        for error in errors {
            assert!(
                matches!(
                    error,
                    AuthError::Empty { .. } | AuthError::NotVisible { .. }
                ),
                "{bad:?}: {error}"
            );
        }
    }
}

/// Protects requests from a half-made signature, and headers from what stands in a region's or a
/// service's name: such a request is as it was, with the signature it may have had.
#[test]
fn a_scope_that_is_not_visible_is_refused() {
    let credentials = Credentials::temporary("AKIDEXAMPLE", SECRET, "session");
    let signer = Signer::default();
    let mut request = request("https://example.com/");
    let payload = Payload::Bytes(b"");
    (signer.sign(&mut request, payload, &credentials, &params())).unwrap();
    let before = request.clone();
    for bad in ["", "a\r\nx: y", "a\0", "é"] {
        let region = SigningParams {
            region: bad,
            ..params()
        };
        let service = SigningParams {
            service: bad,
            ..params()
        };
        for params in [region, service] {
            let payload = || Payload::Bytes(b"");
            let second = Duration::from_secs(1);
            for refused in [
                signer.sign(&mut request, payload(), &credentials, &params),
                signer.presign(&mut request, payload(), &credentials, &params, second),
            ] {
                let error = refused.unwrap_err();
                assert!(error.to_string().contains("credential scope"), "{error}");
            }
            assert_eq!(request.uri, before.uri);
            assert_eq!(request.headers, before.headers);
        }
    }
}

/// Protects what proves an identity from whatever prints or compresses headers: `http` and HTTP/2 treat
/// a value that is marked with care.
#[test]
fn what_proves_an_identity_is_marked_as_sensitive() {
    let credentials = Credentials::temporary("AKIDEXAMPLE", SECRET, "session");
    let identity = Identity::Credentials(credentials);
    let signed = authenticate("https://example.com/", &identity, &context(SIGV4)).unwrap();
    let token = Identity::Token(Token::new("secret-token"));
    let bearer = context(AuthScheme::HttpBearer);
    let bearer = authenticate("https://example.com/", &token, &bearer).unwrap();
    assert!(signed.headers["authorization"].is_sensitive());
    assert!(signed.headers["x-amz-security-token"].is_sensitive());
    assert!(bearer.headers["authorization"].is_sensitive());
    let shown = format!("{:?} {:?}", signed.headers, bearer.headers);
    for secret in ["session", "Signature", "secret-token"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// Protects against signing with the wrong kind of identity or without a region.
#[test]
fn what_a_scheme_needs_must_be_there() {
    let credentials = Identity::Credentials(Credentials::new("AKIDEXAMPLE", SECRET));
    let bearer = context(AuthScheme::HttpBearer);
    let wrong = authenticate("https://example.com/", &credentials, &bearer).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "wrong kind of identity: needs bearer token, got AWS credentials"
    );
    let mut nowhere = context(SIGV4);
    nowhere.region = None;
    let error = authenticate("https://example.com/", &credentials, &nowhere).unwrap_err();
    assert_eq!(error, AuthError::NoRegion);
}

/// Protects the wire form of the bearer scheme, and that a retry carries one token, not two.
#[test]
fn a_bearer_token_is_sent_once() {
    let authenticator = Authenticator::default();
    let mut request = request("https://example.com/");
    for token in ["first", "second"] {
        authenticator
            .authenticate(
                &mut request,
                Payload::Bytes(b""),
                &Identity::Token(Token::new(token)),
                &context(AuthScheme::HttpBearer),
            )
            .unwrap();
    }
    let values: Vec<_> = request.headers.get_all("authorization").iter().collect();
    assert_eq!(values, ["Bearer second"]);
    assert!(values[0].is_sensitive());
}

/// Protects temporary credentials on a retry: the token of the last attempt does not stay.
#[test]
fn signing_again_replaces_everything() {
    let signer = Signer::default();
    let mut again = request("https://example.com/");
    let temporary = Credentials::temporary("AKIDEXAMPLE", SECRET, "session");
    let long_term = Credentials::new("AKIDEXAMPLE", SECRET);
    let mut fresh = request("https://example.com/");
    for credentials in [&temporary, &long_term] {
        signer
            .sign(&mut again, Payload::Bytes(b""), credentials, &params())
            .unwrap();
    }
    signer
        .sign(&mut fresh, Payload::Bytes(b""), &long_term, &params())
        .unwrap();
    assert_eq!(again.headers, fresh.headers);
}

/// Protects the two ways to treat a body: covered by the signature, or named as uncovered.
#[test]
fn the_signature_covers_the_body_unless_told_otherwise() {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    let sign = |payload, settings| {
        let mut request = request("https://example.com/");
        let params = SigningParams {
            settings,
            ..params()
        };
        Signer::default()
            .sign(&mut request, payload, &credentials, &params)
            .unwrap();
        request
    };
    let default = Settings::default();
    let s3 = Settings::for_service("s3");
    let one = sign(Payload::Bytes(b"one"), default);
    let two = sign(Payload::Bytes(b"two"), default);
    assert_ne!(authorization(&one), authorization(&two));
    assert!(!one.headers.contains_key("x-amz-content-sha256"));
    assert_eq!(
        sign(Payload::Unsigned, s3).headers["x-amz-content-sha256"],
        "UNSIGNED-PAYLOAD"
    );
    assert_eq!(
        sign(Payload::Bytes(b""), s3).headers["x-amz-content-sha256"],
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
}

/// Protects the limits that AWS sets on presigned requests.
#[test]
fn a_presigned_request_is_valid_for_seven_days_at_most() {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET);
    for (seconds, allowed) in [(0, false), (1, true), (604_800, true), (604_801, false)] {
        let result = Signer::default().presign(
            &mut request("https://example.com/"),
            Payload::Unsigned,
            &credentials,
            &params(),
            Duration::from_secs(seconds),
        );
        assert_eq!(result.is_ok(), allowed, "{seconds}");
    }
    assert_eq!(MAX_EXPIRES_IN.as_secs(), 604_800);
}

/// Protects every secret from everything that can be printed.
#[test]
fn nothing_printed_holds_a_secret() {
    let credentials = Credentials::temporary("AKIDEXAMPLE", "secret-key", "secret-session");
    let token = Token::new("secret-token");
    let authenticator = Authenticator::default();
    let mut signed = request("https://example.com/");
    let identity = Identity::Credentials(credentials.clone());
    authenticator
        .authenticate(
            &mut signed,
            Payload::Bytes(b"secret-body"),
            &identity,
            &context(SIGV4),
        )
        .unwrap();
    let bearer = Identity::Token(token.clone());
    let with_token = authenticate(
        "https://example.com/",
        &bearer,
        &context(AuthScheme::HttpBearer),
    )
    .unwrap();
    let printed = format!(
        "{credentials:?} {token:?} {authenticator:#?} {identity:?} {signed:?} {with_token:?} {:?}",
        Payload::Bytes(b"secret-body")
    );
    assert!(!printed.contains("secret-"), "{printed}");
    assert!(printed.contains("AKIDEXAMPLE"));
}

proptest::proptest! {
    /// Protects headers from tokens: whatever a token is, it is the header's value or an error.
    #[test]
    fn any_token_is_a_value_or_an_error(token in proptest::prelude::any::<String>()) {
        let identity = Identity::Token(Token::new(&token));
        match authenticate("https://example.com/", &identity, &context(AuthScheme::HttpBearer)) {
            Ok(request) => {
                proptest::prop_assert!(token.bytes().all(|byte| byte.is_ascii_graphic()));
                proptest::prop_assert_eq!(authorization(&request), format!("Bearer {token}"));
            }
            Err(_) => proptest::prop_assert!(
                token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic())
            ),
        }
    }
}
