//! References to shapes that are not there, or are of the wrong kind.
//!
//! Source: Smithy 2.0, "Shapes" and "Service types".

use super::{Checker, Subject};
use crate::model::{Member, Shape, ShapeId, ShapeKind};
use crate::problem::Problem;
use crate::source::Span;
use crate::suggest;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for shape in checker.shapes() {
        let subject = Subject::Shape(shape);
        for (id, place) in &shape.references {
            resolve(checker, subject, id, *place);
        }
        match &shape.kind {
            ShapeKind::Service(service) => {
                expect(checker, shape, &service.operations, Expected::Operation);
                expect(checker, shape, &service.resources, Expected::Resource);
                expect(checker, shape, &service.errors, Expected::Error);
            }
            ShapeKind::Resource(resource) => {
                let operations: Vec<_> = resource.all_operations().cloned().collect();
                expect(checker, shape, &operations, Expected::Operation);
                expect(checker, shape, &resource.resources, Expected::Resource);
            }
            ShapeKind::Operation(operation) => {
                let bodies = [operation.input.clone(), operation.output.clone()];
                expect(checker, shape, &bodies, Expected::Structure);
                expect(checker, shape, &operation.errors, Expected::Error);
            }
            _ => {}
        }
        for member in &shape.members {
            check_member(checker, shape, member);
        }
    }
}

fn check_member<'s>(checker: &mut Checker<'_, 's>, shape: &Shape<'s>, member: &Member<'s>) {
    let subject = Subject::Member(shape, member);
    let Some(target) = resolve(checker, subject, &member.target, member.target_span) else {
        return;
    };
    if target.kind.is_service_type() {
        let kind = target.kind.name();
        let message = format!("a member holds data, but `{}` is of type {kind}", target.id);
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
        checker.report(suggest::with_suggestion(problem, id.as_str(), known));
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

#[derive(Clone, Copy)]
enum Expected {
    Operation,
    Resource,
    Structure,
    Error,
}

impl Expected {
    fn accepts(self, shape: &Shape<'_>) -> bool {
        match self {
            Self::Operation => shape.as_operation().is_some(),
            Self::Resource => shape.as_resource().is_some(),
            Self::Structure => matches!(shape.kind, ShapeKind::Structure),
            Self::Error => {
                let error = shape.traits.has("smithy.api#error");
                matches!(shape.kind, ShapeKind::Structure) && error
            }
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Operation => "an operation",
            Self::Resource => "a resource",
            Self::Structure => "a structure",
            Self::Error => "a structure with the trait `smithy.api#error`",
        }
    }
}

fn expect<'s>(
    checker: &mut Checker<'_, 's>,
    shape: &Shape<'s>,
    ids: &[ShapeId<'s>],
    expected: Expected,
) {
    let subject = Subject::Shape(shape);
    for id in ids {
        let Some(target) = checker.model.shape(id) else {
            continue;
        };
        let place = shape.place_of(id);
        if expected.accepts(target) {
            check_mixin_use(checker, subject, target, place);
        } else {
            let message = format!("`{id}` must be {}, but it is not", expected.describe());
            checker.error(subject, place, message);
        }
    }
}
