//! The runtime's matcher for a compiled pattern, made while a test runs.
//!
//! Generated code declares matchers as `static` items; here their tables are leaked instead.

use tinsmith_codegen::pattern::{Automaton, CharSet, Compiled, Matcher, Target};
use tinsmith_runtime::pattern::{CharClasses, Dfa, Pattern, Repeat, Table, WideRange, pages};

/// The matcher. Its tables stay in memory until the process ends.
#[must_use]
pub fn matcher(compiled: &Compiled) -> Pattern {
    let source = leak(compiled.source());
    match compiled.matcher() {
        Matcher::Repeat { set, min, max } => Pattern::repeat(
            source,
            Repeat::new(classes(std::slice::from_ref(set)), *min, *max),
        ),
        Matcher::Dfa(automaton) => Pattern::dfa(source, dfa(automaton)),
        Matcher::Engine { expression, .. } => Pattern::engine(source, leak(expression)),
        _ => Pattern::always(source),
    }
}

fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// The classes of `sets`, the first being class 1.
fn classes(sets: &[CharSet]) -> CharClasses {
    let line = |set: &CharSet| {
        let ranges = set.ascii_ranges();
        let tokens = ranges
            .iter()
            .map(|(first, last)| format!("U+{first:X}-U+{last:X}"));
        tokens.collect::<Vec<_>>().join(" ")
    };
    let ascii: Vec<String> = sets.iter().map(line).collect();
    let mut wide: Vec<WideRange> = (1..)
        .zip(sets)
        .flat_map(|(class, set)| {
            let ranges = set.wide_ranges().into_iter();
            ranges.map(move |(first, last)| WideRange { first, last, class })
        })
        .collect();
    wide.sort_unstable_by_key(|range| range.first);
    let wide = wide.leak();
    let classes = CharClasses::new(&ascii.join("\n")).with_wide(wide);
    if wide.len() > 64 {
        classes.with_pages(Box::leak(Box::new(pages(wide))))
    } else {
        classes
    }
}

fn dfa(automaton: &Automaton) -> Dfa {
    let columns = automaton.classes.len();
    let marks = |dead: u16, matched: u16| {
        let offset = move |target: &Target| match target {
            Target::Dead => dead,
            Target::Matched => matched,
            Target::State(row) => u16::try_from(row * columns).unwrap_or(dead),
        };
        automaton
            .rows
            .iter()
            .flatten()
            .map(offset)
            .collect::<Vec<u16>>()
    };
    let table = if automaton.rows.len() * columns <= 254 {
        let cells = marks(u16::from(u8::MAX), u16::from(u8::MAX) - 1);
        let narrow = |cell: u16| u8::try_from(cell).unwrap_or(u8::MAX);
        Table::U8(cells.into_iter().map(narrow).collect::<Vec<_>>().leak())
    } else {
        Table::U16(marks(u16::MAX, u16::MAX - 1).leak())
    };
    let start = match automaton.start {
        Target::State(start) => start,
        Target::Dead | Target::Matched => 0,
    };
    let classes = classes(automaton.classes.get(1..).unwrap_or_default());
    Dfa::new(classes, columns, table, start, automaton.accepting_from)
}
