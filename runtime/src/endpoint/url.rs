//! `parseURL`.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The parts of a URL.
///
/// Source: Smithy 2.0, "URL structure".
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Url<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// Host and, where given, port.
    pub authority: &'a str,
    /// The path as it was given; empty where the URL ends with the authority.
    pub path: &'a str,
    /// The path with a `/` at both ends.
    pub normalized_path: String,
    /// Whether the host is an IP address.
    pub is_ip: bool,
}

/// `parseURL`: takes a URL apart; `None` for anything but an absolute `http` or `https` URL without
/// user, query and fragment.
#[must_use]
pub fn parse_url(input: &str) -> Option<Url<'_>> {
    let (scheme, rest) = input.split_once("://")?;
    if !matches!(scheme, "http" | "https") || rest.contains(['?', '#', '@', '\\']) {
        return None;
    }
    if rest.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host(authority)?;
    Some(Url {
        scheme,
        authority,
        path,
        normalized_path: normalized(path),
        is_ip: is_ip(host),
    })
}

/// The host of an authority whose port, if it has one, is a port.
fn host(authority: &str) -> Option<&str> {
    let end = match authority.strip_prefix('[') {
        Some(address) => address.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(end);
    let port_is_valid = match port.strip_prefix(':') {
        Some(port) => port.parse::<u16>().is_ok() && !port.starts_with('+'),
        None => port.is_empty(),
    };
    (port_is_valid && !host.is_empty()).then_some(host)
}

fn is_ip(host: &str) -> bool {
    match host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => host.parse::<Ipv4Addr>().is_ok(),
    }
}

fn normalized(path: &str) -> String {
    match path.trim_matches('/') {
        "" => "/".to_owned(),
        path => format!("/{path}/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let url = parse_url("http://example.com:80/foo/bar").unwrap();
        assert_eq!(url.scheme, "http");
        assert_eq!(url.authority, "example.com:80");
        assert_eq!(url.path, "/foo/bar");
        assert_eq!(url.normalized_path, "/foo/bar/");
        assert!(!url.is_ip);
        assert_eq!(
            parse_url("https://example.com").unwrap().normalized_path,
            "/"
        );
    }

    #[test]
    fn addresses_are_told_from_names() {
        for url in [
            "https://127.0.0.1",
            "https://[fe80::1]",
            "https://[fe80::1]:443/x",
        ] {
            assert!(parse_url(url).unwrap().is_ip, "{url}");
        }
        assert!(!parse_url("https://999.999.abc.blah").unwrap().is_ip);
    }

    #[test]
    fn what_is_no_endpoint_is_refused() {
        for url in [
            "example.com",
            "ftp://example.com",
            "https://",
            "https:///path",
            "https://example.com?a=b",
            "https://example.com/#a",
            "https://user@example.com",
            "https://example.com:a/",
            "https://example.com:99999",
            "https://[::1",
            "https://[::1]x",
            "https://exa mple.com",
        ] {
            assert_eq!(parse_url(url), None, "{url}");
        }
    }
}
