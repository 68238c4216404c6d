//! Endpoints: what rule sets work with and what they give.
//!
//! A service's rule set (`smithy.rules#endpointRuleSet`) is compiled to plain Rust when its client is
//! generated. What that code calls is here: the [parameters](EndpointParams) it reads, the
//! [functions] of the rules language, the table of AWS [partitions](Partition), and the [`Endpoint`] or
//! [`EndpointError`] it gives.
//!
//! Source: Smithy 2.0, "Rules engine specification".

mod arn;
mod binding;
pub mod functions;
mod params;
mod partition;
mod property;
mod url;

use std::borrow::Cow;
use std::fmt;

pub use arn::Arn;
pub use binding::{EndpointBinding, FixedParam, ParamSource, PathStep};
pub use params::{EndpointParams, ParamValue};
pub use partition::Partition;
pub use property::{AuthSchemeProperties, Property};
pub use url::Url;

/// Where to send a request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Endpoint {
    /// Scheme, authority and base path.
    pub url: String,
    /// Headers to add to the request; a name may come more than once.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// Further facts by name, such as `authSchemes`; read those through
    /// [`Endpoint::auth_schemes`].
    pub properties: Vec<(Cow<'static, str>, Property)>,
}

impl Endpoint {
    /// An endpoint without headers or properties.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            headers: Vec::new(),
            properties: Vec::new(),
        }
    }

    /// With a further header.
    #[must_use]
    pub fn header(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With a further property.
    #[must_use]
    pub fn property(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Property>,
    ) -> Self {
        self.properties.push((name.into(), value.into()));
        self
    }

    /// What the property `authSchemes` says of each authentication scheme, in its order. Signing uses
    /// the entry whose name is that of the scheme in use, and ignores the others.
    ///
    /// Source: Smithy 2.0, "Endpoint authSchemes list property".
    pub fn auth_schemes(&self) -> impl Iterator<Item = AuthSchemeProperties<'_>> {
        self.properties
            .iter()
            .filter(|(name, _)| name == "authSchemes")
            .flat_map(|(_, value)| value.as_array())
            .filter_map(AuthSchemeProperties::new)
    }
}

/// Why there is no endpoint: the message of the rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointError {
    message: Cow<'static, str>,
}

impl EndpointError {
    /// An error of the rule set.
    #[must_use]
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
        }
    }

    /// The error for a required parameter that nothing gives a value to.
    #[must_use]
    pub fn missing_parameter(name: &str) -> Self {
        Self::new(format!("the endpoint parameter `{name}` is not set"))
    }

    /// The error when no rule matches.
    ///
    /// Source: Smithy 2.0, "Rules engine specification": running out of rules is an error.
    #[must_use]
    pub const fn no_rule_matched() -> Self {
        Self {
            message: Cow::Borrowed("no endpoint rule matches these parameters"),
        }
    }

    /// The error of a service without rules when the caller gives no endpoint either.
    #[must_use]
    pub const fn no_endpoint() -> Self {
        Self {
            message: Cow::Borrowed(
                "the model of this service has no endpoint rules: set an endpoint URL",
            ),
        }
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EndpointError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth_schemes_are_read_in_order() {
        let endpoint = Endpoint::new("https://example.com").property(
            "authSchemes",
            Property::array([
                Property::object([("name", "sigv4a"), ("signingName", "s3")]),
                Property::object([("name", "sigv4"), ("signingRegion", "us-east-1")]),
                Property::object([("no", "name")]),
            ]),
        );
        let names: Vec<_> = endpoint
            .auth_schemes()
            .map(|scheme| scheme.name())
            .collect();
        assert_eq!(names, ["sigv4a", "sigv4"]);
    }
}
