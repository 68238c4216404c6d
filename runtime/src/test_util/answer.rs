//! Outputs and errors as the responses that a service would make of them.

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use crate::body::Body;
use crate::error::BoxError;
use crate::operation::{Operation, Service, ServiceError};
use crate::protocol::{Answer, Protocol};
use crate::schema::{Fault, Member, Schema, ShapeKind, prelude};
use crate::shape::{Field, ReadError, ShapeReader, ShapeWriter, Structure, WriteError};
use crate::stream::{StreamContext, open};
use crate::validate::{Validation, ValidationOptions};

/// What a rule makes of a request.
pub(super) type Response = Result<http::Response<Body>, BoxError>;

/// The response of a success.
pub(super) fn output<O: Operation>(output: &O::Output) -> Response {
    let protocol = O::SCHEMA.service.protocol;
    let answer = Answer::output(O::SCHEMA, output);
    let (head, bytes) = protocol.write_response(&answer)?.into_parts();
    let body = match O::SCHEMA.output.streaming_member() {
        None => bytes.into(),
        Some((_, member)) if member.target.kind == ShapeKind::Union => {
            return Err(
                "an output with a stream of events cannot be written; give its bytes to \
                 `raw_response`"
                    .into(),
            );
        }
        Some((_, member)) => streamed(output, member, protocol)?,
    };
    Ok(http::Response::from_parts(head, body))
}

/// The body that is a stream of bytes.
fn streamed(
    output: &dyn Structure,
    member: &'static Member,
    protocol: &'static dyn Protocol,
) -> Result<Body, BoxError> {
    let context = StreamContext {
        member,
        protocol,
        validation: Validation::Off,
        validation_options: ValidationOptions::new(),
    };
    match open(output, &context) {
        None => Ok(Body::empty()),
        Some(Some(body)) => Ok(body),
        Some(None) => Err(
            "the output's stream went out with an earlier answer; make it of bytes, or anew for \
             each request with `answer_with`"
                .into(),
        ),
    }
}

/// The response of an error.
pub(super) fn error<O: Operation>(error: &<O::Service as Service>::Error) -> Response {
    if let Some((schema, value)) = error.shape() {
        let status = schema.error.map_or(500, |error| error.status);
        return written::<O>(&Answer::error(status, schema.id, schema, value));
    }
    let details = error.details();
    let status = match (details.metadata.status(), details.fault) {
        (0, Fault::Client) => 400,
        (0, Fault::Server) => 500,
        (status, _) => status,
    };
    coded::<O>(status, details.code.unwrap_or_default(), details.message)
}

/// The response of an error that the model does not have.
pub(super) fn coded<O: Operation>(status: u16, code: &str, message: Option<&str>) -> Response {
    let value = Message(message.map(ToOwned::to_owned));
    written::<O>(&Answer::error(status, code, &ERROR, &value))
}

fn written<O: Operation>(answer: &Answer<'_>) -> Response {
    let protocol = O::SCHEMA.service.protocol;
    Ok(protocol.write_response(answer)?.map(Body::from))
}

/// The response of these parts, whatever they are.
pub(super) fn raw(status: u16, headers: &[(String, String)], body: Bytes) -> Response {
    let mut response = http::Response::new(Body::from(body));
    *response.status_mut() = http::StatusCode::from_u16(status)?;
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes())?;
        let value = HeaderValue::from_bytes(value.as_bytes())?;
        response.headers_mut().append(name, value);
    }
    Ok(response)
}

static MESSAGE: [Member; 1] = [Member::new("message", &prelude::STRING)];
static ERROR: Schema = Schema::structure("tinsmith#Unmodeled", &MESSAGE);

/// An error with nothing but a message.
struct Message(Option<String>);

impl Structure for Message {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        let [message] = &MESSAGE;
        Field::write(&self.0, message, writer)
    }

    fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        Ok(false)
    }
}
