//! Whatever the text, no stage panics, and every problem stands at a place that can be shown.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use tinsmith_model::{Sources, check, diagnostics, link, load};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");

/// The models of all cases: every shape type, trait and rule stands in one of them.
fn models() -> Vec<String> {
    let mut models = Vec::new();
    for case in fs::read_dir(Path::new(CASES)).unwrap() {
        for file in fs::read_dir(case.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                models.push(fs::read_to_string(path).unwrap());
            }
        }
    }
    models.sort();
    models
}

/// Runs every stage, and all that reads a model after them.
fn run(texts: &[&str]) {
    let mut sources = Sources::new();
    for text in texts {
        sources.add("model.json", *text);
    }
    let mut problems = Vec::new();
    let model = link(load(&sources, &mut problems), &mut problems);
    check(&model, &mut problems);
    for problem in &problems {
        if let Some(span) = problem.span {
            assert!(sources.text(span).is_some(), "no text at {span:?}");
        }
        assert!(!diagnostics::render(problem, &sources, false).is_empty());
    }
    for service in model.services() {
        let closure = model.closure(&service.id).unwrap();
        for operation in closure.operations {
            let _ = model.pagination(service, operation);
            let _ = model.auth_schemes(service, operation);
        }
    }
    for pattern in model.patterns() {
        let _ = pattern.place(pattern.text.len(), &sources);
    }
}

/// The JSON strings of `text`, as ranges of bytes with their quotes.
fn strings(text: &str) -> Vec<(usize, usize)> {
    let quotes: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    let pairs = quotes.chunks_exact(2);
    pairs.map(|pair| (pair[0], pair[1] + 1)).collect()
}

/// A change to a model's text.
#[derive(Clone, Debug)]
enum Change {
    Truncate(Index),
    Replace(Index, usize, &'static str),
    /// One string takes the place of another, so that the text stays JSON and the model goes wrong.
    Swap(Index, Index),
}

const TOKENS: [&str; 16] = [
    "", "{", "}", "[", "]", ",", ":", "\"", "null", "-1", "1e999", "\\u00e9", "{}", "[]", "é", "\n",
];

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        1 => any::<Index>().prop_map(Change::Truncate),
        3 => (any::<Index>(), 0..12usize, prop::sample::select(&TOKENS[..]))
            .prop_map(|(at, len, token)| Change::Replace(at, len, token)),
        6 => (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Swap(from, to)),
    ]
}

fn apply(text: &mut String, change: &Change) {
    let boundary = |text: &str, mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    match change {
        Change::Truncate(at) => text.truncate(boundary(text, at.index(text.len() + 1))),
        Change::Replace(at, len, token) => {
            let start = boundary(text, at.index(text.len() + 1));
            let end = boundary(text, (start + len).min(text.len()));
            text.replace_range(start..end.max(start), token);
        }
        Change::Swap(from, to) => {
            let strings = strings(text);
            if !strings.is_empty() {
                let (start, end) = strings[from.index(strings.len())];
                let value = text[start..end].to_owned();
                let (start, end) = strings[to.index(strings.len())];
                text.replace_range(start..end, &value);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn broken_models_never_panic(
        model in any::<Index>(),
        changes in prop::collection::vec(change(), 1..8),
    ) {
        thread_local! {
            static MODELS: Vec<String> = models();
        }
        MODELS.with(|models| {
            let original = &models[model.index(models.len())];
            let mut text = original.clone();
            for change in &changes {
                apply(&mut text, change);
            }
            run(&[&text]);
            run(&[original, &text]);
        });
    }
}

/// A character of several bytes that a URI cannot hold is shown whole.
#[test]
fn a_uri_beyond_ascii_is_shown() {
    run(&[
        r#"{"smithy": "2.0", "shapes": {"a#B": {"type": "operation", "traits": {
        "smithy.api#http": {"method": "GET", "uri": "/é/{a}"}
    }}}}"#,
    ]);
}

/// Chains far longer than any stack: of mixins, resources, required members and brackets.
#[test]
fn deep_models_need_no_stack() {
    const DEPTH: usize = 10_000;
    let mut shapes = String::new();
    for index in 0..DEPTH {
        let next = index + 1;
        shapes += &format!(
            r#""a#M{index}": {{"type": "structure", "traits": {{"smithy.api#mixin": {{}}}},
                "mixins": [{{"target": "a#M{next}"}}]}},
            "a#R{index}": {{"type": "resource", "resources": [{{"target": "a#R{next}"}}]}},
            "a#S{index}": {{"type": "structure", "members": {{"s": {{"target": "a#S{next}",
                "traits": {{"smithy.api#required": {{}}}}}}}}}},"#
        );
    }
    let last = r#""a#S": {"type": "service", "resources": [{"target": "a#R0"}]}"#;
    run(&[&format!(
        r#"{{"smithy": "2.0", "shapes": {{{shapes}{last}}}}}"#
    )]);
    run(&[&"[".repeat(100_000)]);
    run(&[&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000))]);
}

/// Thousands of unknown ids, as when a file is missing, are told of at once.
#[test]
fn many_unknown_targets_are_told_quickly() {
    let member = |index| format!(r#""m{index}": {{"target": "b#Unknown{index}"}}"#);
    let members: Vec<String> = (0..2_000).map(member).collect();
    let shape = |index| format!(r#""a#Unknown{index}x": {{"type": "string"}}"#);
    let shapes: Vec<String> = (0..2_000).map(shape).collect();
    let text = format!(
        r#"{{"smithy": "2", "shapes": {{"a#A": {{"type": "structure", "members": {{{}}}}}, {}}}}}"#,
        members.join(","),
        shapes.join(",")
    );
    let mut sources = Sources::new();
    sources.add("model.json", text);
    let mut problems = Vec::new();
    let model = link(load(&sources, &mut problems), &mut problems);
    check(&model, &mut problems);
    assert_eq!(problems.len(), 2_000);
}
