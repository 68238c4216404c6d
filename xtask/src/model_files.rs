//! Finds model files and reads them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use tinsmith_model::Sources;

/// The files that `paths` name: files as they are, folders searched for `*.json` at any depth. In
/// the order given, and by name within a folder, so that the result is the same on every machine.
///
/// # Errors
///
/// A folder that cannot be read, or that holds no model.
pub(crate) fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = found.len();
            search(path, &mut found)?;
            if found.len() == before {
                bail!("there is no *.json in {}", path.display());
            }
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn search(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let context = || format!("cannot read {}", folder.display());
    let mut entries = fs::read_dir(folder)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .with_context(context)?;
    entries.sort();
    for path in entries {
        // A link may lead back up, so only what the folder itself holds is searched.
        if path.is_dir() && !path.is_symlink() {
            search(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
    Ok(())
}

/// Reads model files, in the order given.
///
/// # Errors
///
/// Names every file that cannot be read.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Sources> {
    Sources::read(paths).map_err(|errors| {
        let errors: Vec<String> = errors
            .iter()
            .map(|error| format!("cannot read {}: {}", error.path, error.error))
            .collect();
        anyhow::anyhow!(errors.join("\n"))
    })
}
