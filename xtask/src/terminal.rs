//! What is shown to a person: colours and progress, only where there is a terminal.

use std::env;
use std::io::{self, IsTerminal as _};
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// Progress over many models on standard error: a bar where there is a terminal, else a line for every
/// tenth of them.
pub(crate) struct Progress {
    bar: ProgressBar,
    done: AtomicUsize,
    len: usize,
}

impl Progress {
    /// Progress over `len` models.
    pub(crate) fn new(len: usize) -> Self {
        Self {
            bar: files(len),
            done: AtomicUsize::new(0),
            len,
        }
    }

    /// One more is done.
    pub(crate) fn advance(&self) {
        self.bar.inc(1);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.bar.is_hidden() && is_tenth(done, self.len) {
            eprintln!("{done} of {} models", self.len);
        }
    }

    /// All are done.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Whether another tenth of `len` is done.
fn is_tenth(done: usize, len: usize) -> bool {
    len > 0 && done * 10 / len > (done - 1) * 10 / len
}

/// A bar on standard error over `len` builds, with a message; nothing where there is no terminal.
pub(crate) fn builds(len: usize) -> ProgressBar {
    counting(len, "{bar:30} {pos}/{len} builds, {elapsed}  {msg}")
}

/// A bar on standard error over `len` turns, with a message; nothing where there is no terminal.
pub(crate) fn turns(len: usize) -> ProgressBar {
    counting(len, "{bar:30} {pos}/{len} turns, {elapsed}  {msg}")
}

/// Prints a line on standard error, above `bar` where it is shown: what a person, or a log, is told of long
/// work.
pub(crate) fn say(bar: &ProgressBar, line: &str) {
    bar.suspend(|| eprintln!("{line}"));
}

fn counting(len: usize, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(len as u64);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Prints problems to standard error.
pub(crate) fn report(problems: &[Problem], sources: &Sources) {
    eprint!("{}", rendered(problems, sources));
}

/// Problems as they are shown to a person.
pub(crate) fn rendered(problems: &[Problem], sources: &Sources) -> String {
    let colour = colour();
    let rendered = problems
        .iter()
        .map(|problem| diagnostics::render(problem, sources, colour) + "\n");
    rendered.collect()
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

#[cfg(test)]
mod tests {
    use super::is_tenth;

    /// However many models there are, no more than ten lines tell of them, the last at the end.
    #[test]
    fn progress_is_ten_lines_at_most() {
        for len in [1, 7, 10, 11, 403] {
            let lines: Vec<_> = (1..=len).filter(|&done| is_tenth(done, len)).collect();
            assert_eq!(lines.len(), len.min(10));
            assert_eq!(lines.last(), Some(&len));
        }
    }
}
