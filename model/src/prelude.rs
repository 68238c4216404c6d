//! The shapes that every model may target without defining them.
//!
//! Source: Smithy 2.0, "Prelude". The prelude's traits are not shapes here: what is known of them
//! stands in [`traits`](crate::traits) and in the checks.

use std::borrow::Cow;

use crate::model::{Shape, ShapeId, ShapeKind, Traits};
use crate::node::{Node, NodeKind};
use crate::source::Span;

/// The structure without members that stands for no input, no output and no value.
pub const UNIT: &str = "smithy.api#Unit";

/// The public simple shapes, by name.
static SIMPLE: [(&str, &str, ShapeKind<'static>); 13] = [
    ("string", "smithy.api#String", ShapeKind::String),
    ("blob", "smithy.api#Blob", ShapeKind::Blob),
    ("bigInteger", "smithy.api#BigInteger", ShapeKind::BigInteger),
    ("bigDecimal", "smithy.api#BigDecimal", ShapeKind::BigDecimal),
    ("timestamp", "smithy.api#Timestamp", ShapeKind::Timestamp),
    ("document", "smithy.api#Document", ShapeKind::Document),
    ("boolean", "smithy.api#Boolean", ShapeKind::Boolean),
    ("byte", "smithy.api#Byte", ShapeKind::Byte),
    ("short", "smithy.api#Short", ShapeKind::Short),
    ("integer", "smithy.api#Integer", ShapeKind::Integer),
    ("long", "smithy.api#Long", ShapeKind::Long),
    ("float", "smithy.api#Float", ShapeKind::Float),
    ("double", "smithy.api#Double", ShapeKind::Double),
];

/// Shapes whose default is the zero value, from the time before `@default`.
static PRIMITIVE: [(&str, ShapeKind<'static>); 7] = [
    ("smithy.api#PrimitiveBoolean", ShapeKind::Boolean),
    ("smithy.api#PrimitiveByte", ShapeKind::Byte),
    ("smithy.api#PrimitiveShort", ShapeKind::Short),
    ("smithy.api#PrimitiveInteger", ShapeKind::Integer),
    ("smithy.api#PrimitiveLong", ShapeKind::Long),
    ("smithy.api#PrimitiveFloat", ShapeKind::Float),
    ("smithy.api#PrimitiveDouble", ShapeKind::Double),
];

/// The simple type of this name in the JSON AST.
pub(crate) fn simple_kind(name: &str) -> Option<ShapeKind<'static>> {
    let mut simple = SIMPLE.iter();
    let (.., kind) = simple.find(|(simple, ..)| *simple == name)?;
    Some(kind.clone())
}

/// The zero value of a boolean or number, at `span`.
pub(crate) fn zero(kind: &ShapeKind<'_>, span: Span) -> Option<Node<'static>> {
    let kind = match kind {
        ShapeKind::Boolean => NodeKind::Bool(false),
        ShapeKind::Byte
        | ShapeKind::Short
        | ShapeKind::Integer
        | ShapeKind::Long
        | ShapeKind::Float
        | ShapeKind::Double => NodeKind::Number("0"),
        _ => return None,
    };
    Some(Node { span, kind })
}

/// The public shapes of the prelude.
pub(crate) fn shapes<'s>() -> impl Iterator<Item = Shape<'s>> {
    let simple = SIMPLE
        .iter()
        .map(|(_, id, kind)| shape(id, kind.clone(), Traits::default()));
    let primitive = PRIMITIVE.iter().map(|(id, kind)| {
        let default = zero(kind, Span::NOWHERE);
        let default = default.map(|zero| (ShapeId(Cow::Borrowed("smithy.api#default")), zero));
        let values = default.into_iter().collect();
        shape(id, kind.clone(), Traits { values })
    });
    let unit_type = ShapeId(Cow::Borrowed("smithy.api#unitType"));
    let values = [(unit_type, Node::empty_object(Span::NOWHERE))]
        .into_iter()
        .collect();
    let unit = shape(UNIT, ShapeKind::Structure, Traits { values });
    simple.chain(primitive).chain([unit])
}

fn shape<'s>(id: &'static str, kind: ShapeKind<'s>, traits: Traits<'s>) -> Shape<'s> {
    Shape {
        id: ShapeId(Cow::Borrowed(id)),
        kind,
        members: Vec::new(),
        traits,
        span: Span::NOWHERE,
        references: Vec::new(),
    }
}
