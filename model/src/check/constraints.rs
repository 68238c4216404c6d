//! Constraints that nothing can satisfy, and bounds that are none.
//!
//! Source: Smithy 2.0, "Constraint traits".

use std::collections::HashSet;

use super::decimal::Decimal;
use super::{Checker, Subject};
use crate::model::ShapeKind;
use crate::node::Node;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for subject in checker.subjects() {
        if let Some(node) = subject.traits().get("smithy.api#length") {
            check_length(checker, subject, node);
        }
        if let Some(node) = subject.traits().get("smithy.api#range") {
            check_range(checker, subject, node);
        }
        if let Some(node) = subject.traits().get("smithy.api#uniqueItems") {
            check_comparable(checker, subject, node);
        }
    }
}

fn check_length(checker: &mut Checker<'_, '_>, subject: Subject<'_, '_>, node: &Node<'_>) {
    for name in ["min", "max"] {
        let Some(bound) = node.get(name) else {
            continue;
        };
        let number = bound.as_number().and_then(|text| text.parse::<u64>().ok());
        if bound.as_number().is_some() && number.is_none() {
            let message =
                format!("the `{name}` of a length must be a whole number that is not negative");
            checker.error(subject, bound.span, message);
        }
    }
    check_bounds(checker, subject, node, "length");
}

fn check_range(checker: &mut Checker<'_, '_>, subject: Subject<'_, '_>, node: &Node<'_>) {
    let whole = subject
        .value_shape(checker.model)
        .is_some_and(|shape| shape.kind.is_whole_number());
    for name in ["min", "max"] {
        let Some(bound) = node.get(name) else {
            continue;
        };
        match decimal(bound) {
            None if bound.as_str().is_some() => {
                checker.error(
                    subject,
                    bound.span,
                    format!("the `{name}` of a range must be a number"),
                );
            }
            Some(number) if whole && !number.is_whole() => {
                let message =
                    format!("the `{name}` of a whole number's range must be a whole number");
                checker.error(subject, bound.span, message);
            }
            _ => {}
        }
    }
    check_bounds(checker, subject, node, "range");
    check_type_limits(checker, subject, node);
}

/// A range that lies outside of what the type can hold.
fn check_type_limits(checker: &mut Checker<'_, '_>, subject: Subject<'_, '_>, node: &Node<'_>) {
    let shape = subject.value_shape(checker.model);
    let Some((least, greatest)) = shape.and_then(|shape| shape.kind.limits()) else {
        return;
    };
    let bound = |name| node.get(name).and_then(decimal);
    let above = bound("min").zip(Decimal::parse(greatest));
    let below = bound("max").zip(Decimal::parse(least));
    if above.is_some_and(|(min, greatest)| min > greatest)
        || below.is_some_and(|(max, least)| max < least)
    {
        let message =
            format!("nothing can satisfy this range: the type ends at {least} and {greatest}");
        checker.error(subject, node.span, message);
    }
}

/// Items that hold floating-point numbers or documents cannot be told apart.
fn check_comparable(checker: &mut Checker<'_, '_>, subject: Subject<'_, '_>, node: &Node<'_>) {
    let Subject::Shape(list) = subject else {
        return;
    };
    let mut seen = HashSet::new();
    let mut pending = vec![list];
    while let Some(shape) = pending.pop() {
        if !seen.insert(&shape.id) {
            continue;
        }
        if matches!(
            shape.kind,
            ShapeKind::Float | ShapeKind::Double | ShapeKind::Document
        ) {
            let message = format!("the items hold `{}`, which cannot be compared", shape.id);
            checker.error(subject, node.span, message);
            return;
        }
        let targets = shape.members.iter();
        pending.extend(targets.filter_map(|member| checker.model.target(member)));
    }
}

fn check_bounds(
    checker: &mut Checker<'_, '_>,
    subject: Subject<'_, '_>,
    node: &Node<'_>,
    what: &str,
) {
    let (min, max) = (node.get("min"), node.get("max"));
    if min.is_none() && max.is_none() && node.as_object().is_some() {
        checker.error(
            subject,
            node.span,
            format!("a {what} needs a `min` or a `max`"),
        );
    }
    let (Some(min), Some(max)) = (min.and_then(decimal), max.and_then(decimal)) else {
        return;
    };
    if min > max {
        let message = format!("nothing can satisfy this {what}: `min` is above `max`");
        checker.error(subject, node.span, message);
    }
}

fn decimal(node: &Node<'_>) -> Option<Decimal> {
    Decimal::parse(node.as_number().or_else(|| node.as_str())?)
}
