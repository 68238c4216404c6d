//! Tables that are read on a terminal and are Markdown as well.

use std::fmt::Write as _;

/// How the cells of a column are set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Lays out `rows`, of which the first holds the headings. Columns beyond `aligns` are left-aligned.
pub(crate) fn render(rows: &[Vec<String>], aligns: &[Align]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let align = |column: usize| aligns.get(column).copied().unwrap_or(Align::Left);
    let columns: Vec<_> = (0..columns).map(|it| (width(it), align(it))).collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        let cells = row
            .iter()
            .zip(&columns)
            .map(|(cell, column)| pad(cell, column));
        let _ = writeln!(text, "| {} |", cells.collect::<Vec<_>>().join(" | "));
        if number == 0 {
            let rules = columns.iter().map(rule).collect::<Vec<_>>();
            let _ = writeln!(text, "| {} |", rules.join(" | "));
        }
    }
    text
}

/// [`render`] with `heads` before the `rows`.
pub(crate) fn with_heads<const COLUMNS: usize>(
    heads: [&str; COLUMNS],
    rows: impl IntoIterator<Item = Vec<String>>,
    aligns: &[Align],
) -> String {
    let heads = heads.map(str::to_owned).to_vec();
    let rows: Vec<_> = std::iter::once(heads).chain(rows).collect();
    render(&rows, aligns)
}

fn pad(cell: &str, (width, align): &(usize, Align)) -> String {
    match align {
        Align::Left => format!("{cell:<width$}"),
        Align::Right => format!("{cell:>width$}"),
    }
}

fn rule((width, align): &(usize, Align)) -> String {
    match align {
        Align::Left => "-".repeat(*width),
        Align::Right => format!("{}:", "-".repeat(width.saturating_sub(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::{Align, render};

    /// Numbers stand under each other, and Markdown is told so.
    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["what", "µs"], ["a call", "5"]].map(|row| row.map(str::to_owned).to_vec());
        let text = render(&rows, &[Align::Left, Align::Right]);
        assert_eq!(text, "| what   | µs |\n| ------ | -: |\n| a call |  5 |\n");
    }
}
