//! Open content.

use std::collections::BTreeMap;

use super::{BigDecimal, Blob};
use crate::timestamp::Timestamp;

/// Open content: any value of the Smithy data model.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Document {
    /// No value.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(BigDecimal),
    /// Text.
    String(String),
    /// Bytes, in protocols that have them.
    Blob(Blob),
    /// A point in time, in protocols that have them.
    Timestamp(Timestamp),
    /// A list.
    Array(Vec<Document>),
    /// A map.
    Object(BTreeMap<String, Document>),
}
