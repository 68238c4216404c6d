//! The `Host` header.

use http::Uri;
use http::uri::Scheme;

/// What goes into the `Host` header of a request to `uri`: its authority without a user, and without
/// the port where that is the scheme's own.
///
/// Source: RFC 9110, section 7.2.
pub(crate) fn host(uri: &Uri) -> &str {
    let Some(authority) = uri.authority() else {
        return "";
    };
    let own_port = match uri.scheme() {
        Some(scheme) if *scheme == Scheme::HTTPS => Some(443),
        Some(scheme) if *scheme == Scheme::HTTP => Some(80),
        _ => None,
    };
    match authority.port_u16() {
        port @ Some(_) if port != own_port => {
            let whole = authority.as_str();
            whole.rsplit_once('@').map_or(whole, |(_, host)| host)
        }
        _ => authority.host(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_has_a_port_only_where_it_is_not_the_schemes_own() {
        for (uri, expected) in [
            ("https://example.com/", "example.com"),
            ("https://example.com:443/", "example.com"),
            ("https://example.com:80/", "example.com:80"),
            ("http://example.com:80/", "example.com"),
            ("http://example.com:/", "example.com"),
            ("http://[::1]:8080/", "[::1]:8080"),
            ("http://user@example.com/", "example.com"),
            ("http://user:80@example.com:8080/", "example.com:8080"),
            ("/path", ""),
        ] {
            assert_eq!(host(&uri.parse().unwrap()), expected, "{uri}");
        }
    }
}
