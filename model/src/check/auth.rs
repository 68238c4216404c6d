//! The schemes that `smithy.api#auth` lists are schemes of the service.
//!
//! Source: Smithy 2.0, "auth trait".

use super::{Checker, Subject};
use crate::model::Shape;
use crate::node::Node;
use crate::problem::Problem;
use crate::traits::NO_AUTH;
use crate::words;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for closure in checker.closures {
        let service = closure.service;
        let schemes = checker.model.service_auth_schemes(service);
        check_list(checker, &schemes, service);
        for operation in &closure.operations {
            check_list(checker, &schemes, operation);
        }
    }
}

fn check_list(checker: &mut Checker<'_, '_>, schemes: &[&str], shape: &Shape<'_>) {
    let listed = shape.traits.get("smithy.api#auth").and_then(Node::as_array);
    for scheme in listed.unwrap_or_default() {
        let Some(id) = scheme.as_str() else {
            continue;
        };
        if schemes.contains(&id) || id == NO_AUTH {
            continue;
        }
        let message = format!("the service has no authentication scheme `{id}`");
        let problem = Problem::error(scheme.span, message).about(Subject::Shape(shape).id());
        let schemes = schemes.iter().copied();
        checker.report(words::with_suggestion(problem, id, schemes));
    }
}
