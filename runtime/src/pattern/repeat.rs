//! The matcher of one set of characters and a count.

use super::classes::{CharClasses, Lookup};

/// Holds when every character of a text is of a set and their number is within bounds.
#[derive(Debug)]
pub struct Repeat {
    set: CharClasses,
    min: usize,
    max: usize,
}

impl Repeat {
    /// A text of `min` to `max` characters, counted in Unicode scalar values, each of which is of a
    /// class of `set` other than 0. Without `max` there is no upper bound.
    #[must_use]
    pub const fn new(set: CharClasses, min: u32, max: Option<u32>) -> Self {
        let max = match max {
            Some(max) => max as usize,
            None => usize::MAX,
        };
        Self {
            set,
            min: min as usize,
            max,
        }
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        if text.len() < self.min || text.len() / 4 > self.max {
            return false;
        }
        let bytes = text.as_bytes();
        let ascii = self.ascii_prefix(bytes);
        if ascii == bytes.len() {
            return self.is_count(ascii);
        }
        if self.set.is_ascii_only() || bytes.get(ascii).is_some_and(u8::is_ascii) {
            return false;
        }
        let mut lookup = Lookup::new(&self.set);
        let mut count = ascii;
        for character in text.get(ascii..).unwrap_or_default().chars() {
            if lookup.class(character) == 0 {
                return false;
            }
            count += 1;
        }
        self.is_count(count)
    }

    /// How many leading bytes are ASCII characters of the set.
    #[inline]
    fn ascii_prefix(&self, bytes: &[u8]) -> usize {
        bytes
            .iter()
            .position(|&byte| self.set.ascii(byte) == 0)
            .unwrap_or(bytes.len())
    }

    fn is_count(&self, count: usize) -> bool {
        self.min <= count && count <= self.max
    }
}

#[cfg(test)]
mod tests {
    use super::super::{WideRange, wide_ranges};
    use super::*;

    #[test]
    fn counts_are_inclusive_and_of_scalar_values() {
        static WIDE: [WideRange; 1] = wide_ranges("80-10ffff");
        let three = Repeat::new(CharClasses::new("a-z").with_wide(&WIDE), 2, Some(3));
        for (text, expected) in [
            ("a", false),
            ("ab", true),
            ("abc", true),
            ("abcd", false),
            ("\u{1F600}\u{1F600}\u{1F600}", true),
            ("é", false),
            ("ab\u{301}", true),
            ("é1", false),
        ] {
            assert_eq!(three.is_match(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_set_of_ascii_refuses_all_else() {
        let digits = Repeat::new(CharClasses::new("0-9"), 0, None);
        assert!(digits.is_match(""));
        assert!(digits.is_match("0123456789"));
        assert!(!digits.is_match("12é"));
        assert!(!digits.is_match("12\n"));
        assert!(!digits.is_match("١"));
    }
}
