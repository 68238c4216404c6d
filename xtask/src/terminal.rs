//! What is shown to a person: colours and progress, only where there is a terminal.

use std::env;
use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tinsmith_model::{Problem, Severity, Sources, diagnostics};

/// Whether standard error takes colours (<https://no-color.org>).
pub(crate) fn colour() -> bool {
    io::stderr().is_terminal()
        && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// `error:`, in red where colours are shown.
pub(crate) fn error_label() -> &'static str {
    if colour() {
        "\x1b[1;31merror:\x1b[0m"
    } else {
        "error:"
    }
}

/// A line on standard error that tells the stage; nothing where there is no terminal.
pub(crate) fn stages() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// A bar on standard error over `len` files; nothing where there is no terminal.
pub(crate) fn files(len: usize) -> ProgressBar {
    counting(len, "{bar:30} {pos}/{len} models, {elapsed}")
}

/// A bar on standard error over `len` tests; nothing where there is no terminal.
pub(crate) fn tests(len: usize) -> ProgressBar {
    counting(len, "{bar:30} {pos}/{len} tests, {elapsed}")
}

fn counting(len: usize, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(len as u64);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Prints problems to standard error and counts them.
pub(crate) fn report(problems: &[Problem], sources: &Sources) -> Count {
    let colour = colour();
    for problem in problems {
        eprintln!("{}", diagnostics::render(problem, sources, colour));
    }
    Count::of(problems)
}

/// How many problems of each severity there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
}

impl Count {
    pub(crate) fn of(problems: &[Problem]) -> Self {
        let errors = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .count();
        Self {
            errors,
            warnings: problems.len() - errors,
        }
    }
}

/// `1 file`, `2 files`.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
