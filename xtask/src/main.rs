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

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, panic, thread};

use anyhow::Result;
use clap::Parser as _;
use mimalloc::MiMalloc;
use rayon::ThreadPoolBuilder;

use cli::{Cli, Command};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Room for what recurses on the deepest models that are read, in a build that is not optimized too, where
/// that takes megabytes. Memory is taken only for as much of it as is used.
const STACK_BYTES: usize = 32 << 20;

fn main() -> ExitCode {
    run_with_room(Cli::parse().command).unwrap_or_else(|error| {
        eprintln!("{} {error:#}", terminal::error_label());
        ExitCode::FAILURE
    })
}

fn run(command: &Command) -> Result<ExitCode> {
    match command {
        Command::Bench(args) => bench::run(args),
        Command::Codegen(args) => codegen::run(args),
        Command::Check(args) => check::run(args),
        Command::Conformance(args) => conformance::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Deps => deps::run(),
    }
}

/// Runs the command on a thread that has [`STACK_BYTES`], as have those that it shares its work with: what
/// the system gives a program's first thread is little on some systems.
fn run_with_room(command: Command) -> Result<ExitCode> {
    let pool = ThreadPoolBuilder::new().stack_size(STACK_BYTES);
    pool.build_global()?;
    let roomy = thread::Builder::new().stack_size(STACK_BYTES);
    let worker = roomy.spawn(move || run(&command))?;
    worker
        .join()
        .unwrap_or_else(|payload| panic::resume_unwind(payload))
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
