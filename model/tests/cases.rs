//! One folder a rule: its model files in, the problems of all stages out, as people read them.
//!
//! `expected.err` is compared, never written, unless `TINSMITH_UPDATE_CASES` is set by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use tinsmith_model::{Sources, check, diagnostics, link, load};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// All problems of the models in `case`, rendered, with the names of the files as their paths.
fn problems(case: &Path) -> String {
    let mut sources = Sources::new();
    for path in entries(case) {
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            sources.add(name(&path), fs::read_to_string(&path).unwrap());
        }
    }
    let mut problems = Vec::new();
    let ast = load(&sources, &mut problems);
    let model = link(ast, &mut problems);
    check(&model, &mut problems);
    let rendered = problems
        .iter()
        .map(|problem| diagnostics::render(problem, &sources, false));
    let mut text = rendered.collect::<Vec<_>>().join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

#[test]
fn every_case_gives_its_problems() {
    let update = std::env::var_os("TINSMITH_UPDATE_CASES").is_some();
    let cases = entries(Path::new(CASES));
    assert!(cases.len() > 40, "the cases are there");
    let mut failures = String::new();
    for case in cases {
        let found = problems(&case);
        let file = case.join("expected.err");
        let expected = fs::read_to_string(&file).unwrap_or_default();
        if update {
            fs::write(&file, &found).unwrap();
        } else if found != expected || !file.exists() {
            let name = name(&case);
            writeln!(
                failures,
                "## {name}\n--- expected\n{expected}\n--- found\n{found}"
            )
            .unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
