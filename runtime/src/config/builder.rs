//! Putting a configuration together.

use std::sync::Arc;

use super::check::{check_app_name, check_endpoint, check_region, check_timeouts};
use super::{Config, IdempotencyTokens, Inner, ResponseChecks, Settings, Timeouts};
use crate::checksum::Checksums;
use crate::endpoint::ParamValue;
use crate::error::ConfigError;
use crate::identity::{
    Environment, ProfileSource, ProvideCredentials, ProvideToken, ProviderClient, Providers,
};
use crate::interceptor::Interceptor;
use crate::request::Compression;
use crate::retry::RetryConfig;
use crate::time::Clock;
use crate::transport::Transport;
use crate::validate::Validation;

/// Puts a [`Config`] together. Every setting has a default.
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until it is built"]
pub struct ConfigBuilder {
    pub(super) region: Option<String>,
    pub(super) endpoint_url: Option<String>,
    pub(super) use_fips: bool,
    pub(super) use_dual_stack: bool,
    pub(super) endpoint_params: Vec<(String, ParamValue<'static>)>,
    pub(super) app_name: Option<String>,
    pub(super) providers: Providers,
    /// Where to look for the identities that no provider was set for.
    pub(super) identities_of: Option<IdentitiesOf>,
    pub(super) transport: Option<Arc<dyn Transport>>,
    /// What the default transport trusts in place of the system's certificates, in PEM form.
    pub(super) root_certificates: Option<Vec<u8>>,
    /// Where the default transport learns of proxies, in place of the process's environment.
    pub(super) environment: Option<Arc<dyn Environment>>,
    pub(super) clock: Option<Arc<dyn Clock>>,
    pub(super) idempotency_tokens: IdempotencyTokens,
    pub(super) settings: Settings,
    /// Whether a test wants to see the inputs of calls.
    #[cfg(feature = "test-util")]
    pub(crate) watched: bool,
}

/// Surroundings to look for a service's identities in.
#[derive(Debug)]
pub(super) struct IdentitiesOf {
    pub(super) source: ProfileSource,
    pub(super) sdk_id: &'static str,
    /// [`Providers::of_environment`]. A pointer, so that a program that never reads the environment does
    /// not carry what reads profiles, runs commands and renews logins.
    pub(super) find: fn(&ProfileSource, &str, Option<ProviderClient>) -> Providers,
}

impl ConfigBuilder {
    /// The region that requests go to and are signed for, such as `us-west-2`.
    ///
    /// Services without regions ignore it; others refuse to be called without one, unless
    /// [`endpoint_url`](Self::endpoint_url) is set.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// let builder = Config::builder().region("eu-west-1");
    /// ```
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// An endpoint that replaces the one the service's rules give: scheme, host, and where needed
    /// port and base path.
    ///
    /// For tests, private endpoints and proxies of one's own.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// let builder = Config::builder().endpoint_url("http://localhost:8000");
    /// ```
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint_url = Some(url.into());
        self
    }

    /// Whether to use endpoints whose cryptography is validated by FIPS 140. Off by default.
    ///
    /// A service without such endpoints refuses to be called.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// let builder = Config::builder().region("us-east-1").use_fips(true);
    /// ```
    pub fn use_fips(mut self, use_fips: bool) -> Self {
        self.use_fips = use_fips;
        self
    }

    /// Whether to use endpoints that answer over both IPv4 and IPv6. Off by default.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// let builder = Config::builder().region("us-east-1").use_dual_stack(true);
    /// ```
    pub fn use_dual_stack(mut self, use_dual_stack: bool) -> Self {
        self.use_dual_stack = use_dual_stack;
        self
    }

