//! The Rust that is to be emitted, without any trace of JSON: what `lower` makes and `emit` reads.

mod waiter;

use proc_macro2::TokenStream;

pub(crate) use waiter::{Acceptor, Expected, Matcher, Path, Waiter};

/// A service: one module of the crate.
#[derive(Debug)]
pub(crate) struct Service {
    /// The module, which is also the feature.
    pub(crate) module: String,
    /// The type that stands for the service, such as `CodeCatalyst`.
    pub(crate) marker: String,
    /// Absolute shape id.
    pub(crate) id: String,
    /// The service's version.
    pub(crate) version: String,
    /// The name in environment variables and profiles.
    pub(crate) sdk_id: String,
    /// What people call the service.
    pub(crate) title: String,
    pub(crate) docs: String,
    pub(crate) protocol: Protocol,
    /// Whether the service still knows the error codes of the protocol awsQuery.
    pub(crate) query_compatible: bool,
    /// What the service needs beyond what its model says.
    pub(crate) customization: Option<Customization>,
    /// Best first.
    pub(crate) auth: Vec<Auth>,
    /// In the order of their names.
    pub(crate) operations: Vec<Operation>,
    pub(crate) structures: Vec<Structure>,
    pub(crate) unions: Vec<Union>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) errors: Vec<ErrorShape>,
    pub(crate) schemas: Vec<Schema>,
    pub(crate) patterns: Vec<Pattern>,
    /// The function `resolve` and what it needs.
    pub(crate) endpoint: TokenStream,
    /// What the caller may set of endpoints besides what every service has.
    pub(crate) endpoint_settings: Vec<EndpointSetting>,
    /// The endpoint tests of the model, which call `resolve`.
    pub(crate) endpoint_tests: Vec<TokenStream>,
    /// Whether anything in the module is deprecated and still used by the module itself.
    pub(crate) has_deprecated: bool,
}

impl Service {
    /// The trait of the client, such as `CodeCatalystApi`. Nothing else in the module can have the name:
    /// it is the only one that ends so and stands beside the client.
    pub(crate) fn api(&self) -> String {
        format!("{}Api", crate::names::plain(&self.marker))
    }
}

/// A parameter of the endpoint rules that the caller sets on the client.
#[derive(Debug)]
pub(crate) struct EndpointSetting {
    /// The method of the trait `EndpointSettings`.
    pub(crate) method: String,
    /// The name in the rules.
    pub(crate) param: String,
    /// Whether it is a boolean, and else a string.
    pub(crate) boolean: bool,
    pub(crate) docs: String,
}

/// The protocols that can be generated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// `aws.protocols#restJson1`.
    RestJson1,
    /// `aws.protocols#awsJson1_0`.
    AwsJson10,
    /// `aws.protocols#awsJson1_1`.
    AwsJson11,
    /// `smithy.protocols#rpcv2Cbor`.
    RpcV2Cbor,
    /// `smithy.protocols#rpcv2Json`.
    RpcV2Json,
}

impl Protocol {
    /// Whether members have places of their own in HTTP messages; other protocols ignore the traits
    /// that say so.
    pub(crate) fn has_http_bindings(self) -> bool {
        self == Self::RestJson1
    }

    /// The feature of the runtime that holds the protocol.
    pub(crate) fn feature(self) -> &'static str {
        match self {
            Self::RestJson1 => "rest-json-1",
            Self::AwsJson10 | Self::AwsJson11 => "aws-json",
            Self::RpcV2Cbor => "rpc-v2-cbor",
            Self::RpcV2Json => "rpc-v2-json",
        }
    }

    /// The static of the runtime.
    pub(crate) fn static_name(self) -> &'static str {
        match self {
            Self::RestJson1 => "REST_JSON_1",
            Self::AwsJson10 => "AWS_JSON_1_0",
            Self::AwsJson11 => "AWS_JSON_1_1",
            Self::RpcV2Cbor => "RPC_V2_CBOR",
            Self::RpcV2Json => "RPC_V2_JSON",
        }
    }
}

/// The services that need more than their models say.
///
/// Source: Smithy 2.0, "AWS customizations".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Customization {
    ApiGateway,
    Glacier,
    MachineLearning,
}

impl Customization {
    /// The static of the runtime.
    pub(crate) fn static_name(self) -> &'static str {
        match self {
            Self::ApiGateway => "API_GATEWAY",
            Self::Glacier => "GLACIER",
            Self::MachineLearning => "MACHINE_LEARNING",
        }
    }
}

/// A way to authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Auth {
    HttpBearer,
    SigV4 { name: String },
    Anonymous,
}

