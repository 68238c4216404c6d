//! An HTTP response to an output or error.

use bytes::Bytes;
use http::Response;

use super::body::is_raw;
use super::format::BodyFormat;
use super::text_reader::TextReader;
use crate::schema::{HttpBinding, Member, Schema, ShapeKind};
use crate::shape::{
    Present, ReadError, ShapeReader, ShapeWriter, Structure, WriteError, note_missing, pointer,
};

/// Reads a response into the structure of `schema` by the HTTP bindings of its members, and returns
/// the required members that were missing, as JSON pointers.
///
/// # Errors
///
/// A header or body that is not of its member's shape. Never holds what was read.
pub(crate) fn read_response(
    format: &impl BodyFormat,
    schema: &'static Schema,
    response: &Response<Bytes>,
    into: &mut dyn Structure,
) -> Result<Vec<String>, ReadError> {
    let mut missing = Vec::new();
    let mut body_bound = false;
    for (index, member) in schema.members.iter().enumerate() {
        if member.http.in_response() == HttpBinding::Body {
            body_bound = true;
            continue;
        }
        let present = read_bound(format, response, index, member, into, &mut missing)
            .map_err(|error| error.under(member.name))?;
        if !present {
            note_missing(member, &mut missing);
        }
    }
    if body_bound {
        missing.extend(read_body(format, schema, response.body(), into)?);
    }
    Ok(missing)
}

/// Reads as much of an error as there is, and returns the required members that were missing, as JSON
/// pointers: that the service failed is worth knowing even where it did not say so properly. `message`
/// finds the message of an error whose body does not have it under the name in the model.
pub(crate) fn read_error(
    format: &impl BodyFormat,
    schema: &'static Schema,
    response: &Response<Bytes>,
    into: &mut dyn Structure,
    message: impl FnOnce() -> Option<String>,
) -> Vec<String> {
    let mut into = Recording {
        into,
        present: Present::default(),
    };
    let mut nested = Vec::new();
    for (index, member) in schema.members.iter().enumerate() {
        let _ = read_bound(format, response, index, member, &mut into, &mut nested);
    }
    if let Ok(missing) = read_body(format, schema, response.body(), &mut into) {
        nested.extend(missing.into_iter().filter(|path| is_nested(path)));
    }
    let is_message = |member: &Member| {
        member.name.eq_ignore_ascii_case("message") && member.target.kind == ShapeKind::String
    };
    if let Some(index) = schema.members.iter().position(is_message)
        && !into.present.contains(index)
        && let Some(text) = message()
    {
        let _ = into.read(index, &mut TextReader::Text(&text));
    }
    let mut missing = Vec::new();
    for (index, member) in schema.members.iter().enumerate() {
        if !into.present.contains(index) {
            note_missing(member, &mut missing);
        }
    }
    missing.append(&mut nested);
    missing
}

/// Whether a pointer leads further than to a member.
fn is_nested(path: &str) -> bool {
    path.get(1..).is_some_and(|path| path.contains('/'))
}

/// A structure that keeps account of what was read into it.
struct Recording<'a> {
    into: &'a mut dyn Structure,
    present: Present,
}

impl Structure for Recording<'_> {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        self.into.write(writer)
    }

    fn read(&mut self, index: usize, reader: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        let present = self.into.read(index, reader)?;
        if present {
            self.present.insert(index);
        }
        Ok(present)
    }

    fn read_unknown(&mut self, name: &str) {
        self.into.read_unknown(name);
    }
}

fn read_body(
    format: &impl BodyFormat,
    schema: &'static Schema,
    body: &Bytes,
    into: &mut dyn Structure,
) -> Result<Vec<String>, ReadError> {
    if !body.is_empty() {
        return format.read_members(body, schema, into);
    }
    // Services answer nothing where they have nothing to say.
    let mut missing = Vec::new();
    for member in schema.members {
        if member.http.in_response() == HttpBinding::Body {
            note_missing(member, &mut missing);
        }
    }
    Ok(missing)
}

/// Reads a member that has a place of its own, and reports whether there was a value.
fn read_bound(
    format: &impl BodyFormat,
    response: &Response<Bytes>,
    index: usize,
    member: &'static Member,
    into: &mut dyn Structure,
    missing: &mut Vec<String>,
) -> Result<bool, ReadError> {
    match member.http.in_response() {
        HttpBinding::Header(name) => {
            let lines = response.headers().get_all(name);
            Ok(
                lines.iter().next().is_some()
                    && into.read(index, &mut TextReader::Header(lines))?,
            )
        }
        HttpBinding::PrefixHeaders(prefix) => {
            let prefix = prefix.to_ascii_lowercase();
            into.read(
                index,
                &mut TextReader::Prefixed(response.headers(), &prefix),
            )
        }
        HttpBinding::ResponseCode => {
            into.read(index, &mut TextReader::Text(response.status().as_str()))
        }
        HttpBinding::Payload if response.body().is_empty() => Ok(false),
        HttpBinding::Payload if is_raw(member) => {
            into.read(index, &mut TextReader::Body(response.body()))
        }
        HttpBinding::Payload => {
            let mut present = false;
            let lacks = format.read_value(response.body(), &mut |reader| {
                present = into.read(index, reader)?;
                Ok(())
            })?;
            missing.extend(lacks.into_iter().map(|mut path| {
                pointer::prefix(&mut path, member.name);
                path
            }));
            Ok(present)
        }
        // The body is read at once, for all of its members.
        HttpBinding::Body
        | HttpBinding::Label
        | HttpBinding::Query(_)
        | HttpBinding::QueryParams => Ok(true),
    }
}
