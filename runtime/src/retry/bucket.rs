//! A bound on retries across all calls of a client.

use std::sync::atomic::{AtomicU32, Ordering};

use super::classify::ErrorClass;

/// What the bucket holds when full.
const CAPACITY: u32 = 500;
/// What a retry takes.
const RETRY_COST: u32 = 5;
/// What a retry takes when the attempt before it timed out or was cut off.
const TRANSIENT_COST: u32 = 10;
/// What a success on the first attempt puts in.
const SUCCESS_REFUND: u32 = 1;

/// Tokens that retries take and successes put back, so that a service that is down is not stormed.
///
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior", retry quota.
#[derive(Debug)]
pub(crate) struct TokenBucket {
    tokens: AtomicU32,
}

impl Default for TokenBucket {
    fn default() -> Self {
        Self {
            tokens: AtomicU32::new(CAPACITY),
        }
    }
}

impl TokenBucket {
    /// Takes what a retry after an error of this class costs and tells how much that was; `None`
    /// when there is not enough, and nothing is taken.
    ///
    /// It costs nothing where nothing was sent because the client itself was too busy: what the service
    /// then gets is no repetition.
    pub(crate) fn acquire(&self, class: ErrorClass) -> Option<u32> {
        let cost = match class {
            ErrorClass::Local => return Some(0),
            ErrorClass::Timeout => TRANSIENT_COST,
            _ => RETRY_COST,
        };
        self.tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                tokens.checked_sub(cost)
            })
            .is_ok()
            .then_some(cost)
    }

    /// Puts back what the last retry of a call took, or a little for a call that needed none.
    pub(crate) fn succeed(&self, taken: Option<u32>) {
        let refund = taken.unwrap_or(SUCCESS_REFUND);
        // A full bucket, which is the usual state, is only read: calls on other threads share the
        // cache line.
        if self.tokens.load(Ordering::Relaxed) >= CAPACITY {
            return;
        }
        let _ = self
            .tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                Some(tokens.saturating_add(refund).min(CAPACITY))
            });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundred retries empty the bucket, and successes fill it again, never above full.
    #[test]
    fn empties_and_refills() {
        let bucket = TokenBucket::default();
        for _ in 0..100 {
            assert_eq!(bucket.acquire(ErrorClass::Transient), Some(5));
        }
        assert_eq!(bucket.acquire(ErrorClass::Throttling), None);
        for _ in 0..5 {
            bucket.succeed(None);
        }
        assert_eq!(bucket.acquire(ErrorClass::Throttling), Some(5));
        for _ in 0..200 {
            bucket.succeed(Some(5));
        }
        assert_eq!(bucket.tokens.load(Ordering::Relaxed), CAPACITY);
    }

    /// An attempt that timed out costs more, since it also cost the service more.
    #[test]
    fn a_timeout_costs_double() {
        let bucket = TokenBucket::default();
        assert_eq!(bucket.acquire(ErrorClass::Timeout), Some(10));
    }
}
