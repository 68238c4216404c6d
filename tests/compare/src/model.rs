//! What this program needs of a Smithy model: shapes, members and the traits in force.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

/// The shapes of a model, as the JSON AST has them.
#[derive(Debug)]
pub struct Model {
    namespace: String,
    shapes: Map<String, Value>,
}

/// A member, with the id of its structure and what is said of it there.
#[derive(Clone, Copy, Debug)]
pub struct Member<'m> {
    /// Its name.
    pub name: &'m str,
    /// The id of the shape it targets.
    pub target: &'m str,
    own: &'m Value,
    model: &'m Model,
}

impl Model {
    /// Reads the model of one service.
    pub fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut document: Value = serde_json::from_slice(&text)?;
        let shapes = match document["shapes"].take() {
            Value::Object(shapes) => shapes,
            _ => anyhow::bail!("{} has no shapes", path.display()),
        };
        let service = shapes.iter().find(|(_, shape)| shape["type"] == "service");
        let namespace = service
            .and_then(|(id, _)| id.split_once('#'))
            .with_context(|| format!("{} has no service", path.display()))?
            .0
            .to_owned();
        Ok(Self { namespace, shapes })
    }

    /// The JSON of a shape; null for one of the prelude.
    pub fn shape(&self, id: &str) -> &Value {
        self.shapes.get(id).unwrap_or(&Value::Null)
    }

    /// The type of a shape, that of the prelude's included.
    pub fn kind(&self, id: &str) -> String {
        match self.shape(id)["type"].as_str() {
            Some(kind) => kind.to_owned(),
            None => id.trim_start_matches("smithy.api#").to_lowercase(),
        }
    }

    /// The names of all operations, in the order of the model.
    pub fn operations(&self) -> Vec<&str> {
        self.named("operation")
    }

    /// The names of the errors, in the order of the model.
    pub fn errors(&self) -> Vec<&str> {
        let is_error =
            |name: &&str| !self.shape(&self.id(name))["traits"]["smithy.api#error"].is_null();
        self.named("structure")
            .into_iter()
            .filter(is_error)
            .collect()
    }

    fn named(&self, kind: &str) -> Vec<&str> {
        let of_kind = self
            .shapes
            .iter()
            .filter(|(_, shape)| shape["type"] == kind);
        of_kind
            .filter_map(|(id, _)| Some(id.split_once('#')?.1))
            .collect()
    }

    /// The id of the shape of this name.
    pub fn id(&self, name: &str) -> String {
        format!("{}#{name}", self.namespace)
    }

    /// The id of an operation's `input` or `output`.
    pub fn part(&self, operation: &str, part: &str) -> &str {
        let operation = self.shape(&self.id(operation));
        self.shapes
            .get_key_value(operation[part]["target"].as_str().unwrap_or_default())
            .map_or("", |(id, _)| id)
    }

    /// The status of an operation's success, or of an error.
    pub fn status(&self, name: &str) -> u16 {
        let traits = &self.shape(&self.id(name))["traits"];
        let code = &traits["smithy.api#http"]["code"];
        let status = code.as_u64().or(traits["smithy.api#httpError"].as_u64());
        status
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(200)
    }

    /// The members of a structure.
    pub fn members(&self, id: &str) -> Vec<Member<'_>> {
        let members = self.shape(id)["members"].as_object();
        let members = members.into_iter().flatten();
        members
            .map(|(name, own)| self.member_of(name, own))
            .collect()
    }

    /// The `member`, `key` or `value` of a list or map.
    pub fn member<'m>(&'m self, id: &str, name: &'static str) -> Member<'m> {
        self.member_of(name, &self.shape(id)[name])
    }

    fn member_of<'m>(&'m self, name: &'m str, own: &'m Value) -> Member<'m> {
        Member {
            name,
            target: own["target"].as_str().unwrap_or_default(),
            own,
            model: self,
        }
    }
}

impl Member<'_> {
    /// The value of a trait: the member's own, else its target's; null where there is none.
    pub fn get(&self, name: &str) -> &Value {
        let id = format!("smithy.api#{name}");
        match &self.own["traits"][&id] {
            Value::Null => &self.model.shape(self.target)["traits"][&id],
            own => own,
        }
    }

    /// Whether a trait is there.
    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_null()
    }
}
