//! Who is calling: bearer tokens, AWS credentials, and where they come from.
//!
//! A provider ([`ProvideToken`], [`ProvideCredentials`]) is asked when a call needs an identity and none
//! is [kept](Cached). Those here read the environment, AWS's shared config files and the token cache of
//! AWS IAM Identity Center; a caller may bring their own. The time is passed in, so that expiry is tested
//! without waiting.

mod cache;
mod chain;
mod client;
mod environment;
mod error;
mod files;
mod future;
#[cfg(feature = "aws-config")]
mod official;
mod profile;
mod roles;
mod secret_object;
mod settings;
mod sso;
mod types;
mod variables;

pub use cache::Cached;
pub use chain::Chain;
pub use client::ProviderClient;
pub use environment::{Environment, MemoryEnvironment, ProcessEnvironment};
pub use error::IdentityError;
pub use future::ProvideFuture;
#[cfg(feature = "aws-config")]
pub use official::{SdkCredentials, SdkToken};
pub use profile::{Profile, ProfileCredentials, ProfileError, ProfileSource};
pub use settings::{Settings, SettingsError};
pub use sso::SsoToken;
pub use types::{Credentials, Identity, Token};
pub use variables::{VariableCredentials, VariableToken, variable_suffix};

use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::sync::Arc;
use std::time::Duration;

use crate::auth::IdentityKind;
use crate::time::Clock;
use crate::timestamp::Timestamp;
use roles::RoleOfMachine;

/// A source of bearer tokens.
pub trait ProvideToken: Debug + Send + Sync + 'static {
    /// Gives the token to use at the time `now`.
    ///
    /// # Errors
    ///
    /// [`IdentityError::NotFound`] when the source has none, so that a chain asks the next one; any
    /// other error ends the search.
    fn provide_token(&self, now: Timestamp) -> ProvideFuture<'_, Token>;

    /// What errors call the source; by default the name of its type. Never holds a secret.
    fn name(&self) -> Cow<'static, str> {
        std::any::type_name::<Self>().into()
    }
}

/// A source of AWS credentials.
pub trait ProvideCredentials: Debug + Send + Sync + 'static {
    /// Gives the credentials to use at the time `now`.
    ///
    /// # Errors
    ///
    /// [`IdentityError::NotFound`] when the source has none, so that a chain asks the next one; any
    /// other error ends the search.
    fn provide_credentials(&self, now: Timestamp) -> ProvideFuture<'_, Credentials>;

    /// What errors call the source; by default the name of its type. Never holds a secret.
    fn name(&self) -> Cow<'static, str> {
        std::any::type_name::<Self>().into()
    }
}

/// The providers of a client, one for each kind of identity.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    token: Option<Source<dyn ProvideToken>>,
    credentials: Option<Source<dyn ProvideCredentials>>,
}

/// A provider, and how what it gives is kept.
struct Source<P: ?Sized> {
    provider: Arc<P>,
    /// A pointer, so that a program carries the cache of those kinds alone that it has a provider of.
    keep: Keep<P>,
}

/// Puts a cache in front of a provider, which may take so long by this clock.
type Keep<P> = fn(Arc<P>, Arc<dyn Clock>, Option<Duration>) -> Arc<P>;

impl<P: ?Sized> Source<P> {
    fn kept(mut self, clock: &Arc<dyn Clock>, limit: Option<Duration>) -> Self {
        self.provider = (self.keep)(self.provider, Arc::clone(clock), limit);
        self
    }
}

impl<P: ?Sized> Clone for Source<P> {
    fn clone(&self) -> Self {
        let Self { provider, keep } = self;
        Self {
            provider: Arc::clone(provider),
            keep: *keep,
        }
    }
}

impl<P: ?Sized + Debug> Debug for Source<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.provider.fmt(f)
    }
}

impl Providers {
    /// Where identities come from when the caller names no provider.
    ///
    /// A bearer token: the variable `AWS_BEARER_TOKEN_<SERVICE>`, then the login of AWS IAM Identity
    /// Center that the profile names, which is renewed by `client` where there is one. AWS credentials:
    /// the variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`, then what the
    /// profile holds or leads to (see [`ProfileCredentials`]).
    #[must_use]
    pub fn of_environment(
        source: &ProfileSource,
        sdk_id: &str,
        client: Option<ProviderClient>,
    ) -> Self {
        let environment = source.environment();
        let mut sso = SsoToken::new(source.clone());
        if let Some(client) = client {
            sso = sso.with_client(client);
        }
        let variables = VariableCredentials::new(Arc::clone(environment));
        let profile = ProfileCredentials::new(source.clone()).with_sso(sso.clone());
        let machine = RoleOfMachine::new(Arc::clone(environment));
        let credentials: Chain<dyn ProvideCredentials> = Chain::new(vec![
            Arc::new(variables),
            Arc::new(profile),
            Arc::new(machine),
        ]);
        let variable = VariableToken::new(Arc::clone(environment), sdk_id);
        let token: Chain<dyn ProvideToken> = Chain::new(vec![Arc::new(variable), Arc::new(sso)]);
        Self::default()
            .with_token(token)
            .with_credentials(credentials)
    }

    /// With a provider of bearer tokens.
    #[must_use]
    pub fn with_token(mut self, provider: impl ProvideToken) -> Self {
        self.token = Some(Source {
            provider: Arc::new(provider),
            keep: |provider, clock, limit| {
                let cached = Cached::<dyn ProvideToken, Token>::new(provider);
                Arc::new(cached.with_limit(clock, limit))
            },
        });
        self
    }

