//! The access-token operations of Amazon Route 53 Global Resolver.
//!
//! Source: Route 53 Global Resolver API Reference, CreateAccessToken, DeleteAccessToken,
//! GetAccessToken, ListAccessTokens, UpdateAccessToken.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Options;
use super::checks::Checks;
use super::json::Members;
use super::reply::{ApiError, Reply};
use super::request::Request;
use super::store::{ResolverToken, Store, date_time, in_a_year, uuid};

/// The service's name in the credential scope.
pub(super) const SIGNING_NAME: &str = "route53globalresolver";

const GLOBAL_RESOLVER: &str = "gr-1";
const OPERATIONAL: &str = "OPERATIONAL";

pub(super) fn create(
    request: &Request,
    store: &mut Store,
    options: &Options,
    dns_view: &str,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    request.no_query()?;
    let mut members = Members::of(request)?;
    let client_token = members.text("clientToken")?;
    let expires = members.date_time("expiresAt")?;
    let name = members.text("name")?;
    let tags = members.texts("tags")?.unwrap_or_default();
    members.finish()?;

    let mut checks = Checks::default();
    checks.resource_id("/dnsViewId", dns_view);
    if let Some(client_token) = &client_token {
        checks.length("/clientToken", client_token, 1, 256);
    }
    if let Some(name) = &name {
        checks.resource_name("/name", name);
    }
    checks.tags("/tags", &tags);
    refuse_invalid(&checks)?;
    existing_view(options, dns_view)?;

    let asked = format!("{dns_view} {expires:?} {name:?} {tags:?}");
    if let Some(id) = made_before(store, client_token.as_deref(), &asked)? {
        let token = store.resolver.get(&id).ok_or_else(|| not_found(&id))?;
        return Ok(Reply::json(200, &created(&id, token, options)));
    }
    if store.resolver.len() >= options.quota {
        let message = format!("There can be {} access tokens", options.quota);
        let error = ApiError::new(402, "ServiceQuotaExceededException", message);
        return Err(error
            .with("resourceType", "access-token")
            .with("serviceCode", SIGNING_NAME)
            .with("quotaCode", "L-1"));
    }
    let id = format!("at-{}", uuid());
    let token = ResolverToken {
        client_token: client_token.clone(),
        dns_view: dns_view.to_owned(),
        name,
        value: uuid(),
        created: now,
        updated: now,
        expires: expires.unwrap_or_else(|| in_a_year(now)),
    };
    let body = created(&id, &token, options);
    if let Some(client_token) = client_token {
        let made = (asked, id.clone());
        store.client_tokens.insert(client_token, made);
    }
    store.resolver.insert(id, token);
    Ok(Reply::json(200, &body))
}

/// The id of the token that the same request made before. The same client token with another request
/// is a conflict.
fn made_before(
    store: &Store,
    client_token: Option<&str>,
    asked: &str,
) -> Result<Option<String>, ApiError> {
    let before = client_token.and_then(|token| store.client_tokens.get(token));
    match before {
        None => Ok(None),
        Some((same, id)) if same == asked => Ok(Some(id.clone())),
        Some((_, id)) => {
            let message = "The client token was used with another request";
            let error = ApiError::new(409, "ConflictException", message);
            Err(error
                .with("resourceId", id.as_str())
                .with("resourceType", "access-token"))
        }
    }
}

pub(super) fn delete(
    request: &Request,
    store: &mut Store,
    id: &str,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    request.no_query()?;
    request.no_body()?;
    check_id(id)?;
    store.resolver.remove(id).ok_or_else(|| not_found(id))?;
    let body = json!({"id": id, "status": "DELETING", "deletedAt": date_time(now)});
    Ok(Reply::json(200, &body))
}

pub(super) fn get(
    request: &Request,
    store: &Store,
    options: &Options,
    id: &str,
) -> Result<Reply, ApiError> {
    request.no_query()?;
    request.no_body()?;
    check_id(id)?;
    let token = store.resolver.get(id).ok_or_else(|| not_found(id))?;
    let mut body = created(id, token, options);
    body["globalResolverId"] = json!(GLOBAL_RESOLVER);
    body["updatedAt"] = json!(date_time(token.updated));
    Ok(Reply::json(200, &body))
}

pub(super) fn list(
    request: &Request,
    store: &Store,
    options: &Options,
    dns_view: &str,
) -> Result<Reply, ApiError> {
    request.no_body()?;
    let query = ListQuery::of(request)?;
    let mut checks = Checks::default();
    checks.resource_id("/dnsViewId", dns_view);
    refuse_invalid(&checks)?;
    existing_view(options, dns_view)?;
    let page = store.resolver.page(
        query.next_token.as_deref(),
        query.max_results,
        |(_, token)| token.dns_view == dns_view && query.lets_through(token),
    );
    let Some(page) = page else {
        return Err(invalid_field("next_token", "The token is not valid"));
    };
    let tokens: Vec<_> = page
        .rows
        .iter()
        .map(|(id, token)| {
            let mut item = created(id, token, options);
            item["globalResolverId"] = json!(GLOBAL_RESOLVER);
            item["updatedAt"] = json!(date_time(token.updated));
            if let Value::Object(members) = &mut item {
                members.remove("clientToken");
                members.remove("value");
            }
            item
        })
        .collect();
    let mut body = json!({ "accessTokens": tokens });
    if let Some(next) = page.next {
        body["nextToken"] = json!(next);
    }
    Ok(Reply::json(200, &body))
}

