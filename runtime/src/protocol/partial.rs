//! Reading an error as far as it goes: that the service failed is worth knowing even where it did not
//! say so properly.

use crate::schema::{Member, Schema, ShapeKind};
use crate::shape::{
    Present, ReadError, ShapeReader, ShapeWriter, Structure, Text, WriteError, note_missing,
};

/// Reads the structure of `schema` with `read`, which returns the required members that were missing
/// and may break off, and returns those that are missing in the end. `message` finds the message of an
/// error whose body does not have it under the name in the model.
pub(super) fn read_partly(
    schema: &'static Schema,
    into: &mut dyn Structure,
    read: impl FnOnce(&mut dyn Structure) -> Vec<String>,
    message: impl FnOnce() -> Option<String>,
) -> Vec<String> {
    let mut into = Recording {
        into,
        present: Present::default(),
    };
    let mut nested = read(&mut into);
    nested.retain(|path| is_nested(path));
    if let Some(index) = schema.members.iter().position(is_message)
        && !into.present.contains(index)
        && let Some(text) = message()
    {
        let _ = into.read(index, &mut Text(&text));
    }
    let mut missing = Vec::new();
    for (index, member) in schema.members.iter().enumerate() {
        if !into.present.contains(index) {
            note_missing(member, &mut missing);
        }
    }
    missing.append(&mut nested);
    missing
}

fn is_message(member: &Member) -> bool {
    member.name.eq_ignore_ascii_case("message") && member.target.kind == ShapeKind::String
}

/// Whether a pointer leads further than to a member.
fn is_nested(path: &str) -> bool {
    path.get(1..).is_some_and(|path| path.contains('/'))
}

/// A structure that keeps account of what was read into it.
struct Recording<'a> {
    into: &'a mut dyn Structure,
    present: Present,
}

impl Structure for Recording<'_> {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        self.into.write(writer)
    }

    fn read(&mut self, index: usize, reader: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        let present = self.into.read(index, reader)?;
        if present {
            self.present.insert(index);
        }
        Ok(present)
    }

    fn read_unknown(&mut self, name: &str) {
        self.into.read_unknown(name);
    }
}
