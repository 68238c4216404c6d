//! Labels of URIs and host prefixes, and the members that fill them.
//!
//! Source: Smithy 2.0, "httpLabel trait" and "endpoint trait".

use super::{Checker, Subject};
use crate::model::{Member, Shape, ShapeKind};
use crate::node::Node;
use crate::problem::Problem;
use crate::source::{Span, saturating_u32};
use crate::traits::{HostPrefix, HttpBinding, Segment, UriError, UriPattern};
use crate::words;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for operation in checker.shapes() {
        let Some(input) = operation
            .as_operation()
            .and_then(|it| checker.model.shape(&it.input))
        else {
            continue;
        };
        if let Some(uri) = operation
            .traits
            .get("smithy.api#http")
            .and_then(|it| it.get("uri"))
        {
            check_uri(checker, operation, input, uri);
        }
        let endpoint = operation.traits.get("smithy.api#endpoint");
        if let Some(prefix) = endpoint.and_then(|it| it.get("hostPrefix")) {
            check_host_prefix(checker, operation, input, prefix);
        }
    }
}

fn check_uri<'s>(
    checker: &mut Checker<'_, 's>,
    operation: &Shape<'s>,
    input: &Shape<'s>,
    uri: &Node<'s>,
) {
    let subject = Subject::Shape(operation);
    let Some(text) = uri.as_str() else {
        return;
    };
    let pattern = match UriPattern::parse(text) {
        Ok(pattern) => pattern,
        Err(error) => return report_syntax(checker, subject, uri, &error),
    };
    for segment in &pattern.segments {
        if let Segment::Label { name, greedy } = segment {
            check_label(checker, subject, input, uri, (name, *greedy));
        }
    }
    for member in &input.members {
        match member.traits.http_binding() {
            HttpBinding::Label if !pattern.labels().any(|label| label == member.name) => {
                let message = format!(
                    "the URI of `{}` has no label `{}`",
                    operation.id, member.name
                );
                let labels = pattern.labels();
                let problem =
                    Problem::error(member.span, message).about(Subject::Member(input, member).id());
                checker.report(words::with_suggestion(problem, &member.name, labels));
            }
            HttpBinding::Query(name) if pattern.query.iter().any(|it| it.name == name) => {
                let message = format!(
                    "the URI of `{}` has the parameter `{name}` already",
                    operation.id
                );
                checker.error(Subject::Member(input, member), member.span, message);
            }
            _ => {}
        }
    }
}

/// A label needs a member of the input that is bound to it, is required and, if the label is greedy,
/// targets a string. That the target is a scalar is the concern of the trait checks.
fn check_label<'s>(
    checker: &mut Checker<'_, 's>,
    operation: Subject<'_, 's>,
    input: &Shape<'s>,
    uri: &Node<'s>,
    (name, greedy): (&str, bool),
) {
    let place = label_place(uri, name);
    let Some(member) = input.member(name) else {
        let message = format!("the label `{name}` names no member of `{}`", input.id);
        let problem = Problem::error(place, message).about(operation.id());
        let names = input.members.iter().map(|member| &*member.name);
        return checker.report(words::with_suggestion(problem, name, names));
    };
    let subject = Subject::Member(input, member);
    if member.traits.http_binding() != HttpBinding::Label {
        let message = format!("the member `{name}` fills a label, but is not bound to it");
        let problem = Problem::error(member.span, message).about(subject.id());
        checker.report(problem.hint("give it the trait `smithy.api#httpLabel`"));
    }
    check_required(checker, input, member);
    let text = |shape: &Shape<'_>| matches!(shape.kind, ShapeKind::String | ShapeKind::Enum);
    if greedy
        && checker
            .model
            .target(member)
            .is_some_and(|target| !text(target))
    {
        let message = "a greedy label must be filled by a string";
        checker.error(subject, member.target_span, message);
    }
}

fn check_required(checker: &mut Checker<'_, '_>, input: &Shape<'_>, member: &Member<'_>) {
    if !member.traits.required() {
        let subject = Subject::Member(input, member);
        let message = "a member that fills a label must be required";
        let problem = Problem::error(member.span, message).about(subject.id());
        checker.report(problem.hint("give it the trait `smithy.api#required`"));
    }
}

fn check_host_prefix<'s>(
    checker: &mut Checker<'_, 's>,
    operation: &Shape<'s>,
    input: &Shape<'s>,
    prefix: &Node<'s>,
) {
    let subject = Subject::Shape(operation);
    let Some(text) = prefix.as_str() else {
        return;
    };
    let parsed = match HostPrefix::parse(text) {
        Ok(parsed) => parsed,
        Err(error) => return report_syntax(checker, subject, prefix, &error),
    };
    for name in parsed.labels() {
        let place = label_place(prefix, name);
        let Some(member) = input.member(name) else {
            let message = format!("the label `{name}` names no member of `{}`", input.id);
            checker.error(subject, place, message);
            continue;
        };
        if !member.traits.host_label() {
            let message = format!("the member `{name}` fills a label, but is not bound to it");
            let id = Subject::Member(input, member).id();
            let problem = Problem::error(member.span, message).about(id);
            checker.report(problem.hint("give it the trait `smithy.api#hostLabel`"));
        }
        check_required(checker, input, member);
    }
    for member in input
        .members
        .iter()
        .filter(|member| member.traits.host_label())
    {
        if !parsed.labels().any(|label| label == member.name) {
            let message = format!(
                "the host prefix of `{}` has no label `{}`",
                operation.id, member.name
            );
            checker.error(Subject::Member(input, member), member.span, message);
        }
    }
}

fn report_syntax(
    checker: &mut Checker<'_, '_>,
    subject: Subject<'_, '_>,
    node: &Node<'_>,
    error: &UriError,
) {
    // The whole character, however many bytes it has.
    let text = node.as_str().and_then(|text| text.get(error.offset..));
    let character = text.and_then(|text| text.chars().next());
    let len = character.map_or(1, char::len_utf8);
    let place = inside(node, error.offset, len);
    checker.error(subject, place, error.message.as_str());
}

fn label_place(node: &Node<'_>, name: &str) -> Span {
    let text = node.as_str().unwrap_or_default();
    let at = text.find(&format!("{{{name}")).unwrap_or(0);
    inside(node, at + 1, name.len())
}

/// The place of `len` bytes at `offset` of a string; the whole string where it has escapes.
fn inside(node: &Node<'_>, offset: usize, len: usize) -> Span {
    let plain = node.as_str().map_or(0, str::len) + 2;
    if saturating_u32(plain) != node.span.end - node.span.start {
        return node.span;
    }
    let start = node.span.start + 1 + saturating_u32(offset);
    Span {
        start,
        end: (start + saturating_u32(len)).min(node.span.end),
        ..node.span
    }
}
