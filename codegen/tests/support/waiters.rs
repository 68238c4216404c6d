//! The official models with waiters, each in a namespace of its own and with a service, which they lack.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

const DATA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/conformance/waiters"
);

/// The models, each with the name of its file; none where they are not beside the checkout.
pub(crate) fn models() -> Vec<(String, Value)> {
    let Ok(folder) = fs::read_dir(DATA) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().enumerate().map(model).collect()
}

fn model((index, path): (usize, &PathBuf)) -> (String, Value) {
    let text = fs::read_to_string(path).unwrap();
    let text = text.replace("smithy.example#", &format!("official.waiters{index}#"));
    let mut model: Value = serde_json::from_str(&text).unwrap();
    let operations: Vec<_> = waitable(&model)
        .map(|(id, _)| json!({ "target": id }))
        .collect();
    model["shapes"][format!("official.waiters{index}#Waiters{index}")] = json!({
        "type": "service",
        "version": "1",
        "operations": operations,
        "traits": { "smithy.protocols#rpcv2Json": {} },
    });
    let name = path.file_name().unwrap().to_str().unwrap();
    (name.to_owned(), model)
}

/// The operations that can be waited on, with their waiters.
fn waitable(model: &Value) -> impl Iterator<Item = (&String, &serde_json::Map<String, Value>)> {
    let shapes = model["shapes"].as_object().unwrap().iter();
    shapes.filter_map(|(id, shape)| {
        let waiters = shape["traits"]["smithy.waiters#waitable"].as_object()?;
        Some((id, waiters))
    })
}

/// The names of the waiters in a model.
pub(crate) fn names(model: &Value) -> Vec<&String> {
    waitable(model)
        .flat_map(|(_, waiters)| waiters.keys())
        .collect()
}
