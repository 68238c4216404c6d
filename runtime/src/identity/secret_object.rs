//! JSON objects whose texts may be secrets.

use serde_json::{Map, Value};
use zeroize::{Zeroize, Zeroizing};

/// A JSON object that is wiped when it is dropped. It has no `Debug`, and its errors hold none of its
/// text.
#[derive(Default)]
pub(super) struct SecretObject(Map<String, Value>);

impl SecretObject {
    /// Reads an object; the error says where it is broken.
    pub(super) fn parse(json: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(json).map(Self).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            format!("not a JSON object at line {line}, column {column}")
        })
    }

    /// The text of a member.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// The text of a member that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, String> {
        self.text(name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| format!("`{name}` is missing"))
    }

    /// The whole number of a member.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    /// The object of a member, which is taken out.
    pub(super) fn take_object(&mut self, name: &str) -> Option<Self> {
        match self.0.remove(name)? {
            Value::Object(members) => Some(Self(members)),
            mut other => {
                wipe(&mut other);
                None
            }
        }
    }

    /// Sets the text of a member, and wipes what it was before.
    pub(super) fn set(&mut self, name: &str, text: &str) {
        if let Some(mut before) = self.0.insert(name.to_owned(), Value::from(text)) {
            wipe(&mut before);
        }
    }

    /// The object as JSON.
    pub(super) fn to_json(&self) -> Zeroizing<Vec<u8>> {
        // Room for all of it, since a buffer that grows leaves copies behind.
        let mut json = Zeroizing::new(Vec::with_capacity(16 * 1024));
        // Writing JSON of texts to memory does not fail.
        let _ = serde_json::to_writer(&mut *json, &self.0);
        json
    }
}

impl Drop for SecretObject {
    fn drop(&mut self) {
        self.0.values_mut().for_each(wipe);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects the secret in a broken document, and members that must be there.
    #[test]
    fn errors_tell_places_and_names() {
        let broken = SecretObject::parse(b"{\"a\":\"secret\n").err().unwrap();
        assert_eq!(broken, "not a JSON object at line 2, column 0");
        let object = SecretObject::parse(br#"{"a":"","b":1}"#).unwrap();
        for name in ["a", "b", "c"] {
            assert_eq!(
                object.required(name).unwrap_err(),
                format!("`{name}` is missing")
            );
        }
    }

    /// Protects against secrets that stay in memory: every text of an object is overwritten.
    #[test]
    fn every_text_is_wiped() {
        let mut value = serde_json::json!({"a": "secret", "b": {"c": ["secret"]}, "d": 1});
        wipe(&mut value);
        assert_eq!(
            value,
            serde_json::json!({"a": "", "b": {"c": [""]}, "d": 1})
        );
    }
}
