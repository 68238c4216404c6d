//! Requests that are signed for others to send.

use std::time::Duration;

use super::{Orchestrator, Step};
use crate::auth::{AuthError, IdentityKind, Payload, check_expiry, identity_kind};
use crate::body::Body;
use crate::error::Failed;
use crate::operation::AuthScheme;
use crate::request::finish;
use crate::schema::ShapeKind;
use crate::time::Moment;

/// How a request is signed that is not sent.
#[derive(Clone, Copy)]
pub(crate) struct Presign {
    expires_in: Duration,
    /// A pointer, so that a program that presigns nothing does not carry what does.
    sign: fn(&mut Orchestrator<'_>, Duration, Moment) -> Result<Step, Failed>,
}

impl Presign {
    /// For others to send within this time.
    pub(crate) fn valid_for(expires_in: Duration) -> Self {
        Self {
            expires_in,
            sign: |orchestrator, expires_in, now| orchestrator.sign_for_others(expires_in, now),
        }
    }

    pub(super) fn sign(
        self,
        orchestrator: &mut Orchestrator<'_>,
        now: Moment,
    ) -> Result<Step, Failed> {
        (self.sign)(orchestrator, self.expires_in, now)
    }
}

impl Orchestrator<'_> {
    /// Refuses what cannot be presigned, before anyone is asked for an identity.
    pub(super) fn check_presign(&self) -> Result<(), Failed> {
        let Some(Presign { expires_in, .. }) = self.plan.presign else {
            return Ok(());
        };
        let usable = |scheme: &AuthScheme| self.is_usable(*scheme);
        let checked = if !self.schemes().iter().any(usable) {
            Err(AuthError::NotPresignable)
        } else {
            check_expiry(expires_in)
        };
        checked.map_err(|error| self.construction("the request cannot be signed", error))
    }

    /// Whether a request can be made with this scheme: one that others are to send only with a signature.
    pub(super) fn is_usable(&self, scheme: AuthScheme) -> bool {
        self.plan.presign.is_none() || identity_kind(scheme) == IdentityKind::Credentials
    }

    /// Writes the request and signs it in its query string. It carries nothing of this client, such as
    /// its user agent: whoever sends it is another.
    ///
    /// A body that is a stream is left to the sender, and not covered by the signature.
    fn sign_for_others(&mut self, expires_in: Duration, now: Moment) -> Result<Step, Failed> {
        let (mut parts, mut body) = self.write()?;
        let stream = self.plan.operation.input.streaming_member();
        let mut whole = match stream {
            None => Some(&mut body),
            Some((_, member)) if member.target.kind == ShapeKind::Union => {
                let error = AuthError::EventsNotPresignable;
                return Err(self.construction("the request cannot be signed", error));
            }
            Some(_) => None,
        };
        self.before_signing(&mut parts, whole.as_deref_mut())?;
        finish(
            self.plan.operation,
            self.plan.input,
            &mut parts.headers,
            whole,
            &self.plan.settings.request,
        )
        .map_err(|error| self.construction("the request cannot be completed", error))?;
        let payload = match stream {
            None => Payload::Bytes(&body),
            Some(_) => Payload::Unsigned,
        };
        let context = self.auth_context(now);
        let authenticator = &self.plan.shared.authenticator;
        authenticator
            .presign(&mut parts, payload, &self.identity, &context, expires_in)
            .map_err(|error| self.construction("the request cannot be signed", error))?;
        Ok(Step::Send {
            request: http::Request::from_parts(parts, Body::from(body)),
            progress: None,
            timeout: None,
            span: tracing::Span::none(),
        })
    }
}
