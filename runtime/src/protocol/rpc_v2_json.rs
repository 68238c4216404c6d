//! `smithy.protocols#rpcv2Json`.
//!
//! Source: Smithy 2.0, "Smithy RPC v2 JSON protocol".

use bytes::Bytes;
use http::{Request, Response};

use super::partial::read_partly;
use super::rpc_v2::Flavour;
use super::{ErrorCode, Protocol, json_error};
#[cfg(feature = "event-stream")]
use crate::event_stream::{Documents, WriteDocument};
use crate::json::{self, Dialect, JsonWriter, Scope, Timestamps};
use crate::operation::OperationSchema;
use crate::schema::{Schema, TimestampFormat};
use crate::shape::{ReadError, Structure, WriteError};

/// The protocol `smithy.protocols#rpcv2Json`.
#[derive(Clone, Copy, Debug)]
pub struct RpcV2Json;

/// The protocol for a [`ServiceSchema`](crate::operation::ServiceSchema).
pub static RPC_V2_JSON: RpcV2Json = RpcV2Json;

const FLAVOUR: Flavour = Flavour {
    name: "rpc-v2-json",
    media_type: "application/json",
};

static DIALECT: Dialect = Dialect {
    json_names: false,
    timestamps: Timestamps::Fixed(TimestampFormat::EpochSeconds),
    big_number_strings: true,
};

impl Protocol for RpcV2Json {
    fn write_request(
        &self,
        operation: &'static OperationSchema,
        input: &dyn Structure,
    ) -> Result<Request<Bytes>, WriteError> {
        FLAVOUR.request(operation, || {
            let mut writer = JsonWriter::of_members(&DIALECT);
            input.write(&mut writer)?;
            Ok(writer.end_members())
        })
    }

    fn read_output(
        &self,
        operation: &'static OperationSchema,
        response: &Response<Bytes>,
        output: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        FLAVOUR.read_output(operation, response, |body| {
            json::read_members(&DIALECT, body, operation.output, Scope::All, output)
        })
    }

    #[cfg(feature = "test-util")]
    fn write_response(&self, answer: &super::Answer<'_>) -> Result<Response<Bytes>, WriteError> {
        FLAVOUR.response(answer, || {
            let mut writer = JsonWriter::of_members(&DIALECT);
            answer.write_members(&mut writer)?;
            Ok(writer.end_members())
        })
    }

    #[cfg(feature = "event-stream")]
    fn documents(&self) -> Option<&dyn Documents> {
        Some(self)
    }

    fn read_error_code(&self, response: &Response<Bytes>) -> ErrorCode {
        if FLAVOUR.claims(response) {
            json_error::read_typed_body(response.body())
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
            let read = json::read_members(&DIALECT, response.body(), schema, Scope::All, error);
            read.unwrap_or_default()
        };
        let message = || json_error::read_typed_body(response.body()).message;
        Ok(read_partly(schema, error, read, message))
    }
}

#[cfg(feature = "event-stream")]
impl Documents for RpcV2Json {
    fn media_type(&self) -> &'static str {
        FLAVOUR.media_type
    }

    fn write_members(&self, write: &mut WriteDocument<'_>) -> Result<Vec<u8>, WriteError> {
        let mut writer = JsonWriter::of_members(&DIALECT);
        write(&mut writer)?;
        Ok(writer.end_members())
    }

    fn read_members(
        &self,
        body: &[u8],
        schema: &'static Schema,
        into: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        json::read_members(&DIALECT, body, schema, Scope::All, into)
    }
}
