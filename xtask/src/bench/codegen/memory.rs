//! The most memory that this process held since it was last asked.

use std::fs;

/// Forgets the peak so far, where the system can.
pub(super) fn forget_peak() {
    // Documented in the kernel's `filesystems/proc.rst`; other systems have no such file, and tell no peak.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The peak since it was forgotten, in bytes; zero where the system does not tell.
pub(super) fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    kib.and_then(|kib| kib.parse::<u64>().ok())
        .unwrap_or_default()
        * 1024
}

/// A peak for people.
pub(super) fn megabytes(peak: f64) -> String {
    if peak > 0.0 {
        format!("{:.0}", peak / 1e6)
    } else {
        "not told".to_owned()
    }
}
