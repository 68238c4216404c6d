//! `cargo xtask check`: load, link and check, and no more.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use rayon::prelude::*;
use tinsmith_model::{Problem, Sources, check, link, load};

use crate::cli::CheckArgs;
use crate::model_files;
use crate::terminal::{self, Count, counted};

/// What checking one model came to.
struct Checked {
    sources: Sources,
    shapes: usize,
    problems: Vec<Problem>,
}

/// Runs the command.
///
/// # Errors
///
/// Files that cannot be read.
pub(crate) fn run(args: &CheckArgs) -> Result<ExitCode> {
    let start = Instant::now();
    let files = model_files::find(&args.paths)?;
    let models = if args.each {
        check_each(&files)?
    } else {
        vec![check_one(&files)?]
    };
    let mut total = Count::default();
    for model in &models {
        let count = terminal::report(&model.problems, &model.sources);
        total.errors += count.errors;
        total.warnings += count.warnings;
    }
    println!(
        "{}, {}: {}, {} in {} ms",
        counted(files.len(), "file"),
        counted(models.iter().map(|model| model.shapes).sum(), "shape"),
        counted(total.errors, "error"),
        counted(total.warnings, "warning"),
        start.elapsed().as_millis()
    );
    Ok(if total.errors == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Checks each file as a model of its own, all processors at work.
fn check_each(files: &[PathBuf]) -> Result<Vec<Checked>> {
    let bar = terminal::files(files.len());
    let models = files
        .par_iter()
        .map(|file| check_one(std::slice::from_ref(file)).inspect(|_| bar.inc(1)))
        .collect();
    bar.finish_and_clear();
    models
}

fn check_one(files: &[PathBuf]) -> Result<Checked> {
    let sources = model_files::read(files)?;
    let mut problems = Vec::new();
    let ast = load::load(&sources, &mut problems);
    let model = link::link(ast, &mut problems);
    check::check(&model, &mut problems);
    let shapes = model.shapes.len();
    Ok(Checked {
        sources,
        shapes,
        problems,
    })
}
