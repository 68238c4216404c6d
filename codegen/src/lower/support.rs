//! What this generator cannot make yet: said with its place, never made wrong.

use tinsmith_model::{Closure, Model, Problem, Severity, Shape, ShapeKind};

use crate::ir::Protocol;

/// The protocols that clients can be made for, with their trait ids.
const PROTOCOLS: &[(&str, Protocol)] = &[("aws.protocols#restJson1", Protocol::RestJson1)];

/// A problem that concerns no one place.
pub(super) fn placeless(message: impl Into<String>) -> Problem {
    Problem {
        severity: Severity::Error,
        shape: None,
        span: None,
        message: message.into(),
        hint: None,
    }
}

/// The service's protocol.
pub(super) fn protocol(
    model: &Model<'_>,
    service: &Shape<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Protocol> {
    let spoken = model.protocols(service);
    let known = PROTOCOLS.iter().find(|(id, _)| spoken.contains(id));
    if known.is_none() {
        let supported: Vec<_> = PROTOCOLS.iter().map(|(id, _)| *id).collect();
        let message = if spoken.is_empty() {
            "the service has no protocol".to_string()
        } else {
            format!("no client can be made for {}", spoken.join(", "))
        };
        let hint = format!("supported is {}", supported.join(", "));
        problems.push(
            Problem::error(service.span, message)
                .about(service.id.as_str())
                .hint(hint),
        );
    }
    known.map(|(_, protocol)| *protocol)
}

/// Names everything in the closure that cannot be generated.
pub(super) fn check(closure: &Closure<'_, '_>, problems: &mut Vec<Problem>) {
    for operation in &closure.operations {
        if operation.traits.has("smithy.api#endpoint") {
            problems.push(unsupported(operation, "a host prefix"));
        }
        if operation.traits.has("smithy.api#requestCompression") {
            problems.push(warned(operation, "requests are sent without compression"));
        }
        if operation.traits.http().is_none() {
            let problem = Problem::error(operation.span, "the operation has no `http` trait");
            problems.push(problem.about(operation.id.as_str()));
        }
    }
    for shape in &closure.shapes {
        if shape.traits.streaming() {
            let what = match shape.kind {
                ShapeKind::Union => "an event stream",
                _ => "a streaming blob",
            };
            problems.push(unsupported(shape, what));
        }
    }
}

fn unsupported(shape: &Shape<'_>, what: &str) -> Problem {
    Problem::error(shape.span, format!("{what} is not supported yet")).about(shape.id.as_str())
}

fn warned(shape: &Shape<'_>, message: &str) -> Problem {
    Problem::warning(shape.span, message).about(shape.id.as_str())
}
