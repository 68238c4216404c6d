//! The canonical request: the form of a request that client and service agree on before hashing.
//!
//! It is fed to the hash piece by piece and never built as a whole.

use std::borrow::Cow;
use std::cmp::Ordering;

use http::header::{self, HeaderName};
use http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::super::Payload;
use super::Settings;
use super::key::Hex;
use crate::request::host;

/// All that is encoded in a URI: everything but RFC 3986's unreserved characters.
pub(super) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is encoded in text that is percent-encoded already, to make the encoding complete.
const ENCODED: &AsciiSet = &UNRESERVED.remove(b'%');

/// Headers that are not signed: the signature itself, what a proxy may change (RFC 9110, section
/// 7.6.1, and `x-amzn-trace-id`), and what only describes the client or the connection.
const UNSIGNED_HEADERS: [HeaderName; 10] = [
    header::AUTHORIZATION,
    header::CONNECTION,
    header::EXPECT,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::USER_AGENT,
    HeaderName::from_static("x-amzn-trace-id"),
];

/// The hash of a body, or what stands in its place.
pub(super) enum PayloadHash {
    Sha256(Hex),
    Unsigned,
    Events,
}

impl PayloadHash {
    pub(super) fn of(payload: Payload<'_>) -> Self {
        match payload {
            Payload::Bytes(bytes) => Self::Sha256(Hex::new(&Sha256::digest(bytes).into())),
            Payload::Unsigned => Self::Unsigned,
            Payload::Events => Self::Events,
        }
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Sha256(hex) => hex.as_str(),
            Self::Unsigned => "UNSIGNED-PAYLOAD",
            Self::Events => "STREAMING-AWS4-HMAC-SHA256-EVENTS",
        }
    }
}

/// A request, looked at in its canonical form.
pub(super) struct CanonicalRequest<'a> {
    method: &'a str,
    path: Cow<'a, str>,
    double_encode_path: bool,
    /// Name and value of each parameter, encoded and in order.
    query: Vec<Pair<'a>>,
    /// Name and value of each header that is signed, in the order of the names.
    signed: Vec<Pair<'a>>,
    payload_hash: &'a str,
}

/// A name and its value.
type Pair<'a> = (Cow<'a, str>, Cow<'a, [u8]>);

/// Brings pairs in this order; those that are equal stay as they are. One for all pairs: sorting is much
/// code each time that it is compiled.
fn sort<'a>(pairs: &mut [Pair<'a>], order: fn(&Pair<'a>, &Pair<'a>) -> Ordering) {
    pairs.sort_by(order);
}

impl<'a> CanonicalRequest<'a> {
    pub(super) fn new(request: &'a Parts, payload_hash: &'a str, settings: Settings) -> Self {
        let path = request.uri.path();
        Self {
            method: request.method.as_str(),
            path: if settings.normalize_path {
                normalize(path)
            } else {
                Cow::Borrowed(path)
            },
            double_encode_path: settings.double_encode_path,
            query: canonical_query(request.uri.query().unwrap_or_default()),
            signed: signed_headers(request),
            payload_hash,
        }
    }

    /// With another query string, percent-encoded.
    pub(super) fn set_query(&mut self, query: &str) {
        self.query = canonical_query(query)
            .into_iter()
            .map(|(name, value)| (name.into_owned().into(), value.into_owned().into()))
            .collect();
    }

    /// The names of the signed headers, with `;` between them.
    pub(super) fn push_signed_headers(&self, text: &mut String) {
        for (index, name) in self.signed_names().enumerate() {
            if index > 0 {
                text.push(';');
            }
            text.push_str(name);
        }
    }

    fn signed_names(&self) -> impl Iterator<Item = &str> {
        let fields = self.signed.chunk_by(|one, next| one.0 == next.0);
        fields
            .filter_map(|field| field.first())
            .map(|(name, _)| &**name)
    }

    pub(super) fn digest(&self) -> Hex {
        let mut hash = Sha256::new();
        self.write(&mut |bytes| hash.update(bytes));
        Hex::new(&hash.finalize().into())
    }

    /// The whole of it, which nothing but tests needs.
    #[cfg(test)]
    pub(super) fn text(&self) -> String {
        let mut text = Vec::new();
        self.write(&mut |bytes| text.extend_from_slice(bytes));
        String::from_utf8(text).unwrap()
    }

    fn write(&self, out: &mut dyn FnMut(&[u8])) {
        out(self.method.as_bytes());
        out(b"\n");
        self.write_path(out);
        out(b"\n");
        self.write_query(out);
        out(b"\n");
        self.write_headers(out);
        out(b"\n");
        for (index, name) in self.signed_names().enumerate() {
            out(if index > 0 { b";" } else { b"" });
            out(name.as_bytes());
        }
        out(b"\n");
        out(self.payload_hash.as_bytes());
    }

    fn write_path(&self, out: &mut dyn FnMut(&[u8])) {
        const ONCE: &AsciiSet = &ENCODED.remove(b'/');
        const TWICE: &AsciiSet = &UNRESERVED.remove(b'/');
        let set = if self.double_encode_path { TWICE } else { ONCE };
        for piece in utf8_percent_encode(&self.path, set) {
            out(piece.as_bytes());
        }
    }

