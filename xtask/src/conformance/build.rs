//! Building the generated program, and running it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use indicatif::ProgressBar;
use serde::Deserialize;

use super::cases::{Case, Kind};
use super::models::ModelUnderTest;
use super::program::{NAME, Program};
use crate::{cargo, terminal};

/// What became of a test, as the program tells it.
#[derive(Debug, Deserialize)]
struct Outcome {
    suite: String,
    kind: Kind,
    shape: String,
    id: String,
    failure: Option<String>,
}

/// What became of every test, by suite, kind, shape and id: nothing, or what was wrong.
#[derive(Debug, Default)]
pub(super) struct Results(BTreeMap<(String, Kind, String, String), Option<String>>);

impl Results {
    /// What was wrong with a test; one of which nothing was heard did not pass.
    pub(super) fn failure(&self, case: &Case) -> Option<&str> {
        let key = (
            case.suite.clone(),
            case.kind,
            case.shape.clone(),
            case.id.clone(),
        );
        match self.0.get(&key) {
            Some(failure) => failure.as_deref(),
            None => Some("the test did not run"),
        }
    }
}

/// Builds the program, in one run of cargo, and runs it.
///
/// # Errors
///
/// A program that does not build, or that ends before its last test.
pub(super) fn run(program: &Program, models: &[ModelUnderTest]) -> Result<Results> {
    let services = models.iter().flat_map(ModelUnderTest::supported);
    let count: usize = services.map(|(service, _)| service.cases.len()).sum();
    if count == 0 {
        return Ok(Results::default());
    }
    build(program)?;
    let bar = terminal::tests(count);
    let results = outcomes(program, &bar);
    bar.finish_and_clear();
    results
}

fn build(program: &Program) -> Result<()> {
    let status = Command::new(cargo::path())
        .args(["build", "--quiet", "--package", NAME, "--manifest-path"])
        .arg(&program.manifest)
        .arg("--target-dir")
        .arg(&program.target)
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("the generated clients do not build");
    }
    Ok(())
}

fn outcomes(program: &Program, bar: &ProgressBar) -> Result<Results> {
    let binary = cargo::program(&program.target, "debug", NAME);
    let mut child = Command::new(&binary)
        .arg(&program.cases)
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {}", binary.display()))?;
    let mut results = Results::default();
    let output = child.stdout.take().context("the program has no output")?;
    for line in BufReader::new(output).lines() {
        let line = line.context("cannot read what the program tells")?;
        let outcome: Outcome = serde_json::from_str(&line)
            .with_context(|| format!("the program tells what is no outcome: {line}"))?;
        let key = (outcome.suite, outcome.kind, outcome.shape, outcome.id);
        // Ids may repeat, and a failure is not made good by another test that passes.
        let known = results.0.entry(key).or_default();
        *known = known.take().or(outcome.failure);
        bar.inc(1);
    }
    let status = child.wait().context("cannot wait for the program")?;
    if !status.success() {
        bail!("the program that runs the tests failed: {status}");
    }
    Ok(results)
}
