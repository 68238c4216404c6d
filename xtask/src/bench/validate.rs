//! `cargo xtask bench validate`: what it costs to check an input, as the benchmark of the tests measures it.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::args::ValidateArgs;
use super::machine::Occasion;
use super::results::{self, Figures, Row};
use super::target::{Target, beside, number};
use crate::table::{self, Align};
use crate::{cargo, target, terminal, workspace};

/// What checking the input of one operation takes.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Check {
    /// The service and the operation.
    pub(super) name: String,
    /// Nanoseconds, by the median of the samples.
    pub(super) median_ns: f64,
    /// Allocations of one check, by the median.
    pub(super) allocations: f64,
}

/// The benchmark that tells of a violation, which takes memory.
const REFUSED: &str = "refused";
/// What the benchmark takes samples by where figures are not kept.
const QUICK: [&str; 4] = ["--sample-count", "10", "--max-time", "0.1"];

/// Runs the command.
///
/// # Errors
///
/// A benchmark that does not build, or that prints what is not expected.
pub(super) fn run(args: &ValidateArgs) -> Result<ExitCode> {
    let occasion = Occasion::now();
    let figures = read(&measure(args.quick)?);
    if figures.is_empty() {
        bail!("the benchmark prints no figures");
    }
    let row = |figures| Row {
        occasion: occasion.clone(),
        figures,
    };
    let rows: Vec<_> = figures.into_iter().map(row).collect();
    if args.quick {
        for table in Check::tables(&rows) {
            println!("{table}\nOf few samples, and not kept.");
        }
        return Ok(ExitCode::SUCCESS);
    }
    results::keep_only(rows)?;
    results::publish::<Check>(true)
}

/// Builds and runs the benchmark, and returns what it prints.
fn measure(quick: bool) -> Result<String> {
    let stages = terminal::stages();
    terminal::say(&stages, "building and running tests/benches/validate.rs");
    let mut command = cargo::command();
    let what = ["--quiet", "--package", "tests", "--bench", "validate"];
    command.current_dir(workspace()).arg("bench").args(what);
    command.arg("--target-dir").arg(target());
    if quick {
        command.arg("--").args(QUICK);
    }
    let output = command.output().context("cannot run cargo")?;
    stages.finish_and_clear();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("the benchmark failed:\n{errors}");
    }
    Ok(String::from_utf8(output.stdout)?)
}

impl Check {
    /// An input that passes must be checked without an allocation.
    fn aim(&self) -> Option<Target> {
        let what = format!("{}: allocations", self.name);
        let passes = !self.name.ends_with(REFUSED);
        passes.then(|| Target::at_most(what, self.allocations, 0.0))
    }
}

impl Figures for Check {
    const COMMAND: &'static str = "validate";

    fn key(&self) -> String {
        self.name.clone()
    }

    fn targets(rows: &[Row<Self>]) -> Vec<Target> {
        rows.iter().filter_map(|row| row.figures.aim()).collect()
    }

    fn tables(rows: &[Row<Self>]) -> Vec<String> {
        let heads = ["checking the input of", "ns", "allocations"];
        let cells = rows.iter().map(|row| {
            let check = &row.figures;
            vec![
                check.name.clone(),
                number(check.median_ns),
                beside(number(check.allocations), check.aim().as_ref()),
            ]
        });
        let table = table::with_heads(heads, cells, &[Align::Left, Align::Right, Align::Right]);
        let measured = results::measured(rows, |it| it.name.clone());
        vec![format!("{table}\n{measured}")]
    }
}

/// The figures in what divan prints: a line a group, a line a benchmark of that, and below it, where it
/// allocates, a line `alloc:` that a line with the number follows.
fn read(text: &str) -> Vec<Check> {
    let mut group = String::new();
    let mut checks: Vec<Check> = Vec::new();
    let mut counts_follow = false;
    for line in text.lines() {
        let Some((head, median)) = head_and_median(line) else {
            continue;
        };
        let name = head.split_whitespace().next().unwrap_or_default();
        if counts_follow {
            counts_follow = false;
            if let (Some(check), Ok(count)) = (checks.last_mut(), median.parse()) {
                check.allocations = count;
            }
        } else if head == "alloc:" {
            counts_follow = true;
        } else if let Some(median_ns) = nanoseconds(median) {
            checks.push(Check {
                name: format!("{group}, {}", name.replace('_', " ")),
                median_ns,
                allocations: 0.0,
            });
        } else if median.is_empty() && !head.ends_with(':') {
            group = name.replace('_', " ");
        }
    }
    checks
}

/// What a line of divan's table begins with, and the cell of the median.
fn head_and_median(line: &str) -> Option<(&str, &str)> {
    // From the end, since a tree of the same strokes is drawn before the name.
    let mut cells = line.rsplit('│').skip(3);
    let median = cells.next()?.trim();
    let before = cells.nth(1)?;
    let head = line.get(..line.find(before)? + before.len())?;
    let head = head
        .trim_start_matches([' ', '│', '├', '╰', '─'])
        .trim_end();
    Some((head, median))
}

/// A time as divan writes it.
fn nanoseconds(text: &str) -> Option<f64> {
    let (value, unit) = text.split_once(' ')?;
    let value: f64 = value.parse().ok()?;
    Some(match unit {
        "ps" => value / 1e3,
        "ns" => value,
        "µs" => value * 1e3,
        "ms" => value * 1e6,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Check, read};

    /// The table is made for people; what is read from it must be what stands there.
    #[test]
    fn reads_the_table_of_divan() {
        let text = "\
validate                            fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ code_catalyst                                  │               │               │               │         │
│  ├─ create_access_token           6.9 ns        │ 12.1 ns       │ 7.04 ns       │ 7.2 ns        │ 100     │ 100000
│  ╰─ delete_access_token_refused   1.1 µs        │ 2 µs          │ 1.25 µs       │ 1.3 µs        │ 100     │ 100000
│                                   max alloc:    │               │               │               │         │
│                                     9           │ 9             │ 9             │ 9             │         │
│                                     900 B       │ 900 B         │ 900 B         │ 900 B         │         │
│                                   alloc:        │               │               │               │         │
│                                     6           │ 6             │ 6             │ 6             │         │
│                                     610 B       │ 610 B         │ 610 B         │ 610 B         │         │
╰─ other                                          │               │               │               │         │
   ╰─ get                           3 ns          │ 4 ns          │ 3.5 ns        │ 3.6 ns        │ 100     │ 100000
";
        let check = |name: &str, median_ns, allocations| Check {
            name: name.to_owned(),
            median_ns,
            allocations,
        };
        let expected = [
            check("code catalyst, create access token", 7.04, 0.0),
            check("code catalyst, delete access token refused", 1250.0, 6.0),
            check("other, get", 3.5, 0.0),
        ];
        assert_eq!(read(text), expected);
    }
}
