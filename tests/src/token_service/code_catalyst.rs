//! The access-token operations of Amazon CodeCatalyst.
//!
//! Source: Amazon CodeCatalyst API Reference, CreateAccessToken, DeleteAccessToken, ListAccessTokens.

use jiff::Timestamp;
use serde_json::json;

use super::Options;
use super::checks::Checks;
use super::json::Members;
use super::reply::{ApiError, Reply};
use super::request::Request;
use super::store::{PersonalToken, Store, date_time, in_a_year, uuid};

pub(super) fn create(
    request: &Request,
    store: &mut Store,
    options: &Options,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    request.no_query()?;
    let mut members = Members::of(request)?;
    let name = members.text("name")?;
    let expires = members.date_time("expiresTime")?;
    members.finish()?;

    let mut checks = Checks::default();
    checks.required("/name", name.as_ref());
    let name = name.unwrap_or_default();
    checks.length("/name", &name, 1, 100);
    refuse_invalid(&checks)?;
    if store.personal.iter().any(|(_, token)| token.name == name) {
        let message = format!("There is an access token named {name:?} already");
        return Err(ApiError::new(409, "ConflictException", message));
    }
    if store.personal.len() >= options.quota {
        let message = format!("There can be {} access tokens", options.quota);
        return Err(ApiError::new(402, "ServiceQuotaExceededException", message));
    }
    let token = PersonalToken {
        name,
        expires: expires.unwrap_or_else(|| in_a_year(now)),
    };
    let id = uuid();
    let body = json!({
        "secret": uuid(),
        "name": token.name,
        "expiresTime": date_time(token.expires),
        "accessTokenId": id,
    });
    store.personal.insert(id, token);
    Ok(Reply::json(201, &body))
}

pub(super) fn delete(request: &Request, store: &mut Store, id: &str) -> Result<Reply, ApiError> {
    request.no_query()?;
    request.no_body()?;
    let mut checks = Checks::default();
    checks.length("/id", id, 1, 36);
    refuse_invalid(&checks)?;
    match store.personal.remove(id) {
        Some(_) => Ok(Reply::json(200, &json!({}))),
        None => {
            let message = format!("There is no access token {id:?}");
            Err(ApiError::new(404, "ResourceNotFoundException", message))
        }
    }
}

pub(super) fn list(request: &Request, store: &Store) -> Result<Reply, ApiError> {
    request.no_query()?;
    let mut members = Members::of(request)?;
    let max_results = members.integer("maxResults")?;
    let next_token = members.text("nextToken")?;
    members.finish()?;

    let mut checks = Checks::default();
    if let Some(max_results) = max_results {
        checks.at_most("/maxResults", max_results, 10);
    }
    if let Some(next_token) = &next_token {
        checks.length("/nextToken", next_token, 1, 10_000);
    }
    refuse_invalid(&checks)?;
    let size = usize::try_from(max_results.unwrap_or(10))
        .unwrap_or(0)
        .max(1);
    let page = store.personal.page(next_token.as_deref(), size, |_| true);
    let Some(page) = page else {
        return Err(validation("The nextToken is not valid"));
    };
    let items: Vec<_> = page
        .rows
        .iter()
        .map(|(id, token)| {
            json!({"id": id, "name": token.name, "expiresTime": date_time(token.expires)})
        })
        .collect();
    let mut body = json!({ "items": items });
    if let Some(next) = page.next {
        body["nextToken"] = json!(next);
    }
    Ok(Reply::json(200, &body))
}

pub(super) fn throttled() -> ApiError {
    ApiError::new(429, "ThrottlingException", "Rate exceeded")
}

fn validation(message: impl Into<String>) -> ApiError {
    ApiError::new(400, "ValidationException", message)
}

fn refuse_invalid(checks: &Checks) -> Result<(), ApiError> {
    match checks.message() {
        None => Ok(()),
        Some(message) => Err(validation(message)),
    }
}
