//! AWS IAM Identity Center: the tokens that `aws sso login` leaves behind, and what they are good for.
//!
//! Source: AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider".

mod login;
mod roles;
#[cfg(test)]
mod tests;
mod token_file;

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use tokio::sync::Mutex;

use self::login::Login;
use self::token_file::TokenFile;
use super::client::ExchangeError;
use super::profile::{Profile, ProfileSource};
use super::secret_object::SecretObject;
use super::{IdentityError, ProvideFuture, ProvideToken, ProviderClient, Settings, Token};
use crate::auth::IdentityKind;
use crate::endpoint::functions::{is_valid_host_label, partition};
use crate::error::BoxError;
use crate::timestamp::Timestamp;

/// The token of AWS IAM Identity Center that the AWS CLI keeps in `~/.aws/sso/cache`.
///
/// The profile names its session in `sso_session`, or the portal in `sso_start_url`. A token of a
/// session that is about to expire is renewed, as the AWS CLI does it, and put back into the cache for
/// all programs, where there is something to send with ([`with_client`](Self::with_client)). Where the
/// cache cannot be written, the renewed token is kept in memory. Copies renew a token once between them.
/// What cannot be renewed is an error that names the command to log in again.
#[derive(Clone, Debug)]
pub struct SsoToken {
    source: ProfileSource,
    client: Option<ProviderClient>,
    /// Locked by the one that renews. Holds what was renewed last, since the cache may not be
    /// writable: a refresh token may be good for one renewal alone, and the one in the cache is spent.
    renewing: Arc<Mutex<Option<(TokenFile, Token)>>>,
}

impl SsoToken {
    /// The token for the profile of `source`, which is read each time it is asked for.
    #[must_use]
    pub fn new(source: ProfileSource) -> Self {
        Self {
            source,
            client: None,
            renewing: Arc::default(),
        }
    }

    /// With something to renew tokens by.
    #[must_use]
    pub fn with_client(mut self, client: ProviderClient) -> Self {
        self.client = Some(client);
        self
    }

    async fn token(&self, now: Timestamp) -> Result<Token, IdentityError> {
        let profile = self.source.load()?;
        self.token_of(&Login::of(&profile)?, now).await
    }

    async fn token_of(&self, login: &Login, now: Timestamp) -> Result<Token, IdentityError> {
        let environment = &**self.source.environment();
        let path = environment.home(&format!(".aws/sso/cache/{}", login.file_name()));
        let (file, token) = TokenFile::read(environment, &path, login)?;
        let (Some(client), true) = (&self.client, file.is_due(&token, now)) else {
            return valid(token, &file, login, now, None);
        };
        let mut last = self.renewing.lock().await;
        // Another one, or another program, may have renewed it meanwhile.
        let read = TokenFile::read(environment, &path, login)?;
        let kept = last.take().filter(|(file, token)| {
            file.place() == read.0.place() && token.expires() > read.1.expires()
        });
        let (file, token) = last.insert(kept.unwrap_or(read));
        if !file.is_due(token, now) {
            return valid(token.clone(), file, login, now, None);
        }
        match self.renew(client, file, login, now).await {
            Ok(renewed) => {
                *token = renewed.clone();
                if let Err(error) = environment.write(&path, &file.to_json()) {
                    let path = path.display();
                    tracing::warn!(%path, %error, "the renewed token is kept in memory alone");
                }
                Ok(renewed)
            }
            Err(error) => valid(token.clone(), file, login, now, Some(error)),
        }
    }

    /// Asks for another token, and puts it into `file`.
    ///
    /// Source: IAM Identity Center OIDC API Reference, CreateToken.
    async fn renew(
        &self,
        client: &ProviderClient,
        file: &mut TokenFile,
        login: &Login,
        now: Timestamp,
    ) -> Result<Token, IdentityError> {
        let failed =
            |error: BoxError| IdentityError::caused_by("the token cannot be renewed", error);
        let mut uri = self.endpoint("oidc", "SSO OIDC", login)?;
        uri.push_str("/token");
        let body = Bytes::from_owner(file.grant().to_json());
        let request = http::Request::post(uri)
            .header(CONTENT_TYPE, "application/json")
            .body(body)
            .map_err(|error| failed(error.into()))?;
        let answer = client.exchange(request).await;
        let answer = answer.map_err(|error| failed(error.into()))?;
        file.renew(&answer, now)
            .map_err(|why| failed(ExchangeError::Unreadable(why).into()))
    }

    /// Where a service of IAM Identity Center is, without a slash at its end.
    ///
    /// Source: the rule sets of both services.
    fn endpoint(
        &self,
        service: &str,
        sdk_id: &str,
        login: &Login,
    ) -> Result<String, IdentityError> {
        let settings = Settings::load(&self.source, sdk_id).map_err(|error| {
            IdentityError::caused_by("the settings for IAM Identity Center are wrong", error)
        })?;
        if let Some(url) = settings.endpoint_url {
            return Ok(url.trim_end_matches('/').to_owned());
        }
        let region = login.region.as_deref().unwrap_or_default();
        let partition = partition(region).filter(|_| is_valid_host_label(region, false));
        let Some(partition) = partition else {
            let message = format!("`sso_region` is not a region: {region:?}");
            return Err(IdentityError::invalid(message));
        };
        let fips = settings.use_fips == Some(true);
        let dual_stack = settings.use_dual_stack == Some(true);
        let suffix = partition.suffix(fips, dual_stack).ok_or_else(|| {
            let name = partition.name;
            let message = format!("the partition `{name}` lacks the FIPS or dual-stack endpoints");
            IdentityError::invalid(message)
        })?;
        // Those of the partition aws-us-gov that are not dual-stack are so without a name that says it.
        let named = fips && (dual_stack || partition.name != "aws-us-gov");
        let fips = if named { "-fips" } else { "" };
        Ok(format!("https://{service}{fips}.{region}.{suffix}"))
    }
}

/// The token as it is, unless it has expired.
fn valid(
    token: Token,
    file: &TokenFile,
    login: &Login,
    now: Timestamp,
    renewal: Option<IdentityError>,
) -> Result<Token, IdentityError> {
    if !token.is_valid_at(now) {
        return Err(IdentityError::Expired {
            kind: IdentityKind::Token,
            place: format!("{} (run `{}`)", file.place(), login.command),
            source: renewal.map(|error| Arc::new(error) as _),
        });
    }
    if let Some(error) = renewal {
        let source = std::error::Error::source(&error).map(tracing::field::display);
        tracing::warn!(%error, source, "the token is still valid");
    }
    Ok(token)
}

impl ProvideToken for SsoToken {
    fn provide_token(&self, now: Timestamp) -> ProvideFuture<'_, Token> {
        ProvideFuture::new(self.token(now))
    }

    fn name(&self) -> Cow<'static, str> {
        "the login of AWS IAM Identity Center".into()
    }
}
