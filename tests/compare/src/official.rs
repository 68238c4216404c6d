//! Calls of the official crates.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use aws_credential_types::Credentials;
use aws_sdk_codecatalyst as codecatalyst;
use aws_sdk_route53globalresolver as global_resolver;
use aws_smithy_async::time::StaticTimeSource;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_types::request_id::RequestId;
use serde_json::{Map, Value, json};

use crate::outcome::{CallResult, Outcome};
use crate::{Identity, REGION};

/// Both clients, as they reach one server.
#[derive(Debug)]
pub struct Official {
    code_catalyst: codecatalyst::Client,
    global_resolver: global_resolver::Client,
}

impl Official {
    /// Clients that send each request to `url`, once.
    pub fn new(url: &str, identity: &Identity) -> Self {
        let http = aws_smithy_http_client::Builder::new().build_http();
        let code_catalyst = codecatalyst::Config::builder()
            .behavior_version(codecatalyst::config::BehaviorVersion::latest())
            .endpoint_url(url)
            .region(codecatalyst::config::Region::new(REGION))
            .bearer_token(codecatalyst::config::Token::new(
                &identity.bearer_token,
                None,
            ))
            .time_source(StaticTimeSource::new(identity.time))
            .retry_config(RetryConfig::disabled())
            .http_client(http.clone())
            .build();
        let global_resolver = global_resolver::Config::builder()
            .behavior_version(global_resolver::config::BehaviorVersion::latest())
            .endpoint_url(url)
            .region(global_resolver::config::Region::new(REGION))
            .credentials_provider(Credentials::from_keys(
                &identity.access_key_id,
                &identity.secret_access_key,
                Some(identity.session_token.clone()),
            ))
            .time_source(StaticTimeSource::new(identity.time))
            .retry_config(RetryConfig::disabled())
            .http_client(http)
            .build();
        Self {
            code_catalyst: codecatalyst::Client::from_conf(code_catalyst),
            global_resolver: global_resolver::Client::from_conf(global_resolver),
        }
    }

    /// Calls an operation with an input in JSON.
    pub async fn call(&self, service: &str, operation: &str, input: &Value) -> Result<Outcome> {
        let mut input = Input(
            input
                .as_object()
                .cloned()
                .context("an input is an object")?,
        );
        let outcome = match service {
            "codecatalyst" => self.code_catalyst(operation, &mut input).await,
            _ => self.global_resolver(operation, &mut input).await,
        }?;
        match input.0.keys().next() {
            Some(name) => anyhow::bail!("no setter of {name} in {operation}"),
            None => Ok(outcome),
        }
    }
}

/// Members of an input, each to be taken once.
struct Input(Map<String, Value>);

impl Input {
    fn text(&mut self, name: &str) -> Option<String> {
        Some(self.0.remove(name)?.as_str()?.to_owned())
    }

    fn integer(&mut self, name: &str) -> Option<i32> {
        i32::try_from(self.0.remove(name)?.as_i64()?).ok()
    }

    fn time(&mut self, name: &str) -> Option<DateTime> {
        DateTime::from_str(&self.text(name)?, Format::DateTime).ok()
    }

    fn map<T: serde::de::DeserializeOwned>(&mut self, name: &str) -> Option<HashMap<String, T>> {
        serde_json::from_value(self.0.remove(name)?).ok()
    }
}

/// Members that are there, as an object.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let there = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(there.collect())
}

fn text(text: &Option<String>) -> Option<Value> {
    text.as_deref().map(Value::from)
}

/// The time in full: what the crate itself writes ends at microseconds.
fn time(time: &DateTime) -> Option<Value> {
    let nanosecond = i32::try_from(time.subsec_nanos()).ok()?;
    let time = jiff::Timestamp::new(time.secs(), nanosecond).ok()?;
    Some(time.to_string().into())
}

