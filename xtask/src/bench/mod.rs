//! `cargo xtask bench`: measure, print, keep; then tables and charts of what was kept.

mod args;
mod build;
mod call;
mod chart;
mod codegen;
mod contestants;
mod lines;
mod machine;
mod measure;
mod pin;
mod report;
mod results;
mod server;
mod target;
mod validate;

use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::available_parallelism;

use anyhow::Result;
use indicatif::ProgressBar;
use rayon::{ThreadPool, ThreadPoolBuilder};

use self::args::{BenchCommand, BuildArgs, CallArgs, CodegenArgs, ValidateArgs};
use self::contestants::Contestant;
use crate::terminal;

pub(crate) use self::args::BenchArgs;

/// Runs the command.
///
/// # Errors
///
/// What cannot be built or run. A target that is missed is none: the exit status is 1.
pub(crate) fn run(args: &BenchArgs) -> Result<ExitCode> {
    match &args.command {
        BenchCommand::Build(args) => build::run(args),
        BenchCommand::Call(args) => call::run(args),
        BenchCommand::Validate(args) => validate::run(args),
        BenchCommand::Codegen(args) => codegen::run(args),
        BenchCommand::All => all(),
        BenchCommand::Report => report::run(),
        BenchCommand::Measure(args) => measure::run(args),
        BenchCommand::Generate(args) => codegen::run_one(args),
    }
}

/// Where everything is built and kept.
fn folder() -> PathBuf {
    crate::target().join("bench")
}

/// Threads for as many builds at once as there are processors for.
fn pool(jobs: u32) -> Result<ThreadPool> {
    let processors = available_parallelism().map_or(1, usize::from);
    let at_once = (processors / jobs as usize).max(1);
    Ok(ThreadPoolBuilder::new().num_threads(at_once).build()?)
}

/// What came of a contestant; if that is a failure, it is told.
fn told<T>(bar: &ProgressBar, contestant: Contestant, outcome: Result<T>) -> Option<T> {
    let tell = |error| {
        let (label, name) = (terminal::error_label(), contestant.name());
        terminal::say(bar, &format!("{label} {name}: {error:#}"));
    };
    outcome.map_err(tell).ok()
}

/// A command with its name.
type Step = (&'static str, fn() -> Result<ExitCode>);

/// Everything, in a row, whatever fails or misses its target.
fn all() -> Result<ExitCode> {
    let steps: [Step; 5] = [
        ("build", || build::run(&BuildArgs::default())),
        ("call", || call::run(&CallArgs::default())),
        ("validate", || validate::run(&ValidateArgs::default())),
        ("codegen", || codegen::run(&CodegenArgs::default())),
        ("report", report::run),
    ];
    let mut bad = Vec::new();
    for (name, step) in steps {
        eprintln!("== cargo xtask bench {name}");
        match step() {
            Ok(code) if code == ExitCode::SUCCESS => {}
            Ok(_) => bad.push(name),
            Err(error) => {
                eprintln!("{} {error:#}", terminal::error_label());
                bad.push(name);
            }
        }
    }
    if bad.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "a target was missed, or something failed, in: {}",
        bad.join(", ")
    );
    Ok(ExitCode::FAILURE)
}
