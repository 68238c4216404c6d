//! What event streams need of a protocol: the documents that the payloads of events are.

use crate::schema::Schema;
use crate::shape::{ReadError, ShapeReader, ShapeWriter, Structure, WriteError};

/// Hands a value, or the members of a structure, to a writer.
pub type WriteDocument<'a> = dyn FnMut(&mut dyn ShapeWriter) -> Result<(), WriteError> + 'a;

/// Takes a value from a reader.
pub type ReadDocument<'a> = dyn FnMut(&mut dyn ShapeReader) -> Result<(), ReadError> + 'a;

/// The documents of a protocol: JSON, CBOR.
pub trait Documents: Send + Sync {
    /// The media type of a document.
    fn media_type(&self) -> &'static str;

    /// The document of the members that `write` writes.
    ///
    /// # Errors
    ///
    /// A value that the protocol has no form for.
    fn write_members(&self, write: &mut WriteDocument<'_>) -> Result<Vec<u8>, WriteError>;

    /// The document of the one value that `write` writes.
    ///
    /// # Errors
    ///
    /// A value that the protocol has no form for.
    fn write_value(&self, write: &mut WriteDocument<'_>) -> Result<Vec<u8>, WriteError>;

    /// Reads the members of the structure of `schema`, and returns the required ones that were
    /// missing, as JSON pointers.
    ///
    /// # Errors
    ///
    /// Bytes that are not such a document. Never holds them.
    fn read_members(
        &self,
        body: &[u8],
        schema: &'static Schema,
        into: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError>;

    /// Reads the one value that the document is, which `take` takes, and returns what was missing in
    /// it as above.
    ///
    /// # Errors
    ///
    /// As above.
    fn read_value(
        &self,
        body: &[u8],
        take: &mut ReadDocument<'_>,
    ) -> Result<Vec<String>, ReadError>;
}
