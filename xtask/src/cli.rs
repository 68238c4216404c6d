//! The command line.

use std::path::PathBuf;

use cargo_metadata::semver::VersionReq;
use clap::{Args, Parser, Subcommand};

use crate::bench::BenchArgs;

/// The maintainers' commands of Tinsmith.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Bench(BenchArgs),
    Codegen(CodegenArgs),
    Check(CheckArgs),
    Conformance(ConformanceArgs),
    Compare(CompareArgs),
    /// Check the dependency tree against `deny.toml`, without the network
    Deps,
}

/// Generate a client crate from Smithy models.
///
/// Without arguments: `generated-client` from `model/services`. Files are written only where they
/// change, orphaned files are deleted, and nothing is touched when a model is broken.
#[derive(Args, Debug)]
#[command(after_help = "\
Exit status: 0 done (or, with --check, up to date); 1 a broken model, an I/O error or, with --check, \
files that are not as they should be; 2 a wrong flag. With --each, models whose protocol is not \
supported are listed, and are a failure only where nothing else was generated.

Examples:
  cargo xtask codegen
  cargo xtask codegen --check
  cargo xtask codegen --model weather.json --out ../weather-client --name weather-client
  cargo xtask codegen --each --model path/to/many/models --out /tmp/clients")]
pub(crate) struct CodegenArgs {
    /// Write nothing: list every stale, missing and orphaned file, and exit with 1 if there is one
    #[arg(long)]
    pub(crate) check: bool,

    /// Smithy models in the JSON AST, read as one model, instead of those in `model/services`
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "out")]
    pub(crate) model: Vec<PathBuf>,

    /// The folder of the crate to generate
    #[arg(long, value_name = "DIR", requires = "model")]
    pub(crate) out: Option<PathBuf>,

    /// The name of the crate to generate [default: the folder's name]
    #[arg(long, value_name = "CRATE", requires = "model")]
    pub(crate) name: Option<String>,

    /// Depend on this version of tinsmith-runtime instead of on the one of this workspace
    #[arg(
        long,
        value_name = "VERSION",
        value_parser = requirement,
        requires = "model",
        conflicts_with = "runtime_path"
    )]
    pub(crate) runtime_version: Option<String>,

    /// Depend on tinsmith-runtime in this folder [default: the one of this workspace]
    #[arg(long, value_name = "DIR", requires = "model")]
    pub(crate) runtime_path: Option<PathBuf>,

    /// Give the crate an empty `[workspace]` table: for a crate in the folder of a workspace that it
    /// is no member of
    #[arg(long, requires = "model")]
    pub(crate) standalone: bool,

    /// Leave patterns that are not ECMA-262 unchecked, with a warning each, instead of refusing them
    #[arg(long, requires = "model")]
    pub(crate) lenient_patterns: bool,

    /// Leave out operations that cannot be generated, with a warning each, instead of refusing them
    #[arg(long, requires = "model")]
    pub(crate) skip_unsupported: bool,

    /// Take each file for a model of its own, whose crate goes to the folder of the file's name below
    /// `--out`; all processors are at work, and a summary tells which models were refused and why
    #[arg(long, requires = "model", conflicts_with_all = ["check", "name"])]
    pub(crate) each: bool,
}

/// Load, link and check Smithy models, and say all that is wrong with them.
#[derive(Args, Debug)]
#[command(after_help = "\
Exit status: 0 no errors (there may be warnings); 1 errors; 2 a wrong flag.

Examples:
  cargo xtask check model/services/codecatalyst-access-tokens.json
  cargo xtask check --each path/to/many/models")]
pub(crate) struct CheckArgs {
    /// Files, or folders that are searched for `*.json`, but for what is hidden in them
    #[arg(value_name = "FILE", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// Take each file for a model of its own instead of all for parts of one
    #[arg(long)]
    pub(crate) each: bool,
}

/// Run Smithy's protocol tests through generated clients.
///
/// Generates a client for each model and a program with its tests, builds both below
/// `target/conformance`, runs them, and prints a table with what differs. A test takes the way of a
/// caller's call: typed input, validation, serialisation, the request as the transport receives it;
/// and from the bytes of a response to the typed output or error.
#[derive(Args, Debug)]
#[command(after_help = "\
A file is a model of its own. A service whose protocol is not supported is listed with the number of \
its tests; it is a failure where its file was named, or with --strict.

Exit status: 0 all passed; 1 a test failed or none ran, a model is broken or not supported, or the \
clients do not build; 2 a wrong flag.

Examples:
  cargo xtask conformance path/to/protocol-tests
  cargo xtask conformance RestJson.json --filter HttpPayload
  cargo xtask conformance path/to/protocol-tests --json")]
pub(crate) struct ConformanceArgs {
    /// Models with tests, in the JSON AST: files, or folders that are searched for `*.json`
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// Run only tests whose service, shape or id contains TEXT, in whatever case; may be repeated
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Vec<String>,

    /// List the tests instead of running them
    #[arg(long)]
    pub(crate) list: bool,

    /// Report in JSON
    #[arg(long, conflicts_with = "list")]
    pub(crate) json: bool,

    /// Fail on services whose protocol is not supported
    #[arg(long)]
    pub(crate) strict: bool,

    /// Fail unless N tests ran: tests that are no longer found fail nothing by themselves
    #[arg(long, value_name = "N", conflicts_with = "list")]
    pub(crate) expect: Option<usize>,
}

/// Compare the generated client with the official crates.
///
/// Draws inputs from inside the constraints of the models and answers of every kind, lets both clients
/// send and read them over loopback, and compares method, path, query, headers, body and signature, and
/// what came of the call. The official crates are built only here, below `target/compare`.
#[derive(Args, Debug)]
#[command(after_help = "\
Exit status: 0 equivalent but for the listed differences; 1 another difference, which is told with the \
smallest case, or a listed one that did not occur in 1000 cases or more; 2 a wrong flag.

Examples:
  cargo xtask compare
  cargo xtask compare --cases 10000 --seed 7")]
pub(crate) struct CompareArgs {
    /// How many cases to draw for each operation
    #[arg(long, default_value_t = 1000)]
    pub(crate) cases: u32,

    /// What the cases are drawn by: the same seed gives the same cases
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
}

/// A version requirement as Cargo takes it, in its own words: a wrong one would only show when the
/// generated crate is built.
fn requirement(text: &str) -> Result<String, String> {
    match VersionReq::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Cargo would refuse in the generated manifest is refused where it is written.
    #[test]
    fn a_version_requirement_must_be_one() {
        for good in ["0.1", "^1.2.3", ">=1, <3", "=0.1.0-beta.1"] {
            assert!(requirement(good).is_ok(), "{good}");
        }
        for bad in ["", "one", "1.2.3.4", "0.1\"\nevil = \"1"] {
            assert!(requirement(bad).is_err(), "{bad}");
        }
    }
}
