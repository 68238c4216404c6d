//! The traits that this crate reads, by id.

use super::{Kinds, Known, Place, Value};
use crate::model::ShapeKind;

const ANY: Kinds = Kinds {
    name: "a shape",
    accepts: |_| true,
};
const OPERATION: Kinds = Kinds {
    name: "an operation",
    accepts: |kind| matches!(kind, ShapeKind::Operation(_)),
};
const SERVICE: Kinds = Kinds {
    name: "a service",
    accepts: |kind| matches!(kind, ShapeKind::Service(_)),
};
const SERVICE_OR_OPERATION: Kinds = Kinds {
    name: "a service or operation",
    accepts: |kind| matches!(kind, ShapeKind::Service(_) | ShapeKind::Operation(_)),
};
const STRUCTURE: Kinds = Kinds {
    name: "a structure",
    accepts: |kind| matches!(kind, ShapeKind::Structure),
};
const TEXT: Kinds = Kinds {
    name: "a string",
    accepts: |kind| matches!(kind, ShapeKind::String | ShapeKind::Enum),
};
const BLOB_OR_TEXT: Kinds = Kinds {
    name: "a blob or string",
    accepts: |kind| matches!(kind, ShapeKind::Blob | ShapeKind::String | ShapeKind::Enum),
};
const BLOB: Kinds = Kinds {
    name: "a blob",
    accepts: |kind| matches!(kind, ShapeKind::Blob),
};
const BLOB_OR_UNION: Kinds = Kinds {
    name: "a blob or union",
    accepts: |kind| matches!(kind, ShapeKind::Blob | ShapeKind::Union),
};
const NUMBER: Kinds = Kinds {
    name: "a number",
    accepts: |kind| kind.is_number(),
};
const WHOLE: Kinds = Kinds {
    name: "an integer",
    accepts: |kind| matches!(kind, ShapeKind::Integer | ShapeKind::IntEnum),
};
const LIST: Kinds = Kinds {
    name: "a list",
    accepts: |kind| matches!(kind, ShapeKind::List),
};
const LIST_OR_MAP: Kinds = Kinds {
    name: "a list or map",
    accepts: |kind| matches!(kind, ShapeKind::List | ShapeKind::Map),
};
const MEASURED: Kinds = Kinds {
    name: "a string, blob, list or map",
    accepts: |kind| {
        matches!(
            kind,
            ShapeKind::String
                | ShapeKind::Enum
                | ShapeKind::Blob
                | ShapeKind::List
                | ShapeKind::Map
        )
    },
};
const TIMESTAMP: Kinds = Kinds {
    name: "a timestamp",
    accepts: |kind| matches!(kind, ShapeKind::Timestamp),
};
const SCALAR: Kinds = Kinds {
    name: "a string, number, boolean or timestamp",
    accepts: is_scalar,
};
const EVENT_HEADER: Kinds = Kinds {
    name: "a boolean, integer, blob, string or timestamp",
    accepts: |kind| {
        matches!(
            kind,
            ShapeKind::Boolean
                | ShapeKind::Byte
                | ShapeKind::Short
                | ShapeKind::Integer
                | ShapeKind::IntEnum
                | ShapeKind::Long
                | ShapeKind::Blob
                | ShapeKind::String
                | ShapeKind::Enum
                | ShapeKind::Timestamp
        )
    },
};
const EVENT_PAYLOAD: Kinds = Kinds {
    name: "a blob, string, structure or union",
    accepts: |kind| {
        matches!(
            kind,
            ShapeKind::Blob
                | ShapeKind::String
                | ShapeKind::Enum
                | ShapeKind::Structure
                | ShapeKind::Union
        )
    },
};
const DATA: Kinds = Kinds {
    name: "a shape that holds data",
    accepts: |kind| !kind.is_service_type(),
};

fn is_scalar(kind: &ShapeKind<'_>) -> bool {
    kind.is_number()
        || matches!(
            kind,
            ShapeKind::String | ShapeKind::Enum | ShapeKind::Boolean | ShapeKind::Timestamp
        )
}

const fn known(id: &'static str, place: Place, value: Value) -> Known {
    Known {
        id,
        place,
        value,
        conflicts: &[],
    }
}

impl Known {
    const fn excludes(mut self, conflicts: &'static [&'static str]) -> Self {
        self.conflicts = conflicts;
        self
    }
}

