//! What `smithy.protocols#rpcv2Cbor` and `smithy.protocols#rpcv2Json` share: a path made of the names of
//! service and operation, and a header that names the protocol in requests and responses.
//!
//! Source: Smithy 2.0, "Smithy RPC v2 CBOR protocol" and "Smithy RPC v2 JSON protocol".

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request, Response};

use super::rpc;
use crate::operation::OperationSchema;
use crate::request::set_header;
use crate::schema::{Schema, prelude};
use crate::shape::{ReadError, WriteError};

const SMITHY_PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");

/// What the two protocols differ in, apart from their documents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flavour {
    /// The value of the header `Smithy-Protocol`.
    pub(super) name: &'static str,
    /// The media type of bodies.
    pub(super) media_type: &'static str,
}

impl Flavour {
    /// A request with the document that `write` writes, which is none where the operation has no input.
    pub(super) fn request(
        &self,
        operation: &OperationSchema,
        write: impl FnOnce() -> Result<Vec<u8>, WriteError>,
    ) -> Result<Request<Bytes>, WriteError> {
        let (service, name) = (operation.service.name(), operation.name());
        let path = format!("/service/{service}/operation/{name}");
        let has_input = !is_unit(operation.input);
        let body = if has_input { write()? } else { Vec::new() };
        let mut request = rpc::post(&path, body)?;
        let headers = request.headers_mut();
        set_header(
            headers,
            SMITHY_PROTOCOL,
            HeaderValue::from_static(self.name),
        );
        let accepted = match operation.output.streaming_member() {
            Some(_) => "application/vnd.amazon.eventstream",
            None => self.media_type,
        };
        set_header(headers, ACCEPT, HeaderValue::from_static(accepted));
        if has_input {
            set_header(
                headers,
                CONTENT_TYPE,
                HeaderValue::from_static(self.media_type),
            );
        }
        Ok(request)
    }

    /// A response with the document that `write` writes, which is none where the operation has no
    /// output.
    #[cfg(feature = "test-util")]
    pub(super) fn response(
        &self,
        answer: &super::Answer<'_>,
        write: impl FnOnce() -> Result<Vec<u8>, WriteError>,
    ) -> Result<Response<Bytes>, WriteError> {
        let body = if is_unit(answer.schema) {
            Vec::new()
        } else {
            write()?
        };
        let mut response = answer.response(body, self.media_type)?;
        let name = HeaderValue::from_static(self.name);
        response.headers_mut().insert(SMITHY_PROTOCOL, name);
        Ok(response)
    }

    /// Whether a response says that it is of this protocol. Of one that does not, nothing but the status
    /// may be relied on.
    ///
    /// Source: as above, "Operation response deserialization".
    pub(super) fn claims(&self, response: &Response<Bytes>) -> bool {
        let name = response.headers().get(SMITHY_PROTOCOL);
        name.is_some_and(|name| name.as_bytes() == self.name.as_bytes())
    }

    /// Reads the document of a success with `read`.
    pub(super) fn read_output(
        &self,
        operation: &OperationSchema,
        response: &Response<Bytes>,
        read: impl FnOnce(&[u8]) -> Result<Vec<String>, ReadError>,
    ) -> Result<Vec<String>, ReadError> {
        if !self.claims(response) {
            let message = format!(
                "the response does not say in `Smithy-Protocol` that it is of the protocol {}",
                self.name
            );
            return Err(ReadError::new(message));
        }
        // What a service sends where it has nothing to say is not for us to read.
        if is_unit(operation.output) {
            return Ok(Vec::new());
        }
        rpc::read_body(response.body(), operation.output, read)
    }
}

/// Whether an operation has no input or no output, rather than one without members.
fn is_unit(schema: &Schema) -> bool {
    schema.id == prelude::UNIT.id
}