/// The outcome of a call, with the error types of its operation told apart by `$modeled`.
macro_rules! outcome {
    ($result:expr, $error:path { $($variant:ident),* }, $modeled:ident, |$output:ident| $value:expr) => {{
        use $error as E;
        let result = $result;
        let request_id = match &result {
            Ok(output) => output.request_id(),
            Err(error) => error.request_id(),
        };
        let request_id = request_id.map(str::to_owned);
        match &result {
            Ok($output) => Outcome { result: CallResult::Output($value), status: None, request_id },
            Err(error) => {
                let (result, status) = failure(error, |error| match error {
                    $(E::$variant(error) => Some((stringify!($variant), $modeled::$variant(error))),)*
                    _ => None,
                });
                Outcome { result, status, request_id }
            }
        }
    }};
}

impl Official {
    async fn code_catalyst(&self, operation: &str, input: &mut Input) -> Result<Outcome> {
        use codecatalyst::operation as op;
        let client = &self.code_catalyst;
        Ok(match operation {
            "CreateAccessToken" => outcome!(
                client
                    .create_access_token()
                    .set_name(input.text("name"))
                    .set_expires_time(input.time("expiresTime"))
                    .send()
                    .await,
                op::create_access_token::CreateAccessTokenError {
                    AccessDeniedException,
                    ConflictException,
                    ResourceNotFoundException,
                    ServiceQuotaExceededException,
                    ThrottlingException,
                    ValidationException
                },
                code_catalyst_errors,
                |output| object([
                    ("secret", Some(json!(output.secret))),
                    ("name", Some(json!(output.name))),
                    ("expiresTime", time(&output.expires_time)),
                    ("accessTokenId", Some(json!(output.access_token_id))),
                ])
            ),
            "DeleteAccessToken" => outcome!(
                client
                    .delete_access_token()
                    .set_id(input.text("id"))
                    .send()
                    .await,
                op::delete_access_token::DeleteAccessTokenError {
                    AccessDeniedException,
                    ConflictException,
                    ResourceNotFoundException,
                    ServiceQuotaExceededException,
                    ThrottlingException,
                    ValidationException
                },
                code_catalyst_errors,
                |_output| json!({})
            ),
            "ListAccessTokens" => outcome!(
                client
                    .list_access_tokens()
                    .set_max_results(input.integer("maxResults"))
                    .set_next_token(input.text("nextToken"))
                    .send()
                    .await,
                op::list_access_tokens::ListAccessTokensError {
                    AccessDeniedException,
                    ConflictException,
                    ResourceNotFoundException,
                    ServiceQuotaExceededException,
                    ThrottlingException,
                    ValidationException
                },
                code_catalyst_errors,
                |output| object([
                    ("items", Some(output.items.iter().map(summary).collect())),
                    ("nextToken", text(&output.next_token)),
                ])
            ),
            _ => anyhow::bail!("no call of {operation}"),
        })
    }

