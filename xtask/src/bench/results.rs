//! What was measured, in `target/bench/<command>.json`: each row with the occasion that it was measured on,
//! so that measuring one contestant again leaves the others as they are.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::machine::Occasion;
use super::target::{self, Target};
use crate::terminal;

/// What a command measures, a row of a table.
pub(super) trait Figures: DeserializeOwned + Serialize {
    /// The subcommand that measures them.
    const COMMAND: &'static str;

    /// What tells rows apart: a row takes the place of the stored one of the same key.
    fn key(&self) -> String;

    /// The limits that the figures are held to.
    fn targets(rows: &[Row<Self>]) -> Vec<Target>;

    /// The tables of all rows in Markdown, each with where its figures come from.
    fn tables(rows: &[Row<Self>]) -> Vec<String>;
}

/// Figures with the occasion that they were measured on.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Row<T> {
    pub(super) occasion: Occasion,
    #[serde(flatten)]
    pub(super) figures: T,
}

/// The content of a file.
#[derive(Debug, Deserialize, Serialize)]
struct Stored<T> {
    rows: Vec<Row<T>>,
    targets: Vec<Target>,
}

/// The figures of several threads are kept one after the other.
static KEEPING: Mutex<()> = Mutex::new(());

/// Keeps `rows` beside the stored ones of other keys.
///
/// # Errors
///
/// A file that cannot be written.
pub(super) fn keep<T: Figures>(rows: Vec<Row<T>>) -> Result<()> {
    let _one = KEEPING.lock().unwrap_or_else(PoisonError::into_inner);
    let old = read().unwrap_or_else(|error| {
        eprintln!("{} {error:#}; beginning anew", terminal::error_label());
        Vec::new()
    });
    write(merged(old, rows))
}

/// Keeps `rows` and none of those that are stored: for a command that always measures all.
///
/// # Errors
///
/// As [`keep`].
pub(super) fn keep_only<T: Figures>(rows: Vec<Row<T>>) -> Result<()> {
    write(rows)
}

/// What is stored of a command; nothing if it has not measured yet.
///
/// # Errors
///
/// Figures that cannot be read, as those of another version of this program.
pub(super) fn read<T: Figures>() -> Result<Vec<Row<T>>> {
    let path = path::<T>();
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let stored: Stored<T> = serde_json::from_slice(&text).with_context(|| {
        let command = T::COMMAND;
        let path = path.display();
        format!("{path} is of another version: run `cargo xtask bench {command}` again")
    })?;
    Ok(stored.rows)
}

/// Prints what is stored, with the targets. The exit status tells whether they are met and `complete`, which
/// is whether all could be measured that was to be.
///
/// # Errors
///
/// As [`read`].
pub(super) fn publish<T: Figures>(complete: bool) -> Result<ExitCode> {
    let rows = read::<T>()?;
    let targets = T::targets(&rows);
    for table in T::tables(&rows) {
        println!("{table}");
    }
    if !targets.is_empty() {
        println!("{}", target::table(&targets));
    }
    println!("{}\n", path::<T>().display());
    let good = complete && targets.iter().all(|target| target.met);
    Ok(ExitCode::from(u8::from(!good)))
}

