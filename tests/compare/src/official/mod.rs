//! Calls of the official crates.

mod code_catalyst;
mod global_resolver;
mod members;

use std::collections::HashMap;
use std::fmt::Debug;

use anyhow::{Context as _, Result};
use aws_credential_types::Credentials;
use aws_sdk_codecatalyst as codecatalyst;
use aws_sdk_route53globalresolver as route53globalresolver;
use aws_smithy_async::time::StaticTimeSource;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_types::request_id::RequestId;
use serde_json::{Map, Value};

use crate::outcome::{CallResult, Outcome};
use crate::{Identity, REGION};

/// Both clients, as they reach one server.
#[derive(Debug)]
pub struct Official {
    code_catalyst: codecatalyst::Client,
    global_resolver: route53globalresolver::Client,
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
        let global_resolver = route53globalresolver::Config::builder()
            .behavior_version(route53globalresolver::config::BehaviorVersion::latest())
            .endpoint_url(url)
            .region(route53globalresolver::config::Region::new(REGION))
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
            global_resolver: route53globalresolver::Client::from_conf(global_resolver),
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
            "codecatalyst" => code_catalyst::call(&self.code_catalyst, operation, &mut input).await,
            _ => global_resolver::call(&self.global_resolver, operation, &mut input).await,
        };
        let outcome = outcome.with_context(|| format!("no call of {operation}"))?;
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

/// The name of a modelled error and its members; nothing for an error without a type.
type Modeled = Option<(&'static str, Value)>;

/// What a call came to. The crate's one error for all operations, `S`, tells the types of the modelled
/// errors apart.
fn outcome<O, E, S>(
    result: Result<O, SdkError<E, HttpResponse>>,
    members: fn(&O) -> Value,
    modeled: fn(&S) -> Modeled,
) -> Outcome
where
    O: RequestId,
    E: ProvideErrorMetadata + Debug,
    SdkError<E, HttpResponse>: RequestId,
    S: From<E>,
{
    match result {
        Ok(output) => Outcome {
            result: CallResult::Output(members(&output)),
            status: None,
            request_id: output.request_id().map(str::to_owned),
        },
        Err(error) => {
            let status = error
                .raw_response()
                .map(|response| response.status().as_u16());
            Outcome {
                status,
                request_id: error.request_id().map(str::to_owned),
                result: failure(error, status, modeled),
            }
        }
    }
}

/// What an error is.
fn failure<E, S>(
    error: SdkError<E, HttpResponse>,
    status: Option<u16>,
    modeled: fn(&S) -> Modeled,
) -> CallResult
where
    E: ProvideErrorMetadata + Debug,
    S: From<E>,
{
    match error {
        SdkError::ConstructionFailure(failure) => CallResult::Refused(format!("{failure:?}")),
        SdkError::ResponseError(failure) => CallResult::Unreadable(format!("{failure:?}")),
        // What a successful response could not be read for comes as an error of the service.
        SdkError::ServiceError(context) if status.is_some_and(|status| status < 300) => {
            CallResult::Unreadable(format!("{:?}", context.err()))
        }
        SdkError::ServiceError(context) => {
            let error = context.into_err();
            let code = error.code().map(str::to_owned);
            let message = error.message().map(str::to_owned);
            match modeled(&error.into()) {
                Some((shape, members)) => CallResult::Modeled {
                    shape: shape.to_owned(),
                    members,
                },
                None => CallResult::Unmodeled { code, message },
            }
        }
        other => CallResult::Other(format!("{other:?}")),
    }
}
