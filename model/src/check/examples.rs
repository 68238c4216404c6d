//! `smithy.api#examples`: values of the operation's input, output and errors. All faults are warnings,
//! since no request depends on an example.
//!
//! Source: Smithy 2.0, "examples trait".

use super::values::{self, FaultKind};
use super::{Checker, Subject};
use crate::model::{Shape, ShapeId};
use crate::node::Node;
use crate::problem::Problem;
use crate::traits::Example;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for shape in checker.shapes() {
        if shape.as_operation().is_some() {
            for example in shape.traits.examples() {
                check_example(checker, shape, &example);
            }
        }
    }
}

fn check_example<'s>(checker: &mut Checker<'_, 's>, shape: &Shape<'s>, example: &Example<'_, 's>) {
    let Some(operation) = shape.as_operation() else {
        return;
    };
    let subject = Subject::Shape(shape);
    let relaxed = example.allow_constraint_errors;
    check_body(checker, subject, &operation.input, example.input, relaxed);
    check_body(checker, subject, &operation.output, example.output, relaxed);
    let Some(error) = &example.error else {
        return;
    };
    if example.output.is_some() {
        let message = "an example has an output or an error, not both";
        checker.warning(subject, example.node.span, message);
    }
    let id = ShapeId(error.shape.into());
    match checker.model.shape(&id) {
        Some(_) if !answers(checker, shape, &id) => {
            let message = format!("the operation does not answer the error `{id}`");
            checker.warning(subject, example.node.span, message);
        }
        Some(_) => check_body(checker, subject, &id, error.content, relaxed),
        None => {
            let message = format!("the error `{id}` of the example is not defined");
            checker.warning(subject, example.node.span, message);
        }
    }
}

/// Whether the operation, or a service that has it, lists the error.
fn answers(checker: &Checker<'_, '_>, shape: &Shape<'_>, error: &ShapeId<'_>) -> bool {
    let lists = |errors: &[ShapeId<'_>]| errors.contains(error);
    let of_service = checker.closures.iter().any(|closure| {
        let service = closure.service.as_service();
        let has = || closure.operations.iter().any(|it| it.id == shape.id);
        service.is_some_and(|service| lists(&service.errors)) && has()
    });
    of_service || shape.as_operation().is_some_and(|it| lists(&it.errors))
}

fn check_body<'s>(
    checker: &mut Checker<'_, 's>,
    subject: Subject<'_, 's>,
    id: &ShapeId<'_>,
    body: Option<&Node<'s>>,
    relaxed: bool,
) {
    let (Some(shape), Some(body)) = (checker.model.shape(id), body) else {
        return;
    };
    for fault in values::faults(checker.model, shape, None, body) {
        let constraint = fault.kind != FaultKind::Type;
        if constraint && relaxed {
            continue;
        }
        let message = format!("the example does not fit: {}", fault.message);
        let mut problem = Problem::warning(fault.span, message).about(subject.id());
        problem.hint = fault.hint;
        checker.report(problem);
    }
}
