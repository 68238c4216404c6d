//! The system's clock, without an async runtime.

use std::time::{Duration, SystemTime};

use super::{Clock, Moment, Sleep};

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
use super::timer::Timer;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
use std::time::Instant;
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use web_time::Instant;

/// The system's clock, for programs that bring a transport and no async runtime of a certain kind.
///
/// Sleepers are woken by one thread a clock, which is started by the first of them and ends with the
/// clock. Where the system gives no thread, as on `wasm32-wasip1`, a sleeper asks to be polled again
/// until its time has come. In a browser and in Node.js (`wasm32-unknown-unknown`) the time and the
/// waking are JavaScript's.
///
/// ```
/// use tinsmith_runtime::time::{Clock, SystemClock};
///
/// let clock = SystemClock::default();
/// let before = clock.now();
/// assert!(clock.now().elapsed >= before.elapsed);
/// ```
#[derive(Debug)]
pub struct SystemClock {
    origin: Instant,
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    timer: Timer,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self {
            origin: Instant::now(),
            #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
            timer: Timer::default(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment {
            wall: wall(),
            elapsed: self.origin.elapsed(),
        }
    }

    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(self.timer.sleep(duration))
    }

    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(futures_timer::Delay::new(duration))
    }
}

/// The time of day.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub(crate) fn wall() -> SystemTime {
    SystemTime::now()
}

/// The time of day, which the standard library cannot tell on this target: it would panic.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub(crate) fn wall() -> SystemTime {
    let since_epoch = web_time::SystemTime::now().duration_since(web_time::UNIX_EPOCH);
    SystemTime::UNIX_EPOCH + since_epoch.unwrap_or_default()
}
