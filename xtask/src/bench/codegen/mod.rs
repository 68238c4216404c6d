//! `cargo xtask bench codegen`: time and memory of generating, by stage, and how they grow.

mod grow;
mod memory;
mod stages;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tinsmith_model::Sources;

use self::stages::{ByStage, Measure, Run, Stage};
use super::args::CodegenArgs;
use super::machine::Machine;
use super::results::Results;
use super::target::Target;
use crate::table::{self, Align};
use crate::{model_files, terminal, workspace};

/// What was measured.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Generation {
    /// The profile that the generator itself was built with.
    pub(super) profile: String,
    pub(super) folder: Size,
    /// Models that no client can be made for.
    pub(super) refused: usize,
    /// One model with its shapes repeated, by how often.
    pub(super) growth: Vec<(usize, Size)>,
}

/// Models of some size, and what it took to make clients of them.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Size {
    pub(super) models: usize,
    pub(super) model_bytes: usize,
    pub(super) operations: usize,
    pub(super) lines: usize,
    /// Seconds by stage.
    seconds: ByStage,
    /// The most memory that the process held, by stage; zeros where the system does not tell.
    peak_bytes: ByStage,
}

/// How often shapes are repeated.
const TIMES: [usize; 4] = [1, 2, 4, 8];
/// How often a model is generated; the fastest run counts, since only disturbances make one slower.
const RUNS: usize = 3;
/// Time by operation of the largest of repeated models, to that of the smallest: above it, time grows
/// faster than the model.
const LINEAR: f64 = 1.25;

/// Runs the command.
///
/// # Errors
///
/// Files that cannot be read or written.
pub(super) fn run(args: &CodegenArgs) -> Result<ExitCode> {
    let machine = Machine::this();
    let paths = match args.paths.as_slice() {
        [] => vec![workspace().join("model/services")],
        paths => paths.to_vec(),
    };
    let files = model_files::find(&paths)?;
    let bar = terminal::files(files.len() + TIMES.len());
    let profile = if cfg!(debug_assertions) {
        "debug"
    } else {
        "release"
    };
    let mut figures = Generation {
        profile: profile.to_owned(),
        folder: Size::default(),
        refused: 0,
        growth: Vec::new(),
    };
    let mut largest: Option<(&PathBuf, usize)> = None;
    for file in &files {
        match measure(&model_files::read(std::slice::from_ref(file))?)? {
            Some(size) => {
                if largest.is_none_or(|(_, bytes)| size.model_bytes > bytes) {
                    largest = Some((file, size.model_bytes));
                }
                figures.folder.add(&size);
            }
            None => figures.refused += 1,
        }
        bar.inc(1);
    }
    let (largest, _) = largest.context("no client can be made of any of the models")?;
    for times in TIMES {
        figures.growth.push((times, grown(largest, times)?));
        bar.inc(1);
    }
    bar.finish_and_clear();
    let results = Results {
        machine,
        targets: targets(&figures.growth),
        figures,
    };
    results.publish("codegen", &render(&rows(&results.figures)))
}

/// Measures the model of `file` with its shapes repeated.
fn grown(file: &Path, times: usize) -> Result<Size> {
    let text =
        fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut sources = Sources::new();
    sources.add(file.display().to_string(), grow::repeated(&text, times)?);
    measure(&sources)?.context("the repeated model is refused")
}

/// Generates a client in an empty folder, several times; `None` for a model that is refused.
fn measure(sources: &Sources) -> Result<Option<Size>> {
    let mut size = Size {
        models: 1,
        model_bytes: sources.files().iter().map(|it| it.text.len()).sum(),
        ..Size::default()
    };
    for number in 0..=RUNS {
        let how = if number == 0 {
            Measure::Memory
        } else {
            Measure::Time
        };
        let folder = TempDir::new()?;
        match stages::run(sources, &folder.path().join("client"), how)? {
            Run::Refused => return Ok(None),
            Run::Generated {
                taken,
                lines,
                operations,
            } => {
                (size.lines, size.operations) = (lines, operations);
                match how {
                    Measure::Memory => size.peak_bytes = taken,
                    Measure::Time
                        if size.total() == 0.0 || taken.iter().sum::<f64>() < size.total() =>
                    {
                        size.seconds = taken;
                    }
                    Measure::Time => {}
                }
            }
        }
    }
    Ok(Some(size))
}

impl Size {
    /// Both together: times add up, and memory is held one model after the other.
    fn add(&mut self, other: &Self) {
        self.models += other.models;
        self.model_bytes += other.model_bytes;
        self.operations += other.operations;
        self.lines += other.lines;
        for (total, seconds) in self.seconds.iter_mut().zip(other.seconds) {
            *total += seconds;
        }
        for (most, bytes) in self.peak_bytes.iter_mut().zip(other.peak_bytes) {
            *most = most.max(bytes);
        }
    }

    /// Seconds of all stages.
    pub(super) fn total(&self) -> f64 {
        self.seconds.iter().sum()
    }

    fn row(&self, name: String) -> Vec<String> {
        let peak = self.peak_bytes.iter().copied().fold(0.0, f64::max);
        let mut row = vec![
            name,
            format!("{:.2}", self.model_bytes as f64 / 1e6),
            self.operations.to_string(),
            self.lines.to_string(),
        ];
        row.extend(self.seconds.map(|seconds| format!("{:.1}", seconds * 1e3)));
        row.push(format!("{:.1}", self.total() * 1e3));
        row.push(format!("{:.0}", peak / 1e6));
        row
    }
}

fn targets(growth: &[(usize, Size)]) -> Vec<Target> {
    let (Some((_, first)), Some((times, last))) = (growth.first(), growth.last()) else {
        return Vec::new();
    };
    let by_operation = |size: &Size| size.total() / size.operations.max(1) as f64;
    vec![Target::at_most(
        format!("time by operation at {times}×, to that at 1×"),
        by_operation(last) / by_operation(first),
        LINEAR,
    )]
}

/// The table, headings first: the folder, the growth, and the memory of the folder.
pub(super) fn rows(figures: &Generation) -> Vec<Vec<String>> {
    let mut heads: Vec<_> = ["models", "MB", "operations", "lines"]
        .map(str::to_owned)
        .to_vec();
    heads.extend(Stage::ALL.map(|stage| format!("{}, ms", stage.word())));
    heads.extend(["all, ms", "peak, MB"].map(str::to_owned));
    let folder = &figures.folder;
    let mut rows = vec![heads, folder.row(format!("all {}", folder.models))];
    let growth = figures.growth.iter();
    rows.extend(growth.map(|(times, size)| size.row(format!("the largest, {times}×"))));
    if let Some(corner) = rows.first_mut().and_then(|heads| heads.first_mut()) {
        *corner = format!("models, by a generator built in {}", figures.profile);
    }
    let mut memory = vec!["peak by stage, MB".to_owned()];
    memory.resize(4, String::new());
    memory.extend(folder.peak_bytes.map(|bytes| format!("{:.0}", bytes / 1e6)));
    rows.push(memory);
    rows
}

/// The table as text.
pub(super) fn render(rows: &[Vec<String>]) -> String {
    let mut aligns = vec![Align::Left];
    aligns.resize(13, Align::Right);
    let columns = rows.first().map_or(0, Vec::len);
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let mut row = row.clone();
            row.resize(columns, String::new());
            row
        })
        .collect();
    table::render(&rows, &aligns)
}
