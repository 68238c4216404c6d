//! Brings a folder in line with generated files: one plan, which is either carried out or reported.
//!
//! Only files that carry the generator's header are ever replaced or deleted, so that a wrong `--out`
//! cannot harm anybody's work.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use similar::TextDiff;
use tinsmith_codegen::is_generated;

/// Lines of a diff that a report shows of one file.
const DIFF_LINES: usize = 12;

/// What has to happen to a folder so that it holds exactly the generated files.
#[derive(Debug)]
pub(crate) struct Plan {
    root: PathBuf,
    changes: Vec<Change>,
    unchanged: usize,
}

/// One file that is not as it should be.
#[derive(Debug, PartialEq)]
struct Change {
    /// Relative to the root, with `/`.
    path: String,
    action: Action,
}

#[derive(Debug, PartialEq)]
enum Action {
    Create { text: String },
    Update { old: String, text: String },
    Delete,
}

/// Compares `files` (relative path to text) with what `root` holds. Writes nothing.
///
/// # Errors
///
/// A file that cannot be read, and files in the way that the generator did not write: all of them.
pub(crate) fn plan(root: &Path, files: &BTreeMap<String, String>) -> Result<Plan> {
    let mut changes = Vec::new();
    let mut unchanged = 0;
    let mut foreign = Vec::new();
    for (path, text) in files {
        let on_disk = read_if_there(&root.join(path))?;
        match on_disk {
            None => changes.push(Change {
                path: path.clone(),
                action: Action::Create { text: text.clone() },
            }),
            Some(old) if old == *text => unchanged += 1,
            Some(old) if is_generated(&old) => {
                changes.push(Change {
                    path: path.clone(),
                    action: Action::Update {
                        old,
                        text: text.clone(),
                    },
                });
            }
            Some(_) => foreign.push(root.join(path).display().to_string()),
        }
    }
    match foreign.as_slice() {
        [] => {}
        [file] => bail!(
            "{file} is not a generated file, so it is not replaced: move it away or choose another folder"
        ),
        files => bail!(
            "these are not generated files, so they are not replaced: move them away or choose another \
             folder\n  {}",
            files.join("\n  ")
        ),
    }
    let orphans = orphans(root, files)?;
    changes.extend(orphans.into_iter().map(|path| Change {
        path,
        action: Action::Delete,
    }));
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Plan {
        root: root.to_owned(),
        changes,
        unchanged,
    })
}

impl Plan {
    /// Whether the folder is as it should be.
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Files that are to be written.
    pub(crate) fn written(&self) -> usize {
        self.changes.len() - self.deleted()
    }

    /// Files that are to be deleted.
    pub(crate) fn deleted(&self) -> usize {
        self.changes
            .iter()
            .filter(|change| change.action == Action::Delete)
            .count()
    }

    /// Files that are as they should be.
    pub(crate) fn unchanged(&self) -> usize {
        self.unchanged
    }

    /// Carries the plan out. Everything is first written beside its place, so that a full disk leaves
    /// the old files as they were.
    ///
    /// # Errors
    ///
    /// A file that cannot be written, moved or deleted.
    pub(crate) fn apply(&self) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        fs::create_dir_all(&self.root)
            .with_context(|| format!("cannot create {}", self.root.display()))?;
        let staging = tempfile::Builder::new()
            .prefix(".tinsmith-")
            .tempdir_in(&self.root)
            .with_context(|| format!("cannot write to {}", self.root.display()))?;
        for change in &self.changes {
            if let Action::Create { text } | Action::Update { text, .. } = &change.action {
                write(&staging.path().join(&change.path), text)?;
            }
        }
        for change in &self.changes {
            let place = self.root.join(&change.path);
            match change.action {
                Action::Delete => delete(&self.root, &place)?,
                Action::Create { .. } | Action::Update { .. } => {
                    create_parent(&place)?;
                    fs::rename(staging.path().join(&change.path), &place)
                        .with_context(|| format!("cannot write {}", place.display()))?;
                }
            }
        }
        Ok(())
    }

    /// What is wrong with the folder: a line for each stale, missing or orphaned file, and a short
    /// diff of each stale one.
    pub(crate) fn report(&self) -> String {
        let mut report = String::new();
        for change in &self.changes {
            let place = self.root.join(&change.path);
            let word = match change.action {
                Action::Create { .. } => "missing",
                Action::Update { .. } => "stale",
                Action::Delete => "orphaned",
            };
            // Writing to a String does not fail.
            let _ = writeln!(report, "{word:<8} {}", place.display());
            if let Action::Update { old, text } = &change.action {
                report.push_str(&short_diff(old, text));
            }
        }
        report
    }
}

/// The first lines of a unified diff, indented.
fn short_diff(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let unified = diff.unified_diff().context_radius(1).to_string();
    let mut short = String::new();
    for line in unified.lines().take(DIFF_LINES) {
        let _ = writeln!(short, "    {line}");
    }
    let rest = unified.lines().count().saturating_sub(DIFF_LINES);
    if rest > 0 {
        let _ = writeln!(short, "    … {rest} more lines");
    }
    short
}

