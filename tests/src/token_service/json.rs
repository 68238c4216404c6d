//! Reading the JSON object in a request's body.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::reply::ApiError;
use super::request::Request;

/// The members of a request's body that have not been read yet.
///
/// Stricter than the real services: a member that the operation does not have and a `null` are errors,
/// since a client should send neither.
pub(super) struct Members(Map<String, Value>);

impl Members {
    pub(super) fn of(request: &Request) -> Result<Self, ApiError> {
        if request.header("content-type") != Some("application/json") {
            let message = "the content type is not application/json";
            return Err(ApiError::new(415, "UnsupportedMediaTypeException", message));
        }
        match serde_json::from_slice(&request.body) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(ApiError::serialization("the body is not a JSON object")),
            Err(_) => Err(ApiError::serialization("the body is not JSON")),
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, ApiError> {
        self.take(name, "a string", |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
    }

    pub(super) fn integer(&mut self, name: &str) -> Result<Option<i64>, ApiError> {
        self.take(name, "an integer", |value| value.as_i64())
    }

    /// A timestamp in the format `date-time`.
    pub(super) fn date_time(&mut self, name: &str) -> Result<Option<Timestamp>, ApiError> {
        self.take(name, "a date-time", |value| {
            let text = value.as_str()?;
            let utc = text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T');
            utc.then(|| text.parse().ok()).flatten()
        })
    }

    /// A map of strings, in the order of its keys.
    pub(super) fn texts(&mut self, name: &str) -> Result<Option<Vec<(String, String)>>, ApiError> {
        self.take(name, "a map of strings", |value| match value {
            Value::Object(entries) => entries
                .into_iter()
                .map(|(key, value)| Some((key, value.as_str()?.to_owned())))
                .collect(),
            _ => None,
        })
    }

    /// Refuses what is left.
    pub(super) fn finish(self) -> Result<(), ApiError> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => Err(ApiError::serialization(format!("unknown member {name:?}"))),
        }
    }

    fn take<T>(
        &mut self,
        name: &str,
        expected: &str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        let Some(value) = self.0.remove(name) else {
            return Ok(None);
        };
        match read(value) {
            Some(value) => Ok(Some(value)),
            None => Err(ApiError::serialization(format!("{name} is not {expected}"))),
        }
    }
}
