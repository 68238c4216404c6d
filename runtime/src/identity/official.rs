//! Providers of the official AWS SDK for Rust.

use std::borrow::Cow;
use std::fmt;

use aws_credential_types::provider::error::{CredentialsError, TokenError};
use aws_credential_types::provider::token::ProvideToken as ProvideSdkToken;
use aws_credential_types::provider::{
    ProvideCredentials as ProvideSdkCredentials, SharedCredentialsProvider,
};

use super::{Credentials, IdentityError, ProvideCredentials, ProvideFuture, ProvideToken, Token};
use crate::auth::IdentityKind;
use crate::timestamp::Timestamp;

/// Where an official provider looked; it keeps to itself which places those were.
const PLACE: &str = "the provider of the AWS SDK";

/// AWS credentials from a provider of the official crates, such as those of `aws-config`.
///
/// ```
/// use tinsmith_runtime::config::Config;
/// use tinsmith_runtime::identity::SdkCredentials;
///
/// let official = aws_credential_types::Credentials::new("AKIDEXAMPLE", "secret", None, None, "me");
/// let builder = Config::builder().credentials(SdkCredentials::new(official));
/// ```
pub struct SdkCredentials<P = SharedCredentialsProvider>(P);

impl<P> SdkCredentials<P> {
    /// Asks `provider`.
    #[must_use]
    pub fn new(provider: P) -> Self {
        Self(provider)
    }
}

impl<P> fmt::Debug for SdkCredentials<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What providers print of themselves is not ours to vouch for.
        f.write_str("SdkCredentials")
    }
}

impl<P: ProvideSdkCredentials + 'static> ProvideCredentials for SdkCredentials<P> {
    fn provide_credentials(&self, _now: Timestamp) -> ProvideFuture<'_, Credentials> {
        let provided = self.0.provide_credentials();
        ProvideFuture::new(async move {
            let given = provided.await.map_err(credentials_error)?;
            let credentials = Credentials::from_parts(
                given.access_key_id().to_owned(),
                given.secret_access_key().to_owned(),
                given.session_token().map(str::to_owned),
            );
            Ok(match given.expiry() {
                Some(expiry) => credentials.expiring(expiry.into()),
                None => credentials,
            })
        })
    }

    fn name(&self) -> Cow<'static, str> {
        PLACE.into()
    }
}

/// Bearer tokens from a provider of the official crates.
///
/// ```
/// use tinsmith_runtime::config::Config;
/// use tinsmith_runtime::identity::SdkToken;
///
/// let official = aws_credential_types::Token::new("from a secret store", None);
/// let builder = Config::builder().bearer_token(SdkToken::new(official));
/// ```
pub struct SdkToken<P>(P);

impl<P> SdkToken<P> {
    /// Asks `provider`.
    #[must_use]
    pub fn new(provider: P) -> Self {
        Self(provider)
    }
}

impl<P> fmt::Debug for SdkToken<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SdkToken")
    }
}

impl<P: ProvideSdkToken + 'static> ProvideToken for SdkToken<P> {
    fn provide_token(&self, _now: Timestamp) -> ProvideFuture<'_, Token> {
        let provided = self.0.provide_token();
        ProvideFuture::new(async move {
            let given = provided.await.map_err(token_error)?;
            let token = Token::new(given.token());
            Ok(match given.expiration() {
                Some(expiry) => token.expiring(expiry.into()),
                None => token,
            })
        })
    }

    fn name(&self) -> Cow<'static, str> {
        PLACE.into()
    }
}

fn credentials_error(error: CredentialsError) -> IdentityError {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => {
            IdentityError::not_found(IdentityKind::Credentials, PLACE)
        }
        error => IdentityError::caused_by("the AWS SDK gives no credentials", error),
    }
}

fn token_error(error: TokenError) -> IdentityError {
    match error {
        TokenError::TokenNotLoaded(_) => IdentityError::not_found(IdentityKind::Token, PLACE),
        error => IdentityError::caused_by("the AWS SDK gives no bearer token", error),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use aws_credential_types::credential_fn::provide_credentials_fn;
    use aws_credential_types::provider::future;

    use super::*;

    const EXPIRY: SystemTime = SystemTime::UNIX_EPOCH;

    /// Protects all parts of credentials on their way, and what is printed of the provider.
    #[tokio::test]
    async fn official_credentials_are_taken() {
        let session = Some("session".to_owned());
        let expiry = Some(EXPIRY + Duration::from_secs(7));
        let official = aws_credential_types::Credentials::new("AK", "sk", session, expiry, "test");
        let provider = SdkCredentials::new(SharedCredentialsProvider::new(official));
        let found = provider.provide_credentials(Timestamp::default()).await;
        let found = found.unwrap();
        assert_eq!(found.access_key_id(), "AK");
        assert_eq!(found.expose_secret_access_key(), "sk");
        assert_eq!(found.expose_session_token(), Some("session"));
        assert_eq!(found.expires(), Some(Timestamp::from_second(7).unwrap()));
        assert_eq!(format!("{provider:?}"), "SdkCredentials");
    }

    /// Protects the token and its end.
    #[tokio::test]
    async fn an_official_token_is_taken() {
        let expiry = Some(EXPIRY + Duration::from_secs(7));
        let provider = SdkToken::new(aws_credential_types::Token::new("secret", expiry));
        let found = provider.provide_token(Timestamp::default()).await.unwrap();
        assert_eq!(found.expose(), "secret");
        assert_eq!(found.expires(), Some(Timestamp::from_second(7).unwrap()));
        assert_eq!(format!("{provider:?}"), "SdkToken");
    }

    /// Protects chains, which go on where there is nothing and stop where something is broken.
    #[tokio::test]
    async fn official_errors_are_told_apart() {
        let nothing =
            provide_credentials_fn(|| async { Err(CredentialsError::not_loaded("nothing here")) });
        let nothing = SdkCredentials::new(nothing);
        let error = nothing.provide_credentials(Timestamp::default()).await;
        assert_eq!(
            error.unwrap_err().to_string(),
            "no AWS credentials found; tried the provider of the AWS SDK"
        );

        #[derive(Debug)]
        struct Broken;
        impl ProvideSdkToken for Broken {
            fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
            where
                Self: 'a,
            {
                future::ProvideToken::ready(Err(TokenError::provider_error("out of order")))
            }
        }
        let broken = SdkToken::new(Broken);
        let error = broken
            .provide_token(Timestamp::default())
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), "the AWS SDK gives no bearer token");
        assert!(std::error::Error::source(&error).is_some());
    }
}
