//! Proof that compiled patterns accept what an ECMA-262 engine accepts.
//!
//! For every distinct pattern of a folder of models, texts are made that match, that nearly match and
//! that do not ([`texts`]); each is put to the compiled matcher and to `regress`. The folder is the
//! caller's: no model of a third party is part of this project.
//!
//! The last run over all of AWS's public models but EC2's (402 services, 3,462 distinct patterns,
//! 7,432 uses) put 1.55 million texts to both and found no disagreement; 98.0 % of uses need no
//! engine at run time, 42 patterns (105 uses) are not ECMA-262. The engine reads all but three of the
//! others as they are written, with the flag `u` or without. The comparison of 30 patterns stopped
//! early, at a text on which the engine backtracks for seconds.

pub mod build;
pub mod load;
pub mod texts;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use regress::Regex;
use tinsmith_codegen::pattern::{Compiled, Matcher, compile};

/// A search of the engine that takes longer ends the comparison of its pattern: a backtracking engine
/// may take exponentially long. The thread that searches is left behind.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Report {
    /// Distinct patterns and their uses in the models, by the way they are matched.
    pub matchers: BTreeMap<String, Count>,
    /// Texts compared.
    pub texts: usize,
    /// Texts that matched.
    pub matches: usize,
    /// Patterns whose comparison was cut short, since the engine took too long.
    pub cut_short: usize,
    /// Patterns whose text the engine reads as it stands, in either mode; the others were put to it
    /// in the strict form that the generator prints.
    pub read_as_written: usize,
    /// Bytes of all automata's tables, and of the median one.
    pub table_bytes: (usize, usize),
    /// The time that compiling all patterns took, summed over all threads.
    pub compile_time: Duration,
    /// What the two disagree on: pattern, text, and the engine's answer.
    pub disagreements: Vec<(String, String, bool)>,
    /// Patterns that were refused, with the reason.
    pub refused: Vec<(String, String)>,
    /// Patterns that need an engine at run time, with the reason.
    pub engine: Vec<(String, String)>,
}

/// Distinct patterns and their uses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Distinct patterns.
    pub patterns: usize,
    /// Uses of them.
    pub uses: usize,
}

/// Compares every pattern of the models in `folder`.
///
/// # Errors
///
/// The folder or a file in it cannot be read.
pub fn compare_folder(folder: &Path) -> anyhow::Result<Report> {
    let patterns = load::patterns(folder)?;
    let compared: Vec<_> = patterns
        .par_iter()
        .map(|(source, uses)| (source, *uses, Comparison::of(source)))
        .collect();
    let mut report = Report::default();
    let mut sizes = Vec::new();
    for (source, uses, comparison) in compared {
        sizes.extend(comparison.table_bytes);
        report.add(source, uses, comparison);
    }
    sizes.sort_unstable();
    let median = sizes.get(sizes.len() / 2).copied().unwrap_or(0);
    report.table_bytes = (sizes.iter().sum(), median);
    Ok(report)
}

/// The comparison of one pattern.
#[derive(Debug, Default)]
struct Comparison {
    matcher: String,
    refused: Option<String>,
    engine: Option<String>,
    table_bytes: Option<usize>,
    compile_time: Duration,
    texts: usize,
    matches: usize,
    cut_short: bool,
    read_as_written: bool,
    disagreements: Vec<(String, bool)>,
}

impl Comparison {
    fn of(source: &str) -> Self {
        let start = Instant::now();
        let compiled = compile(source);
        let mut comparison = Self {
            compile_time: start.elapsed(),
            ..Self::default()
        };
        match compiled {
            Ok(compiled) => comparison.compare(&compiled),
            Err(error) => {
                comparison.matcher = "refused: not ECMA-262".to_owned();
                comparison.refused = Some(error.to_string());
            }
        }
        comparison
    }

    fn compare(&mut self, compiled: &Compiled) {
        self.matcher = match compiled.matcher() {
            Matcher::Always => "always".to_owned(),
            Matcher::Repeat { .. } => "repeat".to_owned(),
            Matcher::Dfa(automaton) => {
                let cells = automaton.rows.len() * automaton.classes.len();
                self.table_bytes = Some(if cells <= 254 { cells } else { 2 * cells });
                "automaton".to_owned()
            }
            _ => {
                self.engine = compiled.needs_engine().map(|reason| reason.to_string());
                "engine".to_owned()
            }
        };
        let Some(reference) = Reference::of(compiled) else {
            self.refused = Some("the engine refuses what the generator reads".to_owned());
            return;
        };
        self.read_as_written = reference.as_written;
        let pattern = build::matcher(compiled);
        let answers = reference.search(texts::for_pattern(compiled));
        loop {
            match answers.recv_timeout(PATIENCE) {
                Ok((text, expected)) => {
                    self.texts += 1;
                    self.matches += usize::from(expected);
                    if pattern.is_match(&text) != expected {
                        self.disagreements.push((text, expected));
                    }
                }
                Err(stopped) => {
                    self.cut_short = stopped == RecvTimeoutError::Timeout;
                    return;
                }
            }
        }
    }
}

