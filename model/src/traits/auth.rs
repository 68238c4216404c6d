//! Authentication and protocols: traits that a trait definition marks as such.
//!
//! Source: Smithy 2.0, "Authentication traits" and "Protocol traits".

use crate::model::{Model, Shape, Traits};
use crate::node::Node;

/// The scheme of a call that needs no identity. Source: Smithy 2.0, "optionalAuth trait".
pub const NO_AUTH: &str = "smithy.api#noAuth";

/// Authentication schemes whose definitions a JSON AST seldom carries.
const AUTH_SCHEMES: [&str; 8] = [
    "aws.auth#sigv4",
    "aws.auth#sigv4a",
    "aws.auth#sigv4s3express",
    "smithy.api#httpApiKeyAuth",
    "smithy.api#httpBasicAuth",
    "smithy.api#httpBearerAuth",
    "smithy.api#httpDigestAuth",
    "com.amazonaws.s3#sigv4s3express",
];

/// Protocols whose definitions a JSON AST seldom carries.
const PROTOCOLS: [&str; 8] = [
    "aws.protocols#awsJson1_0",
    "aws.protocols#awsJson1_1",
    "aws.protocols#awsQuery",
    "aws.protocols#ec2Query",
    "aws.protocols#restJson1",
    "aws.protocols#restXml",
    "smithy.protocols#rpcv2Cbor",
    "smithy.protocols#rpcv2Json",
];

impl Traits<'_> {
    /// `smithy.api#auth`: the schemes of a service or operation, the preferred first.
    #[must_use]
    pub fn auth(&self) -> Option<Vec<&str>> {
        let schemes = self.get("smithy.api#auth")?.as_array()?;
        Some(schemes.iter().filter_map(Node::as_str).collect())
    }

    /// `smithy.api#optionalAuth`.
    #[must_use]
    pub fn optional_auth(&self) -> bool {
        self.has("smithy.api#optionalAuth")
    }

    /// `smithy.api#httpBearerAuth`.
    #[must_use]
    pub fn http_bearer_auth(&self) -> bool {
        self.has("smithy.api#httpBearerAuth")
    }

    /// `aws.auth#sigv4`: the signing name.
    #[must_use]
    pub fn sigv4(&self) -> Option<&str> {
        self.get("aws.auth#sigv4")?.get_str("name")
    }

    /// `aws.auth#unsignedPayload`.
    #[must_use]
    pub fn unsigned_payload(&self) -> bool {
        self.has("aws.auth#unsignedPayload")
    }
}

impl<'s> Model<'s> {
    /// The schemes that a call of `operation` may be authenticated by, the preferred first: the
    /// operation's own list, else the service's, else all that the service has in alphabetical order.
    /// [`NO_AUTH`] is last where authentication is optional, and alone where there is none.
    #[must_use]
    pub fn auth_schemes<'a>(
        &self,
        service: &'a Shape<'s>,
        operation: &'a Shape<'s>,
    ) -> Vec<&'a str> {
        let listed = operation.traits.auth().or_else(|| service.traits.auth());
        let mut schemes = listed.unwrap_or_else(|| self.service_auth_schemes(service));
        let optional = operation.traits.optional_auth();
        if (optional || schemes.is_empty()) && !schemes.contains(&NO_AUTH) {
            schemes.push(NO_AUTH);
        }
        schemes
    }

    /// All schemes that `service` has, in alphabetical order.
    #[must_use]
    pub fn service_auth_schemes<'a>(&self, service: &'a Shape<'s>) -> Vec<&'a str> {
        let mut schemes = self.defined(service, &AUTH_SCHEMES, "smithy.api#authDefinition");
        schemes.sort_unstable();
        schemes
    }

    /// The protocols that `service` speaks, in the order of the file.
    #[must_use]
    pub fn protocols<'a>(&self, service: &'a Shape<'s>) -> Vec<&'a str> {
        self.defined(service, &PROTOCOLS, "smithy.api#protocolDefinition")
    }

    /// The traits of `service` that are known, or that the model defines as such.
    fn defined<'a>(&self, service: &'a Shape<'s>, known: &[&str], marker: &str) -> Vec<&'a str> {
        let is_one = |id: &str| {
            let definition = self.shapes.get(id);
            known.contains(&id) || definition.is_some_and(|shape| shape.traits.has(marker))
        };
        let ids = service
            .traits
            .values
            .keys()
            .map(super::super::model::ShapeId::as_str);
        ids.filter(|id| is_one(id)).collect()
    }
}
