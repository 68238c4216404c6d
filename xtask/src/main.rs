//! The maintainers' commands of Tinsmith; `cargo xtask help` lists them.

mod bench;
mod cargo;
mod check;
mod cli;
mod codegen;
mod compare;
mod conformance;
mod deps;
mod model_files;
mod settings;
mod sync;
mod table;
mod terminal;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;
use mimalloc::MiMalloc;

use cli::{Cli, Command};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Bench(args) => bench::run(&args),
        Command::Codegen(args) => codegen::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Conformance(args) => conformance::run(&args),
        Command::Compare(args) => compare::run(&args),
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

/// The folder that this workspace builds into.
fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}
