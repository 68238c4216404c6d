//! Streams stand at the top of an input or output, once, and nowhere else.
//!
//! Source: Smithy 2.0, "streaming trait".

use std::collections::HashSet;

use super::{Checker, Subject};
use crate::model::{Member, Shape, ShapeId, ShapeKind};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let operations = checker
        .model
        .shapes
        .values()
        .filter_map(Shape::as_operation);
    let top: HashSet<&ShapeId<'_>> = operations.flat_map(|it| [&it.input, &it.output]).collect();
    let streaming = |member: &&Member<'_>| {
        let target = checker.model.target(member);
        target.is_some_and(|target| target.traits.streaming())
    };
    let mut holders: HashSet<&ShapeId<'_>> = HashSet::new();
    let mut found = Vec::new();
    for shape in checker.shapes() {
        let members: Vec<&Member<'_>> = shape.members.iter().filter(streaming).collect();
        if !members.is_empty() {
            holders.insert(&shape.id);
            found.push((shape, members));
        }
    }
    for (shape, members) in found {
        check_holder(checker, shape, &members, top.contains(&shape.id));
    }
    for shape in checker.shapes() {
        for member in shape
            .members
            .iter()
            .filter(|it| holders.contains(&it.target))
        {
            let message = format!(
                "`{}` holds a stream, so no member can target it",
                member.target
            );
            checker.error(Subject::Member(shape, member), member.target_span, message);
        }
        if shape.traits.streaming() && matches!(shape.kind, ShapeKind::Union) {
            check_events(checker, shape);
        }
    }
}

fn check_holder<'s>(
    checker: &mut Checker<'_, 's>,
    shape: &Shape<'s>,
    members: &[&Member<'s>],
    top: bool,
) {
    // A structure that no operation uses may be a mixin, or yet to be used.
    let structure = matches!(shape.kind, ShapeKind::Structure);
    for (index, member) in members.iter().enumerate() {
        let subject = Subject::Member(shape, member);
        if !top && !structure {
            let message = "a stream must be a member of an operation's input or output";
            checker.error(subject, member.target_span, message);
            continue;
        }
        if index > 0 {
            let message = "a structure can have only one stream";
            checker.error(subject, member.target_span, message);
        }
        check_blob(checker, shape, member);
    }
}

/// A stream of bytes is always there, be it empty.
fn check_blob<'s>(checker: &mut Checker<'_, 's>, shape: &Shape<'s>, member: &Member<'s>) {
    let target = checker.model.target(member);
    let blob = target.is_some_and(|target| matches!(target.kind, ShapeKind::Blob));
    let traits = &member.traits;
    if blob && !traits.required() && traits.default_value().is_none() {
        let message = "a streaming blob must be required or have a default";
        checker.error(Subject::Member(shape, member), member.span, message);
    }
}

/// Each event is a structure.
fn check_events(checker: &mut Checker<'_, '_>, union: &Shape<'_>) {
    for member in &union.members {
        let Some(target) = checker.model.target(member) else {
            continue;
        };
        if !matches!(target.kind, ShapeKind::Structure) {
            let message = format!(
                "an event must be a structure, but `{}` is not one",
                target.id
            );
            checker.error(Subject::Member(union, member), member.target_span, message);
        }
    }
}
