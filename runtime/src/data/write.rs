//! Serialising: a visitor that hands every value to a serde serialiser.

use serde_core::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::schema::Member;
use crate::shape::{
    BASE64, BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure,
    WriteError, special_float,
};
use crate::stream::OutgoingStream;
use crate::timestamp::Timestamp;

type Written = Result<(), WriteError>;

/// Serialises a generated value with everything that is sensitive in it.
///
/// What comes of it is as secret as what is in it: it belongs into a secret store, and not into a log.
///
/// ```
/// use tinsmith_runtime::data::WithSecrets;
/// use tinsmith_runtime::schema::{Member, Schema, ShapeKind};
/// use tinsmith_runtime::shape::Sensitive;
///
/// // Generated.
/// static SECRET: Schema = Schema::new("com.example#Secret", ShapeKind::String).sensitive();
/// static TOKEN_MEMBERS: [Member; 1] = [Member::new("secret", &SECRET)];
/// #[derive(Default)]
/// struct Token {
///     secret: Sensitive<String>,
/// }
/// tinsmith_runtime::structure!(Token = TOKEN_MEMBERS { 0: secret });
///
/// let token = Token { secret: Sensitive::from("hunter2") };
/// assert!(serde_json::to_string(&token).is_err());
/// assert_eq!(serde_json::to_string(&WithSecrets(&token))?, r#"{"secret":"hunter2"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub struct WithSecrets<'a>(pub &'a dyn Structure);

impl Serialize for WithSecrets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = Members {
            value: self.0,
            secrets: true,
        };
        value.serialize(serializer)
    }
}

/// Serialises a structure or union; generated types call it.
///
/// # Errors
///
/// Those of the serialiser; a sensitive value; a stream; and a variant that the client does not know.
pub fn serialize<S: Serializer>(value: &dyn Structure, serializer: S) -> Result<S::Ok, S::Error> {
    let value = Members {
        value,
        secrets: false,
    };
    value.serialize(serializer)
}

/// A structure or union.
struct Members<'a> {
    value: &'a dyn Structure,
    secrets: bool,
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let into = Fields(serializer.serialize_map(None)?);
        let mut walk = Walk::new(into, self.secrets);
        let written = self.value.write(&mut walk);
        walk.finish(written)?.0.end()
    }
}

struct Items<'a> {
    value: &'a dyn ListItems,
    item: Option<&'static Member>,
    secrets: bool,
}

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let into = Sequence(serializer.serialize_seq(Some(self.value.len()))?);
        let mut walk = Walk::new(into, self.secrets);
        let written = match self.item {
            Some(item) => self.value.write_items(item, &mut walk),
            None => Err(WriteError::new("the schema of a list has no member")),
        };
        walk.finish(written)?.0.end()
    }
}

struct Entries<'a> {
    value: &'a dyn MapEntries,
    members: &'static [Member],
    secrets: bool,
}

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let into = Pairs(serializer.serialize_map(Some(self.value.len()))?);
        let mut walk = Walk::new(into, self.secrets);
        let written = match self.members {
            [key, value] => self.value.write_entries(key, value, &mut walk),
            _ => Err(WriteError::new("the schema of a map has no key and value")),
        };
        walk.finish(written)?.0.end()
    }
}

/// What the values of a walk become parts of.
trait Container {
    type Error: Error;

    fn put<T: Serialize + ?Sized>(
        &mut self,
        member: &'static Member,
        value: &T,
    ) -> Result<(), Self::Error>;

    /// Takes note that there is no value.
    fn absent(&mut self) -> Result<(), Self::Error>;

    /// Takes the key of the value that comes next.
    fn key(&mut self, _: &str) -> Result<(), Self::Error> {
        Err(Self::Error::custom("a key outside of a map"))
    }
}

/// The members of a structure, by name; absent ones are left out.
struct Fields<M>(M);

impl<M: SerializeMap> Container for Fields<M> {
    type Error = M::Error;

    fn put<T: Serialize + ?Sized>(
        &mut self,
        member: &'static Member,
        value: &T,
    ) -> Result<(), M::Error> {
        self.0.serialize_entry(member.name, value)
    }

    fn absent(&mut self) -> Result<(), M::Error> {
        Ok(())
    }
}

/// The items of a list.
struct Sequence<S>(S);

impl<S: SerializeSeq> Container for Sequence<S> {
    type Error = S::Error;

