//! The clock that calls run by.
//!
//! Timeouts and waits are decided by arithmetic on a [`Moment`]; only the driver of a call sleeps.
//! [`TokioClock`] is the default where the default transport is built in, and [`SystemClock`] where it
//! is not; a caller may bring a [`Clock`] of its own, as tests do.

mod system;
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
mod timer;
#[cfg(feature = "hyper")]
mod tokio;

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

pub use self::system::SystemClock;
pub(crate) use self::system::wall;
#[cfg(feature = "hyper")]
pub use self::tokio::TokioClock;

/// The future of [`Clock::sleep`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A point in time on both kinds of clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The time of day, which signatures carry. It may jump when the system's clock is set.
    pub wall: SystemTime,
    /// The time since some fixed point, which never goes back. Timeouts are measured by it.
    pub elapsed: Duration,
}

/// Tells the time and waits.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Moment;

    /// A future that is ready after `duration`.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// A future that is ready once something else has taken longer than `limit`. It is the same as
    /// [`sleep`](Self::sleep) on any clock that runs; on one where time stands still while there is
    /// work to do, it may never be ready.
    fn timeout(&self, limit: Duration) -> Sleep {
        self.sleep(limit)
    }
}