/// Sorted by id, so that it can be searched.
pub(super) static KNOWN: [Known; 58] = [
    known(
        "aws.api#service",
        Place::Shape(SERVICE),
        Value::Object(&[
            ("sdkId", true, Value::NonEmptyText),
            ("arnNamespace", false, Value::Text),
            ("cloudFormationName", false, Value::Text),
            ("cloudTrailEventSource", false, Value::Text),
            ("docId", false, Value::Text),
            ("endpointPrefix", false, Value::Text),
        ]),
    ),
    known(
        "aws.auth#sigv4",
        Place::Shape(SERVICE),
        Value::Object(&[("name", true, Value::NonEmptyText)]),
    ),
    known(
        "aws.auth#unsignedPayload",
        Place::Shape(OPERATION),
        Value::Annotation,
    ),
    known(
        "smithy.api#addedDefault",
        Place::StructureMember(ANY),
        Value::Annotation,
    ),
    known(
        "smithy.api#auth",
        Place::Shape(SERVICE_OR_OPERATION),
        Value::Texts,
    ),
    known(
        "smithy.api#clientOptional",
        Place::StructureMember(ANY),
        Value::Annotation,
    ),
    known("smithy.api#default", Place::Defaulted, Value::Any),
    known(
        "smithy.api#deprecated",
        Place::Anywhere,
        Value::Object(&[
            ("message", false, Value::Text),
            ("since", false, Value::Text),
        ]),
    ),
    known("smithy.api#documentation", Place::Anywhere, Value::Text),
    known(
        "smithy.api#endpoint",
        Place::Shape(OPERATION),
        Value::Object(&[("hostPrefix", true, Value::NonEmptyText)]),
    ),
    known("smithy.api#enumValue", Place::EnumMember, Value::Any),
    known(
        "smithy.api#error",
        Place::Shape(STRUCTURE),
        Value::OneOf(&["client", "server"]),
    )
    .excludes(&["smithy.api#input", "smithy.api#output"]),
    known(
        "smithy.api#eventHeader",
        Place::StructureMember(EVENT_HEADER),
        Value::Annotation,
    )
    .excludes(&["smithy.api#eventPayload"]),
    known(
        "smithy.api#eventPayload",
        Place::StructureMember(EVENT_PAYLOAD),
        Value::Annotation,
    )
    .excludes(&["smithy.api#eventHeader"]),
    known("smithy.api#examples", Place::Shape(OPERATION), Value::List),
    known(
        "smithy.api#externalDocumentation",
        Place::Anywhere,
        Value::AnyObject,
    ),
    known(
        "smithy.api#hostLabel",
        Place::StructureMember(TEXT),
        Value::Annotation,
    ),
    known(
        "smithy.api#http",
        Place::Shape(OPERATION),
        Value::Object(&[
            ("method", true, Value::NonEmptyText),
            ("uri", true, Value::NonEmptyText),
            ("code", false, Value::Number),
        ]),
    ),
    known(
        "smithy.api#httpApiKeyAuth",
        Place::Shape(SERVICE),
        Value::Object(&[
            ("name", true, Value::NonEmptyText),
            ("in", true, Value::OneOf(&["header", "query"])),
            ("scheme", false, Value::NonEmptyText),
        ]),
    ),
    known(
        "smithy.api#httpBasicAuth",
        Place::Shape(SERVICE),
        Value::Annotation,
    ),
    known(
        "smithy.api#httpBearerAuth",
        Place::Shape(SERVICE),
        Value::Annotation,
    ),
    known(
        "smithy.api#httpChecksumRequired",
        Place::Shape(OPERATION),
        Value::Annotation,
    ),
    known(
        "smithy.api#httpDigestAuth",
        Place::Shape(SERVICE),
        Value::Annotation,
    ),
    known("smithy.api#httpError", Place::ErrorStructure, Value::Number),
    known(
        "smithy.api#httpHeader",
        Place::StructureMember(ANY),
        Value::NonEmptyText,
    )
    .excludes(&[
        "smithy.api#httpLabel",
        "smithy.api#httpPayload",
        "smithy.api#httpPrefixHeaders",
        "smithy.api#httpQuery",
        "smithy.api#httpQueryParams",
        "smithy.api#httpResponseCode",
    ]),
    known(
        "smithy.api#httpLabel",
        Place::StructureMember(SCALAR),
        Value::Annotation,
    )
    .excludes(&[
        "smithy.api#httpHeader",
        "smithy.api#httpPayload",
        "smithy.api#httpPrefixHeaders",
        "smithy.api#httpQuery",
        "smithy.api#httpQueryParams",
        "smithy.api#httpResponseCode",
    ]),
    known(
        "smithy.api#httpPayload",
        Place::StructureMember(ANY),
        Value::Annotation,
    )
    .excludes(&[
        "smithy.api#httpHeader",
        "smithy.api#httpLabel",
        "smithy.api#httpPrefixHeaders",
        "smithy.api#httpQuery",
        "smithy.api#httpQueryParams",
        "smithy.api#httpResponseCode",
    ]),
    known(
        "smithy.api#httpPrefixHeaders",
        Place::StructureMember(ANY),
        Value::Text,
    )
    .excludes(&[
        "smithy.api#httpHeader",
        "smithy.api#httpLabel",
        "smithy.api#httpPayload",
        "smithy.api#httpQuery",
        "smithy.api#httpQueryParams",
        "smithy.api#httpResponseCode",
    ]),
    known(
        "smithy.api#httpQuery",
        Place::StructureMember(ANY),
        Value::NonEmptyText,
    )
    .excludes(&[
        "smithy.api#httpHeader",
        "smithy.api#httpLabel",
        "smithy.api#httpPayload",
        "smithy.api#httpPrefixHeaders",
        "smithy.api#httpQueryParams",
        "smithy.api#httpResponseCode",
    ]),
    known(
        "smithy.api#httpQueryParams",
        Place::StructureMember(ANY),
        Value::Annotation,
    )
    .excludes(&[
        "smithy.api#httpHeader",
        "smithy.api#httpLabel",
        "smithy.api#httpPayload",
        "smithy.api#httpPrefixHeaders",
        "smithy.api#httpQuery",
        "smithy.api#httpResponseCode",
    ]),
    known(
        "smithy.api#httpResponseCode",
        Place::StructureMember(WHOLE),
        Value::Annotation,
    )
    .excludes(&[
        "smithy.api#httpHeader",
        "smithy.api#httpLabel",
        "smithy.api#httpPayload",
        "smithy.api#httpPrefixHeaders",
        "smithy.api#httpQuery",
        "smithy.api#httpQueryParams",
    ]),
    known(
        "smithy.api#idempotencyToken",
        Place::StructureMember(TEXT),
        Value::Annotation,
    ),
    known(
        "smithy.api#idempotent",
        Place::Shape(OPERATION),
        Value::AnyObject,
    )
    .excludes(&["smithy.api#readonly"]),
    known(
        "smithy.api#input",
        Place::Shape(STRUCTURE),
        Value::Annotation,
    )
    .excludes(&["smithy.api#output", "smithy.api#error"]),
    known("smithy.api#jsonName", Place::DataMember(ANY), Value::Text),
    known(
        "smithy.api#length",
        Place::Valued(MEASURED),
        Value::Object(&[("min", false, Value::Number), ("max", false, Value::Number)]),
    ),
    known(
        "smithy.api#mediaType",
        Place::Valued(BLOB_OR_TEXT),
        Value::Text,
    ),
    known(
        "smithy.api#mixin",
        Place::NotOnMembers,
        Value::Object(&[("localTraits", false, Value::Texts)]),
    ),
    known(
        "smithy.api#optionalAuth",
        Place::Shape(OPERATION),
        Value::Annotation,
    ),
    known(
        "smithy.api#output",
        Place::Shape(STRUCTURE),
        Value::Annotation,
    )
    .excludes(&["smithy.api#input", "smithy.api#error"]),
    known(
        "smithy.api#paginated",
        Place::Shape(SERVICE_OR_OPERATION),
        Value::Object(&[
            ("inputToken", false, Value::NonEmptyText),
            ("outputToken", false, Value::NonEmptyText),
            ("items", false, Value::NonEmptyText),
            ("pageSize", false, Value::NonEmptyText),
        ]),
    ),
    known("smithy.api#pattern", Place::Valued(TEXT), Value::Text),
    known(
        "smithy.api#range",
        Place::Valued(NUMBER),
        Value::Object(&[
            ("min", false, Value::Decimal),
            ("max", false, Value::Decimal),
        ]),
    ),
    known(
        "smithy.api#readonly",
        Place::Shape(OPERATION),
        Value::Annotation,
    )
    .excludes(&["smithy.api#idempotent"]),
    known(
        "smithy.api#required",
        Place::StructureMember(ANY),
        Value::Annotation,
    ),
    known(
        "smithy.api#requiresLength",
        Place::Shape(BLOB),
        Value::Annotation,
    ),
    known(
        "smithy.api#retryable",
        Place::ErrorStructure,
        Value::Object(&[("throttling", false, Value::Flag)]),
    ),
    known(
        "smithy.api#sensitive",
        Place::Shape(DATA),
        Value::Annotation,
    ),
    known(
        "smithy.api#sparse",
        Place::Shape(LIST_OR_MAP),
        Value::Annotation,
    )
    .excludes(&["smithy.api#uniqueItems"]),
    known(
        "smithy.api#streaming",
        Place::Shape(BLOB_OR_UNION),
        Value::Annotation,
    ),
    known(
        "smithy.api#timestampFormat",
        Place::Valued(TIMESTAMP),
        Value::OneOf(&["date-time", "epoch-seconds", "http-date"]),
    ),
    known("smithy.api#title", Place::Anywhere, Value::Text),
    known(
        "smithy.api#uniqueItems",
        Place::Shape(LIST),
        Value::Annotation,
    )
    .excludes(&["smithy.api#sparse"]),
    known(
        "smithy.api#xmlAttribute",
        Place::StructureMember(SCALAR),
        Value::Annotation,
    )
    .excludes(&["smithy.api#xmlNamespace"]),
    known(
        "smithy.api#xmlFlattened",
        Place::DataMember(LIST_OR_MAP),
        Value::Annotation,
    ),
    known("smithy.api#xmlName", Place::Anywhere, Value::NonEmptyText),
    known(
        "smithy.api#xmlNamespace",
        Place::Anywhere,
        Value::Object(&[
            ("uri", true, Value::NonEmptyText),
            ("prefix", false, Value::NonEmptyText),
        ]),
    )
    .excludes(&["smithy.api#xmlAttribute"]),
    // What is in it has a module of its own, `check::waiters`.
    known(
        "smithy.waiters#waitable",
        Place::Shape(OPERATION),
        Value::AnyObject,
    ),
];

