//! The linked model: what `link` makes and everything after it reads.

use std::borrow::{Borrow, Cow};
use std::fmt;

use rustc_hash::FxBuildHasher;

use crate::node::Node;
use crate::source::Span;

/// A table in the order of the model. Its hash is made for speed and not against adversaries: who can
/// write a model can slow its check down, and nothing else.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, FxBuildHasher>;

/// A linked model. Mixins and `apply` are worked in, every target is there, the prelude included.
#[derive(Debug, Default)]
pub struct Model<'s> {
    /// All shapes by absolute id, in the order of the files, then those of the prelude that no file
    /// defines.
    pub shapes: IndexMap<ShapeId<'s>, Shape<'s>>,
    /// Metadata by key, that of all files merged.
    pub metadata: IndexMap<Cow<'s, str>, Node<'s>>,
}

/// An absolute shape id without a member: `namespace#Name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId<'s>(pub Cow<'s, str>);

/// A shape.
#[derive(Debug)]
pub struct Shape<'s> {
    /// Its id.
    pub id: ShapeId<'s>,
    /// Its type, with what only that type has.
    pub kind: ShapeKind<'s>,
    /// The members of an aggregate shape or enum, those of mixins first, in order. A list has
    /// `member`, a map `key` and `value`.
    pub members: Vec<Member<'s>>,
    /// The traits in force.
    pub traits: Traits<'s>,
    /// The shape's id in its file.
    pub span: Span,
    /// Where the shape itself names others, mixins included; the targets of its members are theirs.
    pub references: Vec<Reference<'s>>,
}

/// A place where a shape names another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<'s> {
    /// The property of the JSON AST that it stands in, such as `operations`.
    pub property: &'static str,
    /// The shape that is named.
    pub id: ShapeId<'s>,
    /// The id in its file.
    pub span: Span,
}

/// A member of a shape.
#[derive(Debug, Clone)]
pub struct Member<'s> {
    /// Its name.
    pub name: Cow<'s, str>,
    /// The shape it targets.
    pub target: ShapeId<'s>,
    /// The member's own traits.
    pub traits: Traits<'s>,
    /// Whether the member closes a cycle without a list or map in between, so that a value of its
    /// type would hold itself; Rust needs a `Box` there.
    pub recursive: bool,
    /// The member's name in its file.
    pub span: Span,
    /// The target's id in its file.
    pub target_span: Span,
}

/// The types of shape. Source: Smithy 2.0, "Shapes".
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // Each variant is the Smithy shape type of the same name.
pub enum ShapeKind<'s> {
    Blob,
    Boolean,
    String,
    Byte,
    Short,
    Integer,
    Long,
    Float,
    Double,
    BigInteger,
    BigDecimal,
    Timestamp,
    Document,
    /// Members carry `smithy.api#enumValue`. A string shape with the `smithy.api#enum` trait of
    /// Smithy 1.0 is linked as one.
    Enum,
    IntEnum,
    List,
    Map,
    Structure,
    Union,
    Service(Service<'s>),
    Resource(Resource<'s>),
    Operation(Operation<'s>),
}

/// What only a service has.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Service<'s> {
    /// The version, where given.
    pub version: Option<Cow<'s, str>>,
    /// Operations bound to the service itself.
    pub operations: Vec<ShapeId<'s>>,
    /// Resources bound to the service itself.
    pub resources: Vec<ShapeId<'s>>,
    /// Errors that every operation may answer.
    pub errors: Vec<ShapeId<'s>>,
    /// New names for shapes of the closure.
    pub rename: IndexMap<ShapeId<'s>, Cow<'s, str>>,
}

/// What only a resource has.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Resource<'s> {
    /// Names and targets of the identifiers.
    pub identifiers: IndexMap<Cow<'s, str>, ShapeId<'s>>,
    /// Names and targets of the properties.
    pub properties: IndexMap<Cow<'s, str>, ShapeId<'s>>,
    /// Lifecycle operations in the order create, put, read, update, delete, list.
    pub lifecycle: Vec<ShapeId<'s>>,
    /// Other operations on one instance.
    pub operations: Vec<ShapeId<'s>>,
    /// Other operations on the collection.
    pub collection_operations: Vec<ShapeId<'s>>,
    /// Resources bound to this one.
    pub resources: Vec<ShapeId<'s>>,
}

/// What only an operation has. `smithy.api#Unit` stands for no input or output.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation<'s> {
    /// The input structure.
    pub input: ShapeId<'s>,
    /// The output structure.
    pub output: ShapeId<'s>,
    /// The errors of the operation itself.
    pub errors: Vec<ShapeId<'s>>,
}

/// Trait values by absolute trait id. Traits that nothing here knows are kept.
#[derive(Debug, Default, Clone)]
pub struct Traits<'s> {
    /// The values, in the order of the file.
    pub values: IndexMap<ShapeId<'s>, Node<'s>>,
}

