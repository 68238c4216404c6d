//! What is defined more than once.
//!
//! Source: Smithy 2.0, "The Smithy model", "Merging model files" and "Trait conflict resolution".

use std::borrow::Cow;

use indexmap::map::Entry;

use super::{Ast, Definition};
use crate::model::{Member, ShapeKind, Traits};
use crate::node::{Node, NodeKind};
use crate::problem::Problem;
use crate::source::Span;

/// Adds a metadata value: arrays are concatenated, equal values are one.
pub(super) fn metadata<'s>(
    ast: &mut Ast<'s>,
    key: Cow<'s, str>,
    place: Span,
    value: Node<'s>,
    problems: &mut Vec<Problem>,
) {
    match ast.metadata.entry(key) {
        Entry::Vacant(entry) => {
            entry.insert(value);
        }
        Entry::Occupied(mut entry) => {
            if !merge_values(entry.get_mut(), value) {
                let message = format!(
                    "the metadata `{}` is given twice with different values",
                    entry.key()
                );
                problems.push(Problem::error(place, message));
            }
        }
    }
}

/// Adds a definition, or merges it into one of the same id.
pub(super) fn definition<'s>(
    ast: &mut Ast<'s>,
    definition: Definition<'s>,
    problems: &mut Vec<Problem>,
) {
    let id = definition.shape.id.clone();
    match ast.shapes.entry(id) {
        Entry::Vacant(entry) => {
            entry.insert(definition);
        }
        Entry::Occupied(mut entry) => {
            if let Some(difference) = difference(entry.get(), &definition) {
                let message = format!("`{}` is defined twice, {difference}", entry.key());
                let problem = Problem::error(definition.shape.span, message);
                problems.push(problem.about(entry.key().to_string()));
            } else {
                merge_definition(entry.get_mut(), definition, problems);
            }
        }
    }
}

fn difference(first: &Definition<'_>, second: &Definition<'_>) -> Option<String> {
    if !same_kind(&first.shape.kind, &second.shape.kind) {
        return Some("with different types or properties".to_owned());
    }
    if first.mixins != second.mixins {
        return Some("with different mixins".to_owned());
    }
    let lacks = |a: &Definition<'_>, b: &Definition<'_>| {
        let missing = |member: &&Member<'_>| {
            !b.shape
                .members
                .iter()
                .any(|other| other.name == member.name && other.target == member.target)
        };
        a.shape
            .members
            .iter()
            .find(missing)
            .map(|member| format!("and the member `{}` is not the same", member.name))
    };
    lacks(first, second).or_else(|| lacks(second, first))
}

fn same_kind(a: &ShapeKind<'_>, b: &ShapeKind<'_>) -> bool {
    match (a, b) {
        (ShapeKind::Service(a), ShapeKind::Service(b)) => a == b,
        (ShapeKind::Resource(a), ShapeKind::Resource(b)) => a == b,
        (ShapeKind::Operation(a), ShapeKind::Operation(b)) => a == b,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

fn merge_definition<'s>(
    first: &mut Definition<'s>,
    second: Definition<'s>,
    problems: &mut Vec<Problem>,
) {
    let id = first.shape.id.to_string();
    merge_traits(&mut first.shape.traits, second.shape.traits, &id, problems);
    for member in second.shape.members {
        let same = first.shape.members.iter_mut();
        if let Some(into) = same.into_iter().find(|into| into.name == member.name) {
            let id = format!("{id}${}", member.name);
            merge_traits(&mut into.traits, member.traits, &id, problems);
        }
    }
}

/// Adds `more` to the traits of the shape or member `id`: lists are concatenated, equal values are
/// one, all else is a conflict.
pub(crate) fn merge_traits<'s>(
    traits: &mut Traits<'s>,
    more: Traits<'s>,
    id: &str,
    problems: &mut Vec<Problem>,
) {
    for (trait_id, value) in more.values {
        match traits.values.entry(trait_id) {
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
            Entry::Occupied(mut entry) => {
                let place = value.span;
                if !merge_values(entry.get_mut(), value) {
                    let message = format!(
                        "the trait `{}` is applied twice with different values",
                        entry.key()
                    );
                    problems.push(Problem::error(place, message).about(id));
                }
            }
        }
    }
}

fn merge_values<'s>(first: &mut Node<'s>, second: Node<'s>) -> bool {
    if first.same_value(&second) {
        return true;
    }
    match (&mut first.kind, second.kind) {
        (NodeKind::Array(items), NodeKind::Array(more)) => {
            items.extend(more);
            true
        }
        _ => false,
    }
}
