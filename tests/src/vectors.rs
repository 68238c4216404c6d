//! Requests that official SDKs sent.
#![allow(clippy::unwrap_used)] // Of the test data's own form; a test that reads it fails by panicking.

use crate::token_service::Request;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// A request that an official SDK sent for an input.
#[derive(Debug)]
pub struct Vector {
    /// The SDK, and its version where there are several.
    pub sdk: String,
    /// The service, operation and kind of input, such as `cc.create.min`.
    pub label: String,
    /// `cc` for CodeCatalyst, `r53` for Route 53 Global Resolver.
    pub service: String,
    /// The operation's name.
    pub operation: String,
    /// The input, as JSON; timestamps are objects with `secs`.
    pub input: Value,
    recorded: Value,
}

/// All recorded requests; nothing where they are absent, which is said.
///
/// # Panics
///
/// Test data of another form.
#[must_use]
pub fn load() -> Option<Vec<Vector>> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/conformance/wire/vectors.json"
    );
    let Ok(text) = std::fs::read(path) else {
        println!("skipped 1 file of vectors: {path} is absent");
        return None;
    };
    let vectors: Vec<Value> = serde_json::from_slice(&text).unwrap();
    let vectors = vectors.into_iter().filter(|vector| vector["sent"] == true);
    Some(vectors.map(Vector::new).collect())
}

impl Vector {
    fn new(recorded: Value) -> Self {
        let text = |name: &str| recorded[name].as_str().unwrap().to_owned();
        Self {
            sdk: text("sdk"),
            label: text("label"),
            service: text("service"),
            operation: text("op"),
            input: recorded["input"].clone(),
            recorded,
        }
    }

    /// The SDK and the label.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.sdk, self.label)
    }

    /// The request that was sent.
    ///
    /// # Panics
    ///
    /// Test data of another form.
    #[must_use]
    pub fn request(&self) -> Request {
        let text = |name: &str| self.recorded[name].as_str().unwrap();
        let (path, query) = text("target")
            .split_once('?')
            .unwrap_or((text("target"), ""));
        let mut headers = HeaderMap::new();
        for (name, value) in self.recorded["headers"].as_object().unwrap() {
            headers.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value.as_str().unwrap()).unwrap(),
            );
        }
        Request {
            method: text("method").parse().unwrap(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: text("body").as_bytes().to_vec(),
        }
    }
}
