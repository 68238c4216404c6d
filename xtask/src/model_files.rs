//! Finds model files and reads them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use tinsmith_model::Sources;

/// The files that `paths` name: files as they are, folders searched for `*.json` at any depth. In
/// the order given, and by name within a folder, so that the result is the same on every machine.
/// What is hidden in a folder is left alone: repositories of models keep their tools there.
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
    for path in entries.into_iter().filter(|path| !is_hidden(path)) {
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

/// Whether the name begins with a full stop.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::as_encoded_bytes);
    name.is_some_and(|name| name.starts_with(b"."))
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::find;

    /// Protects a run over a clone of a repository of models from what is no model there.
    #[test]
    fn what_is_hidden_is_searched_only_where_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let paths = [
            "b.json",
            ".scripts/c.json",
            ".d.json",
            "sub/a.json",
            "e.txt",
        ];
        let paths = paths.map(|path| folder.path().join(path));
        for path in &paths {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        let [b, hidden, _, a, _] = &paths;
        let all = find(&[folder.path().to_owned()]).unwrap();
        assert_eq!(all, [b.clone(), a.clone()]);
        let scripts = [hidden.parent().unwrap().to_owned()];
        assert_eq!(find(&scripts).unwrap(), std::slice::from_ref(hidden));
    }
}
