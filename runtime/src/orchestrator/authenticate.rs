//! Which identity a call uses.

use super::{Orchestrator, Step};
use crate::auth::{IdentityKind, identity_kind};
use crate::error::{Failed, Failure, FailureKind};
use crate::identity::{Identity, IdentityError};
use crate::operation::AuthScheme;
use crate::time::Moment;

impl Orchestrator<'_> {
    /// Takes the first scheme from `index` on that the client has an identity provider for.
    ///
    /// Source: Smithy 2.0, "auth trait": schemes are in the order of preference.
    pub(super) fn authenticate(&mut self, index: usize, now: Moment) -> Result<Step, Failed> {
        let schemes = self.schemes();
        let providers = &self.plan.shared.config().providers;
        let available =
            |scheme: &AuthScheme| providers.has(identity_kind(*scheme)) && self.is_usable(*scheme);
        let rest = schemes.get(index..).unwrap_or_default();
        let next = rest.iter().position(available).map(|at| index + at);
        let Some((index, scheme)) = next.and_then(|at| Some((at, *schemes.get(at)?))) else {
            return self.without_identity(now);
        };
        self.scheme_index = index;
        self.scheme = scheme;
        match identity_kind(scheme) {
            IdentityKind::Anonymous => self.send(now),
            kind => Ok(Step::ResolveIdentity {
                kind,
                timeout: self.remaining(now),
            }),
        }
    }

    pub(super) fn schemes(&self) -> &'static [AuthScheme] {
        let operation = self.plan.operation;
        operation.auth.unwrap_or(operation.service.auth)
    }

    /// Goes on where no scheme is left: without authentication if none is asked for.
    pub(super) fn without_identity(&mut self, now: Moment) -> Result<Step, Failed> {
        let mut schemes = self.schemes().iter();
        let Some(first) = schemes.find(|scheme| self.is_usable(**scheme)) else {
            return self.send(now);
        };
        let error = self.no_identity.take().unwrap_or_else(|| {
            IdentityError::not_found(identity_kind(*first), "the client's configuration")
        });
        Err(self.construction("there is no usable identity", error))
    }

    pub(super) fn identified(
        &mut self,
        identity: Result<Identity, IdentityError>,
        now: Moment,
    ) -> Result<Step, Failed> {
        match identity {
            Ok(identity) => {
                self.identity = identity;
                self.send(now)
            }
            // Another scheme may do; if none does, the preferred one's places are what to tell.
            Err(error @ IdentityError::NotFound { .. }) => {
                self.no_identity.get_or_insert(error);
                self.authenticate(self.scheme_index + 1, now)
            }
            Err(error @ IdentityError::TimedOut { .. }) => {
                let failure = Failure::new(FailureKind::Timeout, "no identity", self.metadata());
                Err(Failed::Timeout(failure.with_source(error)).retryable())
            }
            Err(error) => Err(self.construction("there is no usable identity", error)),
        }
    }
}
