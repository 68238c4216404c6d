//! Calls of the generated client.

use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use generated_client::{codecatalyst, route53globalresolver};
use serde_json::Value;
use tinsmith_runtime::Error;
use tinsmith_runtime::config::Config;
use tinsmith_runtime::data::WithSecrets;
use tinsmith_runtime::identity::{Credentials, Token};
use tinsmith_runtime::operation::ServiceError;
use tinsmith_runtime::retry::RetryConfig;
use tinsmith_runtime::shape::Structure;
use tinsmith_runtime::time::{Clock, Moment, Sleep};

use crate::outcome::{CallResult, Outcome};
use crate::{Identity, REGION};

/// Both clients, as they reach one server.
#[derive(Debug)]
pub struct Ours {
    code_catalyst: codecatalyst::Client,
    global_resolver: route53globalresolver::Client,
}

/// A clock that stands still, since what is signed holds the time.
#[derive(Debug)]
struct Stopped(SystemTime);

impl Clock for Stopped {
    fn now(&self) -> Moment {
        Moment {
            wall: self.0,
            elapsed: Duration::ZERO,
        }
    }

    fn sleep(&self, _: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }
}

impl Ours {
    /// Clients that send each request to `url`, once.
    pub fn new(url: &str, identity: &Identity) -> Result<Self> {
        let config = Config::builder()
            .endpoint_url(url)
            .region(REGION)
            .bearer_token(Token::new(&identity.bearer_token))
            .credentials(Credentials::temporary(
                &identity.access_key_id,
                &identity.secret_access_key,
                &identity.session_token,
            ))
            .clock(Stopped(identity.time))
            .retry(RetryConfig::off())
            .build()?;
        Ok(Self {
            code_catalyst: codecatalyst::Client::new(config.clone()),
            global_resolver: route53globalresolver::Client::new(config),
        })
    }

    /// Calls an operation with an input in JSON.
    pub async fn call(&self, service: &str, operation: &str, input: &Value) -> Result<Outcome> {
        macro_rules! operations {
            ($client:ident, $module:ident, $errors:ident: $($name:literal => $input:ident,)*) => {
                match operation {
                    $($name => {
                        let input = $module::operation::$input::deserialize(input)
                            .context("an input that the generated type does not read")?;
                        outcome(self.$client.send(input).await, $errors)
                    })*
                    _ => anyhow::bail!("no call of {operation}"),
                }
            };
        }
        use serde::Deserialize as _;
        match service {
            "codecatalyst" => operations! { code_catalyst, codecatalyst, code_catalyst_error:
                "CreateAccessToken" => CreateAccessTokenInput,
                "DeleteAccessToken" => DeleteAccessTokenInput,
                "ListAccessTokens" => ListAccessTokensInput,
            },
            _ => operations! { global_resolver, route53globalresolver, global_resolver_error:
                "CreateAccessToken" => CreateAccessTokenInput,
                "DeleteAccessToken" => DeleteAccessTokenInput,
                "GetAccessToken" => GetAccessTokenInput,
                "ListAccessTokens" => ListAccessTokensInput,
                "UpdateAccessToken" => UpdateAccessTokenInput,
            },
        }
    }
}

/// A modelled error as a structure; nothing for an unmodelled one.
fn code_catalyst_error(error: &codecatalyst::ServiceError) -> Option<&dyn Structure> {
    use codecatalyst::ServiceError as E;
    Some(match error {
        E::AccessDenied(error) => &**error,
        E::Conflict(error) => &**error,
        E::ResourceNotFound(error) => &**error,
        E::ServiceQuotaExceeded(error) => &**error,
        E::Throttling(error) => &**error,
        E::Validation(error) => &**error,
        _ => return None,
    })
}

/// See [`code_catalyst_error`].
fn global_resolver_error(error: &route53globalresolver::ServiceError) -> Option<&dyn Structure> {
    use route53globalresolver::ServiceError as E;
    Some(match error {
        E::AccessDenied(error) => &**error,
        E::Conflict(error) => &**error,
        E::InternalServer(error) => &**error,
        E::ResourceNotFound(error) => &**error,
        E::ServiceQuotaExceeded(error) => &**error,
        E::Throttling(error) => &**error,
        E::Validation(error) => &**error,
        _ => return None,
    })
}

fn outcome<O, E>(
    result: Result<O, Error<E>>,
    modeled: fn(&E) -> Option<&dyn Structure>,
) -> Result<Outcome>
where
    O: Structure + tinsmith_runtime::operation::Output,
    E: ServiceError,
{
    let (result, metadata) = match result {
        Ok(mut output) => {
            let members = serde_json::to_value(WithSecrets(&output))?;
            (CallResult::Output(members), output.metadata_mut().clone())
        }
        Err(error) => (failure(&error, modeled)?, error.metadata().clone()),
    };
    Ok(Outcome {
        result,
        status: (metadata.status() != 0).then_some(metadata.status()),
        request_id: metadata.request_id().map(str::to_owned),
    })
}

fn failure<E: ServiceError>(
    error: &Error<E>,
    modeled: fn(&E) -> Option<&dyn Structure>,
) -> Result<CallResult> {
    let text = |text: Option<&str>| text.map(str::to_owned);
    Ok(match error {
        Error::Validation(_) | Error::Construction(_) => CallResult::Refused(error.to_string()),
        Error::Response(_) => CallResult::Unreadable(error.to_string()),
        Error::Service(service) => match modeled(service) {
            Some(members) => CallResult::Modeled {
                shape: error.code().unwrap_or_default().to_owned(),
                members: serde_json::to_value(WithSecrets(members))?,
            },
            None => CallResult::Unmodeled {
                code: text(error.code()),
                message: text(error.message()),
            },
        },
        _ => CallResult::Other(error.to_string()),
    })
}
