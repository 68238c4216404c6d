//! Real models must load, link and check without an error: the conformance models beside the
//! checkout, and any folder that `TINSMITH_MODELS` names.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tinsmith_model::{Problem, Sources, check, diagnostics, link, load};

const CONFORMANCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/conformance");

fn json_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
    files.sort();
}

/// Runs all stages on one file; gives back the errors and the warnings, rendered.
fn problems(path: &Path) -> (Vec<String>, Vec<String>) {
    let sources = Sources::read([path]).unwrap();
    let mut problems = Vec::new();
    let ast = load(&sources, &mut problems);
    let model = link(ast, &mut problems);
    check(&model, &mut problems);
    let (errors, warnings): (Vec<Problem>, Vec<Problem>) =
        problems.into_iter().partition(Problem::is_error);
    let rendered = |problem: &Problem| diagnostics::render(problem, &sources, false);
    (
        errors.iter().map(rendered).collect(),
        warnings.iter().map(rendered).collect(),
    )
}

fn check_all(what: &str, files: &[PathBuf]) {
    let next = AtomicUsize::new(0);
    let found = Mutex::new((Vec::new(), Vec::new()));
    let start = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (errors, warnings) = problems(path);
                    let mut found = found.lock().unwrap();
                    found.0.extend(errors);
                    found.1.extend(warnings);
                }
            });
        }
    });
    let (errors, warnings) = found.into_inner().unwrap();
    let millis = start.elapsed().as_millis();
    if std::env::var_os("TINSMITH_WARNINGS").is_some() {
        println!("{}", warnings.join("\n\n"));
    }
    println!(
        "{what}: {} models, {} warnings, {millis} ms",
        files.len(),
        warnings.len()
    );
    assert!(
        errors.is_empty(),
        "{} errors\n{}",
        errors.len(),
        errors.join("\n\n")
    );
}

#[test]
fn official_test_models_are_accepted() {
    let folder = Path::new(CONFORMANCE);
    if !folder.is_dir() {
        println!("skipped 1 test: no conformance data at {CONFORMANCE}");
        return;
    }
    let mut files = Vec::new();
    for kind in [
        "protocol-tests",
        "endpoint-rules/core",
        "endpoint-rules/aws",
        "endpoint-rules/core-errorfiles-valid",
        "waiters",
    ] {
        json_files(&folder.join(kind), &mut files);
    }
    check_all("conformance", &files);
}

#[test]
fn a_folder_of_models_is_accepted() {
    let Some(folder) = std::env::var_os("TINSMITH_MODELS") else {
        println!("skipped 1 test: TINSMITH_MODELS names no folder of models");
        return;
    };
    let mut files = Vec::new();
    json_files(Path::new(&folder), &mut files);
    files.retain(|path| path.components().any(|part| part.as_os_str() == "service"));
    check_all("TINSMITH_MODELS", &files);
}
