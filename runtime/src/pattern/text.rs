//! Reads the text forms of tables when a `static` is evaluated, so that generated code shows
//! characters and state numbers instead of bytes.
//!
//! A text that is not of the form described yields unspecified classes and states, never a panic:
//! the matchers take whatever does not fit for "no match".

use super::{Pages, WideRange};

/// Marks a cell of a table from which no match can follow: `.` in the text.
pub(super) const DEAD: u16 = u16::MAX;
/// Marks a cell of a table from which every text matches: `!` in the text.
pub(super) const MATCHED: u16 = u16::MAX - 1;
/// [`DEAD`] in a table of bytes.
pub(super) const DEAD_U8: u8 = u8::MAX;
/// [`MATCHED`] in a table of bytes.
pub(super) const MATCHED_U8: u8 = u8::MAX - 1;

/// The classes of ASCII characters, as [`CharClasses::new`](super::CharClasses::new) describes them.
pub(super) const fn ascii_classes(text: &str) -> [u8; 128] {
    let text = text.as_bytes();
    let mut classes = [0; 128];
    let (mut class, mut line_is_empty, mut at) = (1, true, 0);
    while at < text.len() {
        if text[at].is_ascii_whitespace() {
            if text[at] == b'\n' && !line_is_empty {
                class += 1;
                line_is_empty = true;
            }
            at += 1;
            continue;
        }
        line_is_empty = false;
        let (first, end) = ascii_character(text, at);
        at = end;
        let mut last = first;
        if at < text.len() && text[at] == b'-' {
            (last, at) = ascii_character(text, at + 1);
        }
        let mut code = first as usize;
        while code <= last as usize && code < classes.len() {
            classes[code] = class;
            code += 1;
        }
    }
    classes
}

/// One visible character, or `U+` and a code point, at `at`; and where it ends.
const fn ascii_character(text: &[u8], at: usize) -> (u8, usize) {
    if at + 2 < text.len() && text[at] == b'U' && text[at + 1] == b'+' {
        let (code, end) = number(text, at + 2, 16);
        return (if code < 128 { code as u8 } else { 127 }, end);
    }
    if at < text.len() {
        (text[at], at + 1)
    } else {
        (0, at)
    }
}

