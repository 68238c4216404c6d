//! The operations of Amazon CodeCatalyst.

use aws_sdk_codecatalyst::types::AccessTokenSummary;
use aws_sdk_codecatalyst::{Client, Error};
use serde_json::{Value, json};

use super::members::{ToJson, members};
use super::{Input, Modeled, outcome};
use crate::outcome::Outcome;

/// Calls an operation; nothing where there is none of that name.
pub(super) async fn call(client: &Client, operation: &str, input: &mut Input) -> Option<Outcome> {
    Some(match operation {
        "CreateAccessToken" => create(client, input).await,
        "DeleteAccessToken" => delete(client, input).await,
        "ListAccessTokens" => list(client, input).await,
        _ => return None,
    })
}

async fn create(client: &Client, input: &mut Input) -> Outcome {
    let call = client
        .create_access_token()
        .set_name(input.text("name"))
        .set_expires_time(input.time("expiresTime"));
    outcome(
        call.send().await,
        |output| {
            members!(
                output,
                secret "secret",
                name "name",
                expires_time "expiresTime",
                access_token_id "accessTokenId",
            )
        },
        modeled,
    )
}

async fn delete(client: &Client, input: &mut Input) -> Outcome {
    let call = client.delete_access_token().set_id(input.text("id"));
    outcome(call.send().await, |_| json!({}), modeled)
}

async fn list(client: &Client, input: &mut Input) -> Outcome {
    let call = client
        .list_access_tokens()
        .set_max_results(input.integer("maxResults"))
        .set_next_token(input.text("nextToken"));
    outcome(
        call.send().await,
        |output| members!(output, items "items", next_token "nextToken"),
        modeled,
    )
}

impl ToJson for AccessTokenSummary {
    fn to_json(&self) -> Option<Value> {
        Some(members!(self, id "id", name "name", expires_time "expiresTime"))
    }
}

fn modeled(error: &Error) -> Modeled {
    macro_rules! messages {
        ($($name:ident)*) => {
            match error {
                $(Error::$name(error) => Some((stringify!($name), members!(error, message "message"))),)*
                _ => None,
            }
        };
    }
    messages!(
        AccessDeniedException
        ConflictException
        ResourceNotFoundException
        ServiceQuotaExceededException
        ThrottlingException
        ValidationException
    )
}
