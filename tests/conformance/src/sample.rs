//! Just enough of an input to be sent, for tests that are about the response.

use tinsmith_runtime::schema::{Member, Schema};
use tinsmith_runtime::shape::{
    BigDecimal, BigInteger, Blob, Document, ListSink, MapSink, ReadError, ShapeReader, Structure,
};
use tinsmith_runtime::timestamp::Timestamp;

/// Gives a value to every required member of `into`, which is of the shape `schema`. Constraints are
/// not its business.
///
/// # Errors
///
/// None that a reader of this kind makes.
pub(crate) fn fill_required(schema: &Schema, into: &mut dyn Structure) -> Result<(), String> {
    for (index, member) in schema.members.iter().enumerate() {
        if member.required {
            into.read(index, &mut Sample)
                .map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

/// A source of the simplest value of each kind that can stand in a path.
struct Sample;

impl ShapeReader for Sample {
    fn boolean(&mut self, _: &'static Member) -> Result<Option<bool>, ReadError> {
        Ok(Some(true))
    }

    fn integer(&mut self, _: &'static Member) -> Result<Option<i64>, ReadError> {
        Ok(Some(1))
    }

    fn float(&mut self, _: &'static Member) -> Result<Option<f32>, ReadError> {
        Ok(Some(1.0))
    }

    fn double(&mut self, _: &'static Member) -> Result<Option<f64>, ReadError> {
        Ok(Some(1.0))
    }

    fn big_integer(&mut self, _: &'static Member) -> Result<Option<BigInteger>, ReadError> {
        Ok(Some(BigInteger::default()))
    }

    fn big_decimal(&mut self, _: &'static Member) -> Result<Option<BigDecimal>, ReadError> {
        Ok(Some(BigDecimal::default()))
    }

    fn string(&mut self, member: &'static Member) -> Result<Option<String>, ReadError> {
        let value = member
            .target
            .enum_values
            .first()
            .copied()
            .unwrap_or("sample");
        Ok(Some(value.to_owned()))
    }

    fn blob(&mut self, _: &'static Member) -> Result<Option<Blob>, ReadError> {
        Ok(Some(Blob::from("sample")))
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<Option<Timestamp>, ReadError> {
        Ok(Some(Timestamp::default()))
    }

    fn document(&mut self, _: &'static Member) -> Result<Option<Document>, ReadError> {
        Ok(Some(Document::from(true)))
    }

    fn structure(&mut self, _: &'static Member, _: &mut dyn Structure) -> Result<bool, ReadError> {
        Ok(true)
    }

    fn list(&mut self, _: &'static Member, _: &mut dyn ListSink) -> Result<bool, ReadError> {
        Ok(true)
    }

    fn map(&mut self, _: &'static Member, _: &mut dyn MapSink) -> Result<bool, ReadError> {
        Ok(true)
    }
}
