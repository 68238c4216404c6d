//! One model through all stages, with what each stage took.

use anyhow::Result;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tinsmith_codegen::{Options, Stage as Generating, generate_in_stages};
use tinsmith_model::{Problem, Sources, check, link, load};

use super::memory;
use crate::bench::measure;
use crate::codegen::runtime_in;
use crate::sync;

/// A stage from text to files.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Stage {
    Load,
    Link,
    Check,
    Lower,
    Emit,
    Format,
    Sync,
}

impl Stage {
    pub(super) const ALL: [Self; 7] = [
        Self::Load,
        Self::Link,
        Self::Check,
        Self::Lower,
        Self::Emit,
        Self::Format,
        Self::Sync,
    ];

    /// The word for people.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Link => "link",
            Self::Check => "check",
            Self::Lower => "lower",
            Self::Emit => "emit",
            Self::Format => "format",
            Self::Sync => "sync",
        }
    }
}

/// What is measured of a run; the one disturbs the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::bench) enum Measure {
    Time,
    Memory,
}

/// What every stage took, in the order of [`Stage::ALL`]: seconds of processor time, or bytes at the most.
pub(super) type ByStage = [f64; Stage::ALL.len()];

/// Watches the stages go by.
struct Watch {
    measure: Measure,
    now: Stage,
    /// The processor time of this process when the stage began.
    since: f64,
    taken: ByStage,
}

impl Watch {
    fn start(measure: Measure) -> Self {
        if measure == Measure::Memory {
            memory::forget_peak();
        }
        Self {
            measure,
            now: Stage::Load,
            since: measure::processor_seconds(),
            taken: ByStage::default(),
        }
    }

    /// Ends the stage that is, and begins `next`.
    fn enter(&mut self, next: Stage) {
        let Some(taken) = self.taken.get_mut(self.now as usize) else {
            return;
        };
        match self.measure {
            Measure::Time => *taken += measure::processor_seconds() - self.since,
            Measure::Memory => {
                *taken = taken.max(memory::peak() as f64);
                memory::forget_peak();
            }
        }
        self.now = next;
        self.since = measure::processor_seconds();
    }

    fn end(mut self) -> ByStage {
        self.enter(Stage::Sync);
        self.taken
    }
}

/// What became of a model.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Run {
    Generated(Generated),
    /// A broken model, or one of a protocol that is not supported.
    Refused,
}

/// A client, and what it took.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Generated {
    pub(super) taken: ByStage,
    pub(super) model_bytes: usize,
    pub(super) lines: usize,
    pub(super) operations: usize,
}

/// Takes the model in `sources` through all stages, into an empty folder that is deleted again.
///
/// # Errors
///
/// Files that cannot be written.
pub(super) fn run(sources: &Sources, measure: Measure) -> Result<Run> {
    let folder = TempDir::new()?;
    let out = folder.path().join("client");
    let options = Options {
        runtime: runtime_in(None, &out)?,
        skip_unsupported: true,
        lenient_patterns: true,
        ..Options::new("client")
    };
    let mut problems = Vec::new();
    let mut watch = Watch::start(measure);
    let ast = load::load(sources, &mut problems);
    watch.enter(Stage::Link);
    let model = link::link(ast, &mut problems);
    watch.enter(Stage::Check);
    check::check(&model, &mut problems);
    if problems.iter().any(Problem::is_error) {
        return Ok(Run::Refused);
    }
    let generated = generate_in_stages(&model, &options, &mut |stage| {
        watch.enter(match stage {
            Generating::Lower => Stage::Lower,
            Generating::Emit => Stage::Emit,
            Generating::Format => Stage::Format,
        });
    });
    let Ok(package) = generated else {
        return Ok(Run::Refused);
    };
    watch.enter(Stage::Sync);
    sync::plan(&out, &package.files)?.apply()?;
    let texts = package.files.values();
    Ok(Run::Generated(Generated {
        taken: watch.end(),
        model_bytes: sources.files().iter().map(|it| it.text.len()).sum(),
        lines: texts.map(|text| text.lines().count()).sum(),
        operations: package.summary.operations,
    }))
}
