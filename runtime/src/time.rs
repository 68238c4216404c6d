//! The clock that calls run by.
//!
//! Timeouts and waits are decided by arithmetic on a [`Moment`]; only the driver of a call sleeps.
//! A caller without tokio, or a test, brings a [`Clock`] of its own.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

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
}

/// The clock of tokio, which tests can pause with `tokio::time::pause`.
#[cfg(feature = "hyper")]
#[derive(Debug)]
pub struct TokioClock {
    origin: tokio::time::Instant,
}

#[cfg(feature = "hyper")]
impl Default for TokioClock {
    fn default() -> Self {
        Self {
            origin: tokio::time::Instant::now(),
        }
    }
}

#[cfg(feature = "hyper")]
impl Clock for TokioClock {
    fn now(&self) -> Moment {
        Moment {
            wall: SystemTime::now(),
            elapsed: self.origin.elapsed(),
        }
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}
