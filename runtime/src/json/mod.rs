//! JSON as a visitor: how values of the Smithy data model become JSON and come back.
//!
//! Source: Smithy 2.0, "AWS restJson1 protocol", "JSON shape serialization".

mod document;
mod reader;
#[cfg(test)]
mod tests;
mod token;
mod visitor;
mod writer;

pub(crate) use reader::{Scope, read_members, read_value};
pub(crate) use writer::JsonWriter;

use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::schema::{Member, TimestampFormat};

/// What the protocols that use JSON differ in.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// Whether members go by their `jsonName`.
    pub(crate) json_names: bool,
    /// How a timestamp without `timestampFormat` is written.
    pub(crate) timestamp_format: TimestampFormat,
}

impl Dialect {
    fn name(&self, member: &Member) -> &'static str {
        member
            .json_name
            .filter(|_| self.json_names)
            .unwrap_or(member.name)
    }
}

/// How deeply values may nest, in either direction: more is an attack or a mistake, and would end in
/// a stack overflow.
const MAX_DEPTH: usize = 128;

/// Base64 as blobs use it: padded when written, with or without padding when read.
///
/// Source: RFC 4648, section 4.
pub(crate) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
