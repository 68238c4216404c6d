//! Sorting characters into numbered classes.

use super::text;

/// A partition of all characters into numbered classes; class 0 holds what no other does.
///
/// ASCII is a table, everything beyond it a sorted list of ranges.
#[derive(Debug)]
pub struct CharClasses {
    ascii: [u8; 128],
    wide: &'static [WideRange],
    pages: Option<&'static Pages>,
}

/// For each page of 256 code points up to U+FFFF, and for what follows, the first range of a list that
/// does not end before it.
pub type Pages = [u16; 257];

/// A run of characters beyond ASCII that are of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WideRange {
    /// The first code point.
    pub first: u32,
    /// The last code point, inclusive.
    pub last: u32,
    /// The class, never 0.
    pub class: u8,
}

impl WideRange {
    pub(super) const NONE: Self = Self {
        first: 1,
        last: 0,
        class: 0,
    };
}

impl CharClasses {
    /// The classes of ASCII characters that `text` lists, one a line that is not blank, the first
    /// being class 1; every other character is of class 0.
    ///
    /// A line holds characters and ranges of characters, separated by spaces: `A-Z a-z _ U+20`.
    /// What is not visible is written by its code point. Meant for `static` items, where it costs
    /// nothing at run time.
    #[must_use]
    pub const fn new(text: &str) -> Self {
        Self {
            ascii: text::ascii_classes(text),
            wide: &[],
            pages: None,
        }
    }

    /// With the classes of characters beyond ASCII: sorted and disjoint, as
    /// [`wide_ranges`](super::wide_ranges) reads them.
    #[must_use]
    pub const fn with_wide(mut self, wide: &'static [WideRange]) -> Self {
        self.wide = wide;
        self
    }

    /// With an index of the ranges given to [`with_wide`](Self::with_wide), as
    /// [`pages`](super::pages) makes it: for lists so long that a search takes many steps.
    #[must_use]
    pub const fn with_pages(mut self, pages: &'static Pages) -> Self {
        self.pages = Some(pages);
        self
    }

    /// The class of an ASCII byte; 0 for any other byte.
    #[inline]
    pub(super) fn ascii(&self, byte: u8) -> u8 {
        self.ascii.get(usize::from(byte)).copied().unwrap_or(0)
    }

    /// Whether all characters beyond ASCII are of class 0.
    pub(super) fn is_ascii_only(&self) -> bool {
        self.wide.is_empty()
    }

    /// The ranges among which the one of `code` is found, if it is in any: their first, and all up to
    /// and with the one that may begin in the same page and end in a later one.
    fn candidates(&self, code: u32) -> (usize, &'static [WideRange]) {
        let Some(pages) = self.pages else {
            return (0, self.wide);
        };
        let page = usize::try_from(code >> 8).unwrap_or(usize::MAX);
        let first = usize::from(*pages.get(page).unwrap_or(&pages[256]));
        let end = pages.get(page.saturating_add(1));
        let end = end.map_or(self.wide.len(), |&end| usize::from(end).saturating_add(1));
        let end = end.min(self.wide.len());
        (first, self.wide.get(first..end).unwrap_or_default())
    }

    /// The class of a character beyond ASCII, and the range around it that shares the class.
    fn wide(&self, character: char) -> WideRange {
        let code = u32::from(character);
        let (first, candidates) = self.candidates(code);
        let next = first + candidates.partition_point(|range| range.last < code);
        let found = self.wide.get(next);
        if let Some(range) = found.filter(|range| range.first <= code) {
            return *range;
        }
        let before = next.checked_sub(1).and_then(|i| self.wide.get(i));
        WideRange {
            first: before.map_or(0x80, |range| range.last.saturating_add(1)),
            last: found.map_or(0x0010_FFFF, |range| range.first.saturating_sub(1)),
            class: 0,
        }
    }
}

/// Looks up the classes of successive characters. Neighbours in a text mostly come from one script,
/// so the last range answers most questions beyond ASCII.
pub(super) struct Lookup<'a> {
    classes: &'a CharClasses,
    last: WideRange,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(classes: &'a CharClasses) -> Self {
        Self {
            classes,
            last: WideRange::NONE,
        }
    }

    /// The class of the character of `text` at `at`, which is not ASCII, and its length in bytes.
    #[inline]
    pub(super) fn at(&mut self, text: &str, at: usize) -> (u8, usize) {
        let character = text.get(at..).and_then(|rest| rest.chars().next());
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        (self.wide(character), character.len_utf8())
    }

    /// The class of any character.
    #[inline]
    pub(super) fn class(&mut self, character: char) -> u8 {
        match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() => self.classes.ascii(byte),
            _ => self.wide(character),
        }
    }

    #[inline]
    fn wide(&mut self, character: char) -> u8 {
        let code = u32::from(character);
        if code < self.last.first || code > self.last.last {
            self.last = self.classes.wide(character);
        }
        self.last.class
    }
}

#[cfg(test)]
mod tests {
    use super::super::{pages, wide_ranges};
    use super::*;

    #[test]
    fn ascii_classes_are_numbered_by_line() {
        let classes = CharClasses::new("0-9\nA-F a-f _");
        assert_eq!(classes.ascii(b'7'), 1);
        assert_eq!(classes.ascii(b'f'), 2);
        assert_eq!(classes.ascii(b'_'), 2);
        assert_eq!(classes.ascii(b'-'), 0);
        assert_eq!(classes.ascii(0xFF), 0);
    }

    #[test]
    fn a_gap_between_ranges_is_class_zero_and_reaches_to_its_neighbours() {
        static WIDE: [WideRange; 2] = wide_ranges("c0-d6 2: 3b1");
        let classes = CharClasses::new("").with_wide(&WIDE);
        assert_eq!(classes.wide('Ö').class, 1);
        assert_eq!(classes.wide('α').class, 2);
        let gap = classes.wide('×');
        assert_eq!((gap.first, gap.last, gap.class), (0xD7, 0x3B0, 0));
        let end = classes.wide('\u{10FFFF}');
        assert_eq!((end.first, end.last, end.class), (0x3B2, 0x10_FFFF, 0));
    }

    /// Protects the index: with it and without, every character is of the same class.
    #[test]
    fn pages_change_no_class() {
        static WIDE: [WideRange; 6] =
            wide_ranges("80-ff 101-2ff 2: 305 1: fffe-10000 10400 2: 1ff00-10ffff");
        static PAGES: Pages = pages(&WIDE);
        let plain = CharClasses::new("").with_wide(&WIDE);
        let indexed = CharClasses::new("").with_wide(&WIDE).with_pages(&PAGES);
        for character in '\u{80}'..='\u{20000}' {
            assert_eq!(
                plain.wide(character),
                indexed.wide(character),
                "{character:?}"
            );
        }
        assert_eq!(indexed.wide(char::MAX).class, 2);
    }

    #[test]
    fn a_lookup_forgets_a_range_that_it_left() {
        static WIDE: [WideRange; 2] = wide_ranges("c0-d6 2: 3b1");
        let classes = CharClasses::new("a").with_wide(&WIDE);
        let mut lookup = Lookup::new(&classes);
        let found: Vec<u8> = "ÀÖ×αaÀ".chars().map(|c| lookup.class(c)).collect();
        assert_eq!(found, [1, 1, 0, 2, 1, 1]);
    }
}
