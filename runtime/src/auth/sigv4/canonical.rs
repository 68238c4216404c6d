//! The canonical request: the form of a request that client and service agree on before hashing.
//!
//! It is fed to the hash piece by piece and never built as a whole.

use std::borrow::Cow;

use http::header::{self, HeaderName};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::super::Payload;
use super::Settings;
use super::key::Hex;

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
    query: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    headers: &'a HeaderMap,
    /// The names of the signed headers, in order.
    signed: Vec<&'a str>,
    /// The value of `host` where the request has no such header.
    host: Cow<'a, str>,
    payload_hash: &'a str,
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
            headers: &request.headers,
            signed: signed_names(&request.headers),
            host: host(&request.uri),
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
        for (index, name) in self.signed.iter().enumerate() {
            if index > 0 {
                text.push(';');
            }
            text.push_str(name);
        }
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
        for name in &self.signed {
            self.write_header(name, out);
        }
        out(b"\n");
        for (index, name) in self.signed.iter().enumerate() {
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
            out(value.as_bytes());
        }
    }

    fn write_header(&self, name: &str, out: &mut dyn FnMut(&[u8])) {
        out(name.as_bytes());
        out(b":");
        let mut values = self.headers.get_all(name).iter().peekable();
        if values.peek().is_none() {
            out(self.host.as_bytes());
        }
        for (index, value) in values.enumerate() {
            out(if index > 0 { b"," } else { b"" });
            write_header_value(value, out);
        }
        out(b"\n");
    }
}

/// The names of the headers to sign, sorted; `host` is always one.
fn signed_names(headers: &HeaderMap) -> Vec<&str> {
    let mut names = Vec::with_capacity(headers.keys_len() + 1);
    names.extend(
        headers
            .keys()
            .filter(|name| !UNSIGNED_HEADERS.contains(name))
            .map(HeaderName::as_str),
    );
    if !headers.contains_key(header::HOST) {
        names.push(header::HOST.as_str());
    }
    names.sort_unstable();
    names
}

/// Writes a value without white space around it and with single spaces inside.
fn write_header_value(value: &HeaderValue, out: &mut dyn FnMut(&[u8])) {
    let value = value.as_bytes().trim_ascii();
    let words = value.split(|byte| *byte == b' ');
    for (index, word) in words.filter(|word| !word.is_empty()).enumerate() {
        out(if index > 0 { b" " } else { b"" });
        out(word);
    }
}

/// The host as it goes into the `Host` header: with the port, unless it is the scheme's own.
fn host(uri: &Uri) -> Cow<'_, str> {
    let host = uri.host().unwrap_or_default();
    match (uri.port_u16(), uri.scheme_str()) {
        (None, _) | (Some(443), Some("https")) | (Some(80), Some("http")) => Cow::Borrowed(host),
        (Some(port), _) => Cow::Owned(format!("{host}:{port}")),
    }
}

/// The parameters of a percent-encoded query string, completely encoded and sorted.
fn canonical_query(query: &str) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let mut params: Vec<_> = query
        .split('&')
        .filter(|param| !param.is_empty())
        .map(|param| param.split_once('=').unwrap_or((param, "")))
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    params.sort_unstable();
    params
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

    /// Protects the agreement with the `Host` header that HTTP clients send.
    #[test]
    fn the_host_has_a_port_only_where_it_is_not_the_schemes_own() {
        for (uri, expected) in [
            ("https://example.com/", "example.com"),
            ("https://example.com:443/", "example.com"),
            ("https://example.com:80/", "example.com:80"),
            ("http://example.com:80/", "example.com"),
            ("http://[::1]:8080/", "[::1]:8080"),
            ("http://user@example.com/", "example.com"),
        ] {
            assert_eq!(host(&uri.parse().unwrap()), expected, "{uri}");
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
