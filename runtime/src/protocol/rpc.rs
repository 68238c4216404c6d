//! What protocols without HTTP bindings share: everything is in the body.

use bytes::Bytes;
use http::header::HeaderValue;
use http::{Method, Request, Uri};

use crate::schema::Schema;
use crate::shape::{ReadError, WriteError, note_missing};

/// A `POST` of `body` to `path`.
pub(super) fn post(path: &str, body: Vec<u8>) -> Result<Request<Bytes>, WriteError> {
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() =
        Uri::try_from(path).map_err(|_| WriteError::new("the model's names fit no URI"))?;
    Ok(request)
}

/// A header made of names in the model.
pub(super) fn header_value(text: String) -> Result<HeaderValue, WriteError> {
    HeaderValue::from_maybe_shared(Bytes::from(text))
        .map_err(|_| WriteError::new("the model's names fit no header"))
}

/// Reads a body with `read`, and returns the required members that were missing, as JSON pointers.
/// Services answer nothing where they have nothing to say.
pub(super) fn read_body(
    body: &[u8],
    schema: &'static Schema,
    read: impl FnOnce(&[u8]) -> Result<Vec<String>, ReadError>,
) -> Result<Vec<String>, ReadError> {
    if !body.is_empty() {
        return read(body);
    }
    let mut missing = Vec::new();
    for member in schema.members {
        note_missing(member, &mut missing);
    }
    Ok(missing)
}
