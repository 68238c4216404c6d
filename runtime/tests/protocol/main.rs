//! The official protocol tests, on schemas made from their models.

// The helpers of tests stop at what the test data does not hold.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "test-util")]
mod answer;
mod bindings;
mod cbor;
mod random;
mod request;
mod response;
mod rpc;

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

/// The models with the number of their tests that apply to clients: requests, and responses.
const MODELS: [(&str, usize, usize); 12] = [
    ("AmazonML_20141212.json", 1, 0),
    ("BackplaneControlService.json", 1, 0),
    ("Glacier.json", 4, 0),
    ("JsonProtocol.json", 56, 62),
    ("JsonRpc10.json", 28, 39),
    ("NonQueryCompatibleRpcV2Protocol.json", 1, 0),
    ("QueryCompatibleJsonRpc10.json", 1, 2),
    ("QueryCompatibleRpcV2Protocol.json", 1, 2),
    ("RestJson.json", 136, 108),
    ("RestJsonValidation.json", 1, 0),
    ("RpcV2JsonProtocol.json", 34, 39),
    ("RpcV2Protocol.json", 29, 43),
];

#[test]
fn requests_are_as_the_protocol_says() {
    for (file, requests, _) in MODELS {
        run(
            file,
            "smithy.test#httpRequestTests",
            requests,
            request::check,
        );
    }
}

#[test]
fn responses_are_read_as_the_protocol_says() {
    for (file, _, responses) in MODELS {
        run(
            file,
            "smithy.test#httpResponseTests",
            responses,
            response::check,
        );
    }
}

/// Protects tests of callers: what they answer in the service's place arrives as it was given.
#[cfg(feature = "test-util")]
#[test]
fn answers_of_tests_are_read_as_they_were_written() {
    for (file, _, responses) in MODELS {
        run(
            file,
            "smithy.test#httpResponseTests",
            responses,
            answer::check,
        );
    }
}
