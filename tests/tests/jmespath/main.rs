//! The official JMESPath suite, through what the generator emits for its expressions and what the
//! runtime makes of that: the same tokens and the same evaluation as in a client with waiters.
//!
//! The suite is found beside the checkout; where it is not, nothing is tested and the test says so.
#![allow(clippy::unwrap_used, clippy::panic)] // A test fails by panicking.

mod emitted;

use std::fs;
use std::path::PathBuf;
use std::thread;

use serde_json::Value as Json;
use tinsmith_codegen::jmespath::tokens;
use tinsmith_model::jmespath::{FindingKind, Type, check, parse};
use tinsmith_model::{Model, Sources};
use tinsmith_runtime::jmespath::{Expr, Value};

const SUITE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/conformance/jmespath-compliance"
);

#[derive(Debug, Default, PartialEq)]
struct Count {
    results: usize,
    /// Expressions that generation refuses.
    refused: usize,
    /// Expressions that have no value for their input.
    without_value: usize,
    /// Expressions that the suite only measures: they must have a value.
    measured: usize,
}

/// Every result is what the suite says, and every error is one, at generation or at run time.
#[test]
fn the_official_suite_passes() {
    let Ok(folder) = fs::read_dir(SUITE) else {
        println!("skipped 1 test: no JMESPath suite beside the checkout");
        return;
    };
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|it| it == "json"));
    files.sort();
    let mut count = Count::default();
    let mut failures = Vec::new();
    for path in files {
        let groups: Json = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for group in groups.as_array().unwrap() {
            for case in group["cases"].as_array().unwrap() {
                if let Err(problem) = run(&group["given"], case, &mut count) {
                    failures.push(format!("{}: {case}: {problem}", path.display()));
                }
            }
        }
    }
    println!("JMESPath: {count:?}");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let cases = count.results + count.refused + count.without_value + count.measured;
    assert_eq!((cases, count.results), (908, 742));
}

fn run(given: &Json, case: &Json, count: &mut Count) -> Result<(), String> {
    let text = case["expression"].as_str().unwrap();
    let is_error = case.get("error").is_some();
    let Some(expression) = checked(text) else {
        count.refused += 1;
        return match is_error {
            true => Ok(()),
            false => Err("refused".to_owned()),
        };
    };
    let found = expression.evaluate(&value(given));
    match (found, case.get("result")) {
        (Err(_), None) if is_error => {
            count.without_value += 1;
            Ok(())
        }
        (Ok(_), None) if !is_error => {
            count.measured += 1;
            Ok(())
        }
        (Ok(found), Some(expected)) if found == value(expected) => {
            count.results += 1;
            Ok(())
        }
        (found, _) => Err(found.map_or_else(
            |error| error.to_string(),
            |found| serde_json::to_string(&found).unwrap(),
        )),
    }
}

/// What is emitted for an expression; nothing where generation refuses it. As in the generator, there is
/// room for what reads Rust; what clients run has no more than any thread.
fn checked(text: &str) -> Option<Expr> {
    thread::scope(|scope| {
        let roomy = thread::Builder::new().stack_size(32 << 20);
        let read = roomy.spawn_scoped(scope, || generated(text)).unwrap();
        read.join().unwrap()
    })
}

fn generated(text: &str) -> Option<Expr> {
    let expression = parse(text).ok()?;
    let sources = Sources::new();
    let model: Model<'_> = tinsmith_model::link(
        tinsmith_model::load(&sources, &mut Vec::new()),
        &mut Vec::new(),
    );
    // Nothing is known of the input, so only what can never make sense is refused.
    let (_, findings) = check(&model, &expression, &Type::Any);
    // The suite asks what nonsense gives, such as a field of a number; that is an error in a model.
    let never = [FindingKind::UnknownFunction, FindingKind::InvalidArity];
    if findings.iter().any(|finding| never.contains(&finding.kind)) {
        return None;
    }
    Some(emitted::read(tokens(&expression)))
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::from(*value),
        Json::Number(number) => Value::from(number.as_f64().unwrap()),
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => items.iter().map(value).collect(),
        Json::Object(entries) => entries
            .iter()
            .map(|(key, entry)| (key.as_str(), value(entry)))
            .collect(),
    }
}
