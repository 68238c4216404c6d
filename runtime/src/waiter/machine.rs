//! The rules of waiting, without I/O: when to call, how long to wait, when to stop.
//!
//! Source: Smithy 2.0, "Waiter workflow" and "Waiter retries".

use std::time::Duration;

use super::accept::Verdict;

/// A waiter at work. It is told what happened and says what to do next.
#[derive(Debug)]
pub(super) struct Machine {
    min_delay: Duration,
    max_delay: Duration,
    max_wait: Duration,
    /// The clock's time when the waiting began.
    started: Duration,
    calls: u32,
    is_last: bool,
    /// Random fractions of 1.
    jitter: fn() -> f64,
}

/// The least time between two calls, whoever chose the delays: a service is not called without a pause.
const LEAST_DELAY: Duration = Duration::from_millis(1);
/// The least time that the last call may take: one that is cut off at once would tell nothing.
const LEAST_LAST_CALL: Duration = Duration::from_secs(1);

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Started,
    Answered(Verdict),
    /// The call took longer than it might.
    CallTimedOut,
    Waited,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Call the operation, for this long at most.
    Call(Duration),
    Wait(Duration),
    End(End),
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Success,
    Failure,
    /// A call failed in a way that the waiter does not know.
    Unexpected,
    TimedOut,
}

impl Machine {
    pub(super) fn new(
        (min_delay, max_delay): (Duration, Duration),
        max_wait: Duration,
        now: Duration,
        jitter: fn() -> f64,
    ) -> Self {
        let max_delay = max_delay.max(LEAST_DELAY);
        Self {
            min_delay: min_delay.clamp(LEAST_DELAY, max_delay),
            max_delay,
            max_wait,
            started: now,
            calls: 0,
            is_last: false,
            jitter,
        }
    }

    /// The number of calls so far.
    pub(super) fn calls(&self) -> u32 {
        self.calls
    }

    /// How long it has been waited.
    pub(super) fn elapsed(&self, now: Duration) -> Duration {
        now.saturating_sub(self.started)
    }

    pub(super) fn advance(&mut self, event: Event, now: Duration) -> Step {
        let last_call = self.min_delay.max(LEAST_LAST_CALL);
        let remaining = self.max_wait.saturating_sub(self.elapsed(now));
        match event {
            Event::Answered(Verdict::Success) => Step::End(End::Success),
            Event::Answered(Verdict::Failure) => Step::End(End::Failure),
            Event::Answered(Verdict::Unexpected) => Step::End(End::Unexpected),
            Event::CallTimedOut => Step::End(End::TimedOut),
            Event::Started | Event::Waited if self.is_last => self.call(last_call),
            _ if self.is_last || remaining.is_zero() => Step::End(End::TimedOut),
            Event::Started | Event::Waited => self.call(remaining),
            Event::Answered(Verdict::Retry) => Step::Wait(self.delay(remaining)),
        }
    }

    fn call(&mut self, limit: Duration) -> Step {
        self.calls = self.calls.saturating_add(1);
        Step::Call(limit)
    }

    /// How long to wait before the next call: anything from the least delay to twice as long each time,
    /// up to the longest. Where no other call would fit in after that one, it is the last, and is made
    /// when the time is up.
    fn delay(&mut self, remaining: Duration) -> Duration {
        let doubled = 2_u32.checked_pow(self.calls.saturating_sub(1));
        let ceiling = doubled.and_then(|factor| self.min_delay.checked_mul(factor));
        let ceiling = ceiling.map_or(self.max_delay, |it| it.min(self.max_delay));
        let spread = ceiling.saturating_sub(self.min_delay);
        let delay = self.min_delay + spread.mul_f64((self.jitter)());
        if remaining.saturating_sub(delay) <= self.min_delay {
            self.is_last = true;
            return remaining;
        }
        delay
    }
}
