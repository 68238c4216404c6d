//! How requests are written and responses are read: one visitor pair a protocol.

#[cfg(feature = "test-util")]
mod answer;
#[cfg(feature = "aws-json")]
mod aws_json;
#[cfg(any(feature = "aws-json", feature = "rest-json-1", feature = "rpc-v2-json"))]
mod json_error;
mod partial;
#[cfg(feature = "rest-json-1")]
mod rest_json;
mod rpc;
mod rpc_v2;
#[cfg(feature = "rpc-v2-cbor")]
mod rpc_v2_cbor;
#[cfg(feature = "rpc-v2-json")]
mod rpc_v2_json;

#[cfg(feature = "test-util")]
pub use answer::Answer;
#[cfg(feature = "aws-json")]
pub use aws_json::{AWS_JSON_1_0, AWS_JSON_1_1, AwsJson};
#[cfg(feature = "rest-json-1")]
pub use rest_json::{REST_JSON_1, RestJson1};
#[cfg(feature = "rpc-v2-cbor")]
pub use rpc_v2_cbor::{RPC_V2_CBOR, RpcV2Cbor};
#[cfg(feature = "rpc-v2-json")]
pub use rpc_v2_json::{RPC_V2_JSON, RpcV2Json};

use std::fmt::Debug;

use bytes::Bytes;

#[cfg(feature = "event-stream")]
use crate::event_stream::Documents;
use crate::operation::OperationSchema;
use crate::schema::Schema;
use crate::shape::{ReadError, Structure, WriteError};

/// A Smithy protocol.
pub trait Protocol: Debug + Send + Sync {
    /// Writes `input` as a request whose URI is a path and query, relative to the endpoint.
    ///
    /// # Errors
    ///
    /// What cannot be sent: a value that the protocol has no form for, an empty label.
    fn write_request(
        &self,
        operation: &'static OperationSchema,
        input: &dyn Structure,
    ) -> Result<http::Request<Bytes>, WriteError>;

    /// Reads a success into `output` and returns the required members that were missing, as JSON
    /// pointers.
    ///
    /// # Errors
    ///
    /// A body that is not what the protocol says. The error never holds the body.
    fn read_output(
        &self,
        operation: &'static OperationSchema,
        response: &http::Response<Bytes>,
        output: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError>;

    /// Finds out which error a response is, whatever its body is.
    fn read_error_code(&self, response: &http::Response<Bytes>) -> ErrorCode;

    /// Reads a modelled error as far as it can be read, and returns the required members that were
    /// missing, as JSON pointers. A header that does not fit its member, or a body that breaks off,
    /// takes nothing from the rest.
    ///
    /// # Errors
    ///
    /// An error of which nothing can be made.
    fn read_error(
        &self,
        schema: &'static Schema,
        response: &http::Response<Bytes>,
        error: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError>;

    /// Writes a response as the service would: the other end of
    /// [`read_output`](Self::read_output) and [`read_error`](Self::read_error), by which a test plays
    /// the service. A stream of bytes takes the place of the body afterwards.
    ///
    /// # Errors
    ///
    /// A value that the protocol has no form for, and a protocol that cannot play the service, which
    /// is the default.
    #[cfg(feature = "test-util")]
    fn write_response(&self, answer: &Answer<'_>) -> Result<http::Response<Bytes>, WriteError> {
        let _ = answer;
        Err(WriteError::new("the protocol cannot play the service"))
    }

    /// The documents that events hold; `None` for a protocol without event streams.
    #[cfg(feature = "event-stream")]
    fn documents(&self) -> Option<&dyn Documents> {
        None
    }
}

/// The shape's name in a code such as `aws.protocoltests#FooError:http://example.com/`.
pub(crate) fn clean_code(code: &str) -> Option<String> {
    let code = code.split(':').next().unwrap_or_default();
    let code = code.rsplit('#').next().unwrap_or_default().trim();
    (!code.is_empty()).then(|| code.to_owned())
}

/// What can be told of an error response without knowing its shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorCode {
    /// The shape's name, cleaned of namespace and URI.
    pub code: Option<String>,
    /// The message.
    pub message: Option<String>,
}