    /// A setting that only some services' endpoints have, by its name in the rule set: one that the
    /// service's model lists (`smithy.rules#clientContextParams`), such as `ForcePathStyle`, or a
    /// built-in one, such as `AWS::S3::UseArnRegion`. Other services ignore it. A second value for a
    /// name replaces the first; what an operation says of the same setting comes before both.
    ///
    /// Of a service whose model lists such settings, the generated module has the trait
    /// `EndpointSettings`, with a typed method for each.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// let builder = Config::builder()
    ///     .endpoint_param("ForcePathStyle", true)
    ///     .endpoint_param("AccountIdEndpointMode", "required");
    /// ```
    pub fn endpoint_param(
        mut self,
        name: impl Into<String>,
        value: impl Into<ParamValue<'static>>,
    ) -> Self {
        let name = name.into();
        self.endpoint_params.retain(|(known, _)| *known != name);
        self.endpoint_params.push((name, value.into()));
        self
    }

    /// Where bearer tokens come from: a [`Token`](crate::identity::Token), or a provider. What it
    /// gives is [kept](crate::identity::Cached) until shortly before it expires, and it is asked by
    /// one call at a time.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// use tinsmith_runtime::identity::Token;
    ///
    /// let builder = Config::builder().bearer_token(Token::new("from a secret store"));
    /// ```
    pub fn bearer_token(mut self, provider: impl ProvideToken) -> Self {
        self.providers = self.providers.with_token(provider);
        self
    }

    /// Where AWS credentials come from: [`Credentials`](crate::identity::Credentials), or a provider.
    /// What it gives is [kept](crate::identity::Cached) until shortly before it expires, and it is
    /// asked by one call at a time.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// use tinsmith_runtime::identity::Credentials;
    ///
    /// let builder = Config::builder().credentials(Credentials::new("AKIDEXAMPLE", "a secret"));
    /// ```
    pub fn credentials(mut self, provider: impl ProvideCredentials) -> Self {
        self.providers = self.providers.with_credentials(provider);
        self
    }

    /// What carries requests, in place of the default transport.
    ///
    /// A build of the runtime without the feature `hyper` has no default, so one must be given.
    ///
    /// ```
    /// # #[cfg(feature = "hyper")] {
    /// # use tinsmith_runtime::config::Config;
    /// use std::time::Duration;
    /// use tinsmith_runtime::transport::HyperTransport;
    ///
    /// let transport = HyperTransport::builder()
    ///     .idle_timeout(Duration::from_secs(10))
    ///     .build()?;
    /// let builder = Config::builder().transport(transport);
    /// # }
    /// # Ok::<(), tinsmith_runtime::ConfigError>(())
    /// ```
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Like [`transport`](Self::transport), for one that several configurations share, and with it its
    /// connections.
    ///
    /// ```
    /// # #[cfg(feature = "hyper")] {
    /// # use tinsmith_runtime::config::Config;
    /// use std::sync::Arc;
    /// use tinsmith_runtime::transport::HyperTransport;
    ///
    /// let transport = Arc::new(HyperTransport::builder().build()?);
    /// let west = Config::builder().region("us-west-2").shared_transport(transport.clone());
    /// let east = Config::builder().region("us-east-1").shared_transport(transport);
    /// # }
    /// # Ok::<(), tinsmith_runtime::ConfigError>(())
    /// ```
    pub fn shared_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// The clock to run by, in place of tokio's, or the system's in a build of the runtime without
    /// the feature `hyper`.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// use std::time::{Duration, SystemTime};
    /// use tinsmith_runtime::time::{Clock, Moment, Sleep};
    ///
    /// /// Stands still, and never lets anyone wait.
    /// #[derive(Debug)]
    /// struct Stopped;
    ///
    /// impl Clock for Stopped {
    ///     fn now(&self) -> Moment {
    ///         Moment { wall: SystemTime::UNIX_EPOCH, elapsed: Duration::ZERO }
    ///     }
    ///
    ///     fn sleep(&self, _duration: Duration) -> Sleep {
    ///         Box::pin(std::future::ready(()))
    ///     }
    /// }
    ///
    /// let builder = Config::builder().clock(Stopped);
    /// ```
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// How often to try, and how long to wait between attempts. Three attempts by default.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// use tinsmith_runtime::retry::RetryConfig;
    ///
    /// let builder = Config::builder().retry(RetryConfig::standard().max_attempts(5));
    /// ```
    pub fn retry(mut self, retry: RetryConfig) -> Self {
        self.settings.retry = retry;
        self
    }

