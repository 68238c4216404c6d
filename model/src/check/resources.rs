//! Resources that hold each other, or are bound twice.
//!
//! Source: Smithy 2.0, "Resource".

use std::collections::HashMap;

use super::{Checker, Subject};
use crate::link::graph;
use crate::model::{Shape, ShapeId};
use crate::words;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    check_cycles(checker);
    check_parents(checker);
    check_lifecycle(checker);
}

fn check_cycles(checker: &mut Checker<'_, '_>) {
    let model = checker.model;
    let children = |shape: &Shape<'_>| match shape.as_resource() {
        Some(resource) => {
            let ids = resource.resources.iter();
            ids.filter_map(|id| model.shapes.get_index_of(id)).collect()
        }
        None => Vec::new(),
    };
    let edges: graph::Edges = model.shapes.values().map(children).collect();
    for component in graph::components(&edges) {
        if !graph::is_cycle(&component, &edges) {
            continue;
        }
        let shapes = component
            .iter()
            .filter_map(|it| model.shapes.get_index(*it));
        let mut ids: Vec<_> = shapes.map(|(id, _)| id.as_str()).collect();
        ids.sort_unstable();
        if let Some(first) = ids.first().and_then(|id| model.shapes.get(*id)) {
            let message = format!("resources hold each other: {}", words::list(&ids));
            checker.error(Subject::Shape(first), first.span, message);
        }
    }
}

/// A resource has one parent.
fn check_parents(checker: &mut Checker<'_, '_>) {
    let mut parents: HashMap<&ShapeId<'_>, &Shape<'_>> = HashMap::new();
    for parent in checker.shapes() {
        let Some(resource) = parent.as_resource() else {
            continue;
        };
        for child in &resource.resources {
            match parents.insert(child, parent) {
                Some(other) if other.id != parent.id => {
                    let message = format!("`{child}` is bound to `{}` already", other.id);
                    checker.error(
                        Subject::Shape(parent),
                        parent.place_of("resources", child),
                        message,
                    );
                }
                _ => {}
            }
        }
    }
}

/// What a lifecycle property says of its operation: the trait it must have, and one it cannot have.
const LIFECYCLE: [(&str, Option<&str>, Option<&str>); 6] = [
    ("create", None, Some(READONLY)),
    ("put", Some(IDEMPOTENT), Some(READONLY)),
    ("read", Some(READONLY), None),
    ("update", None, Some(READONLY)),
    ("delete", Some(IDEMPOTENT), Some(READONLY)),
    ("list", Some(READONLY), None),
];

const IDEMPOTENT: &str = "smithy.api#idempotent";
const READONLY: &str = "smithy.api#readonly";

/// A client may send again what is idempotent, so lifecycle operations say whether they are.
fn check_lifecycle(checker: &mut Checker<'_, '_>) {
    for shape in checker
        .shapes()
        .filter(|shape| shape.as_resource().is_some())
    {
        let subject = Subject::Shape(shape);
        for reference in &shape.references {
            let rule = LIFECYCLE
                .iter()
                .find(|(name, ..)| *name == reference.property);
            let target = checker.model.shape(&reference.id);
            let operation = target.filter(|target| target.as_operation().is_some());
            let Some((&(name, needed, excluded), operation)) = rule.zip(operation) else {
                continue;
            };
            if let Some(needed) = needed.filter(|id| !operation.traits.has(id)) {
                let message = format!("the `{name}` operation must have the trait `{needed}`");
                checker.error(subject, reference.span, message);
            }
            if let Some(excluded) = excluded.filter(|id| operation.traits.has(id)) {
                let message = format!("the `{name}` operation cannot have the trait `{excluded}`");
                checker.error(subject, reference.span, message);
            }
        }
    }
}
