//! Variants of unions, for generated code.

use super::{ReadError, ShapeReader, ShapeWriter, Structure, Value, WriteError};
use crate::schema::Member;

/// `smithy.api#Unit`: what a variant or event holds that tells everything by being there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Unit;

impl Structure for Unit {
    fn write(&self, _: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        Ok(())
    }

    fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        Ok(false)
    }
}

/// Reads the value of a variant and makes `union` that variant, unless the value is `null`.
///
/// # Errors
///
/// Passes on the errors of the reader.
pub fn read_variant<U, T: Value>(
    union: &mut U,
    variant: impl FnOnce(T) -> U,
    member: &'static Member,
    reader: &mut dyn ShapeReader,
) -> Result<bool, ReadError> {
    let value = T::read(member, reader)?;
    let present = value.is_some();
    if let Some(value) = value {
        *union = variant(value);
    }
    Ok(present)
}
