//! Deserialising: a reader over whatever a serde deserialiser gives.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::values::FloatText;
use crate::schema::{Member, ShapeKind};
use crate::shape::{
    BigDecimal, BigInteger, Blob, Document, ListSink, MapSink, ReadError, ShapeReader, Structure,
    check_variants, parse_double, parse_float,
};
use crate::timestamp::Timestamp;

/// Deserialises a structure with these members; generated types call it.
///
/// # Errors
///
/// Those of the deserialiser, and a value of another kind than the model has there.
pub fn deserialize<'de, T: Structure + Default, D: Deserializer<'de>>(
    members: &'static [Member],
    deserializer: D,
) -> Result<T, D::Error> {
    read(members, false, deserializer)
}

/// Deserialises a union with these members; generated types call it.
///
/// # Errors
///
/// As of [`deserialize`], and anything but one member.
pub fn deserialize_union<'de, T: Structure + Default, D: Deserializer<'de>>(
    members: &'static [Member],
    deserializer: D,
) -> Result<T, D::Error> {
    read(members, true, deserializer)
}

fn read<'de, T: Structure + Default, D: Deserializer<'de>>(
    members: &'static [Member],
    union: bool,
    deserializer: D,
) -> Result<T, D::Error> {
    let mut value = T::default();
    let into = Into::Members {
        members,
        union,
        value: &mut value,
    };
    into.deserialize(deserializer)?;
    Ok(value)
}

/// The container that comes next, and what it is read into.
enum Into<'a> {
    Members {
        members: &'static [Member],
        union: bool,
        value: &'a mut dyn Structure,
    },
    Items {
        item: Option<&'static Member>,
        items: &'a mut dyn ListSink,
    },
    Entries {
        value: Option<&'static Member>,
        entries: &'a mut dyn MapSink,
    },
}

impl<'de> DeserializeSeed<'de> for Into<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self {
            Self::Items { .. } => deserializer.deserialize_seq(self),
            Self::Members { .. } | Self::Entries { .. } => deserializer.deserialize_map(self),
        }
    }
}

impl<'de> Visitor<'de> for Into<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Members { union: false, .. } => "a map with the members of a structure",
            Self::Members { union: true, .. } => "a map with one member of a union",
            Self::Items { .. } => "a list",
            Self::Entries { .. } => "a map",
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        let Self::Items { item, items } = self else {
            return Err(A::Error::invalid_type(
                serde_core::de::Unexpected::Seq,
                &self,
            ));
        };
        let item = item.ok_or_else(|| A::Error::custom("the schema of a list has no member"))?;
        let mut more = true;
        while more {
            let seed = Part(|reader: &mut dyn ShapeReader| items.read_item(item, reader));
            more = sequence.next_element_seed(seed)?.is_some();
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match self {
            Self::Members {
                members,
                union,
                value,
            } => read_members(members, union, value, map),
            Self::Entries { value, entries } => {
                let value =
                    value.ok_or_else(|| A::Error::custom("the schema of a map has no value"))?;
                while let Some(key) = map.next_key::<String>()? {
                    map.next_value_seed(Part(|reader: &mut dyn ShapeReader| {
                        entries.read_entry(&key, value, reader)
                    }))?;
                }
                Ok(())
            }
            Self::Items { .. } => Err(A::Error::invalid_type(
                serde_core::de::Unexpected::Map,
                &self,
            )),
        }
    }
}

fn read_members<'de, A: MapAccess<'de>>(
    members: &'static [Member],
    union: bool,
    value: &mut dyn Structure,
    mut map: A,
) -> Result<(), A::Error> {
    let mut found = 0;
    while let Some(name) = map.next_key::<String>()? {
        let Some(index) = members.iter().position(|member| member.name == name) else {
            value.read_unknown(&name);
            map.next_value::<IgnoredAny>()?;
            found += 1;
            continue;
        };
        let mut there = false;
        map.next_value_seed(Part(|reader: &mut dyn ShapeReader| {
            there = value.read(index, reader)?;
            Ok(())
        }))?;
        found += usize::from(there);
    }
    if union {
        check_variants(found).map_err(A::Error::custom)?;
    }
    Ok(())
}

/// One value that the walk reads.
struct Part<F>(F);