    fn write_query(&self, out: &mut dyn FnMut(&[u8])) {
        for (index, (name, value)) in self.query.iter().enumerate() {
            out(if index > 0 { b"&" } else { b"" });
            out(name.as_bytes());
            out(b"=");
            out(value);
        }
    }

    /// A line for each name, with its values in the order in which they are sent.
    fn write_headers(&self, out: &mut dyn FnMut(&[u8])) {
        let mut last = None;
        for (name, value) in &self.signed {
            if last == Some(name) {
                out(b",");
            } else {
                out(if last.is_some() { b"\n" } else { b"" });
                out(name.as_bytes());
                out(b":");
            }
            write_header_value(value, out);
            last = Some(name);
        }
        out(b"\n");
    }
}

/// The headers to sign, sorted by name; `host` is always one.
fn signed_headers(request: &Parts) -> Vec<Pair<'_>> {
    let headers = &request.headers;
    let mut signed = Vec::with_capacity(headers.len() + 1);
    signed.extend(
        (headers.iter())
            .filter(|(name, _)| !UNSIGNED_HEADERS.contains(name))
            .map(|(name, value)| (name.as_str().into(), value.as_bytes().into())),
    );
    if !headers.contains_key(header::HOST) {
        let host = host(&request.uri).as_bytes();
        signed.push((header::HOST.as_str().into(), host.into()));
    }
    // The values of a name stay in their order.
    sort(&mut signed, |one, next| one.0.cmp(&next.0));
    signed
}

/// Writes a value without white space around it and with single spaces inside.
fn write_header_value(value: &[u8], out: &mut dyn FnMut(&[u8])) {
    let words = value.trim_ascii().split(|byte| *byte == b' ');
    for (index, word) in words.filter(|word| !word.is_empty()).enumerate() {
        out(if index > 0 { b" " } else { b"" });
        out(word);
    }
}

/// The parameters of a percent-encoded query string, completely encoded and sorted.
fn canonical_query(query: &str) -> Vec<Pair<'_>> {
    let mut params: Vec<_> = query
        .split('&')
        .filter(|param| !param.is_empty())
        .map(|param| param.split_once('=').unwrap_or((param, "")))
        .map(|(name, value)| (encode(name), bytes(encode(value))))
        .collect();
    sort(&mut params, Ord::cmp);
    params
}

fn bytes(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

fn encode(text: &str) -> Cow<'_, str> {
    percent_encode(text.as_bytes(), ENCODED).into()
}

/// Resolves the empty, `.` and `..` segments of a path.
fn normalize(path: &str) -> Cow<'_, str> {
    if path.is_empty() {
        return Cow::Borrowed("/");
    }
    if !path.contains("//") && !path.contains("/.") {
        return Cow::Borrowed(path);
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut ends_in_slash = false;
    for segment in path.split('/') {
        ends_in_slash = matches!(segment, "" | "." | "..");
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let mut normal = String::with_capacity(path.len());
    for segment in &kept {
        normal.push('/');
        normal.push_str(segment);
    }
    if ends_in_slash || kept.is_empty() {
        normal.push('/');
    }
    Cow::Owned(normal)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn request(uri: &str) -> Parts {
        http::Request::get(uri).body(()).unwrap().into_parts().0
    }

    fn text(request: &Parts, settings: Settings) -> String {
        CanonicalRequest::new(request, "hash", settings).text()
    }

    /// Protects RFC 3986, section 5.2.4, where the signing suite has no case.
    #[test]
    fn paths_are_normalized() {
        for (path, expected) in [
            ("", "/"),
            ("/", "/"),
            ("/a/b", "/a/b"),
            ("/a/b/", "/a/b/"),
            ("/a/.b/..c", "/a/.b/..c"),
            ("/a//b", "/a/b"),
            ("/a/./b", "/a/b"),
            ("/a/b/.", "/a/b/"),
            ("/a/b/..", "/a/"),
            ("/../..//a", "/a"),
            ("/a/..", "/"),
        ] {
            assert_eq!(normalize(path), expected, "{path}");
        }
    }

    /// Protects the whole form, with headers that are not signed, a `Host` header that stands, and a
    /// query in need of sorting and encoding.
    #[test]
    fn a_request_has_one_canonical_form() {
        let mut parts = request("https://example.com/a%20b/*?b=2&a=z&a=%2F&c&b=(1)");
        for (name, value) in [
            ("host", "other.example.com"),
            ("user-agent", "x"),
            ("authorization", "x"),
            ("x-b", "  1   2 "),
            ("x-a", "2"),
            ("x-a", "1"),
        ] {
            parts.headers.append(name, HeaderValue::from_static(value));
        }
        let tail = "a=%2F&a=z&b=%281%29&b=2&c=\nhost:other.example.com\nx-a:2,1\nx-b:1 2\n\n\
                    host;x-a;x-b\nhash";
        assert_eq!(
            text(&parts, Settings::default()),
            format!("GET\n/a%2520b/%2A\n{tail}")
        );
        assert_eq!(
            text(&parts, Settings::for_service("s3")),
            format!("GET\n/a%20b/%2A\n{tail}")
        );
    }
}
