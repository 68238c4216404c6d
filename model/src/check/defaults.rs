//! Defaults that are no values of their shape, or break its constraints.
//!
//! Source: Smithy 2.0, "default trait".

use super::values::{self, FaultKind};
use super::{Checker, Subject};
use crate::model::{Shape, ShapeKind};
use crate::node::Node;
use crate::problem::Problem;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for subject in checker.subjects() {
        let Some(default) = subject.traits().default_value() else {
            continue;
        };
        // A place where no default may stand is the concern of the trait checks.
        let Some(shape) = subject.value_shape(checker.model) else {
            continue;
        };
        check_default(checker, subject, shape, default);
    }
}

fn check_default<'s>(
    checker: &mut Checker<'_, 's>,
    subject: Subject<'_, 's>,
    shape: &Shape<'s>,
    default: &Node<'s>,
) {
    if default.is_null() {
        if matches!(subject, Subject::Shape(_)) && !matches!(shape.kind, ShapeKind::Document) {
            checker.error(
                subject,
                default.span,
                "the default of a shape cannot be null",
            );
        }
        return;
    }
    let only_empty = match shape.kind {
        ShapeKind::List => default.as_array().is_some_and(|items| !items.is_empty()),
        ShapeKind::Map => default
            .as_object()
            .is_some_and(|entries| !entries.is_empty()),
        _ => false,
    };
    if only_empty {
        let message = format!("the default of a {} must be empty", shape.kind.name());
        checker.error(subject, default.span, message);
    }
    check_value(checker, subject, shape, default);
    check_target(checker, subject, shape, default);
}

fn check_value<'s>(
    checker: &mut Checker<'_, 's>,
    subject: Subject<'_, 's>,
    shape: &Shape<'s>,
    default: &Node<'s>,
) {
    let member = match subject {
        Subject::Shape(_) => None,
        Subject::Member(_, member) => Some(member),
    };
    for fault in values::faults(checker.model, shape, member, default) {
        let message = format!("the default does not fit: {}", fault.message);
        let problem = if fault.kind == FaultKind::ZeroOutOfRange {
            Problem::warning(fault.span, message)
        } else {
            Problem::error(fault.span, message)
        };
        checker.report(problem.about(subject.id()));
    }
}

/// A member's default is its target's, where that has one.
fn check_target<'s>(
    checker: &mut Checker<'_, 's>,
    subject: Subject<'_, 's>,
    shape: &Shape<'s>,
    default: &Node<'s>,
) {
    let Subject::Member(..) = subject else {
        return;
    };
    let differs = |target: &&Node<'_>| !target.is_null() && !target.same_value(default);
    if shape.traits.default_value().filter(differs).is_some() {
        let message = format!("the default differs from that of the target `{}`", shape.id);
        let problem = Problem::error(default.span, message).about(subject.id());
        checker.report(problem.hint("repeat the target's default, or take it away with null"));
    }
}
