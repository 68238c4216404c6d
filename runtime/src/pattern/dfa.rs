//! The matcher of every regular pattern: a deterministic finite automaton over classes of
//! characters.

use super::classes::{CharClasses, Lookup};
use super::text::{DEAD, DEAD_U8, MATCHED, MATCHED_U8};

/// A deterministic finite automaton.
///
/// It starts in one row of its table and follows one column a character. It stops early where
/// nothing can match any more, or where everything does.
#[derive(Debug)]
pub struct Dfa {
    classes: CharClasses,
    table: Table,
    /// The offset of the row, at most [`DEAD`]: a class may be added to it.
    start: usize,
    accepting_from: usize,
}

/// The transitions of a [`Dfa`], as [`table_u8`](super::table_u8) and
/// [`table_u16`](super::table_u16) make them.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Table {
    /// At most 254 cells.
    U8(&'static [u8]),
    /// At most 65,534 cells.
    U16(&'static [u16]),
}

impl Dfa {
    /// An automaton whose table has `columns` columns, one for each class of `classes`. It starts in
    /// row `start`; the states from row `accepting_from` on accept a text that ends in them.
    #[must_use]
    pub const fn new(
        classes: CharClasses,
        columns: usize,
        table: Table,
        start: usize,
        accepting_from: usize,
    ) -> Self {
        let start = start.saturating_mul(columns);
        Self {
            classes,
            table,
            start: if start < DEAD as usize {
                start
            } else {
                DEAD as usize
            },
            accepting_from: accepting_from.saturating_mul(columns),
        }
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        match self.table {
            Table::U8(table) => self.run(table, text),
            Table::U16(table) => self.run(table, text),
        }
    }

    #[inline]
    fn run<C: Cell>(&self, table: &[C], text: &str) -> bool {
        let bytes = text.as_bytes();
        let mut lookup = Lookup::new(&self.classes);
        let (mut state, mut at) = (self.start, 0);
        while let Some(&byte) = bytes.get(at) {
            let class = if byte.is_ascii() {
                at += 1;
                self.classes.ascii(byte)
            } else {
                let (class, length) = lookup.at(text, at);
                at += length;
                class
            };
            let cell = table.get(state + usize::from(class)).copied();
            let cell = cell.unwrap_or(C::DEAD);
            if cell >= C::MATCHED {
                return cell == C::MATCHED;
            }
            state = cell.into();
        }
        state >= self.accepting_from
    }
}

/// What a table is made of: the offset of a row, or one of two marks that are greater than any.
trait Cell: Copy + Ord + Into<usize> {
    const DEAD: Self;
    const MATCHED: Self;
}

impl Cell for u8 {
    const DEAD: Self = DEAD_U8;
    const MATCHED: Self = MATCHED_U8;
}

impl Cell for u16 {
    const DEAD: Self = DEAD;
    const MATCHED: Self = MATCHED;
}

#[cfg(test)]
mod tests {
    use super::super::{table_u8, table_u16};
    use super::*;

    /// `^ab*$`, then anything after a `!`.
    const TEXT: &str = "
        . 1 . .
        . . 1 !";

    fn check(dfa: &Dfa) {
        for (text, expected) in [
            ("", false),
            ("a", true),
            ("abbb", true),
            ("abc", false),
            ("ba", false),
            ("ab!", true),
            ("a!\u{10FFFF}anything", true),
            ("aé", false),
        ] {
            assert_eq!(dfa.is_match(text), expected, "{text:?}");
        }
    }

    #[test]
    fn tables_of_either_width_agree() {
        static NARROW: [u8; 8] = table_u8(4, TEXT);
        static BROAD: [u16; 8] = table_u16(4, TEXT);
        for table in [Table::U8(&NARROW), Table::U16(&BROAD)] {
            check(&Dfa::new(CharClasses::new("a\nb\n!"), 4, table, 0, 1));
        }
    }

    #[test]
    fn a_table_that_is_too_short_matches_nothing() {
        let dfa = Dfa::new(CharClasses::new("a-z"), 9, Table::U8(&[0]), 7, usize::MAX);
        assert!(!dfa.is_match("az"));
        assert!(!dfa.is_match(""));
    }
}
