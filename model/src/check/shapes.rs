//! What every shape of a type must have.
//!
//! Source: Smithy 2.0, "Aggregate types" and "Shape ID".

use std::collections::HashMap;

use super::{Checker, Subject};
use crate::model::{Member, Shape, ShapeKind};
use crate::problem::Problem;
use crate::words;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let mut ids: HashMap<String, &Shape<'_>> = HashMap::new();
    for shape in checker.shapes() {
        if let Some(other) = ids.insert(shape.id.as_str().to_lowercase(), shape) {
            let message = format!("`{}` and `{}` differ only in case", other.id, shape.id);
            checker.error(Subject::Shape(shape), shape.span, message);
        }
        let subject = Subject::Shape(shape);
        if !is_shape_id(shape.id.as_str()) {
            let message = format!("`{}` is not an absolute shape id", shape.id);
            let problem = Problem::error(shape.span, message).about(subject.id());
            checker.report(problem.hint("write `namespace#Name`, of letters, digits and `_`"));
        }
        match shape.kind {
            ShapeKind::Union | ShapeKind::Enum | ShapeKind::IntEnum if shape.members.is_empty() => {
                let message = format!(
                    "{} must have at least one member",
                    words::with_article(shape.kind.name())
                );
                checker.error(subject, shape.span, message);
            }
            ShapeKind::Map => check_map(checker, shape),
            _ => {}
        }
        check_member_names(checker, shape);
        check_json_names(checker, shape);
    }
}

/// The keys of a map are strings.
fn check_map(checker: &mut Checker<'_, '_>, shape: &Shape<'_>) {
    let Some(key) = shape.member("key") else {
        return;
    };
    let target = checker.model.target(key);
    let text = |shape: &&Shape<'_>| matches!(shape.kind, ShapeKind::String | ShapeKind::Enum);
    if target.is_some_and(|target| !text(&target)) {
        let message = format!(
            "the key of a map must target a string, but `{}` is not one",
            key.target
        );
        checker.error(Subject::Shape(shape), key.target_span, message);
    }
}

/// Member names are identifiers, and differ by more than case.
fn check_member_names(checker: &mut Checker<'_, '_>, shape: &Shape<'_>) {
    let mut seen: HashMap<String, &Member<'_>> = HashMap::new();
    for member in &shape.members {
        let subject = Subject::Member(shape, member);
        if !is_identifier(&member.name) {
            let message = format!("`{}` is not a valid member name", member.name);
            let problem = Problem::error(member.span, message).about(subject.id());
            checker.report(problem.hint("write letters, digits and `_`, a letter first"));
        }
        if let Some(other) = seen.insert(member.name.to_lowercase(), member) {
            let message = format!("`{}` and `{}` differ only in case", other.name, member.name);
            checker.error(subject, member.span, message);
        }
    }
}

/// Members have each their own name in JSON. Source: Smithy 2.0, "jsonName trait".
fn check_json_names(checker: &mut Checker<'_, '_>, shape: &Shape<'_>) {
    let named = |member: &Member<'_>| member.traits.json_name().is_some();
    if !shape.members.iter().any(named) {
        return;
    }
    let mut names: HashMap<&str, &Member<'_>> = HashMap::new();
    for member in &shape.members {
        let name = member.traits.json_name().unwrap_or(&member.name);
        if let Some(other) = names.insert(name, member) {
            let message = format!("`{}` is called `{name}` in JSON too", other.name);
            checker.error(Subject::Member(shape, member), member.span, message);
        }
    }
}

fn is_shape_id(id: &str) -> bool {
    id.split_once('#').is_some_and(|(namespace, name)| {
        namespace.split('.').all(is_identifier) && is_identifier(name)
    })
}

/// Underscores may come first, but not alone.
pub(super) fn is_identifier(text: &str) -> bool {
    let after = text.trim_start_matches('_');
    let underscores = text.len() - after.len();
    let first = |byte: u8| byte.is_ascii_alphabetic() || (underscores > 0 && byte.is_ascii_digit());
    after.bytes().next().is_some_and(first)
        && after
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_ids_follow_the_grammar() {
        for id in ["a#B", "a.b_1#_1", "com.example#Foo_Bar"] {
            assert!(is_shape_id(id), "{id}");
        }
        for id in [
            "B", "#B", "a#", "a..b#C", "a#1b", "a#_", "a#b$c", "a#b-c", "a#b#c",
        ] {
            assert!(!is_shape_id(id), "{id}");
        }
    }
}
