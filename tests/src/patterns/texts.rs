//! Texts to put to a pattern.

use fastrand::Rng;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use regex_syntax::hir::{Hir, HirKind};
use tinsmith_codegen::pattern::{Automaton, CharSet, Compiled, Matcher, Target};

/// Characters on which dialects differ, and their neighbours.
const SPECIAL: &[char] = &[
    '\0',
    '\t',
    '\n',
    '\u{B}',
    '\r',
    ' ',
    '!',
    '"',
    '$',
    '-',
    '.',
    '/',
    '0',
    '9',
    ':',
    '@',
    'A',
    'Z',
    '[',
    '\\',
    ']',
    '^',
    '_',
    '`',
    'a',
    'z',
    '{',
    '|',
    '}',
    '~',
    '\u{7F}',
    '\u{80}',
    '\u{85}',
    '\u{A0}',
    'é',
    'ß',
    '\u{17F}',
    '\u{301}',
    '\u{661}',
    '\u{1680}',
    '\u{180E}',
    '\u{200B}',
    '\u{200D}',
    '\u{2028}',
    '\u{2029}',
    '\u{212A}',
    '\u{3000}',
    '漢',
    '\u{D7FF}',
    '\u{E000}',
    '\u{FEFF}',
    '\u{FFFD}',
    '\u{FFFF}',
    '\u{10000}',
    '\u{1F600}',
    '\u{E0001}',
    '\u{10FFFF}',
];

/// Texts on which a count often turns.
const LENGTHS: &[usize] = &[
    1, 2, 3, 8, 11, 12, 13, 16, 24, 31, 32, 33, 36, 48, 63, 64, 65,
];

/// Texts that match, nearly match and do not match `compiled`, the shorter before the longer.
#[must_use]
pub fn for_pattern(compiled: &Compiled) -> Vec<String> {
    let mut rng = Rng::with_seed(seed(compiled.source()));
    let mut texts = vec![String::new()];
    texts.extend(SPECIAL.iter().map(char::to_string));
    texts.extend(by_library(compiled.source()));
    match compiled.matcher() {
        Matcher::Dfa(automaton) => {
            texts.extend((0..60).filter_map(|_| walk(automaton, &mut rng)));
        }
        Matcher::Repeat { set, min, max } => texts.extend(repeats(set, *min, *max, &mut rng)),
        _ => {}
    }
    let near: Vec<String> = texts
        .iter()
        .filter(|text| text.len() > 1)
        .flat_map(|text| (0..4).map(|_| mutated(text, &mut rng)).collect::<Vec<_>>())
        .collect();
    texts.extend(near);
    texts.extend((0..20).map(|_| of_length(rng.usize(1..12), SPECIAL, &mut rng)));
    texts.sort_by_key(String::len);
    texts.dedup();
    texts
}

