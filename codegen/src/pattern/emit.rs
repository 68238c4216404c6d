//! Writes matchers as constant expressions.
//!
//! Tables are written as text that the runtime reads when the constant is evaluated, so that one can
//! read in generated code which characters a pattern takes and where its states lead.

use std::fmt::Write;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Matcher;
use super::automaton::{Automaton, Target};
use super::charset::CharSet;

/// The width at which lists of ranges are broken.
const LINE: usize = 88;
/// The indentation of lines within a text.
const INDENT: &str = "        ";
/// A table of bytes has room for this many cells; two values are marks.
const MAX_BYTE_CELLS: usize = 254;
/// A list of at most this many ranges needs no index.
const MAX_UNINDEXED: usize = 64;
/// The size of a range of characters in a client.
const RANGE_BYTES: usize = 12;

/// The expression for a pattern.
pub(super) fn emit(source: &str, matcher: &Matcher) -> TokenStream {
    let source = text_literal(source);
    match matcher {
        Matcher::Always => quote!(pattern::Pattern::always(#source)),
        Matcher::Repeat { set, min, max } => {
            let (wide, set) = classes(std::slice::from_ref(set));
            let min = Literal::u32_unsuffixed(*min);
            let max = match max.map(Literal::u32_unsuffixed) {
                Some(max) => quote!(Some(#max)),
                None => quote!(None),
            };
            let repeat = with_items(&wide, &quote!(pattern::Repeat::new(#set, #min, #max)));
            quote!(pattern::Pattern::repeat(#source, #repeat))
        }
        Matcher::Dfa(automaton) => {
            let dfa = dfa(automaton);
            quote!(pattern::Pattern::dfa(#source, #dfa))
        }
        Matcher::Engine { expression, .. } => {
            let expression = text_literal(expression);
            quote!(pattern::Pattern::engine(#source, #expression))
        }
    }
}

/// The bytes that the tables of `automaton` take in a client.
pub(super) fn table_bytes(automaton: &Automaton) -> usize {
    let cells = automaton.rows.len().saturating_mul(automaton.classes.len());
    let cell = if cells <= MAX_BYTE_CELLS { 1 } else { 2 };
    let listed = automaton.classes.iter().skip(1);
    let ranges: usize = listed.map(|set| set.wide_ranges().len()).sum();
    cells
        .saturating_mul(cell)
        .saturating_add(ranges * RANGE_BYTES)
}

fn dfa(automaton: &Automaton) -> TokenStream {
    let columns = automaton.classes.len();
    let cells = automaton.rows.len() * columns;
    let (wide, listed) = classes(automaton.classes.get(1..).unwrap_or_default());
    let start = match automaton.start {
        Target::State(start) => start,
        Target::Dead | Target::Matched => 0,
    };
    let [columns, start, accepting, size] =
        [columns, start, automaton.accepting_from, cells].map(Literal::usize_unsuffixed);
    let rows = multiline(&rows(automaton));
    let (table, kind) = if cells <= MAX_BYTE_CELLS {
        (
            quote!(static TABLE: [u8; #size] = pattern::table_u8(#columns, #rows);),
            quote!(U8),
        )
    } else {
        (
            quote!(static TABLE: [u16; #size] = pattern::table_u16(#columns, #rows);),
            quote!(U16),
        )
    };
    with_items(
        &quote!(#wide #table),
        &quote!(pattern::Dfa::new(#listed, #columns, pattern::Table::#kind(&TABLE), #start, #accepting)),
    )
}

/// `expression` after the items it names, if there are any.
fn with_items(items: &TokenStream, expression: &TokenStream) -> TokenStream {
    if items.is_empty() {
        return expression.clone();
    }
    quote!({ #items #expression })
}

/// One line a state: the states it leads to, `.` for none, `!` where everything matches. Rows that
/// go on as the two before them do are one line, `+` and their number.
fn rows(automaton: &Automaton) -> Vec<String> {
    let rows = &automaton.rows;
    let width = rows.len().saturating_sub(1).to_string().len();
    let cell = |target: &Target| match target {
        Target::Dead => format!("{:>width$}", "."),
        Target::Matched => format!("{:>width$}", "!"),
        Target::State(state) => format!("{state:>width$}"),
    };
    let line = |row: &[Target]| row.iter().map(cell).collect::<Vec<_>>().join(" ");
    let mut lines = Vec::new();
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        let following = rows.windows(3).skip(at.saturating_sub(2));
        let goes_on = match at {
            0 | 1 => 0,
            _ => following.take_while(|rows| is_progression(rows)).count(),
        };
        if goes_on > 2 {
            lines.push(format!("+{goes_on}"));
            at += goes_on;
        } else {
            lines.push(line(row));
            at += 1;
        }
    }
    lines
}

/// Whether the third row differs from the second as that does from the first: by growing numbers.
fn is_progression(rows: &[Vec<Target>]) -> bool {
    let [first, second, third] = rows else {
        return false;
    };
    let goes_on = |((first, second), third): ((&Target, &Target), &Target)| match (first, second) {
        (Target::State(first), Target::State(second)) => {
            second >= first && *third == Target::State(second + (second - first))
        }
        (Target::State(_), _) | (_, Target::State(_)) => false,
        _ => first == second && second == third,
    };
    first.iter().zip(second).zip(third).all(goes_on)
}

/// Character classes, `sets` being numbered from 1: the item that they need, and the expression.
fn classes(sets: &[CharSet]) -> (TokenStream, TokenStream) {
    let ascii: Vec<String> = sets
        .iter()
        .map(ascii_line)
        .filter(|line| !line.is_empty())
        .collect();
    let ascii = multiline(&ascii);
    let (count, wide) = wide_lines(sets);
    if count == 0 {
        return (
            TokenStream::new(),
            quote!(pattern::CharClasses::new(#ascii)),
        );
    }
    let is_long = count > MAX_UNINDEXED;
    let (count, wide) = (Literal::usize_unsuffixed(count), multiline(&wide));
    let ranges = quote!(const WIDE: [pattern::WideRange; #count] = pattern::wide_ranges(#wide););
    let classes = quote!(pattern::CharClasses::new(#ascii).with_wide(&WIDE));
    if is_long {
        let index = quote!(
            const PAGES: pattern::Pages = pattern::pages(&WIDE);
        );
        return (quote!(#ranges #index), quote!(#classes.with_pages(&PAGES)));
    }
    (ranges, classes)
}

/// The ASCII characters of a set: `A-Z a-z U+20`.
fn ascii_line(set: &CharSet) -> String {
    let character = |byte: u8| {
        if byte.is_ascii_graphic() {
            char::from(byte).to_string()
        } else {
            format!("U+{byte:02X}")
        }
    };
    let range = |(first, last): (u8, u8)| match last - first {
        0 => character(first),
        1 => format!("{} {}", character(first), character(last)),
        _ => format!("{}-{}", character(first), character(last)),
    };
    let ranges: Vec<String> = set.ascii_ranges().into_iter().map(range).collect();
    ranges.join(" ")
}

/// The number of ranges beyond ASCII, and the lines that list them in ascending order, each change
/// of class announced by its number.
fn wide_lines(sets: &[CharSet]) -> (usize, Vec<String>) {
    let mut ranges: Vec<(u32, u32, usize)> = (1..)
        .zip(sets)
        .flat_map(|(class, set)| {
            let ranges = set.wide_ranges().into_iter();
            ranges.map(move |(first, last)| (first, last, class))
        })
        .collect();
    ranges.sort_unstable();
    let mut lines = vec![String::new()];
    let mut current = 1;
    for &(first, last, class) in &ranges {
        let mut token = String::new();
        if class != current {
            current = class;
            let _ = write!(token, "{class}: ");
        }
        let _ = write!(token, "{first:x}");
        if last > first {
            let _ = write!(token, "-{last:x}");
        }
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(&token),
            Some(line) if line.len() + token.len() < LINE => {
                line.push(' ');
                line.push_str(&token);
            }
            _ => lines.push(token),
        }
    }
    (ranges.len(), lines)
}

/// A literal of one line, or of one for each of `lines`.
fn multiline(lines: &[String]) -> Literal {
    match lines {
        [] => text_literal(""),
        [line] => text_literal(line),
        lines => {
            let text: String = lines
                .iter()
                .map(|line| format!("\n{INDENT}{line}"))
                .collect();
            raw_literal(&text)
        }
    }
}

/// A literal for `text`: raw where that spares escapes.
fn text_literal(text: &str) -> Literal {
    let is_plain = text.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    if is_plain && text.contains(['\\', '"']) {
        raw_literal(text)
    } else {
        Literal::string(text)
    }
}

fn raw_literal(text: &str) -> Literal {
    let quoted = |hashes: &str| format!("r{hashes}\"{text}\"{hashes}");
    let hashes = (0..)
        .map(|count| "#".repeat(count))
        .find(|hashes| !text.contains(&format!("\"{hashes}")))
        .unwrap_or_default();
    let spelled = if text.contains(['\\', '"']) {
        quoted(&hashes)
    } else {
        format!("\"{text}\"")
    };
    spelled.parse().unwrap_or_else(|_| Literal::string(text))
}

#[cfg(test)]
mod tests {
    use super::super::{Matcher, compile};
    use super::rows;

    #[test]
    fn counting_states_take_one_line() {
        let compiled = compile("^[a-z]{1,63}:[0-9]{0,1023}$").unwrap();
        let Matcher::Dfa(automaton) = compiled.matcher() else {
            panic!("an automaton");
        };
        assert!(automaton.rows.len() > 1000);
        assert!(rows(automaton).len() < 16, "{:#?}", rows(automaton));
    }
}
