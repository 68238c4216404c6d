//! A text that stands for a member.

use super::{
    BigDecimal, BigInteger, Blob, Document, ListSink, MapSink, ReadError, ShapeReader, Structure,
};
use crate::schema::Member;
use crate::timestamp::Timestamp;

/// A source of one string or enum: what fills a member with a text that no message held in its place.
pub(crate) struct Text<'a>(pub(crate) &'a str);

fn no_text<T>() -> Result<T, ReadError> {
    Err(ReadError::new("a text stands for strings alone"))
}

macro_rules! not_text {
    ($($method:ident: $type:ty;)*) => {$(
        fn $method(&mut self, _: &'static Member) -> Result<Option<$type>, ReadError> {
            no_text()
        }
    )*};
}

impl ShapeReader for Text<'_> {
    fn string(&mut self, _: &'static Member) -> Result<Option<String>, ReadError> {
        Ok(Some(self.0.to_owned()))
    }

    not_text! {
        boolean: bool;
        integer: i64;
        float: f32;
        double: f64;
        big_integer: BigInteger;
        big_decimal: BigDecimal;
        blob: Blob;
        timestamp: Timestamp;
        document: Document;
    }

    fn structure(&mut self, _: &'static Member, _: &mut dyn Structure) -> Result<bool, ReadError> {
        no_text()
    }

    fn list(&mut self, _: &'static Member, _: &mut dyn ListSink) -> Result<bool, ReadError> {
        no_text()
    }

    fn map(&mut self, _: &'static Member, _: &mut dyn MapSink) -> Result<bool, ReadError> {
        no_text()
    }
}
