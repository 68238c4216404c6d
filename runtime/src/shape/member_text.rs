//! The text of one member.

use super::{
    BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure, WriteError,
};
use crate::schema::Member;
use crate::timestamp::Timestamp;

/// The value of the string member `name` of `structure` itself, if it is set.
pub(crate) fn member_text(structure: &dyn Structure, name: &str) -> Option<String> {
    let mut finder = Finder { name, found: None };
    // A union that refuses to be written has no such member; sending it reports why.
    let _ = structure.write(&mut finder);
    finder.found
}

/// The visitor that keeps a text of that name, and looks into nothing.
struct Finder<'a> {
    name: &'a str,
    found: Option<String>,
}

macro_rules! ignore {
    ($($method:ident($type:ty);)*) => {$(
        fn $method(&mut self, _: &'static Member, _: $type) -> Result<(), WriteError> {
            Ok(())
        }
    )*};
}

impl ShapeWriter for Finder<'_> {
    fn string(&mut self, member: &'static Member, value: &str) -> Result<(), WriteError> {
        if member.name == self.name {
            self.found = Some(value.to_owned());
        }
        Ok(())
    }

    fn null(&mut self, _: &'static Member) -> Result<(), WriteError> {
        Ok(())
    }

    ignore! {
        boolean(bool);
        integer(i64);
        float(f32);
        double(f64);
        big_integer(&BigInteger);
        big_decimal(&BigDecimal);
        blob(&[u8]);
        timestamp(Timestamp);
        document(&Document);
        structure(&dyn Structure);
        list(&dyn ListItems);
        map(&dyn MapEntries);
        key(&str);
    }
}
