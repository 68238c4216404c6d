//! `aws.auth#sigv4`, on the side of the service.
//!
//! Written from the description of the algorithm, with the shape of a checker: it takes the request
//! apart, decodes it and builds the whole canonical request as a text.

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderName;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::request::Request;

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// How far the time of a signature may be from the service's.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// AWS credentials that a service knows.
#[derive(Clone)]
pub struct Credentials {
    /// The access key id.
    pub access_key_id: String,
    /// The secret access key.
    pub secret_access_key: String,
    /// The session token of temporary credentials.
    pub session_token: Option<String>,
}

impl Credentials {
    /// The example credentials of AWS's documentation.
    #[must_use]
    pub fn example() -> Self {
        Self {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
            session_token: None,
        }
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials({})", self.access_key_id)
    }
}

/// Why a signature is refused: the code and message that a service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The error code.
    pub code: &'static str,
    /// The message.
    pub message: String,
}

fn refuse<T>(code: &'static str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal {
        code,
        message: message.into(),
    })
}

/// The parts of an `Authorization` header.
struct Authorization<'a> {
    access_key_id: &'a str,
    /// Date, region, service and `aws4_request`.
    scope: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(header: &'a str) -> Option<Self> {
        let mut fields = header.strip_prefix("AWS4-HMAC-SHA256 ")?.split(", ");
        let credential = fields.next()?.strip_prefix("Credential=")?;
        let signed_headers = fields.next()?.strip_prefix("SignedHeaders=")?;
        let signature = fields.next()?.strip_prefix("Signature=")?;
        let (access_key_id, scope) = credential.split_once('/')?;
        fields.next().is_none().then_some(Self {
            access_key_id,
            scope,
            signed_headers: signed_headers.split(';').collect(),
            signature,
        })
    }
}

/// Checks the signature of a request to `service` in `region` at the time `now`.
///
/// # Errors
///
/// What a service answers to a request that is not signed, or not as it should be.
pub fn verify(
    request: &Request,
    credentials: &Credentials,
    service: &str,
    region: &str,
    now: Timestamp,
) -> Result<(), Refusal> {
    const INVALID: &str = "InvalidSignatureException";
    let Some(header) = request.header("authorization") else {
        return refuse("MissingAuthenticationTokenException", "not signed");
    };
    let Some(authorization) = Authorization::parse(header) else {
        return refuse("IncompleteSignatureException", "not a SigV4 signature");
    };
    if authorization.access_key_id != credentials.access_key_id {
        return refuse("UnrecognizedClientException", "unknown access key id");
    }
    if request.header("x-amz-security-token") != credentials.session_token.as_deref() {
        return refuse("UnrecognizedClientException", "wrong session token");
    }
    let date_time = request.header("x-amz-date").unwrap_or_default();
    check_time(date_time, now)?;
    let scope = format!(
        "{}/{region}/{service}/aws4_request",
        date_time.get(..8).unwrap_or_default()
    );
    if authorization.scope != scope {
        return refuse(INVALID, format!("credential should be scoped to {scope}"));
    }
    check_signed_headers(request, &authorization.signed_headers)?;

    let canonical = canonical_request(request, &authorization.signed_headers);
    let text = format!(
        "AWS4-HMAC-SHA256\n{date_time}\n{scope}\n{}",
        hex(&Sha256::digest(&canonical))
    );
    let mut key = format!("AWS4{}", credentials.secret_access_key).into_bytes();
    for part in scope.split('/') {
        key = hmac(&key, part);
    }
    if authorization.signature == hex(&hmac(&key, &text)) {
        return Ok(());
    }
    refuse(
        INVALID,
        format!("the signature does not match; canonical request:\n{canonical}"),
    )
}

fn check_time(date_time: &str, now: Timestamp) -> Result<(), Refusal> {
    let parsed = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date_time)
        .ok()
        .and_then(|time| jiff::tz::Offset::UTC.to_timestamp(time).ok());
    let Some(signed) = parsed else {
        return refuse("IncompleteSignatureException", "no valid x-amz-date");
    };
    if now.duration_since(signed).abs() > TOLERANCE {
        let message = format!("Signature expired: {signed} is not near {now}");
        return refuse("InvalidSignatureException", message);
    }
    Ok(())
}

/// What makes the request what it is must be covered: host, content type, time and session token.
fn check_signed_headers(request: &Request, signed: &[&str]) -> Result<(), Refusal> {
    let given: BTreeSet<_> = request.headers.keys().map(HeaderName::as_str).collect();
    let must_be_signed = given.iter().copied().filter(|name| {
        matches!(
            *name,
            "content-type" | "x-amz-date" | "x-amz-security-token"
        )
    });
    for name in must_be_signed.chain(["host"]) {
        if !signed.contains(&name) {
            return refuse("InvalidSignatureException", format!("{name} is not signed"));
        }
    }
    match signed.iter().find(|name| !given.contains(*name)) {
        None => Ok(()),
        Some(name) => refuse(
            "InvalidSignatureException",
            format!("{name} is signed and was not sent"),
        ),
    }
}

fn canonical_request(request: &Request, signed: &[&str]) -> String {
    let path: Vec<String> = request
        .path
        .split('/')
        .map(|segment| encode(&encode(&decode(segment))))
        .collect();
    let mut params: Vec<(String, String)> = request
        .query
        .split('&')
        .filter(|param| !param.is_empty())
        .map(|param| {
            let (name, value) = param.split_once('=').unwrap_or((param, ""));
            (encode(&decode(name)), encode(&decode(value)))
        })
        .collect();
    params.sort();
    let params: Vec<_> = params
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let headers: String = signed
        .iter()
        .map(|name| format!("{name}:{}\n", header_values(request, name)))
        .collect();
    format!(
        "{}\n{}\n{}\n{headers}\n{}\n{}",
        request.method,
        path.join("/"),
        params.join("&"),
        signed.join(";"),
        hex(&Sha256::digest(&request.body)),
    )
}

fn header_values(request: &Request, name: &str) -> String {
    let values = request.headers.get_all(name).iter();
    let values: Vec<String> = values
        .map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes());
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect();
    values.join(",")
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

// HMAC takes keys of any length.
#[allow(clippy::unwrap_used)]
fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
