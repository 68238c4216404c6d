//! Compares compiled patterns with an ECMA-262 engine: `pattern-equivalence FOLDER`, where the folder
//! holds Smithy JSON models. Ends with 1 if there is a disagreement.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

fn main() -> anyhow::Result<ExitCode> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.context("give the folder of the models")?;
    let report = tests::patterns::compare_folder(&folder)?;
    println!("{report}");
    Ok(ExitCode::from(u8::from(!report.disagreements.is_empty())))
}
