//! The credentials of a role that a login gives access to.

use std::sync::Arc;

use http::HeaderName;
use jiff::SignedDuration;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::client::ExchangeError;
use super::login::Login;
use super::{IdentityError, IdentityKind, Profile, SsoToken};
use crate::auth::sensitive_value;
use crate::identity::Credentials;
use crate::timestamp::Timestamp;

const BEARER_TOKEN: HeaderName = HeaderName::from_static("x-amz-sso_bearer_token");

/// What the portal answers to a token that is no longer good.
const UNAUTHORIZED: u16 = 401;

impl SsoToken {
    /// The credentials of the role that `profile` names in `sso_account_id` and `sso_role_name`.
    ///
    /// Source: IAM Identity Center Portal API Reference, GetRoleCredentials.
    pub(in super::super) async fn role_credentials(
        &self,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<Credentials, IdentityError> {
        let Some(client) = &self.client else {
            let message = "there is no transport to ask IAM Identity Center with";
            return Err(IdentityError::invalid(message));
        };
        let login = Login::of(profile)?;
        let request = self.request(profile, &login, now).await?;
        let answer = client.exchange(request).await;
        let mut answer = answer.map_err(|error| refused(profile, &login, error))?;
        let role = answer.take_object("roleCredentials").unwrap_or_default();
        let read = || {
            let expires = role.number("expiration").ok_or("`expiration` is missing")?;
            let expires = Timestamp::from_duration(SignedDuration::from_millis(expires))
                .map_err(|_| "`expiration` is not a time")?;
            let credentials = Credentials::temporary(
                role.required("accessKeyId")?,
                role.required("secretAccessKey")?,
                role.required("sessionToken")?,
            );
            Ok(credentials.expiring(expires))
        };
        read().map_err(|why| refused(profile, &login, ExchangeError::Unreadable(why)))
    }

    async fn request(
        &self,
        profile: &Profile,
        login: &Login,
        now: Timestamp,
    ) -> Result<http::Request<bytes::Bytes>, IdentityError> {
        let text = |name| {
            let setting = profile.setting(name).map(|setting| setting.expose());
            setting.ok_or_else(|| {
                let name_of_profile = profile.name();
                let message = format!("the profile `{name_of_profile}` has no `{name}`");
                IdentityError::invalid(message)
            })
        };
        let encoded = |name| text(name).map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC));
        let (account, role) = (encoded("sso_account_id")?, encoded("sso_role_name")?);
        let endpoint = self.endpoint("portal.sso", "SSO", login)?;
        let uri =
            format!("{endpoint}/federation/credentials?account_id={account}&role_name={role}");
        let token = self.token_of(login, now).await?;
        let wrong = |error| {
            IdentityError::caused_by("IAM Identity Center cannot be asked for credentials", error)
        };
        let token = sensitive_value("token of IAM Identity Center", token.expose().to_owned());
        let token = token.map_err(|error| wrong(error.into()))?;
        http::Request::get(uri)
            .header(BEARER_TOKEN, token)
            .body(bytes::Bytes::new())
            .map_err(|error| wrong(crate::error::BoxError::from(error)))
    }
}

fn refused(profile: &Profile, login: &Login, error: ExchangeError) -> IdentityError {
    let name = profile.name();
    if let ExchangeError::Refused {
        status: UNAUTHORIZED,
        ..
    } = error
    {
        return IdentityError::Expired {
            kind: IdentityKind::Credentials,
            place: format!("the profile `{name}` (run `{}`)", login.command),
            source: Some(Arc::new(error)),
        };
    }
    let message = format!("IAM Identity Center gives no credentials for the profile `{name}`");
    IdentityError::caused_by(message, error)
}
