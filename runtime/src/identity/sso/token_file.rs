//! A token in the cache of the AWS CLI.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use zeroize::Zeroizing;

use super::super::cache::REFRESH_BEFORE;
use super::super::environment::Environment;
use super::login::Login;
use super::{IdentityError, IdentityKind, SecretObject, Timestamp, Token};

/// The members that a renewal needs besides the time until which the registration is valid.
const GRANT: [&str; 3] = ["clientId", "clientSecret", "refreshToken"];

/// A file of `~/.aws/sso/cache`. `Debug` shows where it is alone.
pub(super) struct TokenFile {
    content: SecretObject,
    place: String,
}

impl fmt::Debug for TokenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TokenFile").field(&self.place).finish()
    }
}

impl TokenFile {
    /// Reads the file and the token in it.
    pub(super) fn read(
        environment: &dyn Environment,
        path: &Path,
        login: &Login,
    ) -> Result<(Self, Token), IdentityError> {
        let place = path.display().to_string();
        let content = environment
            .read_if_there(path)
            .map_err(|error| IdentityError::caused_by(format!("{place}: cannot be read"), error))?;
        let Some(content) = content else {
            return Err(IdentityError::not_found(
                IdentityKind::Token,
                format!("{place} (run `{}`)", login.command),
            ));
        };
        let read = SecretObject::parse(&content).and_then(|content| {
            let token = Token::new(content.required("accessToken")?);
            let expires = time(content.required("expiresAt")?);
            let expires = expires.ok_or("`expiresAt` is not a time")?;
            Ok((content, token.expiring(expires)))
        });
        let (content, token) =
            read.map_err(|why| IdentityError::invalid(format!("{place}: {why}")))?;
        Ok((Self { content, place }, token))
    }

    /// Where it is.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Whether the token expires soon, and can be renewed.
    pub(super) fn is_due(&self, token: &Token, now: Timestamp) -> bool {
        let soon = now.checked_add(REFRESH_BEFORE).unwrap_or(now);
        let registered = self.content.text("registrationExpiresAt");
        !token.is_valid_at(soon)
            && GRANT.iter().all(|name| self.content.text(name).is_some())
            && registered.is_none_or(|until| time(until).is_some_and(|until| now < until))
    }

    /// What CreateToken is asked with.
    pub(super) fn grant(&self) -> SecretObject {
        let mut grant = SecretObject::default();
        for name in GRANT {
            grant.set(name, self.content.text(name).unwrap_or_default());
        }
        grant.set("grantType", "refresh_token");
        grant
    }

    /// Takes over what CreateToken answered at the time `now`.
    pub(super) fn renew(&mut self, answer: &SecretObject, now: Timestamp) -> Result<Token, String> {
        let token = answer.required("accessToken")?;
        let seconds = answer.number("expiresIn").filter(|seconds| *seconds > 0);
        let seconds = seconds.ok_or("`expiresIn` is missing")?;
        // Whole seconds, as the AWS CLI writes and reads them.
        let expires = Timestamp::from_second(now.as_second().saturating_add(seconds))
            .map_err(|_| "`expiresIn` is out of range")?;
        self.content.set("accessToken", token);
        self.content.set("expiresAt", &expires.to_string());
        if let Some(next) = answer.text("refreshToken") {
            self.content.set("refreshToken", next);
        }
        Ok(Token::new(token).expiring(expires))
    }

    /// The file's content.
    pub(super) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        self.content.to_json()
    }
}

/// RFC 3339; old versions of the AWS CLI wrote `UTC` for `Z`.
fn time(text: &str) -> Option<Timestamp> {
    let text = match text.strip_suffix("UTC") {
        Some(local) => Cow::Owned(format!("{local}Z")),
        None => Cow::Borrowed(text),
    };
    text.parse().ok()
}
