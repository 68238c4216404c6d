//! The machine that figures were taken on, and when.

use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// When something was measured, and on what.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Occasion {
    /// When measuring began.
    pub(super) at: Timestamp,
    /// Processes that ran or waited in the minute before, where the system tells.
    pub(super) load: Option<f64>,
    pub(super) machine: Machine,
}

/// What a reader needs to know of the machine; what the system does not tell is empty.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Machine {
    pub(super) processor: String,
    pub(super) processors: usize,
    pub(super) memory_gib: Option<u64>,
    pub(super) system: String,
    pub(super) rustc: String,
}

impl Occasion {
    /// This machine, now.
    pub(super) fn now() -> Self {
        Self {
            at: Timestamp::now(),
            load: load(),
            machine: Machine::this(),
        }
    }

    /// One line for people.
    pub(super) fn sentence(&self) -> String {
        let at = self.at.strftime("%Y-%m-%d %H:%M UTC");
        let load = self.load.map(|load| format!(", load {load:.1} before"));
        let load = load.unwrap_or_default();
        format!("{at} on {}{load}", self.machine.sentence())
    }
}

impl Machine {
    fn this() -> Self {
        Self {
            processor: line("/proc/cpuinfo", "model name").unwrap_or_default(),
            processors: available_parallelism().map_or(1, usize::from),
            memory_gib: memory_gib(),
            system: system(),
            rustc: rustc(),
        }
    }

    fn sentence(&self) -> String {
        let processors = match self.processor.as_str() {
            "" => format!("{} processors", self.processors),
            name => format!("{} × {name}", self.processors),
        };
        let memory = self.memory_gib.map(|gib| format!("{gib} GiB"));
        let parts = [Some(processors), memory]
            .into_iter()
            .flatten()
            .chain([self.system.clone(), self.rustc.clone()]);
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// The value of the first line `name: value` of a file.
fn line(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn memory_gib() -> Option<u64> {
    let kib = line("/proc/meminfo", "MemTotal")?;
    let kib: u64 = kib.split_whitespace().next()?.parse().ok()?;
    // What the system keeps for itself is not counted, hence to the nearest.
    Some((kib + (1 << 19)) >> 20)
}

fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn system() -> String {
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let short = kernel.split('-').next().unwrap_or_default().trim();
    let system = format!("{} {short}", std::env::consts::OS);
    format!("{} {}", system.trim(), std::env::consts::ARCH)
}

fn rustc() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_default()
}