    async fn global_resolver(&self, operation: &str, input: &mut Input) -> Result<Outcome> {
        use global_resolver::operation as op;
        let client = &self.global_resolver;
        Ok(match operation {
            "CreateAccessToken" => outcome!(
                client
                    .create_access_token()
                    .set_client_token(input.text("clientToken"))
                    .set_dns_view_id(input.text("dnsViewId"))
                    .set_expires_at(input.time("expiresAt"))
                    .set_name(input.text("name"))
                    .set_tags(input.map("tags"))
                    .send()
                    .await,
                op::create_access_token::CreateAccessTokenError {
                    AccessDeniedException,
                    ConflictException,
                    InternalServerException,
                    ResourceNotFoundException,
                    ServiceQuotaExceededException,
                    ThrottlingException,
                    ValidationException
                },
                global_resolver_errors,
                |output| object([
                    ("id", Some(json!(output.id))),
                    ("arn", Some(json!(output.arn))),
                    ("clientToken", text(&output.client_token)),
                    ("createdAt", time(&output.created_at)),
                    ("dnsViewId", Some(json!(output.dns_view_id))),
                    ("expiresAt", time(&output.expires_at)),
                    ("name", text(&output.name)),
                    ("status", Some(json!(output.status.as_str()))),
                    ("value", Some(json!(output.value))),
                ])
            ),
            "DeleteAccessToken" => outcome!(
                client
                    .delete_access_token()
                    .set_access_token_id(input.text("accessTokenId"))
                    .send()
                    .await,
                op::delete_access_token::DeleteAccessTokenError {
                    AccessDeniedException,
                    ConflictException,
                    InternalServerException,
                    ResourceNotFoundException,
                    ThrottlingException,
                    ValidationException
                },
                global_resolver_errors,
                |output| object([
                    ("id", Some(json!(output.id))),
                    ("status", Some(json!(output.status.as_str()))),
                    ("deletedAt", time(&output.deleted_at)),
                ])
            ),
            "GetAccessToken" => outcome!(
                client
                    .get_access_token()
                    .set_access_token_id(input.text("accessTokenId"))
                    .send()
                    .await,
                op::get_access_token::GetAccessTokenError {
                    AccessDeniedException,
                    InternalServerException,
                    ResourceNotFoundException,
                    ThrottlingException,
                    ValidationException
                },
                global_resolver_errors,
                |output| object([
                    ("id", Some(json!(output.id))),
                    ("arn", Some(json!(output.arn))),
                    ("clientToken", text(&output.client_token)),
                    ("createdAt", time(&output.created_at)),
                    ("dnsViewId", Some(json!(output.dns_view_id))),
                    ("expiresAt", time(&output.expires_at)),
                    ("globalResolverId", Some(json!(output.global_resolver_id))),
                    ("name", text(&output.name)),
                    ("status", Some(json!(output.status.as_str()))),
                    ("updatedAt", time(&output.updated_at)),
                    ("value", Some(json!(output.value))),
                ])
            ),
            "ListAccessTokens" => outcome!(
                client
                    .list_access_tokens()
                    .set_max_results(input.integer("maxResults"))
                    .set_next_token(input.text("nextToken"))
                    .set_dns_view_id(input.text("dnsViewId"))
                    .set_filters(input.map("filters"))
                    .send()
                    .await,
                op::list_access_tokens::ListAccessTokensError {
                    AccessDeniedException,
                    InternalServerException,
                    ResourceNotFoundException,
                    ThrottlingException,
                    ValidationException
                },
                global_resolver_errors,
                |output| object([
                    ("nextToken", text(&output.next_token)),
                    (
                        "accessTokens",
                        output
                            .access_tokens
                            .as_ref()
                            .map(|items| { items.iter().map(item).collect() })
                    ),
                ])
            ),
            "UpdateAccessToken" => outcome!(
                client
                    .update_access_token()
                    .set_access_token_id(input.text("accessTokenId"))
                    .set_name(input.text("name"))
                    .send()
                    .await,
                op::update_access_token::UpdateAccessTokenError {
                    AccessDeniedException,
                    ConflictException,
                    InternalServerException,
                    ResourceNotFoundException,
                    ServiceQuotaExceededException,
                    ThrottlingException,
                    ValidationException
                },
                global_resolver_errors,
                |output| json!({"id": output.id, "name": output.name})
            ),
            _ => anyhow::bail!("no call of {operation}"),
        })
    }
}

fn summary(item: &codecatalyst::types::AccessTokenSummary) -> Value {
    object([
        ("id", Some(json!(item.id))),
        ("name", Some(json!(item.name))),
        ("expiresTime", item.expires_time.as_ref().and_then(time)),
    ])
}

fn item(item: &global_resolver::types::AccessTokenItem) -> Value {
    object([
        ("id", Some(json!(item.id))),
        ("arn", Some(json!(item.arn))),
        ("createdAt", time(&item.created_at)),
        ("dnsViewId", Some(json!(item.dns_view_id))),
        ("expiresAt", time(&item.expires_at)),
        ("globalResolverId", Some(json!(item.global_resolver_id))),
        ("name", text(&item.name)),
        ("status", Some(json!(item.status.as_str()))),
        ("updatedAt", time(&item.updated_at)),
    ])
}

/// The members of the modelled errors of CodeCatalyst, by the names of their types.
#[allow(non_snake_case)]
mod code_catalyst_errors {
    use aws_sdk_codecatalyst::types::error as e;
    use serde_json::{Value, json};

