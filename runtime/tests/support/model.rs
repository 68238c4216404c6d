//! Schemas from a Smithy JSON AST.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;
use tinsmith_runtime::customizations::{API_GATEWAY, GLACIER, MACHINE_LEARNING};
use tinsmith_runtime::operation::{
    HostSegment, HttpTrait, OperationSchema, PathSegment, ServiceSchema,
};
use tinsmith_runtime::protocol::{
    AWS_JSON_1_0, AWS_JSON_1_1, Protocol, REST_JSON_1, RPC_V2_CBOR, RPC_V2_JSON,
};
use tinsmith_runtime::schema::{
    Fault, HttpBinding, Member, Schema, ShapeKind, TimestampFormat, prelude,
};

use super::constraints;

/// How often a shape may stand within itself. Statics can be cyclic, what is built here cannot, so
/// recursion is unrolled this far.
const UNROLL: usize = 12;

/// A model, and the schemas made of it. All of it is leaked, since schemas are `'static`.
pub(crate) struct Model {
    shapes: &'static serde_json::Map<String, Value>,
    schemas: RefCell<HashMap<(String, usize), &'static Schema>>,
}

impl Model {
    /// A model from its text.
    pub(crate) fn parse(text: &str) -> Self {
        let text = with_every_digit(text);
        let root: &'static Value = leak(serde_json::from_str(&text).unwrap());
        Self {
            shapes: root["shapes"].as_object().unwrap(),
            schemas: RefCell::default(),
        }
    }

    /// Every shape with its id.
    pub(crate) fn shapes(&self) -> impl Iterator<Item = (&'static str, &'static Value)> {
        self.shapes.iter().map(|(id, shape)| (id.as_str(), shape))
    }

    /// The trait `name` of a shape or member.
    pub(crate) fn trait_of(shape: &'static Value, name: &str) -> Option<&'static Value> {
        shape.get("traits")?.get(name)
    }

    /// The schema of the shape `id`.
    pub(crate) fn schema(&self, id: &str) -> &'static Schema {
        self.schema_within(id, UNROLL)
    }

    /// The schema of the operation `id`.
    pub(crate) fn operation(&self, id: &'static str) -> &'static OperationSchema {
        let shape = &self.shapes[id];
        let service = self.service();
        let structure = |name| match shape.get(name) {
            Some(reference) => self.schema(text(&reference["target"])),
            None => &prelude::UNIT,
        };
        let (input, output) = (structure("input"), structure("output"));
        let mut operation = if self.has_http_bindings() {
            let http = http_trait(Self::trait_of(shape, "smithy.api#http").unwrap());
            OperationSchema::new(id, service, http, input, output)
        } else {
            OperationSchema::rpc(id, service, input, output)
        };
        if let Some(endpoint) = Self::trait_of(shape, "smithy.api#endpoint") {
            operation = operation.host_prefix(host_prefix(text(&endpoint["hostPrefix"])));
        }
        if Self::trait_of(shape, "smithy.api#requestCompression").is_some() {
            operation = operation.compressed();
        }
        if Self::trait_of(shape, "smithy.api#httpChecksumRequired").is_some() {
            operation = operation.checksum_required();
        }
        leak(operation)
    }

    /// The schema of the model's only service.
    pub(crate) fn service(&self) -> &'static ServiceSchema {
        let (id, shape) = self.service_shape();
        let version = shape.get("version").map_or("", text);
        let sdk_id = Self::trait_of(shape, "aws.api#service");
        let sdk_id = sdk_id.map_or("Test", |service| text(&service["sdkId"]));
        let mut service = ServiceSchema::new(id, version, sdk_id, self.protocol(), &[]);
        if Self::trait_of(shape, "aws.protocols#awsQueryCompatible").is_some() {
            service = service.query_compatible();
        }
        leak(match sdk_id {
            "API Gateway" => service.customized(&API_GATEWAY),
            "Glacier" => service.customized(&GLACIER),
            "Machine Learning" => service.customized(&MACHINE_LEARNING),
            _ => service,
        })
    }

