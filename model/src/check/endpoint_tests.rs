//! `smithy.rules#endpointTests`: parameters and operations that are there. All faults are warnings,
//! since no request depends on a test.
//!
//! Source: Smithy 2.0, "Rules engine specification", "endpointTests trait".

use super::values::{self, FaultKind};
use super::{Checker, Subject};
use crate::link::Closure;
use crate::model::Shape;
use crate::node::Node;
use crate::problem::Problem;
use crate::words;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for closure in checker.closures {
        let tests = closure.service.traits.get("smithy.rules#endpointTests");
        let cases = tests.and_then(|tests| tests.get("testCases")?.as_array());
        for case in cases.unwrap_or_default() {
            check_params(checker, closure.service, case);
            let inputs = case.get("operationInputs").and_then(Node::as_array);
            for input in inputs.unwrap_or_default() {
                check_operation_input(checker, closure, input);
            }
        }
    }
}

fn check_params<'s>(checker: &mut Checker<'_, 's>, service: &Shape<'s>, case: &Node<'s>) {
    let rules = service.traits.endpoint_rule_set();
    let known = rules.and_then(|rules| rules.get("parameters")?.as_object());
    let params = case.get("params").and_then(Node::as_object);
    let (Some(known), Some(params)) = (known, params) else {
        return;
    };
    for (name, place, _) in params {
        if known.iter().any(|(known, ..)| known == name) {
            continue;
        }
        let message = format!("the endpoint rules have no parameter `{name}`");
        let problem = Problem::warning(*place, message).about(Subject::Shape(service).id());
        let names = known.iter().map(|(known, ..)| &**known);
        checker.report(words::with_suggestion(problem, name, names));
    }
}

fn check_operation_input<'s>(
    checker: &mut Checker<'_, 's>,
    closure: &Closure<'_, 's>,
    input: &Node<'s>,
) {
    let subject = Subject::Shape(closure.service);
    let Some(name) = input.get("operationName") else {
        return;
    };
    let wanted = name.as_str().unwrap_or_default();
    let mut operations = closure.operations.iter();
    let Some(operation) = operations.find(|shape| shape.id.name() == wanted) else {
        let message = format!("the service has no operation `{wanted}`");
        let problem = Problem::warning(name.span, message).about(subject.id());
        let names = closure.operations.iter().map(|shape| shape.id.name());
        return checker.report(words::with_suggestion(problem, wanted, names));
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
