//! The operations of a small service, as generated code has them.

use tinsmith_runtime::Config;
use tinsmith_runtime::client::Client;
use tinsmith_runtime::config::ConfigBuilder;
use tinsmith_runtime::endpoint::{Endpoint, EndpointError, EndpointParams};
use tinsmith_runtime::error::{ServiceErrorDetails, UnmodeledError};
use tinsmith_runtime::identity::Token;
use tinsmith_runtime::metadata::ResponseMetadata;
use tinsmith_runtime::operation::{
    AuthScheme, HttpTrait, Operation, OperationSchema, Output, PathSegment, Service, ServiceError,
    ServiceSchema,
};
use tinsmith_runtime::protocol::REST_JSON_1;
use tinsmith_runtime::schema::{HttpBinding, Member, Schema, prelude};
use tinsmith_runtime::shape::{Field, ReadError, ShapeReader, ShapeWriter, Structure, WriteError};

pub(crate) static SERVICE: ServiceSchema = ServiceSchema::new(
    "test#Tokens",
    "2020-01-01",
    "Tokens",
    &REST_JSON_1,
    &[AuthScheme::HttpBearer],
);
static INPUT: Schema = Schema::structure("test#Input", &INPUT_MEMBERS);
static INPUT_MEMBERS: [Member; 1] = [Member::new("id", &prelude::STRING)
    .required()
    .http(HttpBinding::Label)];
static OUTPUT: Schema = Schema::structure("test#Output", &OUTPUT_MEMBERS);
static OUTPUT_MEMBERS: [Member; 1] = [Member::new("value", &prelude::STRING)];
const PATH: &[PathSegment] = &[PathSegment::Literal("tokens"), PathSegment::Label("id")];
static GET: OperationSchema = OperationSchema::new(
    "test#GetToken",
    &SERVICE,
    HttpTrait::new("GET", PATH, 200),
    &INPUT,
    &OUTPUT,
)
.idempotent();
static CREATE: OperationSchema = OperationSchema::new(
    "test#CreateToken",
    &SERVICE,
    HttpTrait::new("PUT", PATH, 201),
    &INPUT,
    &OUTPUT,
);

#[derive(Debug)]
pub(crate) struct Tokens;

impl Service for Tokens {
    type Error = TokensError;
    const SCHEMA: &'static ServiceSchema = &SERVICE;

    fn resolve_endpoint(params: &EndpointParams<'_>) -> Result<Endpoint, EndpointError> {
        Ok(Endpoint::new(params.endpoint.unwrap_or_default()))
    }
}

macro_rules! operation {
    ($name:ident, $schema:ident) => {
        #[derive(Clone, Debug, Default)]
        pub(crate) struct $name(pub(crate) Option<String>);

        impl Structure for $name {
            fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
                self.0.write(&INPUT_MEMBERS[0], writer)
            }

            fn read(
                &mut self,
                index: usize,
                reader: &mut dyn ShapeReader,
            ) -> Result<bool, ReadError> {
                match index {
                    0 => self.0.read(&INPUT_MEMBERS[0], reader),
                    _ => Ok(false),
                }
            }
        }

        impl Operation for $name {
            type Service = Tokens;
            type Output = Answer;
            const SCHEMA: &'static OperationSchema = &$schema;
        }
    };
}

operation!(Get, GET);
operation!(Create, CREATE);

/// Asks for the token `a`.
pub(crate) fn get() -> Get {
    Get(Some("a".to_owned()))
}

/// Creates the token `a`.
pub(crate) fn create() -> Create {
    Create(Some("a".to_owned()))
}

#[derive(Debug, Default)]
pub(crate) struct Answer {
    pub(crate) value: Option<String>,
    pub(crate) metadata: ResponseMetadata,
}

impl Structure for Answer {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        self.value.write(&OUTPUT_MEMBERS[0], writer)
    }

    fn read(&mut self, index: usize, reader: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        match index {
            0 => self.value.read(&OUTPUT_MEMBERS[0], reader),
            _ => Ok(false),
        }
    }
}

impl Output for Answer {
    fn metadata_mut(&mut self) -> &mut ResponseMetadata {
        &mut self.metadata
    }
}

#[derive(Debug)]
pub(crate) struct TokensError(UnmodeledError);

impl ServiceError for TokensError {
    const MODELED: &'static [&'static Schema] = &[];

    fn read(
        _: usize,
        _: ResponseMetadata,
        _: &mut dyn FnMut(&mut dyn Structure) -> Result<(), ReadError>,
    ) -> Result<Self, ReadError> {
        Err(ReadError::new("no error is modelled"))
    }

    fn unmodeled(error: UnmodeledError) -> Self {
        Self(error)
    }

    fn details(&self) -> ServiceErrorDetails<'_> {
        self.0.details()
    }
}

impl std::fmt::Display for TokensError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for TokensError {}

/// The secret that no test may find in a text.
pub(crate) const TOKEN: &str = "bearer-s3cr3t";

/// A client of the server at `url`, with further settings.
pub(crate) fn client(
    url: &str,
    set: impl FnOnce(ConfigBuilder) -> ConfigBuilder,
) -> Client<Tokens> {
    let config = Config::builder()
        .endpoint_url(url)
        .bearer_token(Token::new(TOKEN));
    Client::new(set(config).build().unwrap())
}
