//! A bound on the requests that are under way.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{TransportError, TransportErrorKind};

/// The turns that requests take, in the order in which they ask.
///
/// A connection is a file descriptor, of which a process has a few hundred or thousand: where every one
/// of ten thousand requests opened a connection of its own, most would fail, and so would whatever else
/// the program opens.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    free: Arc<Semaphore>,
    limit: usize,
    timeout: Duration,
}

/// One request's turn; over when it is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    _permit: OwnedSemaphorePermit,
}

impl Slots {
    pub(super) fn new(limit: usize, timeout: Duration) -> Self {
        let limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            free: Arc::new(Semaphore::new(limit)),
            limit,
            timeout,
        }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    ///
    /// No turn in the time allowed, and so nothing was sent.
    pub(super) async fn acquire(&self) -> Result<Slot, TransportError> {
        if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
            return Ok(Slot { _permit: permit });
        }
        match tokio::time::timeout(self.timeout, Arc::clone(&self.free).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Slot { _permit: permit }),
            Ok(Err(_)) | Err(_) => Err(TransportError::new(
                TransportErrorKind::AcquireTimeout,
                AllTaken {
                    limit: self.limit,
                    timeout: self.timeout,
                },
            )),
        }
    }
}

/// All turns were taken, all the time.
#[derive(Debug)]
struct AllTaken {
    limit: usize,
    timeout: Duration,
}

impl fmt::Display for AllTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "all {} connections were in use for {:?}",
            self.limit, self.timeout
        )
    }
}

impl std::error::Error for AllTaken {}
