//! The visitor that `serde_json` hands every value to.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::reader::{Context, Scope, ValueSeed};
use super::token::Token;
use crate::schema::{HttpBinding, Member, Schema, ShapeKind};
use crate::shape::{
    ListSink, MapSink, Present, ReadError, Segment, Structure, check_variants, note_missing,
};

/// What the next value goes into.
pub(super) enum Fill<'a> {
    /// A scalar, described.
    Scalar(&'static str),
    Structure {
        schema: &'static Schema,
        scope: Scope,
        into: &'a mut dyn Structure,
    },
    List {
        schema: &'static Schema,
        into: &'a mut dyn ListSink,
    },
    Map {
        schema: &'static Schema,
        into: &'a mut dyn MapSink,
    },
}

impl Fill<'_> {
    fn expected(&self) -> &'static str {
        match self {
            Self::Scalar(expected) => expected,
            Self::List { .. } => "a list",
            Self::Structure { .. } | Self::Map { .. } => "an object",
        }
    }
}

/// Takes whatever comes, if it is what is expected.
pub(super) struct ValueVisitor<'c, 'f> {
    pub(super) cx: &'c mut Context,
    pub(super) fill: Fill<'f>,
}

impl ValueVisitor<'_, '_> {
    fn scalar<'de, E: Error>(self, token: Token<'de>, kind: &str) -> Result<Token<'de>, E> {
        match self.fill {
            Fill::Scalar(_) => Ok(token),
            _ => self.mismatch(kind),
        }
    }

    fn mismatch<T, E: Error>(self, kind: &str) -> Result<T, E> {
        let expected = self.fill.expected();
        self.cx.fail(ReadError::expected(expected, kind))
    }
}

impl<'de> Visitor<'de> for ValueVisitor<'_, '_> {
    type Value = Token<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fill.expected())
    }

    fn visit_unit<E: Error>(self) -> Result<Token<'de>, E> {
        Ok(Token::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Token<'de>, E> {
        self.scalar(Token::Bool(value), "a boolean")
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Token<'de>, E> {
        self.scalar(Token::Number, "a number")
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Token<'de>, E> {
        self.scalar(Token::Number, "a number")
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Token<'de>, E> {
        self.scalar(Token::Number, "a number")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Token<'de>, E> {
        self.scalar(Token::String(Cow::Borrowed(text)), "a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Token<'de>, E> {
        self.scalar(Token::String(Cow::Owned(text.to_owned())), "a string")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Token<'de>, A::Error> {
        let Fill::List { schema, into } = self.fill else {
            return self.mismatch("a list");
        };
        let Some(item) = schema.members.first() else {
            return (self.cx).fail(ReadError::new("the schema of a list has no member"));
        };
        let mut index = 0;
        loop {
            let seed = ValueSeed {
                cx: self.cx,
                place: Segment::Index(index),
                take: &mut |reader| into.read_item(item, reader),
            };
            if items.next_element_seed(seed)?.is_none() {
                return Ok(Token::Filled);
            }
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Token<'de>, A::Error> {
        match self.fill {
            Fill::Structure {
                schema,
                scope,
                into,
            } => Members {
                cx: self.cx,
                schema,
                scope,
                into,
                present: Present::default(),
                variants: 0,
                next: 0,
            }
            .read(entries)?,
            Fill::Map { schema, into } => read_entries(self.cx, schema, into, entries)?,
            Fill::Scalar(_) | Fill::List { .. } => return self.mismatch("an object"),
        }
        Ok(Token::Filled)
    }
}

fn read_entries<'de, A: MapAccess<'de>>(
    cx: &mut Context,
    schema: &'static Schema,
    into: &mut dyn MapSink,
    mut entries: A,
) -> Result<(), A::Error> {
    let [key_member, value_member] = schema.members else {
        return cx.fail(ReadError::new("the schema of a map lacks its members"));
    };
    while let Some(key) = entries.next_key_seed(KeyVisitor(Cow::from))? {
        entries.next_value_seed(ValueSeed {
            cx,
            place: Segment::of_key(key_member, &key),
            take: &mut |reader| into.read_entry(&key, value_member, reader),
        })?;
    }
    Ok(())
}

/// The members of a structure or union while they are read.
struct Members<'a> {
    cx: &'a mut Context,
    schema: &'static Schema,
    scope: Scope,
    into: &'a mut dyn Structure,
    present: Present,
    /// Members of a union that had a value.
    variants: usize,
    /// The member after the one that was read last: most services write them in the model's order.
    next: usize,
}

impl Members<'_> {
    fn read<'de, A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let union = self.schema.kind == ShapeKind::Union;
        while let Some(key) = entries.next_key_seed(KeyVisitor(|name| self.find(name)))? {
            match key {
                Key::Member(index, member) => self.read_member(index, member, &mut entries)?,
                Key::Unknown(name) if union => {
                    if entries.next_value::<Option<IgnoredAny>>()?.is_some() {
                        self.into.read_unknown(&name);
                        self.variants += 1;
                    }
                }
                Key::Unknown(_) | Key::Tag => drop(entries.next_value::<IgnoredAny>()?),
            }
        }
        if union {
            return check_variants(self.variants).or_else(|error| self.cx.fail(error));
        }
        self.note_missing();
        Ok(())
    }

    fn read_member<'de, A: MapAccess<'de>>(
        &mut self,
        index: usize,
        member: &'static Member,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        self.next = index + 1;
        let mut present = false;
        entries.next_value_seed(ValueSeed {
            cx: self.cx,
            place: Segment::Name(member.name),
            take: &mut |reader| {
                present = self.into.read(index, reader)?;
                Ok(())
            },
        })?;
        if present {
            self.variants += usize::from(!self.present.contains(index));
            self.present.insert(index);
        }
        Ok(())
    }

    /// What a key of the object stands for. The name of an unknown one is kept for unions alone.
    fn find<'k>(&self, name: Cow<'k, str>) -> Key<'k> {
        let known = |(_, member): &(usize, &Member)| {
            self.in_scope(member) && self.cx.dialect.name(member) == name
        };
        let members = self.schema.members.iter().enumerate();
        let (before, after) = (members.clone().take(self.next), members.skip(self.next));
        match after.chain(before).find(known) {
            Some((index, member)) => Key::Member(index, member),
            None if name == "__type" => Key::Tag,
            None => Key::Unknown(name),
        }
    }

    fn in_scope(&self, member: &Member) -> bool {
        self.scope == Scope::All || member.http.in_response() == HttpBinding::Body
    }

    fn note_missing(self) {
        for (index, member) in self.schema.members.iter().enumerate() {
            if self.in_scope(member) && !self.present.contains(index) {
                note_missing(member, &mut self.cx.missing);
            }
        }
    }
}

enum Key<'k> {
    Member(usize, &'static Member),
    Tag,
    Unknown(Cow<'k, str>),
}

/// Reads the key of an object and makes something of it.
struct KeyVisitor<F>(F);

impl<'de, T, F: FnOnce(Cow<'de, str>) -> T> DeserializeSeed<'de> for KeyVisitor<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<T, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de, T, F: FnOnce(Cow<'de, str>) -> T> Visitor<'de> for KeyVisitor<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<T, E> {
        Ok((self.0)(Cow::Borrowed(key)))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<T, E> {
        Ok((self.0)(Cow::Owned(key.to_owned())))
    }
}
