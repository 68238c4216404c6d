//! `smithy.protocols#rpcv2Cbor`.
//!
//! Source: Smithy 2.0, "Smithy RPC v2 CBOR protocol".

use bytes::Bytes;
use http::{Request, Response};

use super::partial::read_partly;
use super::rpc_v2::Flavour;
use super::{ErrorCode, Protocol};
use crate::cbor::{self, CborWriter};
#[cfg(feature = "event-stream")]
use crate::event_stream::{Documents, WriteDocument};
use crate::operation::OperationSchema;
use crate::schema::Schema;
use crate::shape::{ReadError, Structure, WriteError};

/// The protocol `smithy.protocols#rpcv2Cbor`.
#[derive(Clone, Copy, Debug)]
pub struct RpcV2Cbor;

/// The protocol for a [`ServiceSchema`](crate::operation::ServiceSchema).
pub static RPC_V2_CBOR: RpcV2Cbor = RpcV2Cbor;

const FLAVOUR: Flavour = Flavour {
    name: "rpc-v2-cbor",
    media_type: "application/cbor",
};

impl Protocol for RpcV2Cbor {
    fn write_request(
        &self,
        operation: &'static OperationSchema,
        input: &dyn Structure,
    ) -> Result<Request<Bytes>, WriteError> {
        FLAVOUR.request(operation, || {
            let mut writer = CborWriter::of_members()?;
            input.write(&mut writer)?;
            writer.end_members()
        })
    }

    fn read_output(
        &self,
        operation: &'static OperationSchema,
        response: &Response<Bytes>,
        output: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        FLAVOUR.read_output(operation, response, |body| {
            cbor::read_members(body, operation.output, output)
        })
    }

    #[cfg(feature = "test-util")]
    fn write_response(&self, answer: &super::Answer<'_>) -> Result<Response<Bytes>, WriteError> {
        FLAVOUR.response(answer, || {
            let mut writer = CborWriter::of_members()?;
            answer.write_members(&mut writer)?;
            writer.end_members()
        })
    }

    #[cfg(feature = "event-stream")]
    fn documents(&self) -> Option<&dyn Documents> {
        Some(self)
    }

    fn read_error_code(&self, response: &Response<Bytes>) -> ErrorCode {
        if FLAVOUR.claims(response) {
            cbor::read_typed_body(response.body())
        } else {
            ErrorCode::default()
        }
    }

    fn read_error(
        &self,
        schema: &'static Schema,
        response: &Response<Bytes>,
        error: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        let read = |error: &mut dyn Structure| {
            cbor::read_members(response.body(), schema, error).unwrap_or_default()
        };
        let message = || cbor::read_typed_body(response.body()).message;
        Ok(read_partly(schema, error, read, message))
    }
}

#[cfg(feature = "event-stream")]
impl Documents for RpcV2Cbor {
    fn media_type(&self) -> &'static str {
        FLAVOUR.media_type
    }

    fn write_members(&self, write: &mut WriteDocument<'_>) -> Result<Vec<u8>, WriteError> {
        let mut writer = CborWriter::of_members()?;
        write(&mut writer)?;
        writer.end_members()
    }

    fn read_members(
        &self,
        body: &[u8],
        schema: &'static Schema,
        into: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        cbor::read_members(body, schema, into)
    }
}
