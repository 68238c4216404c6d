//! Operations of one service that answer to the same requests.
//!
//! Source: Smithy 2.0, "Pattern Validation and Conflict Avoidance".

use std::collections::HashMap;

use super::{Checker, Subject};
use crate::model::Shape;
use crate::traits::{Segment, UriPattern};

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for closure in checker.closures {
        let mut routes: HashMap<Vec<String>, &Shape<'_>> = HashMap::new();
        for operation in &closure.operations {
            let Some(route) = route(operation) else {
                continue;
            };
            if let Some(other) = routes.insert(route, operation) {
                let place = operation.traits.get("smithy.api#http");
                let place = place.map_or(operation.span, |http| http.span);
                let message = format!("`{}` has the same method and URI", other.id);
                checker.error(Subject::Shape(operation), place, message);
            }
        }
    }
}

/// What a request is told apart by: method, host prefix, path and literal query. Whatever a label is
/// called, it matches the same.
fn route(operation: &Shape<'_>) -> Option<Vec<String>> {
    let http = operation.traits.http()?;
    let pattern = UriPattern::parse(http.uri).ok()?;
    let host = operation.traits.endpoint_host_prefix().unwrap_or_default();
    let mut route = vec![http.method.to_owned(), host.to_owned()];
    route.extend(pattern.segments.iter().map(|segment| match segment {
        Segment::Literal(text) => format!("/{text}"),
        Segment::Label { greedy: false, .. } => "/{}".to_owned(),
        Segment::Label { greedy: true, .. } => "/{+}".to_owned(),
    }));
    if route.last().is_some_and(|last| last == "/") {
        route.pop();
    }
    let mut query: Vec<String> = pattern
        .query
        .iter()
        .map(|it| format!("?{}={}", it.name, it.value.unwrap_or_default()))
        .collect();
    query.sort_unstable();
    route.extend(query);
    Some(route)
}
