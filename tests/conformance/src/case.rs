//! Test cases as the generated program reads them, and outcomes as it writes them.

use serde::{Deserialize, Serialize};

use crate::json::Json;

/// A test, with what it belongs to.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// The suite that runs it.
    pub suite: String,
    /// What is tested.
    pub kind: Kind,
    /// The absolute id of the shape that has the test: an operation or an error.
    pub shape: String,
    /// The operation that is called.
    pub operation: String,
    /// The test as the model has it.
    pub test: Json,
}

/// What a test is about.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// `smithy.test#httpRequestTests`.
    Request,
    /// `smithy.test#httpResponseTests` of an operation.
    Response,
    /// `smithy.test#httpResponseTests` of an error.
    Error,
    /// `smithy.test#eventStreamTests`.
    EventStream,
    /// `smithy.test#httpMalformedRequestTests` that a constraint of the model makes malformed.
    Malformed,
}

/// What became of a test.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome<'a> {
    /// The suite.
    pub suite: &'a str,
    /// What was tested.
    pub kind: Kind,
    /// The shape that has the test.
    pub shape: &'a str,
    /// The test's id; not unique by itself.
    pub id: &'a str,
    /// What was wrong, or nothing.
    pub failure: Option<String>,
}

impl Case {
    /// The test's id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text("id").unwrap_or_default()
    }

    /// A property of the test that is a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.test.get(name)?.as_str()
    }

    /// A property of the test that is a list of strings; empty where it has none.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        texts(&self.test, name)
    }

    /// The parameters; those of a test without any are an empty object.
    pub(crate) fn params(&self) -> Json {
        let params = self.test.get("params").cloned();
        params.unwrap_or_else(|| Json::Object(std::collections::BTreeMap::new()))
    }

    /// The media type of the body, where that decides how the test writes it: bytes of the CBOR
    /// protocol stand in base64 whether the test says so or not.
    pub(crate) fn media_type(&self) -> Option<&str> {
        let cbor = self.text("protocol") == Some("smithy.protocols#rpcv2Cbor");
        self.text("bodyMediaType")
            .or(cbor.then_some("application/cbor"))
    }
}

/// A list of strings at `name` of an object.
pub(crate) fn texts<'a>(json: &'a Json, name: &str) -> Vec<&'a str> {
    match json.get(name) {
        Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The names and texts at `name` of an object.
pub(crate) fn pairs<'a>(json: &'a Json, name: &str) -> Vec<(&'a str, &'a str)> {
    match json.get(name) {
        Some(Json::Object(entries)) => {
            let entries = entries.iter();
            entries
                .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
                .collect()
        }
        _ => Vec::new(),
    }
}