    /// With a provider of AWS credentials.
    #[must_use]
    pub fn with_credentials(mut self, provider: impl ProvideCredentials) -> Self {
        self.credentials = Some(Source {
            provider: Arc::new(provider),
            keep: |provider, clock, limit| {
                let cached = Cached::<dyn ProvideCredentials, Credentials>::new(provider);
                Arc::new(cached.with_limit(clock, limit))
            },
        });
        self
    }

    /// These, with what they give [kept](Cached) until shortly before it expires. One that gives nothing
    /// within `limit` by this clock fails.
    #[must_use]
    pub fn kept(self, clock: &Arc<dyn Clock>, limit: Option<Duration>) -> Self {
        Self {
            token: self.token.map(|token| token.kept(clock, limit)),
            credentials: (self.credentials).map(|credentials| credentials.kept(clock, limit)),
        }
    }

    /// These, and for a kind that has none the other's.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            token: self.token.or(other.token),
            credentials: self.credentials.or(other.credentials),
        }
    }

    /// Whether there is a provider of `kind`. No provider is needed for [`IdentityKind::Anonymous`].
    #[must_use]
    pub fn has(&self, kind: IdentityKind) -> bool {
        match kind {
            IdentityKind::Anonymous => true,
            IdentityKind::Token => self.token.is_some(),
            IdentityKind::Credentials => self.credentials.is_some(),
        }
    }

    /// Asks the provider of `kind`.
    ///
    /// # Errors
    ///
    /// [`IdentityError::NotFound`] where there is no such provider, else the provider's error.
    pub async fn provide(
        &self,
        kind: IdentityKind,
        now: Timestamp,
    ) -> Result<Identity, IdentityError> {
        match (kind, &self.token, &self.credentials) {
            (IdentityKind::Anonymous, ..) => Ok(Identity::Anonymous),
            (IdentityKind::Token, Some(Source { provider, .. }), _) => {
                provider.provide_token(now).await.map(Identity::Token)
            }
            (IdentityKind::Credentials, _, Some(Source { provider, .. })) => provider
                .provide_credentials(now)
                .await
                .map(Identity::Credentials),
            _ => Err(IdentityError::not_found(kind, "the client's configuration")),
        }
    }
}

impl ProvideToken for Token {
    fn provide_token(&self, _now: Timestamp) -> ProvideFuture<'_, Token> {
        ProvideFuture::ready(Ok(self.clone()))
    }
}

impl ProvideCredentials for Credentials {
    fn provide_credentials(&self, _now: Timestamp) -> ProvideFuture<'_, Credentials> {
        ProvideFuture::ready(Ok(self.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn token(environment: MemoryEnvironment) -> Result<Token, IdentityError> {
        let source = ProfileSource::new(Arc::new(environment.with_var("HOME", "/home/me")));
        let providers = Providers::of_environment(&source, "CodeCatalyst", None);
        let provider = providers.token.unwrap().provider;
        provider.provide_token(Timestamp::default()).await
    }

    fn now<T>(future: impl Future<Output = T>) -> T {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match std::pin::pin!(future).poll(&mut context) {
            std::task::Poll::Ready(answer) => answer,
            std::task::Poll::Pending => panic!("pending"),
        }
    }

    /// Protects what a caller without any identity is told: every place, in order.
    #[test]
    fn a_missing_identity_names_every_place() {
        let error = now(token(MemoryEnvironment::default())).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no bearer token found; tried the environment variable AWS_BEARER_TOKEN_CODECATALYST, \
             the profile `default` (it has no `sso_session`)"
        );
        let source = ProfileSource::new(Arc::new(MemoryEnvironment::default()));
        let providers = Providers::of_environment(&source, "CodeCatalyst", None);
        let provider = providers.credentials.unwrap().provider;
        let error = now(provider.provide_credentials(Timestamp::default())).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no AWS credentials found; tried the environment variable AWS_ACCESS_KEY_ID, the \
             profile `default`, the role of this instance or container (not followed here; the \
             feature `aws-config` takes providers that do, and `aws configure export-credentials` \
             gives credentials for the environment)"
        );
    }

    /// Protects the order of the chain: the variable is enough, whatever state the files are in.
    #[test]
    fn the_first_place_counts() {
        let environment = MemoryEnvironment::default()
            .with_var("AWS_BEARER_TOKEN_CODECATALYST", "secret")
            .with_file("/home/me/.aws/config", "broken");
        assert_eq!(now(token(environment)).unwrap().expose(), "secret");
    }

    /// Protects against passing over what is broken.
    #[test]
    fn a_broken_place_ends_the_search() {
        let environment = MemoryEnvironment::default().with_file("/home/me/.aws/config", "broken");
        let error = now(token(environment)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "/home/me/.aws/config:1: a line has no `=`"
        );
    }

    /// Protects the message for a client that was made without a provider.
    #[test]
    fn a_kind_without_a_provider_is_named() {
        let providers = Providers::default();
        assert!(!providers.has(IdentityKind::Credentials));
        let asked = providers.provide(IdentityKind::Credentials, Timestamp::default());
        assert_eq!(
            now(asked).unwrap_err().to_string(),
            "no AWS credentials found; tried the client's configuration"
        );
    }
}
