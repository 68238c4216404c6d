//! `aws.protocols#awsJson1_0` and `aws.protocols#awsJson1_1`: one path for all operations, and JSON
//! bodies.
//!
//! Source: Smithy 2.0, "AWS JSON 1.0 protocol" and "AWS JSON 1.1 protocol".

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Request, Response};

use super::partial::read_partly;
use super::{ErrorCode, Protocol, json_error, rpc};
#[cfg(feature = "event-stream")]
use crate::event_stream::{Documents, WriteDocument};
use crate::json::{self, Dialect, JsonWriter, Scope, Timestamps};
use crate::operation::OperationSchema;
use crate::request::set_header;
use crate::schema::{Schema, TimestampFormat};
use crate::shape::{ReadError, Structure, WriteError};

/// The protocols `aws.protocols#awsJson1_0` and `aws.protocols#awsJson1_1`, which differ in the media
/// type of their bodies.
#[derive(Clone, Copy, Debug)]
pub struct AwsJson {
    content_type: &'static str,
}

/// `aws.protocols#awsJson1_0` for a [`ServiceSchema`](crate::operation::ServiceSchema).
pub static AWS_JSON_1_0: AwsJson = AwsJson {
    content_type: "application/x-amz-json-1.0",
};

/// `aws.protocols#awsJson1_1` for a [`ServiceSchema`](crate::operation::ServiceSchema).
pub static AWS_JSON_1_1: AwsJson = AwsJson {
    content_type: "application/x-amz-json-1.1",
};

/// Names the service and the operation.
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

static DIALECT: Dialect = Dialect {
    json_names: false,
    timestamps: Timestamps::Default(TimestampFormat::EpochSeconds),
    big_number_strings: false,
};

impl Protocol for AwsJson {
    /// An operation without input has an empty object for its body.
    fn write_request(
        &self,
        operation: &'static OperationSchema,
        input: &dyn Structure,
    ) -> Result<Request<Bytes>, WriteError> {
        let mut writer = JsonWriter::of_members(&DIALECT);
        input.write(&mut writer)?;
        let mut request = rpc::post("/", writer.end_members())?;
        let target = format!("{}.{}", operation.service.name(), operation.name());
        let headers = request.headers_mut();
        set_header(
            headers,
            CONTENT_TYPE,
            HeaderValue::from_static(self.content_type),
        );
        set_header(headers, TARGET, rpc::header_value(target)?);
        Ok(request)
    }

    fn read_output(
        &self,
        operation: &'static OperationSchema,
        response: &Response<Bytes>,
        output: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        rpc::read_body(response.body(), operation.output, |body| {
            json::read_members(&DIALECT, body, operation.output, Scope::All, output)
        })
    }

    #[cfg(feature = "test-util")]
    fn write_response(&self, answer: &super::Answer<'_>) -> Result<Response<Bytes>, WriteError> {
        let mut writer = JsonWriter::of_members(&DIALECT);
        answer.write_members(&mut writer)?;
        answer.response(writer.end_members(), self.content_type)
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
        let read = |error: &mut dyn Structure| {
            let read = json::read_members(&DIALECT, response.body(), schema, Scope::All, error);
            read.unwrap_or_default()
        };
        let message = || json_error::read_error_code(response).message;
        Ok(read_partly(schema, error, read, message))
    }
}

#[cfg(feature = "event-stream")]
impl Documents for AwsJson {
    fn media_type(&self) -> &'static str {
        "application/json"
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