impl<'s> Model<'s> {
    /// The shape with this absolute id.
    #[must_use]
    pub fn shape(&self, id: &ShapeId<'_>) -> Option<&Shape<'s>> {
        self.shapes.get(id.as_str())
    }

    /// The shape that `member` targets.
    #[must_use]
    pub fn target(&self, member: &Member<'_>) -> Option<&Shape<'s>> {
        self.shape(&member.target)
    }

    /// The services, in the order of their ids.
    #[must_use]
    pub fn services(&self) -> Vec<&Shape<'s>> {
        let mut services: Vec<_> = self
            .shapes
            .values()
            .filter(|shape| shape.as_service().is_some())
            .collect();
        services.sort_by(|a, b| a.id.cmp(&b.id));
        services
    }

    /// The value of a trait for a member: its own, else its target's.
    ///
    /// Source: Smithy 2.0, "Scope of member traits".
    #[must_use]
    pub fn trait_in_force<'a>(
        &'a self,
        member: &'a Member<'s>,
        trait_id: &str,
    ) -> Option<&'a Node<'s>> {
        let own = member.traits.get(trait_id);
        own.or_else(|| self.target(member)?.traits.get(trait_id))
    }
}

impl<'s> Shape<'s> {
    /// The member of this name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member<'s>> {
        self.members.iter().find(|member| member.name == name)
    }

    /// What only a service has.
    #[must_use]
    pub fn as_service(&self) -> Option<&Service<'s>> {
        match &self.kind {
            ShapeKind::Service(service) => Some(service),
            _ => None,
        }
    }

    /// What only a resource has.
    #[must_use]
    pub fn as_resource(&self) -> Option<&Resource<'s>> {
        match &self.kind {
            ShapeKind::Resource(resource) => Some(resource),
            _ => None,
        }
    }

    /// What only an operation has.
    #[must_use]
    pub fn as_operation(&self) -> Option<&Operation<'s>> {
        match &self.kind {
            ShapeKind::Operation(operation) => Some(operation),
            _ => None,
        }
    }

    /// Where the shape names `id` in the property of the JSON AST, else the shape's own place.
    #[must_use]
    pub fn place_of(&self, property: &str, id: &ShapeId<'_>) -> Span {
        let mut references = self.references.iter();
        let named = references.find(|other| other.property == property && other.id == *id);
        named.map_or(self.span, |reference| reference.span)
    }
}

impl<'s> Resource<'s> {
    /// All operations bound to the resource: of its lifecycle, of an instance, of the collection.
    pub fn all_operations(&self) -> impl Iterator<Item = &ShapeId<'s>> {
        let others = self.operations.iter().chain(&self.collection_operations);
        self.lifecycle.iter().chain(others)
    }
}

impl ShapeKind<'_> {
    /// The type as the JSON AST names it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Boolean => "boolean",
            Self::String => "string",
            Self::Byte => "byte",
            Self::Short => "short",
            Self::Integer => "integer",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::BigInteger => "bigInteger",
            Self::BigDecimal => "bigDecimal",
            Self::Timestamp => "timestamp",
            Self::Document => "document",
            Self::Enum => "enum",
            Self::IntEnum => "intEnum",
            Self::List => "list",
            Self::Map => "map",
            Self::Structure => "structure",
            Self::Union => "union",
            Self::Service(_) => "service",
            Self::Resource(_) => "resource",
            Self::Operation(_) => "operation",
        }
    }

    /// Whether the type holds a number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.is_whole_number() || matches!(self, Self::Float | Self::Double | Self::BigDecimal)
    }

    /// Whether the type holds a whole number.
    #[must_use]
    pub fn is_whole_number(&self) -> bool {
        matches!(
            self,
            Self::Byte
                | Self::Short
                | Self::Integer
                | Self::IntEnum
                | Self::Long
                | Self::BigInteger
        )
    }

    /// The least and the greatest whole number that the type can hold, where there is a limit.
    #[must_use]
    pub fn limits(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Byte => Some(("-128", "127")),
            Self::Short => Some(("-32768", "32767")),
            Self::Integer | Self::IntEnum => Some(("-2147483648", "2147483647")),
            Self::Long => Some(("-9223372036854775808", "9223372036854775807")),
            _ => None,
        }
    }

    /// Whether the type is a service, resource or operation, which holds no data.
    #[must_use]
    pub fn is_service_type(&self) -> bool {
        matches!(
            self,
            Self::Service(_) | Self::Resource(_) | Self::Operation(_)
        )
    }
}

impl ShapeId<'_> {
    /// The whole id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the shape is one of the prelude, `smithy.api`.
    #[must_use]
    pub fn is_prelude(&self) -> bool {
        self.0.starts_with("smithy.api#")
    }

    /// The part before the `#`.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.0
            .split_once('#')
            .map_or("", |(namespace, _)| namespace)
    }

    /// The part after the `#`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split_once('#').map_or(&self.0, |(_, name)| name)
    }
}

impl Borrow<str> for ShapeId<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShapeId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
