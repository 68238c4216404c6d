//! Static descriptions of shapes: what the model says, in a form that costs nothing to hold.
//!
//! Generated code declares one `static` [`Schema`] a shape. Every visitor reads it: the validator
//! for constraints, a protocol for names and formats, the HTTP layer for bindings.

use crate::pattern::Pattern;

/// A shape of the model.
#[derive(Debug)]
#[non_exhaustive]
pub struct Schema {
    /// Absolute shape id, such as `com.amazonaws.codecatalyst#AccessTokenId`.
    pub id: &'static str,
    /// What kind of shape it is.
    pub kind: ShapeKind,
    /// Members in the order of the model. A list has one (`member`), a map two (`key`, `value`).
    pub members: &'static [Member],
    /// The constraint traits on the shape itself; see [`Member::constraints`] for those in force.
    pub constraints: &'static [Constraint],
    /// The known values of an enum, those of an intEnum as decimal text, or nothing.
    pub enum_values: &'static [&'static str],
    /// Whether the values must never be shown (`smithy.api#sensitive`).
    pub sensitive: bool,
    /// Whether `null` may stand for an item or value of the collection (`smithy.api#sparse`).
    pub sparse: bool,
    /// Set for error structures (`smithy.api#error` and the traits that refine it).
    pub error: Option<ErrorTrait>,
    /// `smithy.api#timestampFormat` of a timestamp shape.
    pub timestamp_format: Option<TimestampFormat>,
    /// `smithy.api#mediaType` of a string or blob.
    pub media_type: Option<&'static str>,
    /// Whether the value is a stream: of bytes where it is a blob, of events where it is a union
    /// (`smithy.api#streaming`).
    pub streaming: bool,
    /// Whether the length of a stream must be known before it is sent (`smithy.api#requiresLength`).
    pub requires_length: bool,
}

/// The kinds of shape that hold data.
///
/// Source: Smithy 2.0, "Simple types" and "Aggregate types".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs)] // Each variant is the Smithy shape type of the same name.
pub enum ShapeKind {
    Blob,
    Boolean,
    String,
    Enum,
    Byte,
    Short,
    Integer,
    IntEnum,
    Long,
    Float,
    Double,
    BigInteger,
    BigDecimal,
    Timestamp,
    Document,
    List,
    Map,
    Structure,
    Union,
}

/// A member of an aggregate shape, with everything in force for it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Member {
    /// The member's name in the model.
    pub name: &'static str,
    /// The shape it targets.
    pub target: &'static Schema,
    /// Whether a value must be given (`smithy.api#required`).
    pub required: bool,
    /// The constraint traits in force where the member has any of its own: those, and what it leaves
    /// standing of its target's. Empty where the target's apply as they are; read them through
    /// [`Member::constraints`].
    pub overriding_constraints: &'static [Constraint],
    /// Where the member goes in an HTTP message.
    pub http: HttpBinding,
    /// Whether the member also fills a label of the endpoint's host prefix (`smithy.api#hostLabel`).
    pub host_label: bool,
    /// The member's name in JSON where it differs (`smithy.api#jsonName`).
    pub json_name: Option<&'static str>,
    /// The member's own `timestampFormat`; read the one in force through
    /// [`Member::timestamp_format_or`].
    pub timestamp_format: Option<TimestampFormat>,
    /// Whether the client fills the member when the caller does not (`smithy.api#idempotencyToken`).
    pub idempotency_token: bool,
    /// Whether the model gives a default, so that its absence from a response is no fault.
    pub has_default: bool,
    /// Where a member of an event goes in the message of an event stream.
    pub event: EventBinding,
}

/// A constraint trait that is checked before a request is sent.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Constraint {
    /// `smithy.api#length`, inclusive: scalar values of a string, bytes of a blob, items of a list,
    /// entries of a map.
    Length {
        /// Fewest allowed.
        min: Option<u64>,
        /// Most allowed.
        max: Option<u64>,
    },
    /// `smithy.api#range`, inclusive, as the decimal text of the model, since a bound may need more
    /// precision than any machine number has.
    Range {
        /// Least allowed.
        min: Option<&'static str>,
        /// Greatest allowed.
        max: Option<&'static str>,
    },
    /// `smithy.api#pattern`.
    Pattern(&'static Pattern),
    /// `smithy.api#uniqueItems`.
    UniqueItems,
}

