//! Shapes that no value can be made of, since each would need another of its kind.
//!
//! Source: Smithy 2.0, "Recursive shape definitions".

use super::{Checker, Subject};
use crate::link::graph;
use crate::model::{Member, Model, Shape, ShapeKind};
use crate::words;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    check_collections(checker);
    check_endless(checker);
}

/// A list or map that holds itself with no structure or union in between has no type.
fn check_collections(checker: &mut Checker<'_, '_>) {
    let model = checker.model;
    let targets = |shape: &Shape<'_>| match shape.kind {
        ShapeKind::List | ShapeKind::Map => indexes(model, shape, |_| true),
        _ => Vec::new(),
    };
    let edges: graph::Edges = model.shapes.values().map(targets).collect();
    report_cycles(
        checker,
        &edges,
        "lists and maps hold each other without end",
    );
}

/// A structure that needs a value of itself, in members that are all required, has none.
fn check_endless(checker: &mut Checker<'_, '_>) {
    let endless = endless(checker.model);
    let edges: graph::Edges = checker
        .model
        .shapes
        .values()
        .enumerate()
        .map(|(index, shape)| {
            if !endless[index] {
                return Vec::new();
            }
            needed(checker.model, shape)
                .into_iter()
                .filter(|target| endless[*target])
                .collect()
        })
        .collect();
    report_cycles(
        checker,
        &edges,
        "no value can be made, since it would need itself",
    );
}

/// For each shape, whether no finite value can be made of it.
fn endless(model: &Model<'_>) -> Vec<bool> {
    let mut users: graph::Edges = vec![Vec::new(); model.shapes.len()];
    let mut missing: Vec<usize> = Vec::with_capacity(model.shapes.len());
    let mut endless = vec![true; model.shapes.len()];
    let mut found = Vec::new();
    for (index, shape) in model.shapes.values().enumerate() {
        let needed = needed(model, shape);
        for target in &needed {
            users[*target].push(index);
        }
        // One member of a union is enough; a structure needs all.
        let count = match shape.kind {
            ShapeKind::Union => needed.len().min(1),
            _ => needed.len(),
        };
        missing.push(count);
        if count == 0 {
            endless[index] = false;
            found.push(index);
        }
    }
    while let Some(made) = found.pop() {
        for &user in &users[made] {
            missing[user] = missing[user].saturating_sub(1);
            if missing[user] == 0 && endless[user] {
                endless[user] = false;
                found.push(user);
            }
        }
    }
    endless
}

/// The shapes of which a value is needed to make one of `shape`: of a structure all, of a union one.
fn needed(model: &Model<'_>, shape: &Shape<'_>) -> Vec<usize> {
    match shape.kind {
        ShapeKind::Union => indexes(model, shape, |_| true),
        ShapeKind::Structure => indexes(model, shape, |member| member.traits.required()),
        _ => Vec::new(),
    }
}

/// The indexes of the targets of the members that `filter` lets through.
fn indexes(model: &Model<'_>, shape: &Shape<'_>, filter: fn(&Member<'_>) -> bool) -> Vec<usize> {
    let members = shape.members.iter().filter(|member| filter(member));
    members
        .filter_map(|member| model.shapes.get_index_of(&member.target))
        .collect()
}

fn report_cycles(checker: &mut Checker<'_, '_>, edges: &graph::Edges, message: &str) {
    for component in graph::components(edges) {
        if !graph::is_cycle(&component, edges) {
            continue;
        }
        let shapes = component
            .iter()
            .filter_map(|it| checker.model.shapes.get_index(*it));
        let mut shapes: Vec<_> = shapes.map(|(_, shape)| shape).collect();
        shapes.sort_by(|a, b| a.id.cmp(&b.id));
        let [first, others @ ..] = shapes.as_slice() else {
            continue;
        };
        let names: Vec<_> = others.iter().map(|shape| shape.id.as_str()).collect();
        let message = match names.as_slice() {
            [] => message.to_owned(),
            names => format!("{message}; the cycle goes through {}", words::list(names)),
        };
        checker.error(Subject::Shape(first), first.span, message);
    }
}
