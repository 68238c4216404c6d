//! What generated code says of a service and its operations.

use std::fmt::Debug;

use crate::checksum::HttpChecksum;
use crate::customizations::Customization;
use crate::endpoint::{Endpoint, EndpointBinding, EndpointError, EndpointParams};
use crate::generated::TokenField;
use crate::metadata::ResponseMetadata;
use crate::protocol::Protocol;
use crate::schema::Schema;
use crate::shape::{ReadError, Structure};

/// The static facts of a service.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServiceSchema {
    /// Absolute shape id, such as `com.amazonaws.codecatalyst#CodeCatalyst`.
    pub id: &'static str,
    /// The service's version, such as `2022-09-28`.
    pub version: &'static str,
    /// `aws.api#service$sdkId`, which names the service in environment variables and profiles, or
    /// the shape's name.
    pub sdk_id: &'static str,
    /// How requests are written and responses are read.
    pub protocol: &'static dyn Protocol,
    /// The ways to authenticate, best first. Empty for a service without authentication.
    pub auth: &'static [AuthScheme],
    /// Whether the service still knows the error codes of the protocol awsQuery, which it spoke before
    /// (`aws.protocols#awsQueryCompatible`).
    pub query_compatible: bool,
    /// What the service needs beyond what its model says.
    pub customization: Option<&'static dyn Customization>,
}

impl ServiceSchema {
    /// The facts of a service.
    #[must_use]
    pub const fn new(
        id: &'static str,
        version: &'static str,
        sdk_id: &'static str,
        protocol: &'static dyn Protocol,
        auth: &'static [AuthScheme],
    ) -> Self {
        Self {
            id,
            version,
            sdk_id,
            protocol,
            auth,
            query_compatible: false,
            customization: None,
        }
    }

    /// With the error codes of the protocol awsQuery.
    #[must_use]
    pub const fn query_compatible(mut self) -> Self {
        self.query_compatible = true;
        self
    }

    /// With what the service needs beyond what its model says.
    #[must_use]
    pub const fn customized(mut self, customization: &'static dyn Customization) -> Self {
        self.customization = Some(customization);
        self
    }

    /// The service's name without its namespace.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.id.rsplit_once('#').map_or(self.id, |(_, name)| name)
    }
}

/// A way to authenticate that a model names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthScheme {
    /// `smithy.api#httpBearerAuth`.
    HttpBearer,
    /// `aws.auth#sigv4`, with its `name`.
    SigV4 {
        /// The service's name in the credential scope.
        name: &'static str,
    },
    /// `smithy.api#noAuth`, `smithy.api#optionalAuth`.
    Anonymous,
}

/// The static facts of an operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct OperationSchema {
    /// Absolute shape id, such as `com.amazonaws.codecatalyst#CreateAccessToken`.
    pub id: &'static str,
    /// The service it belongs to.
    pub service: &'static ServiceSchema,
    /// `smithy.api#http`; a `POST` to `/` in protocols that ignore it.
    pub http: HttpTrait,
    /// The input structure.
    pub input: &'static Schema,
    /// The output structure.
    pub output: &'static Schema,
    /// Whether the model says that sending the operation twice is the same as sending it once
    /// (`smithy.api#idempotent`, `smithy.api#readonly`).
    pub idempotent: bool,
    /// The ways to authenticate where the operation overrides its service's (`smithy.api#auth`,
    /// `smithy.api#optionalAuth`).
    pub auth: Option<&'static [AuthScheme]>,
    /// The endpoint parameters that the operation gives a value to
    /// (`smithy.rules#staticContextParams`, `contextParam`, `operationContextParams`), most specific
    /// first.
    pub endpoint_bindings: &'static [EndpointBinding],
    /// What goes before the endpoint's host (`smithy.api#endpoint`); empty for most operations.
    pub host_prefix: &'static [HostSegment],
    /// Whether the service takes bodies that are compressed with gzip
    /// (`smithy.api#requestCompression`).
    pub compressed: bool,
    /// Whether the service wants an MD5 checksum of the body (`smithy.api#httpChecksumRequired`).
    pub checksum_required: bool,
    /// `aws.protocols#httpChecksum`, where it leaves a choice.
    pub checksum: Option<HttpChecksum>,
}

impl OperationSchema {
    /// The facts of an operation that is neither idempotent nor overrides its service's
    /// authentication.
    #[must_use]
    pub const fn new(
        id: &'static str,
        service: &'static ServiceSchema,
        http: HttpTrait,
        input: &'static Schema,
        output: &'static Schema,
    ) -> Self {
        Self {
            id,
            service,
            http,
            input,
            output,
            idempotent: false,
            auth: None,
            endpoint_bindings: &[],
            host_prefix: &[],
            compressed: false,
            checksum_required: false,
            checksum: None,
        }
    }

    /// The facts of an operation of a protocol that knows no HTTP bindings.
    #[must_use]
    pub const fn rpc(
        id: &'static str,
        service: &'static ServiceSchema,
        input: &'static Schema,
        output: &'static Schema,
    ) -> Self {
        Self::new(id, service, HttpTrait::new("POST", &[], 200), input, output)
    }

