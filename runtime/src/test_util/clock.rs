//! A clock on which waiting takes no time.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::{self, ThreadId};
use std::time::{Duration, SystemTime};

use crate::time::{Clock, Moment, Sleep};

/// The clock of a [`TestService`](super::TestService): it stands still, and jumps over the waits between
/// attempts and over timeouts that a rule lets run out.
///
/// It starts at 2025-01-01T00:00:00Z, so that signatures are the same in every run. A time limit never
/// cuts off what is slow in real time, such as a credential provider of the test's own.
///
/// ```
/// use std::time::Duration;
/// use tinsmith_runtime::test_util::VirtualClock;
/// use tinsmith_runtime::time::Clock;
///
/// let clock = VirtualClock::default();
/// clock.advance(Duration::from_secs(3600));
/// assert_eq!(clock.now().elapsed, Duration::from_secs(3600));
/// ```
#[derive(Clone, Debug)]
pub struct VirtualClock {
    start: SystemTime,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    elapsed: Duration,
    /// The threads on which a request gets no answer, once for each.
    stalled: Vec<ThreadId>,
}

/// 2025-01-01T00:00:00Z, in seconds since 1970.
const START: u64 = 1_735_689_600;

impl Default for VirtualClock {
    fn default() -> Self {
        Self::starting_at(SystemTime::UNIX_EPOCH + Duration::from_secs(START))
    }
}

impl VirtualClock {
    /// A clock that starts at this time of day.
    #[must_use]
    pub fn starting_at(start: SystemTime) -> Self {
        Self {
            start,
            state: Arc::default(),
        }
    }

    /// Lets time pass, for instance until a token has expired.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.lock();
        state.elapsed = state.elapsed.saturating_add(duration);
    }

    /// A future that is never ready, and lets the timeout that waits for it run out.
    pub(super) fn stall(&self) -> Stall {
        Stall {
            clock: self.clone(),
            thread: None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Moment {
        let elapsed = self.lock().elapsed;
        Moment {
            wall: self.start + elapsed,
            elapsed,
        }
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        // Time passes only for whoever waits for it.
        let clock = self.clone();
        Box::pin(async move { clock.advance(duration) })
    }

    /// What is limited is asked first and its timeout straight after, on the same thread: so a timeout
    /// runs out for the request that gets no answer, and for no other.
    fn timeout(&self, limit: Duration) -> Sleep {
        let clock = self.clone();
        Box::pin(poll_fn(move |_| {
            if !clock.lock().stalled.contains(&thread::current().id()) {
                return Poll::Pending;
            }
            clock.advance(limit);
            Poll::Ready(())
        }))
    }
}

/// See [`VirtualClock::stall`].
pub(super) struct Stall {
    clock: VirtualClock,
    thread: Option<ThreadId>,
}

impl Stall {
    fn forget(&mut self) {
        let Some(thread) = self.thread.take() else {
            return;
        };
        let mut state = self.clock.lock();
        if let Some(at) = state.stalled.iter().position(|other| *other == thread) {
            state.stalled.swap_remove(at);
        }
    }
}

impl Future for Stall {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.forget();
        let thread = thread::current().id();
        self.clock.lock().stalled.push(thread);
        self.thread = Some(thread);
        Poll::Pending
    }
}

impl Drop for Stall {
    fn drop(&mut self) {
        self.forget();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{poll_once, run};

    /// Waiting takes no time and lets it pass.
    #[test]
    fn waits_are_jumped_over() {
        let clock = VirtualClock::default();
        run(clock.sleep(Duration::from_secs(20)));
        assert_eq!(clock.now().elapsed, Duration::from_secs(20));
    }

    /// A timeout is for what gets no answer: it does not cut off anything else, and time stands still.
    #[test]
    fn timeouts_run_out_for_what_is_stalled() {
        let clock = VirtualClock::default();
        let limit = Duration::from_secs(30);
        assert!(poll_once(clock.timeout(limit)).is_pending());
        let mut stall = Box::pin(clock.stall());
        let mut context = Context::from_waker(std::task::Waker::noop());
        assert!(stall.as_mut().poll(&mut context).is_pending());
        let elsewhere = clock.clone();
        let other = thread::spawn(move || poll_once(elsewhere.timeout(limit)).is_pending());
        assert!(other.join().unwrap());
        assert!(poll_once(clock.timeout(limit)).is_ready());
        assert_eq!(clock.now().elapsed, limit);
        drop(stall);
        assert!(poll_once(clock.timeout(limit)).is_pending());
    }
}
