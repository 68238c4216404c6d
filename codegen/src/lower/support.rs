//! What this generator cannot make yet: said with its place, never made wrong.

use std::collections::{BTreeMap, HashSet};

use tinsmith_model::{Closure, Model, Problem, Shape, ShapeId, ShapeKind, Span};

use super::reach::Walk;

use crate::ir::Protocol;

/// The protocols that clients can be made for, with their trait ids.
const PROTOCOLS: &[(&str, Protocol)] = &[
    ("aws.protocols#restJson1", Protocol::RestJson1),
    ("aws.protocols#awsJson1_0", Protocol::AwsJson10),
    ("aws.protocols#awsJson1_1", Protocol::AwsJson11),
    ("smithy.protocols#rpcv2Cbor", Protocol::RpcV2Cbor),
    ("smithy.protocols#rpcv2Json", Protocol::RpcV2Json),
];

/// A problem that concerns no one place.
pub(super) fn placeless(message: impl Into<String>) -> Problem {
    Problem::error(Span::NOWHERE, message)
}

/// The first of the service's protocols that clients can be made for, with its trait id.
pub(super) fn known_protocol(
    model: &Model<'_>,
    service: &Shape<'_>,
) -> Option<(&'static str, Protocol)> {
    let spoken = model.protocols(service);
    PROTOCOLS
        .iter()
        .find(|(id, _)| spoken.contains(id))
        .copied()
}

/// The service's protocol.
pub(super) fn protocol(
    model: &Model<'_>,
    service: &Shape<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Protocol> {
    let known = known_protocol(model, service);
    if known.is_none() {
        let spoken = model.protocols(service);
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
    known.map(|(_, protocol)| protocol)
}

/// Names everything in the closure that cannot be generated; with `skip` the operations it concerns
/// are left out of the closure, and so is what only they reach.
pub(super) fn check<'m, 's>(
    model: &'m Model<'s>,
    closure: &mut Closure<'m, 's>,
    protocol: Protocol,
    skip: bool,
    problems: &mut Vec<Problem>,
) {
    let walk = Walk { model };
    let mut found: BTreeMap<&str, Problem> = BTreeMap::new();
    closure.operations.retain(|operation| {
        let own = of_operation(operation, protocol).map(|what| (*operation, what));
        let streams = streams(model, operation, protocol);
        let faults: Vec<_> = own.into_iter().chain(streams).collect();
        if skip {
            found.extend(faults.first().map(|(_, what)| {
                let message = format!("the operation is left out: {what} is not supported yet");
                (operation.id.as_str(), warned(operation, &message))
            }));
        } else {
            let errors = faults
                .iter()
                .map(|(shape, what)| (shape.id.as_str(), unsupported(shape, what)));
            found.extend(errors);
        }
        !skip || faults.is_empty()
    });
    problems.extend(found.into_values());
    if skip {
        let kept: HashSet<_> = closure
            .operations
            .iter()
            .flat_map(|operation| reached(&walk, closure.service, operation))
            .collect();
        closure.shapes.retain(|shape| kept.contains(&shape.id));
    }
}

/// The data shapes of an operation, the errors of its service included.
fn reached<'m, 's>(
    walk: &Walk<'m, 's>,
    service: &'m Shape<'s>,
    operation: &'m Shape<'s>,
) -> HashSet<&'m ShapeId<'s>> {
    let shared = service
        .as_service()
        .into_iter()
        .flat_map(|service| &service.errors);
    let own = operation.as_operation().into_iter();
    let own = own.flat_map(|bound| {
        [&bound.input, &bound.output]
            .into_iter()
            .chain(&bound.errors)
    });
    walk.from(own.chain(shared))
}

/// What of an operation cannot be generated.
fn of_operation(operation: &Shape<'_>, protocol: Protocol) -> Option<&'static str> {
    if protocol.has_http_bindings() && operation.traits.http().is_none() {
        Some("an operation without the trait `http`")
    } else {
        None
    }
}

/// The streams of an operation that cannot be generated.
fn streams<'m, 's>(
    model: &'m Model<'s>,
    operation: &Shape<'s>,
    protocol: Protocol,
) -> Vec<(&'m Shape<'s>, &'static str)> {
    let Some(bound) = operation.as_operation() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for id in [&bound.input, &bound.output] {
        let members = model.shape(id).into_iter().flat_map(|shape| &shape.members);
        let targets = members.filter_map(|member| model.target(member));
        for shape in targets.filter(|shape| shape.traits.streaming()) {
            if matches!(shape.kind, ShapeKind::Blob) && !protocol.has_http_bindings() {
                let what = "a streaming blob in a protocol without HTTP bindings";
                found.push((shape, what));
            }
        }
    }
    found
}

fn unsupported(shape: &Shape<'_>, what: &str) -> Problem {
    Problem::error(shape.span, format!("{what} is not supported yet")).about(shape.id.as_str())
}

fn warned(shape: &Shape<'_>, message: &str) -> Problem {
    Problem::warning(shape.span, message).about(shape.id.as_str())
}