/// The names of all traits of the prelude, those of Smithy 1.0 included.
pub(super) static PRELUDE: [&str; 79] = [
    "addedDefault",
    "auth",
    "authDefinition",
    "box",
    "clientOptional",
    "cors",
    "default",
    "deprecated",
    "documentation",
    "endpoint",
    "enum",
    "enumValue",
    "error",
    "eventHeader",
    "eventPayload",
    "examples",
    "externalDocumentation",
    "hostLabel",
    "http",
    "httpApiKeyAuth",
    "httpBasicAuth",
    "httpBearerAuth",
    "httpChecksumRequired",
    "httpDigestAuth",
    "httpError",
    "httpHeader",
    "httpLabel",
    "httpPayload",
    "httpPrefixHeaders",
    "httpQuery",
    "httpQueryParams",
    "httpResponseCode",
    "idRef",
    "idempotencyToken",
    "idempotent",
    "input",
    "internal",
    "jsonName",
    "length",
    "longPoll",
    "mediaType",
    "metadata",
    "mixin",
    "nestedProperties",
    "noReplace",
    "notProperty",
    "optionalAuth",
    "output",
    "paginated",
    "pattern",
    "private",
    "property",
    "protocolDefinition",
    "range",
    "readonly",
    "recommended",
    "references",
    "requestCompression",
    "required",
    "requiresLength",
    "resourceIdentifier",
    "retryable",
    "sensitive",
    "since",
    "sparse",
    "streaming",
    "suppress",
    "tags",
    "timestampFormat",
    "title",
    "trait",
    "traitValidators",
    "uniqueItems",
    "unitType",
    "unstable",
    "xmlAttribute",
    "xmlFlattened",
    "xmlName",
    "xmlNamespace",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// A table out of order would let traits pass unchecked.
    #[test]
    fn tables_are_sorted_and_agree() {
        assert!(KNOWN.is_sorted_by(|a, b| a.id < b.id));
        for known in &KNOWN {
            if let Some(name) = known.id.strip_prefix("smithy.api#") {
                assert!(PRELUDE.contains(&name), "{name}");
            }
            for conflict in known.conflicts {
                let other = KNOWN.iter().find(|other| other.id == *conflict);
                let mutual = other.is_some_and(|other| other.conflicts.contains(&known.id));
                assert!(mutual, "{} and {conflict}", known.id);
            }
        }
    }
}
