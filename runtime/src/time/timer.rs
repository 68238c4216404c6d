//! One thread that wakes the sleepers of a clock.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

/// Wakes futures at their time. Its thread ends when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Timer {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// Told of every change that the thread must not sleep through.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    thread: Thread,
    sleepers: Sleepers,
    next: u64,
}

/// When a sleeper is due, and a number that tells those of the same time apart.
type Key = (Instant, u64);

/// Who waits, in the order of their keys. Most sleep for much the same time, so that they come at the
/// end and go from the front.
#[derive(Debug, Default)]
struct Sleepers(VecDeque<(Key, Waker)>);

impl Sleepers {
    fn first(&self) -> Option<Key> {
        self.0.front().map(|(key, _)| *key)
    }

    fn pop_first(&mut self) -> Option<Waker> {
        self.0.pop_front().map(|(_, waker)| waker)
    }

    fn insert(&mut self, key: Key, waker: Waker) {
        self.remove(key);
        let index = self.0.partition_point(|(other, _)| *other < key);
        self.0.insert(index, (key, waker));
    }

    fn remove(&mut self, key: Key) {
        if let Ok(index) = self.0.binary_search_by_key(&key, |(key, _)| *key) {
            self.0.remove(index);
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Thread {
    #[default]
    NotStarted,
    Running,
    /// The system gives none, or the clock is gone.
    Gone,
}

impl Timer {
    /// A future that is ready after `duration`.
    pub(super) fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + use<> {
        Sleeper {
            // A time beyond what the system can count never comes.
            due: Instant::now().checked_add(duration),
            shared: Arc::clone(&self.shared),
            key: None,
        }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.thread = Thread::Gone;
        // Who still sleeps goes on without the thread.
        let left = std::mem::take(&mut state.sleepers);
        drop(state);
        self.shared.changed.notify_one();
        left.0.into_iter().for_each(|(_, waker)| waker.wake());
    }
}

impl Shared {
    /// Nothing panics while it holds the lock, so a poisoned one is whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has a thread, and says whether there is one.
    fn start(self: &Arc<Self>, state: &mut State) -> bool {
        if state.thread == Thread::NotStarted {
            let shared = Arc::clone(self);
            let spawned = thread::Builder::new()
                .name("tinsmith-timer".to_owned())
                .spawn(move || shared.run());
            state.thread = spawned.map_or(Thread::Gone, |_| Thread::Running);
        }
        state.thread == Thread::Running
    }

    /// What the thread does until the clock is gone.
    fn run(&self) {
        let mut state = self.lock();
        while state.thread != Thread::Gone {
            let now = Instant::now();
            let Some((due, _)) = state.sleepers.first() else {
                let waited = self.changed.wait(state);
                state = waited.unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            if due > now {
                let waited = self.changed.wait_timeout(state, due - now);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            let waker = state.sleepers.pop_first();
            // A waker is the caller's code, which may take its time or come back for the lock.
            drop(state);
            waker.into_iter().for_each(Waker::wake);
            state = self.lock();
        }
    }
}

/// Waits for its time.
struct Sleeper {
    due: Option<Instant>,
    shared: Arc<Shared>,
    /// Its place among the sleepers.
    key: Option<Key>,
}

impl Future for Sleeper {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(due) = self.due else {
            return Poll::Pending;
        };
        if Instant::now() >= due {
            return Poll::Ready(());
        }
        let shared = Arc::clone(&self.shared);
        let mut state = shared.lock();
        if !shared.start(&mut state) {
            drop(state);
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let key = self.key.unwrap_or_else(|| {
            state.next = state.next.wrapping_add(1);
            (due, state.next)
        });
        state.sleepers.insert(key, context.waker().clone());
        let is_first = state.sleepers.first() == Some(key);
        drop(state);
        self.key = Some(key);
        if is_first {
            shared.changed.notify_one();
        }
        Poll::Pending
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.shared.lock().sleepers.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::task::Wake;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);
    const LATE: Duration = Duration::from_secs(3600);

    /// Wakes the thread that waits, and counts how often.
    struct Parked {
        thread: thread::Thread,
        woken: AtomicUsize,
    }

    impl Wake for Parked {
        fn wake(self: Arc<Self>) {
            self.woken.fetch_add(1, Ordering::SeqCst);
            self.thread.unpark();
        }
    }

    fn parked() -> Arc<Parked> {
        Arc::new(Parked {
            thread: thread::current(),
            woken: AtomicUsize::new(0),
        })
    }

    fn block_on(future: impl Future<Output = ()>) -> usize {
        let parked = parked();
        let waker = Waker::from(Arc::clone(&parked));
        let mut future = pin!(future);
        while future
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
        {
            thread::park();
        }
        parked.woken.load(Ordering::SeqCst)
    }

    /// A sleeper is woken once at most, as its time may be over when it is first asked, and is ready
    /// after its time and not before it.
    #[test]
    fn sleeps_as_long_as_it_was_told() {
        let timer = Timer::default();
        let start = Instant::now();
        assert!(block_on(timer.sleep(SOON)) <= 1);
        assert!(start.elapsed() >= SOON);
    }

    /// Tells which sleeper was woken.
    struct Told(u32, mpsc::Sender<u32>);

    impl Wake for Told {
        fn wake(self: Arc<Self>) {
            // A test that is over listens no more.
            let _ = self.1.send(self.0);
        }
    }

    /// A sleeper that comes later with an earlier time is not held up by the one before it.
    #[test]
    fn wakes_in_the_order_of_time() {
        let timer = Timer::default();
        let (tell, told) = mpsc::channel();
        let mut sleepers: Vec<_> = [3, 1, 2]
            .map(|number| (number, Box::pin(timer.sleep(25 * SOON + number * SOON))))
            .into();
        for (number, sleeper) in &mut sleepers {
            let waker = Waker::from(Arc::new(Told(*number, tell.clone())));
            let polled = sleeper.as_mut().poll(&mut Context::from_waker(&waker));
            assert!(polled.is_pending());
        }
        let woken: Vec<u32> = told.iter().take(sleepers.len()).collect();
        assert_eq!(woken, [1, 2, 3]);
    }

    /// A timeout that was not needed leaves nothing behind.
    #[test]
    fn a_dropped_sleeper_is_forgotten() {
        let timer = Timer::default();
        {
            let waker = Waker::from(parked());
            let mut sleep = pin!(timer.sleep(LATE));
            assert!(
                sleep
                    .as_mut()
                    .poll(&mut Context::from_waker(&waker))
                    .is_pending()
            );
            assert_eq!(timer.shared.lock().sleepers.0.len(), 1);
        }
        assert!(timer.shared.lock().sleepers.0.is_empty());
    }

    /// The thread does not outlive the clock, and who still sleeps is not left hanging.
    #[test]
    fn the_thread_ends_with_the_clock() {
        let timer = Timer::default();
        let shared = Arc::clone(&timer.shared);
        let mut sleep = Box::pin(timer.sleep(LATE));
        let parked = parked();
        let waker = Waker::from(Arc::clone(&parked));
        let mut context = Context::from_waker(&waker);
        assert!(sleep.as_mut().poll(&mut context).is_pending());
        assert_eq!(parked.woken.load(Ordering::SeqCst), 0);
        drop(timer);
        assert_eq!(parked.woken.load(Ordering::SeqCst), 1);
        // From here on it wakes itself.
        assert!(sleep.as_mut().poll(&mut context).is_pending());
        assert_eq!(parked.woken.load(Ordering::SeqCst), 2);
        drop(sleep);
        let dropped = Instant::now();
        while Arc::strong_count(&shared) > 1 {
            assert!(dropped.elapsed() < LATE / 60, "the thread goes on");
            thread::yield_now();
        }
    }

    /// Without a thread a sleeper is ready at its time all the same.
    #[test]
    fn sleeps_without_a_thread() {
        let timer = Timer::default();
        timer.shared.lock().thread = Thread::Gone;
        let start = Instant::now();
        block_on(timer.sleep(SOON));
        assert!(start.elapsed() >= SOON);
    }

    /// A wait of forever is not a panic of the arithmetic.
    #[test]
    fn a_time_that_never_comes_is_waited_for() {
        let timer = Timer::default();
        let waker = Waker::from(parked());
        let mut sleep = pin!(timer.sleep(Duration::MAX));
        assert!(
            sleep
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
    }
}
