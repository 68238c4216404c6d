//! `aws.auth#sigv4`: AWS Signature Version 4.
//!
//! Source: AWS Identity and Access Management User Guide, "Create a signed AWS API request". The
//! signature goes into the `Authorization` header ([`Signer::sign`]) or into the query string
//! ([`Signer::presign`]).

mod canonical;
#[cfg(feature = "event-stream")]
mod event;
mod key;
#[cfg(test)]
mod suite;
mod time;

#[cfg(feature = "event-stream")]
pub(crate) use event::EventSigner;

use std::time::Duration;

use http::header::{AUTHORIZATION, HeaderName};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Uri};
use percent_encoding::utf8_percent_encode;

use self::canonical::{CanonicalRequest, PayloadHash};
use self::key::KeyCache;
use self::time::SigningTime;
use super::{AuthError, Payload, check_expiry, check_visible, sensitive_value};
use crate::identity::Credentials;
use crate::request::set_header;
use crate::timestamp::Timestamp;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const SESSION_TOKEN: &str = "session token";

/// How a service wants its requests signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Whether the path, which is percent-encoded already, is encoded once more.
    pub double_encode_path: bool,
    /// Whether `.`, `..` and empty segments of the path are resolved before it is signed (RFC 3986,
    /// section 6.2.2.3). The request keeps its path.
    pub normalize_path: bool,
    /// Whether the hash of the body is also sent, in `x-amz-content-sha256`. Only by
    /// [`Signer::sign`].
    pub content_sha256_header: bool,
    /// Whether the signature covers the session token. The token is sent in any case.
    pub sign_session_token: bool,
}

impl Default for Settings {
    /// What all services but Amazon S3 want.
    fn default() -> Self {
        Self {
            double_encode_path: true,
            normalize_path: true,
            content_sha256_header: false,
            sign_session_token: true,
        }
    }
}

impl Settings {
    /// What the service with this name in the credential scope wants. Amazon S3 takes paths as they
    /// are, since an object's key may be any text, and wants the hash of the body.
    #[must_use]
    pub fn for_service(name: &str) -> Self {
        match name {
            "s3" | "s3express" | "s3-object-lambda" | "s3-outposts" => Self {
                double_encode_path: false,
                normalize_path: false,
                content_sha256_header: true,
                ..Self::default()
            },
            _ => Self::default(),
        }
    }
}

/// What a signature is made with besides the request and the credentials.
#[derive(Clone, Copy, Debug)]
pub struct SigningParams<'a> {
    /// The service's name in the credential scope (`aws.auth#sigv4$name`).
    pub service: &'a str,
    /// The region in the credential scope.
    pub region: &'a str,
    /// The time of the signature. Services refuse one that is some minutes off their clock.
    pub time: Timestamp,
    /// How the service wants it.
    pub settings: Settings,
}

/// Signs requests, and keeps the last derived key: it is the same for a day.
#[derive(Debug, Default)]
pub struct Signer {
    keys: KeyCache,
}

impl Signer {
    /// Signs `request` with an `Authorization` header. Signing it again replaces the signature.
    ///
    /// # Errors
    ///
    /// Credentials, a service or a region that cannot stand in a header, or a time outside the years 0
    /// to 9999. The request is then as it was.
    pub fn sign(
        &self,
        request: &mut Parts,
        payload: Payload<'_>,
        credentials: &Credentials,
        params: &SigningParams<'_>,
    ) -> Result<(), AuthError> {
        check(credentials, params)?;
        let time = SigningTime::new(params.time)?;
        let token = session_token(credentials)?;
        let hash = PayloadHash::of(payload);

        let headers = &mut request.headers;
        headers.remove(AUTHORIZATION);
        headers.remove(X_AMZ_SECURITY_TOKEN);
        let date = header_value(time.date_time().to_owned())?;
        set_header(headers, X_AMZ_DATE, date);
        if params.settings.content_sha256_header {
            let hash = header_value(hash.as_str().to_owned())?;
            set_header(headers, X_AMZ_CONTENT_SHA256, hash);
        }
        let (signed_token, unsigned_token) = split_token(token, params.settings);
        set_token(headers, signed_token);
        let authorization = self.authorization(request, hash.as_str(), credentials, params, &time);
        let authorization = sensitive_value("signature", authorization)?;
        set_header(&mut request.headers, AUTHORIZATION, authorization);
        set_token(&mut request.headers, unsigned_token);
        Ok(())
    }

    fn authorization(
        &self,
        request: &Parts,
        hash: &str,
        credentials: &Credentials,
        params: &SigningParams<'_>,
        time: &SigningTime,
    ) -> String {
        let canonical = CanonicalRequest::new(request, hash, params.settings);
        let signature = self.signature(&canonical, credentials, params, time);
        let mut text = String::with_capacity(256);
        text.push_str(ALGORITHM);
        text.push_str(" Credential=");
        push_credential(&mut text, credentials, params, time);
        text.push_str(", SignedHeaders=");
        canonical.push_signed_headers(&mut text);
        text.push_str(", Signature=");
        text.push_str(signature.as_str());
        text
    }