    /// The protocol of the model's only service.
    pub(crate) fn protocol(&self) -> &'static dyn Protocol {
        self.rpc_protocol().unwrap_or(&REST_JSON_1)
    }

    fn has_http_bindings(&self) -> bool {
        self.rpc_protocol().is_none()
    }

    /// The protocol, where it is one that ignores HTTP bindings.
    fn rpc_protocol(&self) -> Option<&'static dyn Protocol> {
        let known: [(&str, &'static dyn Protocol); 4] = [
            ("aws.protocols#awsJson1_0", &AWS_JSON_1_0),
            ("aws.protocols#awsJson1_1", &AWS_JSON_1_1),
            ("smithy.protocols#rpcv2Cbor", &RPC_V2_CBOR),
            ("smithy.protocols#rpcv2Json", &RPC_V2_JSON),
        ];
        let mut services = self
            .shapes()
            .filter(|(_, shape)| shape["type"] == "service");
        services.find_map(|(_, shape)| {
            let mut known = known.into_iter();
            let spoken = known.find(|(name, _)| Self::trait_of(shape, name).is_some())?;
            Some(spoken.1)
        })
    }

    fn service_shape(&self) -> (&'static str, &'static Value) {
        let mut shapes = self.shapes();
        shapes
            .find(|(_, shape)| shape["type"] == "service")
            .unwrap()
    }

    /// The default of a member, unless it is `null`.
    pub(crate) fn default(&self, schema: &Schema, member: &str) -> Option<&'static Value> {
        let member = self.members(schema.id).find(|(name, _)| *name == member)?.1;
        Self::trait_of(member, "smithy.api#default").filter(|default| !default.is_null())
    }

    /// Whether clients treat a member as optional although it has a default.
    pub(crate) fn client_optional(&self, schema: &Schema, member: &str) -> bool {
        let found = self.members(schema.id).find(|(name, _)| *name == member);
        found.is_some_and(|(_, m)| Self::trait_of(m, "smithy.api#clientOptional").is_some())
    }

    /// The members of a structure or union, those of its mixins first.
    fn members(&self, id: &str) -> impl Iterator<Item = (&'static str, &'static Value)> {
        let mut members = Vec::new();
        self.collect_members(id, &mut members);
        members.into_iter()
    }

    fn collect_members(&self, id: &str, members: &mut Vec<(&'static str, &'static Value)>) {
        let Some(shape) = self.shapes.get(id) else {
            return;
        };
        for mixin in shape
            .get("mixins")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.collect_members(text(&mixin["target"]), members);
        }
        let own = shape.get("members").and_then(Value::as_object);
        members.extend(
            own.into_iter()
                .flatten()
                .map(|(name, m)| (name.as_str(), m)),
        );
    }

    fn schema_within(&self, id: &str, depth: usize) -> &'static Schema {
        if let Some(name) = id.strip_prefix("smithy.api#") {
            return prelude_schema(name);
        }
        if let Some(schema) = self.schemas.borrow().get(&(id.to_owned(), depth)) {
            return schema;
        }
        let schema = leak(self.build(id, depth));
        self.schemas
            .borrow_mut()
            .insert((id.to_owned(), depth), schema);
        schema
    }

    fn build(&self, id: &str, depth: usize) -> Schema {
        let shape = &self.shapes[id];
        let id: &'static str = leak(id.to_owned());
        let mut schema = match text(&shape["type"]) {
            "structure" => Schema::structure(id, self.build_members(id, depth)),
            "union" => Schema::union(id, self.build_members(id, depth)),
            "list" => {
                let item = self.build_member("member", &shape["member"], depth);
                Schema::list(id, leak([item]))
            }
            "map" => {
                let key = self.build_member("key", &shape["key"], depth);
                let value = self.build_member("value", &shape["value"], depth);
                Schema::map(id, leak([key, value]))
            }
            simple => Schema::new(id, simple_kind(simple)),
        };
        schema = schema
            .constrained(constraints::of_shape(shape))
            .values(constraints::enum_values(shape));
        if Self::trait_of(shape, "smithy.api#sparse").is_some() {
            schema = schema.sparse();
        }
        if Self::trait_of(shape, "smithy.api#sensitive").is_some() {
            schema = schema.sensitive();
        }
        if let Some(format) = Self::trait_of(shape, "smithy.api#timestampFormat") {
            schema = schema.timestamp_format(timestamp_format(format));
        }
        if let Some(media_type) = Self::trait_of(shape, "smithy.api#mediaType") {
            schema = schema.media_type(text(media_type));
        }
        if let Some(error) = Self::trait_of(shape, "smithy.api#error") {
            let fault = if error == "client" {
                Fault::Client
            } else {
                Fault::Server
            };
            schema = schema.error(fault, 400);
        }
        schema
    }

    fn build_members(&self, id: &str, depth: usize) -> &'static [Member] {
        let members = self.members(id);
        let members = members.map(|(name, member)| self.build_member(name, member, depth));
        Box::leak(members.collect())
    }

    fn build_member(&self, name: &'static str, shape: &'static Value, depth: usize) -> Member {
        let target = text(&shape["target"]);
        let constraints = constraints::of_member(shape, self.shapes.get(target));
        let target = match depth.checked_sub(1) {
            Some(depth) => self.schema_within(target, depth),
            None => &prelude::DOCUMENT,
        };
        let mut member = Member::new(name, target).constrained(constraints);
        if let Some(binding) = binding(shape).filter(|_| self.has_http_bindings()) {
            member = member.http(binding);
        }
        if Self::trait_of(shape, "smithy.api#required").is_some() {
            member = member.required();
        }
        if Self::trait_of(shape, "smithy.api#default").is_some_and(|default| !default.is_null()) {
            member = member.has_default();
        }
        if Self::trait_of(shape, "smithy.api#hostLabel").is_some() {
            member = member.host_label();
        }
        if Self::trait_of(shape, "smithy.api#idempotencyToken").is_some() {
            member = member.idempotency_token();
        }
        if let Some(json_name) = Self::trait_of(shape, "smithy.api#jsonName") {
            member = member.json_name(text(json_name));
        }
        if let Some(format) = Self::trait_of(shape, "smithy.api#timestampFormat") {
            member = member.timestamp_format(timestamp_format(format));
        }
        member
    }
}

