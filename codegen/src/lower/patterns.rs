//! The patterns of a service, and what there is to say of them.

use std::collections::HashMap;

use tinsmith_model::traits::Length;
use tinsmith_model::{Member, Model, Node, Problem, Shape};

use super::context::Context;
use crate::ir::Pattern;
use crate::pattern::{self, Compiled, PatternError};

/// The patterns, in the order of their statics. Those that are not ECMA-262 are errors, or with
/// `lenient` left out with a warning.
pub(super) fn of_service(
    context: &Context<'_, '_>,
    lenient: bool,
    problems: &mut Vec<Problem>,
) -> Vec<Pattern> {
    for shape in &context.closure.shapes {
        let members = shape.members.iter().map(Some);
        let places = std::iter::once(None).chain(members);
        problems.extend(places.filter_map(|member| check(context, lenient, shape, member)));
    }
    let named = context.patterns.iter().filter_map(|(source, pattern)| {
        let compiled = pattern.compiled.as_ref().ok()?;
        Some(Pattern {
            name: pattern.name.clone(),
            source: (*source).into(),
            value: compiled.emit(),
            needs_engine: compiled.needs_engine().is_some(),
        })
    });
    let mut patterns: Vec<_> = named.collect();
    patterns.sort_by(|a, b| a.name.cmp(&b.name));
    patterns
}

/// What there is to say of all patterns of a model, whether a service reaches them or not.
pub(crate) fn of_model(model: &Model<'_>) -> Vec<Problem> {
    let mut compiled = HashMap::new();
    let problems = model.patterns().filter_map(|used| {
        let compiled = compiled
            .entry(used.text)
            .or_insert_with(|| pattern::compile(used.text));
        let traits = used.member.map_or(&used.shape.traits, |it| &it.traits);
        let target = used.member.and_then(|member| model.target(member));
        let length = traits.length().or_else(|| target?.traits.length());
        Some(problem(used.node, compiled, length, false)?.about(used.id()))
    });
    problems.collect()
}

/// What is wrong with the pattern of a shape or member, at its own place.
fn check<'s>(
    context: &Context<'_, 's>,
    lenient: bool,
    shape: &Shape<'s>,
    member: Option<&Member<'s>>,
) -> Option<Problem> {
    let traits = member.map_or(&shape.traits, |member| &member.traits);
    let node = traits.get("smithy.api#pattern")?;
    let pattern = context.patterns.get(node.as_str()?)?;
    let target = member.and_then(|member| context.model.target(member));
    let length = traits.length().or_else(|| target?.traits.length());
    let problem = problem(node, &pattern.compiled, length, lenient)?;
    Some(problem.about(member.map_or(shape.id.to_string(), |member| {
        format!("{}${}", shape.id, member.name)
    })))
}

fn problem(
    node: &Node<'_>,
    compiled: &Result<Compiled, PatternError>,
    length: Option<Length>,
    lenient: bool,
) -> Option<Problem> {
    Some(match compiled {
        Ok(compiled) => Problem::warning(node.span, contradiction(compiled, length)?),
        Err(error) => invalid(node, error, lenient),
    })
}

/// Why a pattern refuses every value, or what it costs.
fn contradiction(compiled: &Compiled, length: Option<Length>) -> Option<String> {
    if let Some(reason) = compiled.needs_engine() {
        return Some(format!(
            "the pattern is matched by an engine at run time: {reason}"
        ));
    }
    let Some((shortest, longest)) = compiled.lengths() else {
        return Some("the pattern matches nothing, so that every value is refused".into());
    };
    let length = length?;
    let count = |bound: u64| usize::try_from(bound).unwrap_or(usize::MAX);
    let too_long = length.max.is_some_and(|max| shortest > count(max));
    let too_short =
        longest.is_some_and(|longest| length.min.is_some_and(|min| longest < count(min)));
    (too_long || too_short).then(|| {
        "no text that the pattern matches has an allowed length, so that every value is refused"
            .into()
    })
}

fn invalid(node: &Node<'_>, error: &PatternError, lenient: bool) -> Problem {
    let message = format!("the pattern is not ECMA-262: {}", error.message);
    let mut problem = if lenient {
        Problem::warning(node.span, format!("{message}; it is left unchecked"))
    } else {
        Problem::error(node.span, message)
    };
    problem.hint = error.hint.clone();
    problem.inside_string(error.offset)
}
