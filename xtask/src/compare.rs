//! `cargo xtask compare`: the generated client and the official crates on the same inputs and answers.
//!
//! The program is a package outside the workspace, so that nothing else builds the official crates.

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::cli::CompareArgs;
use crate::{cargo, target, workspace};

/// Builds the program and runs it.
///
/// # Errors
///
/// Where cargo cannot be run.
pub(crate) fn run(args: &CompareArgs) -> Result<ExitCode> {
    let status = cargo::command()
        .args(["run", "--quiet", "--manifest-path"])
        .arg(workspace().join("tests/compare/Cargo.toml"))
        .arg("--target-dir")
        .arg(target().join("compare"))
        .arg("--")
        .args(["--cases", &args.cases.to_string()])
        .args(["--seed", &args.seed.to_string()])
        .status()
        .context("cannot run cargo")?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
