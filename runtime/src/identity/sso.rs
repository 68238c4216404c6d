//! The tokens that `aws sso login` leaves behind.
//!
//! Source: AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider".

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use sha1_smol::Sha1;
use zeroize::{Zeroize, Zeroizing};

use super::profile::{Profile, ProfileSource};
use super::{IdentityError, ProvideFuture, ProvideToken, Token};
use crate::auth::IdentityKind;
use crate::timestamp::Timestamp;

/// The token of AWS IAM Identity Center that the AWS CLI keeps in `~/.aws/sso/cache`.
///
/// The profile names its session in `sso_session`, or the portal in `sso_start_url`. A token that has
/// expired is an error that names the command to renew it; nothing is renewed here.
#[derive(Clone, Debug)]
pub struct SsoToken {
    source: ProfileSource,
}

/// Which of the cached tokens belongs to a profile.
struct Login {
    /// What the file is named after: the session's name, or the portal's URL in profiles that have no
    /// session.
    key: String,
    /// The command that renews the token.
    command: String,
}

impl SsoToken {
    /// The token for the profile of `source`, which is read each time it is asked for.
    #[must_use]
    pub fn new(source: ProfileSource) -> Self {
        Self { source }
    }

    fn token(&self, now: Timestamp) -> Result<Token, IdentityError> {
        let profile = self.source.load()?;
        let login = Login::of(&profile)?;
        let file = login.file_name();
        let environment = &**self.source.environment();
        let path = environment.home(&format!(".aws/sso/cache/{file}"));
        let place = path.display();
        let content = environment
            .read_if_there(&path)
            .map_err(|error| IdentityError::caused_by(format!("{place}: cannot be read"), error))?;
        let Some(content) = content else {
            return Err(IdentityError::not_found(
                IdentityKind::Token,
                format!("{place} (run `{}`)", login.command),
            ));
        };
        let token = read_token(&content)
            .map_err(|message| IdentityError::invalid(format!("{place}: {message}")))?;
        if token.is_valid_at(now) {
            return Ok(token);
        }
        Err(IdentityError::Expired {
            kind: IdentityKind::Token,
            place: format!("{place} (run `{}`)", login.command),
        })
    }
}

impl ProvideToken for SsoToken {
    fn provide_token(&self, now: Timestamp) -> ProvideFuture<'_, Token> {
        ProvideFuture::ready(self.token(now))
    }
}

impl Login {
    fn of(profile: &Profile) -> Result<Self, IdentityError> {
        if let Some((name, session)) = profile.referred("sso-session")? {
            // What the login itself needs; without it the section cannot be the right one.
            session.required("sso_start_url")?;
            session.required("sso_region")?;
            return Ok(Self {
                key: name.to_owned(),
                command: format!("aws sso login --sso-session {name}"),
            });
        }
        if let Some(url) = profile.setting("sso_start_url") {
            return Ok(Self {
                key: url.expose().to_owned(),
                command: format!("aws sso login --profile {}", profile.name()),
            });
        }
        Err(IdentityError::not_found(
            IdentityKind::Token,
            format!("the profile `{}` (it has no `sso_session`)", profile.name()),
        ))
    }

    /// The SHA-1 of the key, in hexadecimal.
    fn file_name(&self) -> String {
        let mut name = String::with_capacity(45);
        for byte in Sha1::from(&self.key).digest().bytes() {
            // Writing to a string does not fail.
            let _ = write!(name, "{byte:02x}");
        }
        name.push_str(".json");
        name
    }
}

/// Reads `accessToken` and `expiresAt`, and wipes what else there is. The error never holds a part of
/// the file.
fn read_token(content: &[u8]) -> Result<Token, Cow<'static, str>> {
    let mut file: Map<String, Value> = serde_json::from_slice(content).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        format!("not a JSON object at line {line}, column {column}")
    })?;
    let mut text = |name| match file.remove(name) {
        Some(Value::String(text)) => Some(Zeroizing::new(text)),
        _ => None,
    };
    let (token, expires) = (text("accessToken"), text("expiresAt"));
    for value in file.values_mut() {
        if let Value::String(text) = value {
            text.zeroize();
        }
    }
    let mut token = token.ok_or("`accessToken` is missing")?;
    let expires = expires.ok_or("`expiresAt` is missing")?;
    let expires = read_time(&expires)?;
    Ok(Token::new(std::mem::take(&mut *token)).expiring(expires))
}

