//! The most memory that this process held since it was last asked.

use std::fs;

/// Forgets the peak so far; whether the system can.
pub(super) fn forget_peak() -> bool {
    // Documented in the kernel's `filesystems/proc.rst`; other systems have no such file.
    fs::write("/proc/self/clear_refs", "5").is_ok()
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