    /// How long to wait for connections, attempts and calls.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// use std::time::Duration;
    /// use tinsmith_runtime::config::Timeouts;
    ///
    /// let builder = Config::builder().timeouts(Timeouts {
    ///     operation: Some(Duration::from_secs(10)),
    ///     ..Timeouts::default()
    /// });
    /// ```
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.settings.timeouts = timeouts;
        self
    }

    /// What to do about an input that violates its model: refuse it (the default), warn and send it,
    /// or not look.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// use tinsmith_runtime::validate::Validation;
    ///
    /// let builder = Config::builder().validation(Validation::Warn);
    /// ```
    pub fn validation(mut self, validation: Validation) -> Self {
        self.settings.validation = validation;
        self
    }

    /// Whether to refuse enum values that the model does not know. Off by default, since services add
    /// values.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// let builder = Config::builder().check_enums(true);
    /// ```
    pub fn check_enums(mut self, check: bool) -> Self {
        self.settings.validation_options = self.settings.validation_options.check_enums(check);
        self
    }

    /// How strictly responses are held to the model. Leniently by default.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// use tinsmith_runtime::config::ResponseChecks;
    ///
    /// let builder = Config::builder().response_checks(ResponseChecks::Strict);
    /// ```
    pub fn response_checks(mut self, checks: ResponseChecks) -> Self {
        self.settings.response_checks = checks;
        self
    }

    /// When requests carry checksums, and responses are checked by theirs, where the operation knows
    /// them; always by default.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// use tinsmith_runtime::checksum::Checksums;
    ///
    /// let builder = Config::builder().checksums(Checksums::WhenRequired);
    /// ```
    pub fn checksums(mut self, checksums: Checksums) -> Self {
        self.settings.request.checksums = checksums;
        self
    }

    /// Which request bodies are compressed, where the operation allows it; those from 10 KiB on by
    /// default.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// use tinsmith_runtime::request::Compression;
    ///
    /// let builder = Config::builder().compression(Compression::off());
    /// ```
    pub fn compression(mut self, compression: Compression) -> Self {
        self.settings.request.compression = compression;
        self
    }

    /// The most bytes of a response body that are read into memory; a longer one is an error. 64 MiB
    /// by default.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// let builder = Config::builder().max_response_bytes(1024 * 1024);
    /// ```
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_response_bytes = bytes;
        self
    }

    /// Lets tokens and signatures travel over plain http to hosts other than this machine, where
    /// anyone on the way can read and use them.
    ///
    /// Without it such a request is refused before it is sent. Only for networks that are trusted by
    /// other means.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// let builder = Config::builder()
    ///     .endpoint_url("http://gateway.internal:8080")
    ///     .dangerously_allow_credentials_over_plain_http();
    /// ```
    pub fn dangerously_allow_credentials_over_plain_http(mut self) -> Self {
        self.settings.allow_plain_http = true;
        self
    }

    /// Sees each call and attempt, and may change requests before they are signed: see
    /// [`interceptor`](crate::interceptor). May be called again; the first one registered is the
    /// outermost.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// use tinsmith_runtime::interceptor::{AfterCall, Interceptor};
    ///
    /// /// Writes a line for each call that failed.
    /// struct Log;
    ///
    /// impl Interceptor for Log {
    ///     fn after_call(&self, call: &mut AfterCall<'_>) {
    ///         if let Some(error) = call.failure() {
    ///             eprintln!("after {:?}: {error}", call.elapsed());
    ///         }
    ///     }
    /// }
    ///
    /// let builder = Config::builder().interceptor(Log);
    /// ```
    pub fn interceptor(mut self, interceptor: impl Interceptor) -> Self {
        self.settings.interceptors.push(interceptor);
        self
    }

    /// A name for the calling program, which the `User-Agent` header then carries. Letters, digits
    /// and ``!#$%&'*+-.^_`|~``, at most 50 of them. Where the environment is read, `AWS_SDK_UA_APP_ID` and
    /// the profile's `sdk_ua_app_id` set it too.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// let builder = Config::builder().app_name("token-rotator");
    /// ```
    pub fn app_name(mut self, name: impl Into<String>) -> Self {
        self.app_name = Some(name.into());
        self
    }

    /// Where idempotency tokens come from that the caller does not give. Random version-4 UUIDs by
    /// default.
    ///
    /// For tests that compare requests, and for systems that derive the token from a job.
    ///
    /// ```
    /// # use tinsmith_runtime::config::Config;
    /// let builder = Config::builder()
    ///     .idempotency_tokens(|| "00000000-0000-4000-8000-000000000000".to_owned());
    /// ```
    pub fn idempotency_tokens(
        mut self,
        source: impl Fn() -> String + Send + Sync + 'static,
    ) -> Self {
        self.idempotency_tokens = IdempotencyTokens::Source(Arc::new(source));
        self
    }

    /// Checks the settings and makes the configuration.
    ///
    /// # Errors
    ///
    /// A region that cannot be part of a host name, whether it was set or found in the environment, an
    /// endpoint that is not an absolute http or https URL, an app name with other characters than
    /// allowed, a timeout of nothing, and a transport that is missing and has no default.
    pub fn build(mut self) -> Result<Config, ConfigError> {
        check_region(self.region.as_deref())?;
        check_endpoint(self.endpoint_url.as_deref())?;
        check_app_name(self.app_name.as_deref())?;
        check_timeouts(&self.settings.timeouts)?;
        let transport = match self.transport.take() {
            Some(transport) => transport,
            None => default_transport(
                &self.settings.timeouts,
                self.root_certificates.as_deref(),
                self.environment.as_deref(),
            )?,
        };
        let clock = self.clock.take().unwrap_or_else(default_clock);
        if let Some(identities) = self.identities_of.take() {
            let client = ProviderClient::new(Arc::clone(&transport), Arc::clone(&clock));
            let IdentitiesOf { source, sdk_id, .. } = identities;
            let found = (identities.find)(&source, sdk_id, Some(client));
            self.providers = self.providers.or(found);
        }
        Ok(self.assemble(transport, clock))
    }

    /// The configuration, of settings that are known to be good.
    pub(crate) fn assemble(self, transport: Arc<dyn Transport>, clock: Arc<dyn Clock>) -> Config {
        let limit = self.settings.timeouts.identity;
        Config {
            inner: Arc::new(Inner {
                region: self.region,
                endpoint_url: self.endpoint_url,
                use_fips: self.use_fips,
                use_dual_stack: self.use_dual_stack,
                endpoint_params: self.endpoint_params,
                app_name: self.app_name,
                providers: self.providers.kept(&clock, limit),
                transport,
                clock,
                idempotency_tokens: self.idempotency_tokens,
                settings: Arc::new(self.settings),
                #[cfg(feature = "test-util")]
                watched: self.watched,
            }),
        }
    }
}

