//! Configuration from that of the official AWS SDK for Rust.

use aws_smithy_types::retry::RetryMode;
use aws_types::SdkConfig;

use super::{Config, ConfigBuilder};
use crate::error::ConfigError;
use crate::identity::{SdkCredentials, SdkToken};

impl ConfigBuilder {
    /// Takes from a configuration of the official SDK, as `aws-config` loads it, what is set there, in
    /// place of what is set here so far: region, endpoint, FIPS, dual-stack, the providers of
    /// credentials and bearer tokens, the number of attempts and the bounds of the waits between them,
    /// the timeouts for connections, attempts and calls, and the app name.
    ///
    /// The rest stays as it is: retries are those of the standard mode, a timeout that is switched off
    /// there keeps its default here, and the HTTP client, the identity cache and endpoints of single
    /// services are not taken over.
    ///
    /// ```
    /// # #[cfg(feature = "hyper")] {
    /// use aws_types::SdkConfig;
    /// use aws_types::region::Region;
    /// use tinsmith_runtime::config::Config;
    ///
    /// let sdk = SdkConfig::builder().region(Region::new("eu-west-1")).build();
    /// let config = Config::builder().sdk_config(&sdk).build()?;
    /// assert_eq!(config.region(), Some("eu-west-1"));
    /// # }
    /// # Ok::<(), tinsmith_runtime::ConfigError>(())
    /// ```
    pub fn sdk_config(mut self, sdk: &SdkConfig) -> Self {
        let region = sdk.region().map(|region| region.as_ref().to_owned());
        self.region = region.or(self.region);
        self.endpoint_url = sdk.endpoint_url().map(str::to_owned).or(self.endpoint_url);
        self.use_fips = sdk.use_fips().unwrap_or(self.use_fips);
        self.use_dual_stack = sdk.use_dual_stack().unwrap_or(self.use_dual_stack);
        let app_name = sdk.app_name().map(|name| name.as_ref().to_owned());
        self.app_name = app_name.or(self.app_name);
        if let Some(provider) = sdk.credentials_provider() {
            self = self.credentials(SdkCredentials::new(provider));
        }
        if let Some(provider) = sdk.token_provider() {
            self = self.bearer_token(SdkToken::new(provider));
        }
        if let Some(retry) = sdk.retry_config() {
            if retry.mode() == RetryMode::Adaptive {
                tracing::warn!("retries are in standard mode, not in adaptive mode as configured");
            }
            let own = self.settings.retry.max_attempts(retry.max_attempts());
            let own = own.initial_backoff(retry.initial_backoff());
            self.settings.retry = own.max_backoff(retry.max_backoff());
        }
        if let Some(timeouts) = sdk.timeout_config() {
            let own = &mut self.settings.timeouts;
            own.connect = timeouts.connect_timeout().or(own.connect);
            own.attempt = timeouts.operation_attempt_timeout().or(own.attempt);
            own.operation = timeouts.operation_timeout().or(own.operation);
        }
        self
    }
}

impl TryFrom<&SdkConfig> for Config {
    type Error = ConfigError;

    /// The configuration with all that [`ConfigBuilder::sdk_config`] takes over.
    fn try_from(sdk: &SdkConfig) -> Result<Self, ConfigError> {
        Self::builder().sdk_config(sdk).build()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws_credential_types::provider::SharedCredentialsProvider;
    use aws_credential_types::provider::token::SharedTokenProvider;
    use aws_credential_types::{Credentials, Token};
    use aws_smithy_types::retry::RetryConfig as SdkRetryConfig;
    use aws_smithy_types::timeout::TimeoutConfig;
    use aws_types::app_name::AppName;
    use aws_types::region::Region;

    use super::*;
    use crate::auth::IdentityKind;
    use crate::client::Client;
    use crate::config::Timeouts;
    use crate::fixture::{Script, Secured, Things, answer, config, run};
    use crate::identity::Identity;
    use crate::retry::RetryConfig;
    use crate::timestamp::Timestamp;

    /// Protects each setting on its way, and those that the official configuration leaves open.
    #[test]
    fn what_is_set_is_taken_over() {
        let retry = SdkRetryConfig::standard()
            .with_max_attempts(7)
            .with_initial_backoff(Duration::from_millis(10))
            .with_max_backoff(Duration::from_secs(2));
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(2))
            .build();
        let sdk = SdkConfig::builder()
            .region(Region::new("eu-west-1"))
            .endpoint_url("http://localhost:9")
            .use_fips(true)
            .use_dual_stack(true)
            .app_name(AppName::new("rotator").unwrap())
            .retry_config(retry)
            .timeout_config(timeouts)
            .build();
        let config = config(Script::default()).sdk_config(&sdk).build().unwrap();
        let inner = config.inner();
        assert_eq!(config.region(), Some("eu-west-1"));
        assert_eq!(config.endpoint_url(), Some("http://localhost:9"));
        assert!(inner.use_fips && inner.use_dual_stack);
        assert_eq!(inner.app_name.as_deref(), Some("rotator"));
        let retry = RetryConfig::standard()
            .max_attempts(7)
            .initial_backoff(Duration::from_millis(10))
            .max_backoff(Duration::from_secs(2));
        assert_eq!(inner.settings.retry, retry);
        let timeouts = &inner.settings.timeouts;
        assert_eq!(timeouts.connect, Some(Duration::from_secs(1)));
        assert_eq!(timeouts.attempt, Some(Duration::from_secs(2)));
        assert_eq!(timeouts.operation, Timeouts::default().operation);
    }

    /// Protects what an empty configuration does: nothing.
    #[test]
    fn what_is_not_set_stays() {
        let sdk = SdkConfig::builder().build();
        let own = config(Script::default())
            .region("us-east-1")
            .app_name("mine");
        let config = own.sdk_config(&sdk).build().unwrap();
        assert_eq!(config.region(), Some("us-east-1"));
        assert_eq!(config.inner().app_name.as_deref(), Some("mine"));
        assert_eq!(config.inner().settings.retry, RetryConfig::standard());
        assert!(!config.inner().providers.has(IdentityKind::Token));
    }

    /// Protects calls in the name of whom the official configuration names.
    #[test]
    fn identities_are_taken_over() {
        let keys = Credentials::new("AKIDEXAMPLE", "hunter2", None, None, "test");
        let sdk = SdkConfig::builder()
            .token_provider(SharedTokenProvider::new(Token::new("s3cr3t", None)))
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .build();
        let script = Script::new([answer(200, &[])]);
        let config = config(script.clone()).sdk_config(&sdk).build().unwrap();
        let client: Client<Things> = Client::new(config);
        run(client.send(Secured::default())).unwrap();
        assert_eq!(script.sent()[0].headers()["authorization"], "Bearer s3cr3t");

        let providers = &client.config().inner().providers;
        let asked = providers.provide(IdentityKind::Credentials, Timestamp::default());
        let Identity::Credentials(found) = run(asked).unwrap() else {
            panic!("no credentials");
        };
        assert_eq!(found.expose_secret_access_key(), "hunter2");
        let shown = format!("{client:?} {sdk:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains("s3cr3t"),
            "{shown}"
        );
    }

    /// Protects against nonsense that the official configuration lets pass.
    #[test]
    fn nonsense_is_refused() {
        let sdk = SdkConfig::builder().endpoint_url("localhost").build();
        assert!(Config::try_from(&sdk).is_err());
    }
}
