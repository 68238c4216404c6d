//! Providers in a row.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Credentials, IdentityError, ProvideCredentials, ProvideFuture, ProvideToken, Token};
use crate::auth::IdentityKind;
use crate::timestamp::Timestamp;

/// Asks providers one after the other, until one has an identity.
///
/// [`IdentityError::NotFound`] moves on to the next, and the places it names are kept: when no provider
/// has an identity, the error tells all of them. Any other error ends the search, since what was found
/// first and is broken should be mended, not passed over.
#[derive(Debug)]
pub struct Chain<P: ?Sized> {
    providers: Vec<Arc<P>>,
    /// Which of them was asked last, for its name.
    asked: AtomicUsize,
}

impl<P: ?Sized> Chain<P> {
    /// The providers in the order they are asked.
    #[must_use]
    pub fn new(providers: Vec<Arc<P>>) -> Self {
        Self {
            providers,
            asked: AtomicUsize::new(0),
        }
    }

    /// The providers, each noted as it is asked.
    fn in_turn(&self) -> impl Iterator<Item = &P> {
        self.providers.iter().enumerate().map(|(index, provider)| {
            self.asked.store(index, Ordering::Relaxed);
            &**provider
        })
    }

    /// The name of the provider that was asked last.
    fn last_name(&self, name: impl Fn(&P) -> Cow<'static, str>) -> Cow<'static, str> {
        let last = self.providers.get(self.asked.load(Ordering::Relaxed));
        last.map_or(Cow::Borrowed("no provider"), |provider| name(provider))
    }
}

impl ProvideToken for Chain<dyn ProvideToken> {
    fn provide_token(&self, now: Timestamp) -> ProvideFuture<'_, Token> {
        let answers = self.in_turn().map(move |one| one.provide_token(now));
        ProvideFuture::new(first(IdentityKind::Token, answers))
    }

    fn name(&self) -> Cow<'static, str> {
        self.last_name(ProvideToken::name)
    }
}

impl ProvideCredentials for Chain<dyn ProvideCredentials> {
    fn provide_credentials(&self, now: Timestamp) -> ProvideFuture<'_, Credentials> {
        let answers = self.in_turn().map(move |one| one.provide_credentials(now));
        ProvideFuture::new(first(IdentityKind::Credentials, answers))
    }

    fn name(&self) -> Cow<'static, str> {
        self.last_name(ProvideCredentials::name)
    }
}

async fn first<'a, T: Unpin>(
    kind: IdentityKind,
    answers: impl Iterator<Item = ProvideFuture<'a, T>>,
) -> Result<T, IdentityError> {
    let mut all_tried = Vec::new();
    for answer in answers {
        match answer.await {
            Err(IdentityError::NotFound { tried, .. }) => all_tried.extend(tried),
            found_or_failed => return found_or_failed,
        }
    }
    Err(IdentityError::NotFound {
        kind,
        tried: all_tried,
    })
}
