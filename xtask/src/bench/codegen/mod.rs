//! `cargo xtask bench codegen`: time and memory of generating, by stage, and how time grows.

mod generator;
mod grow;
mod memory;
mod stages;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use self::generator::Generator;
use self::grow::Growth;
use self::stages::{ByStage, Stage};
use super::args::{CodegenArgs, GenerateArgs};
use super::machine::Occasion;
use super::results::{self, Figures, Row};
use super::target::{Target, beside, number};
use crate::table::{self, Align};
use crate::terminal::{self, counted};
use crate::{model_files, workspace};

pub(super) use self::stages::Measure;

/// What was measured.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Generation {
    /// The arguments of the command, without the folders that the models are in.
    arguments: String,
    folder: Size,
    /// Models that no client can be made for.
    refused: usize,
    growth: Growth,
}

/// Models of some size, and what it took to make clients of them.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Size {
    models: usize,
    model_bytes: usize,
    operations: usize,
    lines: usize,
    /// Seconds of processor time by stage.
    seconds: ByStage,
    /// The most memory that the process held, by stage; zeros where the system does not tell.
    peak_bytes: ByStage,
}

/// Runs the command.
///
/// # Errors
///
/// Files that cannot be read or written, and models of which none can be made a client.
pub(super) fn run(args: &CodegenArgs) -> Result<ExitCode> {
    let occasion = Occasion::now();
    let paths = match args.model.as_slice() {
        [] => vec![workspace().join("model/services")],
        paths => paths.to_vec(),
    };
    let files = model_files::find(&paths)?;
    let stages = terminal::stages();
    terminal::say(&stages, "building the generator in release");
    let generator = Generator::build()?;
    stages.finish_and_clear();
    let Folder {
        total,
        refused,
        models,
    } = generate_all(&generator, &files, args.runs)?;
    let stages = terminal::stages();
    terminal::say(&stages, "repeating the shapes of a model");
    let growth = Growth::measure(&generator, &models, args.runs)?;
    stages.finish_and_clear();
    let figures = Generation {
        arguments: arguments(args),
        folder: total,
        refused,
        growth,
    };
    results::keep(vec![Row { occasion, figures }])?;
    results::publish::<Generation>(true)
}

/// Generates a client of one model in this process and prints what that took: what `run` does again and
/// again.
///
/// # Errors
///
/// Files that cannot be read or written.
pub(super) fn run_one(args: &GenerateArgs) -> Result<ExitCode> {
    let text = std::fs::read_to_string(&args.model)
        .with_context(|| format!("cannot read {}", args.model.display()))?;
    let run = stages::run(&grow::repeated(&args.model, text, args.times)?, args.what)?;
    println!("{}", serde_json::to_string(&run)?);
    Ok(ExitCode::SUCCESS)
}

/// What came of many models.
#[derive(Default)]
struct Folder<'a> {
    /// What those took that were generated.
    total: Size,
    refused: usize,
    /// Those that were generated, with their bytes.
    models: Vec<(&'a PathBuf, usize)>,
}

/// Generates all models, one after the other.
fn generate_all<'a>(generator: &Generator, files: &'a [PathBuf], runs: u32) -> Result<Folder<'a>> {
    let progress = terminal::Progress::new(files.len());
    let mut folder = Folder::default();
    for file in files {
        match generator.measure(file, 1, runs)? {
            Some(size) => {
                folder.models.push((file, size.model_bytes));
                folder.total.add(&size);
            }
            None => folder.refused += 1,
        }
        progress.advance();
    }
    progress.finish();
    Ok(folder)
}

/// The arguments that choose the same models, without the folders that are this machine's.
fn arguments(args: &CodegenArgs) -> String {
    let names = args.model.iter().filter_map(|path| path.file_name());
    let names = names.map(|name| format!(" {}", name.to_string_lossy()));
    match args.model.as_slice() {
        [] => String::new(),
        _ => format!(" --model{}", names.collect::<String>()),
    }
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

    /// Seconds of processor time of all stages.
    fn total(&self) -> f64 {
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
        row.push(memory::megabytes(peak));
        row
    }
}

impl Figures for Generation {
    const COMMAND: &'static str = "codegen";

    fn key(&self) -> String {
        self.arguments.clone()
    }

    fn targets(rows: &[Row<Self>]) -> Vec<Target> {
        let targets = rows.iter().map(|row| row.figures.target());
        targets.flatten().collect()
    }

    fn tables(rows: &[Row<Self>]) -> Vec<String> {
        rows.iter().map(table).collect()
    }
}

impl Generation {
    /// What the growth is held to.
    fn target(&self) -> Option<Target> {
        let mut target = self.growth.target()?;
        if !self.arguments.is_empty() {
            target
                .what
                .push_str(&format!(" ({})", self.arguments.trim()));
        }
        Some(target)
    }

    /// The rows of the table: the folder, the growth, and the memory of the folder.
    fn rows(&self) -> Vec<Vec<String>> {
        let folder = &self.folder;
        let refused = match self.refused {
            0 => String::new(),
            refused => format!(" of {}", refused + folder.models),
        };
        let models = format!("{}{refused}", counted(folder.models, "model"));
        let mut memory = vec!["peak by stage, MB".to_owned()];
        memory.resize(4, String::new());
        memory.extend(folder.peak_bytes.map(memory::megabytes));
        let mut rows = vec![folder.row(models), memory];
        let growth = self.growth.sizes.iter();
        rows.extend(
            growth.map(|(times, size)| size.row(format!("`{}`, {times}×", self.growth.model))),
        );
        let mut doubling = vec!["last doubling to the one before".to_owned()];
        doubling.resize(4, String::new());
        let cell = |ratio: Option<f64>| ratio.map(number).unwrap_or_default();
        doubling.extend(self.growth.by_stage().map(cell));
        doubling.push(beside(cell(self.growth.doubling()), self.target().as_ref()));
        rows.push(doubling);
        rows
    }
}

fn table(row: &Row<Generation>) -> String {
    let generation = &row.figures;
    let command = format!("`cargo xtask bench codegen{}`", generation.arguments);
    let stages = Stage::ALL.map(|stage| format!("{}, CPU ms", stage.word()));
    let mut heads = vec![command];
    heads.extend(["MB", "operations", "lines"].map(str::to_owned));
    heads.extend(stages);
    heads.extend(["all, CPU ms", "peak, MB"].map(str::to_owned));
    let columns = heads.len();
    let mut rows = vec![heads];
    rows.extend(generation.rows());
    for row in &mut rows {
        row.resize(columns, String::new());
    }
    let mut aligns = vec![Align::Left];
    aligns.resize(columns, Align::Right);
    let table = table::render(&rows, &aligns);
    let measured = results::measured([row], |_| String::new());
    format!("{table}\n{measured}")
}
