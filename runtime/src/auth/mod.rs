//! Authentication: puts an identity on a request.
//!
//! The orchestrator picks one of an operation's schemes, gets the identity the scheme needs
//! ([`identity_kind`]) and calls [`Authenticator::authenticate`] with the request as it will be sent.
//! Nothing here reads a clock or touches a socket. Calling it again on the same request, for the next
//! attempt, replaces what the last call wrote.

mod bearer;
mod error;
mod plain_http;
#[cfg(feature = "sigv4")]
pub mod sigv4;

pub use error::AuthError;
pub use plain_http::is_confidential;

use std::fmt;
use std::time::Duration;

use http::HeaderValue;
use http::request::Parts;

use crate::identity::{Credentials, Identity};
use crate::operation::AuthScheme;
use crate::timestamp::Timestamp;

/// The kinds of identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdentityKind {
    /// None is needed.
    Anonymous,
    /// A bearer token.
    Token,
    /// AWS credentials.
    Credentials,
}

impl fmt::Display for IdentityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anonymous => "identity",
            Self::Token => "bearer token",
            Self::Credentials => "AWS credentials",
        })
    }
}

/// The kind of identity that `scheme` needs.
#[must_use]
pub fn identity_kind(scheme: AuthScheme) -> IdentityKind {
    match scheme {
        AuthScheme::HttpBearer => IdentityKind::Token,
        AuthScheme::SigV4 { .. } => IdentityKind::Credentials,
        AuthScheme::Anonymous => IdentityKind::Anonymous,
    }
}

/// The body, as far as a signature covers it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Payload<'a> {
    /// All of it.
    Bytes(&'a [u8]),
    /// It is not covered (`aws.auth#unsignedPayload`).
    Unsigned,
    /// It is a stream of events, each of which has a signature of its own.
    Events,
}

impl fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A body may hold a secret.
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Unsigned => f.write_str("Unsigned"),
            Self::Events => f.write_str("Events"),
        }
    }
}

/// What a scheme is told besides the request and the identity.
#[derive(Clone, Copy, Debug)]
pub struct AuthContext<'a> {
    /// The scheme to use.
    pub scheme: AuthScheme,
    /// The region in the credential scope; only SigV4 needs one.
    pub region: Option<&'a str>,
    /// The time of the attempt, corrected for the skew of the service's clock.
    pub time: Timestamp,
    /// Whether the caller agreed to authenticate over plain http to a host that is not loopback.
    pub allow_plain_http: bool,
}

/// Puts identities on requests; one for each client, since it keeps the derived signing key.
#[derive(Debug, Default)]
pub struct Authenticator {
    #[cfg(feature = "sigv4")]
    sigv4: sigv4::Signer,
}

impl Authenticator {
    /// Adds to `request` the headers that prove `identity`.
    ///
    /// # Errors
    ///
    /// Refuses plain http (see [`is_confidential`]) unless the context allows it, an identity of
    /// another kind than the scheme needs, a token or key with bytes that are not visible ASCII, and
    /// SigV4 without a region. The request is then as it was.
    pub fn authenticate(
        &self,
        request: &mut Parts,
        payload: Payload<'_>,
        identity: &Identity,
        context: &AuthContext<'_>,
    ) -> Result<(), AuthError> {
        let needed = identity_kind(context.scheme);
        if needed == IdentityKind::Anonymous {
            return Ok(());
        }
        check_confidential(request, context)?;
        match (context.scheme, identity) {
            (AuthScheme::HttpBearer, Identity::Token(token)) => {
                bearer::authenticate(&mut request.headers, token)
            }
            (AuthScheme::SigV4 { name }, Identity::Credentials(credentials)) => {
                self.sign(request, payload, credentials, name, context)
            }
            _ => Err(AuthError::WrongIdentity {
                needed,
                given: identity.kind(),
            }),
        }
    }

