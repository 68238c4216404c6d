//! What a service answers.

use serde_json::{Map, Value, json};

/// The status, headers and body of an answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        }
    }

    pub(super) fn canned(
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: &'static str,
    ) -> Self {
        let headers = headers.iter();
        Self {
            status,
            headers: headers
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    pub(super) fn html(status: u16) -> Self {
        Self {
            status,
            headers: vec![("content-type", "text/html".to_owned())],
            body: b"<html><body><h1>Something went wrong</h1></body></html>".to_vec(),
        }
    }
}

/// An error of a service, modelled or not.
#[derive(Clone, Debug)]
pub(super) struct ApiError {
    pub(super) status: u16,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// Members besides the message.
    members: Map<String, Value>,
    retry_after: Option<u32>,
}

impl ApiError {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            members: Map::new(),
            retry_after: None,
        }
    }

    /// With a member besides the message.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// With a `Retry-After` header.
    pub(super) fn retry_after(mut self, seconds: Option<u32>) -> Self {
        self.retry_after = seconds;
        self
    }

    /// A request that cannot be read.
    pub(super) fn serialization(message: impl Into<String>) -> Self {
        Self::new(400, "SerializationException", message)
    }
}

impl From<ApiError> for Reply {
    fn from(error: ApiError) -> Self {
        let mut members = error.members;
        members.insert("message".to_owned(), json!(error.message));
        let mut reply = Self::json(error.status, &Value::Object(members));
        reply
            .headers
            .push(("x-amzn-errortype", error.code.to_owned()));
        if let Some(seconds) = error.retry_after {
            reply.headers.push(("retry-after", seconds.to_string()));
        }
        reply
    }
}
