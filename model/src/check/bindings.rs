//! Where members go in HTTP messages: what they may be, and how many.
//!
//! Source: Smithy 2.0, "HTTP bindings".

use std::collections::{HashMap, HashSet};

use super::{Checker, Subject};
use crate::model::{Member, Model, Shape, ShapeId, ShapeKind};
use crate::traits::HttpBinding;

/// Bindings that one member of a structure may have, no more.
const EXCLUSIVE: [&str; 5] = [
    "smithy.api#httpPayload",
    "smithy.api#httpPrefixHeaders",
    "smithy.api#httpQueryParams",
    "smithy.api#httpResponseCode",
    "smithy.api#idempotencyToken",
];

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    let bodies = http_bodies(checker.model);
    for shape in checker.shapes() {
        if !matches!(shape.kind, ShapeKind::Structure) {
            continue;
        }
        check_exclusive(checker, shape);
        check_names(checker, shape);
        for member in &shape.members {
            check_target(checker, shape, member);
        }
        if bodies.contains(&shape.id) {
            check_payload_is_all(checker, shape);
        }
    }
}

/// The inputs, outputs and errors of operations that are bound to HTTP.
fn http_bodies<'m, 's>(model: &'m Model<'s>) -> HashSet<&'m ShapeId<'s>> {
    let operations = model
        .shapes
        .values()
        .filter(|it| it.traits.http().is_some());
    let operations = operations.filter_map(Shape::as_operation);
    let bodies = operations.flat_map(|it| [&it.input, &it.output].into_iter().chain(&it.errors));
    bodies.collect()
}

fn check_exclusive(checker: &mut Checker<'_, '_>, shape: &Shape<'_>) {
    for id in EXCLUSIVE {
        let mut members = shape.members.iter().filter(|member| member.traits.has(id));
        let Some(first) = members.next() else {
            continue;
        };
        for member in members {
            let message = format!(
                "one member can have the trait `{id}`, and `{}` has it",
                first.name
            );
            checker.error(Subject::Member(shape, member), member.span, message);
        }
    }
}

/// No two members go to the same header or query parameter.
fn check_names(checker: &mut Checker<'_, '_>, shape: &Shape<'_>) {
    let mut headers: HashMap<String, &Member<'_>> = HashMap::new();
    let mut queries: HashMap<&str, &Member<'_>> = HashMap::new();
    for member in &shape.members {
        let subject = Subject::Member(shape, member);
        let (other, what) = match member.traits.http_binding() {
            HttpBinding::Header(name) => {
                if !is_token(name) {
                    let message =
                        format!("`{name}` is not a valid header name (RFC 9110 section 5.1)");
                    checker.error(subject, member.span, message);
                }
                (headers.insert(name.to_ascii_lowercase(), member), "header")
            }
            HttpBinding::Query(name) => (queries.insert(name, member), "query parameter"),
            _ => continue,
        };
        if let Some(other) = other {
            let message = format!("`{}` is bound to the same {what}", other.name);
            checker.error(subject, member.span, message);
        }
    }
}

/// A token of RFC 9110 section 5.6.2.
fn is_token(name: &str) -> bool {
    let special = b"!#$%&'*+-.^_`|~";
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || special.contains(&byte))
}

fn check_target<'s>(checker: &mut Checker<'_, 's>, shape: &Shape<'s>, member: &Member<'s>) {
    let model = checker.model;
    let Some(target) = model.target(member) else {
        return;
    };
    let (binding, fits, expected) = match member.traits.http_binding() {
        HttpBinding::Header(_) => ("httpHeader", scalar_or_list(model, target), SCALAR_OR_LIST),
        HttpBinding::Query(_) => ("httpQuery", scalar_or_list(model, target), SCALAR_OR_LIST),
        HttpBinding::QueryParams => {
            let fits = map_of(model, target, |value| {
                text(value) || list_of(model, value, text)
            });
            (
                "httpQueryParams",
                fits,
                "a map of strings, or of lists of strings",
            )
        }
        HttpBinding::PrefixHeaders(_) => {
            let fits = map_of(model, target, text) && !target.traits.sparse();
            (
                "httpPrefixHeaders",
                fits,
                "a map of strings that is not sparse",
            )
        }
        _ => return,
    };
    if !fits {
        let message = format!("a member with `smithy.api#{binding}` must target {expected}");
        checker.error(Subject::Member(shape, member), member.target_span, message);
    }
}

const SCALAR_OR_LIST: &str = "a string, number, boolean or timestamp, or a list of them";

fn scalar_or_list<'s>(model: &Model<'s>, target: &Shape<'s>) -> bool {
    scalar(target) || list_of(model, target, scalar)
}

fn list_of<'s>(model: &Model<'s>, list: &Shape<'s>, member: fn(&Shape<'s>) -> bool) -> bool {
    matches!(list.kind, ShapeKind::List) && item(model, list, "member").is_none_or(member)
}

/// The target of the member `name`; `None` where that is not defined.
fn item<'m, 's>(model: &'m Model<'s>, shape: &Shape<'s>, name: &str) -> Option<&'m Shape<'s>> {
    model.target(shape.member(name)?)
}

fn map_of<'s>(model: &Model<'s>, map: &Shape<'s>, value: impl Fn(&Shape<'s>) -> bool) -> bool {
    matches!(map.kind, ShapeKind::Map) && item(model, map, "value").is_none_or(value)
}

fn text(shape: &Shape<'_>) -> bool {
    matches!(shape.kind, ShapeKind::String | ShapeKind::Enum)
}

fn scalar(shape: &Shape<'_>) -> bool {
    text(shape)
        || shape.kind.is_number()
        || matches!(shape.kind, ShapeKind::Boolean | ShapeKind::Timestamp)
}

/// Next to a payload there is no other body.
fn check_payload_is_all(checker: &mut Checker<'_, '_>, shape: &Shape<'_>) {
    let payload = |member: &&Member<'_>| member.traits.http_binding() == HttpBinding::Payload;
    let Some(payload) = shape.members.iter().find(payload) else {
        return;
    };
    for member in &shape.members {
        let host = member.traits.host_label();
        if member.traits.http_binding() == HttpBinding::Body && !host {
            let message = format!(
                "`{}` is the whole body, so this member has no place",
                payload.name
            );
            checker.error(Subject::Member(shape, member), member.span, message);
        }
    }
}
