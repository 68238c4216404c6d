//! Targets: a figure, what it is to be, and whether it is.

use serde::{Deserialize, Serialize};

use crate::table::{self, Align};

/// A figure that must not be above a limit.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct Target {
    pub(super) what: String,
    pub(super) figure: f64,
    pub(super) limit: f64,
    pub(super) met: bool,
}

impl Target {
    /// The target that `figure`, which is `what`, is at most `limit`.
    pub(super) fn at_most(what: impl Into<String>, figure: f64, limit: f64) -> Self {
        Self {
            what: what.into(),
            figure,
            limit,
            met: figure <= limit,
        }
    }

    fn row(&self) -> Vec<String> {
        vec![
            self.what.clone(),
            number(self.figure),
            format!("≤ {}", number(self.limit)),
            if self.met { "met" } else { "not met" }.to_owned(),
        ]
    }
}

/// The cell of a figure, with its target beside it where it has one.
pub(super) fn beside(figure: String, target: Option<&Target>) -> String {
    match target {
        None => figure,
        Some(Target { limit, met, .. }) => {
            let missed = if *met { "" } else { ", missed" };
            format!("{figure} (≤ {}{missed})", number(*limit))
        }
    }
}

/// The targets as a table.
pub(super) fn table(targets: &[Target]) -> String {
    let rows = targets.iter().map(Target::row);
    let aligns = [Align::Left, Align::Right, Align::Right];
    table::with_heads(["target", "figure", "limit", ""], rows, &aligns)
}

/// A number with three digits that matter, or all of those before the point.
pub(super) fn number(value: f64) -> String {
    if value.fract() == 0.0 || value >= 100.0 {
        format!("{value:.0}")
    } else if value >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Target, beside};

    /// A target that is missed must not read as one that is met.
    #[test]
    fn a_figure_above_its_limit_misses() {
        let target = |figure| Target::at_most("crates", figure, 60.0);
        assert_eq!(target(60.0).row(), ["crates", "60", "≤ 60", "met"]);
        assert_eq!(target(61.0).row(), ["crates", "61", "≤ 60", "not met"]);
        assert!(!target(f64::NAN).met);
        assert_eq!(beside("60".into(), Some(&target(60.0))), "60 (≤ 60)");
        let missed = beside("61".into(), Some(&target(61.0)));
        assert_eq!(missed, "61 (≤ 60, missed)");
    }
}
