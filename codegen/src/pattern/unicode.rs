//! What ECMA-262 says of characters: its classes, property escapes and case folding.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use icu_properties::props::{GeneralCategory, GeneralCategoryGroup, Script};
use icu_properties::script::ScriptWithExtensions;
use icu_properties::{CodePointMapData, CodePointSetData, PropertyParser};

use super::charset::CharSet;

/// `\d`: the ten ASCII digits (ECMA-262, CharacterClassEscape).
pub(super) fn digits() -> CharSet {
    ranges_of("09")
}

/// `\w`: ASCII letters, digits and the low line (ECMA-262, WordCharacters).
pub(super) fn word() -> CharSet {
    ranges_of("09AZ__az")
}

/// `\s`: WhiteSpace and LineTerminator of ECMA-262, which is every space separator of Unicode, the
/// byte order mark and the ASCII controls of layout.
pub(super) fn space() -> CharSet {
    ranges_of(
        "\t\r  \u{A0}\u{A0}\u{1680}\u{1680}\u{2000}\u{200A}\u{2028}\u{2029}\u{202F}\u{202F}\
         \u{205F}\u{205F}\u{3000}\u{3000}\u{FEFF}\u{FEFF}",
    )
}

/// LineTerminator of ECMA-262: what `.` does not match.
pub(super) fn line_terminators() -> CharSet {
    ranges_of("\n\n\r\r\u{2028}\u{2029}")
}

/// The set whose ranges `pairs` lists by their first and last characters.
fn ranges_of(pairs: &str) -> CharSet {
    let codes: Vec<u32> = pairs.chars().map(u32::from).collect();
    CharSet::from_ranges(codes.chunks_exact(2).map(|pair| (pair[0], pair[1])))
}

/// The set of the property escape `\p{expression}`, if ECMA-262 knows the property: a general
/// category, a binary property, or `gc`, `sc` and `scx` with a value. Names are taken to the letter,
/// as ECMA-262 has it.
pub(super) fn property(expression: &str) -> Option<CharSet> {
    let Some((name, value)) = expression.split_once('=') else {
        return general_category(expression).or_else(|| binary_property(expression));
    };
    match name {
        "General_Category" | "gc" => general_category(value),
        "Script" | "sc" => script(value).map(|script| {
            let scripts = CodePointMapData::<Script>::new();
            from_inclusive(scripts.iter_ranges_for_value(script))
        }),
        "Script_Extensions" | "scx" => script(value).map(|script| {
            from_inclusive(ScriptWithExtensions::new().get_script_extensions_ranges(script))
        }),
        _ => None,
    }
}

fn general_category(name: &str) -> Option<CharSet> {
    let group = PropertyParser::<GeneralCategoryGroup>::new().get_strict(name)?;
    let categories = CodePointMapData::<GeneralCategory>::new();
    Some(from_inclusive(categories.iter_ranges_for_group(group)))
}

fn binary_property(name: &str) -> Option<CharSet> {
    match name {
        "Any" => Some(CharSet::any()),
        "Assigned" => general_category("Cn").map(|unassigned| unassigned.complement()),
        "ASCII" => Some(CharSet::from_ranges([(0, 0x7F)])),
        _ => CodePointSetData::new_for_ecma262(name.as_bytes())
            .map(|set| from_inclusive(set.iter_ranges())),
    }
}

fn script(name: &str) -> Option<Script> {
    PropertyParser::<Script>::new().get_strict(name)
}

fn from_inclusive(ranges: impl Iterator<Item = std::ops::RangeInclusive<u32>>) -> CharSet {
    CharSet::from_ranges(ranges.map(std::ops::RangeInclusive::into_inner))
}

/// `set` with every character that differs from a member by case alone: by simple case folding, as
/// ECMA-262's Canonicalize has it with the flags `i` and `u`.
pub(super) fn case_closure(set: &CharSet) -> CharSet {
    static GROUPS: OnceLock<Vec<Vec<char>>> = OnceLock::new();
    let twins = GROUPS
        .get_or_init(case_groups)
        .iter()
        .filter(|group| group.iter().any(|&character| set.contains(character)))
        .flatten()
        .map(|&character| (u32::from(character), u32::from(character)));
    CharSet::from_ranges(set.ranges().iter().copied().chain(twins))
}

/// The groups of characters that fold to the same one.
fn case_groups() -> Vec<Vec<char>> {
    let mapper = icu_casemap::CaseMapper::new();
    let mut groups: BTreeMap<char, Vec<char>> = BTreeMap::new();
    for character in '\0'..=char::MAX {
        let folded = mapper.simple_fold(character);
        if folded != character {
            groups
                .entry(folded)
                .or_insert_with(|| vec![folded])
                .push(character);
        }
    }
    groups.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn property_names_are_those_of_ecma_262() {
        for name in [
            "L",
            "Lu",
            "Letter",
            "gc=Nd",
            "sc=Latin",
            "scx=Grek",
            "Any",
            "ASCII",
            "Alphabetic",
            "Emoji",
            "Assigned",
            "White_Space",
            "Script=Greek",
            "punct",
            "Cs",
        ] {
            assert!(property(name).is_some(), "{name}");
        }
        for name in [
            "l",
            "letter",
            "all",
            "Alnum",
            "IsAlphabetic",
            "sc=greek",
            "Latin",
            "",
            "=",
            "gc=",
            "blk=Latin",
            "Posix",
        ] {
            assert!(property(name).is_none(), "{name}");
        }
    }

    /// Protects the agreement of the generator's Unicode version with that of the fallback engine.
    #[test]
    fn properties_agree_with_the_engine() {
        for name in [
            "L",
            "N",
            "P",
            "S",
            "Z",
            "M",
            "C",
            "Lu",
            "sc=Latin",
            "scx=Greek",
            "Emoji",
        ] {
            let set = property(name).unwrap();
            let regex = regress::Regex::with_flags(&format!(r"^\p{{{name}}}$"), "u").unwrap();
            let edges = set
                .ranges()
                .iter()
                .flat_map(|&(first, last)| [first.wrapping_sub(1), first, last, last + 1]);
            for character in edges.filter_map(char::from_u32) {
                let text = character.to_string();
                let found = regex.find(&text).is_some();
                assert_eq!(set.contains(character), found, "{name} {character:?}");
            }
        }
    }

    #[test]
    fn case_closure_holds_the_two_letters_that_fold_to_ascii() {
        let closed = case_closure(&word());
        assert!(closed.contains('\u{17F}') && closed.contains('\u{212A}'));
        assert!(!closed.contains('é'));
    }
}
