//! What it costs to match a pattern: each kind of matcher against the engines that could do the same,
//! on the same texts, and what an engine costs before its first match.

#![allow(clippy::expect_used)] // A benchmark that cannot start must say so.

use std::hint::black_box;

use divan::Bencher;
use tinsmith_runtime::pattern::Pattern;

#[allow(dead_code)] // The benchmark needs only some of what the test does.
#[path = "../tests/patterns/emitted.rs"]
#[rustfmt::skip] // As the generator writes it.
mod emitted;

fn main() {
    divan::main();
}

/// A pattern, the same for the engines of the `regex` family, and a text that matches.
struct Case {
    name: &'static str,
    ours: &'static Pattern,
    /// In the dialect of the `regex` crate, with what ECMA-262 means by it.
    regex: Option<&'static str>,
    /// Whether `regex-lite` has what the expression uses.
    lite: bool,
    text: &'static str,
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const CASES: &[Case] = &[
    Case {
        name: "repeat, 12 digits",
        ours: &emitted::ACCOUNT_ID,
        regex: Some("^[0-9]{12}$"),
        lite: true,
        text: "123456789012",
    },
    Case {
        name: "repeat, id of 36",
        ours: &emitted::RESOURCE_ID,
        regex: Some("^[-.a-zA-Z0-9]+$"),
        lite: true,
        text: "a1b2c3d4-5678-90ab-cdef-EXAMPLEbbbbb",
    },
    Case {
        name: "repeat, tag in ASCII",
        ours: &emitted::TAG_KEY,
        regex: Some(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"),
        lite: false,
        text: "cost-center:eu-west/finance=true",
    },
    Case {
        name: "repeat, tag in Cyrillic",
        ours: &emitted::TAG_KEY,
        regex: Some(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"),
        lite: false,
        text: "центр затрат отдела разработки",
    },
    Case {
        name: "repeat, tag in many scripts",
        ours: &emitted::TAG_KEY,
        regex: Some(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"),
        lite: false,
        text: "Kosten費用עלותكلفةцентрτιμή",
    },
    Case {
        name: "automaton, search",
        ours: &emitted::NOT_BLANK,
        regex: Some(r"\S"),
        lite: true,
        text: "                               x",
    },
    Case {
        name: "automaton, UUID",
        ours: &emitted::UUID,
        regex: Some("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"),
        lite: true,
        text: "0f8fad5b-d9cb-469f-a165-70867728950e",
    },
    Case {
        name: "automaton, words",
        ours: &emitted::REGION,
        regex: Some("^(us|eu|ap)-(east|west|north|south|central)-[1-9]$"),
        lite: true,
        text: "eu-central-1",
    },
    Case {
        name: "automaton, ARN",
        ours: &emitted::ROLE,
        regex: Some(r#"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^"\\/]+$"#),
        lite: true,
        text: "arn:aws-us-gov:iam::123456789012:role/continuous-integration",
    },
    Case {
        name: "automaton, look-ahead",
        ours: &emitted::SHORT_NAME,
        regex: None,
        lite: false,
        text: "resolver for the second view",
    },
    Case {
        name: "engine, back-reference",
        ours: &emitted::REPEATED,
        regex: None,
        lite: false,
        text: "aabbccdd-eeff",
    },
];

#[divan::bench(args = CASES)]
fn tinsmith(bencher: Bencher<'_, '_>, case: &Case) {
    assert!(case.ours.is_match(case.text));
    bencher.bench_local(|| case.ours.is_match(black_box(case.text)));
}

#[divan::bench(args = CASES.iter().filter(|case| case.regex.is_some()))]
fn regex(bencher: Bencher<'_, '_>, case: &Case) {
    let engine = regex::Regex::new(case.regex.unwrap_or_default()).expect("an expression");
    assert!(engine.is_match(case.text));
    bencher.bench_local(|| engine.is_match(black_box(case.text)));
}

#[divan::bench(args = CASES.iter().filter(|case| case.lite))]
fn regex_lite(bencher: Bencher<'_, '_>, case: &Case) {
    let engine = regex_lite::Regex::new(case.regex.unwrap_or_default()).expect("an expression");
    assert!(engine.is_match(case.text));
    bencher.bench_local(|| engine.is_match(black_box(case.text)));
}

#[divan::bench(args = CASES)]
fn regress(bencher: Bencher<'_, '_>, case: &Case) {
    let engine = regress::Regex::with_flags(case.ours.source(), "u")
        .or_else(|_| regress::Regex::new(case.ours.source()))
        .expect("an expression");
    assert!(engine.find(case.text).is_some());
    bencher.bench_local(|| engine.find(black_box(case.text)).is_some());
}

/// What an engine costs before it can match for the first time. Our tables cost nothing.
mod first_compile {
    use super::{Bencher, CASES, Case, black_box};

    #[divan::bench(args = CASES.iter().filter(|case| case.regex.is_some()))]
    fn regex(bencher: Bencher<'_, '_>, case: &Case) {
        bencher.bench_local(|| regex::Regex::new(black_box(case.regex.unwrap_or_default())));
    }

    #[divan::bench(args = CASES.iter().filter(|case| case.lite))]
    fn regex_lite(bencher: Bencher<'_, '_>, case: &Case) {
        bencher.bench_local(|| regex_lite::Regex::new(black_box(case.regex.unwrap_or_default())));
    }

    #[divan::bench(args = CASES)]
    fn regress(bencher: Bencher<'_, '_>, case: &Case) {
        bencher.bench_local(|| regress::Regex::with_flags(black_box(case.ours.source()), "u"));
    }
}
