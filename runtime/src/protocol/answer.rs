//! What a service answers, for tests that play one.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

use crate::operation::OperationSchema;
use crate::schema::{Member, Schema, prelude};
use crate::shape::{ShapeWriter, Structure, WriteError};

/// The member that names an error in the documents of protocols without HTTP bindings.
static TYPE: Member = Member::new("__type", &prelude::STRING);

/// What a service answers: an output, or an error.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Answer<'a> {
    /// The HTTP status, unless a member of the value gives another.
    pub status: u16,
    /// The code of an error, which may be an absolute shape id; `None` for an output.
    pub code: Option<&'a str>,
    /// The schema of the value.
    pub schema: &'static Schema,
    /// The members of the output or error.
    pub value: &'a dyn Structure,
}

impl<'a> Answer<'a> {
    /// The output of an operation.
    #[must_use]
    pub fn output(operation: &'static OperationSchema, value: &'a dyn Structure) -> Self {
        Self {
            status: operation.http.code,
            code: None,
            schema: operation.output,
            value,
        }
    }

    /// An error with this code.
    #[must_use]
    pub fn error(
        status: u16,
        code: &'a str,
        schema: &'static Schema,
        value: &'a dyn Structure,
    ) -> Self {
        Self {
            status,
            code: Some(code),
            schema,
            value,
        }
    }

    /// The code of an error without the namespace of a shape id.
    pub(crate) fn error_name(&self) -> Option<&'a str> {
        let code = self.code?;
        Some(code.rsplit_once('#').map_or(code, |(_, name)| name))
    }

    pub(crate) fn status(&self) -> Result<StatusCode, WriteError> {
        StatusCode::from_u16(self.status)
            .map_err(|_| WriteError::new("a status that HTTP does not have"))
    }

    /// Writes the value as a document that names the error itself.
    pub(super) fn write_members(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        if let Some(code) = self.code {
            writer.string(&TYPE, code)?;
        }
        self.value.write(writer)
    }

    /// A response with this body.
    pub(super) fn response(
        &self,
        body: Vec<u8>,
        media_type: &'static str,
    ) -> Result<Response<Bytes>, WriteError> {
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = self.status()?;
        let media_type = HeaderValue::from_static(media_type);
        response.headers_mut().insert(CONTENT_TYPE, media_type);
        Ok(response)
    }
}
