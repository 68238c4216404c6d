//! What a client is told: where to, as whom, how patiently.

mod builder;
mod check;
mod environment;
#[cfg(feature = "aws-config")]
mod sdk;
mod settings;

use std::fmt;
use std::sync::Arc;

pub use builder::ConfigBuilder;
pub(crate) use check::{NOT_APP_NAME, is_app_name};
pub(crate) use settings::Settings;
pub use settings::{ResponseChecks, Timeouts};

use crate::endpoint::ParamValue;
use crate::identity::Providers;
use crate::time::Clock;
use crate::transport::Transport;

/// The configuration of a client: cheap to clone, shared by the clients made from it.
///
/// ```
/// # #[cfg(feature = "hyper")] {
/// use tinsmith_runtime::config::Config;
/// use tinsmith_runtime::identity::Token;
///
/// let config = Config::builder()
///     .region("us-west-2")
///     .bearer_token(Token::new("a token from your secret store"))
///     .build()?;
/// assert_eq!(config.region(), Some("us-west-2"));
/// # }
/// # Ok::<(), tinsmith_runtime::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) region: Option<String>,
    pub(crate) endpoint_url: Option<String>,
    pub(crate) use_fips: bool,
    pub(crate) use_dual_stack: bool,
    /// What the endpoint rules are asked with besides, by name.
    pub(crate) endpoint_params: Vec<(String, ParamValue<'static>)>,
    pub(crate) app_name: Option<String>,
    pub(crate) providers: Providers,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) idempotency_tokens: IdempotencyTokens,
    pub(crate) settings: Arc<Settings>,
    /// Whether a test wants to see the inputs of calls.
    #[cfg(feature = "test-util")]
    pub(crate) watched: bool,
}

/// Where idempotency tokens come from.
#[derive(Clone, Default)]
pub(crate) enum IdempotencyTokens {
    /// Random version-4 UUIDs (RFC 9562) from the system's random source.
    #[default]
    Random,
    /// The caller's own source.
    Source(Arc<dyn Fn() -> String + Send + Sync>),
}

impl fmt::Debug for IdempotencyTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Random => "Random",
            Self::Source(_) => "Source",
        })
    }
}

impl Config {
    /// Starts a configuration from the defaults, which read nothing of the environment.
    pub fn builder() -> ConfigBuilder {
        ConfigBuilder::default()
    }

    /// The region, if one is set.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.inner.region.as_deref()
    }

    /// The endpoint that replaces the service's own, if one is set.
    #[must_use]
    pub fn endpoint_url(&self) -> Option<&str> {
        self.inner.endpoint_url.as_deref()
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }
}
