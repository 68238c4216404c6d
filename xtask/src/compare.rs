//! `cargo xtask compare`: the generated client and the official crates on the same inputs and answers.
//!
//! The program is a package outside the workspace, so that nothing else builds the official crates.

use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::cli::CompareArgs;
use crate::{cargo, target, workspace};

/// Builds the program, tests its own rules, and runs it.
///
/// # Errors
///
/// Where cargo cannot be run, and rules that do not hold.
pub(crate) fn run(args: &CompareArgs) -> Result<ExitCode> {
    let (manifest, target) = (
        workspace().join("tests/compare/Cargo.toml"),
        target().join("compare"),
    );
    let package = [
        "--manifest-path",
        &manifest.to_string_lossy(),
        "--target-dir",
        &target.to_string_lossy(),
    ]
    .map(str::to_owned);
    cargo::output(&[&["test".to_owned()], &package[..]].concat())?;
    let status = cargo::command()
        .args(["run", "--quiet"])
        .args(package)
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
