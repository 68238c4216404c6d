//! What event streams need of a protocol: the documents that the payloads of events are.

use crate::schema::Schema;
use crate::shape::{ReadError, ShapeWriter, Structure, WriteError};

/// Hands the members of a structure, or the variant of a union, to a writer.
pub type WriteDocument<'a> = dyn FnMut(&mut dyn ShapeWriter) -> Result<(), WriteError> + 'a;

/// The documents of a protocol: JSON, CBOR.
pub trait Documents: Send + Sync {
    /// The media type of the documents in events.
    fn media_type(&self) -> &'static str;

    /// The document of the members that `write` writes.
    ///
    /// # Errors
    ///
    /// A value that the protocol has no form for.
    fn write_members(&self, write: &mut WriteDocument<'_>) -> Result<Vec<u8>, WriteError>;

    /// Reads the members of the structure or union of `schema`, and returns the required ones that were
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
}