    fn put<T: Serialize + ?Sized>(
        &mut self,
        _: &'static Member,
        value: &T,
    ) -> Result<(), S::Error> {
        self.0.serialize_element(value)
    }

    fn absent(&mut self) -> Result<(), S::Error> {
        self.0.serialize_element(&None::<()>)
    }
}

/// The entries of a map.
struct Pairs<M>(M);

impl<M: SerializeMap> Container for Pairs<M> {
    type Error = M::Error;

    fn put<T: Serialize + ?Sized>(
        &mut self,
        _: &'static Member,
        value: &T,
    ) -> Result<(), M::Error> {
        self.0.serialize_value(value)
    }

    fn absent(&mut self) -> Result<(), M::Error> {
        self.0.serialize_value(&None::<()>)
    }

    fn key(&mut self, key: &str) -> Result<(), M::Error> {
        self.0.serialize_key(key)
    }
}

/// The visitor. The walk knows no errors of a serialiser, so the first waits here.
struct Walk<C: Container> {
    into: C,
    secrets: bool,
    error: Option<C::Error>,
}

impl<C: Container> Walk<C> {
    fn new(into: C, secrets: bool) -> Self {
        Self {
            into,
            secrets,
            error: None,
        }
    }

    fn finish(self, written: Written) -> Result<C, C::Error> {
        match (self.error, written) {
            (Some(error), _) => Err(error),
            (None, Err(error)) => Err(C::Error::custom(error)),
            (None, Ok(())) => Ok(self.into),
        }
    }

    fn check(&self, member: &'static Member) -> Written {
        if member.target.sensitive && !self.secrets {
            let name = member.name;
            return Err(WriteError::new(format!(
                "`{name}` is sensitive, and not serialised unless that is asked for"
            )));
        }
        Ok(())
    }

    fn keep(&mut self, result: Result<(), C::Error>) -> Written {
        result.map_err(|error| {
            self.error = Some(error);
            WriteError::new("the serialiser failed")
        })
    }

    fn put<T: Serialize + ?Sized>(&mut self, member: &'static Member, value: &T) -> Written {
        self.check(member)?;
        let result = self.into.put(member, value);
        self.keep(result)
    }
}

impl<C: Container> ShapeWriter for Walk<C> {
    fn null(&mut self, _: &'static Member) -> Written {
        let result = self.into.absent();
        self.keep(result)
    }

    fn boolean(&mut self, member: &'static Member, value: bool) -> Written {
        self.put(member, &value)
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Written {
        self.put(member, &value)
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Written {
        match special_float(value.into()) {
            Some(name) => self.put(member, name),
            None => self.put(member, &value),
        }
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Written {
        match special_float(value) {
            Some(name) => self.put(member, name),
            None => self.put(member, &value),
        }
    }

    fn big_integer(&mut self, member: &'static Member, value: &BigInteger) -> Written {
        self.put(member, value)
    }

    fn big_decimal(&mut self, member: &'static Member, value: &BigDecimal) -> Written {
        self.put(member, value)
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Written {
        self.put(member, value)
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Written {
        self.put(member, &base64::Engine::encode(&BASE64, value))
    }

    fn timestamp(&mut self, member: &'static Member, value: Timestamp) -> Written {
        self.put(member, &value)
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Written {
        self.put(member, value)
    }

    fn structure(&mut self, member: &'static Member, value: &dyn Structure) -> Written {
        let secrets = self.secrets;
        self.put(member, &Members { value, secrets })
    }

    fn list(&mut self, member: &'static Member, value: &dyn ListItems) -> Written {
        let items = Items {
            value,
            item: member.target.members.first(),
            secrets: self.secrets,
        };
        self.put(member, &items)
    }

    fn map(&mut self, member: &'static Member, value: &dyn MapEntries) -> Written {
        let entries = Entries {
            value,
            members: member.target.members,
            secrets: self.secrets,
        };
        self.put(member, &entries)
    }

    fn key(&mut self, member: &'static Member, value: &str) -> Written {
        self.check(member)?;
        let result = self.into.key(value);
        self.keep(result)
    }

    fn stream(&mut self, member: &'static Member, _: &dyn OutgoingStream) -> Written {
        let name = member.name;
        Err(WriteError::new(format!(
            "`{name}` is a stream, which cannot be serialised"
        )))
    }
}
