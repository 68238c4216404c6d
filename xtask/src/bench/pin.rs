//! Keeping processes on one processor, where the system allows it.
//!
//! Two processes that talk on two idle processors wake each other up for every message, which takes longer
//! than most of what is measured.

use std::thread;

use anyhow::{Result, anyhow};

/// Runs `work` on a thread that keeps to one processor, as do the processes that it starts. `work` is told
/// whether that is so.
///
/// # Errors
///
/// Those of `work`.
pub(super) fn to_one<T: Send>(work: impl FnOnce(bool) -> Result<T> + Send) -> Result<T> {
    let pinned = thread::scope(|scope| scope.spawn(|| work(pin_thread())).join());
    pinned.unwrap_or_else(|_| Err(anyhow!("the bench panicked")))
}

/// Pins this thread to the last processor that it may use: the first has more of the system's own work.
#[cfg(any(target_os = "android", target_os = "freebsd", target_os = "linux"))]
fn pin_thread() -> bool {
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    let this = Pid::from_raw(0);
    let pin = || {
        let allowed = sched_getaffinity(this)?;
        let mut processors = (0..CpuSet::count()).rev();
        let last = processors.find(|it| allowed.is_set(*it).unwrap_or(false));
        let mut one = CpuSet::new();
        one.set(last.ok_or(nix::Error::EINVAL)?)?;
        sched_setaffinity(this, &one)
    };
    pin().is_ok()
}

#[cfg(not(any(target_os = "android", target_os = "freebsd", target_os = "linux")))]
fn pin_thread() -> bool {
    false
}
