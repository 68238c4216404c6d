//! Equal items of a list.
//!
//! Each item is written as bytes that are the same for equal values and for no others; the bytes are
//! then looked up in a hash table, so that the time grows with the size of the list and no faster.
//!
//! Source: Smithy 2.0, "uniqueItems trait", "Value equality".

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{Hash, Hasher};

use super::walk::MAX_DEPTH;
use crate::schema::Member;
use crate::shape::{
    BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure, WriteError,
};
use crate::timestamp::Timestamp;

/// The indexes of the first item that equals one before it, that one first.
///
/// A list that cannot be written, or is nested too deep, has no answer here: the walk over its items
/// finds that fault by itself.
pub(super) fn find_duplicate(
    item: &'static Member,
    items: &dyn ListItems,
) -> Option<(usize, usize)> {
    let count = items.len();
    if count < 2 {
        return None;
    }
    let mut writer = CanonicalWriter::default();
    writer.ends.reserve(count);
    items.write_items(item, &mut writer).ok()?;
    let mut seen = HashMap::with_capacity(count);
    let mut start = 0;
    for (index, &end) in writer.ends.iter().enumerate() {
        match seen.entry(writer.bytes.get(start..end)?) {
            Entry::Occupied(first) => return Some((*first.get(), index)),
            Entry::Vacant(place) => place.insert(index),
        };
        start = end;
    }
    None
}

/// Writes values as canonical bytes: each has a tag, and then either as many bytes as its kind always
/// has or its length before them, so that no two values run into each other.
#[derive(Default)]
struct CanonicalWriter {
    bytes: Vec<u8>,
    /// Where the items of the outermost list end.
    ends: Vec<usize>,
    depth: usize,
}

/// What kind of value follows.
#[derive(Clone, Copy)]
enum Tag {
    Null,
    Boolean,
    Integer,
    Float,
    BigInteger,
    BigDecimal,
    String,
    Blob,
    Timestamp,
    Structure,
    List,
    Map,
    Document,
}

type Written = Result<(), WriteError>;

impl CanonicalWriter {
    /// Writes one value: its member's name, since absent members of a structure and all but one of a
    /// union are left out, its tag, and what `content` writes.
    fn value(
        &mut self,
        member: &'static Member,
        tag: Tag,
        content: impl FnOnce(&mut Self) -> Written,
    ) -> Written {
        if self.depth > MAX_DEPTH {
            return Err(WriteError::new("nested too deep"));
        }
        self.sized(member.name.as_bytes());
        self.bytes.push(tag as u8);
        self.depth += 1;
        content(self)?;
        self.depth -= 1;
        if self.depth == 0 {
            self.ends.push(self.bytes.len());
        }
        Ok(())
    }

    /// Writes a value of these bytes.
    fn scalar(&mut self, member: &'static Member, tag: Tag, bytes: &[u8]) -> Written {
        self.value(member, tag, |this| {
            this.sized(bytes);
            Ok(())
        })
    }

    fn sized(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.bytes.extend(bytes);
    }

    fn count(&mut self, count: usize) {
        self.bytes.extend(count.to_le_bytes());
    }

    fn decimal(&mut self, number: &BigDecimal) {
        let mut canonical = HashedBytes::default();
        number.hash(&mut canonical);
        self.sized(&canonical.0);
    }

    fn open_content(&mut self, value: &Document, levels: usize) -> Written {
        let Some(levels) = levels.checked_sub(1) else {
            return Err(WriteError::new("nested too deep"));
        };
        match value {
            Document::Null => self.bytes.push(Tag::Null as u8),
            Document::Bool(value) => self.bytes.extend([Tag::Boolean as u8, u8::from(*value)]),
            Document::Number(number) => {
                self.bytes.push(Tag::BigDecimal as u8);
                self.decimal(number);
            }
            Document::String(text) => {
                self.bytes.push(Tag::String as u8);
                self.sized(text.as_bytes());
            }
            Document::Blob(blob) => {
                self.bytes.push(Tag::Blob as u8);
                self.sized(blob.as_ref());
            }
            Document::Timestamp(timestamp) => {
                self.bytes.push(Tag::Timestamp as u8);
                self.bytes
                    .extend(timestamp.as_duration().as_nanos().to_le_bytes());
            }
            Document::Array(items) => {
                self.bytes.push(Tag::List as u8);
                self.count(items.len());
                items
                    .iter()
                    .try_for_each(|item| self.open_content(item, levels))?;
            }
            Document::Object(entries) => {
                self.bytes.push(Tag::Map as u8);
                self.count(entries.len());
                for (key, value) in entries {
                    self.sized(key.as_bytes());
                    self.open_content(value, levels)?;
                }
            }
        }
        Ok(())
    }
}

/// Takes what a decimal feeds to its hash, which is the same for equal numbers and for no others.
#[derive(Default)]
struct HashedBytes(Vec<u8>);

impl Hasher for HashedBytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

impl ShapeWriter for CanonicalWriter {
    fn null(&mut self, member: &'static Member) -> Written {
        self.scalar(member, Tag::Null, &[])
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Written {
        self.scalar(member, Tag::Boolean, &[u8::from(value)])
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Written {
        self.scalar(member, Tag::Integer, &value.to_le_bytes())
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Written {
        self.double(member, f64::from(value))
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Written {
        // Adding a zero makes a positive zero of a negative one, which is the same number.
        self.scalar(member, Tag::Float, &(value + 0.0).to_bits().to_le_bytes())
    }

    fn big_integer(&mut self, member: &'static Member, value: &BigInteger) -> Written {
        self.scalar(member, Tag::BigInteger, value.as_str().as_bytes())
    }

    fn big_decimal(&mut self, member: &'static Member, value: &BigDecimal) -> Written {
        self.value(member, Tag::BigDecimal, |this| {
            this.decimal(value);
            Ok(())
        })
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Written {
        self.scalar(member, Tag::String, value.as_bytes())
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Written {
        self.scalar(member, Tag::Blob, value)
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Written {
        let nanoseconds = value.as_duration().as_nanos();
        self.scalar(member, Tag::Timestamp, &nanoseconds.to_le_bytes())
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Written {
        self.value(member, Tag::Document, |this| {
            this.open_content(value, MAX_DEPTH)
        })
    }

    fn structure(&mut self, member: &'static Member, value: &dyn Structure) -> Written {
        self.value(member, Tag::Structure, |this| {
            value.write(this)?;
            // The end: no name is so long.
            this.count(usize::MAX);
            Ok(())
        })
    }

    fn list(&mut self, member: &'static Member, value: &dyn ListItems) -> Written {
        let [item] = member.target.members else {
            return Ok(());
        };
        self.value(member, Tag::List, |this| {
            this.count(value.len());
            value.write_items(item, this)
        })
    }

    fn map(&mut self, member: &'static Member, value: &dyn MapEntries) -> Written {
        let [key, item] = member.target.members else {
            return Ok(());
        };
        self.value(member, Tag::Map, |this| {
            this.count(value.len());
            value.write_entries(key, item, this)
        })
    }

    fn key(&mut self, _: &'static Member, value: &str) -> Written {
        self.sized(value.as_bytes());
        Ok(())
    }
}
