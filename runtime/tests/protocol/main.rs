//! The official protocol tests of restJson1, on schemas made from their model.

// The helpers of tests stop at what the test data does not hold.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod bindings;
mod random;
mod request;
mod response;

use std::fmt::Write as _;

use serde_json::Value;
use support::Model;

/// Runs every test of `kind` in a model that applies to clients, and reports all failures at once.
fn run(
    file: &str,
    kind: &str,
    expected: usize,
    test: impl Fn(&Model, &'static str, &'static Value) -> Result<(), String>,
) {
    let Some(folder) = support::conformance("protocol-tests") else {
        return;
    };
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let model = Model::parse(&text);
    let (mut count, mut failures) = (0, String::new());
    for (shape, case) in cases(&model, kind) {
        count += 1;
        if let Err(reason) = test(&model, shape, case) {
            let _ = writeln!(failures, "{} of {shape}: {reason}\n", case["id"]);
        }
    }
    println!("{count} {kind} of {file} ran");
    assert!(failures.is_empty(), "{failures}");
    assert_eq!(count, expected, "the number of tests that apply to clients");
}

/// The tests of `kind` that apply to clients, with the shape that has them.
fn cases(model: &Model, kind: &str) -> Vec<(&'static str, &'static Value)> {
    let of_shape = |(id, shape): (&'static str, &'static Value)| {
        let cases = Model::trait_of(shape, kind).and_then(Value::as_array);
        cases.into_iter().flatten().map(move |case| (id, case))
    };
    let client = |(_, case): &(&str, &Value)| case.get("appliesTo").is_none_or(|to| to == "client");
    model.shapes().flat_map(of_shape).filter(client).collect()
}

#[test]
fn requests_are_as_the_protocol_says() {
    let kind = "smithy.test#httpRequestTests";
    run("RestJson.json", kind, 136, request::check);
    run("RestJsonValidation.json", kind, 1, request::check);
}

#[test]
fn responses_are_read_as_the_protocol_says() {
    let kind = "smithy.test#httpResponseTests";
    run("RestJson.json", kind, 108, response::check);
}
