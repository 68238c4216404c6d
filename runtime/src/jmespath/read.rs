//! Values from structures: a visitor of the one walk.
//!
//! Source: Smithy 2.0, "Waiters", "JMESPath data model".

use std::collections::BTreeMap;

use super::{Value, Wanted};
use crate::schema::{Member, Schema};
use crate::shape::{
    BASE64, BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure,
    WriteError,
};
use crate::timestamp::Timestamp;

/// What is wanted of a structure, with what is sensitive in it.
pub(crate) fn structure(value: &dyn Structure, wanted: &Wanted) -> Value {
    read(value, wanted, true)
}

/// What is wanted of a structure of this schema to be shown: nothing that is sensitive is read, be it the
/// structure itself, a member, or the keys of a map.
pub(crate) fn shown(value: &dyn Structure, schema: &Schema, wanted: &Wanted) -> Value {
    if schema.sensitive {
        return Value::Null;
    }
    read(value, wanted, false)
}

fn read(value: &dyn Structure, wanted: &Wanted, secrets: bool) -> Value {
    let mut walk = Walk {
        wanted,
        secrets,
        found: Found::Members(BTreeMap::new()),
    };
    // A variant that the client does not know has nothing to look at.
    match value.write(&mut walk) {
        Ok(()) => walk.found.into(),
        Err(_) => Value::Null,
    }
}

/// The object that expressions about an input and an output are applied to.
pub(crate) fn both(input: &dyn Structure, output: &dyn Structure, wanted: &Wanted) -> Value {
    let bodies = [("input", input), ("output", output)];
    let wanted = bodies
        .into_iter()
        .filter_map(|(name, body)| Some((name, structure(body, wanted.member(name)?))));
    wanted.collect()
}

/// What has been found of the structure, list or map that is walked over.
enum Found {
    Members(BTreeMap<String, Value>),
    Items(Vec<Value>),
    /// With the key of the entry that comes next; `None` for an entry that is not read.
    Entries(BTreeMap<String, Value>, Option<String>),
}

impl From<Found> for Value {
    fn from(found: Found) -> Self {
        match found {
            Found::Members(entries) | Found::Entries(entries, _) => entries.into_iter().collect(),
            Found::Items(items) => items.into_iter().collect(),
        }
    }
}

struct Walk<'w> {
    wanted: &'w Wanted,
    secrets: bool,
    found: Found,
}

type Written = Result<(), WriteError>;

impl<'w> Walk<'w> {
    /// What is wanted of the value in this place; `None` for one that is not.
    fn wanted(&self, member: &'static Member) -> Option<&'w Wanted> {
        if self.is_hidden(member) {
            return None;
        }
        match &self.found {
            Found::Members(_) => self.wanted.member(member.name),
            Found::Items(_) => Some(self.wanted),
            Found::Entries(_, key) => self.wanted.member(key.as_deref()?),
        }
    }

    fn is_hidden(&self, member: &'static Member) -> bool {
        member.target.sensitive && !self.secrets
    }

    fn keep(&mut self, member: &'static Member, value: Value) -> Written {
        match &mut self.found {
            Found::Members(members) => {
                members.insert(member.name.to_owned(), value);
            }
            Found::Items(items) => items.push(value),
            Found::Entries(entries, key) => {
                entries.extend(key.take().map(|key| (key, value)));
            }
        }
        Ok(())
    }

    fn put(&mut self, member: &'static Member, value: impl FnOnce() -> Value) -> Written {
        match self.wanted(member) {
            Some(_) => self.keep(member, value()),
            None => Ok(()),
        }
    }

    /// Walks over a list or map in this place.
    fn walk(
        &mut self,
        member: &'static Member,
        found: Found,
        write: impl FnOnce(&mut Walk<'_>) -> Written,
    ) -> Written {
        let Some(wanted) = self.wanted(member) else {
            return Ok(());
        };
        let mut walk = Walk {
            wanted,
            secrets: self.secrets,
            found,
        };
        write(&mut walk)?;
        self.keep(member, walk.found.into())
    }
}

impl ShapeWriter for Walk<'_> {
    fn null(&mut self, member: &'static Member) -> Written {
        match self.found {
            // An absent member is as one that there never was.
            Found::Members(_) => Ok(()),
            _ => self.put(member, || Value::Null),
        }
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Written {
        self.put(member, || value.into())
    }

    #[allow(clippy::cast_precision_loss)] // The language has no other numbers.
    fn integer(&mut self, member: &'static Member, value: i64) -> Written {
        self.put(member, || (value as f64).into())
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Written {
        self.put(member, || f64::from(value).into())
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Written {
        self.put(member, || value.into())
    }

    fn big_integer(&mut self, member: &'static Member, value: &BigInteger) -> Written {
        self.put(member, || {
            value.as_str().parse().map_or(Value::Null, Value::Number)
        })
    }

    fn big_decimal(&mut self, member: &'static Member, value: &BigDecimal) -> Written {
        self.put(member, || value.to_f64().into())
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Written {
        self.put(member, || value.into())
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Written {
        self.put(member, || base64::Engine::encode(&BASE64, value).into())
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Written {
        self.put(member, || value.as_duration().as_secs_f64().into())
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Written {
        self.put(member, || Value::from(value))
    }

    fn structure(&mut self, member: &'static Member, value: &dyn Structure) -> Written {
        match self.wanted(member) {
            Some(wanted) => {
                let value = read(value, wanted, self.secrets);
                self.keep(member, value)
            }
            None => Ok(()),
        }
    }

    fn list(&mut self, member: &'static Member, value: &dyn ListItems) -> Written {
        let Some(item) = member.target.members.first() else {
            return Err(WriteError::new("the schema of a list has no member"));
        };
        self.walk(member, Found::Items(Vec::new()), |walk| {
            value.write_items(item, walk)
        })
    }

    fn map(&mut self, member: &'static Member, value: &dyn MapEntries) -> Written {
        let [key, entry] = member.target.members else {
            return Err(WriteError::new("the schema of a map has no key and value"));
        };
        let found = Found::Entries(BTreeMap::new(), None);
        self.walk(member, found, |walk| value.write_entries(key, entry, walk))
    }

    fn key(&mut self, member: &'static Member, value: &str) -> Written {
        let value = (!self.is_hidden(member)).then(|| value.to_owned());
        if let Found::Entries(_, key) = &mut self.found {
            *key = value;
        }
        Ok(())
    }
}
