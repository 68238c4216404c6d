//! What a command takes of the processor and of memory, its children included.
//!
//! A system tells this only of all children of a process that have ended. So each command that is measured
//! gets a process of its own for a parent: this program again, as `cargo xtask bench measure`.

use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::args::MeasureArgs;

/// What a command took; only systems like Unix tell more than the time on the clock.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Cost {
    /// Processor time of all processes, in user and system mode.
    pub(super) cpu_seconds: Option<f64>,
    pub(super) wall_seconds: f64,
    /// The most memory that any one process held.
    pub(super) peak_bytes: Option<u64>,
}

/// Runs `cargo` with these arguments, and tells what it took. What it prints goes to the file `log`.
///
/// # Errors
///
/// A command that cannot be run or that fails; the message names the log.
pub(super) fn cargo(args: &[String], log: &Path) -> Result<Cost> {
    let output = crate::cargo::clean(Command::new(this_program()?))
        .args(["bench", "measure", "--"])
        .arg(crate::cargo::path())
        .args(args)
        .stderr(log_file(log)?)
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        bail!("`cargo {}` failed: see {}", args.join(" "), log.display());
    }
    serde_json::from_slice(&output.stdout).context("the measure is not what was expected")
}

/// The program that runs, even when another has been built in its place since it began.
fn this_program() -> Result<PathBuf> {
    let link = Path::new("/proc/self/exe");
    match link.exists() {
        true => Ok(link.to_owned()),
        false => Ok(env::current_exe()?),
    }
}

fn log_file(log: &Path) -> Result<File> {
    File::create(log).with_context(|| format!("cannot write {}", log.display()))
}

/// Runs the command and prints what it took.
///
/// # Errors
///
/// A command that cannot be run, and a system that does not tell.
pub(super) fn run(args: &MeasureArgs) -> Result<ExitCode> {
    let (program, rest) = args.command.split_first().context("no command")?;
    let start = Instant::now();
    let status = Command::new(program)
        .args(rest)
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    if !status.success() {
        return Ok(ExitCode::FAILURE);
    }
    let cost = of_children(start.elapsed().as_secs_f64())?;
    println!("{}", serde_json::to_string(&cost)?);
    Ok(ExitCode::SUCCESS)
}

#[cfg(unix)]
fn of_children(wall_seconds: f64) -> Result<Cost> {
    use nix::sys::resource::{UsageWho, getrusage};

    // Darwin counts in bytes, all others in kibibytes.
    let unit = if cfg!(target_vendor = "apple") {
        1
    } else {
        1024
    };
    // Of all descendants whose parents waited for them, as cargo does for compilers and those for linkers:
    // times are added up, and the peak is that of the largest.
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(Cost {
        cpu_seconds: Some(seconds(&usage)),
        wall_seconds,
        peak_bytes: Some(u64::try_from(usage.max_rss())? * unit),
    })
}

#[cfg(not(unix))]
fn of_children(wall_seconds: f64) -> Result<Cost> {
    Ok(Cost {
        cpu_seconds: None,
        wall_seconds,
        peak_bytes: None,
    })
}

/// Processor time of this process so far; where the system does not tell, time on the clock.
pub(super) fn processor_seconds() -> f64 {
    #[cfg(unix)]
    {
        use nix::sys::resource::{UsageWho, getrusage};

        if let Ok(usage) = getrusage(UsageWho::RUSAGE_SELF) {
            return seconds(&usage);
        }
    }
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64()
}

/// In user and system mode.
#[cfg(unix)]
fn seconds(usage: &nix::sys::resource::Usage) -> f64 {
    use nix::sys::time::{TimeVal, TimeValLike as _};

    let seconds = |time: TimeVal| time.num_microseconds() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use super::of_children;

    /// Compilers are no children of the process that measures, but of cargo, which is: what a child's child
    /// took must be counted.
    #[test]
    fn what_descendants_take_is_counted() {
        let work = "i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done";
        let before = of_children(0.0).unwrap();
        let script = format!("sh -c '{work}'; true");
        let status = Command::new("sh").args(["-c", &script]).status();
        assert!(status.unwrap().success());
        let after = of_children(0.0).unwrap();
        assert!(after.cpu_seconds > before.cpu_seconds.map(|before| before + 0.005));
        assert!(after.peak_bytes > Some(100_000), "{after:?}");
    }
}
