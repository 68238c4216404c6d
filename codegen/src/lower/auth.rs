//! Ways to authenticate.

use tinsmith_model::{Problem, Shape};

use super::context::Context;
use crate::ir::Auth;

/// The ways of `operation`, or of the service itself, best first. Those that cannot be generated are
/// left out as long as one remains.
pub(super) fn schemes(
    context: &Context<'_, '_>,
    operation: &Shape<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Auth> {
    let service = context.closure.service;
    let ids = context.model.auth_schemes(service, operation);
    let schemes: Vec<_> = ids.iter().filter_map(|id| scheme(service, id)).collect();
    // What an operation takes over from its service is told once, there.
    let is_own = operation.id == service.id || operation.traits.auth().is_some();
    if schemes.is_empty() && !ids.is_empty() && is_own {
        let message = format!("no client can authenticate with {}", ids.join(", "));
        let hint = "supported are smithy.api#httpBearerAuth, aws.auth#sigv4, smithy.api#noAuth";
        problems.push(
            Problem::error(operation.span, message)
                .about(operation.id.as_str())
                .hint(hint),
        );
    }
    schemes
}

fn scheme(service: &Shape<'_>, id: &str) -> Option<Auth> {
    match id {
        "smithy.api#httpBearerAuth" => Some(Auth::HttpBearer),
        "smithy.api#noAuth" => Some(Auth::Anonymous),
        "aws.auth#sigv4" => Some(Auth::SigV4 {
            name: service.traits.sigv4()?.into(),
        }),
        _ => None,
    }
}
