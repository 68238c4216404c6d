//! Which error a response is.
//!
//! Source: Smithy 2.0, "Smithy RPC v2 CBOR protocol", "Operation error serialization".

use minicbor::Decoder;

use super::reader::read_text;
use crate::protocol::{ErrorCode, clean_code};

/// Finds code and message in a body whose `__type` says what it is. A body that is not CBOR, or ends
/// early, gives what could be read of it.
pub(crate) fn read_typed_body(body: &[u8]) -> ErrorCode {
    let mut found = ErrorCode::default();
    let mut source = Decoder::new(body);
    if let Ok(length) = source.map() {
        let mut left = length.unwrap_or(u64::MAX);
        while left > 0 && read_entry(&mut source, &mut found).is_some() {
            left -= 1;
        }
    }
    found
}

/// Takes one entry of the body's map; `None` at its end, proper or not.
fn read_entry(source: &mut Decoder<'_>, found: &mut ErrorCode) -> Option<()> {
    let kind = source.datatype().ok()?;
    let key = read_text(source, kind).ok()??;
    let slot = match &*key {
        "__type" => &mut found.code,
        "message" | "Message" | "errorMessage" => &mut found.message,
        _ => return source.skip().ok(),
    };
    let kind = source.datatype().ok()?;
    match read_text(source, kind).ok()? {
        Some(text) if key == "__type" => *slot = clean_code(&text),
        Some(text) => *slot = Some(text.into_owned()),
        // Something that is no text says nothing to us.
        None => return source.skip().ok(),
    }
    Some(())
}
