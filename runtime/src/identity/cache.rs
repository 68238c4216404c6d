//! An identity, kept until shortly before it expires.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::Mutex;

use super::{Credentials, IdentityError, ProvideCredentials, ProvideFuture, ProvideToken, Token};
use crate::client::Patience;
use crate::time::{Clock, SystemClock};
use crate::timestamp::Timestamp;

/// How long before an identity expires a new one is asked for, so that a call does not set out with
/// one that expires on the way.
pub(super) const REFRESH_BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// When to ask again for an identity that does not say when it expires: it may have been replaced.
const ASK_AGAIN: SignedDuration = SignedDuration::from_mins(15);

/// How long to wait before asking again, while the identity at hand is still valid and no later one
/// could be had.
const RETRY_AFTER: SignedDuration = SignedDuration::from_secs(30);

/// Keeps the identity that a provider gave: until five minutes before it expires, or for a quarter of an
/// hour where it does not say when.
///
/// The provider is asked by one caller at a time. Callers who have a valid identity do not wait for
/// that one: they take what there is. Callers who have none get its answer, be it an identity or an
/// error. When asking fails while the identity is still valid, it stays in use and a warning is traced;
/// it also stays in use when the call that asks is abandoned. Either way the provider is left alone for
/// half a minute. A provider that has given nothing within a [limit](Self::with_limit) has failed.
pub struct Cached<P: ?Sized, T> {
    kept: Kept<T>,
    provider: Arc<P>,
    limit: Option<Limit>,
}

/// How long the provider may take.
struct Limit {
    clock: Arc<dyn Clock>,
    duration: Duration,
}

struct Kept<T> {
    held: RwLock<Option<Held<T>>>,
    /// Locked by the one that asks. An abandoned call lets go of it, and the next takes over. Holds the
    /// last error, for those who waited for it.
    asking: Mutex<Option<IdentityError>>,
    /// How many errors there have been: those who wait learn from it that one came meanwhile.
    failures: AtomicU64,
}

#[derive(Clone)]
struct Held<T> {
    identity: T,
    /// When to ask for another one.
    fresh_until: Timestamp,
}

impl<P: ?Sized, T> Cached<P, T> {
    /// Keeps what `provider` gives.
    #[must_use]
    pub fn new(provider: Arc<P>) -> Self {
        Self {
            kept: Kept {
                held: RwLock::new(None),
                asking: Mutex::new(None),
                failures: AtomicU64::new(0),
            },
            provider,
            limit: None,
        }
    }

    /// With the time that the provider may take by this clock; `None` for as long as the call that asks
    /// may.
    ///
    /// The call that asks would otherwise wait until its own time is up although the identity at hand may
    /// be valid, and with it all that have none.
    #[must_use]
    pub fn with_limit(mut self, clock: Arc<dyn Clock>, limit: impl Into<Option<Duration>>) -> Self {
        self.limit = limit.into().map(|duration| Limit { clock, duration });
        self
    }

    /// The answer, or an error that names the provider when it has not come in time.
    fn in_time<'a>(
        &'a self,
        answer: ProvideFuture<'a, T>,
        name: fn(&P) -> Cow<'static, str>,
    ) -> ProvideFuture<'a, T>
    where
        P: Send + Sync,
        T: Expires,
    {
        let Some(limit) = &self.limit else {
            return answer;
        };
        ProvideFuture::new(async move {
            let mut patience = Patience::new(&*limit.clock, Some(limit.duration), None);
            let answer = patience.wait_for(pin!(answer)).await;
            answer.unwrap_or_else(|| {
                Err(IdentityError::TimedOut {
                    provider: name(&self.provider),
                    limit: limit.duration,
                })
            })
        })
    }
}

impl<P: ?Sized + fmt::Debug, T> fmt::Debug for Cached<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cached").field(&&*self.provider).finish()
    }
}

impl ProvideToken for Cached<dyn ProvideToken, Token> {
    fn provide_token(&self, now: Timestamp) -> ProvideFuture<'_, Token> {
        let ask = move || self.in_time(self.provider.provide_token(now), ProvideToken::name);
        self.kept.provide(now, ask)
    }

    fn name(&self) -> Cow<'static, str> {
        self.provider.name()
    }
}

impl ProvideCredentials for Cached<dyn ProvideCredentials, Credentials> {
    fn provide_credentials(&self, now: Timestamp) -> ProvideFuture<'_, Credentials> {
        let ask = move || {
            self.in_time(
                self.provider.provide_credentials(now),
                ProvideCredentials::name,
            )
        };
        self.kept.provide(now, ask)
    }

    fn name(&self) -> Cow<'static, str> {
        self.provider.name()
    }
}

/// What the cache needs to know of what it keeps.
trait Expires: Clone + Send + Sync + Unpin {
    fn expires(&self) -> Option<Timestamp>;
}

impl Expires for Token {
    fn expires(&self) -> Option<Timestamp> {
        self.expires()
    }
}

impl Expires for Credentials {
    fn expires(&self) -> Option<Timestamp> {
        self.expires()
    }
}

