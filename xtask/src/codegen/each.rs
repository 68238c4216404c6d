//! Many models at once, each a crate of its own: how much of the world can be generated, and how fast.
//!
//! A processor holds one model at a time, so that memory is bounded by the largest models there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::cli::CodegenArgs;
use crate::terminal::{Progress, counted};
use crate::{model_files, sync};
use anyhow::{Context as _, Result, bail};
use rayon::prelude::*;
use tinsmith_codegen::{Package, Summary};

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
    /// The other models: by what became of them and the first error of each.
    others: BTreeMap<(Fate, String), BTreeSet<String>>,
}

/// Why there is no client of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// No service of it speaks a protocol that clients can be made for.
    Unsupported,
    /// It is broken, or asks for something that is not supported.
    Refused,
    /// It could not be read, or its client not be written.
    Failed,
}

/// Generates a crate from each file.
///
/// # Errors
///
/// A folder that cannot be searched, and two files of the same name. What becomes of a model is part of
/// the summary: one that is refused or fails makes the exit status 1, as does generating nothing.
pub(super) fn run(args: &CodegenArgs) -> Result<ExitCode> {
    let start = Instant::now();
    let out = args.out.as_deref().context("--each needs --out")?;
    let models = model_files::find(&args.model)?;
    let jobs = jobs(&models, out)?;
    let progress = Progress::new(jobs.len());
    let tally = generate_all(args, out, &jobs, &progress);
    progress.finish();
    print!("{}", tally.report(start.elapsed()));
    Ok(if tally.is_success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn generate_all(
    args: &CodegenArgs,
    out: &Path,
    jobs: &[(String, &PathBuf)],
    progress: &Progress,
) -> Tally {
    // One by one, so that the largest begin first and none of them keeps all others waiting.
    let tallies = jobs.iter().par_bridge().map(|(name, model)| {
        let tally = one(args, out, name, model);
        progress.advance();
        tally.unwrap_or_else(|error| Tally::other(Fate::Failed, name, format!("{error:#}")))
    });
    tallies.reduce(Tally::default, Tally::with)
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
    let made = super::stages(&sources, &options);
    if let Some(package) = made.package {
        let plan = sync::plan(&out, &package.files)?;
        plan.apply()?;
        let warnings = made.problems.len();
        return Ok(Tally::generated(&package, warnings, plan.written()));
    }
    let first = made.problems.iter().find(|problem| problem.is_error());
    let why = first.map_or("it is empty", |problem| &problem.message);
    let fate = if made.unsupported {
        Fate::Unsupported
    } else {
        Fate::Refused
    };
    Ok(Tally::other(fate, name, why.to_owned()))
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
            others: BTreeMap::new(),
        }
    }

    fn other(fate: Fate, name: &str, why: String) -> Self {
        Self {
            others: BTreeMap::from([((fate, why), BTreeSet::from([name.to_owned()]))]),
            ..Self::default()
        }
    }

    /// Whether there are clients, and of all models that they can be made of.
    fn is_success(&self) -> bool {
        let mut fates = self.others.keys().map(|(fate, _)| *fate);
        self.generated > 0 && fates.all(|fate| fate == Fate::Unsupported)
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
        for (why, names) in other.others {
            self.others.entry(why).or_default().extend(names);
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
        for (fate, what) in [
            (Fate::Unsupported, "not supported:"),
            (
                Fate::Refused,
                "refused, by the first error of each; without --each all are shown:",
            ),
            (Fate::Failed, "failed:"),
        ] {
            report.push_str(&self.report_others(fate, what));
        }
        report
    }

    /// The models of this fate by the reason, the most common one first.
    fn report_others(&self, fate: Fate, what: &str) -> String {
        let others = self.others.iter().filter(|((of, _), _)| *of == fate);
        let mut reasons: Vec<_> = others.map(|((_, why), names)| (why, names)).collect();
        if reasons.is_empty() {
            return String::new();
        }
        reasons.sort_by_key(|(_, names)| std::cmp::Reverse(names.len()));
        let count = reasons.iter().map(|(_, names)| names.len()).sum();
        let mut report = format!("{} {what}\n", counted(count, "model"));
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
    use std::fs;

    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command};

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
        let refused = |why: &str, name: &str| Tally::other(Fate::Refused, name, why.to_owned());
        let mut tally = refused("a reason", "a0");
        for number in 0..=SHOWN {
            tally = tally.with(refused("the reason", &format!("m{number}")));
        }
        tally = tally.with(Tally::other(Fate::Failed, "b", "cannot read b".into()));
        let report = tally.report(Duration::from_secs(1));
        let lines: Vec<_> = report.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "8 models refused, by the first error of each; without --each all are shown:",
                "    7  the reason (m0, m1, m2, m3, m4, m5, …)",
                "    1  a reason (a0)",
                "1 model failed:",
                "    1  cannot read b (b)",
            ]
        );
    }

    /// The models of the generator's own tests, each in a file of its own name.
    fn models(folder: &Path) -> Vec<PathBuf> {
        let cases = crate::workspace().join("codegen/tests/cases");
        let mut models = Vec::new();
        for case in fs::read_dir(cases).unwrap() {
            let case = case.unwrap().path();
            let name = format!("{}.json", case.file_name().unwrap().to_string_lossy());
            let model = folder.join(name);
            if fs::copy(case.join("model.json"), &model).is_ok() {
                models.push(model);
            }
        }
        models
    }

    fn generated(models: &[PathBuf], out: &Path, threads: usize) -> Tally {
        let mut line = vec!["xtask".into(), "codegen".into(), "--each".into()];
        line.extend(["--out".into(), out.to_owned(), "--model".into()]);
        line.extend_from_slice(models);
        let Command::Codegen(args) = Cli::parse_from(line).command else {
            panic!("not codegen");
        };
        let jobs = jobs(models, out).unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let progress = Progress::new(0);
        let generate = || generate_all(&args, out, &jobs, &progress);
        pool.build().unwrap().install(generate)
    }

    /// The paths and texts of all files below `folder`.
    fn tree(folder: &Path) -> BTreeMap<PathBuf, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(below) = folders.pop() {
            for entry in fs::read_dir(below).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = fs::read_to_string(&path).unwrap();
                    found.insert(path.strip_prefix(folder).unwrap().to_owned(), text);
                }
            }
        }
        found
    }

    /// The same models give the same bytes, however many are generated at once and in whatever order
    /// they come; a second run has nothing to write.
    #[test]
    fn threads_and_order_leave_no_trace() {
        let folder = tempfile::tempdir().unwrap();
        let mut models = models(folder.path());
        assert!(models.len() > 5);
        let [one, four] = ["one", "four"].map(|name| folder.path().join(name));
        let first = generated(&models, &one, 1);
        models.reverse();
        let second = generated(&models, &four, 4);
        assert!(first.generated > 3, "{first:?}");
        assert_eq!(first.others, second.others);
        assert_eq!(tree(&one), tree(&four));
        assert_eq!(generated(&models, &one, 4).written, 0);
    }

    /// A script can rely on the status: models that no client can be made for are told, and are no
    /// failure beside others; a broken or missing one is, and keeps no other from being generated.
    #[test]
    fn only_what_could_be_generated_must_be() {
        let folder = tempfile::tempdir().unwrap();
        let models = models(folder.path());
        let model = |name| models.iter().find(|it| it.ends_with(name)).unwrap();
        let (good, query) = (model("rpc.json"), model("refuse-protocol.json"));
        let out = folder.path().join("out");
        let tally = |models: &[&PathBuf]| {
            let models: Vec<_> = models.iter().map(|it| (*it).clone()).collect();
            generated(&models, &out, 2)
        };
        let supported = tally(&[good, query]);
        assert_eq!(supported.generated, 1);
        assert!(supported.is_success(), "{supported:?}");
        let why = supported.others.keys().next().unwrap();
        assert_eq!(why.0, Fate::Unsupported);
        assert!(why.1.contains("awsQuery"), "{why:?}");
        assert!(!tally(&[query]).is_success(), "nothing was generated");
        let missing = folder.path().join("missing.json");
        let failed = tally(&[good, &missing]);
        assert_eq!(failed.generated, 1);
        assert!(!failed.is_success(), "{failed:?}");
    }
}