/// The text with its long numbers as strings: read as numbers they would lose digits.
fn with_every_digit(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        let (before, token) = rest.split_at(at);
        out.push_str(before);
        let end = if token.starts_with('"') {
            string_length(token)
        } else {
            let number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
            token.find(|c| !number(c)).unwrap_or(token.len())
        };
        let (token, after) = token.split_at(end);
        let long = !token.starts_with('"') && token.len() > 17;
        out.push_str(&if long {
            format!("\"{token}\"")
        } else {
            token.to_owned()
        });
        rest = after;
    }
    out + rest
}

/// The bytes of the JSON string that `text` begins with.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.unwrap().0 + 1
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

pub(crate) fn text(value: &'static Value) -> &'static str {
    value.as_str().unwrap()
}

fn binding(shape: &'static Value) -> Option<HttpBinding> {
    let find = |name: &str| Model::trait_of(shape, name);
    if let Some(name) = find("smithy.api#httpHeader") {
        return Some(HttpBinding::Header(text(name)));
    }
    if let Some(prefix) = find("smithy.api#httpPrefixHeaders") {
        return Some(HttpBinding::PrefixHeaders(text(prefix)));
    }
    if let Some(name) = find("smithy.api#httpQuery") {
        return Some(HttpBinding::Query(text(name)));
    }
    [
        ("smithy.api#httpLabel", HttpBinding::Label),
        ("smithy.api#httpQueryParams", HttpBinding::QueryParams),
        ("smithy.api#httpPayload", HttpBinding::Payload),
        ("smithy.api#httpResponseCode", HttpBinding::ResponseCode),
    ]
    .into_iter()
    .find_map(|(name, binding)| find(name).map(|_| binding))
}

fn http_trait(http: &'static Value) -> HttpTrait {
    let (path, query) = text(&http["uri"])
        .split_once('?')
        .unwrap_or((text(&http["uri"]), ""));
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let segments: Vec<PathSegment> = segments.map(path_segment).collect();
    let code = http.get("code").and_then(Value::as_u64).unwrap_or(200);
    let code = u16::try_from(code).unwrap();
    HttpTrait::new(text(&http["method"]), Box::leak(segments.into()), code).query(query)
}

fn path_segment(segment: &'static str) -> PathSegment {
    match segment
        .strip_prefix('{')
        .and_then(|label| label.strip_suffix('}'))
    {
        None => PathSegment::Literal(segment),
        Some(label) => match label.strip_suffix('+') {
            Some(label) => PathSegment::GreedyLabel(label),
            None => PathSegment::Label(label),
        },
    }
}

/// The segments of a prefix such as `foo.{label}.`.
fn host_prefix(prefix: &'static str) -> &'static [HostSegment] {
    let segments = prefix.split(['{', '}']).enumerate();
    let segments = segments.map(|(index, text)| match index % 2 {
        0 => HostSegment::Literal(text),
        _ => HostSegment::Label(text),
    });
    Vec::leak(segments.collect())
}

fn timestamp_format(format: &'static Value) -> TimestampFormat {
    match text(format) {
        "date-time" => TimestampFormat::DateTime,
        "http-date" => TimestampFormat::HttpDate,
        "epoch-seconds" => TimestampFormat::EpochSeconds,
        other => panic!("no timestamp format: {other}"),
    }
}

fn simple_kind(kind: &str) -> ShapeKind {
    match kind {
        "blob" => ShapeKind::Blob,
        "boolean" => ShapeKind::Boolean,
        "string" => ShapeKind::String,
        "enum" => ShapeKind::Enum,
        "byte" => ShapeKind::Byte,
        "short" => ShapeKind::Short,
        "integer" => ShapeKind::Integer,
        "intEnum" => ShapeKind::IntEnum,
        "long" => ShapeKind::Long,
        "float" => ShapeKind::Float,
        "double" => ShapeKind::Double,
        "bigInteger" => ShapeKind::BigInteger,
        "bigDecimal" => ShapeKind::BigDecimal,
        "timestamp" => ShapeKind::Timestamp,
        "document" => ShapeKind::Document,
        other => panic!("no simple shape: {other}"),
    }
}

fn prelude_schema(name: &str) -> &'static Schema {
    match name {
        "Blob" => &prelude::BLOB,
        "Boolean" | "PrimitiveBoolean" => &prelude::BOOLEAN,
        "String" => &prelude::STRING,
        "Byte" | "PrimitiveByte" => &prelude::BYTE,
        "Short" | "PrimitiveShort" => &prelude::SHORT,
        "Integer" | "PrimitiveInteger" => &prelude::INTEGER,
        "Long" | "PrimitiveLong" => &prelude::LONG,
        "Float" | "PrimitiveFloat" => &prelude::FLOAT,
        "Double" | "PrimitiveDouble" => &prelude::DOUBLE,
        "BigInteger" => &prelude::BIG_INTEGER,
        "BigDecimal" => &prelude::BIG_DECIMAL,
        "Timestamp" => &prelude::TIMESTAMP,
        "Document" => &prelude::DOCUMENT,
        "Unit" => &prelude::UNIT,
        other => panic!("no shape of the prelude: {other}"),
    }
}
