//! Tokens and credentials: shared, wiped when the last copy goes, never shown.

use std::sync::Arc;

use crate::auth::IdentityKind;
use crate::shape::Sensitive;
use crate::timestamp::Timestamp;

/// Who is calling, as a scheme of authentication needs it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Identity {
    /// Nobody in particular.
    Anonymous,
    /// The holder of a bearer token.
    Token(Token),
    /// The owner of AWS credentials.
    Credentials(Credentials),
}

impl Identity {
    /// What kind of identity this is.
    #[must_use]
    pub fn kind(&self) -> IdentityKind {
        match self {
            Self::Anonymous => IdentityKind::Anonymous,
            Self::Token(_) => IdentityKind::Token,
            Self::Credentials(_) => IdentityKind::Credentials,
        }
    }
}

/// A bearer token (RFC 6750).
///
/// A copy shares its text with the original. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct Token {
    text: Arc<Sensitive<String>>,
    expires: Option<Timestamp>,
}

impl Token {
    /// A token that does not expire.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: Arc::new(Sensitive::new(text.into())),
            expires: None,
        }
    }

    /// With a time after which it is no longer valid.
    #[must_use]
    pub fn expiring(mut self, at: Timestamp) -> Self {
        self.expires = Some(at);
        self
    }

    /// When it stops being valid, if ever.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// Whether it can be used at the time `now`.
    #[must_use]
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }

    /// The token itself. Keep it out of logs and messages.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.text.expose()
    }
}

/// AWS credentials: an access key, and a session token where they are temporary.
///
/// A copy shares its text with the original. `Debug` shows the access key id, which is no secret, and
/// nothing else of it.
#[derive(Clone, Debug)]
pub struct Credentials {
    keys: Arc<Keys>,
    expires: Option<Timestamp>,
}

#[derive(Debug)]
struct Keys {
    access_key_id: String,
    secret_access_key: Sensitive<String>,
    session_token: Option<Sensitive<String>>,
}

impl Credentials {
    /// Long-term credentials.
    #[must_use]
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self::from_parts(access_key_id.into(), secret_access_key.into(), None)
    }

    /// Temporary credentials, which carry a session token.
    #[must_use]
    pub fn temporary(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        session_token: impl Into<String>,
    ) -> Self {
        Self::from_parts(
            access_key_id.into(),
            secret_access_key.into(),
            Some(session_token.into()),
        )
    }

    pub(crate) fn from_parts(
        access_key_id: String,
        secret_access_key: String,
        session_token: Option<String>,
    ) -> Self {
        Self {
            keys: Arc::new(Keys {
                access_key_id,
                secret_access_key: Sensitive::new(secret_access_key),
                session_token: session_token.map(Sensitive::new),
            }),
            expires: None,
        }
    }

    /// With a time after which they are no longer valid.
    #[must_use]
    pub fn expiring(mut self, at: Timestamp) -> Self {
        self.expires = Some(at);
        self
    }

    /// The access key id, which is no secret.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        &self.keys.access_key_id
    }

    /// When they stop being valid, if ever.
    #[must_use]
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// The secret access key. Keep it out of logs and messages.
    #[must_use]
    pub fn expose_secret_access_key(&self) -> &str {
        self.keys.secret_access_key.expose()
    }

    /// Whether `other` signs with the same key.
    #[cfg(feature = "sigv4")]
    pub(crate) fn same_secret(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.keys, &other.keys)
            || self.keys.secret_access_key == other.keys.secret_access_key
    }

    /// The session token. Keep it out of logs and messages.
    #[must_use]
    pub fn expose_session_token(&self) -> Option<&str> {
        self.keys
            .session_token
            .as_ref()
            .map(|token| token.expose().as_str())
    }
}