/// An operation with the structures of its own.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Absolute shape id.
    pub(crate) id: String,
    /// The shape's name, for prose.
    pub(crate) name: String,
    /// The client's method.
    pub(crate) method: String,
    /// The module below `operation`.
    pub(crate) module: String,
    /// The type of a call that is being put together.
    pub(crate) builder: String,
    pub(crate) docs: String,
    pub(crate) deprecated: Option<String>,
    pub(crate) input: Structure,
    pub(crate) output: Structure,
    /// `None` in protocols without HTTP bindings.
    pub(crate) http: Option<Http>,
    /// What goes before the endpoint's host.
    pub(crate) host_prefix: Vec<HostSegment>,
    /// Whether the service takes bodies that are compressed with gzip.
    pub(crate) compressed: bool,
    /// Whether the service wants an MD5 checksum of the body.
    pub(crate) checksum_required: bool,
    /// The checksums that the service leaves a choice of.
    pub(crate) checksum: Option<Checksum>,
    pub(crate) idempotent: bool,
    /// Where the operation overrides its service's.
    pub(crate) auth: Option<Vec<Auth>>,
    /// Index of the input's field that is filled with a token.
    pub(crate) idempotency_token: Option<usize>,
    /// What the operation gives to the endpoint rules: the elements of a slice.
    pub(crate) endpoint_bindings: Vec<TokenStream>,
    pub(crate) pagination: Option<Pagination>,
    /// In the order of their names.
    pub(crate) waiters: Vec<Waiter>,
}

/// `smithy.api#http`, taken apart.
#[derive(Debug)]
pub(crate) struct Http {
    pub(crate) method: String,
    pub(crate) path: Vec<Segment>,
    /// Without `?`.
    pub(crate) query: String,
    pub(crate) code: u16,
}

/// A segment of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Segment {
    Literal(String),
    Label(String),
    GreedyLabel(String),
}

/// A part of what goes before an endpoint's host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HostSegment {
    Literal(String),
    Label(String),
}

/// `aws.protocols#httpChecksum`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checksum {
    pub(crate) required: bool,
    /// The input's member that chooses the algorithm.
    pub(crate) algorithm_member: Option<String>,
    /// The input's member that asks for a checksum of the response, and the algorithms of that, by the
    /// variants of the runtime's `ChecksumAlgorithm`.
    pub(crate) validation: Option<(String, Vec<&'static str>)>,
}

/// How an operation's pages hang together.
#[derive(Debug)]
pub(crate) struct Pagination {
    /// The input's field for the token.
    pub(crate) input_token: Field,
    /// The way to the next token in the output.
    pub(crate) output_token: Vec<Field>,
    /// The way to the items in the output, where the model names them.
    pub(crate) items: Option<Vec<Field>>,
}

/// A structure.
#[derive(Debug)]
pub(crate) struct Structure {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) deprecated: Option<String>,
    /// The static of its schema; `None` for an operation without input or output.
    pub(crate) schema: Option<String>,
    pub(crate) style: Style,
    pub(crate) fields: Vec<Field>,
    /// Whether equality is total, so that `Eq` and `Hash` can be derived.
    pub(crate) total_eq: bool,
    /// Whether the values must never be shown, so that `Debug` may not be derived.
    pub(crate) sensitive: bool,
    /// Whether a sensitive shape holds it, so that it is wiped along with that.
    pub(crate) wiped: bool,
}

impl Structure {
    /// Whether a field is a stream.
    pub(crate) fn has_stream(&self) -> bool {
        self.fields.iter().any(|field| field.ty.is_stream())
    }

    /// Whether a field is an event stream.
    pub(crate) fn has_events(&self) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|field| matches!(field.ty, Type::Events(_) | Type::EventReceiver(_)))
    }
}

/// Who makes the values of a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// The caller, who fills public fields.
    Input,
    /// Only the service, which may come to answer more.
    Output,
}

/// A field of a structure.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The method that sets it, on a builder or a nested structure.
    pub(crate) setter: String,
    /// The member's name in the model.
    pub(crate) member: String,
    pub(crate) docs: String,
    pub(crate) deprecated: Option<String>,
    pub(crate) ty: Type,
    /// Whether it is an `Option`.
    pub(crate) optional: bool,
    /// The model's default where it is not the type's own.
    pub(crate) default: Option<DefaultValue>,
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Boolean,
    Byte,
    Short,
    Integer,
    Long,
    Float,
    Double,
    String,
    Blob,
    Timestamp,
    Document,
    BigInteger,
    BigDecimal,
    /// A type of the service's own.
    Named {
        name: String,
        kind: NamedKind,
    },
    List {
        item: Box<Type>,
        sparse: bool,
    },
    Map {
        key: Box<Type>,
        value: Box<Type>,
        sparse: bool,
    },
    Sensitive(Box<Type>),
    Boxed(Box<Type>),
    /// `smithy.api#Unit`: nothing but being there.
    Unit,
    /// A streaming blob.
    ByteStream,
    /// An event stream of an input, with the type of its events.
    Events(Box<Type>),
    /// An event stream of an output, with the type of its events.
    EventReceiver(Box<Type>),
}

impl Type {
    /// Whether it is a stream, which is there once and has no equality.
    pub(crate) fn is_stream(&self) -> bool {
        matches!(
            self,
            Self::ByteStream | Self::Events(_) | Self::EventReceiver(_)
        )
    }
}

