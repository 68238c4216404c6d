//! The body of a message.

use bytes::Bytes;

use super::Side;
use super::format::BodyFormat;
use crate::schema::{HttpBinding, Member, Schema, ShapeKind};
use crate::shape::{ShapeWriter, WriteError};

/// The body while it is written.
pub(super) enum Body<W> {
    /// The shape has nothing in the body.
    None,
    /// Members without a binding of their own.
    Members(W),
    /// A payload that is a document.
    Document(&'static Member, W),
    /// A payload that is text or bytes.
    Raw(&'static Member, Option<Bytes>),
}

/// The body, and its media type if it has one.
pub(super) struct Content {
    pub(super) bytes: Bytes,
    pub(super) media_type: Option<&'static str>,
}

impl<W: ShapeWriter> Body<W> {
    /// What `schema` has in the body of this side's message.
    pub(super) fn of<F: BodyFormat<Writer = W>>(
        format: &F,
        schema: &'static Schema,
        side: Side,
    ) -> Self {
        let bound = |binding| {
            let mut members = schema.members.iter();
            members.find(move |member| side.binding(member) == binding)
        };
        match bound(HttpBinding::Payload) {
            Some(payload) if is_raw(payload) => Self::Raw(payload, None),
            Some(payload) => Self::Document(payload, format.begin_value()),
            None if bound(HttpBinding::Body).is_some() => Self::Members(format.begin_members()),
            None => Self::None,
        }
    }

    /// The writer of the document, for a member that is in it.
    pub(super) fn document(&mut self) -> Result<&mut W, WriteError> {
        match self {
            Self::Members(writer) | Self::Document(_, writer) => Ok(writer),
            Self::None | Self::Raw(..) => {
                Err(WriteError::new("the schema gives the member no place"))
            }
        }
    }

    pub(super) fn finish<F: BodyFormat<Writer = W>>(self, format: &F, side: Side) -> Content {
        let (bytes, media_type) = match self {
            Self::None => (Bytes::new(), None),
            Self::Members(writer) => (format.end_members(writer).into(), Some(F::CONTENT_TYPE)),
            Self::Document(member, writer) => {
                let mut bytes = format.end_value(writer);
                let is_structure = member.target.kind == ShapeKind::Structure;
                if bytes.is_empty() && is_structure && side == Side::Request {
                    // A structure that is not set is one without members; nothing else has a form.
                    bytes = format.end_members(format.begin_members());
                }
                let media_type = (!bytes.is_empty()).then_some(F::CONTENT_TYPE);
                (bytes.into(), media_type)
            }
            Self::Raw(member, bytes) => {
                let media_type = bytes.as_ref().map(|_| raw_media_type(member.target));
                (bytes.unwrap_or_default(), media_type)
            }
        };
        Content { bytes, media_type }
    }
}

/// Whether a payload is the body as it is, rather than a document.
///
/// Source: Smithy 2.0, "httpPayload trait", "Serialization rules".
pub(super) fn is_raw(payload: &Member) -> bool {
    payload.target.streaming
        || matches!(
            payload.target.kind,
            ShapeKind::Blob | ShapeKind::String | ShapeKind::Enum
        )
}

fn raw_media_type(target: &Schema) -> &'static str {
    target.media_type.unwrap_or(match target.kind {
        ShapeKind::Blob => "application/octet-stream",
        ShapeKind::Union => "application/vnd.amazon.eventstream",
        _ => "text/plain",
    })
}
