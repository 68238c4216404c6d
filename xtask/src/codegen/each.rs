//! Many models at once, each a crate of its own: how much of the world can be generated, and how fast.
//!
//! A processor holds one model at a time, so that memory is bounded by the largest models there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rayon::prelude::*;
use tinsmith_codegen::{Package, Summary};
use tinsmith_model::Problem;

use crate::cli::CodegenArgs;
use crate::terminal::{self, counted};
use crate::{model_files, sync};

/// How many models a reason is shown with.
const SHOWN: usize = 6;

/// What became of the models.
#[derive(Debug, Default)]
struct Tally {
    generated: usize,
    total: Summary,
    warnings: usize,
    files: usize,
    lines: usize,
    written: usize,
    /// The models by the first error of each.
    refused: BTreeMap<String, BTreeSet<String>>,
}

/// Generates a crate from each file.
///
/// # Errors
///
/// Files that cannot be read or written, and two of the same name. A model that is refused is part of
/// the summary, and makes the exit status 1.
pub(super) fn run(args: &CodegenArgs) -> Result<ExitCode> {
    let start = Instant::now();
    let out = args.out.as_deref().context("--each needs --out")?;
    let models = model_files::find(&args.model)?;
    let jobs = jobs(&models, out)?;
    let bar = terminal::files(jobs.len());
    // One by one, so that the largest begin first and none of them keeps all others waiting.
    let tally = jobs
        .iter()
        .par_bridge()
        .map(|(name, model)| one(args, out, name, model).inspect(|_| bar.inc(1)))
        .try_reduce(Tally::default, |a, b| Ok(a.with(b)));
    bar.finish_and_clear();
    let tally = tally?;
    print!("{}", tally.report(start.elapsed()));
    Ok(if tally.refused.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The models by the names of their crates, the largest first.
fn jobs<'a>(models: &'a [PathBuf], out: &Path) -> Result<Vec<(String, &'a PathBuf)>> {
    let mut names: BTreeMap<String, &PathBuf> = BTreeMap::new();
    let mut jobs = Vec::with_capacity(models.len());
    for model in models {
        let name = model.file_stem().unwrap_or_default().to_string_lossy();
        if let Some(other) = names.insert(name.to_string(), model) {
            bail!(
                "{} and {} would both go to {}",
                other.display(),
                model.display(),
                out.join(&*name).display()
            );
        }
        let size = model.metadata().map_or(0, |metadata| metadata.len());
        jobs.push((size, name.to_string(), model));
    }
    jobs.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(jobs
        .into_iter()
        .map(|(_, name, model)| (name, model))
        .collect())
}

fn one(args: &CodegenArgs, out: &Path, name: &str, model: &PathBuf) -> Result<Tally> {
    let out = out.join(name);
    // A file such as `runtime.lex.v2.json`.
    let options = super::options(args, name.replace('.', "-"), &out)?;
    let sources = model_files::read(std::slice::from_ref(model))?;
    match super::stages(&sources, &options) {
        (Some(package), problems) => {
            let plan = sync::plan(&out, &package.files)?;
            plan.apply()?;
            Ok(Tally::generated(&package, problems.len(), plan.written()))
        }
        (None, problems) => Ok(Tally::refused(name, &problems)),
    }
}

impl Tally {
    fn generated(package: &Package, warnings: usize, written: usize) -> Self {
        Self {
            generated: 1,
            total: package.summary,
            warnings,
            files: package.files.len(),
            lines: package
                .files
                .values()
                .map(|text| text.lines().count())
                .sum(),
            written,
            refused: BTreeMap::new(),
        }
    }

    fn refused(name: &str, problems: &[Problem]) -> Self {
        let first = problems.iter().find(|problem| problem.is_error());
        let why = first.map_or("it is empty", |problem| &problem.message);
        Self {
            refused: BTreeMap::from([(why.to_owned(), BTreeSet::from([name.to_owned()]))]),
            ..Self::default()
        }
    }

    /// Both together.
    fn with(mut self, other: Self) -> Self {
        self.generated += other.generated;
        self.total.services += other.total.services;
        self.total.operations += other.total.operations;
        self.total.shapes += other.total.shapes;
        self.warnings += other.warnings;
        self.files += other.files;
        self.lines += other.lines;
        self.written += other.written;
        for (why, names) in other.refused {
            self.refused.entry(why).or_default().extend(names);
        }
        self
    }

    fn report(&self, elapsed: Duration) -> String {
        let mut report = format!(
            "{} generated: {}, {}, {}, {} of {} ({} written), {} in {:.1} s\n",
            counted(self.generated, "model"),
            counted(self.total.services, "service"),
            counted(self.total.operations, "operation"),
            counted(self.total.shapes, "shape"),
            counted(self.files, "file"),
            counted(self.lines, "line"),
            self.written,
            counted(self.warnings, "warning"),
            elapsed.as_secs_f64()
        );
        if self.refused.is_empty() {
            return report;
        }
        let refused = self.refused.values().map(BTreeSet::len).sum();
        let _ = writeln!(
            report,
            "{} refused, by the first error of each; without --each all are shown:",
            counted(refused, "model")
        );
        let mut reasons: Vec<_> = self.refused.iter().collect();
        reasons.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
        for (why, names) in reasons {
            let shown: Vec<_> = names.iter().take(SHOWN).map(String::as_str).collect();
            let more = if names.len() > SHOWN { ", …" } else { "" };
            let _ = writeln!(
                report,
                "{:5}  {why} ({}{more})",
                names.len(),
                shown.join(", ")
            );
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two models of one name would overwrite each other's crate.
    #[test]
    fn names_must_differ() {
        let models = ["a/one.json", "b/two.json", "b/one.json"].map(PathBuf::from);
        let error = jobs(&models, Path::new("out")).unwrap_err().to_string();
        assert_eq!(error, "a/one.json and b/one.json would both go to out/one");
        assert_eq!(jobs(&models[..2], Path::new("out")).unwrap().len(), 2);
    }

    /// The most common reason comes first, with no more names than one can read.
    #[test]
    fn reasons_are_counted() {
        let refused = |why: &str, name: &str| Tally {
            refused: BTreeMap::from([(why.into(), BTreeSet::from([name.into()]))]),
            ..Tally::default()
        };
        let mut tally = refused("a reason", "a0");
        for number in 0..=SHOWN {
            tally = tally.with(refused("the reason", &format!("m{number}")));
        }
        let report = tally.report(Duration::from_secs(1));
        let lines: Vec<_> = report.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "8 models refused, by the first error of each; without --each all are shown:",
                "    7  the reason (m0, m1, m2, m3, m4, m5, …)",
                "    1  a reason (a0)",
            ]
        );
    }
}