/// The query string of ListAccessTokens. What is not a parameter of its own is a filter.
struct ListQuery {
    max_results: usize,
    next_token: Option<String>,
    names: Vec<String>,
    statuses: Vec<String>,
}

impl ListQuery {
    fn of(request: &Request) -> Result<Self, ApiError> {
        let mut query = Self {
            max_results: 100,
            next_token: None,
            names: Vec::new(),
            statuses: Vec::new(),
        };
        for (name, value) in request.params()? {
            match name.as_str() {
                "max_results" => {
                    let number = value.parse().ok().filter(|number| *number > 0);
                    query.max_results =
                        number.ok_or_else(|| invalid_field(&name, "Not a positive integer"))?;
                }
                "next_token" => query.next_token = Some(value),
                "name" => query.names.push(value),
                "status" => query.statuses.push(value),
                _ => return Err(invalid_field(&name, "There is no such filter")),
            }
        }
        Ok(query)
    }

    fn lets_through(&self, token: &ResolverToken) -> bool {
        let name = token.name.as_deref().unwrap_or_default();
        (self.names.is_empty() || self.names.iter().any(|wanted| wanted == name))
            && (self.statuses.is_empty() || self.statuses.iter().any(|one| one == OPERATIONAL))
    }
}

pub(super) fn update(
    request: &Request,
    store: &mut Store,
    id: &str,
    now: Timestamp,
) -> Result<Reply, ApiError> {
    request.no_query()?;
    let mut members = Members::of(request)?;
    let name = members.text("name")?;
    members.finish()?;
    let mut checks = Checks::default();
    checks.resource_id("/accessTokenId", id);
    checks.required("/name", name.as_ref());
    let name = name.unwrap_or_default();
    checks.resource_name("/name", &name);
    refuse_invalid(&checks)?;
    let token = store.resolver.get_mut(id).ok_or_else(|| not_found(id))?;
    token.name = Some(name.clone());
    token.updated = now;
    Ok(Reply::json(200, &json!({"id": id, "name": name})))
}

/// The output of CreateAccessToken, which all but one of the others have in common.
fn created(id: &str, token: &ResolverToken, options: &Options) -> Value {
    let arn = format!(
        "arn:aws:{SIGNING_NAME}:{}:123456789012:access-token/{id}",
        options.region
    );
    let mut body = json!({
        "id": id,
        "arn": arn,
        "createdAt": date_time(token.created),
        "dnsViewId": token.dns_view,
        "expiresAt": date_time(token.expires),
        "status": OPERATIONAL,
        "value": token.value,
    });
    if let Some(client_token) = &token.client_token {
        body["clientToken"] = json!(client_token);
    }
    if let Some(name) = &token.name {
        body["name"] = json!(name);
    }
    body
}

pub(super) fn throttled() -> ApiError {
    ApiError::new(429, "ThrottlingException", "Rate exceeded")
        .with("serviceCode", SIGNING_NAME)
        .with("quotaCode", "L-2")
}

fn existing_view(options: &Options, dns_view: &str) -> Result<(), ApiError> {
    if options.dns_views.iter().any(|view| view == dns_view) {
        return Ok(());
    }
    let message = format!("There is no DNS view {dns_view:?}");
    Err(ApiError::new(404, "ResourceNotFoundException", message)
        .with("resourceId", dns_view)
        .with("resourceType", "dns-view"))
}

fn not_found(id: &str) -> ApiError {
    let message = format!("There is no access token {id:?}");
    ApiError::new(404, "ResourceNotFoundException", message)
        .with("resourceId", id)
        .with("resourceType", "access-token")
}

fn check_id(id: &str) -> Result<(), ApiError> {
    let mut checks = Checks::default();
    checks.resource_id("/accessTokenId", id);
    refuse_invalid(&checks)
}

fn refuse_invalid(checks: &Checks) -> Result<(), ApiError> {
    let Some(message) = checks.message() else {
        return Ok(());
    };
    let fields = checks.0.iter();
    Err(invalid(
        message,
        fields.map(|(path, message)| (path.trim_start_matches('/'), message.as_str())),
    ))
}

fn invalid_field(name: &str, message: &str) -> ApiError {
    invalid(message.to_owned(), [(name, message)].into_iter())
}

fn invalid<'a>(message: String, fields: impl Iterator<Item = (&'a str, &'a str)>) -> ApiError {
    let fields: Vec<_> = fields
        .map(|(name, message)| json!({"name": name, "message": message}))
        .collect();
    ApiError::new(400, "ValidationException", message)
        .with("reason", "FIELD_VALIDATION_FAILED")
        .with("fieldList", fields)
}