    /// Adds to the query string of `request` what proves `identity`, so that whoever has the request
    /// can send it within `expires_in`. Only SigV4 can.
    ///
    /// The signature covers the body as `payload` says, except for Amazon S3, whose presigned requests
    /// never cover it.
    ///
    /// # Errors
    ///
    /// Those of [`authenticate`](Self::authenticate), a scheme other than SigV4, and an `expires_in` of
    /// less than a second or more than seven days. The request is then as it was.
    pub fn presign(
        &self,
        request: &mut Parts,
        payload: Payload<'_>,
        identity: &Identity,
        context: &AuthContext<'_>,
        expires_in: Duration,
    ) -> Result<(), AuthError> {
        let AuthScheme::SigV4 { name } = context.scheme else {
            return Err(AuthError::NotPresignable);
        };
        check_confidential(request, context)?;
        let Identity::Credentials(credentials) = identity else {
            return Err(AuthError::WrongIdentity {
                needed: IdentityKind::Credentials,
                given: identity.kind(),
            });
        };
        self.sign_query(request, payload, credentials, name, context, expires_in)
    }

    #[cfg(feature = "sigv4")]
    fn sign_query(
        &self,
        request: &mut Parts,
        payload: Payload<'_>,
        credentials: &Credentials,
        service: &'static str,
        context: &AuthContext<'_>,
        expires_in: Duration,
    ) -> Result<(), AuthError> {
        let settings = sigv4::Settings::for_service(service);
        let params = sigv4::SigningParams {
            service,
            region: context.region.ok_or(AuthError::NoRegion)?,
            time: context.time,
            settings,
        };
        // A service that is told the hash in a header has no place for it in a query string.
        let payload = match settings.content_sha256_header {
            true => Payload::Unsigned,
            false => payload,
        };
        self.sigv4
            .presign(request, payload, credentials, &params, expires_in)
    }

    #[cfg(not(feature = "sigv4"))]
    fn sign_query(
        &self,
        _: &mut Parts,
        _: Payload<'_>,
        _: &Credentials,
        _: &'static str,
        _: &AuthContext<'_>,
        _: Duration,
    ) -> Result<(), AuthError> {
        Err(AuthError::NotBuilt { feature: "sigv4" })
    }

    #[cfg(feature = "sigv4")]
    fn sign(
        &self,
        request: &mut Parts,
        payload: Payload<'_>,
        credentials: &Credentials,
        service: &'static str,
        context: &AuthContext<'_>,
    ) -> Result<(), AuthError> {
        let mut settings = sigv4::Settings::for_service(service);
        if !matches!(payload, Payload::Bytes(_)) {
            // The service has to know that there is no hash to compare.
            settings.content_sha256_header = true;
        }
        let params = sigv4::SigningParams {
            service,
            region: context.region.ok_or(AuthError::NoRegion)?,
            time: context.time,
            settings,
        };
        self.sigv4.sign(request, payload, credentials, &params)
    }

    #[cfg(not(feature = "sigv4"))]
    fn sign(
        &self,
        _: &mut Parts,
        _: Payload<'_>,
        _: &Credentials,
        _: &'static str,
        _: &AuthContext<'_>,
    ) -> Result<(), AuthError> {
        Err(AuthError::NotBuilt { feature: "sigv4" })
    }
}

/// The longest that a presigned request may be valid: seven days.
pub const MAX_EXPIRES_IN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Refuses to sign a request for less than a second or more than seven days.
pub(crate) fn check_expiry(expires_in: Duration) -> Result<(), AuthError> {
    match expires_in.as_secs() == 0 || expires_in > MAX_EXPIRES_IN {
        true => Err(AuthError::Expiry),
        false => Ok(()),
    }
}

/// Refuses to show an identity to everyone on the way.
fn check_confidential(request: &Parts, context: &AuthContext<'_>) -> Result<(), AuthError> {
    if context.allow_plain_http || is_confidential(&request.uri) {
        return Ok(());
    }
    Err(AuthError::PlainHttp {
        needed: identity_kind(context.scheme),
    })
}

/// Checks that `text`, the `name` of an identity, can stand in a header and in nothing but it.
fn check_visible(name: &'static str, text: &str) -> Result<(), AuthError> {
    if text.is_empty() {
        return Err(AuthError::Empty { name });
    }
    match text.bytes().position(|byte| !byte.is_ascii_graphic()) {
        Some(at) => Err(AuthError::NotVisible { name, at }),
        None => Ok(()),
    }
}

/// A header value that `Debug` does not show.
pub(crate) fn sensitive_value(name: &'static str, text: String) -> Result<HeaderValue, AuthError> {
    let mut value =
        HeaderValue::try_from(text).map_err(|_| AuthError::NotVisible { name, at: 0 })?;
    value.set_sensitive(true);
    Ok(value)
}
