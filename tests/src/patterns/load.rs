//! The patterns of a folder of Smithy models.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::Value;

/// Every distinct `smithy.api#pattern` of the JSON models below `folder`, with how often it is
/// applied. Files that are not Smithy models are passed over.
///
/// # Errors
///
/// The folder or a file in it cannot be read.
pub fn patterns(folder: &Path) -> anyhow::Result<BTreeMap<String, usize>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                if let Ok(model) = serde_json::from_str::<Value>(&text) {
                    collect(&model, &mut found);
                }
            }
        }
    }
    Ok(found)
}

fn collect(model: &Value, found: &mut BTreeMap<String, usize>) {
    let shapes = model.get("shapes").and_then(Value::as_object);
    for shape in shapes.into_iter().flat_map(|shapes| shapes.values()) {
        let members = shape.get("members").and_then(Value::as_object);
        let members = members.into_iter().flat_map(|members| members.values());
        let single = ["member", "key", "value"]
            .into_iter()
            .filter_map(|name| shape.get(name));
        for traits in members
            .chain(single)
            .chain([shape])
            .filter_map(|one| one.get("traits"))
        {
            if let Some(pattern) = traits.get("smithy.api#pattern").and_then(Value::as_str) {
                *found.entry(pattern.to_owned()).or_default() += 1;
            }
        }
    }
}
