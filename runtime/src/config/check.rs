//! Finding nonsense in a configuration before it does harm.

use std::time::Duration;

use super::Timeouts;
use crate::endpoint::functions::is_valid_host_label;
use crate::error::ConfigError;

/// The region becomes part of host names, where other text could lead to somebody else's host.
pub(super) fn check_region(region: Option<&str>) -> Result<(), ConfigError> {
    match region {
        Some(region) if !is_valid_host_label(region, true) => Err(ConfigError::new(format!(
            "the region {region:?} cannot be part of a host name: it must be letters, digits and \
             hyphens, such as `us-west-2`"
        ))),
        _ => Ok(()),
    }
}

pub(super) fn check_endpoint(url: Option<&str>) -> Result<(), ConfigError> {
    let Some(url) = url else { return Ok(()) };
    // First of all, so that no other message shows a URL that may hold a secret.
    if url.contains('@') {
        return Err(ConfigError::new(
            "the endpoint holds a user name or password, which belong elsewhere",
        ));
    }
    if url.contains('?') {
        return Err(ConfigError::new(
            "the endpoint must not have a query string",
        ));
    }
    let wrong = |what: &str| ConfigError::new(format!("the endpoint `{url}` {what}"));
    let uri: http::Uri = url
        .parse()
        .map_err(|error| wrong("is not a URL").with_source(error))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(wrong("must begin with http:// or https://"));
    }
    if uri.host().is_none_or(str::is_empty) {
        return Err(wrong("has no host"));
    }
    Ok(())
}

pub(super) fn check_app_name(name: Option<&str>) -> Result<(), ConfigError> {
    match name {
        Some(name) if !is_app_name(name) => Err(ConfigError::new(format!(
            "the app name {name:?} {NOT_APP_NAME}"
        ))),
        _ => Ok(()),
    }
}

/// What is wrong with a name that [`is_app_name`] refuses.
pub(crate) const NOT_APP_NAME: &str =
    "is not 1 to 50 letters, digits or characters of !#$%&'*+-.^_`|~";

/// Whether a program can have this name in the `User-Agent` header.
///
/// Source: AWS SDKs and Tools Reference Guide, "Application ID".
pub(crate) fn is_app_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (1..=50).contains(&name.len()) && name.bytes().all(allowed)
}

pub(super) fn check_timeouts(timeouts: &Timeouts) -> Result<(), ConfigError> {
    let all = [
        timeouts.connect,
        timeouts.attempt,
        timeouts.operation,
        timeouts.identity,
        timeouts.idle,
    ];
    if all.contains(&Some(Duration::ZERO)) {
        return Err(ConfigError::new(
            "a timeout of nothing would fail every call; leave it out to wait without limit",
        ));
    }
    Ok(())
}

#[cfg(test)]
#[cfg(feature = "hyper")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::{Config, ConfigBuilder};
    use crate::identity::MemoryEnvironment;

    fn refused(builder: ConfigBuilder) -> String {
        builder.build().unwrap_err().to_string()
    }

    /// Nonsense is found when the client is configured, not on its first call.
    #[test]
    fn refuses_nonsense() {
        for url in [
            "",
            "localhost",
            "ftp://x",
            "/path",
            "http://",
            "http://a/?b",
            "http://a b",
        ] {
            refused(Config::builder().endpoint_url(url));
        }
        for name in ["", "a b", "a/b", "é", &"x".repeat(51)] {
            refused(Config::builder().app_name(name));
        }
        refused(Config::builder().timeouts(Timeouts {
            attempt: Some(Duration::ZERO),
            ..Timeouts::default()
        }));
    }

    /// The region becomes part of host names, and must not lead to another host than the service's.
    #[test]
    fn refuses_a_region_that_is_no_host_label() {
        for region in [
            "",
            "us-west-2/",
            "evil.example#",
            "a b",
            "-a",
            "a..b",
            "eu\n",
            "é",
        ] {
            let message = refused(Config::builder().region(region));
            assert!(message.contains(&format!("{region:?}")), "{message}");
        }
        for region in ["us-west-2", "aws-global", "a.b"] {
            Config::builder().region(region).build().unwrap();
        }
    }

    /// A region of the environment is held to the same rule.
    #[test]
    fn refuses_such_a_region_from_the_environment() {
        let environment = MemoryEnvironment::default().with_var("AWS_REGION", "x.example/?");
        let builder = Config::builder()
            .with_environment(Arc::new(environment), &crate::fixture::SERVICE)
            .unwrap();
        assert!(refused(builder).contains("\"x.example/?\""));
    }

    /// A password or a key in a URL would end up in logs, whatever else is wrong with the URL.
    #[test]
    fn refuses_a_secret_without_showing_it() {
        for url in [
            "http://me:hunter2@host",
            "http://host/?key=hunter2",
            "ftp://host?key=hunter2",
            "http://a b/?key=hunter2",
            "?key=hunter2",
        ] {
            let message = refused(Config::builder().endpoint_url(url));
            assert!(!message.contains("hunter2"), "{message}");
        }
    }

    /// What is set is there.
    #[test]
    fn accepts_sense() {
        let config = Config::builder()
            .endpoint_url("http://localhost:1/base")
            .app_name("a-b")
            .build()
            .unwrap();
        assert_eq!(config.endpoint_url(), Some("http://localhost:1/base"));
        assert_eq!(config.region(), None);
    }

    /// What a program says of its endpoint comes before what its environment does.
    #[test]
    fn a_setting_of_the_program_comes_before_the_environment() {
        let builder = || {
            let environment = MemoryEnvironment::default();
            let environment = environment.with_var("AWS_ENDPOINT_URL", "http://localhost:2");
            Config::builder()
                .with_environment(Arc::new(environment), &crate::fixture::SERVICE)
                .unwrap()
        };
        let config = builder().build().unwrap();
        assert_eq!(config.endpoint_url(), Some("http://localhost:2"));
        let config = builder().endpoint_url("http://localhost:1").build();
        assert_eq!(config.unwrap().endpoint_url(), Some("http://localhost:1"));
    }
}
