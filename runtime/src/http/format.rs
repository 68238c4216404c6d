//! What an HTTP binding protocol leaves open: the documents that its bodies are.

#[cfg(feature = "event-stream")]
use crate::event_stream::{Documents, WriteDocument};
use crate::schema::Schema;
#[cfg(feature = "event-stream")]
use crate::shape::WriteError;
use crate::shape::{ReadError, ShapeReader, ShapeWriter, Structure};

/// The documents that the bodies of a protocol are: JSON, XML.
pub(crate) trait BodyFormat {
    /// What writes a document.
    type Writer: ShapeWriter;

    /// The media type of a document.
    const CONTENT_TYPE: &'static str;

    /// A writer of one value, the document.
    fn begin_value(&self) -> Self::Writer;

    /// The document that [`BodyFormat::begin_value`] began; empty if no value was written.
    fn end_value(&self, writer: Self::Writer) -> Vec<u8>;

    /// A writer of members, of the structure that is the document.
    fn begin_members(&self) -> Self::Writer;

    /// The document that [`BodyFormat::begin_members`] began.
    fn end_members(&self, writer: Self::Writer) -> Vec<u8>;

    /// Reads the members of a structure that have no binding of their own, and returns the required
    /// ones that were missing, as JSON pointers.
    ///
    /// # Errors
    ///
    /// A body that is not such a document. Never holds the body.
    fn read_members(
        &self,
        body: &[u8],
        schema: &'static Schema,
        into: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError>;

    /// Reads the one value that the body is, which `take` takes, and returns the required members
    /// that were missing in it, as JSON pointers.
    ///
    /// # Errors
    ///
    /// A body that is not such a document. Never holds the body.
    fn read_value(
        &self,
        body: &[u8],
        take: &mut dyn FnMut(&mut dyn ShapeReader) -> Result<(), ReadError>,
    ) -> Result<Vec<String>, ReadError>;
}

/// The documents of bodies are those of events, too.
#[cfg(feature = "event-stream")]
impl<F: BodyFormat + Send + Sync> Documents for F {
    fn media_type(&self) -> &'static str {
        F::CONTENT_TYPE
    }

    fn write_members(&self, write: &mut WriteDocument<'_>) -> Result<Vec<u8>, WriteError> {
        let mut writer = self.begin_members();
        write(&mut writer)?;
        Ok(self.end_members(writer))
    }

    fn read_members(
        &self,
        body: &[u8],
        schema: &'static Schema,
        into: &mut dyn Structure,
    ) -> Result<Vec<String>, ReadError> {
        BodyFormat::read_members(self, body, schema, into)
    }
}
