//! `aws.auth#sigv4`, on the side of the service.
//!
//! Written from the description of the algorithm, with the shape of a checker: it takes the request
//! apart, decodes it and builds the whole canonical request as a text.

use std::collections::{BTreeMap, BTreeSet};

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

/// What a request says of its signature.
struct Authorization {
    access_key_id: String,
    /// Date, region, service and `aws4_request`.
    scope: String,
    signed_headers: Vec<String>,
    signature: String,
    session_token: Option<String>,
    date_time: String,
    /// For how many seconds the signature is valid; only of presigned requests.
    expires_in: Option<i64>,
}

impl Authorization {
    fn of(request: &Request) -> Result<Self, Refusal> {
        let params = request.signature_params();
        let parsed = match (request.header("authorization"), params.is_empty()) {
            (Some(header), true) => Self::of_header(request, header),
            (None, false) => Self::of_query(&params),
            (Some(_), false) => None,
            (None, true) => return refuse("MissingAuthenticationTokenException", "not signed"),
        };
        parsed.map_or_else(
            || refuse("IncompleteSignatureException", "not a SigV4 signature"),
            Ok,
        )
    }

    fn of_header(request: &Request, header: &str) -> Option<Self> {
        let mut fields = header.strip_prefix("AWS4-HMAC-SHA256 ")?.split(", ");
        let credential = fields.next()?.strip_prefix("Credential=")?;
        let signed_headers = fields.next()?.strip_prefix("SignedHeaders=")?;
        let signature = fields.next()?.strip_prefix("Signature=")?;
        let (access_key_id, scope) = credential.split_once('/')?;
        fields.next().is_none().then(|| Self {
            access_key_id: access_key_id.to_owned(),
            scope: scope.to_owned(),
            signed_headers: signed_headers.split(';').map(str::to_owned).collect(),
            signature: signature.to_owned(),
            session_token: request.header("x-amz-security-token").map(str::to_owned),
            date_time: request.header("x-amz-date").unwrap_or_default().to_owned(),
            expires_in: None,
        })
    }

    fn of_query(params: &BTreeMap<String, String>) -> Option<Self> {
        if params.get("X-Amz-Algorithm")? != "AWS4-HMAC-SHA256" {
            return None;
        }
        let (access_key_id, scope) = params.get("X-Amz-Credential")?.split_once('/')?;
        let signed_headers = params.get("X-Amz-SignedHeaders")?.split(';');
        let expires_in = params.get("X-Amz-Expires")?.parse().ok()?;
        (1..=7 * 24 * 3600).contains(&expires_in).then_some(())?;
        Some(Self {
            access_key_id: access_key_id.to_owned(),
            scope: scope.to_owned(),
            signed_headers: signed_headers.map(str::to_owned).collect(),
            signature: params.get("X-Amz-Signature")?.clone(),
            session_token: params.get("X-Amz-Security-Token").cloned(),
            date_time: params.get("X-Amz-Date")?.clone(),
            expires_in: Some(expires_in),
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
    let authorization = Authorization::of(request)?;
    if authorization.access_key_id != credentials.access_key_id {
        return refuse("UnrecognizedClientException", "unknown access key id");
    }
    if authorization.session_token != credentials.session_token {
        return refuse("UnrecognizedClientException", "wrong session token");
    }
    let date_time = authorization.date_time.as_str();
    check_time(date_time, authorization.expires_in, now)?;
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

fn check_time(date_time: &str, expires_in: Option<i64>, now: Timestamp) -> Result<(), Refusal> {
    let parsed = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date_time)
        .ok()
        .and_then(|time| jiff::tz::Offset::UTC.to_timestamp(time).ok());
    let Some(signed) = parsed else {
        return refuse("IncompleteSignatureException", "no valid x-amz-date");
    };
    let age = now.duration_since(signed);
    let oldest = expires_in.map_or(TOLERANCE, SignedDuration::from_secs);
    if age > oldest || age < -TOLERANCE {
        let message = format!("Signature expired: {signed} is not near {now}");
        return refuse("InvalidSignatureException", message);
    }
    Ok(())
}

/// What makes the request what it is must be covered: host, content type, time and session token.
fn check_signed_headers(request: &Request, signed: &[String]) -> Result<(), Refusal> {
    let given: BTreeSet<_> = request.headers.keys().map(HeaderName::as_str).collect();
    let must_be_signed = given.iter().copied().filter(|name| {
        matches!(
            *name,
            "content-type" | "x-amz-date" | "x-amz-security-token"
        )
    });
    for name in must_be_signed.chain(["host"]) {
        if !signed.iter().any(|signed| signed == name) {
            return refuse("InvalidSignatureException", format!("{name} is not signed"));
        }
    }
    match signed.iter().find(|name| !given.contains(name.as_str())) {
        None => Ok(()),
        Some(name) => refuse(
            "InvalidSignatureException",
            format!("{name} is signed and was not sent"),
        ),
    }
}

fn canonical_request(request: &Request, signed: &[String]) -> String {
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
        .filter(|(name, _)| name != "X-Amz-Signature")
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
