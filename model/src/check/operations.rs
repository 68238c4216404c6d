//! What an operation's traits and shapes say together.
//!
//! Source: Smithy 2.0, "Operation" and "http trait".

use super::{Checker, Subject};
use crate::model::{Operation, Shape};
use crate::node::Node;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for shape in checker.shapes() {
        if let Some(operation) = shape.as_operation() {
            let http = shape.traits.get("smithy.api#http");
            if let Some(code) = http.and_then(|http| http.get("code")) {
                check_code(checker, shape, code);
            }
            check_roles(checker, shape, operation);
        }
        if let Some(status) = shape.traits.get("smithy.api#httpError") {
            check_code(checker, shape, status);
        }
    }
}

fn check_code(checker: &mut Checker<'_, '_>, shape: &Shape<'_>, code: &Node<'_>) {
    let number = code.as_number().map(str::parse::<u16>);
    if number.is_some_and(|number| !number.is_ok_and(|code| (100..=999).contains(&code))) {
        let message = "a status must be a whole number between 100 and 999";
        checker.error(Subject::Shape(shape), code.span, message);
    }
}

/// An input is no output, and an error is neither.
fn check_roles(checker: &mut Checker<'_, '_>, shape: &Shape<'_>, operation: &Operation<'_>) {
    let bodies = [(&operation.input, "input"), (&operation.output, "output")];
    for (id, role) in bodies {
        let Some(body) = checker.model.shape(id) else {
            continue;
        };
        let place = shape.place_of(role, id);
        let wrong = match role {
            "input" => body.traits.output().then_some("output"),
            _ => body.traits.input().then_some("input"),
        };
        let wrong = wrong.or(body.traits.error().map(|_| "error"));
        if let Some(wrong) = wrong {
            let message =
                format!("`{id}` is used as the {role}, but has the trait `smithy.api#{wrong}`");
            checker.error(Subject::Shape(shape), place, message);
        }
    }
}
