//! Whether a connection may have been closed without anybody having had time to notice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Calls that follow each other at once, as in a loop, leave a server no time to tire of a connection.
const SHORT: Duration = Duration::from_micros(100);

/// Remembers when the last response came.
///
/// A runtime of one thread learns nothing from its sockets while a caller's code holds that thread. A
/// connection that the service closed in the meantime then still looks open, a request is written to it,
/// and nobody can tell that the service never received it. One turn of the runtime in between is enough:
/// its driver hands out the end of the connection, which the pool then replaces.
#[derive(Clone, Debug)]
pub(super) struct Lull {
    origin: Instant,
    /// In microseconds since the origin.
    last: Arc<AtomicU64>,
}

impl Lull {
    pub(super) fn new() -> Self {
        Self {
            origin: Instant::now(),
            last: Arc::default(),
        }
    }

    /// Gives the runtime a turn after a pause.
    pub(super) async fn end(&self) {
        let last = Duration::from_micros(self.last.load(Ordering::Relaxed));
        if self.origin.elapsed().saturating_sub(last) >= SHORT {
            tokio::task::yield_now().await;
        }
    }

    /// A response has come.
    pub(super) fn begin(&self) {
        let now = u64::try_from(self.origin.elapsed().as_micros());
        self.last.store(now.unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}
