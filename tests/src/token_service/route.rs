//! From a request to the operation that it asks for.

use jiff::Timestamp;

use super::reply::{ApiError, Reply};
use super::request::Request;
use super::store::Store;
use super::{Options, bearer, code_catalyst, global_resolver, sigv4};

/// The services, as far as a path tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    CodeCatalyst,
    GlobalResolver,
}

impl Service {
    pub(super) fn of(request: &Request) -> Result<Self, ApiError> {
        if request.path.starts_with("/v1/accessTokens") {
            return Ok(Self::CodeCatalyst);
        }
        if request.path.starts_with("/tokens/") {
            return Ok(Self::GlobalResolver);
        }
        Err(unknown_operation(404))
    }

    pub(super) fn throttled(self, retry_after: Option<u32>) -> ApiError {
        match self {
            Self::CodeCatalyst => code_catalyst::throttled(),
            Self::GlobalResolver => global_resolver::throttled(),
        }
        .retry_after(retry_after)
    }
}

/// Authenticates a request and carries it out.
pub(super) fn carry_out(
    request: &Request,
    service: Service,
    store: &mut Store,
    options: &Options,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    let segments = request.segments()?;
    let segments: Vec<_> = segments.iter().map(String::as_str).collect();
    match service {
        Service::CodeCatalyst => {
            bearer::verify(request, &options.bearer_token)?;
            code_catalyst(request, &segments, store, options, now)
        }
        Service::GlobalResolver => {
            let name = global_resolver::SIGNING_NAME;
            sigv4::verify(request, &options.credentials, name, &options.region, now)
                .map_err(|refusal| ApiError::new(403, refusal.code, refusal.message))?;
            let request = &request.without_signature_params();
            global_resolver(request, &segments, store, options, now)
        }
    }
}

fn code_catalyst(
    request: &Request,
    segments: &[&str],
    store: &mut Store,
    options: &Options,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    match (request.method.as_str(), segments) {
        ("PUT", ["v1", "accessTokens"]) => code_catalyst::create(request, store, options, now),
        ("POST", ["v1", "accessTokens"]) => code_catalyst::list(request, store),
        ("DELETE", ["v1", "accessTokens", id]) => code_catalyst::delete(request, store, id),
        (_, ["v1", "accessTokens"] | ["v1", "accessTokens", _]) => Err(unknown_operation(405)),
        _ => Err(unknown_operation(404)),
    }
}

fn global_resolver(
    request: &Request,
    segments: &[&str],
    store: &mut Store,
    options: &Options,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    match (request.method.as_str(), segments) {
        ("GET", ["tokens", "dns-view", view]) => {
            global_resolver::list(request, store, options, view)
        }
        ("POST", ["tokens", view]) => global_resolver::create(request, store, options, view, now),
        ("DELETE", ["tokens", id]) => global_resolver::delete(request, store, id, now),
        ("GET", ["tokens", id]) => global_resolver::get(request, store, options, id),
        ("PATCH", ["tokens", id]) => global_resolver::update(request, store, id, now),
        (_, ["tokens", _] | ["tokens", "dns-view", _]) => Err(unknown_operation(405)),
        _ => Err(unknown_operation(404)),
    }
}

fn unknown_operation(status: u16) -> ApiError {
    ApiError::new(
        status,
        "UnknownOperationException",
        "There is no such operation",
    )
}