/// The occasions of a table's rows, for people: one line where there is one, else one for each.
pub(super) fn measured<'a, T: Figures + 'a>(
    rows: impl IntoIterator<Item = &'a Row<T>>,
    name: impl Fn(&T) -> String,
) -> String {
    let mut occasions: BTreeMap<_, (&Occasion, Vec<String>)> = BTreeMap::new();
    for row in rows {
        let (_, names) = occasions
            .entry(row.occasion.at)
            .or_insert_with(|| (&row.occasion, Vec::new()));
        let name = name(&row.figures);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let occasions: Vec<_> = occasions.into_values().collect();
    match occasions.as_slice() {
        [] => String::new(),
        [(occasion, _)] => format!("Measured {}.\n", occasion.sentence()),
        several => several
            .iter()
            .map(|(occasion, names)| {
                format!(
                    "- {}: measured {}.\n",
                    names.join(", "),
                    occasion.sentence()
                )
            })
            .collect(),
    }
}

/// `old` with `new` in place of the rows of the same keys, or after them.
fn merged<T: Figures>(mut old: Vec<Row<T>>, new: Vec<Row<T>>) -> Vec<Row<T>> {
    for row in new {
        let key = row.figures.key();
        match old.iter_mut().find(|it| it.figures.key() == key) {
            Some(same) => *same = row,
            None => old.push(row),
        }
    }
    old
}

/// Writes the file of a command in one step, so that it is whole whenever the program is ended.
fn write<T: Figures>(rows: Vec<Row<T>>) -> Result<()> {
    let path = path::<T>();
    let targets = T::targets(&rows);
    let text = serde_json::to_string_pretty(&Stored { rows, targets })?;
    let folder = super::folder();
    let write = || {
        fs::create_dir_all(&folder)?;
        let mut file = NamedTempFile::new_in(&folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(&path)?;
        Ok::<_, std::io::Error>(())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

fn path<T: Figures>() -> PathBuf {
    super::folder().join(format!("{}.json", T::COMMAND))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::machine::Machine;

    #[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
    struct Length {
        of: String,
        metres: u32,
    }

    impl Figures for Length {
        const COMMAND: &'static str = "length";

        fn key(&self) -> String {
            self.of.clone()
        }

        fn targets(_: &[Row<Self>]) -> Vec<Target> {
            Vec::new()
        }

        fn tables(_: &[Row<Self>]) -> Vec<String> {
            Vec::new()
        }
    }

    fn row(of: &str, metres: u32, at: &str) -> Row<Length> {
        let machine = Machine {
            processor: "Abacus".to_owned(),
            processors: 2,
            memory_gib: Some(8),
            system: "wood".to_owned(),
            rustc: "rustc 1".to_owned(),
        };
        let of = of.to_owned();
        Row {
            occasion: Occasion {
                at: at.parse().unwrap(),
                load: Some(0.25),
                machine,
            },
            figures: Length { of, metres },
        }
    }

    const FIRST: &str = "2026-01-01T10:00:00Z";
    const THEN: &str = "2026-01-02T11:30:00Z";

    /// Measuring one contestant again must not lose what is known of the others, nor when it was measured.
    #[test]
    fn a_row_replaces_its_own_alone() {
        let old = vec![row("a", 1, FIRST), row("b", 2, FIRST)];
        let new = vec![row("b", 3, THEN), row("c", 4, THEN)];
        let expected = vec![row("a", 1, FIRST), row("b", 3, THEN), row("c", 4, THEN)];
        assert_eq!(merged(old, new), expected);
    }

    /// A row is stored with its occasion.
    #[test]
    fn a_row_is_read_as_it_was_written() {
        let row = row("a", 1, FIRST);
        let text = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<Row<Length>>(&text).unwrap(), row);
    }

    /// A table must not claim that all of it was measured when and where some of it was.
    #[test]
    fn every_occasion_of_a_table_is_told() {
        let machine = "2 × Abacus, 8 GiB, wood, rustc 1, load 0.2 before";
        let one = [row("a", 1, FIRST), row("b", 2, FIRST)];
        let name = |it: &Length| it.of.clone();
        assert_eq!(
            measured(&one, name),
            format!("Measured 2026-01-01 10:00 UTC on {machine}.\n")
        );
        let two = [row("a", 1, FIRST), row("b", 2, THEN), row("c", 2, FIRST)];
        assert_eq!(
            measured(&two, name),
            format!(
                "- a, c: measured 2026-01-01 10:00 UTC on {machine}.\n\
                 - b: measured 2026-01-02 11:30 UTC on {machine}.\n"
            )
        );
    }
}