impl<'de, F: FnOnce(&mut dyn ShapeReader) -> Result<(), ReadError>> DeserializeSeed<'de>
    for Part<F>
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let mut reader = Reader {
            source: Some(deserializer),
            error: None,
            lifetime: PhantomData,
        };
        let read = (self.0)(&mut reader);
        match (reader.error, read) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => Err(D::Error::custom(error)),
            // Nothing was done with it, as with a stream.
            (None, Ok(())) => match reader.source {
                Some(source) => IgnoredAny::deserialize(source).map(drop),
                None => Ok(()),
            },
        }
    }
}

/// The value that comes next. The walk knows no errors of a deserialiser, so the first waits here.
struct Reader<'de, D: Deserializer<'de>> {
    source: Option<D>,
    error: Option<D::Error>,
    lifetime: PhantomData<&'de ()>,
}

impl<'de, D: Deserializer<'de>> Reader<'de, D> {
    fn take<T>(&mut self, read: impl FnOnce(D) -> Result<T, D::Error>) -> Result<T, ReadError> {
        let source = self.source.take();
        let source = source.ok_or_else(|| ReadError::new("a value was read twice"))?;
        read(source).map_err(|error| {
            self.error = Some(error);
            ReadError::new("the deserialiser failed")
        })
    }

    fn value<T: Deserialize<'de>>(&mut self) -> Result<Option<T>, ReadError> {
        self.take(Option::deserialize)
    }

    fn container(&mut self, into: Into<'_>) -> Result<bool, ReadError> {
        self.take(|source| source.deserialize_option(Maybe(into)))
    }
}

/// A container or `null`.
struct Maybe<'a>(Into<'a>);

impl<'de> Visitor<'de> for Maybe<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        self.0.deserialize(deserializer).map(|()| true)
    }
}

impl<'de, D: Deserializer<'de>> ShapeReader for Reader<'de, D> {
    fn boolean(&mut self, _: &'static Member) -> Result<Option<bool>, ReadError> {
        self.value()
    }

    fn integer(&mut self, _: &'static Member) -> Result<Option<i64>, ReadError> {
        self.value()
    }

    fn float(&mut self, _: &'static Member) -> Result<Option<f32>, ReadError> {
        let Some(FloatText(text)) = self.value()? else {
            return Ok(None);
        };
        let number = parse_float(&text).ok_or_else(|| ReadError::new("not a float"))?;
        Ok(Some(number))
    }

    fn double(&mut self, _: &'static Member) -> Result<Option<f64>, ReadError> {
        let Some(FloatText(text)) = self.value()? else {
            return Ok(None);
        };
        let number = parse_double(&text).ok_or_else(|| ReadError::new("not a double"))?;
        Ok(Some(number))
    }

    fn big_integer(&mut self, _: &'static Member) -> Result<Option<BigInteger>, ReadError> {
        self.value()
    }

    fn big_decimal(&mut self, _: &'static Member) -> Result<Option<BigDecimal>, ReadError> {
        self.value()
    }

    fn string(&mut self, _: &'static Member) -> Result<Option<String>, ReadError> {
        self.value()
    }

    fn blob(&mut self, _: &'static Member) -> Result<Option<Blob>, ReadError> {
        self.value()
    }

    fn timestamp(&mut self, _: &'static Member) -> Result<Option<Timestamp>, ReadError> {
        self.value()
    }

    fn document(&mut self, _: &'static Member) -> Result<Option<Document>, ReadError> {
        self.value()
    }

    fn structure(
        &mut self,
        member: &'static Member,
        into: &mut dyn Structure,
    ) -> Result<bool, ReadError> {
        self.container(Into::Members {
            members: member.target.members,
            union: member.target.kind == ShapeKind::Union,
            value: into,
        })
    }

    fn list(
        &mut self,
        member: &'static Member,
        into: &mut dyn ListSink,
    ) -> Result<bool, ReadError> {
        self.container(Into::Items {
            item: member.target.members.first(),
            items: into,
        })
    }

    fn map(&mut self, member: &'static Member, into: &mut dyn MapSink) -> Result<bool, ReadError> {
        self.container(Into::Entries {
            value: member.target.members.get(1),
            entries: into,
        })
    }
}
