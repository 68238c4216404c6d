//! Where in an input the walk is.
//!
//! A frame for each level lies on the stack of the walk and points to the frame around it, so that
//! nothing is built until there is a violation to tell of.

use std::fmt::Write as _;

use crate::schema::{Member, Schema};
use crate::shape::pointer::escape;
use crate::shape::{
    BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure, WriteError,
};
use crate::timestamp::Timestamp;

/// What stands for a key that must not be shown.
const HIDDEN: &str = "***";

/// A path from the input to a value inside it.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    pub(super) parent: Option<&'a Path<'a>>,
    pub(super) step: Step<'a>,
}

/// One step of a path.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    /// To a member of a structure or union.
    Member(&'static str),
    /// To an item of a list.
    Item(usize),
    /// To the value of a map's entry. The key is looked up by its index when it is needed, since the
    /// walk holds it no longer than a call.
    Entry {
        schema: &'static Schema,
        entries: &'a dyn MapEntries,
        index: usize,
        hidden: bool,
    },
}

impl Path<'_> {
    /// Appends the path as a JSON pointer (RFC 6901).
    pub(super) fn write_to(&self, pointer: &mut String) {
        if let Some(parent) = self.parent {
            parent.write_to(pointer);
        }
        pointer.push('/');
        match self.step {
            Step::Member(name) => pointer.push_str(&escape(name)),
            // Writing to a string does not fail.
            Step::Item(index) => drop(write!(pointer, "{index}")),
            Step::Entry { hidden: true, .. } => pointer.push_str(HIDDEN),
            Step::Entry {
                schema,
                entries,
                index,
                hidden: false,
            } => pointer.push_str(&escape(&key_at(schema, entries, index))),
        }
    }
}

/// The key of the entry at `index`.
fn key_at(schema: &'static Schema, entries: &dyn MapEntries, index: usize) -> String {
    let mut finder = KeyFinder {
        skip: index,
        key: None,
    };
    if let [key, value] = schema.members {
        // The values may refuse to be written; the keys before them are found all the same.
        let _ = entries.write_entries(key, value, &mut finder);
    }
    finder.key.unwrap_or_default()
}

/// Hears the keys of a map until the one that it looks for.
struct KeyFinder {
    skip: usize,
    key: Option<String>,
}

impl ShapeWriter for KeyFinder {
    fn key(&mut self, _: &'static Member, value: &str) -> Result<(), WriteError> {
        if self.key.is_none() {
            match self.skip.checked_sub(1) {
                Some(rest) => self.skip = rest,
                None => self.key = Some(value.to_owned()),
            }
        }
        Ok(())
    }

    fn null(&mut self, _: &'static Member) -> Result<(), WriteError> {
        Ok(())
    }
    fn boolean(&mut self, _: &'static Member, _: bool) -> Result<(), WriteError> {
        Ok(())
    }
    fn integer(&mut self, _: &'static Member, _: i64) -> Result<(), WriteError> {
        Ok(())
    }
    fn float(&mut self, _: &'static Member, _: f32) -> Result<(), WriteError> {
        Ok(())
    }
    fn double(&mut self, _: &'static Member, _: f64) -> Result<(), WriteError> {
        Ok(())
    }
    fn big_integer(&mut self, _: &'static Member, _: &BigInteger) -> Result<(), WriteError> {
        Ok(())
    }
    fn big_decimal(&mut self, _: &'static Member, _: &BigDecimal) -> Result<(), WriteError> {
        Ok(())
    }
    fn string(&mut self, _: &'static Member, _: &str) -> Result<(), WriteError> {
        Ok(())
    }
    fn blob(&mut self, _: &'static Member, _: &[u8]) -> Result<(), WriteError> {
        Ok(())
    }
    fn timestamp(&mut self, _: &'static Member, _: Timestamp) -> Result<(), WriteError> {
        Ok(())
    }
    fn document(&mut self, _: &'static Member, _: &Document) -> Result<(), WriteError> {
        Ok(())
    }
    fn structure(&mut self, _: &'static Member, _: &dyn Structure) -> Result<(), WriteError> {
        Ok(())
    }
    fn list(&mut self, _: &'static Member, _: &dyn ListItems) -> Result<(), WriteError> {
        Ok(())
    }
    fn map(&mut self, _: &'static Member, _: &dyn MapEntries) -> Result<(), WriteError> {
        Ok(())
    }
}
