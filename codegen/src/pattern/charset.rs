//! Sets of characters.

/// A set of Unicode scalar values, as sorted, disjoint ranges that do not touch.
///
/// Surrogate code points are never members: no Rust string holds one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CharSet {
    ranges: Vec<(u32, u32)>,
}

const LAST: u32 = 0x0010_FFFF;
const SURROGATES: (u32, u32) = (0xD800, 0xDFFF);

impl CharSet {
    /// The set of all characters.
    #[must_use]
    pub fn any() -> Self {
        Self::from_ranges([(0, LAST)])
    }

    /// The set of one character, or the empty set for a surrogate.
    #[must_use]
    pub fn of(code: u32) -> Self {
        Self::from_ranges([(code, code)])
    }

    /// The set of all code points in the inclusive `ranges`, in any order.
    #[must_use]
    pub fn from_ranges(ranges: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut sorted: Vec<_> = ranges
            .into_iter()
            .flat_map(without_surrogates)
            .filter(|(first, last)| first <= last)
            .collect();
        sorted.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::with_capacity(sorted.len());
        for (first, last) in sorted {
            match ranges.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => {
                    before.1 = before.1.max(last);
                }
                _ => ranges.push((first, last)),
            }
        }
        Self { ranges }
    }

    /// The ranges, ascending and inclusive.
    #[must_use]
    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }

    /// Whether there is no character in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether `character` is in the set.
    #[must_use]
    pub fn contains(&self, character: char) -> bool {
        let code = u32::from(character);
        let next = self.ranges.partition_point(|&(_, last)| last < code);
        self.ranges
            .get(next)
            .is_some_and(|&(first, _)| first <= code)
    }

    /// The characters of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::from_ranges(self.ranges.iter().chain(&other.ranges).copied())
    }

    /// The characters that are not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut next = 0;
        let mut gaps = Vec::with_capacity(self.ranges.len() + 1);
        for &(first, last) in &self.ranges {
            if next < first {
                gaps.push((next, first - 1));
            }
            next = last + 1;
        }
        if next <= LAST {
            gaps.push((next, LAST));
        }
        Self::from_ranges(gaps)
    }

    /// The part of the set that is ASCII.
    #[must_use]
    pub fn ascii_ranges(&self) -> Vec<(u8, u8)> {
        let below = |code: u32| u8::try_from(code).ok().filter(u8::is_ascii);
        self.ranges
            .iter()
            .filter_map(|&(first, last)| Some((below(first)?, below(last.min(0x7F))?)))
            .collect()
    }

    /// The part of the set that is not ASCII. Ranges that only surrogates keep apart are joined,
    /// since no text tells them from one.
    #[must_use]
    pub fn wide_ranges(&self) -> Vec<(u32, u32)> {
        let mut wide: Vec<(u32, u32)> = Vec::new();
        for &(first, last) in self.ranges.iter().filter(|&&(_, last)| last > 0x7F) {
            match wide.last_mut() {
                Some(before) if before.1 + 1 == SURROGATES.0 && first == SURROGATES.1 + 1 => {
                    before.1 = last;
                }
                _ => wide.push((first.max(0x80), last)),
            }
        }
        wide
    }
}

/// The parts of a range below and above the surrogates.
fn without_surrogates((first, last): (u32, u32)) -> [(u32, u32); 2] {
    if last < SURROGATES.0 || first > SURROGATES.1 {
        return [(first, last), (1, 0)];
    }
    let below = if first < SURROGATES.0 {
        (first, SURROGATES.0 - 1)
    } else {
        (1, 0)
    };
    let above = if last > SURROGATES.1 {
        (SURROGATES.1 + 1, last)
    } else {
        (1, 0)
    };
    [below, above]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_touch_are_joined() {
        let set = CharSet::from_ranges([(5, 9), (1, 2), (3, 4), (8, 12)]);
        assert_eq!(set.ranges(), [(1, 12)]);
    }

    #[test]
    fn surrogates_are_no_members() {
        assert!(CharSet::from_ranges([SURROGATES]).is_empty());
        assert_eq!(CharSet::any().ranges(), [(0, 0xD7FF), (0xE000, LAST)]);
        assert_eq!(CharSet::any().wide_ranges(), [(0x80, LAST)]);
    }

    #[test]
    fn the_complement_of_the_complement_is_the_set() {
        for set in [
            CharSet::any(),
            CharSet::default(),
            CharSet::from_ranges([(0, 0x20), (0x61, 0x7A), (0x10_FFFF, 0x10_FFFF)]),
        ] {
            assert_eq!(set.complement().complement(), set);
        }
    }
}
