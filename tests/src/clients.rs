//! Clients of a [`TokenService`].

use std::time::Duration;

use generated_client::{codecatalyst, route53globalresolver};
use tinsmith_runtime::config::{Config, ConfigBuilder};
use tinsmith_runtime::identity::{Credentials, Token};
use tinsmith_runtime::retry::RetryConfig;
use tinsmith_runtime::transport::HyperTransport;

use crate::token_service::TokenService;

/// A configuration that reaches `service` with identities that it accepts, and waits hardly at all
/// between attempts.
///
/// # Errors
///
/// A certificate of the service that the transport cannot read.
pub fn config(service: &TokenService) -> anyhow::Result<ConfigBuilder> {
    let mut transport = HyperTransport::builder();
    if let Some(certificate) = service.certificate() {
        transport = transport.root_certificates(certificate.as_bytes())?;
    }
    let known = &service.options().credentials;
    Ok(Config::builder()
        .transport(transport.build()?)
        .endpoint_url(service.url())
        .region(&service.options().region)
        .bearer_token(Token::new(&service.options().bearer_token))
        .credentials(match &known.session_token {
            None => Credentials::new(&known.access_key_id, &known.secret_access_key),
            Some(token) => {
                Credentials::temporary(&known.access_key_id, &known.secret_access_key, token)
            }
        })
        .retry(RetryConfig::standard().initial_backoff(Duration::from_millis(1))))
}

/// A client of CodeCatalyst that reaches `service`.
///
/// # Errors
///
/// Those of [`config`].
pub fn code_catalyst(service: &TokenService) -> anyhow::Result<codecatalyst::Client> {
    Ok(codecatalyst::Client::new(config(service)?.build()?))
}

/// A client of Route 53 Global Resolver that reaches `service`.
///
/// # Errors
///
/// Those of [`config`].
pub fn global_resolver(service: &TokenService) -> anyhow::Result<route53globalresolver::Client> {
    Ok(route53globalresolver::Client::new(
        config(service)?.build()?,
    ))
}