impl Constraint {
    /// `smithy.api#length`: the fewest and the most allowed.
    #[must_use]
    pub const fn length(min: Option<u64>, max: Option<u64>) -> Self {
        Self::Length { min, max }
    }

    /// `smithy.api#range`: the least and the greatest allowed, as decimal text.
    #[must_use]
    pub const fn range(min: Option<&'static str>, max: Option<&'static str>) -> Self {
        Self::Range { min, max }
    }
}

/// Where a member of an event goes in the message of an event stream.
///
/// Source: Smithy 2.0, "Event streams".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventBinding {
    /// In the document that the payload is, the default.
    #[default]
    Document,
    /// `eventHeader`: the header of the member's name.
    Header,
    /// `eventPayload`: the whole payload.
    Payload,
}

/// Where a member goes in an HTTP message.
///
/// Source: Smithy 2.0, "HTTP bindings".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpBinding {
    /// In the body's document, the default.
    Body,
    /// `httpLabel`: a segment of the path, or several when the URI's label is greedy.
    Label,
    /// `httpQuery`: the query parameter of this name.
    Query(&'static str),
    /// `httpQueryParams`: each entry of the map is a query parameter.
    QueryParams,
    /// `httpHeader`: the header of this name.
    Header(&'static str),
    /// `httpPrefixHeaders`: each entry of the map is a header with this prefix.
    PrefixHeaders(&'static str),
    /// `httpPayload`: the whole body.
    Payload,
    /// `httpResponseCode`: the status.
    ResponseCode,
}

impl HttpBinding {
    /// The binding in a request, where a status has no place and the member is in the body.
    ///
    /// Source: Smithy 2.0, "httpResponseCode trait".
    #[must_use]
    pub const fn in_request(self) -> Self {
        match self {
            Self::ResponseCode => Self::Body,
            binding => binding,
        }
    }

    /// The binding in a response, where labels and query parameters have no place and the member is
    /// in the body.
    ///
    /// Source: Smithy 2.0, "httpLabel trait", "httpQuery trait", "httpQueryParams trait".
    #[must_use]
    pub const fn in_response(self) -> Self {
        match self {
            Self::Label | Self::Query(_) | Self::QueryParams => Self::Body,
            binding => binding,
        }
    }
}

/// How a timestamp is written.
///
/// Source: Smithy 2.0, "timestampFormat trait".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimestampFormat {
    /// RFC 3339 in UTC with optional fractional seconds: `1985-04-12T23:20:50.52Z`.
    DateTime,
    /// The IMF-fixdate of RFC 9110: `Tue, 29 Apr 2014 18:30:38 GMT`.
    HttpDate,
    /// Seconds since 1970-01-01T00:00:00Z, with an optional fraction.
    EpochSeconds,
}

/// What the model says of an error structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorTrait {
    /// Who is at fault (`smithy.api#error`).
    pub fault: Fault,
    /// The HTTP status (`smithy.api#httpError`), else 400 for the client's fault and 500 for the
    /// server's.
    pub status: u16,
    /// `smithy.api#retryable`, where the model has it.
    pub retryable: Option<Retryable>,
}

/// Who caused an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The request was wrong: sending it again does not help.
    Client,
    /// The service failed.
    Server,
}

/// `smithy.api#retryable`: the operation may be tried again after this error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retryable {
    /// Whether the error means that the caller sends too much.
    pub throttling: bool,
}

impl Schema {
    /// A shape of `kind` without members or traits.
    #[must_use]
    pub const fn new(id: &'static str, kind: ShapeKind) -> Self {
        Self {
            id,
            kind,
            members: &[],
            constraints: &[],
            enum_values: &[],
            sensitive: false,
            sparse: false,
            error: None,
            timestamp_format: None,
            media_type: None,
            streaming: false,
            requires_length: false,
        }
    }

    /// A structure.
    #[must_use]
    pub const fn structure(id: &'static str, members: &'static [Member]) -> Self {
        Self::new(id, ShapeKind::Structure).with_members(members)
    }

    /// A union.
    #[must_use]
    pub const fn union(id: &'static str, members: &'static [Member]) -> Self {
        Self::new(id, ShapeKind::Union).with_members(members)
    }