/// What a named type is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedKind {
    Structure,
    /// An error structure that is also data.
    Error,
    Union,
    Enum,
    IntEnum,
}

/// A default that is not the zero value of its type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DefaultValue {
    Boolean(bool),
    /// A whole number or float as it is written in Rust.
    Number(String),
    /// A big number as its decimal text.
    BigNumber(String),
    String(String),
    /// A value of an enum.
    Enum(String),
    IntEnum(i32),
    Blob(Vec<u8>),
    /// The time as RFC 3339 has it, in UTC.
    Timestamp(String),
    Document(DocumentValue),
}

/// A default of a document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DocumentValue {
    Boolean(bool),
    Number(String),
    String(String),
    EmptyList,
    EmptyMap,
}

/// A union.
#[derive(Debug)]
pub(crate) struct Union {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) deprecated: Option<String>,
    pub(crate) schema: String,
    pub(crate) variants: Vec<UnionVariant>,
    pub(crate) total_eq: bool,
    pub(crate) sensitive: bool,
    pub(crate) wiped: bool,
}

/// A variant of a union.
#[derive(Debug)]
pub(crate) struct UnionVariant {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) deprecated: Option<String>,
    /// `None` where the member targets `smithy.api#Unit`.
    pub(crate) ty: Option<Type>,
}

/// An enum of strings or of integers.
#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) deprecated: Option<String>,
    pub(crate) variants: Vec<EnumVariant>,
    /// Whether the values are integers.
    pub(crate) integers: bool,
}

/// A known value of an enum.
#[derive(Debug)]
pub(crate) struct EnumVariant {
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) deprecated: Option<String>,
    pub(crate) value: EnumValue,
}

/// The value that an enum's variant stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EnumValue {
    String(String),
    Integer(i32),
}

/// An error structure.
#[derive(Debug)]
pub(crate) struct ErrorShape {
    pub(crate) structure: Structure,
    /// The variant in the service's error enum.
    pub(crate) variant: String,
    /// The field that holds the message, if there is one.
    pub(crate) message: Option<Field>,
}

/// The static schema of a shape.
#[derive(Debug)]
pub(crate) struct Schema {
    /// The static's name.
    pub(crate) name: String,
    /// Absolute shape id.
    pub(crate) id: String,
    pub(crate) kind: SchemaKind,
    pub(crate) members: Vec<SchemaMember>,
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) enum_values: Vec<String>,
    pub(crate) sensitive: bool,
    pub(crate) sparse: bool,
    pub(crate) error: Option<ErrorFacts>,
    pub(crate) timestamp_format: Option<TimestampFormat>,
    pub(crate) media_type: Option<String>,
    pub(crate) streaming: bool,
    pub(crate) requires_length: bool,
}

/// How a schema is constructed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemaKind {
    /// A simple type, by the variant of the runtime's `ShapeKind`.
    Simple(&'static str),
    List,
    Map,
    Structure,
    Union,
}

/// A member in a schema.
#[derive(Debug)]
pub(crate) struct SchemaMember {
    pub(crate) name: String,
    pub(crate) target: SchemaRef,
    pub(crate) required: bool,
    /// The constraints in force where the member has any of its own.
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) binding: Binding,
    pub(crate) host_label: bool,
    pub(crate) json_name: Option<String>,
    pub(crate) timestamp_format: Option<TimestampFormat>,
    pub(crate) idempotency_token: bool,
    pub(crate) has_default: bool,
    pub(crate) event: EventBinding,
}

/// Where a member of an event goes in the message of an event stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventBinding {
    Document,
    Header,
    Payload,
}

/// The schema that a member targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SchemaRef {
    /// A static of the runtime's prelude.
    Prelude(String),
    /// A static of the service's own.
    Own(String),
}

/// A constraint trait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Constraint {
    Length {
        min: Option<u64>,
        max: Option<u64>,
    },
    Range {
        min: Option<String>,
        max: Option<String>,
    },
    /// The static of the compiled pattern.
    Pattern(String),
    UniqueItems,
}

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// The static's name.
    pub(crate) name: String,
    /// The pattern's text, for the static's comment.
    pub(crate) source: String,
    /// The constant expression that makes it.
    pub(crate) value: TokenStream,
    /// Whether matching needs the engine of the runtime's feature `regress`.
    pub(crate) needs_engine: bool,
}

/// Where a member goes in an HTTP message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Binding {
    Body,
    Label,
    Query(String),
    QueryParams,
    Header(String),
    PrefixHeaders(String),
    Payload,
    ResponseCode,
}

/// How a timestamp is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimestampFormat {
    DateTime,
    HttpDate,
    EpochSeconds,
}

/// What the model says of an error structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ErrorFacts {
    pub(crate) server_fault: bool,
    pub(crate) status: u16,
    /// Whether it may be tried again, and if so whether it means throttling.
    pub(crate) retryable: Option<bool>,
}
