//! An HTTP response to an output or error.

use bytes::Bytes;
use http::Response;

use super::body::is_raw;
use super::format::BodyFormat;
use super::text_reader::TextReader;
use crate::schema::{HttpBinding, Member, Schema};
use crate::shape::{ReadError, Structure, note_missing, pointer};

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

/// Reads what there is of an error into `into`, whatever is wrong with the rest, and returns the
/// required members that were missing in what its members hold, as JSON pointers.
pub(crate) fn read_error(
    format: &impl BodyFormat,
    schema: &'static Schema,
    response: &Response<Bytes>,
    into: &mut dyn Structure,
) -> Vec<String> {
    let mut missing = Vec::new();
    for (index, member) in schema.members.iter().enumerate() {
        let _ = read_bound(format, response, index, member, into, &mut missing);
    }
    missing.extend(read_body(format, schema, response.body(), into).unwrap_or_default());
    missing
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
