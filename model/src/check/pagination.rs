//! `smithy.api#paginated`: the members it names are there, and of a kind that can be paged through.
//!
//! Source: Smithy 2.0, "paginated trait".

use super::{Checker, Subject};
use crate::model::{Member, Shape, ShapeKind};
use crate::node::Node;
use crate::problem::Problem;
use crate::source::Span;
use crate::suggest;
use crate::traits::Paginated;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for service in checker.model.services() {
        let Some(closure) = checker.model.closure(&service.id) else {
            continue;
        };
        for operation in closure.operations {
            if let Some(own) = operation.traits.get("smithy.api#paginated") {
                check_operation(checker, service, operation, own);
            }
        }
    }
}

fn check_operation<'s>(
    checker: &mut Checker<'_, 's>,
    service: &Shape<'s>,
    operation: &Shape<'s>,
    own: &Node<'s>,
) {
    let subject = Subject::Shape(operation);
    let model = checker.model;
    let bodies = operation.as_operation();
    let bodies = bodies.and_then(|it| model.shape(&it.input).zip(model.shape(&it.output)));
    let (Some(paginated), Some((input, output))) = (operation.traits.paginated(), bodies) else {
        return;
    };
    let paginated: Paginated<'_> = paginated.or(service.traits.paginated());
    let place = |name: &str| own.get(name).map_or(own.span, |node| node.span);
    let required = [
        ("inputToken", paginated.input_token),
        ("outputToken", paginated.output_token),
    ];
    for (name, value) in required {
        if value.is_none() {
            let message = format!("`{name}` is given neither here nor by the service");
            checker.error(subject, own.span, message);
        }
    }
    if let Some(name) = paginated.input_token {
        if let Some(member) = find(checker, subject, input, name, place("inputToken")) {
            check_token(checker, subject, member, place("inputToken"));
            check_optional(checker, subject, member, place("inputToken"));
        }
    }
    if let Some(path) = paginated.output_token {
        if let Some(member) = find(checker, subject, output, path, place("outputToken")) {
            check_token(checker, subject, member, place("outputToken"));
        }
    }
    if let Some(path) = paginated.items {
        if let Some(member) = find(checker, subject, output, path, place("items")) {
            let fits = |kind: &ShapeKind<'_>| matches!(kind, ShapeKind::List | ShapeKind::Map);
            expect(
                checker,
                subject,
                member,
                place("items"),
                (fits, "a list or map"),
            );
        }
    }
    if let Some(name) = paginated.page_size {
        if let Some(member) = find(checker, subject, input, name, place("pageSize")) {
            let fits = |kind: &ShapeKind<'_>| kind.is_number();
            expect(checker, subject, member, place("pageSize"), (fits, "a number"));
            check_optional(checker, subject, member, place("pageSize"));
        }
    }
}

/// The member at the end of `path`; tells where there is none.
fn find<'c, 's>(
    checker: &mut Checker<'c, 's>,
    subject: Subject<'_, 's>,
    shape: &'c Shape<'s>,
    path: &str,
    place: Span,
) -> Option<&'c Member<'s>> {
    let members = checker.model.member_path(shape, path);
    if let Some(member) = members.and_then(|members| members.last().copied()) {
        return Some(member);
    }
    let problem = Problem::error(place, format!("`{}` has no member `{path}`", shape.id));
    let names = shape.members.iter().map(|member| &*member.name);
    let problem = suggest::with_suggestion(problem.about(subject.id()), path, names);
    checker.report(problem);
    None
}

/// Tokens are strings; some services use the map of a key.
fn check_token<'s>(
    checker: &mut Checker<'_, 's>,
    subject: Subject<'_, 's>,
    member: &Member<'s>,
    place: Span,
) {
    let fits = |kind: &ShapeKind<'_>| {
        kind.is_number() || matches!(kind, ShapeKind::String | ShapeKind::Enum | ShapeKind::Map)
    };
    expect(checker, subject, member, place, (fits, "a string"));
}

fn expect<'s>(
    checker: &mut Checker<'_, 's>,
    subject: Subject<'_, 's>,
    member: &Member<'s>,
    place: Span,
    (fits, expected): (fn(&ShapeKind<'_>) -> bool, &str),
) {
    let target = checker.model.target(member);
    if target.is_some_and(|target| !fits(&target.kind)) {
        let message = format!("`{}` must target {expected}, but does not", member.name);
        checker.error(subject, place, message);
    }
}

fn check_optional<'s>(
    checker: &mut Checker<'_, 's>,
    subject: Subject<'_, 's>,
    member: &Member<'s>,
    place: Span,
) {
    if member.traits.required() {
        let message = format!(
            "`{}` is required, but the first page is asked without it",
            member.name
        );
        checker.error(subject, place, message);
    }
}
