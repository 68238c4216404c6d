//! The header `Content-MD5`.

use http::HeaderMap;

use crate::shape::WriteError;

/// Adds the MD5 checksum of the body, unless the caller gave one.
///
/// Source: Smithy 2.0, "httpChecksumRequired trait"; RFC 1864.
#[cfg(feature = "checksums")]
pub(super) fn add(headers: &mut HeaderMap, body: &[u8]) -> Result<(), WriteError> {
    use base64::Engine;
    use http::header::{HeaderName, HeaderValue};
    use md5::{Digest, Md5};

    use super::set_header;
    use crate::shape::BASE64;

    let checksum = BASE64.encode(Md5::digest(body));
    let value = HeaderValue::try_from(checksum)
        .map_err(|_| WriteError::new("a checksum fits no header"))?;
    let name = HeaderName::from_static("content-md5");
    if !headers.contains_key(&name) {
        set_header(headers, name, value);
    }
    Ok(())
}

/// Without the feature there is no checksum to give, and the service would refuse the request.
#[cfg(not(feature = "checksums"))]
pub(super) fn add(_: &mut HeaderMap, _: &[u8]) -> Result<(), WriteError> {
    Err(WriteError::new(
        "the operation needs a checksum: switch on the feature `checksums` of tinsmith-runtime",
    ))
}
