//! The command line of `cargo xtask bench`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand, value_parser};

use super::codegen::Measure;
use super::contestants::Contestant;

/// Compilers at work for one program, unless the command line says otherwise: with one, no processor waits
/// for what only the end of a build has to do.
const JOBS: u32 = 1;
/// Turns, likewise.
const ROUNDS: u32 = 45;
/// Runs of the generator, likewise.
const RUNS: u32 = 5;

/// Measure generated clients against what people use today, and the generator.
///
/// Each command prints its figures and targets, and keeps them in `target/bench/<command>.json`, each row
/// with when and on what machine it was measured. The programs that are compared are in `tests/bench`, a
/// workspace of its own: the official crates are built by these commands alone. Flags and profiles that the
/// environment sets have no say, nor have flags and wrappers of cargo's configuration files.
#[derive(Args, Debug)]
#[command(after_help = "\
Processor time is steadier than time on a clock, and the ratio of two contestants of one run is steadier \
than either; still, measure on an idle machine.

Exit status: 0 measured and every target met, also those of figures that were kept; 1 a target missed, or \
something could not be built or run, which is told and left out; 2 a wrong flag.

Examples:
  cargo xtask bench all
  cargo xtask bench build --only codecatalyst-hyper
  cargo xtask bench codegen --model path/to/models
  cargo xtask bench report")]
pub(crate) struct BenchArgs {
    #[command(subcommand)]
    pub(super) command: BenchCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum BenchCommand {
    Build(BuildArgs),
    Call(CallArgs),
    Validate(ValidateArgs),
    Codegen(CodegenArgs),
    /// Run `build`, `call`, `validate` and `codegen`, one after the other, and then `report`
    ///
    /// What fails is told at its place and at the end, and keeps nothing else from being measured.
    All,
    /// Write the section of the README, the charts and all tables in `docs/bench` from what is kept
    ///
    /// What has not been measured is left out, with a warning.
    Report,
    /// Run a command and print what it took
    #[command(hide = true)]
    Measure(MeasureArgs),
    /// Generate a client of one model and print what each stage took
    #[command(hide = true)]
    Generate(GenerateArgs),
}

/// Build the same program on every client: what is compiled, for how long, and what comes out.
///
/// The program creates, lists and deletes a token. It is built from nothing, in debug and in release,
/// and the release is run against a server on loopback to see that it works. The figures of other
/// contestants stay as they were kept.
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
    /// Give turns only to the contestant of this name, and to Tinsmith, whose ratio to it is told; may be
    /// repeated
    #[arg(long, value_name = "NAME", value_parser = Contestant::named_caller)]
    pub(super) only: Vec<Contestant>,

    /// Turns of every contestant
    #[arg(long, value_name = "N", default_value_t = ROUNDS, value_parser = value_parser!(u32).range(1..))]
    pub(super) rounds: u32,
}

/// Time what checking an input takes, with the benchmark of `tests/benches/validate.rs`.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct ValidateArgs {
    /// Take few samples, to see that it works, and keep no figures
    #[arg(long)]
    pub(super) quick: bool,
}

/// Generate clients: processor time and memory by stage, and how time grows with the model.
///
/// Each file is a model of its own. The generator is built in release, and every run is a process of its
/// own; the fastest run counts, since only disturbances make one slower. Growth is measured with the largest
/// model that can be doubled three times within 16 MB: its shapes again and again, under other names.
#[derive(Args, Clone, Debug)]
pub(super) struct CodegenArgs {
    /// Models in the JSON AST: files, or folders that are searched for `*.json` [default: model/services]
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(super) model: Vec<PathBuf>,

    /// Runs of every model
    #[arg(long, value_name = "N", default_value_t = RUNS, value_parser = value_parser!(u32).range(1..))]
    pub(super) runs: u32,
}

#[derive(Args, Debug)]
pub(super) struct MeasureArgs {
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(super) command: Vec<OsString>,
}

#[derive(Args, Debug)]
pub(super) struct GenerateArgs {
    pub(super) what: Measure,

    pub(super) model: PathBuf,

    /// How often the model has its shapes
    #[arg(long, default_value_t = 1)]
    pub(super) times: usize,
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
        Self {
            only: Vec::new(),
            rounds: ROUNDS,
        }
    }
}

impl Default for CodegenArgs {
    fn default() -> Self {
        Self {
            model: Vec::new(),
            runs: RUNS,
        }
    }
}
