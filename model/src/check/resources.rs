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
