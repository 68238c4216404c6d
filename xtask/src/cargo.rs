//! Running cargo on what is measured or compared, without the caller's flags. Profiles in cargo's
//! configuration files still count.

use std::env::{self, consts::EXE_SUFFIX};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// A command that runs the cargo which runs this program, without the caller's settings.
pub(crate) fn command() -> Command {
    clean(Command::new(path()))
}

/// The cargo that runs this program.
pub(crate) fn path() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// `command` without the caller's settings that change what is built or how: neither those of the
/// environment nor the flags and wrappers of configuration files.
pub(crate) fn clean(mut command: Command) -> Command {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(changes_builds) {
            command.env_remove(name);
        }
    }
    // Where these are set, even to nothing, cargo does not look into its configuration files.
    for name in [
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
    ] {
        command.env(name, "");
    }
    command
}

/// Whether a variable of this name changes what cargo builds, how, or where.
fn changes_builds(name: &str) -> bool {
    let of_cargo = ["CARGO_BUILD_", "CARGO_PROFILE_"];
    matches!(name, "CARGO_TARGET_DIR" | "CARGO_INCREMENTAL")
        || of_cargo.iter().any(|prefix| name.starts_with(prefix))
        || name.starts_with("RUSTC")
        || name.ends_with("RUSTFLAGS")
}

/// Runs cargo and returns what it prints.
///
/// # Errors
///
/// A failure of cargo, with what it says.
pub(crate) fn output(args: &[String]) -> Result<String> {
    let output = command().args(args).output().context("cannot run cargo")?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("`cargo {}` failed:\n{errors}", args.join(" "));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Where the program `name` is that cargo has built into the folder `target`; `profile` is the folder of its
/// profile.
pub(crate) fn program(target: &Path, profile: &str, name: &str) -> PathBuf {
    target.join(profile).join(format!("{name}{EXE_SUFFIX}"))
}

#[cfg(test)]
mod tests {
    use super::changes_builds;

    /// A caller's flags must not make one machine's figures differ from another's; what chooses the
    /// toolchain, and where cargo keeps sources, must stay.
    #[test]
    fn settings_of_builds_are_known() {
        for name in [
            "CARGO_BUILD_JOBS",
            "CARGO_BUILD_RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_INCREMENTAL",
            "CARGO_PROFILE_RELEASE_LTO",
            "CARGO_TARGET_DIR",
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS",
            "RUSTC",
            "RUSTC_BOOTSTRAP",
            "RUSTC_WRAPPER",
            "RUSTFLAGS",
        ] {
            assert!(changes_builds(name), "{name}");
        }
        for name in ["CARGO", "CARGO_HOME", "PATH", "RUSTUP_TOOLCHAIN"] {
            assert!(!changes_builds(name), "{name}");
        }
    }
}
