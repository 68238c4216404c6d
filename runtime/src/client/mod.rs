//! Clients, and the calls they make.

#[cfg(feature = "blocking")]
mod blocking;
mod call;
mod drive;
#[cfg(feature = "sigv4")]
mod presign;
#[cfg(test)]
mod tests;
mod user_agent;
#[cfg_attr(not(feature = "test-util"), path = "unwatched.rs")]
mod watch;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

pub use call::Call;
pub(crate) use drive::Patience;
use http::HeaderValue;
#[cfg(feature = "sigv4")]
pub use presign::PresignedRequest;

use crate::auth::Authenticator;
use crate::config::{Config, ConfigBuilder};
use crate::endpoint::EndpointParams;
use crate::error::{ConfigError, Error};
use crate::operation::{Operation, Service, ServiceSchema};
use crate::random;
use crate::retry::{ClockSkew, TokenBucket};
#[cfg(feature = "waiters")]
use crate::time::Clock;

/// A client of the service `S`: what a generated client wraps.
///
/// Cheap to clone. Clones share connections, the allowance for retries and what is known of the
/// service's clock, so a program needs one client a service.
pub struct Client<S> {
    shared: Arc<Shared>,
    service: PhantomData<fn() -> S>,
}

/// What all clones of a client share.
#[derive(Debug)]
pub(crate) struct Shared {
    config: Config,
    pub(crate) user_agent: HeaderValue,
    pub(crate) bucket: TokenBucket,
    pub(crate) skew: ClockSkew,
    pub(crate) authenticator: Authenticator,
    #[cfg(feature = "blocking")]
    worker: blocking::Worker,
    /// Random fractions of 1 for the waits between attempts.
    pub(crate) jitter: fn() -> f64,
}

impl Shared {
    pub(crate) fn new(config: Config, service: &ServiceSchema) -> Self {
        let user_agent = user_agent::user_agent(service, config.inner().app_name.as_deref());
        Self {
            config,
            user_agent,
            bucket: TokenBucket::default(),
            skew: ClockSkew::default(),
            authenticator: Authenticator::default(),
            #[cfg(feature = "blocking")]
            worker: blocking::Worker::default(),
            jitter: random::fraction,
        }
    }

    pub(crate) fn config(&self) -> &crate::config::Inner {
        self.config.inner()
    }

    /// What the endpoint rules are asked with.
    pub(crate) fn endpoint_params(&self) -> EndpointParams<'_> {
        let config = self.config();
        let mut params = EndpointParams::default();
        params.region = config.region.as_deref();
        params.use_fips = config.use_fips;
        params.use_dual_stack = config.use_dual_stack;
        params.endpoint = config.endpoint_url.as_deref();
        for (name, value) in &config.endpoint_params {
            params.set(name.as_str(), value.borrowed());
        }
        params
    }
}

impl<S: Service> Client<S> {
    /// A client with this configuration.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            shared: Arc::new(Shared::new(config, S::SCHEMA)),
            service: PhantomData,
        }
    }

    /// A client configured from this process's environment and AWS's shared config files: see
    /// [`ConfigBuilder::with_environment`](crate::config::ConfigBuilder::with_environment).
    ///
    /// Tokens and credentials are looked for when a call needs them.
    ///
    /// # Errors
    ///
    /// A shared file that cannot be read, and a setting whose value is none.
    pub fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::new(Self::config_from_env()?.build()?))
    }

    /// What [`from_env`](Self::from_env) makes a client with, to change before it is built.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn config_from_env() -> Result<ConfigBuilder, ConfigError> {
        Config::builder().with_process_environment(S::SCHEMA)
    }

    /// The client's configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    #[cfg(feature = "waiters")]
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.shared.config().clock
    }

    #[cfg(feature = "waiters")]
    pub(crate) fn jitter(&self) -> fn() -> f64 {
        self.shared.jitter
    }

    /// Prepares a call of an operation with this input.
    pub fn call<O: Operation<Service = S>>(&self, input: O) -> Call<O> {
        Call::new(self.clone(), input)
    }

    /// Calls an operation with this input.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn send<O: Operation<Service = S>>(
        &self,
        input: O,
    ) -> Result<O::Output, Error<S::Error>> {
        self.call(input).send().await
    }
}

impl<S> Clone for Client<S> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            service: PhantomData,
        }
    }
}

impl<S: Service> fmt::Debug for Client<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &S::SCHEMA.id)
            .field("config", &self.shared.config)
            .finish_non_exhaustive()
    }
}
