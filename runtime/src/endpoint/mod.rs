//! Endpoints: what rule sets work with and what they give.

use std::fmt;

/// What an endpoint rule set is asked with.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EndpointParams<'a> {
    /// The region (`AWS::Region`).
    pub region: Option<&'a str>,
    /// Whether to use FIPS endpoints (`AWS::UseFIPS`).
    pub use_fips: bool,
    /// Whether to use dual-stack endpoints (`AWS::UseDualStack`).
    pub use_dual_stack: bool,
    /// The caller's own endpoint (`SDK::Endpoint`).
    pub endpoint: Option<&'a str>,
}

/// Where to send a request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Endpoint {
    /// Scheme, authority and base path.
    pub url: String,
}

/// Why there is no endpoint: the message of the rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError {
    message: String,
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EndpointError {}
