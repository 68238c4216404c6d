//! The program, run as maintainers run it, on what nests as deep as is read at all.
#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tinsmith_model::jmespath::parse;

/// An expression that nests so deep.
fn nested(depth: usize) -> String {
    format!("{}`1`{}", "to_string(".repeat(depth), ")".repeat(depth))
}

/// A model whose one waiter asks for what the expression gives.
fn model(path: &str) -> Value {
    json!({ "smithy": "2.0", "shapes": {
        "deep#Deep": {
            "type": "service",
            "version": "1",
            "operations": [{ "target": "deep#Get" }],
            "traits": { "smithy.protocols#rpcv2Json": {} }
        },
        "deep#Get": {
            "type": "operation",
            "input": { "target": "smithy.api#Unit" },
            "output": { "target": "smithy.api#Unit" },
            "traits": { "smithy.waiters#waitable": { "Got": { "acceptors": [{
                "state": "success",
                "matcher": { "output": {
                    "path": path, "expected": "1", "comparator": "stringEquals"
                } }
            }] } } }
        }
    } })
}

/// Whether that worked, and what was told.
fn generate(flags: &[&str], model: &Path, out: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--standalone"])
        .args(flags)
        .arg("--model")
        .arg(model)
        .arg("--out")
        .arg(out)
        .output()
        .unwrap();
    let told = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&told).into_owned(),
    )
}

/// Models are anybody's: the deepest expression that is read is generated too, by whatever thread and in a
/// build that is not optimized, and a deeper one is refused.
#[test]
fn no_expression_exhausts_the_stack() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.json");
    let deepest = (1..)
        .take_while(|depth| parse(&nested(*depth)).is_ok())
        .last();
    let deepest = deepest.unwrap();
    for flags in [&[][..], &["--each"]] {
        let out = folder.path().join(format!("out{}", flags.len()));
        fs::write(&path, model(&nested(deepest)).to_string()).unwrap();
        let (generated, told) = generate(flags, &path, &out);
        assert!(generated, "{deepest} deep: {told}");
        fs::write(&path, model(&nested(deepest + 1)).to_string()).unwrap();
        let (generated, told) = generate(flags, &path, &out);
        assert!(!generated && told.contains("nested more than"), "{told}");
    }
}
