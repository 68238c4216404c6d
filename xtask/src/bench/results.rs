//! What was measured, in `target/bench/<command>.json`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::machine::Machine;
use super::target::{self, Target};

/// The figures of one command.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Results<T> {
    pub(super) machine: Machine,
    pub(super) figures: T,
    pub(super) targets: Vec<Target>,
}

impl<T: Serialize> Results<T> {
    /// Prints `table`, the targets and the machine, and writes all of it to the file of `command`. The
    /// exit status tells whether the targets are met.
    ///
    /// # Errors
    ///
    /// A file that cannot be written.
    pub(super) fn publish(&self, command: &str, table: &str) -> Result<ExitCode> {
        let path = path(command);
        println!("{table}");
        if !self.targets.is_empty() {
            println!("{}", target::table(&self.targets));
        }
        println!("{}\n{}\n", self.machine.sentence(), path.display());
        fs::create_dir_all(super::folder())
            .and_then(|()| fs::write(&path, serde_json::to_string_pretty(self)?))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(ExitCode::from(u8::from(!self.all_met())))
    }

    fn all_met(&self) -> bool {
        self.targets.iter().all(|target| target.met)
    }
}

/// What `command` measured last; `None` if it has not measured yet.
///
/// # Errors
///
/// Figures that cannot be read, as those of another version of this program.
pub(super) fn read<T: DeserializeOwned>(command: &str) -> Result<Option<Results<T>>> {
    let path = path(command);
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let results = serde_json::from_slice(&text);
    results.map(Some).with_context(|| {
        format!(
            "{}: run `cargo xtask bench {command}` again",
            path.display()
        )
    })
}

fn path(command: &str) -> PathBuf {
    super::folder().join(format!("{command}.json"))
}
