//! Folders of `tests/cases`: a model each, and what is to be made of it.
//!
//! `expected/` holds the files of the generated crate that the case is about, by their paths in its
//! `src`; `expected.err` the problems of a model that is refused. Run with `TINSMITH_BLESS=1` to write
//! the files that are there anew, and read the difference before it is committed.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;
#[path = "support/waiters.rs"]
mod waiters;

use std::fs;
use std::path::PathBuf;

use support::{Case, cases, crates, generate, generate_text, outcome};
use tinsmith_codegen::Options;

/// Every golden is what is generated today.
#[test]
fn goldens_hold() {
    let mut compared = 0;
    let mut differences = Vec::new();
    for case in cases() {
        let result = generate(&[case.model()], &Options::new("case"));
        for (golden, actual) in case.goldens(&result) {
            compared += 1;
            support::compare(&golden, &actual, &mut differences);
        }
    }
    assert!(compared > 0, "no golden was compared");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What is generated compiles without a warning of rustc, clippy or rustdoc. All cases make one crate,
/// so that the runtime is built once.
#[test]
fn generated_code_is_free_of_warnings() {
    let cases = cases();
    let accepted = cases.iter().filter(|case| !case.is_refused());
    let read = |case: &Case| (case.name(), fs::read_to_string(case.model()).unwrap());
    let mut models: Vec<_> = accepted.map(read).collect();
    models.extend(
        waiters::models()
            .into_iter()
            .map(|(name, model)| (name, model.to_string())),
    );
    let package = outcome(generate_text(&models, &crates::options("generated-cases")));
    assert_eq!(package.summary.services, models.len());
    crates::Crate::write("generated-cases", &package.files).is_free_of_warnings();
}

/// Names, and the bytes of everything that is sorted by them, do not depend on the order in which a
/// model declares its shapes.
#[test]
fn the_order_of_shapes_plays_no_part() {
    for case in cases().iter().filter(|case| !case.is_refused()) {
        let text = fs::read_to_string(case.model()).unwrap();
        let [first, second] = [false, true].map(|backwards| {
            let text = support::with_shapes_sorted(&text, backwards);
            outcome(generate_text(&[(case.name(), text)], &Options::new("case")))
        });
        assert_eq!(first.files, second.files, "{}", case.name());
    }
}

/// A name that Cargo or `use` would refuse is told before a crate with it is written.
#[test]
fn the_crates_name_is_checked() {
    let accepted = cases().into_iter().find(|case| !case.is_refused());
    let model = accepted.unwrap().model();
    for name in [
        "",
        "Bad Name",
        "1abc",
        "a/b",
        "é",
        "fn",
        "std",
        "tinsmith-runtime",
    ] {
        let generated = generate(std::slice::from_ref(&model), &Options::new(name));
        let problems = generated.problems().join("\n");
        let expected = format!("no crate can be called `{name}`");
        assert!(problems.contains(&expected), "{name}: {problems}");
    }
    for name in ["weather-client", "s3", "a_b", "Weather"] {
        outcome(generate(std::slice::from_ref(&model), &Options::new(name)));
    }
}

/// A service that is asked for and not there is an error, and only what is asked for is made.
#[test]
fn services_are_chosen_by_name() {
    let models: Vec<PathBuf> = cases()
        .iter()
        .filter(|case| !case.is_refused())
        .map(Case::model)
        .collect();
    let options = |name: &str| Options {
        services: vec![name.into()],
        ..Options::new("case")
    };
    let package = outcome(generate(&models, &options("Shapes")));
    assert_eq!(crates::services(&package.files), ["shapes"]);
    let problems = generate(&models, &options("Nothing")).problems().join("\n");
    assert!(
        problems.contains("the model has no service `Nothing`"),
        "{problems}"
    );
}

/// Operations that cannot be generated may be left out, with everything that only they reach.
#[test]
fn what_is_not_supported_can_be_left_out() {
    let case = cases()
        .into_iter()
        .find(|case| case.name() == "refuse-streaming");
    let options = Options {
        skip_unsupported: true,
        ..Options::new("case")
    };
    let package = outcome(generate(&[case.unwrap().model()], &options));
    assert_eq!((package.summary.operations, package.summary.shapes), (1, 0));
}

/// Patterns that are not ECMA-262 may be left unchecked, and each is told.
#[test]
fn broken_patterns_can_be_left_unchecked() {
    let case = cases()
        .into_iter()
        .find(|case| case.name() == "refuse-pattern");
    let options = Options {
        lenient_patterns: true,
        ..Options::new("case")
    };
    let generated = generate(&[case.unwrap().model()], &options);
    let problems = generated.problems().join("\n");
    assert_eq!(
        problems.matches("; it is left unchecked").count(),
        2,
        "{problems}"
    );
    let files = outcome(generated).files;
    let patterns = files
        .iter()
        .filter(|(path, _)| path.ends_with("patterns.rs"));
    let patterns: Vec<_> = patterns
        .map(|(_, text)| text.matches(": Pattern").count())
        .collect();
    assert_eq!(patterns, [1], "the one that could be compiled is checked");
}

/// Every waiter of the official models is generated, without a word to say about it.
#[test]
fn official_waiters_are_generated() {
    let models = waiters::models();
    if models.is_empty() {
        println!("skipped 1 test: no models with waiters beside the checkout");
        return;
    }
    let mut count = 0;
    for (name, model) in &models {
        let generated = generate_text(&[(name.clone(), model.to_string())], &Options::new("case"));
        assert!(generated.problems().is_empty(), "{name}");
        let text: String = outcome(generated).files.into_values().collect();
        for waiter in waiters::names(model) {
            let method = format!("pub fn wait_until_{}(", waiter.to_lowercase());
            let facts = format!("waiter::Waiter::new(\n    \"{waiter}\",");
            assert!(text.contains(&method), "{name}: {waiter}\n{text}");
            assert!(text.contains(&facts), "{name}: {waiter}\n{text}");
            count += 1;
        }
    }
    println!("waiters: {} models, {count} waiters", models.len());
    assert_eq!((models.len(), count), (4, 11));
}
