//! `cargo xtask bench`: measure, print, keep; then tables and charts of what was kept.

mod args;
mod build;
mod call;
mod cargo;
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

use anyhow::Result;

pub(crate) use args::BenchArgs;
use args::{BenchCommand, BuildArgs, CallArgs, CodegenArgs};

/// Runs the command.
///
/// # Errors
///
/// What cannot be built or run. A target that is missed is none: the exit status is 1.
pub(crate) fn run(args: &BenchArgs) -> Result<ExitCode> {
    match &args.command {
        BenchCommand::Build(args) => build::run(args),
        BenchCommand::Call(args) => call::run(args),
        BenchCommand::Validate => validate::run(),
        BenchCommand::Codegen(args) => codegen::run(args),
        BenchCommand::All => all(),
        BenchCommand::Report => report::run(),
        BenchCommand::Measure(args) => measure::run(args),
    }
}

/// Where everything is built and kept.
fn folder() -> PathBuf {
    crate::target().join("bench")
}

/// Everything, in a row, whatever fails or misses its target.
fn all() -> Result<ExitCode> {
    let runs = [
        build::run(&BuildArgs::default()),
        call::run(&CallArgs::default()),
        validate::run(),
        codegen::run(&CodegenArgs::default()),
        report::run(),
    ];
    let mut status = ExitCode::SUCCESS;
    for run in runs {
        match run {
            Ok(code) if code == ExitCode::SUCCESS => {}
            Ok(_) => status = ExitCode::FAILURE,
            Err(error) => {
                eprintln!("{} {error:#}", crate::terminal::error_label());
                status = ExitCode::FAILURE;
            }
        }
    }
    Ok(status)
}
