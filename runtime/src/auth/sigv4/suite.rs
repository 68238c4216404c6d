//! The SigV4 signing suite: every case, signed in a header and in the query string, with what stands
//! between the request and its signature.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::canonical::{CanonicalRequest, PayloadHash};
use super::time::SigningTime;
use super::{
    Payload, Settings, Signer, SigningParams, X_AMZ_SECURITY_TOKEN, string_to_sign, with_query,
};
use crate::identity::Credentials;
use crate::timestamp::Timestamp;

/// What a case is signed with.
struct Case {
    dir: PathBuf,
    credentials: Credentials,
    service: String,
    region: String,
    time: Timestamp,
    expires_in: Duration,
    settings: Settings,
}

impl Case {
    fn params(&self) -> SigningParams<'_> {
        SigningParams {
            service: &self.service,
            region: &self.region,
            time: self.time,
            settings: self.settings,
        }
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.dir.join(file)).unwrap()
    }

    fn request(&self, file: &str) -> (Parts, Vec<u8>) {
        parse_request(&self.text(file))
    }

    /// Compares what `signed`, a request whose signature was taken away, is signed by with the files of
    /// the form `form`.
    fn check(&self, form: &str, signed: &Parts, body: &[u8]) {
        let hash = PayloadHash::of(Payload::Bytes(body));
        let canonical = CanonicalRequest::new(signed, hash.as_str(), self.settings);
        self.compare(&canonical.text(), &format!("{form}-canonical-request.txt"));

        let (time, digest) = (SigningTime::new(self.time).unwrap(), canonical.digest());
        let to_sign = string_to_sign(&time, &self.params(), &digest).concat();
        self.compare(&to_sign, &format!("{form}-string-to-sign.txt"));

        let keys = &Signer::default().keys;
        let signature = keys.sign(&self.credentials, &self.params(), time.date(), &[&to_sign]);
        self.compare(signature.as_str(), &format!("{form}-signature.txt"));
    }

    /// The two cases without a context have not all of the files, and the canonical request of one of
    /// them is of another time than its signature: there the time is not compared.
    fn compare(&self, text: &str, file: &str) {
        let path = self.dir.join(file);
        let has_context = self.dir.join("context.json").exists();
        if !has_context && !path.exists() {
            return;
        }
        let timeless = |text: &str| -> Vec<String> {
            let lines = text.lines().map(str::to_owned);
            lines
                .filter(|line| has_context || !line.starts_with("x-amz-date:"))
                .collect()
        };
        let expected = self.text(file);
        assert_eq!(timeless(text), timeless(&expected), "{}", path.display());
    }
}

fn suite() -> Option<Vec<PathBuf>> {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/conformance/sigv4/v4"
    );
    let Ok(entries) = fs::read_dir(root) else {
        println!("skipped 1 suite: {root} is absent");
        return None;
    };
    let mut dirs: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    dirs.sort();
    Some(dirs)
}

/// A case as its `context.json` tells. The suite has the path encoded once: it takes the text of the
/// request line for what a client was asked for, not for what it sends.
fn case(dir: &Path) -> Option<Case> {
    let context = fs::read(dir.join("context.json")).ok()?;
    let context: Value = serde_json::from_slice(&context).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let key_id = text(&context["credentials"]["access_key_id"]);
    let secret = text(&context["credentials"]["secret_access_key"]);
    let credentials = match context["credentials"]["token"].as_str() {
        Some(token) => Credentials::temporary(key_id, secret, token),
        None => Credentials::new(key_id, secret),
    };
    let settings = Settings {
        double_encode_path: false,
        normalize_path: context["normalize"].as_bool().unwrap(),
        content_sha256_header: context["sign_body"].as_bool().unwrap(),
        sign_session_token: context["omit_session_token"].as_bool() != Some(true),
    };
    Some(Case {
        dir: dir.to_owned(),
        credentials,
        service: text(&context["service"]),
        region: text(&context["region"]),
        time: time(context["timestamp"].as_str().unwrap()),
        expires_in: Duration::from_secs(context["expiration_in_seconds"].as_u64().unwrap()),
        settings,
    })
}

