//! What is emitted for patterns compiles, reads well and matches what an engine matches.
//!
//! `emitted.rs` is what the generator makes of [`PATTERNS`]. It is compiled into this test, and into
//! the benchmark of the matchers. After a wanted change, `UPDATE_EXPECT=1 cargo test -p tests --test
//! patterns` writes it anew.

#![allow(clippy::unwrap_used)] // Only tests are here.

#[rustfmt::skip] // As the generator writes it.
mod emitted;

use std::path::Path;

use quote::{format_ident, quote};
use regress::Regex;
use tests::patterns::{build, texts};
use tinsmith_codegen::pattern::compile;
use tinsmith_runtime::pattern::Pattern;

/// One pattern for each way to match and each form of table.
const PATTERNS: &[(&str, &str, &Pattern)] = &[
    ("ANY", r"^[\s\S]*$", &emitted::ANY),
    ("ACCOUNT_ID", r"^\d{12}$", &emitted::ACCOUNT_ID),
    ("RESOURCE_ID", "^[-.a-zA-Z0-9]+$", &emitted::RESOURCE_ID),
    (
        "TAG_KEY",
        r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$",
        &emitted::TAG_KEY,
    ),
    (
        "XML_TEXT",
        r"^[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*$",
        &emitted::XML_TEXT,
    ),
    ("NOT_BLANK", r"\S", &emitted::NOT_BLANK),
    (
        "SHORT_NAME",
        "^(?!^[0-9]+$)([a-zA-Z0-9-_/' ']+)$",
        &emitted::SHORT_NAME,
    ),
    (
        "UUID",
        "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        &emitted::UUID,
    ),
    (
        "REGION",
        "^(us|eu|ap)-(east|west|north|south|central)-[1-9]$",
        &emitted::REGION,
    ),
    (
        "ROLE",
        r#"^arn:aws[a-z-]*:iam::\d{12}:role/[^"\\/]+$"#,
        &emitted::ROLE,
    ),
    ("TRIMMED", r"^(?!\s)[^\p{C}]+(?<!\s)$", &emitted::TRIMMED),
    (
        "REPEATED",
        r"^(?!.*?(.)\1{3})[-_!@#$a-zA-Z0-9]*$",
        &emitted::REPEATED,
    ),
];

fn emit() -> String {
    let statics = PATTERNS.iter().map(|(name, source, _)| {
        let name = format_ident!("{name}");
        let matcher = compile(source).unwrap().emit();
        quote!(pub(crate) static #name: pattern::Pattern = #matcher;)
    });
    let tokens = quote! {
        //! What the generator makes of patterns; see `main.rs`.
        use tinsmith_runtime::pattern;
        #(#statics)*
    };
    let file = syn::parse2(tokens).unwrap();
    prettyplease::unparse(&file)
        .replace(";\n", ";\n\n")
        .trim_end()
        .to_owned()
        + "\n"
}

#[test]
fn what_is_emitted_is_what_is_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/patterns/emitted.rs");
    let emitted = emit();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &emitted).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), emitted);
}

/// Protects the text forms of the tables: a static that was read from them, a matcher that was made
/// without them, and the engine must all agree.
#[test]
fn emitted_statics_match_as_the_engine_does() {
    for (name, source, emitted) in PATTERNS {
        assert_eq!(emitted.source(), *source, "{name}");
        let compiled = compile(source).unwrap();
        let built = build::matcher(&compiled);
        let engine = Regex::with_flags(&compiled.strict(), "u").unwrap();
        let mut matches = 0;
        for text in texts::for_pattern(&compiled) {
            let expected = engine.find(&text).is_some();
            assert_eq!(emitted.is_match(&text), expected, "{name} on {text:?}");
            assert_eq!(
                built.is_match(&text),
                expected,
                "{name}, built, on {text:?}"
            );
            matches += usize::from(expected);
        }
        assert!(matches > 0, "no text of {name} matches");
    }
}

/// Protects against work at the first use, and against allocation: a pattern that is matched by
/// tables is data from the start.
#[test]
fn only_what_is_not_regular_needs_the_engine() {
    for (name, source, _) in PATTERNS {
        let reason = compile(source).unwrap().needs_engine();
        assert_eq!(reason.is_some(), *name == "REPEATED", "{name}: {reason:?}");
    }
}

/// Protects the agreement with the engine on the patterns of the official protocol tests.
#[test]
fn patterns_of_the_conformance_models_agree_with_the_engine() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/conformance");
    if !Path::new(folder).exists() {
        println!("1 skipped: {folder} is absent");
        return;
    }
    let report = tests::patterns::compare_folder(Path::new(folder)).unwrap();
    println!("{report}");
    assert!(report.texts > 0 && report.matches > 0, "{report}");
    assert!(report.disagreements.is_empty(), "{report}");
}