/// The engine's reading of a pattern.
struct Reference {
    regex: Regex,
    as_written: bool,
    /// Whether the engine counts in UTF-16 units, as it does without the flag `u`: texts beyond the
    /// basic plane are then not compared.
    units: bool,
}

impl Reference {
    /// The pattern as written, with the flag `u`; else, if it does without what only that flag has,
    /// as written without it; else in the strict form.
    fn of(compiled: &Compiled) -> Option<Self> {
        let source = compiled.source();
        let made = |regex, as_written, units| Self {
            regex,
            as_written,
            units,
        };
        if let Ok(regex) = Regex::with_flags(source, "u") {
            return Some(made(regex, true, false));
        }
        let needs_flag = [r"\p{", r"\P{", r"\u{"]
            .iter()
            .any(|only| source.contains(only));
        if !needs_flag && let Ok(regex) = Regex::new(source) {
            return Some(made(regex, true, true));
        }
        let regex = Regex::with_flags(&compiled.strict(), "u").ok()?;
        Some(made(regex, false, false))
    }

    /// Puts `texts` to the engine on a thread of its own, which hands over its answers one by one.
    fn search(self, texts: Vec<String>) -> Receiver<(String, bool)> {
        let (answers, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let comparable = |text: &String| {
                !self.units
                    || text
                        .chars()
                        .all(|character| u32::from(character) < 0x1_0000)
            };
            for text in texts.into_iter().filter(comparable) {
                let found = self.regex.find(&text).is_some();
                if answers.send((text, found)).is_err() {
                    return;
                }
            }
        });
        receiver
    }
}

impl Report {
    fn add(&mut self, source: &str, uses: usize, comparison: Comparison) {
        let count = self.matchers.entry(comparison.matcher).or_default();
        count.patterns += 1;
        count.uses += uses;
        self.texts += comparison.texts;
        self.matches += comparison.matches;
        self.cut_short += usize::from(comparison.cut_short);
        self.read_as_written += usize::from(comparison.read_as_written);
        self.compile_time += comparison.compile_time;
        let named = |reason| (source.to_owned(), reason);
        self.refused.extend(comparison.refused.map(named));
        self.engine.extend(comparison.engine.map(named));
        let disagreements = comparison.disagreements.into_iter();
        self.disagreements
            .extend(disagreements.map(|(text, expected)| (source.to_owned(), text, expected)));
    }

    /// The share of uses that are matched without an engine at run time.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // Counts of patterns are small.
    pub fn coverage(&self) -> f64 {
        let all: usize = self.matchers.values().map(|count| count.uses).sum();
        let own = ["always", "repeat", "automaton"].iter();
        let own: usize = own
            .filter_map(|kind| self.matchers.get(*kind))
            .map(|count| count.uses)
            .sum();
        own as f64 / all.max(1) as f64
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, count) in &self.matchers {
            writeln!(
                f,
                "{:>6} patterns, {:>6} uses: {kind}",
                count.patterns, count.uses
            )?;
        }
        writeln!(f, "{:.2} % of uses need no engine", 100.0 * self.coverage())?;
        let (all, median) = self.table_bytes;
        writeln!(f, "{all} bytes of tables, {median} in the median automaton")?;
        writeln!(f, "{:.1?} of compilation", self.compile_time)?;
        writeln!(
            f,
            "{} texts compared, {} of them matching; {} patterns read as written, {} cut short",
            self.texts, self.matches, self.read_as_written, self.cut_short
        )?;
        for (source, reason) in self.refused.iter().chain(&self.engine) {
            writeln!(f, "  {source}: {reason}")?;
        }
        for (source, text, expected) in &self.disagreements {
            writeln!(
                f,
                "DISAGREEMENT {source} on {text:?}: the engine says {expected}"
            )?;
        }
        write!(f, "{} disagreements", self.disagreements.len())
    }
}
