//! Why there is no identity.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::profile::ProfileError;
use crate::auth::IdentityKind;

/// Why a provider gave no identity. Never holds a secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum IdentityError {
    /// None of the places looked at has one.
    NotFound {
        /// What was looked for.
        kind: IdentityKind,
        /// Every place, and what was found there, in the order they were tried.
        tried: Vec<Cow<'static, str>>,
    },
    /// There is one, and it is no longer valid.
    Expired {
        /// What was looked for.
        kind: IdentityKind,
        /// Where it was found, and how to renew it where that is known.
        place: String,
        /// Why it could not be renewed, where that was tried.
        source: Option<Arc<dyn Error + Send + Sync>>,
    },
    /// A provider took too long.
    TimedOut {
        /// Its [name](super::ProvideToken::name).
        provider: Cow<'static, str>,
        /// The time that it had: [`Timeouts::identity`](crate::config::Timeouts::identity).
        limit: Duration,
    },
    /// A shared config or credentials file is wrong.
    Profile(ProfileError),
    /// A place could not be read or does not make sense.
    Invalid {
        /// What is wrong, and where.
        message: String,
        /// The error below, if any.
        source: Option<Arc<dyn Error + Send + Sync>>,
    },
}

impl IdentityError {
    /// There is nothing at `place`, which may also say why.
    #[must_use]
    pub fn not_found(kind: IdentityKind, place: impl Into<Cow<'static, str>>) -> Self {
        Self::NotFound {
            kind,
            tried: vec![place.into()],
        }
    }

    /// A place that does not make sense.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid {
            message: message.into(),
            source: None,
        }
    }

    /// A place that could not be read because of `source`.
    #[must_use]
    pub fn caused_by(
        message: impl Into<String>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Invalid {
            message: message.into(),
            source: Some(source.into().into()),
        }
    }
}

impl From<ProfileError> for IdentityError {
    fn from(error: ProfileError) -> Self {
        Self::Profile(error)
    }
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound { kind, tried } => {
                write!(f, "no {kind} found; tried {}", tried.join(", "))
            }
            Self::Expired { kind, place, .. } => write!(f, "expired {kind}: {place}"),
            Self::TimedOut { provider, limit } => {
                write!(f, "{provider} gave no identity within {limit:?}")
            }
            Self::Profile(error) => error.fmt(f),
            Self::Invalid { message, .. } => f.write_str(message),
        }
    }
}

impl Error for IdentityError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Invalid {
                source: Some(source),
                ..
            }
            | Self::Expired {
                source: Some(source),
                ..
            } => Some(source.as_ref()),
            Self::Profile(error) => error.source(),
            _ => None,
        }
    }
}