    /// Signs `request` in its query string, so that its URI alone, with the headers it has now, is
    /// all that anyone needs to send it within `expires_in`. Whole seconds count.
    ///
    /// # Errors
    ///
    /// Those of [`Signer::sign`], and an `expires_in` of less than a second or more than
    /// [`MAX_EXPIRES_IN`](super::MAX_EXPIRES_IN). The request is then as it was.
    pub fn presign(
        &self,
        request: &mut Parts,
        payload: Payload<'_>,
        credentials: &Credentials,
        params: &SigningParams<'_>,
        expires_in: Duration,
    ) -> Result<(), AuthError> {
        check_expiry(expires_in)?;
        check(credentials, params)?;
        let time = SigningTime::new(params.time)?;
        let hash = PayloadHash::of(payload);
        let (signed_token, unsigned_token) =
            split_token(credentials.expose_session_token(), params.settings);

        let mut query = request.uri.query().unwrap_or_default().to_owned();
        let mut canonical = CanonicalRequest::new(request, hash.as_str(), params.settings);
        push_presign_params(&mut query, &canonical, credentials, params, &time);
        push_param(
            &mut query,
            "X-Amz-Expires",
            &expires_in.as_secs().to_string(),
        );
        if let Some(token) = signed_token {
            push_param(&mut query, "X-Amz-Security-Token", token);
        }
        canonical.set_query(&query);
        let signature = self.signature(&canonical, credentials, params, &time);
        drop(canonical);
        if let Some(token) = unsigned_token {
            push_param(&mut query, "X-Amz-Security-Token", token);
        }
        push_param(&mut query, "X-Amz-Signature", signature.as_str());
        request.uri = with_query(&request.uri, &query)?;
        Ok(())
    }

    fn signature(
        &self,
        canonical: &CanonicalRequest<'_>,
        credentials: &Credentials,
        params: &SigningParams<'_>,
        time: &SigningTime,
    ) -> key::Hex {
        let digest = canonical.digest();
        let text = string_to_sign(time, params, &digest);
        self.keys.sign(credentials, params, time.date(), &text)
    }
}

/// What is signed of a canonical request with this digest, in pieces.
fn string_to_sign<'a>(
    time: &'a SigningTime,
    params: &SigningParams<'a>,
    digest: &'a key::Hex,
) -> [&'a str; 11] {
    [
        ALGORITHM,
        "\n",
        time.date_time(),
        "\n",
        time.date(),
        "/",
        params.region,
        "/",
        params.service,
        "/aws4_request\n",
        digest.as_str(),
    ]
}

/// Refuses credentials and a scope that the signature's text could not carry, or that no service has
/// given out.
fn check(credentials: &Credentials, params: &SigningParams<'_>) -> Result<(), AuthError> {
    check_visible("service in the credential scope", params.service)?;
    check_visible("region in the credential scope", params.region)?;
    check_visible("access key id", credentials.access_key_id())?;
    check_visible("secret access key", credentials.expose_secret_access_key())?;
    match credentials.expose_session_token() {
        Some(token) => check_visible(SESSION_TOKEN, token),
        None => Ok(()),
    }
}

fn header_value(text: String) -> Result<HeaderValue, AuthError> {
    HeaderValue::try_from(text).map_err(|_| AuthError::NotVisible {
        name: "credential scope",
        at: 0,
    })
}

/// The session token as it is signed, and as it is sent beside the signature; one of the two at most.
fn split_token<T>(token: Option<T>, settings: Settings) -> (Option<T>, Option<T>) {
    if settings.sign_session_token {
        (token, None)
    } else {
        (None, token)
    }
}

fn session_token(credentials: &Credentials) -> Result<Option<HeaderValue>, AuthError> {
    credentials
        .expose_session_token()
        .map(|token| sensitive_value(SESSION_TOKEN, token.to_owned()))
        .transpose()
}

fn set_token(headers: &mut HeaderMap, token: Option<HeaderValue>) {
    if let Some(token) = token {
        set_header(headers, X_AMZ_SECURITY_TOKEN, token);
    }
}

/// The access key id and the credential scope.
fn push_credential(
    text: &mut String,
    credentials: &Credentials,
    params: &SigningParams<'_>,
    time: &SigningTime,
) {
    let scope = [time.date(), params.region, params.service];
    text.push_str(credentials.access_key_id());
    for part in scope {
        text.push('/');
        text.push_str(part);
    }
    text.push_str("/aws4_request");
}

fn push_presign_params(
    query: &mut String,
    canonical: &CanonicalRequest<'_>,
    credentials: &Credentials,
    params: &SigningParams<'_>,
    time: &SigningTime,
) {
    let mut credential = String::new();
    push_credential(&mut credential, credentials, params, time);
    let mut signed_headers = String::new();
    canonical.push_signed_headers(&mut signed_headers);
    push_param(query, "X-Amz-Algorithm", ALGORITHM);
    push_param(query, "X-Amz-Credential", &credential);
    push_param(query, "X-Amz-Date", time.date_time());
    push_param(query, "X-Amz-SignedHeaders", &signed_headers);
}

fn push_param(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(name);
    query.push('=');
    query.extend(utf8_percent_encode(value, canonical::UNRESERVED));
}

fn with_query(uri: &Uri, query: &str) -> Result<Uri, AuthError> {
    let mut parts = uri.clone().into_parts();
    let path_and_query = format!("{}?{query}", uri.path());
    parts.path_and_query =
        Some(PathAndQuery::try_from(path_and_query).map_err(|_| AuthError::UriTooLong)?);
    Uri::from_parts(parts).map_err(|_| AuthError::UriTooLong)
}
