//! Static schemas.

use tinsmith_model::{Member, Shape, ShapeKind, traits};

use super::context::Context;
use super::{constraints, defaults};
use crate::ir::{
    Binding, ErrorFacts, EventBinding, Schema, SchemaKind, SchemaMember, TimestampFormat,
};

/// A schema a data shape, in the order of their statics.
pub(super) fn of_service(context: &Context<'_, '_>) -> Vec<Schema> {
    let shapes = context.closure.shapes.iter();
    let mut schemas: Vec<_> = shapes.filter_map(|shape| schema(context, shape)).collect();
    schemas.sort_by(|a, b| a.name.cmp(&b.name));
    schemas
}

fn schema<'s>(context: &Context<'_, 's>, shape: &Shape<'s>) -> Option<Schema> {
    let kind = kind(&shape.kind)?;
    let has_members = !matches!(kind, SchemaKind::Simple(_));
    let members = shape.members.iter().filter(|_| has_members);
    // A service that refuses a value does not list those that are its own affair.
    let values = shape.members.iter().filter(|member| {
        matches!(shape.kind, ShapeKind::Enum | ShapeKind::IntEnum)
            && !member.traits.has("smithy.api#internal")
    });
    let values = values.filter_map(|member| {
        let value = member.traits.enum_value()?;
        value.as_str().or_else(|| value.as_number())
    });
    Some(Schema {
        name: context.schema_name(&shape.id)?,
        id: shape.id.to_string(),
        kind,
        members: members
            .map(|member| self::member(context, member))
            .collect(),
        constraints: constraints::of_shape(context, &shape.traits),
        enum_values: values.map(String::from).collect(),
        sensitive: shape.traits.sensitive(),
        sparse: shape.traits.sparse(),
        error: error(shape),
        timestamp_format: shape.traits.timestamp_format().map(timestamp_format),
        media_type: shape.traits.media_type().map(String::from),
        streaming: shape.traits.streaming(),
        requires_length: shape.traits.requires_length(),
    })
}

fn kind(kind: &ShapeKind<'_>) -> Option<SchemaKind> {
    Some(SchemaKind::Simple(match kind {
        ShapeKind::Blob => "Blob",
        ShapeKind::Boolean => "Boolean",
        ShapeKind::String => "String",
        ShapeKind::Byte => "Byte",
        ShapeKind::Short => "Short",
        ShapeKind::Integer => "Integer",
        ShapeKind::Long => "Long",
        ShapeKind::Float => "Float",
        ShapeKind::Double => "Double",
        ShapeKind::BigInteger => "BigInteger",
        ShapeKind::BigDecimal => "BigDecimal",
        ShapeKind::Timestamp => "Timestamp",
        ShapeKind::Document => "Document",
        ShapeKind::Enum => "Enum",
        ShapeKind::IntEnum => "IntEnum",
        ShapeKind::List => return Some(SchemaKind::List),
        ShapeKind::Map => return Some(SchemaKind::Map),
        ShapeKind::Structure => return Some(SchemaKind::Structure),
        ShapeKind::Union => return Some(SchemaKind::Union),
        ShapeKind::Service(_) | ShapeKind::Resource(_) | ShapeKind::Operation(_) => return None,
    }))
}

fn member<'s>(context: &Context<'_, 's>, member: &Member<'s>) -> SchemaMember {
    let traits = &member.traits;
    SchemaMember {
        name: member.name.to_string(),
        target: context.schema_ref(member),
        required: traits.required(),
        constraints: constraints::of_member(context, member),
        binding: if context.protocol.has_http_bindings() {
            binding(traits.http_binding())
        } else {
            Binding::Body
        },
        host_label: traits.host_label(),
        json_name: traits.json_name().map(String::from),
        timestamp_format: traits.timestamp_format().map(timestamp_format),
        idempotency_token: traits.idempotency_token(),
        has_default: defaults::has_default(member),
        event: if traits.event_header() {
            EventBinding::Header
        } else if traits.event_payload() {
            EventBinding::Payload
        } else {
            EventBinding::Document
        },
    }
}

fn binding(binding: traits::HttpBinding<'_>) -> Binding {
    match binding {
        traits::HttpBinding::Body => Binding::Body,
        traits::HttpBinding::Label => Binding::Label,
        traits::HttpBinding::Query(name) => Binding::Query(name.into()),
        traits::HttpBinding::QueryParams => Binding::QueryParams,
        traits::HttpBinding::Header(name) => Binding::Header(name.into()),
        traits::HttpBinding::PrefixHeaders(prefix) => Binding::PrefixHeaders(prefix.into()),
        traits::HttpBinding::Payload => Binding::Payload,
        traits::HttpBinding::ResponseCode => Binding::ResponseCode,
    }
}

fn timestamp_format(format: traits::TimestampFormat) -> TimestampFormat {
    match format {
        traits::TimestampFormat::DateTime => TimestampFormat::DateTime,
        traits::TimestampFormat::HttpDate => TimestampFormat::HttpDate,
        traits::TimestampFormat::EpochSeconds => TimestampFormat::EpochSeconds,
    }
}

/// Source: Smithy 2.0, "httpError trait", which gives the statuses of errors without one.
fn error(shape: &Shape<'_>) -> Option<ErrorFacts> {
    let fault = shape.traits.error()?;
    let server_fault = fault == traits::Fault::Server;
    let otherwise = if server_fault { 500 } else { 400 };
    Some(ErrorFacts {
        server_fault,
        status: shape.traits.http_error().unwrap_or(otherwise),
        retryable: shape
            .traits
            .retryable()
            .map(|retryable| retryable.throttling),
    })
}
