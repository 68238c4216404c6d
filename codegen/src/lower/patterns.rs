//! The patterns of a service, and what there is to say of them.

use tinsmith_model::traits::Length;
use tinsmith_model::{Member, Node, Problem, Severity, Shape, Span};

use super::context::Context;
use crate::ir::Pattern;
use crate::pattern::{Compiled, PatternError};

/// The patterns, in the order of their statics.
pub(super) fn of_service(context: &Context<'_, '_>, problems: &mut Vec<Problem>) -> Vec<Pattern> {
    for shape in &context.closure.shapes {
        check(context, shape, None, problems);
        for member in &shape.members {
            check(context, shape, Some(member), problems);
        }
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

/// Tells what is wrong with the pattern of a shape or member, at its own place.
fn check<'s>(
    context: &Context<'_, 's>,
    shape: &Shape<'s>,
    member: Option<&Member<'s>>,
    problems: &mut Vec<Problem>,
) {
    let traits = member.map_or(&shape.traits, |member| &member.traits);
    let Some(node) = traits.get("smithy.api#pattern") else {
        return;
    };
    let Some(pattern) = node.as_str().and_then(|text| context.patterns.get(text)) else {
        return;
    };
    let target = member.and_then(|member| context.model.target(member));
    let length = traits.length().or_else(|| target?.traits.length());
    let problem = match &pattern.compiled {
        Ok(compiled) => {
            contradiction(compiled, length).map(|message| problem(node, Severity::Warning, message))
        }
        Err(error) => Some(invalid(node, error)),
    };
    problems.extend(problem.map(|problem| {
        problem.about(member.map_or(shape.id.to_string(), |member| {
            format!("{}${}", shape.id, member.name)
        }))
    }));
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

fn invalid(node: &Node<'_>, error: &PatternError) -> Problem {
    let message = format!("the pattern is not ECMA-262: {}", error.message);
    let mut problem = problem(node, Severity::Error, message);
    problem.span = Some(place(node, error.offset));
    problem.hint = error.hint.clone();
    problem
}

fn problem(node: &Node<'_>, severity: Severity, message: String) -> Problem {
    Problem {
        severity,
        shape: None,
        span: Some(node.span),
        message,
        hint: None,
    }
}

/// The character at `offset` of a string, where the string is written without escapes; else the whole
/// string.
fn place(node: &Node<'_>, offset: usize) -> Span {
    let Span { file, start, end } = node.span;
    let length = node.as_str().map_or(0, str::len);
    let written = usize::try_from(end.saturating_sub(start)).unwrap_or_default();
    match u32::try_from(offset) {
        Ok(offset) if written == length + 2 => {
            let start = (start + 1 + offset).min(end);
            Span {
                file,
                start,
                end: (start + 1).min(end),
            }
        }
        _ => node.span,
    }
}