#[cfg(feature = "hyper")]
fn default_transport(
    timeouts: &Timeouts,
    root_certificates: Option<&[u8]>,
    environment: Option<&dyn Environment>,
) -> Result<Arc<dyn Transport>, ConfigError> {
    let mut builder = crate::transport::HyperTransport::builder().connect_timeout(timeouts.connect);
    if let Some(environment) = environment {
        builder = builder.proxies_from(environment);
    }
    // A build without TLS trusts nobody, and needs no certificates to do so.
    #[cfg(feature = "tls")]
    let builder = match root_certificates {
        Some(pem) => builder.root_certificates(pem)?,
        None => builder,
    };
    #[cfg(not(feature = "tls"))]
    let _ = root_certificates;
    Ok(Arc::new(builder.build()?))
}

#[cfg(not(feature = "hyper"))]
fn default_transport(
    _: &Timeouts,
    _: Option<&[u8]>,
    _: Option<&dyn Environment>,
) -> Result<Arc<dyn Transport>, ConfigError> {
    Err(ConfigError::new(
        "no transport is set, and the runtime was built without its feature `hyper`",
    ))
}

fn default_clock() -> Arc<dyn Clock> {
    #[cfg(feature = "hyper")]
    let clock = crate::time::TokioClock::default();
    #[cfg(not(feature = "hyper"))]
    let clock = crate::time::SystemClock::default();
    Arc::new(clock)
}
