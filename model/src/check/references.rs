//! References to shapes that are not there, or are of the wrong kind.
//!
//! Source: Smithy 2.0, "Shapes" and "Service types".

use super::{Checker, Subject};
use crate::model::{Member, Reference, Shape, ShapeId, ShapeKind};
use crate::problem::Problem;
use crate::source::Span;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for shape in checker.shapes() {
        for reference in &shape.references {
            check_reference(checker, shape, reference);
        }
        for member in &shape.members {
            check_member(checker, shape, member);
        }
    }
}

fn check_reference<'s>(
    checker: &mut Checker<'_, 's>,
    shape: &Shape<'s>,
    reference: &Reference<'s>,
) {
    let subject = Subject::Shape(shape);
    let Some(target) = resolve(checker, subject, &reference.id, reference.span) else {
        return;
    };
    let Some(expected) = Expected::of(reference.property) else {
        return;
    };
    if expected.accepts(target) {
        check_mixin_use(checker, subject, target, reference.span);
    } else {
        let (id, expected) = (&reference.id, expected.describe());
        let message = format!("`{id}` must be {expected}, but it is not");
        checker.error(subject, reference.span, message);
    }
}

fn check_member<'s>(checker: &mut Checker<'_, 's>, shape: &Shape<'s>, member: &Member<'s>) {
    let subject = Subject::Member(shape, member);
    let Some(target) = resolve(checker, subject, &member.target, member.target_span) else {
        return;
    };
    if target.kind.is_service_type() {
        let kind = target.kind.name();
        let message = format!(
            "a member must target a data shape, but `{}` is of type {kind}",
            target.id
        );
        checker.error(subject, member.target_span, message);
    } else {
        check_mixin_use(checker, subject, target, member.target_span);
    }
}

/// The shape that is referred to; tells where there is none.
fn resolve<'c, 's>(
    checker: &mut Checker<'c, 's>,
    subject: Subject<'_, 's>,
    id: &ShapeId<'s>,
    place: Span,
) -> Option<&'c Shape<'s>> {
    let model = checker.model;
    let found = model.shape(id);
    if found.is_none() {
        let problem = Problem::error(place, format!("`{id}` is not defined")).about(subject.id());
        let known = model.shapes.keys().map(ShapeId::as_str);
        let problem = checker.suggestions.add(problem, id.as_str(), known);
        checker.report(problem);
    }
    found
}

/// A mixin is never generated, so nothing may refer to it but as a mixin.
fn check_mixin_use(
    checker: &mut Checker<'_, '_>,
    subject: Subject<'_, '_>,
    target: &Shape<'_>,
    place: Span,
) {
    if target.traits.has("smithy.api#mixin") {
        let message = format!("`{}` is a mixin and can only be mixed in", target.id);
        checker.error(subject, place, message);
    }
}

/// What a property of a service, resource or operation refers to.
#[derive(Clone, Copy)]
enum Expected {
    Operation,
    Resource,
    Structure,
    Error,
    Text,
    Data,
}

impl Expected {
    /// `None` for mixins and new names, which have rules of their own.
    fn of(property: &str) -> Option<Self> {
        Some(match property {
            "operations"
            | "collectionOperations"
            | "create"
            | "put"
            | "read"
            | "update"
            | "delete"
            | "list" => Self::Operation,
            "resources" => Self::Resource,
            "input" | "output" => Self::Structure,
            "errors" => Self::Error,
            "identifiers" => Self::Text,
            "properties" => Self::Data,
            _ => return None,
        })
    }

    fn accepts(self, shape: &Shape<'_>) -> bool {
        match self {
            Self::Operation => shape.as_operation().is_some(),
            Self::Resource => shape.as_resource().is_some(),
            Self::Structure => matches!(shape.kind, ShapeKind::Structure),
            Self::Error => {
                let error = shape.traits.has("smithy.api#error");
                matches!(shape.kind, ShapeKind::Structure) && error
            }
            Self::Text => matches!(shape.kind, ShapeKind::String | ShapeKind::Enum),
            Self::Data => !shape.kind.is_service_type(),
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Operation => "an operation",
            Self::Resource => "a resource",
            Self::Structure => "a structure",
            Self::Error => "a structure with the trait `smithy.api#error`",
            Self::Text => "a string",
            Self::Data => "a data shape",
        }
    }
}
