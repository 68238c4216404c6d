//! The `User-Agent` header, in the form that AWS's own clients use.

use http::HeaderValue;

use crate::operation::ServiceSchema;

const PRODUCT: &str = concat!("tinsmith/", env!("CARGO_PKG_VERSION"));

/// Who is calling: Tinsmith, and nobody else; the service and its version, the system, the language
/// and the name that the caller gave the program.
pub(super) fn user_agent(service: &ServiceSchema, app_name: Option<&str>) -> HeaderValue {
    let api = token(&service.sdk_id.to_ascii_lowercase());
    let version = token(service.version);
    let os = match std::env::consts::OS {
        os @ ("linux" | "macos" | "windows" | "android" | "ios") => os,
        _ => "other",
    };
    let mut text = format!("{PRODUCT} ua/2.1 api/{api}#{version} os/{os} lang/rust");
    if let Some(name) = app_name {
        // Its characters were checked when the client was configured.
        text.push_str(" app/");
        text.push_str(name);
    }
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(PRODUCT))
}

/// `text` with everything that may not stand in a token replaced (RFC 9110, section 5.6.2).
fn token(text: &str) -> String {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || "!$%&'*+-.^_`|~".contains(*c);
    let replace = |c| if allowed(&c) { c } else { '-' };
    text.chars().map(replace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts and their order are those of AWS's own clients, and the product is Tinsmith alone: a
    /// service's statistics must not count it as another.
    #[test]
    fn the_header_has_the_form_of_aws_clients() {
        let service = ServiceSchema {
            sdk_id: "Route53GlobalResolver",
            version: "2022-09-27",
            ..crate::fixture::SERVICE
        };
        let os = std::env::consts::OS;
        let version = env!("CARGO_PKG_VERSION");
        let plain = format!(
            "tinsmith/{version} ua/2.1 api/route53globalresolver#2022-09-27 os/{os} lang/rust"
        );
        assert_eq!(user_agent(&service, None), plain);
        let named = user_agent(&service, Some("ci#1"));
        assert_eq!(named, format!("{plain} app/ci#1"));
        let named = named.to_str().unwrap().to_ascii_lowercase();
        for other in ["aws-sdk", "boto", "smithy-rs", "aws-cli"] {
            assert!(!named.contains(other), "{named}");
        }
    }

    /// A name from a model or a caller cannot break the header or pose as another part of it.
    #[test]
    fn only_tokens_reach_the_header() {
        assert_eq!(
            token("Route53 Global/Resolver\r\né"),
            "Route53-Global-Resolver---"
        );
    }
}