impl<T: Expires> Held<T> {
    fn new(identity: T, now: Timestamp) -> Self {
        let fresh_until = match identity.expires() {
            None => later(now, ASK_AGAIN),
            Some(expires) => {
                let early = later(expires, -REFRESH_BEFORE);
                // Given so late that it would be asked for again at once.
                let soon = later(now, RETRY_AFTER).min(expires);
                early.max(soon)
            }
        };
        Self {
            identity,
            fresh_until,
        }
    }

    /// The same, with another not asked for until a while after `now`.
    fn resting(self, now: Timestamp) -> Self {
        let rested = later(now, RETRY_AFTER);
        let fresh_until = match self.identity.expires() {
            Some(expires) => rested.min(expires),
            None => rested,
        };
        Self {
            fresh_until,
            ..self
        }
    }

    fn is_fresh_at(&self, now: Timestamp) -> bool {
        now < self.fresh_until
    }

    fn is_valid_at(&self, now: Timestamp) -> bool {
        self.identity.expires().is_none_or(|expires| now < expires)
    }
}

/// `time` moved by `by`, or `time` where that is out of range.
fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(time)
}

/// How long ago `clock` was made.
fn passed(clock: &SystemClock) -> SignedDuration {
    let elapsed = clock.now().elapsed;
    let nanosecond = elapsed.subsec_nanos().cast_signed();
    let second = i64::try_from(elapsed.as_secs());
    second.map_or(SignedDuration::MAX, |second| {
        SignedDuration::new(second, nanosecond)
    })
}

impl<T: Expires> Kept<T> {
    fn provide<'a>(
        &'a self,
        now: Timestamp,
        ask: impl FnOnce() -> ProvideFuture<'a, T> + Send + 'a,
    ) -> ProvideFuture<'a, T> {
        match self.held() {
            Some(held) if held.is_fresh_at(now) => ProvideFuture::ready(Ok(held.identity)),
            _ => ProvideFuture::new(self.refresh(now, ask)),
        }
    }

    async fn refresh<'a>(
        &'a self,
        now: Timestamp,
        ask: impl FnOnce() -> ProvideFuture<'a, T> + Send + 'a,
    ) -> Result<T, IdentityError> {
        match self.held().filter(|held| held.is_valid_at(now)) {
            Some(old) => self.renew(old, now, ask).await,
            None => self.first(now, ask).await,
        }
    }

    /// Asks for another identity than `old`, which is still valid, unless another one does so already.
    async fn renew<'a>(
        &'a self,
        old: Held<T>,
        now: Timestamp,
        ask: impl FnOnce() -> ProvideFuture<'a, T> + Send + 'a,
    ) -> Result<T, IdentityError> {
        let Ok(mut last_failure) = self.asking.try_lock() else {
            return Ok(old.identity);
        };
        if let Some(identity) = self.fresh_at(now) {
            return Ok(identity);
        }
        // Before the answer, which a call that is abandoned never hears: the next calls do not have to
        // wait for a provider that is slow.
        self.hold(old.clone().resting(now));
        let clock = SystemClock::default();
        let error = match ask().await {
            Ok(identity) => return Ok(self.renewed(identity, now)),
            Err(error) => error,
        };
        let ended = later(now, passed(&clock));
        if !old.is_valid_at(ended) {
            return Err(self.failed(&mut last_failure, error));
        }
        tracing::warn!(%error, "could not renew an identity; the old one is still valid");
        self.hold(old.clone().resting(ended));
        Ok(old.identity)
    }

    /// Asks for an identity where none is valid. Those who wait meanwhile get the same answer.
    async fn first<'a>(
        &'a self,
        now: Timestamp,
        ask: impl FnOnce() -> ProvideFuture<'a, T> + Send + 'a,
    ) -> Result<T, IdentityError> {
        let failures = self.failures.load(Ordering::Acquire);
        let mut last_failure = self.asking.lock().await;
        if let Some(identity) = self.fresh_at(now) {
            return Ok(identity);
        }
        let failed = failures != self.failures.load(Ordering::Acquire);
        if let Some(error) = last_failure.as_ref().filter(|_| failed) {
            return Err(error.clone());
        }
        match ask().await {
            Ok(identity) => Ok(self.renewed(identity, now)),
            Err(error) => Err(self.failed(&mut last_failure, error)),
        }
    }

    /// Keeps an identity that was asked for at the time `now`.
    fn renewed(&self, identity: T, now: Timestamp) -> T {
        self.hold(Held::new(identity.clone(), now));
        identity
    }

    /// Keeps an error for those who wait.
    fn failed(&self, last: &mut Option<IdentityError>, error: IdentityError) -> IdentityError {
        *last = Some(error.clone());
        self.failures.fetch_add(1, Ordering::Release);
        error
    }

    fn fresh_at(&self, now: Timestamp) -> Option<T> {
        let held = self.held().filter(|held| held.is_fresh_at(now));
        held.map(|held| held.identity)
    }

    fn held(&self) -> Option<Held<T>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }

    fn hold(&self, new: Held<T>) {
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(new);
    }
}
