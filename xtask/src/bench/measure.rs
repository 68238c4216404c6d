//! What a command takes of the processor and of memory, its children included.
//!
//! A system tells this only of all children of a process that have ended. So each command that is measured
//! gets a process of its own for a parent: this program again, as `cargo xtask bench measure`.

use std::env;
use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::args::MeasureArgs;

/// What a command took.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Cost {
    /// Processor time of all processes, in user and system mode.
    pub(super) cpu_seconds: f64,
    pub(super) wall_seconds: f64,
    /// The most memory that any one process held.
    pub(super) peak_bytes: u64,
}

/// Runs `cargo` with these arguments, and tells what it took. What it prints goes to the file `log`.
///
/// # Errors
///
/// A command that cannot be run or that fails; the message names the log.
pub(super) fn cargo(args: &[String], log: &Path) -> Result<Cost> {
    let output = super::cargo::clean(Command::new(env::current_exe()?))
        .args(["bench", "measure", "--"])
        .arg(super::cargo::path())
        .args(args)
        .stderr(log_file(log)?)
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        bail!("`cargo {}` failed: see {}", args.join(" "), log.display());
    }
    serde_json::from_slice(&output.stdout).context("the measure is not what was expected")
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
    use nix::sys::time::{TimeVal, TimeValLike as _};

    // Darwin counts in bytes, all others in kibibytes.
    let unit = if cfg!(target_vendor = "apple") {
        1
    } else {
        1024
    };
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds = |time: TimeVal| time.num_microseconds() as f64 / 1e6;
    Ok(Cost {
        cpu_seconds: seconds(usage.user_time()) + seconds(usage.system_time()),
        wall_seconds,
        peak_bytes: u64::try_from(usage.max_rss())? * unit,
    })
}

#[cfg(not(unix))]
fn of_children(_: f64) -> Result<Cost> {
    bail!("this system does not tell what a build takes: measure on a Unix")
}
