//! What a call came to, in terms that both clients share.

use serde_json::{Value, json};

/// What a call came to, and what is known of its response.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The result.
    pub result: CallResult,
    /// The status of the response, where the client tells it.
    pub status: Option<u16>,
    /// The id of the request, where the client tells it.
    pub request_id: Option<String>,
}

/// The result of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum CallResult {
    /// An output, with its members by their names in the model.
    Output(Value),
    /// An error of the model.
    Modeled {
        /// Its name.
        shape: String,
        /// Its members.
        members: Value,
    },
    /// An error that the client has no type for, or could not read.
    Unmodeled {
        /// The code.
        code: Option<String>,
        /// The message.
        message: Option<String>,
    },
    /// A response that the client could not read, with what it says of it.
    Unreadable(String),
    /// Nothing was sent, and why.
    Refused(String),
    /// Anything else, which is a fault of this program.
    Other(String),
}

impl CallResult {
    /// The kind of result, and what of it must be equal.
    pub fn parts(&self) -> (&'static str, Value) {
        match self {
            Self::Output(members) => ("output", members.clone()),
            Self::Modeled { shape, members } => (
                "modelled error",
                json!({"shape": shape, "members": members}),
            ),
            Self::Unmodeled { code, message } => (
                "unmodelled error",
                json!({"code": code, "message": message}),
            ),
            Self::Unreadable(_) => ("unreadable response", Value::Null),
            Self::Refused(_) => ("refusal", Value::Null),
            Self::Other(why) => ("failure", why.as_str().into()),
        }
    }
}
