//! `cargo xtask check`: load, link and check, and no more. What the generator would say of patterns is
//! part of it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;
use rayon::prelude::*;
use tinsmith_codegen::check_patterns;
use tinsmith_model::{Problem, Sources, check, link, load};

use crate::cli::CheckArgs;
use crate::model_files;
use crate::terminal::{self, Count, counted};

/// What checking one model came to. The model's text is not kept: there may be many models.
struct Checked {
    shapes: usize,
    count: Count,
    report: String,
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
        eprint!("{}", model.report);
        total.errors += model.count.errors;
        total.warnings += model.count.warnings;
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
    let progress = terminal::Progress::new(files.len());
    let models = files
        .par_iter()
        .map(|file| check_one(std::slice::from_ref(file)).inspect(|_| progress.advance()))
        .collect();
    progress.finish();
    models
}

fn check_one(files: &[PathBuf]) -> Result<Checked> {
    let sources = model_files::read(files)?;
    let (shapes, problems) = problems(&sources);
    Ok(Checked {
        shapes,
        count: Count::of(&problems),
        report: terminal::rendered(&problems, &sources),
    })
}

/// How many shapes the model in `sources` has, and what is wrong with it.
fn problems(sources: &Sources) -> (usize, Vec<Problem>) {
    let mut problems = Vec::new();
    let ast = load::load(sources, &mut problems);
    let model = link::link(ast, &mut problems);
    // First, since the check puts all problems in the order of the files.
    problems.extend(check_patterns(&model));
    check::check(&model, &mut problems);
    (model.shapes.len(), problems)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::problems;
    use crate::model_files;

    /// Nothing that passes the check may be refused for its patterns when a client is generated, and
    /// the problems come in the order of the files with all others.
    #[test]
    fn patterns_are_part_of_the_check() {
        let case = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../codegen/tests/cases/refuse-pattern/model.json");
        let sources = model_files::read(&[case]).unwrap();
        let (_, problems) = problems(&sources);
        let errors = problems.iter().filter(|it| it.is_error());
        let messages: Vec<&str> = errors.map(|it| it.message.as_str()).collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(
            messages
                .iter()
                .all(|it| it.starts_with("the pattern is not ECMA-262"))
        );
        assert!(problems.is_sorted_by_key(|it| it.span.map(|span| span.start)));
    }
}