/// RFC 3339; old versions of the AWS CLI wrote `UTC` for `Z`.
fn read_time(text: &str) -> Result<Timestamp, &'static str> {
    let text = match text.strip_suffix("UTC") {
        Some(local) => Cow::Owned(format!("{local}Z")),
        None => Cow::Borrowed(text),
    };
    text.parse().map_err(|_| "`expiresAt` is not a time")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::identity::MemoryEnvironment;

    const CONFIG: &str = "[default]\nsso_session = my-sso\n\
        [sso-session my-sso]\nsso_region = us-east-1\nsso_start_url = https://x.awsapps.com/start\n";
    /// The SHA-1 of `my-sso`.
    const FILE: &str = "/home/me/.aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn token(config: &str, file: &str, content: &str) -> Result<Token, IdentityError> {
        let environment = MemoryEnvironment::default()
            .with_var("HOME", "/home/me")
            .with_file("/home/me/.aws/config", config)
            .with_file(file, content);
        let provider = SsoToken::new(ProfileSource::new(Arc::new(environment)));
        provider.token(at("2030-01-01T00:00:00Z"))
    }

    /// Protects the rule for the file's name, and both forms of the time.
    #[test]
    fn the_sessions_name_leads_to_the_token() {
        for expires in ["2030-01-01T00:00:01Z", "2030-01-01T00:00:01UTC"] {
            let content = format!(r#"{{"accessToken":"secret","expiresAt":"{expires}"}}"#);
            let token = token(CONFIG, FILE, &content).unwrap();
            assert_eq!(token.expose(), "secret");
            assert_eq!(token.expires(), Some(at("2030-01-01T00:00:01Z")));
        }
    }

    /// Protects callers from sending a token that cannot work, and tells them what to do.
    #[test]
    fn an_expired_token_is_not_used() {
        let content = r#"{"accessToken":"secret","expiresAt":"2030-01-01T00:00:00Z"}"#;
        let error = token(CONFIG, FILE, content).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("expired bearer token: {FILE} (run `aws sso login --sso-session my-sso`)")
        );
    }

    /// Protects the secret, and the account of what is wrong with a file.
    #[test]
    fn a_broken_file_is_told_without_its_content() {
        for (content, message) in [
            (
                "{\"accessToken\":\"secret\n",
                "not a JSON object at line 2, column 0",
            ),
            ("[]", "not a JSON object at line 1, column 0"),
            (r#"{"accessToken":1}"#, "`accessToken` is missing"),
            (r#"{"accessToken":"secret"}"#, "`expiresAt` is missing"),
            (
                r#"{"accessToken":"secret","expiresAt":"secret"}"#,
                "`expiresAt` is not a time",
            ),
        ] {
            let error = token(CONFIG, FILE, content).unwrap_err();
            assert_eq!(error.to_string(), format!("{FILE}: {message}"));
        }
    }

    /// Protects what a caller without a login is told.
    #[test]
    fn what_is_missing_is_named() {
        let error = |config| token(config, "/other", "").unwrap_err().to_string();
        assert_eq!(
            error(CONFIG),
            format!(
                "no bearer token found; tried {FILE} (run `aws sso login --sso-session my-sso`)"
            )
        );
        assert_eq!(
            error("[default]\nregion = x\n"),
            "no bearer token found; tried the profile `default` (it has no `sso_session`)"
        );
        assert_eq!(
            error("[default]\nsso_session = other\n"),
            "/home/me/.aws/config:2: there is no section `[sso-session other]`"
        );
    }
}