    /// A list; `members` is its one member.
    #[must_use]
    pub const fn list(id: &'static str, members: &'static [Member; 1]) -> Self {
        Self::new(id, ShapeKind::List).with_members(members)
    }

    /// A map; `members` are its key and its value.
    #[must_use]
    pub const fn map(id: &'static str, members: &'static [Member; 2]) -> Self {
        Self::new(id, ShapeKind::Map).with_members(members)
    }

    const fn with_members(mut self, members: &'static [Member]) -> Self {
        self.members = members;
        self
    }

    /// With these constraint traits on the shape.
    #[must_use]
    pub const fn constrained(mut self, constraints: &'static [Constraint]) -> Self {
        self.constraints = constraints;
        self
    }

    /// With the known values of an enum, those of an intEnum as decimal text.
    #[must_use]
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.enum_values = values;
        self
    }

    /// With values that are never shown.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// With `null` allowed in the collection.
    #[must_use]
    pub const fn sparse(mut self) -> Self {
        self.sparse = true;
        self
    }

    /// An error with this status.
    #[must_use]
    pub const fn error(mut self, fault: Fault, status: u16) -> Self {
        self.error = Some(ErrorTrait {
            fault,
            status,
            retryable: None,
        });
        self
    }

    /// An error after which the operation may be tried again.
    #[must_use]
    pub const fn retryable(mut self, throttling: bool) -> Self {
        if let Some(error) = self.error {
            self.error = Some(ErrorTrait {
                retryable: Some(Retryable { throttling }),
                ..error
            });
        }
        self
    }

    /// With this `timestampFormat`.
    #[must_use]
    pub const fn timestamp_format(mut self, format: TimestampFormat) -> Self {
        self.timestamp_format = Some(format);
        self
    }

    /// With this `mediaType`.
    #[must_use]
    pub const fn media_type(mut self, media_type: &'static str) -> Self {
        self.media_type = Some(media_type);
        self
    }

    /// A stream.
    #[must_use]
    pub const fn streaming(mut self) -> Self {
        self.streaming = true;
        self
    }

    /// A stream whose length must be known before it is sent.
    #[must_use]
    pub const fn requires_length(mut self) -> Self {
        self.requires_length = true;
        self
    }

    /// The member that is a stream, and its index; a structure has at most one.
    ///
    /// Source: Smithy 2.0, "streaming trait".
    #[must_use]
    pub fn streaming_member(&self) -> Option<(usize, &'static Member)> {
        let mut members = self.members.iter().enumerate();
        members.find(|(_, member)| self.kind == ShapeKind::Structure && member.target.streaming)
    }

    /// Whether the values, or anything in the collections they are, must never be shown.
    ///
    /// Structures and unions are not looked into: they show themselves.
    #[cfg(any(feature = "rest-json-1", feature = "test-util"))]
    pub(crate) fn holds_sensitive(&self) -> bool {
        let is_collection = matches!(self.kind, ShapeKind::List | ShapeKind::Map);
        let mut held = self.members.iter();
        self.sensitive || (is_collection && held.any(|member| member.target.holds_sensitive()))
    }

    /// The shape's name without its namespace.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.id.rsplit_once('#').map_or(self.id, |(_, name)| name)
    }

    /// The member of this name.
    ///
    /// With [`Member::constraints`], a form or a command line can show what is allowed, and with
    /// [`validate_value`](crate::validate::validate_value) check it, before there is an input:
    ///
    /// ```
    /// use tinsmith_runtime::schema::{Constraint, Member, Schema, prelude};
    ///
    /// // Generated; `O::SCHEMA.input` is the schema of the input of an operation `O`.
    /// static MEMBERS: [Member; 1] = [Member::new("name", &prelude::STRING)
    ///     .constrained(&[Constraint::length(Some(1), Some(100))])];
    /// static INPUT: Schema = Schema::structure("com.example#CreateInput", &MEMBERS);
    ///
    /// let constraints = INPUT.member("name").map_or(&[][..], Member::constraints);
    /// let longest = constraints.iter().find_map(|constraint| match constraint {
    ///     Constraint::Length { max, .. } => *max,
    ///     _ => None,
    /// });
    /// assert_eq!(longest, Some(100));
    /// ```
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

