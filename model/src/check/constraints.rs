//! Constraints that nothing can satisfy, and bounds that are none.
//!
//! Source: Smithy 2.0, "Constraint traits".

use super::decimal::Decimal;
use super::{Checker, Subject};
use crate::node::Node;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for subject in checker.subjects() {
        if let Some(node) = subject.traits().get("smithy.api#length") {
            check_length(checker, subject, node);
        }
        if let Some(node) = subject.traits().get("smithy.api#range") {
            check_range(checker, subject, node);
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
