//! The generated program: which tests it runs, and what it tells of them.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use tinsmith_runtime::operation::ServiceError;

use crate::case::{Case, Outcome};
use crate::suite::Suite;

/// A suite of any service.
pub trait AnySuite {
    /// The name that its tests carry.
    fn name(&self) -> &str;

    /// Runs one test.
    ///
    /// # Errors
    ///
    /// What was not as the test wants it.
    fn run(&self, case: &Case) -> Result<(), String>;
}

impl<E: ServiceError> AnySuite for Suite<E> {
    fn name(&self) -> &str {
        Suite::name(self)
    }

    fn run(&self, case: &Case) -> Result<(), String> {
        let checked = catch_unwind(AssertUnwindSafe(|| self.check(case)));
        checked.unwrap_or_else(|_| Err("the client panicked".to_owned()))
    }
}

/// Runs the tests in the file that the first argument names, and writes an [`Outcome`] a line, in
/// JSON, to standard output.
#[must_use]
pub fn run(suites: &[Box<dyn AnySuite>]) -> ExitCode {
    match try_run(suites) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn try_run(suites: &[Box<dyn AnySuite>]) -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args_os()
        .nth(1)
        .ok_or("the file of the tests is missing")?;
    let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let mut output = std::io::stdout().lock();
    for case in &cases {
        let suite = suites.iter().find(|suite| suite.name() == case.suite);
        let result = match suite {
            Some(suite) => suite.run(case),
            None => Err("the client has no such service".to_owned()),
        };
        let outcome = Outcome {
            suite: &case.suite,
            kind: case.kind,
            shape: &case.shape,
            id: case.id(),
            failure: result.err(),
        };
        writeln!(output, "{}", serde_json::to_string(&outcome)?)?;
    }
    Ok(())
}
