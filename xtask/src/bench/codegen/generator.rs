//! The generator as it is measured: built in release, a process for every run, so that none finds memory or
//! tables that another left.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum as _;

use super::Size;
use super::stages::{Measure, Run};
use crate::{cargo, target, workspace};

/// This program, built in release.
pub(super) struct Generator {
    program: PathBuf,
}

impl Generator {
    /// Builds it.
    ///
    /// # Errors
    ///
    /// Those of cargo.
    pub(super) fn build() -> Result<Self> {
        let target = target();
        let manifest = workspace().join("Cargo.toml");
        let args = [
            "build",
            "--quiet",
            "--release",
            "--package",
            "xtask",
            "--manifest-path",
            &manifest.to_string_lossy(),
            "--target-dir",
            &target.to_string_lossy(),
        ];
        cargo::output(&args.map(str::to_owned))?;
        Ok(Self {
            program: cargo::program(&target, "release", "xtask"),
        })
    }

    /// Generates a client of the model in `file`, with its shapes so many `times`: memory once, and time by
    /// the fastest of `runs`; `None` for a model that is refused.
    ///
    /// # Errors
    ///
    /// A run that fails.
    pub(super) fn measure(&self, file: &Path, times: usize, runs: u32) -> Result<Option<Size>> {
        let Run::Generated(memory) = self.run(file, times, Measure::Memory)? else {
            return Ok(None);
        };
        let mut size = Size {
            models: 1,
            model_bytes: memory.model_bytes,
            operations: memory.operations,
            lines: memory.lines,
            peak_bytes: memory.taken,
            ..Size::default()
        };
        for _ in 0..runs {
            self.measure_again(file, times, &mut size)?;
        }
        Ok(Some(size))
    }

    /// Runs once more; `size` has the faster time of both.
    ///
    /// # Errors
    ///
    /// A run that fails.
    pub(super) fn measure_again(&self, file: &Path, times: usize, size: &mut Size) -> Result<()> {
        if let Run::Generated(time) = self.run(file, times, Measure::Time)? {
            let first = size.total() == 0.0;
            if first || time.taken.iter().sum::<f64>() < size.total() {
                size.seconds = time.taken;
            }
        }
        Ok(())
    }

    fn run(&self, file: &Path, times: usize, what: Measure) -> Result<Run> {
        let what = what.to_possible_value();
        let what = what.context("a value of the command line")?;
        let output = Command::new(&self.program)
            .args(["bench", "generate", what.get_name()])
            .args([OsStr::new("--times"), OsStr::new(&times.to_string())])
            .arg(file)
            .stderr(Stdio::piped())
            .output()
            .with_context(|| format!("cannot run {}", self.program.display()))?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            bail!("generating {} failed: {errors}", file.display());
        }
        serde_json::from_slice(&output.stdout).context("the run tells what is no figure")
    }
}
