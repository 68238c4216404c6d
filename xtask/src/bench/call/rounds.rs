//! Turns: every contestant in every round, so that what disturbs the machine disturbs all of them.

use std::path::PathBuf;

use anyhow::Result;
use indicatif::ProgressBar;
use serde::{Deserialize, Serialize};

use super::program::{Program, Round};
use crate::bench::server::Server;

/// A way of calling.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::bench) enum Mode {
    /// One after the other.
    Sequential,
    /// By 64 tasks at once.
    Concurrent,
}

impl Mode {
    /// In the order of their declaration.
    pub(super) const ALL: [Self; 2] = [Self::Sequential, Self::Concurrent];

    /// Tasks, and the calls they make together in a turn.
    fn size(self) -> (u32, u32) {
        match self {
            Self::Sequential => (1, 1000),
            Self::Concurrent => (64, 3200),
        }
    }

    /// The word for people.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Sequential => "one at a time",
            Self::Concurrent => "64 at once",
        }
    }
}

/// What one contestant's turns were in one mode, in the order of the rounds.
pub(super) type Turns = Vec<Round>;

/// Has every program take its turns, after one that does not count. The result is in the order of the
/// programs: for each, in the order of the modes, or why it gave up, which it does without the others.
pub(super) fn take(
    programs: &[&PathBuf],
    server: &Server,
    rounds: u32,
    bar: &ProgressBar,
) -> Vec<Result<[Turns; 2]>> {
    let start = |path: &&PathBuf| {
        let program = Program::start(path, &server.url)?;
        Ok((program, [Turns::new(), Turns::new()]))
    };
    let mut players: Vec<Result<_>> = programs.iter().map(start).collect();
    for round in 0..=rounds {
        for player in &mut players {
            if let Ok((program, turns)) = player
                && let Err(error) = turn(program, turns, round > 0)
            {
                *player = Err(error);
            }
            bar.inc(1);
        }
    }
    let turns = players.into_iter();
    turns.map(|player| player.map(|(_, turns)| turns)).collect()
}

/// One turn in every mode.
fn turn(program: &mut Program, turns: &mut [Turns; 2], counts: bool) -> Result<()> {
    for (mode, turns) in Mode::ALL.iter().zip(turns) {
        let (tasks, calls) = mode.size();
        let turn = program.round(tasks, calls)?;
        if counts {
            turns.push(turn);
        }
    }
    Ok(())
}

/// The middle value; zero of none.
pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2).copied().unwrap_or_default();
    if values.len().is_multiple_of(2) {
        let lower = values
            .len()
            .checked_sub(2)
            .and_then(|it| values.get(it / 2));
        lower.map_or(upper, |lower| f64::midpoint(*lower, upper))
    } else {
        upper
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    /// One disturbed round must not move the figure.
    #[test]
    fn the_median_ignores_outliers() {
        assert_eq!(median([5.0, 900.0, 4.0].into_iter()), 5.0);
        assert_eq!(median([4.0, 900.0, 6.0, 5.0].into_iter()), 5.5);
        assert_eq!(median(std::iter::empty()), 0.0);
    }
}
