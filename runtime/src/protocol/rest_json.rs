//! `aws.protocols#restJson1`: HTTP bindings with JSON bodies.
//!
//! Source: Smithy 2.0, "AWS restJson1 protocol".

use bytes::Bytes;
use http::{Request, Response};

use super::partial::read_partly;
use super::{ErrorCode, Protocol, json_error};
#[cfg(feature = "event-stream")]
use crate::event_stream::Documents;
use crate::http::{BodyFormat, read_error, read_response, write_request};
use crate::json::{self, Dialect, JsonWriter, Scope, Timestamps};
use crate::operation::OperationSchema;
use crate::schema::{Schema, TimestampFormat};
use crate::shape::{ReadError, ShapeReader, Structure, WriteError};

/// The protocol `aws.protocols#restJson1`.
#[derive(Clone, Copy, Debug)]
pub struct RestJson1;

/// The protocol for a [`ServiceSchema`](crate::operation::ServiceSchema).
pub static REST_JSON_1: RestJson1 = RestJson1;

static DIALECT: Dialect = Dialect {
    json_names: true,
    timestamps: Timestamps::Default(TimestampFormat::EpochSeconds),
    big_number_strings: false,
};

impl Protocol for RestJson1 {
    fn write_request(
        &self,
        operation: &'static OperationSchema,
        input: &dyn Structure,
    ) -> Result<Request<Bytes>, WriteError> {
        write_request(self, operation, input)
    }

    fn read_output(
        &self,
        operation: &'static OperationSchema,
        response: &Response<Bytes>,
        output: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        read_response(self, operation.output, response, output)
    }

    #[cfg(feature = "test-util")]
    fn write_response(&self, answer: &super::Answer<'_>) -> Result<Response<Bytes>, WriteError> {
        crate::http::write_response(self, answer)
    }

    #[cfg(feature = "event-stream")]
    fn documents(&self) -> Option<&dyn Documents> {
        Some(self)
    }

    fn read_error_code(&self, response: &Response<Bytes>) -> ErrorCode {
        json_error::read_error_code(response)
    }

    fn read_error(
        &self,
        schema: &'static Schema,
        response: &Response<Bytes>,
        error: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        let read = |error: &mut dyn Structure| read_error(self, schema, response, error);
        let message = || json_error::read_error_code(response).message;
        Ok(read_partly(schema, error, read, message))
    }
}

impl BodyFormat for RestJson1 {
    type Writer = JsonWriter;

    const CONTENT_TYPE: &'static str = "application/json";

    fn begin_value(&self) -> JsonWriter {
        JsonWriter::of_value(&DIALECT)
    }

    fn end_value(&self, writer: JsonWriter) -> Vec<u8> {
        writer.into_document()
    }

    fn begin_members(&self) -> JsonWriter {
        JsonWriter::of_members(&DIALECT)
    }

    fn end_members(&self, writer: JsonWriter) -> Vec<u8> {
        writer.end_members()
    }

    fn read_members(
        &self,
        body: &[u8],
        schema: &'static Schema,
        into: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        json::read_members(&DIALECT, body, schema, Scope::ResponseBody, into)
    }

    fn read_value(
        &self,
        body: &[u8],
        take: &mut dyn FnMut(&mut dyn ShapeReader) -> Result<(), ReadError>,
    ) -> Result<Vec<String>, ReadError> {
        json::read_value(&DIALECT, body, take)
    }
}
