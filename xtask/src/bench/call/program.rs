//! The programs that make calls: built, started, and told when it is their turn.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::bench::contestants::Contestant;
use crate::cargo;

/// What a program is built to measure: counting allocations takes time, so it does one or the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Time,
    Allocations,
}

impl Kind {
    /// The feature of the program.
    fn feature(self) -> &'static str {
        match self {
            Self::Time => "calls",
            Self::Allocations => "allocations",
        }
    }
}

/// What a program tells of its turn: totals, but for the percentiles.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Round {
    pub(super) calls: u32,
    pub(super) processor_ns: u64,
    pub(super) p50_ns: u64,
    pub(super) p99_ns: u64,
    pub(super) allocations: u64,
    pub(super) bytes: u64,
}

/// Builds a contestant's program on what the bench of builds has left, if it has, and returns its path.
///
/// # Errors
///
/// Those of cargo, and a file that cannot be copied.
pub(super) fn build(contestant: Contestant, kind: Kind, jobs: u32) -> Result<PathBuf> {
    let target = contestant.folder("release");
    let name = format!("{}-calls", contestant.package());
    let mut args = vec![
        "build".to_owned(),
        "--quiet".to_owned(),
        "--release".to_owned(),
    ];
    args.extend(contestant.selection(&[kind.feature()]));
    args.extend(["--bin".to_owned(), name.clone()]);
    args.extend(["--jobs".to_owned(), jobs.to_string()]);
    args.extend([
        "--target-dir".to_owned(),
        target.to_string_lossy().into_owned(),
    ]);
    cargo::output(&args)?;
    // The next kind is built to the same place.
    let folder = crate::bench::folder().join("call").join(kind.feature());
    let copy = folder.join(contestant.name());
    fs::create_dir_all(&folder)
        .and_then(|()| fs::copy(cargo::program(&target, "release", &name), &copy))
        .with_context(|| format!("cannot write {}", copy.display()))?;
    Ok(copy)
}

/// A program that runs, and waits for its turn, until this is dropped.
pub(super) struct Program {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Program {
    /// Starts the program at `path` as a client of the server at `url`.
    ///
    /// # Errors
    ///
    /// A program that cannot be run.
    pub(super) fn start(path: &Path, url: &str) -> Result<Self> {
        let mut process = Command::new(path)
            .arg(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", path.display()))?;
        let input = process.stdin.take();
        let output = process.stdout.take().context("the program has no output")?;
        Ok(Self {
            process,
            input,
            output: BufReader::new(output),
        })
    }

    /// Has `tasks` tasks make `calls` calls together.
    ///
    /// # Errors
    ///
    /// A program that has ended, as it does when a call fails; it says why itself.
    pub(super) fn round(&mut self, tasks: u32, calls: u32) -> Result<Round> {
        let input = self.input.as_mut().context("the program has no input")?;
        writeln!(input, "{tasks} {calls}")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        serde_json::from_str(&line).context("a program of the bench gave up")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has nothing to lose, and may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
