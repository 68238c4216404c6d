//! Compressed requests.
//!
//! Source: Smithy 2.0, "requestCompression trait".

use bytes::Bytes;
use http::HeaderMap;

use super::set_header;
use crate::shape::WriteError;

/// Which request bodies are compressed, where the operation allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compression {
    /// The least bytes of a body that is compressed; `None` for never.
    pub min_bytes: Option<usize>,
}

impl Compression {
    /// No body is compressed.
    #[must_use]
    pub const fn off() -> Self {
        Self { min_bytes: None }
    }

    /// Bodies of at least so many bytes are compressed.
    #[must_use]
    pub const fn from_bytes(min: usize) -> Self {
        Self {
            min_bytes: Some(min),
        }
    }
}

impl Default for Compression {
    /// From 10 KiB on, as AWS's clients have it.
    fn default() -> Self {
        Self {
            min_bytes: Some(10 * 1024),
        }
    }
}

/// Compresses `body` with gzip, if it is long enough.
#[cfg(feature = "gzip")]
pub(super) fn compress(
    headers: &mut HeaderMap,
    body: &mut Bytes,
    compression: Compression,
) -> Result<(), WriteError> {
    use std::io::Write as _;

    let long_enough = |min| body.len() >= min;
    if !compression.min_bytes.is_some_and(long_enough) {
        return Ok(());
    }
    let failed = |_| WriteError::new("the body could not be compressed");
    let out = Vec::with_capacity(body.len() / 2);
    let mut encoder = flate2::write::GzEncoder::new(out, flate2::Compression::fast());
    encoder.write_all(body).map_err(failed)?;
    *body = encoder.finish().map_err(failed)?.into();
    append_encoding(headers)
}

/// A runtime without the feature sends what services must take as well: the body as it is.
#[cfg(not(feature = "gzip"))]
pub(super) fn compress(_: &mut HeaderMap, _: &mut Bytes, _: Compression) -> Result<(), WriteError> {
    Ok(())
}

/// Names the encoding after those that the caller applied.
///
/// Source: RFC 9110, section 8.4.
#[cfg(feature = "gzip")]
fn append_encoding(headers: &mut HeaderMap) -> Result<(), WriteError> {
    use http::header::{CONTENT_ENCODING, HeaderValue};

    let value = match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        Some(applied) if !applied.is_empty() => {
            HeaderValue::from_bytes(&[applied, b", gzip"].concat())
                .map_err(|_| WriteError::new("the encodings fit no header"))?
        }
        _ => HeaderValue::from_static("gzip"),
    };
    set_header(headers, CONTENT_ENCODING, value);
    Ok(())
}

#[cfg(test)]
#[cfg(feature = "gzip")]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn compressed(body: &str, min_bytes: Option<usize>) -> (HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        let mut body = Bytes::copy_from_slice(body.as_bytes());
        compress(&mut headers, &mut body, Compression { min_bytes }).unwrap();
        (headers, body)
    }

    #[test]
    fn long_bodies_come_out_as_they_went_in() {
        let body = "abc".repeat(5000);
        let (headers, made) = compressed(&body, Some(body.len()));
        assert_eq!(headers["content-encoding"], "gzip");
        let mut text = String::new();
        let mut decoder = flate2::read::GzDecoder::new(&made[..]);
        decoder.read_to_string(&mut text).unwrap();
        assert_eq!(text, body);
    }

    #[test]
    fn others_are_left_alone() {
        for min_bytes in [Some(4), None] {
            let (headers, body) = compressed("abc", min_bytes);
            assert_eq!(body, "abc");
            assert!(headers.is_empty());
        }
    }
}
