//! `cargo xtask conformance`: read models, generate clients and tests, build, run, report.

mod build;
mod cases;
mod models;
mod program;
mod report;

use std::process::ExitCode;

use anyhow::Result;

use crate::cli::ConformanceArgs;
use crate::model_files;
use crate::terminal;

/// Runs the command.
///
/// # Errors
///
/// Files that cannot be read or written, a generated program that does not build, and a filter that
/// matches no test. A test that fails is no error of this kind: it is reported, and the exit status
/// is 1.
pub(crate) fn run(args: &ConformanceArgs) -> Result<ExitCode> {
    let files = model_files::find(&args.paths)?;
    let stages = terminal::stages();
    stages.set_message("generating clients");
    let mut models = models::read(&files)?;
    stages.finish_and_clear();
    let broken = models::report_problems(&models, !args.list);
    models.retain(|model| !model.is_broken());
    cases::filter(&mut models, &args.filter)?;
    if args.list {
        report::list(&models);
        return Ok(status(broken == 0));
    }
    let program = program::write(&models)?;
    let results = build::run(&program, &models)?;
    let report = report::Report::new(&models, &results, broken);
    if args.json {
        println!("{}", report.json()?);
    } else {
        print!("{}", report.text());
    }
    let refused = report.unsupported(|model| args.strict || args.paths.contains(&model.file));
    let complete = match args.expect {
        Some(expected) if expected != report.ran() => {
            eprintln!(
                "error: {expected} tests were expected, and {} ran",
                report.ran()
            );
            false
        }
        _ => true,
    };
    Ok(status(report.all_passed() && complete && !refused))
}

fn status(good: bool) -> ExitCode {
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
