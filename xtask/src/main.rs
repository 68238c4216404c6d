//! The maintainers' commands of Tinsmith; `cargo xtask help` lists them.

mod check;
mod cli;
mod codegen;
mod conformance;
mod deps;
mod model_files;
mod settings;
mod sync;
mod terminal;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Command};

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Codegen(args) => codegen::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Conformance(args) => conformance::run(&args),
        Command::Deps => deps::run(),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("{} {error:#}", terminal::error_label());
        ExitCode::FAILURE
    })
}

/// The folder of this workspace.
fn workspace() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}