    /// Safe to send twice.
    #[must_use]
    pub const fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// With ways to authenticate of its own.
    #[must_use]
    pub const fn auth(mut self, auth: &'static [AuthScheme]) -> Self {
        self.auth = Some(auth);
        self
    }

    /// With endpoint parameters of its own.
    #[must_use]
    pub const fn endpoint_bindings(mut self, bindings: &'static [EndpointBinding]) -> Self {
        self.endpoint_bindings = bindings;
        self
    }

    /// With a prefix of the endpoint's host.
    #[must_use]
    pub const fn host_prefix(mut self, segments: &'static [HostSegment]) -> Self {
        self.host_prefix = segments;
        self
    }

    /// With bodies that may be compressed with gzip.
    #[must_use]
    pub const fn compressed(mut self) -> Self {
        self.compressed = true;
        self
    }

    /// With checksums of requests or responses.
    #[must_use]
    pub const fn checksum(mut self, checksum: HttpChecksum) -> Self {
        self.checksum = Some(checksum);
        self
    }

    /// With an MD5 checksum that the service wants.
    #[must_use]
    pub const fn checksum_required(mut self) -> Self {
        self.checksum_required = true;
        self
    }

    /// The operation's name without its namespace.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.id.rsplit_once('#').map_or(self.id, |(_, name)| name)
    }
}

/// `smithy.api#http`, with the URI taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpTrait {
    /// The method, such as `PUT`.
    pub method: &'static str,
    /// The segments of the path.
    pub path: &'static [PathSegment],
    /// The literal query string of the URI without its `?`, or nothing.
    pub query: &'static str,
    /// The status of a success.
    pub code: u16,
}

impl HttpTrait {
    /// An HTTP trait without a literal query string.
    #[must_use]
    pub const fn new(method: &'static str, path: &'static [PathSegment], code: u16) -> Self {
        Self {
            method,
            path,
            query: "",
            code,
        }
    }

    /// With a literal query string.
    #[must_use]
    pub const fn query(mut self, query: &'static str) -> Self {
        self.query = query;
        self
    }
}

/// A segment of an operation's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathSegment {
    /// Text as it is.
    Literal(&'static str),
    /// The value of the input's member of this name, `/` encoded.
    Label(&'static str),
    /// The value of the input's member of this name, `/` kept.
    GreedyLabel(&'static str),
}

/// A part of what goes before an endpoint's host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostSegment {
    /// Text as it is.
    Literal(&'static str),
    /// The value of the input's member of this name.
    Label(&'static str),
}

/// A service that generated code describes.
pub trait Service: Send + Sync + 'static {
    /// The union of what the service's operations answer besides success.
    type Error: ServiceError;

    /// The static facts.
    const SCHEMA: &'static ServiceSchema;

    /// Resolves the endpoint by the service's rules.
    ///
    /// # Errors
    ///
    /// The error that the rules give for these parameters.
    fn resolve_endpoint(params: &EndpointParams<'_>) -> Result<Endpoint, EndpointError>;
}

/// An operation; its input structure implements this.
///
/// Generic code can send any operation: see `Client::send`.
pub trait Operation: Structure + Debug + Default + Send + Sync + 'static {
    /// The service it belongs to.
    type Service: Service;

    /// What a success answers.
    type Output: Output;

    /// The static facts.
    const SCHEMA: &'static OperationSchema;

    /// The member that the client fills when the caller does not.
    fn idempotency_token(&mut self) -> Option<&mut dyn TokenField> {
        None
    }
}

/// The output structure of an operation.
pub trait Output: Structure + Default + Send + 'static {
    /// Where the client puts the response metadata.
    fn metadata_mut(&mut self) -> &mut ResponseMetadata;
}

/// The errors of a service: an enum with a variant for each modelled error and one for the rest.
pub trait ServiceError: std::error::Error + Send + Sync + Sized + 'static {
    /// The schemas of the modelled errors; an index into them names one.
    const MODELED: &'static [&'static Schema];

    /// Reads the modelled error at `index`. `read` fills a structure from the response.
    ///
    /// # Errors
    ///
    /// Passes on the errors of `read`.
    fn read(
        index: usize,
        metadata: ResponseMetadata,
        read: &mut dyn FnMut(&mut dyn Structure) -> Result<(), ReadError>,
    ) -> Result<Self, ReadError>;

    /// An error that the model does not have.
    fn unmodeled(error: crate::error::UnmodeledError) -> Self;

    /// What every service error has.
    fn details(&self) -> crate::error::ServiceErrorDetails<'_>;

    /// The schema and the members of a modelled error, for a test that answers with it.
    #[cfg(feature = "test-util")]
    fn shape(&self) -> Option<(&'static Schema, &dyn Structure)> {
        None
    }
}

/// An operation that answers in pages (`smithy.api#paginated`).
pub trait Paginated: Operation + Clone {
    /// One item of a page.
    type Item: Send + 'static;

    /// Asks for the page that `token` names.
    fn set_token(&mut self, token: Option<String>);

    /// The token that was asked for.
    fn token(&self) -> Option<&str>;

    /// The token of the next page, if there is one.
    fn next_token(output: &Self::Output) -> Option<&str>;

    /// The items of a page.
    fn into_items(output: Self::Output) -> Vec<Self::Item>;
}