/// The ranges of characters beyond ASCII that `text` lists in ascending order, in hexadecimal:
/// `c0-d6 f7 3b1-3c9`. They are of class 1; after `N:` they are of class N.
///
/// `COUNT` is the number of ranges.
#[must_use]
pub const fn wide_ranges<const COUNT: usize>(text: &str) -> [WideRange; COUNT] {
    let text = text.as_bytes();
    let mut ranges = [WideRange::NONE; COUNT];
    let (mut count, mut class, mut at) = (0, 1, 0);
    while at < text.len() && count < COUNT {
        if text[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let (first, mut end) = number(text, at, 16);
        if end < text.len() && text[end] == b':' {
            class = number(text, at, 10).0 as u8;
            at = end + 1;
            continue;
        }
        let mut last = first;
        if end < text.len() && text[end] == b'-' {
            (last, end) = number(text, end + 1, 16);
        }
        ranges[count] = WideRange { first, last, class };
        count += 1;
        at = if end > at { end } else { at + 1 };
    }
    ranges
}

/// An index of ascending `ranges`; see [`Pages`].
#[must_use]
pub const fn pages(ranges: &[WideRange]) -> Pages {
    let mut pages = [0; 257];
    let (mut page, mut range) = (0, 0);
    while page < pages.len() {
        while range < ranges.len() && (ranges[range].last >> 8) < page as u32 {
            range += 1;
        }
        pages[page] = if range < u16::MAX as usize {
            range as u16
        } else {
            u16::MAX
        };
        page += 1;
    }
    pages
}

/// The transitions of an automaton of at most 65,534 cells: one row a state, one column a class.
///
/// A cell is the number of the next state's row, `.` where no match can follow, or `!` where every
/// text matches. `+N` stands for N rows, each of which differs from the one before as that does from
/// the one before it: counting states, of which there may be a thousand, take one line.
///
/// `CELLS` is the number of cells, `columns` that of classes.
#[must_use]
pub const fn table_u16<const CELLS: usize>(columns: usize, text: &str) -> [u16; CELLS] {
    let text = text.as_bytes();
    let mut table = [DEAD; CELLS];
    let (mut cell, mut at) = (0, 0);
    while cell < CELLS && at < text.len() {
        if text[at].is_ascii_whitespace() {
            at += 1;
        } else if text[at] == b'+' {
            let (rows, end) = number(text, at + 1, 10);
            let last = cell.saturating_add(columns.saturating_mul(rows as usize));
            while cell < CELLS && cell < last {
                table[cell] = continued(&table, cell, columns);
                cell += 1;
            }
            at = end;
        } else {
            (table[cell], at) = next_cell(text, at, columns);
            cell += 1;
        }
    }
    table
}

/// As [`table_u16`], for at most 254 cells.
#[must_use]
pub const fn table_u8<const CELLS: usize>(columns: usize, text: &str) -> [u8; CELLS] {
    let wide: [u16; CELLS] = table_u16(columns, text);
    let mut table = [DEAD_U8; CELLS];
    let mut cell = 0;
    while cell < CELLS {
        table[cell] = match wide[cell] {
            MATCHED => MATCHED_U8,
            offset if offset < MATCHED_U8 as u16 => offset as u8,
            _ => DEAD_U8,
        };
        cell += 1;
    }
    table
}

/// What the two cells above `cell` lead to.
const fn continued(table: &[u16], cell: usize, columns: usize) -> u16 {
    if columns > cell / 2 {
        return DEAD;
    }
    let (above, before) = (table[cell - columns], table[cell - 2 * columns]);
    if above >= MATCHED || before >= MATCHED {
        return above;
    }
    above.saturating_add(above.saturating_sub(before))
}

/// The cell at `at`, as the offset of its row, and where its text ends.
const fn next_cell(text: &[u8], at: usize, columns: usize) -> (u16, usize) {
    if text[at] == b'.' {
        return (DEAD, at + 1);
    }
    if text[at] == b'!' {
        return (MATCHED, at + 1);
    }
    let (row, end) = number(text, at, 10);
    let offset = (row as usize).saturating_mul(columns);
    let offset = if offset < MATCHED as usize {
        offset as u16
    } else {
        DEAD
    };
    (offset, if end > at { end } else { at + 1 })
}

/// The number at `at` in base `radix`, and where it ends.
const fn number(text: &[u8], mut at: usize, radix: u32) -> (u32, usize) {
    let mut value: u32 = 0;
    while at < text.len() {
        let Some(digit) = (text[at] as char).to_digit(radix) else {
            break;
        };
        value = value.saturating_mul(radix).saturating_add(digit);
        at += 1;
    }
    (value, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_text_takes_characters_ranges_and_code_points() {
        let classes = ascii_classes("\n  a-c - U\n\n+-- U+20 U+0-U+1F\n");
        let of = |c: char| classes[c as usize];
        assert_eq!((of('a'), of('c'), of('d')), (1, 1, 0));
        assert_eq!(of('U'), 1);
        assert_eq!((of('+'), of(','), of('-')), (2, 2, 2));
        assert_eq!((of(' '), of('\0'), of('\u{1F}'), of('!')), (2, 2, 2, 0));
    }

    #[test]
    fn wide_text_switches_classes() {
        let ranges: [WideRange; 3] = wide_ranges("c0-d6\n2: f7 1: 3b1-3c9");
        let flat: Vec<_> = ranges.iter().map(|r| (r.first, r.last, r.class)).collect();
        assert_eq!(flat, [(0xC0, 0xD6, 1), (0xF7, 0xF7, 2), (0x3B1, 0x3C9, 1)]);
    }

    #[test]
    fn table_text_numbers_rows() {
        let text = "0 1 .\n2 ! 0";
        assert_eq!(table_u8::<6>(3, text), [0, 3, DEAD_U8, 6, MATCHED_U8, 0]);
        assert_eq!(table_u16::<6>(3, text), [0, 3, DEAD, 6, MATCHED, 0]);
    }

    #[test]
    fn a_plus_continues_the_rows_above() {
        let text = "1 . 0 ! 2 . 0 ! +2 . . 1 .";
        let expected = table_u16::<20>(4, "1 . 0 ! 2 . 0 ! 3 . 0 ! 4 . 0 ! . . 1 .");
        assert_eq!(table_u16::<20>(4, text), expected);
        assert_eq!(table_u8::<8>(4, "+9 1 2")[..4], [DEAD_U8; 4]);
    }

    #[test]
    fn texts_of_any_form_end_without_a_panic() {
        for text in [
            "",
            "-",
            "U+",
            "a-",
            "é-ü",
            "99999999999",
            ": : :",
            "x y z",
            "1:2:3",
            "--",
        ] {
            let _ = ascii_classes(text);
            let _: [WideRange; 4] = wide_ranges(text);
            let _: [u8; 9] = table_u8(3, text);
            let _: [u16; 4] = table_u16(usize::MAX, text);
            let _: [u16; 4] = table_u16(0, text);
        }
    }
}
