//! An input to an HTTP request.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Uri};

use super::body::{Body, Content};
use super::format::BodyFormat;
use super::text_writer::{Place, TextWriter};
use super::{Side, uri};
use crate::operation::{OperationSchema, PathSegment};
use crate::request::{MOST_HEADERS, set_header};
use crate::schema::{HttpBinding, Member};
use crate::shape::{
    BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure, WriteError,
};
use crate::stream::OutgoingStream;
use crate::timestamp::Timestamp;

/// Writes `input` as a request by the HTTP bindings of its members. What has no binding becomes a
/// document of `format`.
///
/// # Errors
///
/// What HTTP cannot express: an empty label, a control character in a header. The error names the
/// member and does not hold the value.
pub(crate) fn write_request<F: BodyFormat>(
    format: &F,
    operation: &'static OperationSchema,
    input: &dyn Structure,
) -> Result<Request<Bytes>, WriteError> {
    let mut writer = MessageWriter {
        parts: Parts::new(Side::Request, operation.http.query),
        body: Body::of(format, operation.input, Side::Request),
    };
    input.write(&mut writer)?;
    let MessageWriter { parts, body } = writer;
    parts.into_request(operation, body.finish(format, Side::Request))
}

/// The visitor: hands each member to the part of the message that it is bound to.
pub(super) struct MessageWriter<W> {
    pub(super) parts: Parts,
    pub(super) body: Body<W>,
}

/// Hands the value of one member to a writer.
pub(super) type Write<'a> = dyn FnMut(&mut dyn ShapeWriter) -> Result<(), WriteError> + 'a;

/// Room for the headers that nearly every request has in the end, with those that are added after the
/// protocol's, so that the map does not grow under way.
const HEADERS: usize = 12;

/// What will be the message, apart from its body.
pub(super) struct Parts {
    side: Side,
    /// Members that fill labels, with their texts.
    labels: Vec<(&'static str, String)>,
    query: String,
    /// The names of the parameters in `query`, which entries of a map do not override.
    explicit_parameters: Vec<&'static str>,
    /// Parameters from a map.
    parameters: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    /// Headers from a map, which do not override those of a member's own.
    prefixed: Vec<(HeaderName, HeaderValue)>,
    /// The status of a response, where a member gives it.
    #[cfg(feature = "test-util")]
    pub(super) status: Option<http::StatusCode>,
}

impl Parts {
    /// Nothing yet but the parameters that are the same for every request.
    pub(super) fn new(side: Side, literal: &'static str) -> Self {
        let names = literal.split('&').filter(|parameter| !parameter.is_empty());
        Self {
            side,
            labels: Vec::new(),
            query: literal.to_owned(),
            explicit_parameters: names
                .map(|parameter| {
                    parameter
                        .split_once('=')
                        .map_or(parameter, |(name, _)| name)
                })
                .collect(),
            parameters: Vec::new(),
            headers: HeaderMap::with_capacity(HEADERS),
            prefixed: Vec::new(),
            #[cfg(feature = "test-util")]
            status: None,
        }
    }

    /// Takes a member with a binding of its own; `write` hands its value to a writer.
    fn take(&mut self, member: &'static Member, write: &mut Write<'_>) -> Result<(), WriteError> {
        match self.side.binding(member) {
            HttpBinding::Label => self.take_label(member, write),
            HttpBinding::Query(name) => self.take_query(name, write),
            HttpBinding::QueryParams => {
                write(&mut TextWriter::new(Place::Uri, &mut |key, text| {
                    self.parameters.push((key.to_owned(), text.to_owned()));
                    Ok(())
                }))
            }
            HttpBinding::Header(name) => {
                self.take_header(name, member.target.holds_sensitive(), write)
            }
            HttpBinding::PrefixHeaders(prefix) => {
                self.take_prefixed(prefix, member.target.holds_sensitive(), write)
            }
            #[cfg(feature = "test-util")]
            HttpBinding::ResponseCode => self.take_status(write),
            // The members of the body do not come here.
            #[cfg(not(feature = "test-util"))]
            HttpBinding::ResponseCode => Ok(()),
            HttpBinding::Body | HttpBinding::Payload => Ok(()),
        }
        .map_err(|error| error.under(member.name))
    }

