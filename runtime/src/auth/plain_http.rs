//! Whether a request can be overheard.

use std::net::IpAddr;

use http::Uri;
use http::uri::Scheme;

/// Whether nobody between here and the host of `uri` can read what is sent: it is https, or the host
/// is this machine (`localhost` and names below it, RFC 6761, 127.0.0.0/8, `::1`).
///
/// A URI without a scheme or a host is not.
#[must_use]
pub fn is_confidential(uri: &Uri) -> bool {
    uri.scheme() == Some(&Scheme::HTTPS) || uri.host().is_some_and(is_loopback)
}

fn is_loopback(host: &str) -> bool {
    let literal = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    match literal.unwrap_or(host).parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => is_localhost(host.strip_suffix('.').unwrap_or(host)),
    }
}

fn is_localhost(name: &str) -> bool {
    let last = name.rsplit_once('.').map_or(name, |(_, last)| last);
    last.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects tokens from being sent in clear to a host that only looks like this machine.
    #[test]
    fn only_tls_and_loopback_are_confidential() {
        for (uri, expected) in [
            ("https://codecatalyst.global.api.aws/v1", true),
            ("http://codecatalyst.global.api.aws/v1", false),
            ("http://localhost:8080/", true),
            ("http://LocalHost./", true),
            ("http://api.localhost/", true),
            ("http://localhost.example.com/", false),
            ("http://notlocalhost/", false),
            ("http://127.0.0.1:1/", true),
            ("http://127.8.9.1/", true),
            ("http://127.0.0.1.example.com/", false),
            ("http://[::1]:1/", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://[::2]/", false),
            ("http://10.0.0.1/", false),
            ("http://0.0.0.0/", false),
            ("/v1/tokens", false),
        ] {
            let uri: Uri = uri.parse().unwrap();
            assert_eq!(is_confidential(&uri), expected, "{uri}");
        }
    }
}
