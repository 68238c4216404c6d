//! Configuration from the environment.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use super::ConfigBuilder;
use super::builder::IdentitiesOf;
use crate::error::ConfigError;
use crate::identity::{Environment, ProcessEnvironment, ProfileSource, Providers, Settings};
use crate::operation::ServiceSchema;
use crate::validate::Validation;

/// The variable that sets what to do about an input that violates its model: `enforce`, `warn` or
/// `off`.
const VALIDATION: &str = "TINSMITH_VALIDATION";

impl ConfigBuilder {
    /// Takes from this process's environment and AWS's shared config files what `service` needs. See
    /// [`with_environment`](Self::with_environment).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn with_process_environment(self, service: &ServiceSchema) -> Result<Self, ConfigError> {
        self.with_environment(Arc::new(ProcessEnvironment), service)
    }

    /// Takes from an environment what `service` needs, in place of what is set so far: region,
    /// endpoint, FIPS, dual-stack, the number of attempts, the program's name and the certificates to
    /// trust as [`Settings`] says, validation from `TINSMITH_VALIDATION`, the default transport's
    /// proxies, and providers that look for a bearer token or AWS credentials when a call needs one.
    ///
    /// ```
    /// # #[cfg(feature = "hyper")] {
    /// use std::sync::Arc;
    /// use tinsmith_runtime::config::Config;
    /// use tinsmith_runtime::identity::MemoryEnvironment;
    /// # use tinsmith_runtime::operation::ServiceSchema;
    ///
    /// # fn configure(service: &ServiceSchema) -> Result<(), tinsmith_runtime::ConfigError> {
    /// let environment = MemoryEnvironment::default().with_var("AWS_REGION", "eu-west-1");
    /// let config = Config::builder()
    ///     .with_environment(Arc::new(environment), service)?
    ///     .build()?;
    /// assert_eq!(config.region(), Some("eu-west-1"));
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// A shared file or a file of certificates that cannot be read, and a setting whose value is none.
    pub fn with_environment(
        mut self,
        environment: Arc<dyn Environment>,
        service: &ServiceSchema,
    ) -> Result<Self, ConfigError> {
        if let Some(validation) = validation(&*environment)? {
            self.settings.validation = validation;
        }
        self.environment = Some(Arc::clone(&environment));
        let source = ProfileSource::new(environment);
        let found = Settings::load(&source, service.sdk_id).map_err(|error| {
            ConfigError::new("the environment cannot be used").with_source(error)
        })?;
        self.region = found.region.or(self.region);
        self.endpoint_url = found.endpoint_url.or(self.endpoint_url);
        self.app_name = found.app_name.or(self.app_name);
        self.use_fips = found.use_fips.unwrap_or(self.use_fips);
        self.use_dual_stack = found.use_dual_stack.unwrap_or(self.use_dual_stack);
        if let Some(attempts) = found.max_attempts {
            self.settings.retry = self.settings.retry.max_attempts(attempts);
        }
        if let Some(path) = found.ca_bundle {
            self.root_certificates = Some(certificates(&**source.environment(), &path)?);
        }
        self.providers = Providers::default();
        self.identities_of = Some(IdentitiesOf {
            source,
            sdk_id: service.sdk_id,
            find: Providers::of_environment,
        });
        Ok(self)
    }
}

fn validation(environment: &dyn Environment) -> Result<Option<Validation>, ConfigError> {
    let text = environment.var(VALIDATION).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    let mode = text.parse().map_err(|error| {
        ConfigError::new(format!("the environment variable {VALIDATION} is wrong"))
            .with_source(error)
    })?;
    Ok(Some(mode))
}

fn certificates(environment: &dyn Environment, path: &Path) -> Result<Vec<u8>, ConfigError> {
    let content = environment.read_if_there(path);
    let content = content.and_then(|content| content.ok_or_else(|| ErrorKind::NotFound.into()));
    content.map(|content| content.to_vec()).map_err(|error| {
        let path = path.display();
        ConfigError::new(format!(
            "the certificates to trust, `{path}`, cannot be read"
        ))
        .with_source(error)
    })
}