impl Member {
    /// A member without traits of its own.
    #[must_use]
    pub const fn new(name: &'static str, target: &'static Schema) -> Self {
        Self {
            name,
            target,
            required: false,
            overriding_constraints: &[],
            http: HttpBinding::Body,
            host_label: false,
            json_name: None,
            timestamp_format: None,
            idempotency_token: false,
            has_default: false,
            event: EventBinding::Document,
        }
    }

    /// With a value that must be given.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With these constraints in force, in place of all of its target's.
    #[must_use]
    pub const fn constrained(mut self, constraints: &'static [Constraint]) -> Self {
        self.overriding_constraints = constraints;
        self
    }

    /// With this place in an HTTP message.
    #[must_use]
    pub const fn http(mut self, binding: HttpBinding) -> Self {
        self.http = binding;
        self
    }

    /// With a part in the endpoint's host prefix.
    #[must_use]
    pub const fn host_label(mut self) -> Self {
        self.host_label = true;
        self
    }

    /// With this name in JSON.
    #[must_use]
    pub const fn json_name(mut self, name: &'static str) -> Self {
        self.json_name = Some(name);
        self
    }

    /// With this `timestampFormat`.
    #[must_use]
    pub const fn timestamp_format(mut self, format: TimestampFormat) -> Self {
        self.timestamp_format = Some(format);
        self
    }

    /// With a token that the client fills in.
    #[must_use]
    pub const fn idempotency_token(mut self) -> Self {
        self.idempotency_token = true;
        self
    }

    /// The constraint traits in force: the member's own override those of its target.
    ///
    /// Source: Smithy 2.0, "Constraint traits".
    #[must_use]
    pub fn constraints(&self) -> &'static [Constraint] {
        if self.overriding_constraints.is_empty() {
            self.target.constraints
        } else {
            self.overriding_constraints
        }
    }

    /// The timestamp format in force: the member's, else its target's, else `default`, which the
    /// binding or the protocol knows.
    #[must_use]
    pub fn timestamp_format_or(&self, default: TimestampFormat) -> TimestampFormat {
        self.timestamp_format
            .or(self.target.timestamp_format)
            .unwrap_or(default)
    }

    /// With a default in the model.
    #[must_use]
    pub const fn has_default(mut self) -> Self {
        self.has_default = true;
        self
    }

    /// With this place in the message of an event stream.
    #[must_use]
    pub const fn event(mut self, binding: EventBinding) -> Self {
        self.event = binding;
        self
    }
}

/// Schemas of the shapes that Smithy itself defines.
///
/// Source: Smithy 2.0, "Prelude".
pub mod prelude {
    use super::{Schema, ShapeKind};

    macro_rules! prelude {
        ($($name:ident = $id:literal, $kind:ident;)*) => {
            $(
                #[doc = concat!("`", $id, "`")]
                pub static $name: Schema = Schema::new($id, ShapeKind::$kind);
            )*
        };
    }

    prelude! {
        STRING = "smithy.api#String", String;
        BLOB = "smithy.api#Blob", Blob;
        BOOLEAN = "smithy.api#Boolean", Boolean;
        BYTE = "smithy.api#Byte", Byte;
        SHORT = "smithy.api#Short", Short;
        INTEGER = "smithy.api#Integer", Integer;
        LONG = "smithy.api#Long", Long;
        FLOAT = "smithy.api#Float", Float;
        DOUBLE = "smithy.api#Double", Double;
        BIG_INTEGER = "smithy.api#BigInteger", BigInteger;
        BIG_DECIMAL = "smithy.api#BigDecimal", BigDecimal;
        TIMESTAMP = "smithy.api#Timestamp", Timestamp;
        DOCUMENT = "smithy.api#Document", Document;
        UNIT = "smithy.api#Unit", Structure;
        PRIMITIVE_BOOLEAN = "smithy.api#PrimitiveBoolean", Boolean;
        PRIMITIVE_BYTE = "smithy.api#PrimitiveByte", Byte;
        PRIMITIVE_SHORT = "smithy.api#PrimitiveShort", Short;
        PRIMITIVE_INTEGER = "smithy.api#PrimitiveInteger", Integer;
        PRIMITIVE_LONG = "smithy.api#PrimitiveLong", Long;
        PRIMITIVE_FLOAT = "smithy.api#PrimitiveFloat", Float;
        PRIMITIVE_DOUBLE = "smithy.api#PrimitiveDouble", Double;
    }
}
