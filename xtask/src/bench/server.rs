//! The server that answers all contestants, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

use super::contestants;
use crate::cargo;

/// A server that runs until this is dropped.
pub(super) struct Server {
    process: Child,
    pub(super) url: String,
}

/// Builds the server and returns its program.
///
/// # Errors
///
/// Those of cargo.
pub(super) fn build() -> Result<PathBuf> {
    let target = super::folder().join("server");
    let manifest = contestants::manifest();
    let args = [
        "build",
        "--quiet",
        "--release",
        "--manifest-path",
        &manifest.to_string_lossy(),
        "--package",
        "server",
        "--target-dir",
        &target.to_string_lossy(),
    ];
    cargo::output(&args.map(str::to_owned))?;
    Ok(cargo::program(&target, "release", "server"))
}

impl Server {
    /// Starts `program`.
    ///
    /// # Errors
    ///
    /// A program that cannot be run, or that does not tell its address.
    pub(super) fn start(program: &PathBuf) -> Result<Self> {
        let mut process = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let output = process.stdout.take().context("the server has no output")?;
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        let url = url.trim().to_owned();
        Ok(Self { process, url })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has nothing to lose, and may be gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
