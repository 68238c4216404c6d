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
    // First, since the check puts all problems in the order of the files.
    problems.extend(check_patterns(&model));
    check::check(&model, &mut problems);
    let shapes = model.shapes.len();
    Ok(Checked {
        sources,
        shapes,
        problems,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::check_one;

    /// Nothing that passes the check may be refused for its patterns when a client is generated, and
    /// the problems come in the order of the files with all others.
    #[test]
    fn patterns_are_part_of_the_check() {
        let case = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../codegen/tests/cases/refuse-pattern/model.json");
        let checked = check_one(&[case]).unwrap();
        let errors = checked.problems.iter().filter(|it| it.is_error());
        let messages: Vec<&str> = errors.map(|it| it.message.as_str()).collect();
        assert_eq!(messages.len(), 2, "{messages:?}");
        assert!(
            messages
                .iter()
                .all(|it| it.starts_with("the pattern is not ECMA-262"))
        );
        assert!(
            checked
                .problems
                .is_sorted_by_key(|it| it.span.map(|span| span.start))
        );
    }
}
