//! Running cargo on the programs in `tests/bench`, so that nothing of this machine's settings shows.

use std::env;
use std::ffi::OsString;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The cargo that runs this program.
pub(super) fn path() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// `command` without the settings that change what or how cargo builds.
pub(super) fn clean(mut command: Command) -> Command {
    let changes = |name: &str| {
        name == "CARGO_TARGET_DIR"
            || name == "CARGO_INCREMENTAL"
            || name.starts_with("CARGO_BUILD_")
            || name.starts_with("CARGO_PROFILE_")
            || name.starts_with("RUSTC")
            || name.ends_with("RUSTFLAGS")
    };
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(changes) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs cargo and returns what it prints; its errors are shown.
///
/// # Errors
///
/// A failure of cargo.
pub(super) fn output(args: &[String]) -> Result<String> {
    let output = clean(Command::new(path()))
        .args(args)
        .stderr(Stdio::piped())
        .output()
        .context("cannot run cargo")?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("`cargo {}` failed:\n{errors}", args.join(" "));
    }
    Ok(String::from_utf8(output.stdout)?)
}