/// The relative paths of the files below `root` that the generator wrote, but for those of `files`.
/// Build output and hidden folders are passed over.
fn orphans(root: &Path, files: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let place = root.join(&folder);
        let entries = match fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", place.display()));
            }
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read {}", place.display()))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let path = folder.join(name);
            if entry.file_type()?.is_dir() {
                if !name.starts_with('.') && name != "target" {
                    folders.push(path);
                }
            } else if is_source(name)
                && !files.contains_key(&slashed(&path))
                && read_if_there(&root.join(&path))?.is_some_and(|text| is_generated(&text))
            {
                found.push(slashed(&path));
            }
        }
    }
    Ok(found)
}

/// Whether a file of this name may be the generator's.
fn is_source(name: &str) -> bool {
    matches!(
        Path::new(name).extension().and_then(|e| e.to_str()),
        Some("rs" | "toml" | "md")
    )
}

fn slashed(path: &Path) -> String {
    path.iter()
        .map(|part| part.to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// The text of a file; `None` where there is none. Bytes that are not UTF-8 cannot be ours, and read
/// as text that has no header.
fn read_if_there(path: &Path) -> Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn create_parent(path: &Path) -> Result<()> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent)
            .with_context(|| format!("cannot create {}", parent.display())),
        None => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    create_parent(path)?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Deletes a file, and the folders that this leaves empty.
fn delete(root: &Path, path: &Path) -> Result<()> {
    fs::remove_file(path).with_context(|| format!("cannot delete {}", path.display()))?;
    for folder in path
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != root)
    {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::plan;
    use tinsmith_codegen::HEADER;

    fn files(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries
            .iter()
            .map(|(path, text)| ((*path).to_owned(), format!("// {HEADER}\n{text}\n")))
            .collect()
    }

    /// A second run has nothing to do: generating is idempotent.
    #[test]
    fn writes_once() {
        let dir = tempfile::tempdir().unwrap();
        let files = files(&[("src/lib.rs", "mod a;"), ("src/a/mod.rs", "")]);
        let first = plan(dir.path(), &files).unwrap();
        assert_eq!(
            (first.written(), first.deleted(), first.unchanged()),
            (2, 0, 0)
        );
        first.apply().unwrap();
        let second = plan(dir.path(), &files).unwrap();
        assert_eq!(
            (second.written(), second.deleted(), second.unchanged()),
            (0, 0, 2)
        );
        assert!(second.is_empty());
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "no staging folder is left"
        );
    }

    /// An orphan goes, with its empty folder; a file without the header stays.
    #[test]
    fn deletes_only_what_is_ours() {
        let dir = tempfile::tempdir().unwrap();
        plan(
            dir.path(),
            &files(&[("src/lib.rs", ""), ("src/old/mod.rs", "")]),
        )
        .unwrap()
        .apply()
        .unwrap();
        fs::create_dir_all(dir.path().join("examples")).unwrap();
        fs::write(dir.path().join("examples/mine.rs"), "fn main() {}\n").unwrap();
        let plan = plan(dir.path(), &files(&[("src/lib.rs", "")])).unwrap();
        assert_eq!(plan.deleted(), 1);
        assert!(plan.report().starts_with("orphaned"), "{}", plan.report());
        plan.apply().unwrap();
        assert!(!dir.path().join("src/old").exists());
        assert!(dir.path().join("examples/mine.rs").exists());
    }

    /// A file that somebody wrote by hand is never replaced, and nothing else is touched either.
    #[test]
    fn refuses_to_replace_foreign_files() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("Cargo.toml"), "[package]\n").unwrap();
        let error = plan(dir.path(), &files(&[("Cargo.toml", "")])).unwrap_err();
        assert!(
            error.to_string().contains("is not a generated file"),
            "{error}"
        );
        fs::write(dir.path().join("README.md"), "Mine.\n").unwrap();
        let both = files(&[("Cargo.toml", ""), ("README.md", ""), ("new.rs", "")]);
        let error = plan(dir.path(), &both).unwrap_err().to_string();
        let named: Vec<_> = error.lines().skip(1).collect();
        assert_eq!(named.len(), 2, "{error}");
        assert!(named[0].ends_with("Cargo.toml") && named[1].ends_with("README.md"));
        assert_eq!(
            fs::read_to_string(dir.path().join("Cargo.toml")).unwrap(),
            "[package]\n"
        );
    }

    /// A report names every stale, missing and orphaned file and shows what changed.
    #[test]
    fn reports_what_is_wrong() {
        let dir = tempfile::tempdir().unwrap();
        plan(dir.path(), &files(&[("a.rs", "old"), ("c.rs", "")]))
            .unwrap()
            .apply()
            .unwrap();
        let report = plan(dir.path(), &files(&[("a.rs", "new"), ("b.rs", "")]))
            .unwrap()
            .report();
        let words: Vec<&str> = report
            .lines()
            .filter(|line| !line.starts_with(' '))
            .collect();
        assert_eq!(words.len(), 3, "{report}");
        assert!(
            words[0].starts_with("stale")
                && words[1].starts_with("missing")
                && words[2].starts_with("orphaned")
        );
        assert!(
            report.contains("    -old") && report.contains("    +new"),
            "{report}"
        );
    }
}
