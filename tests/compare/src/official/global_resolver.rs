//! The operations of Amazon Route 53 Global Resolver.

use aws_sdk_route53globalresolver::types::{
    AccessTokenItem, TokenStatus, ValidationExceptionField, ValidationExceptionReason,
};
use aws_sdk_route53globalresolver::{Client, Error};
use serde_json::Value;

use super::members::{ToJson, members};
use super::{Input, Modeled, outcome};
use crate::outcome::Outcome;

/// Calls an operation; nothing where there is none of that name.
pub(super) async fn call(client: &Client, operation: &str, input: &mut Input) -> Option<Outcome> {
    Some(match operation {
        "CreateAccessToken" => create(client, input).await,
        "DeleteAccessToken" => delete(client, input).await,
        "GetAccessToken" => get(client, input).await,
        "ListAccessTokens" => list(client, input).await,
        "UpdateAccessToken" => update(client, input).await,
        _ => return None,
    })
}

async fn create(client: &Client, input: &mut Input) -> Outcome {
    let call = client
        .create_access_token()
        .set_client_token(input.text("clientToken"))
        .set_dns_view_id(input.text("dnsViewId"))
        .set_expires_at(input.time("expiresAt"))
        .set_name(input.text("name"))
        .set_tags(input.map("tags"));
    outcome(
        call.send().await,
        |output| {
            members!(
                output,
                id "id",
                arn "arn",
                client_token "clientToken",
                created_at "createdAt",
                dns_view_id "dnsViewId",
                expires_at "expiresAt",
                name "name",
                status "status",
                value "value",
            )
        },
        modeled,
    )
}

async fn delete(client: &Client, input: &mut Input) -> Outcome {
    let call = client
        .delete_access_token()
        .set_access_token_id(input.text("accessTokenId"));
    outcome(
        call.send().await,
        |output| members!(output, id "id", status "status", deleted_at "deletedAt"),
        modeled,
    )
}

async fn get(client: &Client, input: &mut Input) -> Outcome {
    let call = client
        .get_access_token()
        .set_access_token_id(input.text("accessTokenId"));
    outcome(
        call.send().await,
        |output| {
            members!(
                output,
                id "id",
                arn "arn",
                client_token "clientToken",
                created_at "createdAt",
                dns_view_id "dnsViewId",
                expires_at "expiresAt",
                global_resolver_id "globalResolverId",
                name "name",
                status "status",
                updated_at "updatedAt",
                value "value",
            )
        },
        modeled,
    )
}

async fn list(client: &Client, input: &mut Input) -> Outcome {
    let call = client
        .list_access_tokens()
        .set_max_results(input.integer("maxResults"))
        .set_next_token(input.text("nextToken"))
        .set_dns_view_id(input.text("dnsViewId"))
        .set_filters(input.map("filters"));
    outcome(
        call.send().await,
        |output| members!(output, next_token "nextToken", access_tokens "accessTokens"),
        modeled,
    )
}

async fn update(client: &Client, input: &mut Input) -> Outcome {
    let call = client
        .update_access_token()
        .set_access_token_id(input.text("accessTokenId"))
        .set_name(input.text("name"));
    outcome(
        call.send().await,
        |output| members!(output, id "id", name "name"),
        modeled,
    )
}

impl ToJson for AccessTokenItem {
    fn to_json(&self) -> Option<Value> {
        Some(members!(
            self,
            id "id",
            arn "arn",
            created_at "createdAt",
            dns_view_id "dnsViewId",
            expires_at "expiresAt",
            global_resolver_id "globalResolverId",
            name "name",
            status "status",
            updated_at "updatedAt",
        ))
    }
}

impl ToJson for TokenStatus {
    fn to_json(&self) -> Option<Value> {
        Some(self.as_str().into())
    }
}

impl ToJson for ValidationExceptionReason {
    fn to_json(&self) -> Option<Value> {
        Some(self.as_str().into())
    }
}

impl ToJson for ValidationExceptionField {
    fn to_json(&self) -> Option<Value> {
        Some(members!(self, name "name", message "message"))
    }
}

fn modeled(error: &Error) -> Modeled {
    macro_rules! errors {
        ($($name:ident { $($field:ident $member:literal),* })*) => {
            match error {
                $(Error::$name(error) => {
                    Some((stringify!($name), members!(error, $($field $member),*)))
                })*
                _ => None,
            }
        };
    }
    errors! {
        AccessDeniedException { message "message" }
        ConflictException {
            message "message", resource_id "resourceId", resource_type "resourceType"
        }
        InternalServerException { message "message", retry_after_seconds "retryAfterSeconds" }
        ResourceNotFoundException {
            message "message", resource_id "resourceId", resource_type "resourceType"
        }
        ServiceQuotaExceededException {
            message "message", resource_id "resourceId", resource_type "resourceType",
            service_code "serviceCode", quota_code "quotaCode"
        }
        ThrottlingException {
            message "message", service_code "serviceCode", quota_code "quotaCode",
            retry_after_seconds "retryAfterSeconds"
        }
        ValidationException { message "message", reason "reason", field_list "fieldList" }
    }
}
