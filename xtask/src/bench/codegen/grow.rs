//! Larger models made of a smaller one: its shapes again, under other names.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

/// The traits that say where requests go; no two operations may share a route.
const HTTP: &str = "smithy.api#http";
/// The members of a service that list shapes which belong to it.
const CLOSURE: [&str; 3] = ["operations", "resources", "errors"];

/// The model in `text` with all shapes but services `times` times.
///
/// # Errors
///
/// Text that is no model in the JSON AST.
pub(super) fn repeated(text: &str, times: usize) -> Result<String> {
    let mut model: Value = serde_json::from_str(text)?;
    let shapes = model.get("shapes").and_then(Value::as_object);
    let shapes = shapes.context("the model has no shapes")?.clone();
    let copied: BTreeSet<&String> = shapes
        .iter()
        .filter(|(_, shape)| is_copied(shape))
        .map(|(id, _)| id)
        .collect();
    let mut grown = shapes.clone();
    for number in 2..=times {
        let copy = Copy {
            number,
            of: &copied,
        };
        for (id, shape) in &shapes {
            if copied.contains(id) {
                grown.insert(copy.id(id), copy.shape(shape));
            } else {
                copy.extend(grown.get_mut(id), shape);
            }
        }
    }
    model["shapes"] = Value::Object(grown);
    Ok(model.to_string())
}

/// Services stay one, traits mean the same for all copies, and what is applied to a shape elsewhere does
/// not make a shape.
fn is_copied(shape: &Value) -> bool {
    let is_trait = shape.pointer("/traits/smithy.api#trait").is_some();
    let kind = shape.get("type").and_then(Value::as_str);
    !is_trait && !matches!(kind, Some("service" | "apply") | None)
}

/// The copy of this number of all these shapes.
struct Copy<'a> {
    number: usize,
    of: &'a BTreeSet<&'a String>,
}

impl Copy<'_> {
    fn id(&self, id: &str) -> String {
        format!("{id}Copy{}", self.number)
    }

    /// The shape with the copies of all shapes that it refers to, and with routes of its own.
    fn shape(&self, shape: &Value) -> Value {
        match shape {
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| match name.as_str() {
                    HTTP => (name.clone(), self.route(value)),
                    _ => (name.clone(), self.shape(value)),
                });
                Value::Object(members.collect::<Map<_, _>>())
            }
            Value::Array(items) => items.iter().map(|item| self.shape(item)).collect(),
            Value::String(text) if self.of.contains(text) => self.id(text).into(),
            other => other.clone(),
        }
    }

    fn route(&self, http: &Value) -> Value {
        let mut http = http.clone();
        if let Some(uri) = http.get_mut("uri") {
            let old = uri.as_str().unwrap_or_default();
            *uri = format!("/copy{}{old}", self.number).into();
        }
        http
    }

    /// Adds to a service what the copies of its operations, resources and errors are.
    fn extend(&self, grown: Option<&mut Value>, service: &Value) {
        let Some(grown) = grown else { return };
        for list in CLOSURE {
            let copies = service.get(list).map(|items| self.shape(items));
            let copies = copies.as_ref().and_then(Value::as_array);
            let all = grown.get_mut(list).and_then(Value::as_array_mut);
            if let (Some(all), Some(copies)) = (all, copies) {
                all.extend(copies.iter().cloned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tinsmith_codegen::{Options, generate};
    use tinsmith_model::{Problem, Sources, check, link, load};

    use super::repeated;
    use crate::workspace;

    /// Growth is measured with these models, so they must be models, and of the size they claim.
    #[test]
    fn a_repeated_model_has_every_operation_again() {
        let file = workspace().join("model/services/codecatalyst-access-tokens.json");
        let text = fs::read_to_string(file).unwrap();
        let operations = |times| {
            let mut sources = Sources::new();
            sources.add("repeated.json", repeated(&text, times).unwrap());
            let mut problems = Vec::new();
            let ast = load::load(&sources, &mut problems);
            let model = link::link(ast, &mut problems);
            check::check(&model, &mut problems);
            assert!(!problems.iter().any(Problem::is_error), "{problems:#?}");
            let package = generate(&model, &Options::new("repeated")).unwrap();
            package.summary.operations
        };
        assert_eq!((operations(1), operations(3)), (3, 9));
    }
}
