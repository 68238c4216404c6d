//! Who is calling: bearer tokens, AWS credentials, and where they come from.
//!
//! A provider ([`ProvideToken`], [`ProvideCredentials`]) is asked once a call. Those here read the
//! environment, AWS's shared config files and the token cache of AWS IAM Identity Center; a caller may
//! bring their own. The time is passed in, so that expiry is tested without waiting.

mod error;
mod future;
mod types;

pub use error::IdentityError;
pub use future::ProvideFuture;
pub use types::{Credentials, Identity, Token};

use std::fmt::Debug;
use std::sync::Arc;

use crate::auth::IdentityKind;
use crate::timestamp::Timestamp;

/// A source of bearer tokens.
pub trait ProvideToken: Debug + Send + Sync + 'static {
    /// Gives the token to use at the time `now`.
    ///
    /// # Errors
    ///
    /// [`IdentityError::NotFound`] when the source has none, so that a chain asks the next one; any
    /// other error ends the search.
    fn provide_token(&self, now: Timestamp) -> ProvideFuture<'_, Token>;
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
}

/// The providers of a client, one for each kind of identity.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    /// Where bearer tokens come from.
    pub token: Option<Arc<dyn ProvideToken>>,
    /// Where AWS credentials come from.
    pub credentials: Option<Arc<dyn ProvideCredentials>>,
}

impl Providers {
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
            (IdentityKind::Token, Some(provider), _) => {
                provider.provide_token(now).await.map(Identity::Token)
            }
            (IdentityKind::Credentials, _, Some(provider)) => provider
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