    fn take_label(
        &mut self,
        member: &'static Member,
        write: &mut Write<'_>,
    ) -> Result<(), WriteError> {
        write(&mut TextWriter::new(Place::Uri, &mut |_, text| {
            self.labels.push((member.name, text.to_owned()));
            Ok(())
        }))
    }

    fn take_query(&mut self, name: &'static str, write: &mut Write<'_>) -> Result<(), WriteError> {
        write(&mut TextWriter::new(Place::Uri, &mut |_, text| {
            uri::push_query(&mut self.query, name, text);
            self.explicit_parameters.push(name);
            Ok(())
        }))
    }

    fn take_header(
        &mut self,
        name: &'static str,
        sensitive: bool,
        write: &mut Write<'_>,
    ) -> Result<(), WriteError> {
        let mut value: Option<String> = None;
        write(&mut TextWriter::new(Place::Header, &mut |_, text| {
            match &mut value {
                Some(list) => {
                    list.push_str(", ");
                    list.push_str(text);
                }
                None => value = Some(text.to_owned()),
            }
            Ok(())
        }))?;
        if let Some(value) = value {
            let mut value = header_value(&value)?;
            value.set_sensitive(sensitive);
            insert_if_absent(&mut self.headers, header_name(name)?, value)?;
        }
        Ok(())
    }

    fn take_prefixed(
        &mut self,
        prefix: &'static str,
        sensitive: bool,
        write: &mut Write<'_>,
    ) -> Result<(), WriteError> {
        write(&mut TextWriter::new(Place::Header, &mut |key, text| {
            let name = header_name(&format!("{prefix}{key}"))?;
            let mut value = header_value(text)?;
            value.set_sensitive(sensitive);
            self.prefixed.push((name, value));
            Ok(())
        }))
    }

    /// Adds the headers that come from a map.
    pub(super) fn add_prefixed(&mut self) -> Result<(), WriteError> {
        for (name, value) in self.prefixed.drain(..) {
            insert_if_absent(&mut self.headers, name, value)?;
        }
        Ok(())
    }

    /// Adds the media type of the body, where it has one and no member gives another.
    pub(super) fn add_media_type(
        &mut self,
        media_type: Option<&'static str>,
    ) -> Result<(), WriteError> {
        let Some(media_type) = media_type else {
            return Ok(());
        };
        let value = HeaderValue::from_maybe_shared(Bytes::from_static(media_type.as_bytes()))
            .map_err(|_| WriteError::new("the model's media type is none"))?;
        insert_if_absent(&mut self.headers, CONTENT_TYPE, value)
    }

    fn into_request(
        mut self,
        operation: &'static OperationSchema,
        body: Content,
    ) -> Result<Request<Bytes>, WriteError> {
        self.add_prefixed()?;
        for (name, value) in &self.parameters {
            if !self.explicit_parameters.contains(&name.as_str()) {
                uri::push_query(&mut self.query, name, value);
            }
        }
        self.add_media_type(body.media_type)?;
        let mut request = Request::new(body.bytes);
        *request.method_mut() = http::Method::from_bytes(operation.http.method.as_bytes())
            .map_err(|_| WriteError::new("the model's HTTP method is none"))?;
        *request.uri_mut() = self.target(operation)?;
        *request.headers_mut() = self.headers;
        Ok(request)
    }

    /// The path with its labels filled, and the query string.
    fn target(&self, operation: &OperationSchema) -> Result<Uri, WriteError> {
        let mut target = String::with_capacity(64 + self.query.len());
        for segment in operation.http.path {
            target.push('/');
            match segment {
                PathSegment::Literal(text) => target.push_str(text),
                PathSegment::Label(name) => uri::push_label(&mut target, self.label(name)?, false),
                PathSegment::GreedyLabel(name) => {
                    uri::push_label(&mut target, self.label(name)?, true);
                }
            }
        }
        if target.is_empty() {
            target.push('/');
        }
        if !self.query.is_empty() {
            target.push('?');
            target.push_str(&self.query);
        }
        Uri::try_from(target).map_err(|_| WriteError::new("the request's URI is too long"))
    }

