//! The texts of headers, and of the body that is one value, to values.

use base64::Engine;
use bytes::Bytes;
use http::HeaderMap;
use http::header::{GetAll, HeaderValue};

use super::{HEADER_TIMESTAMP, header};
use crate::schema::{Member, ShapeKind, TimestampFormat};
use crate::shape::{
    BASE64, BigDecimal, BigInteger, Blob, Document, ListSink, MapSink, ReadError, ShapeReader,
    Structure, parse_double, parse_float,
};
use crate::timestamp::Timestamp;

/// Reads a value that a response holds as text.
pub(super) enum TextReader<'a> {
    /// An item of a header, or the status.
    Text(&'a str),
    /// The lines of a header. There is at least one.
    Header(GetAll<'a, HeaderValue>),
    /// The headers with a prefix, in lower case.
    Prefixed(&'a HeaderMap, &'a str),
    /// The body.
    Body(&'a Bytes),
}

impl TextReader<'_> {
    fn text(&self) -> Result<&str, ReadError> {
        let bytes = match self {
            Self::Text(text) => return Ok(text),
            Self::Header(lines) => lines.iter().next().map_or(&b""[..], HeaderValue::as_bytes),
            Self::Body(body) => body,
            Self::Prefixed(..) => return no_form(),
        };
        std::str::from_utf8(bytes).map_err(|_| ReadError::expected("UTF-8", "other bytes"))
    }

    /// What is not text; a header that is there and empty says nothing of it.
    fn scan<T>(
        &self,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        let text = self.text()?.trim();
        if text.is_empty() {
            return Ok(None);
        }
        parse(text).map(Some).ok_or_else(|| other_text(expected))
    }

    fn in_header(&self) -> bool {
        !matches!(self, Self::Body(_))
    }
}

fn other_text(expected: &str) -> ReadError {
    ReadError::expected(expected, "other text")
}

fn no_form<T>() -> Result<T, ReadError> {
    Err(ReadError::new("a value of this kind has no text form"))
}

impl ShapeReader for TextReader<'_> {
    fn boolean(&mut self, _: &'static Member) -> Result<Option<bool>, ReadError> {
        self.scan("`true` or `false`", |text| text.parse().ok())
    }

    fn integer(&mut self, _: &'static Member) -> Result<Option<i64>, ReadError> {
        self.scan("an integer", |text| text.parse().ok())
    }

    fn float(&mut self, _: &'static Member) -> Result<Option<f32>, ReadError> {
        self.scan("a number of 32 bits", parse_float)
    }

    fn double(&mut self, _: &'static Member) -> Result<Option<f64>, ReadError> {
        self.scan("a number", parse_double)
    }

    fn big_integer(&mut self, _: &'static Member) -> Result<Option<BigInteger>, ReadError> {
        self.scan("an integer", |text| text.parse().ok())
    }

    fn big_decimal(&mut self, _: &'static Member) -> Result<Option<BigDecimal>, ReadError> {
        self.scan("a number", |text| text.parse().ok())
    }

    /// In a header, text of a media type is base64.
    fn string(&mut self, member: &'static Member) -> Result<Option<String>, ReadError> {
        let text = self.text()?;
        if !self.in_header() || member.target.media_type.is_none() {
            return Ok(Some(text.to_owned()));
        }
        let bytes = BASE64.decode(text.trim()).ok();
        let decoded = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        decoded.map(Some).ok_or_else(|| other_text("base64"))
    }

    fn blob(&mut self, _: &'static Member) -> Result<Option<Blob>, ReadError> {
        if let Self::Body(body) = self {
            return Ok(Some(Blob::from(body.clone())));
        }
        let bytes = BASE64.decode(self.text()?.trim());
        let bytes = bytes.map_err(|_| other_text("base64"))?;
        Ok(Some(Blob::from(bytes)))
    }

    fn timestamp(&mut self, member: &'static Member) -> Result<Option<Timestamp>, ReadError> {
        let format = member.timestamp_format_or(HEADER_TIMESTAMP);
        self.scan("a timestamp", |text| Timestamp::parse(text, format).ok())
    }

    fn document(&mut self, _: &'static Member) -> Result<Option<Document>, ReadError> {
        no_form()
    }

    fn structure(&mut self, _: &'static Member, _: &mut dyn Structure) -> Result<bool, ReadError> {
        no_form()
    }

    fn list(
        &mut self,
        member: &'static Member,
        into: &mut dyn ListSink,
    ) -> Result<bool, ReadError> {
        let (Self::Header(lines), Some(item)) = (self, member.target.members.first()) else {
            return no_form();
        };
        for line in lines.iter() {
            let line = TextReader::line(line)?;
            read_items(line, item, into)?;
        }
        Ok(true)
    }

    fn map(&mut self, member: &'static Member, into: &mut dyn MapSink) -> Result<bool, ReadError> {
        let (Self::Prefixed(headers, prefix), [_, value]) = (self, member.target.members) else {
            return no_form();
        };
        let mut found = false;
        for name in headers.keys() {
            if let Some(key) = name.as_str().strip_prefix(*prefix) {
                let mut reader = TextReader::Header(headers.get_all(name));
                into.read_entry(key, value, &mut reader)
                    .map_err(|error| error.under(key))?;
                found = true;
            }
        }
        Ok(found)
    }
}

impl<'a> TextReader<'a> {
    fn line(line: &'a HeaderValue) -> Result<&'a str, ReadError> {
        std::str::from_utf8(line.as_bytes())
            .map_err(|_| ReadError::expected("UTF-8", "other bytes"))
    }
}

/// Reads the items of one line of a header.
fn read_items(line: &str, item: &'static Member, into: &mut dyn ListSink) -> Result<(), ReadError> {
    if line.trim().is_empty() {
        return Ok(());
    }
    let mut read = |text: &str| into.read_item(item, &mut TextReader::Text(text));
    match item.target.kind {
        ShapeKind::String | ShapeKind::Enum => {
            (header::split_strings(line)?.iter()).try_for_each(|text| read(text))
        }
        ShapeKind::Timestamp
            if item.timestamp_format_or(HEADER_TIMESTAMP) == TimestampFormat::HttpDate =>
        {
            header::split_http_dates(line)
                .into_iter()
                .try_for_each(read)
        }
        _ => header::split_plain(line).try_for_each(read),
    }
}
