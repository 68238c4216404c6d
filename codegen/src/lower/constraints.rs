//! The constraint traits in force.

use tinsmith_model::{Member, Traits};

use super::context::Context;
use crate::ir::Constraint;

/// The constraints of a shape itself.
pub(super) fn of_shape(context: &Context<'_, '_>, traits: &Traits<'_>) -> Vec<Constraint> {
    of(context, &[traits])
}

/// The constraints in force for a member that has some of its own: those, and what they leave standing
/// of its target's. Empty where the target's apply as they are.
///
/// Source: Smithy 2.0, "Constraint traits", "Constraint trait precedence".
pub(super) fn of_member<'s>(context: &Context<'_, 's>, member: &Member<'s>) -> Vec<Constraint> {
    if of(context, &[&member.traits]).is_empty() {
        return Vec::new();
    }
    let target = context.model.target(member);
    let target = target.map(|shape| &shape.traits);
    let both: Vec<_> = [Some(&member.traits), target]
        .into_iter()
        .flatten()
        .collect();
    of(context, &both)
}

/// The first of each kind that `traits` have.
fn of(context: &Context<'_, '_>, traits: &[&Traits<'_>]) -> Vec<Constraint> {
    let mut constraints = Vec::new();
    if let Some(length) = traits.iter().find_map(|traits| traits.length()) {
        constraints.push(Constraint::Length {
            min: length.min,
            max: length.max,
        });
    }
    if let Some(range) = traits.iter().find_map(|traits| traits.range()) {
        constraints.push(Constraint::Range {
            min: range.min.map(String::from),
            max: range.max.map(String::from),
        });
    }
    let pattern = traits.iter().find_map(|traits| traits.pattern());
    let pattern = pattern.and_then(|text| context.patterns.get(text));
    let pattern = pattern.filter(|pattern| pattern.compiled.is_ok());
    constraints.extend(pattern.map(|pattern| Constraint::Pattern(pattern.name.clone())));
    if traits.iter().any(|traits| traits.unique_items()) {
        constraints.push(Constraint::UniqueItems);
    }
    constraints
}
