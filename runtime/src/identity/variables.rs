//! Identities in environment variables.

use std::sync::Arc;

use super::environment::Environment;
use super::{Credentials, IdentityError, ProvideCredentials, ProvideFuture, ProvideToken, Token};
use crate::auth::IdentityKind;
use crate::timestamp::Timestamp;

const ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";

/// The name that a service has in environment variables, such as `CODECATALYST` in
/// `AWS_BEARER_TOKEN_CODECATALYST`: its `sdkId` in upper case, with `_` for every other character
/// than a letter or digit.
///
/// Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
#[must_use]
pub fn variable_suffix(sdk_id: &str) -> String {
    sdk_id
        .chars()
        .map(|c| match c.is_ascii_alphanumeric() {
            true => c.to_ascii_uppercase(),
            false => '_',
        })
        .collect()
}

/// The bearer token in `AWS_BEARER_TOKEN_<SERVICE>`.
#[derive(Clone, Debug)]
pub struct VariableToken {
    environment: Arc<dyn Environment>,
    name: String,
}

impl VariableToken {
    /// The token for the service with this `sdkId`; see [`variable_suffix`].
    #[must_use]
    pub fn new(environment: Arc<dyn Environment>, sdk_id: &str) -> Self {
        Self {
            environment,
            name: format!("AWS_BEARER_TOKEN_{}", variable_suffix(sdk_id)),
        }
    }

    fn token(&self) -> Result<Token, IdentityError> {
        let text = self.environment.text(&self.name).ok_or_else(|| {
            IdentityError::not_found(
                IdentityKind::Token,
                format!("the environment variable {}", self.name),
            )
        })?;
        Ok(Token::new(text))
    }
}

impl ProvideToken for VariableToken {
    fn provide_token(&self, _now: Timestamp) -> ProvideFuture<'_, Token> {
        ProvideFuture::ready(self.token())
    }
}

/// The credentials in `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary ones,
/// `AWS_SESSION_TOKEN`.
///
/// One of the first two without the other is an error, so that a slip is not passed over.
#[derive(Clone, Debug)]
pub struct VariableCredentials {
    environment: Arc<dyn Environment>,
}

impl VariableCredentials {
    /// The credentials in these variables.
    #[must_use]
    pub fn new(environment: Arc<dyn Environment>) -> Self {
        Self { environment }
    }

    fn credentials(&self) -> Result<Credentials, IdentityError> {
        let text = |name| self.environment.text(name);
        match (text(ACCESS_KEY_ID), text(SECRET_ACCESS_KEY)) {
            (Some(id), Some(secret)) => {
                Ok(Credentials::from_parts(id, secret, text(SESSION_TOKEN)))
            }
            (None, None) => Err(IdentityError::not_found(
                IdentityKind::Credentials,
                format!("the environment variable {ACCESS_KEY_ID}"),
            )),
            (Some(_), None) => Err(half(ACCESS_KEY_ID, SECRET_ACCESS_KEY)),
            (None, Some(_)) => Err(half(SECRET_ACCESS_KEY, ACCESS_KEY_ID)),
        }
    }
}

fn half(given: &str, missing: &str) -> IdentityError {
    IdentityError::invalid(format!(
        "the environment variable {given} is set, and {missing} is not"
    ))
}

impl ProvideCredentials for VariableCredentials {
    fn provide_credentials(&self, _now: Timestamp) -> ProvideFuture<'_, Credentials> {
        ProvideFuture::ready(self.credentials())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::MemoryEnvironment;

    fn credentials(vars: &[(&str, &str)]) -> Result<Credentials, IdentityError> {
        let environment = vars
            .iter()
            .fold(MemoryEnvironment::default(), |all, (name, value)| {
                all.with_var(*name, *value)
            });
        VariableCredentials::new(Arc::new(environment)).credentials()
    }

    /// Protects the names of variables, which the `sdkId` rule makes.
    #[test]
    fn services_have_variables_of_their_own() {
        assert_eq!(variable_suffix("CodeCatalyst"), "CODECATALYST");
        assert_eq!(variable_suffix("Bedrock Runtime"), "BEDROCK_RUNTIME");
        let environment =
            MemoryEnvironment::default().with_var("AWS_BEARER_TOKEN_CODECATALYST", "secret");
        let environment: Arc<dyn Environment> = Arc::new(environment);
        let token = VariableToken::new(Arc::clone(&environment), "CodeCatalyst").token();
        assert_eq!(token.unwrap().expose(), "secret");
        let error = VariableToken::new(environment, "Other One")
            .token()
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "no bearer token found; tried the environment variable AWS_BEARER_TOKEN_OTHER_ONE"
        );
    }

    /// Protects the three variables of credentials, and what is said of half a pair.
    #[test]
    fn credentials_need_both_halves() {
        let id = ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        let secret = ("AWS_SECRET_ACCESS_KEY", "hunter2");
        let found = credentials(&[id, secret]).unwrap();
        assert_eq!(found.access_key_id(), "AKIDEXAMPLE");
        assert_eq!(found.expose_secret_access_key(), "hunter2");
        assert_eq!(found.expose_session_token(), None);
        let found = credentials(&[id, secret, ("AWS_SESSION_TOKEN", "session")]).unwrap();
        assert_eq!(found.expose_session_token(), Some("session"));
        assert!(matches!(
            credentials(&[("AWS_ACCESS_KEY_ID", "")]).unwrap_err(),
            IdentityError::NotFound { .. }
        ));
        let error = credentials(&[secret]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the environment variable AWS_SECRET_ACCESS_KEY is set, and AWS_ACCESS_KEY_ID is not"
        );
    }
}
