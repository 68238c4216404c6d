//! The pattern compiler: whatever the text, a matcher or what is wrong with it; and what a matcher says
//! of texts agrees with what it says of itself. The first line of the input is the pattern.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tinsmith_codegen::pattern::{Matcher, compile};

fuzz_target!(|input: &str| {
    let (source, text) = input.split_once('\n').unwrap_or((input, ""));
    let Ok(pattern) = compile(source) else {
        return;
    };
    let Some(matches) = is_match(pattern.matcher(), text) else {
        return;
    };
    let length = text.chars().count();
    let possible = pattern
        .lengths()
        .is_some_and(|(min, max)| length >= min && max.is_none_or(|max| length <= max));
    assert!(
        possible || !matches,
        "{source:?} matches {text:?} of a length that it cannot"
    );
    assert!(
        matches || !pattern.is_always(),
        "{source:?} matches all but {text:?}"
    );
    assert!(
        !matches || !pattern.is_empty(),
        "{source:?} matches nothing but {text:?}"
    );
    let strict = compile(&pattern.strict());
    let strict = strict.unwrap_or_else(|error| panic!("strict form of {source:?}: {error:?}"));
    let again = is_match(strict.matcher(), text);
    assert!(
        again.is_none_or(|again| again == matches),
        "strict form of {source:?}, {text:?}"
    );
});

/// Whether the text matches, where no engine is needed to tell.
fn is_match(matcher: &Matcher, text: &str) -> Option<bool> {
    match matcher {
        Matcher::Always => Some(true),
        Matcher::Repeat { set, min, max } => {
            let length = text.chars().count();
            let enough = u32::try_from(length)
                .is_ok_and(|length| length >= *min && max.is_none_or(|max| length <= max));
            Some(enough && text.chars().all(|character| set.contains(character)))
        }
        Matcher::Dfa(automaton) => {
            let start = automaton.start;
            let end = text
                .chars()
                .fold(start, |state, character| automaton.step(state, character));
            Some(automaton.accepts(end))
        }
        _ => None,
    }
}
