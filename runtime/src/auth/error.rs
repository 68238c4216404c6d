//! Why a request was not authenticated.

use std::fmt;

use super::IdentityKind;

/// Why a request could not be authenticated. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthError {
    /// The request would go over plain http to a host that is not loopback.
    PlainHttp {
        /// What would have been shown to anyone on the way.
        needed: IdentityKind,
    },
    /// The identity is not of the kind that the scheme needs.
    WrongIdentity {
        /// What the scheme needs.
        needed: IdentityKind,
        /// What was given.
        given: IdentityKind,
    },
    /// A token, a key or a part of the credential scope has no characters.
    Empty {
        /// Which.
        name: &'static str,
    },
    /// A token, a key or a part of the credential scope holds a byte that is not visible ASCII, such as a
    /// line break.
    NotVisible {
        /// Which.
        name: &'static str,
        /// The offset of the first such byte.
        at: usize,
    },
    /// SigV4 was asked for without a region.
    NoRegion,
    /// SigV4 was asked for with a time that has no date of four digits.
    TimeOutOfRange,
    /// A presigned request was asked to be valid for less than a second or more than seven days.
    Expiry,
    /// A request was to be presigned that is authenticated by another scheme than SigV4, or by none.
    NotPresignable,
    /// A request was to be presigned whose body is a stream of events, each of which needs a signature.
    EventsNotPresignable,
    /// A presigned request has a URI longer than an HTTP client can send.
    UriTooLong,
    /// The runtime was built without the scheme.
    NotBuilt {
        /// The feature of the runtime that has it.
        feature: &'static str,
    },
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PlainHttp { needed } => write!(
                f,
                "refused to show the {needed} over plain http to a host that is not loopback"
            ),
            Self::WrongIdentity { needed, given } => {
                write!(f, "wrong kind of identity: needs {needed}, got {given}")
            }
            Self::Empty { name } => write!(f, "the {name} is empty"),
            Self::NotVisible { name, at } => write!(
                f,
                "the {name} has at offset {at} a byte that is not visible ASCII, such as a line break"
            ),
            Self::NoRegion => f.write_str("no region is set, which signing needs"),
            Self::TimeOutOfRange => f.write_str("the time to sign at is out of range"),
            Self::Expiry => {
                f.write_str("a presigned request is valid for one second to seven days")
            }
            Self::NotPresignable => {
                f.write_str("only a request that is authenticated by SigV4 can be presigned")
            }
            Self::EventsNotPresignable => {
                f.write_str("a request with a stream of events cannot be presigned")
            }
            Self::UriTooLong => f.write_str("the presigned URI is too long"),
            Self::NotBuilt { feature } => {
                write!(f, "the runtime was built without its feature `{feature}`")
            }
        }
    }
}

impl std::error::Error for AuthError {}