    /// The text of a label, which must address what the caller means: nothing, `.` and `..` would
    /// address something else.
    fn label(&self, name: &str) -> Result<&str, WriteError> {
        let filled = |(member, _): &&(&str, String)| *member == name;
        let problem = match self.labels.iter().find(filled) {
            Some((_, text)) if !matches!(text.as_str(), "" | "." | "..") => return Ok(text),
            Some((_, text)) if text.is_empty() => "a label of the path must not be empty",
            Some(_) => "a label of the path must not be `.` or `..`",
            None => "a label of the path must be set",
        };
        Err(WriteError::new(problem).under(name))
    }
}

/// Sets a header, unless a member that comes first has.
fn insert_if_absent(
    headers: &mut HeaderMap,
    name: HeaderName,
    value: HeaderValue,
) -> Result<(), WriteError> {
    if headers.contains_key(&name) {
        return Ok(());
    }
    if headers.len() >= MOST_HEADERS {
        return Err(WriteError::new("more headers than a request can hold"));
    }
    set_header(headers, name, value);
    Ok(())
}

fn header_name(name: &str) -> Result<HeaderName, WriteError> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| WriteError::new("a key that cannot be part of a header's name"))
}

fn header_value(value: &str) -> Result<HeaderValue, WriteError> {
    HeaderValue::from_bytes(value.as_bytes())
        .map_err(|_| WriteError::new("a control character that no header can hold"))
}

/// The methods that do no more than choose where the value goes.
macro_rules! route {
    ($($method:ident($type:ty);)*) => {$(
        fn $method(&mut self, member: &'static Member, value: $type) -> Result<(), WriteError> {
            match self.parts.side.binding(member) {
                HttpBinding::Body => self.body.document()?.$method(member, value),
                HttpBinding::Payload => self
                    .body
                    .document()?
                    .$method(member, value)
                    .map_err(|error| error.under(member.name)),
                _ => self.parts.take(member, &mut |writer| writer.$method(member, value)),
            }
        }
    )*};
}

impl<W: ShapeWriter> ShapeWriter for MessageWriter<W> {
    route! {
        boolean(bool);
        integer(i64);
        float(f32);
        double(f64);
        big_integer(&BigInteger);
        big_decimal(&BigDecimal);
        timestamp(Timestamp);
        document(&Document);
        structure(&dyn Structure);
        list(&dyn ListItems);
        map(&dyn MapEntries);
    }

    /// A member that is not set has no place in a request.
    fn null(&mut self, _: &'static Member) -> Result<(), WriteError> {
        Ok(())
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), WriteError> {
        match (self.parts.side.binding(member), &mut self.body) {
            (HttpBinding::Payload, Body::Raw(_, raw)) => {
                *raw = Some(Bytes::copy_from_slice(value.as_bytes()));
                Ok(())
            }
            (HttpBinding::Payload | HttpBinding::Body, body) => {
                body.document()?.string(member, value)
            }
            _ => (self.parts).take(member, &mut |writer| writer.string(member, value)),
        }
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Result<(), WriteError> {
        match (self.parts.side.binding(member), &mut self.body) {
            (HttpBinding::Payload, Body::Raw(_, raw)) => {
                *raw = Some(Bytes::copy_from_slice(value));
                Ok(())
            }
            (HttpBinding::Payload | HttpBinding::Body, body) => {
                body.document()?.blob(member, value)
            }
            _ => (self.parts).take(member, &mut |writer| writer.blob(member, value)),
        }
    }

    /// The stream takes the place of the body when the request is sent; here it says that there is one.
    fn stream(&mut self, _: &'static Member, _: &dyn OutgoingStream) -> Result<(), WriteError> {
        match &mut self.body {
            Body::Raw(_, raw) => {
                *raw = Some(Bytes::new());
                Ok(())
            }
            _ => Err(WriteError::new("a stream that is not the payload")),
        }
    }

    fn key(&mut self, _: &'static Member, _: &str) -> Result<(), WriteError> {
        // Keys are written to the writer that their map was handed to.
        Err(WriteError::new("a key outside a map"))
    }
}
