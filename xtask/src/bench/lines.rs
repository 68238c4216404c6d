//! How many lines were generated for a client.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use cargo_metadata::MetadataCommand;
use serde::{Deserialize, Serialize};

use super::contestants::{self, Client, Contestant, Service};
use crate::workspace;

/// Lines of Rust, comments and blank lines included.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Lines {
    /// Everything that is generated for the service.
    pub(super) all: usize,
    /// What is there for the operations on access tokens.
    pub(super) tokens: usize,
}

/// The generated lines of a contestant; `None` for those that are written by hand.
///
/// # Errors
///
/// Sources that cannot be found or read.
pub(super) fn of(contestant: Contestant) -> Result<Option<Lines>> {
    Ok(match contestant.client {
        Client::Tinsmith => Some(tinsmith(contestant.service)?),
        Client::Official => Some(official(contestant.service)?),
        Client::Reqwest | Client::Hyper => None,
    })
}

/// The model has the operations on access tokens alone, so all of the module is there for them.
fn tinsmith(service: Service) -> Result<Lines> {
    let module = workspace()
        .join("generated-client/src")
        .join(service.module());
    let all = rust_files(&module)?.iter().map(|(_, lines)| lines).sum();
    Ok(Lines { all, tokens: all })
}

/// The official crate has all operations of the service. Its files that are named after one on access
/// tokens, or after what such an operation lists, are there for those.
fn official(service: Service) -> Result<Lines> {
    let metadata = MetadataCommand::new()
        .manifest_path(contestants::manifest())
        .exec()?;
    let mut packages = metadata.packages.iter();
    let package = packages
        .find(|package| package.name.as_str() == service.official())
        .with_context(|| format!("{} is not there", service.official()))?;
    let folder = package.manifest_path.with_file_name("src");
    let files = rust_files(folder.as_std_path())?;
    let is_token = |path: &Path| path.to_string_lossy().contains("access_token");
    Ok(Lines {
        all: files.iter().map(|(_, lines)| lines).sum(),
        tokens: files
            .iter()
            .filter(|(path, _)| is_token(path))
            .map(|(_, lines)| lines)
            .sum(),
    })
}

/// The Rust files in `folder`, at any depth, each with its lines.
fn rust_files(folder: &Path) -> Result<Vec<(PathBuf, usize)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let context = || format!("cannot read {}", folder.display());
        for entry in fs::read_dir(&folder).with_context(context)? {
            let path = entry.with_context(context)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).with_context(context)?;
                files.push((path, text.lines().count()));
            }
        }
    }
    Ok(files)
}
