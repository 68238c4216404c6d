//! The command line of `cargo xtask bench`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, value_parser};

use super::contestants::Contestant;

/// Compilers at work for one program, unless the command line says otherwise.
const JOBS: u32 = 2;
/// Turns, likewise.
const ROUNDS: u32 = 15;

/// Measure generated clients against what people use today, and the generator.
///
/// Each command prints its figures and targets, and writes them to `target/bench/<command>.json`. The
/// programs that are compared are in `tests/bench`, a workspace of its own: the official crates are built
/// by this command alone.
#[derive(Args, Debug)]
#[command(after_help = "\
Processor time is steadier than time on a clock, and the ratio of two contestants of one run is steadier \
than either; still, measure on an idle machine.

Exit status: 0 measured and every target met; 1 a target missed, or something could not be built or \
run; 2 a wrong flag.

Examples:
  cargo xtask bench all
  cargo xtask bench build --only codecatalyst-hyper
  cargo xtask bench codegen path/to/models
  cargo xtask bench report")]
pub(crate) struct BenchArgs {
    #[command(subcommand)]
    pub(super) command: BenchCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum BenchCommand {
    Build(BuildArgs),
    Call(CallArgs),
    /// Time what checking an input takes, with the benchmark of `tests/benches/validate.rs`
    Validate,
    Codegen(CodegenArgs),
    /// Run `build`, `call`, `validate` and `codegen`, one after the other, and then `report`
    All,
    /// Write the tables of the README and the charts in `docs/bench` from what was measured last
    Report,
    /// Run a command and print what it took
    #[command(hide = true)]
    Measure(MeasureArgs),
}

/// Build the same program on every client: what is compiled, for how long, and what comes out.
///
/// The program creates, lists and deletes a token. It is built from nothing, in debug and in release,
/// and the release is run against a server on loopback to see that it works.
#[derive(Args, Clone, Debug)]
pub(super) struct BuildArgs {
    /// Build only the contestant of this name; may be repeated
    #[arg(long, value_name = "NAME", value_parser = Contestant::named)]
    pub(super) only: Vec<Contestant>,

    /// Compilers at work for one program; as many programs are built at once as there are processors for
    #[arg(long, value_name = "N", default_value_t = JOBS, value_parser = value_parser!(u32).range(1..))]
    pub(super) jobs: u32,
}

/// Call a service with every client, in turns: processor time, time on the clock, and allocations.
///
/// A call is CreateAccessToken over a kept-alive connection to a server on loopback. Where the system
/// allows it, the server and the client that has its turn share one processor. Processor time is the
/// client's process alone. Allocations are counted in a run of their own, since counting takes time.
#[derive(Args, Clone, Debug)]
pub(super) struct CallArgs {
    /// Turns of every contestant
    #[arg(long, value_name = "N", default_value_t = ROUNDS, value_parser = value_parser!(u32).range(1..))]
    pub(super) rounds: u32,
}

/// Generate clients: time and memory by stage, and how both grow with the model.
///
/// Each file is a model of its own. Growth is measured with the largest of them, whose shapes are
/// repeated under other names. The generator is measured as it is built: `cargo xtask` builds it in debug;
/// `cargo run --release --package xtask -- bench codegen` measures what optimisation makes of it.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct CodegenArgs {
    /// Models in the JSON AST: files, or folders that are searched for `*.json` [default: model/services]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct MeasureArgs {
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(super) command: Vec<OsString>,
}

impl Default for BuildArgs {
    fn default() -> Self {
        Self {
            only: Vec::new(),
            jobs: JOBS,
        }
    }
}

impl Default for CallArgs {
    fn default() -> Self {
        Self { rounds: ROUNDS }
    }
}