/// A seed that is the same in every run.
fn seed(source: &str) -> u64 {
    source.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// Matching texts of a generator that knows nothing of our automata. It reads the `regex` crate's
/// dialect, whose `\d` and `\w` are wider: what it makes may match or nearly match.
fn by_library(source: &str) -> Vec<String> {
    let inner = source.strip_prefix('^').unwrap_or(source);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let Ok(regex) = regex_syntax::parse(inner) else {
        return Vec::new();
    };
    // The generator panics on what it cannot choose from.
    if has_empty_class(&regex) {
        return Vec::new();
    }
    let Ok(strategy) = proptest::string::string_regex_parsed(&regex) else {
        return Vec::new();
    };
    let mut runner = TestRunner::deterministic();
    (0..25)
        .filter_map(|_| strategy.new_tree(&mut runner).ok())
        .map(|tree| tree.current())
        .filter(|text| text.len() < 5000)
        .collect()
}

/// Whether a class in `regex` holds no character, such as `[^\s\S]`.
fn has_empty_class(regex: &Hir) -> bool {
    match regex.kind() {
        HirKind::Class(class) => class.is_empty(),
        HirKind::Repetition(repetition) => has_empty_class(&repetition.sub),
        HirKind::Capture(capture) => has_empty_class(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().any(has_empty_class),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Look(_) => false,
    }
}

/// A text that leads the automaton to a match, by a random way that is not too long.
fn walk(automaton: &Automaton, rng: &mut Rng) -> Option<String> {
    let mut text = String::new();
    let mut at = automaton.start;
    for step in 0..3000 {
        let Target::State(state) = at else {
            break;
        };
        if automaton.accepts(at) && rng.usize(0..8) == 0 {
            break;
        }
        let row = automaton.rows.get(state)?;
        let live: Vec<usize> = (0..row.len())
            .filter(|&class| row[class] != Target::Dead)
            .collect();
        if live.is_empty() {
            break;
        }
        // Long ways prefer the class that leads on farthest, to get out of circles.
        let class = if step < 200 || rng.bool() {
            live[rng.usize(..live.len())]
        } else {
            live.into_iter().max_by_key(|&class| match row[class] {
                Target::State(next) => next,
                _ => usize::MAX,
            })?
        };
        text.push(member(&automaton.classes[class], rng)?);
        at = row[class];
    }
    automaton.accepts(at).then_some(text)
}

/// A character of `set`: mostly at an edge of one of its ranges.
fn member(set: &CharSet, rng: &mut Rng) -> Option<char> {
    let ranges = set.ranges();
    let (first, last) = *ranges.get(rng.usize(..ranges.len().max(1)))?;
    let code = match rng.u8(..3) {
        0 => first,
        1 => last,
        _ => rng.u32(first..=last),
    };
    char::from_u32(code)
}

/// Texts of the set's characters with the counts that are just allowed, and just not.
fn repeats(set: &CharSet, min: u32, max: Option<u32>, rng: &mut Rng) -> Vec<String> {
    let around = |count: u32| [count.saturating_sub(1), count, count.saturating_add(1)];
    let counts = around(min)
        .into_iter()
        .chain(max.into_iter().flat_map(around));
    let counts = counts
        .map(|count| count as usize)
        .filter(|&count| count < 20_000);
    let repeated = |count: usize| {
        (0..count)
            .filter_map(|_| member(set, rng))
            .collect::<String>()
    };
    counts
        .chain(LENGTHS.iter().copied())
        .map(repeated)
        .collect()
}

fn of_length(length: usize, characters: &[char], rng: &mut Rng) -> String {
    (0..length).filter_map(|_| rng.choice(characters)).collect()
}

/// `text` with one character inserted, removed or changed, or with an end added or cut off.
fn mutated(text: &str, rng: &mut Rng) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = rng.usize(..characters.len().max(1));
    let other = rng.choice(SPECIAL).copied().unwrap_or('a');
    match rng.u8(..7) {
        0 => characters.insert(at, other),
        1 => drop(characters.remove(at)),
        2 => characters[at] = other,
        3 => characters.truncate(at),
        4 => characters.push(['\n', ' ', other][rng.usize(..3)]),
        5 => characters.insert(0, ['\n', ' ', other][rng.usize(..3)]),
        _ => drop(characters.drain(..at)),
    }
    characters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use tinsmith_codegen::pattern::compile;

    use super::for_pattern;

    /// A class may hold nothing, in one dialect or in both, and a pattern may match nothing: there are
    /// texts to refuse all the same.
    #[test]
    fn patterns_that_match_nothing_have_texts_too() {
        for source in [
            "^[]$",
            "[]",
            r"^[^\s\S]+$",
            "^[a&&b]*$",
            "^a[]|b[]*$",
            r"^\p{Lu}(?!.)[]$",
        ] {
            let compiled = compile(source).unwrap();
            assert!(for_pattern(&compiled).len() > 20, "{source}");
        }
    }
}
