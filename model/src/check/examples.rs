//! `smithy.api#examples` and `smithy.rules#endpointTests`: what they name is there. All of these are
//! warnings, since no request depends on them.
//!
//! Source: Smithy 2.0, "examples trait" and "endpointTests trait".

use super::values::{self, FaultKind};
use super::{Checker, Subject};
use crate::model::{Shape, ShapeId};
use crate::node::Node;
use crate::problem::Problem;
use crate::suggest;
use crate::traits::Example;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for shape in checker.shapes() {
        if shape.as_operation().is_some() {
            for example in shape.traits.examples() {
                check_example(checker, shape, &example);
            }
        }
        if shape.as_service().is_some() {
            if let Some(tests) = shape.traits.get("smithy.rules#endpointTests") {
                check_endpoint_tests(checker, shape, tests);
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
        Some(_) => check_body(checker, subject, &id, error.content, relaxed),
        None => {
            let message = format!("the error `{id}` of the example is not defined");
            checker.warning(subject, example.node.span, message);
        }
    }
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

fn check_endpoint_tests<'s>(checker: &mut Checker<'_, 's>, service: &Shape<'s>, tests: &Node<'s>) {
    let rules = service.traits.endpoint_rule_set();
    let parameters = rules.and_then(|rules| rules.get("parameters")?.as_object());
    let known: Option<Vec<&str>> =
        parameters.map(|it| it.iter().map(|(name, ..)| &**name).collect());
    let cases = tests.get("testCases").and_then(Node::as_array);
    for case in cases.unwrap_or_default() {
        if let (Some(known), Some(params)) = (&known, case.get("params").and_then(Node::as_object))
        {
            for (name, place, _) in params {
                if !known.contains(&&**name) {
                    let message = format!("the endpoint rules have no parameter `{name}`");
                    let problem = Problem::warning(*place, message).about(service.id.to_string());
                    let names = known.iter().copied();
                    checker.report(suggest::with_suggestion(problem, name, names));
                }
            }
        }
        let inputs = case.get("operationInputs").and_then(Node::as_array);
        for input in inputs.unwrap_or_default() {
            check_operation_input(checker, service, input);
        }
    }
}

fn check_operation_input<'s>(checker: &mut Checker<'_, 's>, service: &Shape<'s>, input: &Node<'s>) {
    let subject = Subject::Shape(service);
    let Some(name) = input.get("operationName") else {
        return;
    };
    let closure = checker.model.closure(&service.id);
    let operations = closure
        .map(|closure| closure.operations)
        .unwrap_or_default();
    let wanted = name.as_str().unwrap_or_default();
    let Some(operation) = operations.iter().find(|shape| shape.id.name() == wanted) else {
        let message = format!("the service has no operation `{wanted}`");
        let problem = Problem::warning(name.span, message).about(subject.id());
        let names = operations.iter().map(|shape| shape.id.name());
        return checker.report(suggest::with_suggestion(problem, wanted, names));
    };
    let bound = operation.as_operation();
    let shape = bound.and_then(|it| checker.model.shape(&it.input));
    let (Some(shape), Some(params)) = (shape, input.get("operationParams")) else {
        return;
    };
    for fault in values::faults(checker.model, shape, None, params) {
        if fault.kind == FaultKind::Type {
            let message = format!("the endpoint test does not fit: {}", fault.message);
            let mut problem = Problem::warning(fault.span, message).about(subject.id());
            problem.hint = fault.hint;
            checker.report(problem);
        }
    }
}