/// The two cases that have no context. They are of services that want the path encoded twice.
fn case_without_context(dir: &Path) -> Case {
    let name = dir.file_name().unwrap().to_str().unwrap();
    let (credentials, service, region, at) = match name {
        "double-encode-path" => (
            Credentials::new("ANOTREAL", "notrealrnrELgWzOk3IfjzDKtFBhDby"),
            "service",
            "us-east-1",
            "2015-08-30T12:36:00Z",
        ),
        "double-url-encode" => (
            Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            "lambda",
            "us-east-2",
            "2021-05-11T15:40:45Z",
        ),
        name => panic!("{name} has no context.json and is not known"),
    };
    Case {
        dir: dir.to_owned(),
        credentials,
        service: service.to_owned(),
        region: region.to_owned(),
        time: time(at),
        expires_in: Duration::from_secs(3600),
        settings: Settings::default(),
    }
}

fn time(text: &str) -> Timestamp {
    Timestamp::from(text.parse::<jiff::Timestamp>().unwrap())
}

/// Reads an HTTP/1.1 request with folded header lines and a target that need not be encoded.
fn parse_request(text: &str) -> (Parts, Vec<u8>) {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let head = head.replace("\n ", " ");
    let mut lines = head.lines();
    let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
    let target = target.strip_suffix(" HTTP/1.1").unwrap_or(target);
    let request = http::Request::builder()
        .method(method)
        .uri(encode_target(target));
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    for line in lines.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap();
        parts.headers.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_str(value.trim()).unwrap(),
        );
    }
    (parts, body.as_bytes().to_vec())
}

fn encode_target(target: &str) -> String {
    let mut encoded = String::new();
    for byte in target.bytes() {
        if byte.is_ascii_graphic() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Names and values, in an order that does not depend on when they were added.
fn sorted(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort_by(|(a, _), (b, _)| a.cmp(b));
    headers
}

/// Protects the header form: the whole signed request is as the suite has it, the first time and when
/// it is signed again.
#[test]
fn the_suite_signed_in_a_header() {
    let Some(dirs) = suite() else { return };
    let signer = Signer::default();
    for dir in &dirs {
        let case = case(dir).unwrap_or_else(|| case_without_context(dir));
        let (mut request, body) = case.request("request.txt");
        let (expected, _) = case.request("header-signed-request.txt");
        for _ in 0..2 {
            signer
                .sign(
                    &mut request,
                    Payload::Bytes(&body),
                    &case.credentials,
                    &case.params(),
                )
                .unwrap();
            assert_eq!(
                sorted(&request.headers),
                sorted(&expected.headers),
                "{}",
                dir.display()
            );
        }
        assert_eq!(request.uri, expected.uri, "{}", dir.display());
        if !case.settings.sign_session_token {
            request.headers.remove(X_AMZ_SECURITY_TOKEN);
        }
        case.check("header", &request, &body);
    }
    println!("{} cases signed in a header", dirs.len());
    assert!(!dirs.is_empty());
}

/// Protects the query form: URI and headers are as the suite has them.
#[test]
fn the_suite_signed_in_the_query_string() {
    let Some(dirs) = suite() else { return };
    let signer = Signer::default();
    let cases: Vec<_> = dirs.iter().filter_map(|dir| case(dir)).collect();
    for case in &cases {
        let (mut request, body) = case.request("request.txt");
        let (expected, _) = case.request("query-signed-request.txt");
        signer
            .presign(
                &mut request,
                Payload::Bytes(&body),
                &case.credentials,
                &case.params(),
                case.expires_in,
            )
            .unwrap();
        assert_eq!(request.uri, expected.uri, "{}", case.dir.display());
        assert_eq!(
            sorted(&request.headers),
            sorted(&expected.headers),
            "{}",
            case.dir.display()
        );
        let query = request.uri.query().unwrap();
        let covered = |param: &&str| {
            let token = param.starts_with("X-Amz-Security-Token=");
            !(param.starts_with("X-Amz-Signature=") || token && !case.settings.sign_session_token)
        };
        let query: Vec<_> = query.split('&').filter(covered).collect();
        request.uri = with_query(&request.uri, &query.join("&")).unwrap();
        case.check("query", &request, &body);
    }
    println!(
        "{} cases signed in the query string; {} have no such form",
        cases.len(),
        dirs.len() - cases.len()
    );
    assert!(!cases.is_empty());
}
