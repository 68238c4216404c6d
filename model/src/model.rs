//! The linked model: what `link` makes and everything after it reads.

use std::borrow::Cow;

use indexmap::IndexMap;

use crate::node::Node;
use crate::source::Span;

/// A linked model. Mixins and `apply` are worked in, every target is there, the prelude included.
#[derive(Debug, Default)]
pub struct Model<'s> {
    /// All shapes by absolute id, in the order of the files.
    pub shapes: IndexMap<ShapeId<'s>, Shape<'s>>,
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
}

/// A member of a shape.
#[derive(Debug)]
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
}

/// The types of shape. Source: Smithy 2.0, "Shapes".
#[derive(Debug)]
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
#[derive(Debug, Default)]
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
#[derive(Debug, Default)]
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
#[derive(Debug)]
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

/// The shapes that a service's client needs.
#[derive(Debug)]
pub struct Closure<'m, 's> {
    /// The service.
    pub service: &'m Shape<'s>,
    /// All operations, those of resources included, in the order of their names.
    pub operations: Vec<&'m Shape<'s>>,
    /// The resources, in the order of their names.
    pub resources: Vec<&'m Shape<'s>>,
    /// Every data shape that the operations reach, errors of the service included, in the order of
    /// their names; prelude shapes left out.
    pub shapes: Vec<&'m Shape<'s>>,
}

/// A data shape's name in a service: as `rename` says, else its own.
impl<'s> Closure<'_, 's> {
    /// The name of `id` in this service.
    #[must_use]
    pub fn name_of<'a>(&'a self, id: &'a ShapeId<'s>) -> &'a str {
        if let ShapeKind::Service(service) = &self.service.kind {
            if let Some(name) = service.rename.get(id) {
                return name;
            }
        }
        id.name()
    }
}

impl ShapeId<'_> {
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
