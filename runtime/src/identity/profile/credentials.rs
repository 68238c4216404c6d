//! Credentials that stand in a shared file.

use super::{Profile, ProfileSource};
use crate::auth::IdentityKind;
use crate::identity::{Credentials, IdentityError, ProvideCredentials, ProvideFuture};
use crate::timestamp::Timestamp;

/// The credentials in the profile's `aws_access_key_id`, `aws_secret_access_key` and, for temporary
/// ones, `aws_session_token`.
///
/// Profiles that only say how to get credentials (`role_arn`, `credential_process`, `sso_account_id`,
/// …) are not followed; the error says so.
#[derive(Clone, Debug)]
pub struct ProfileCredentials {
    source: ProfileSource,
}

/// What else a profile may hold in place of credentials.
const ELSEWHERE: [&str; 5] = [
    "role_arn",
    "credential_process",
    "sso_account_id",
    "web_identity_token_file",
    "login_session",
];

impl ProfileCredentials {
    /// The credentials in the profile of `source`, which is read each time they are asked for.
    #[must_use]
    pub fn new(source: ProfileSource) -> Self {
        Self { source }
    }

    fn credentials(&self) -> Result<Credentials, IdentityError> {
        let profile = self.source.load()?;
        let id = profile.setting("aws_access_key_id");
        let secret = profile.setting("aws_secret_access_key");
        match (id, secret) {
            (Some(id), Some(secret)) => {
                let session = profile.setting("aws_session_token");
                Ok(Credentials::from_parts(
                    id.expose().to_owned(),
                    secret.expose().to_owned(),
                    session.map(|session| session.expose().to_owned()),
                ))
            }
            (None, None) => Err(not_found(&profile)),
            (Some(id), None) => Err(id.error("is set without `aws_secret_access_key`").into()),
            (None, Some(secret)) => Err(secret.error("is set without `aws_access_key_id`").into()),
        }
    }
}

fn not_found(profile: &Profile) -> IdentityError {
    let name = profile.name();
    let elsewhere = ELSEWHERE
        .into_iter()
        .find(|name| profile.setting(name).is_some());
    let place = match elsewhere {
        Some(setting) => {
            format!("the profile `{name}` (its `{setting}` needs another credentials provider)")
        }
        None => format!("the profile `{name}`"),
    };
    IdentityError::not_found(IdentityKind::Credentials, place)
}

impl ProvideCredentials for ProfileCredentials {
    fn provide_credentials(&self, _now: Timestamp) -> ProvideFuture<'_, Credentials> {
        ProvideFuture::ready(self.credentials())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::identity::MemoryEnvironment;

    fn credentials(file: &str) -> Result<Credentials, IdentityError> {
        let environment = MemoryEnvironment::default()
            .with_var("HOME", "/home/me")
            .with_file("/home/me/.aws/credentials", file);
        ProfileCredentials::new(ProfileSource::new(Arc::new(environment))).credentials()
    }

    /// Protects what is read, and that an incomplete pair is told with its place and not its text.
    #[test]
    fn credentials_stand_in_the_profile() {
        let keys = "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key=hunter2==\n";
        let found = credentials(keys).unwrap();
        assert_eq!(found.access_key_id(), "AKIDEXAMPLE");
        assert_eq!(found.expose_secret_access_key(), "hunter2==");
        assert_eq!(found.expose_session_token(), None);
        let found = credentials(&format!("{keys}aws_session_token = session\n")).unwrap();
        assert_eq!(found.expose_session_token(), Some("session"));
        let error = credentials("[default]\n\naws_secret_access_key = hunter2\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "/home/me/.aws/credentials:3: `aws_secret_access_key` is set without \
             `aws_access_key_id`"
        );
    }

    /// Protects the explanation for profiles that other tools understand and this does not.
    #[test]
    fn a_profile_that_points_elsewhere_is_named() {
        let error = credentials("[default]\nrole_arn = arn:aws:iam::1:role/x\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "no AWS credentials found; tried the profile `default` (its `role_arn` needs another \
             credentials provider)"
        );
    }
}
