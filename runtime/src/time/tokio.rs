//! The clock of tokio.

use std::time::Duration;

use tokio::runtime::Handle;

use super::{Clock, Moment, Sleep, SystemClock, wall};

/// The clock of tokio, which tests can pause with `tokio::time::pause`.
///
/// Outside a tokio runtime, where tokio's timers would panic, it sleeps as [`SystemClock`] does.
#[derive(Debug)]
pub struct TokioClock {
    origin: tokio::time::Instant,
    elsewhere: SystemClock,
}

impl Default for TokioClock {
    fn default() -> Self {
        Self {
            origin: tokio::time::Instant::now(),
            elsewhere: SystemClock::default(),
        }
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Moment {
        Moment {
            wall: wall(),
            elapsed: self.origin.elapsed(),
        }
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        if Handle::try_current().is_err() {
            return self.elsewhere.sleep(duration);
        }
        Box::pin(tokio::time::sleep(duration))
    }
}
