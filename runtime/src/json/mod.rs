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

pub(crate) use document::ANY_OBJECT;
pub(crate) use reader::{Scope, read_members, read_value};
pub(crate) use writer::JsonWriter;

use crate::schema::{Member, TimestampFormat};

/// What the protocols that use JSON differ in.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// Whether members go by their `jsonName`.
    pub(crate) json_names: bool,
    /// How timestamps are written.
    pub(crate) timestamps: Timestamps,
    /// Whether big numbers are strings, which no JSON parser rounds.
    pub(crate) big_number_strings: bool,
}

/// How a protocol writes timestamps.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Timestamps {
    /// As `timestampFormat` says, and so where it says nothing.
    Default(TimestampFormat),
    /// Always so.
    Fixed(TimestampFormat),
}

impl Dialect {
    fn name(&self, member: &Member) -> &'static str {
        member
            .json_name
            .filter(|_| self.json_names)
            .unwrap_or(member.name)
    }

    fn timestamp_format(&self, member: &Member) -> TimestampFormat {
        match self.timestamps {
            Timestamps::Default(format) => member.timestamp_format_or(format),
            Timestamps::Fixed(format) => format,
        }
    }
}