    macro_rules! messages {
        ($($name:ident),*) => {
            $(pub(super) fn $name(error: &e::$name) -> Value {
                json!({"message": error.message})
            })*
        };
    }

    messages!(
        AccessDeniedException,
        ConflictException,
        ResourceNotFoundException,
        ServiceQuotaExceededException,
        ThrottlingException,
        ValidationException
    );
}

/// The members of the modelled errors of Route 53 Global Resolver, by the names of their types.
#[allow(non_snake_case)]
mod global_resolver_errors {
    use aws_sdk_route53globalresolver::types::{ValidationExceptionField, error as e};
    use serde_json::{Value, json};

    use super::{object, text};

    pub(super) fn AccessDeniedException(error: &e::AccessDeniedException) -> Value {
        json!({"message": error.message})
    }

    pub(super) fn ConflictException(error: &e::ConflictException) -> Value {
        object([
            ("message", Some(json!(error.message))),
            ("resourceId", text(&error.resource_id)),
            ("resourceType", Some(json!(error.resource_type))),
        ])
    }

    pub(super) fn InternalServerException(error: &e::InternalServerException) -> Value {
        object([
            ("message", Some(json!(error.message))),
            (
                "retryAfterSeconds",
                error.retry_after_seconds.map(Value::from),
            ),
        ])
    }

    pub(super) fn ResourceNotFoundException(error: &e::ResourceNotFoundException) -> Value {
        object([
            ("message", Some(json!(error.message))),
            ("resourceId", text(&error.resource_id)),
            ("resourceType", Some(json!(error.resource_type))),
        ])
    }

    pub(super) fn ServiceQuotaExceededException(error: &e::ServiceQuotaExceededException) -> Value {
        object([
            ("message", Some(json!(error.message))),
            ("resourceId", text(&error.resource_id)),
            ("resourceType", Some(json!(error.resource_type))),
            ("serviceCode", text(&error.service_code)),
            ("quotaCode", text(&error.quota_code)),
        ])
    }

    pub(super) fn ThrottlingException(error: &e::ThrottlingException) -> Value {
        object([
            ("message", Some(json!(error.message))),
            ("serviceCode", text(&error.service_code)),
            ("quotaCode", text(&error.quota_code)),
            (
                "retryAfterSeconds",
                error.retry_after_seconds.map(Value::from),
            ),
        ])
    }

    pub(super) fn ValidationException(error: &e::ValidationException) -> Value {
        let field = |field: &ValidationExceptionField| json!({"name": field.name, "message": field.message});
        let fields = error.field_list.as_ref();
        object([
            ("message", Some(json!(error.message))),
            ("reason", Some(json!(error.reason.as_str()))),
            (
                "fieldList",
                fields.map(|fields| fields.iter().map(field).collect()),
            ),
        ])
    }
}

/// What an error is, and the status of its response where it has one.
fn failure<E: ProvideErrorMetadata + std::fmt::Debug>(
    error: &SdkError<E, HttpResponse>,
    modeled: impl Fn(&E) -> Option<(&'static str, Value)>,
) -> (CallResult, Option<u16>) {
    let status = error
        .raw_response()
        .map(|response| response.status().as_u16());
    let result = match error {
        SdkError::ConstructionFailure(failure) => CallResult::Refused(format!("{failure:?}")),
        SdkError::ResponseError(failure) => CallResult::Unreadable(format!("{failure:?}")),
        // What a successful response could not be read for comes as an error of the service.
        SdkError::ServiceError(context) if status.is_some_and(|status| status < 300) => {
            CallResult::Unreadable(format!("{:?}", context.err()))
        }
        SdkError::ServiceError(context) => match modeled(context.err()) {
            Some((shape, members)) => CallResult::Modeled {
                shape: shape.to_owned(),
                members,
            },
            None => CallResult::Unmodeled {
                code: context.err().code().map(str::to_owned),
                message: context.err().message().map(str::to_owned),
            },
        },
        other => CallResult::Other(format!("{other:?}")),
    };
    (result, status)
}
