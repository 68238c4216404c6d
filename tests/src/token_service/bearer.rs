//! `smithy.api#httpBearerAuth`.

use super::reply::ApiError;
use super::request::Request;

pub(super) fn verify(request: &Request, token: &str) -> Result<(), ApiError> {
    let given = request
        .header("authorization")
        .and_then(|value| value.strip_prefix("Bearer "));
    match given {
        Some(given) if given == token => Ok(()),
        Some(_) => Err(denied("The token is not valid")),
        None => Err(denied("The request has no bearer token")),
    }
}

fn denied(message: &str) -> ApiError {
    ApiError::new(403, "AccessDeniedException", message)
}
