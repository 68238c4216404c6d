//! The plain types of the standard library as values and fields.

use std::collections::BTreeMap;

use zeroize::Zeroize;

use super::{
    BigDecimal, BigInteger, Blob, Document, Field, ListItems, ListSink, MapEntries, MapKey,
    MapSink, ReadError, Sensitive, ShapeReader, ShapeWriter, Structure, Value, WriteError,
};
use crate::schema::Member;
use crate::timestamp::Timestamp;

/// `Value` for types that a method of the writer and the reader is made for. The writer's argument and
/// the way to wipe are given as closures.
macro_rules! simple_values {
    ($($type:ty: $method:ident($value:ident => $argument:expr), wipe($wiped:ident => $wipe:expr);)*) => {$(
        impl Value for $type {
            fn write(
                &self,
                member: &'static Member,
                writer: &mut dyn ShapeWriter,
            ) -> Result<(), WriteError> {
                let $value = self;
                writer.$method(member, $argument)
            }

            fn read(
                member: &'static Member,
                reader: &mut dyn ShapeReader,
            ) -> Result<Option<Self>, ReadError> {
                reader.$method(member)
            }

            fn zero() -> Self {
                Self::default()
            }

            fn wipe(&mut self) {
                let $wiped = self;
                $wipe;
            }
        }
    )*};
}

simple_values! {
    bool: boolean(value => *value), wipe(value => value.zeroize());
    f32: float(value => *value), wipe(value => value.zeroize());
    f64: double(value => *value), wipe(value => value.zeroize());
    BigInteger: big_integer(value => value), wipe(value => value.wipe());
    BigDecimal: big_decimal(value => value), wipe(value => value.wipe());
    String: string(value => value), wipe(value => value.zeroize());
    Blob: blob(value => value), wipe(value => value.wipe());
    Timestamp: timestamp(value => *value), wipe(value => *value = Timestamp::default());
    Document: document(value => value), wipe(value => value.wipe());
}

/// The integers, which share one method and differ in range.
macro_rules! integer_values {
    ($($type:ty)*) => {$(
        impl Value for $type {
            fn write(
                &self,
                member: &'static Member,
                writer: &mut dyn ShapeWriter,
            ) -> Result<(), WriteError> {
                writer.integer(member, i64::from(*self))
            }

            fn read(
                member: &'static Member,
                reader: &mut dyn ShapeReader,
            ) -> Result<Option<Self>, ReadError> {
                let Some(number) = reader.integer(member)? else {
                    return Ok(None);
                };
                let bounds = concat!("an integer that fits ", stringify!($type));
                Self::try_from(number)
                    .map(Some)
                    .map_err(|_| ReadError::expected(bounds, "one that does not"))
            }

            fn zero() -> Self {
                0
            }

            fn wipe(&mut self) {
                self.zeroize();
            }
        }
    )*};
}

integer_values!(i8 i16 i32 i64);

impl<T: Structure + Default> Value for T {
    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        writer.structure(member, self)
    }

    fn read(
        member: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<Option<Self>, ReadError> {
        let mut value = T::default();
        Ok(reader.structure(member, &mut value)?.then_some(value))
    }

    fn zero() -> Self {
        T::default()
    }

    fn wipe(&mut self) {
        Structure::wipe(self);
    }
}

/// A recursive member is boxed; the box is the structure that it holds.
impl<T: Structure> Structure for Box<T> {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        T::write(self, writer)
    }

    fn read(&mut self, index: usize, reader: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        T::read(self, index, reader)
    }

    fn read_unknown(&mut self, name: &str) {
        T::read_unknown(self, name);
    }

    fn wipe(&mut self) {
        T::wipe(self);
    }
}

impl<T: Value> Value for Sensitive<T> {
    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        self.expose().write(member, writer)
    }

    fn read(
        member: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<Option<Self>, ReadError> {
        Ok(T::read(member, reader)?.map(Self::new))
    }

    fn zero() -> Self {
        Self::new(T::zero())
    }

    fn wipe(&mut self) {
        self.expose_mut().wipe();
    }
}

impl<F: Field> Value for Vec<F> {
    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        writer.list(member, self)
    }

    fn read(
        member: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<Option<Self>, ReadError> {
        let mut items = Self::new();
        Ok(reader.list(member, &mut items)?.then_some(items))
    }

    fn zero() -> Self {
        Self::new()
    }

    fn wipe(&mut self) {
        self.iter_mut().for_each(F::wipe);
        self.clear();
    }
}

impl<F: Field> ListItems for Vec<F> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn write_items(
        &self,
        item: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        self.iter().try_for_each(|value| value.write(item, writer))
    }
}

impl<F: Field> ListSink for Vec<F> {
    fn read_item(
        &mut self,
        item: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<(), ReadError> {
        let mut value = F::empty();
        if value.read(item, reader)? || F::NULLABLE {
            self.push(value);
        }
        Ok(())
    }
}

impl<K: MapKey, F: Field> Value for BTreeMap<K, F> {
    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        writer.map(member, self)
    }

    fn read(
        member: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<Option<Self>, ReadError> {
        let mut entries = Self::new();
        Ok(reader.map(member, &mut entries)?.then_some(entries))
    }

    fn zero() -> Self {
        Self::new()
    }

    fn wipe(&mut self) {
        while let Some((mut key, mut value)) = self.pop_first() {
            key.wipe();
            value.wipe();
        }
    }
}

impl<K: MapKey, F: Field> MapEntries for BTreeMap<K, F> {
    fn len(&self) -> usize {
        BTreeMap::len(self)
    }

    fn write_entries(
        &self,
        key: &'static Member,
        value: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        self.iter().try_for_each(|(name, entry)| {
            writer.key(key, name.as_key())?;
            entry.write(value, writer)
        })
    }
}

impl<K: MapKey, F: Field> MapSink for BTreeMap<K, F> {
    fn read_entry(
        &mut self,
        key: &str,
        value: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<(), ReadError> {
        let mut entry = F::empty();
        if entry.read(value, reader)? || F::NULLABLE {
            self.insert(K::from_key(key), entry);
        }
        Ok(())
    }
}

impl MapKey for String {
    fn as_key(&self) -> &str {
        self
    }

    fn from_key(key: &str) -> Self {
        key.to_owned()
    }

    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl<K: MapKey + Value> MapKey for Sensitive<K> {
    fn as_key(&self) -> &str {
        self.expose().as_key()
    }

    fn from_key(key: &str) -> Self {
        Self::new(K::from_key(key))
    }
}

impl<T: Value> Field for T {
    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        Value::write(self, member, writer)
    }

    fn read(
        &mut self,
        member: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<bool, ReadError> {
        let value = <T as Value>::read(member, reader)?;
        let present = value.is_some();
        if let Some(value) = value {
            *self = value;
        }
        Ok(present)
    }

    fn empty() -> Self {
        T::zero()
    }

    fn wipe(&mut self) {
        Value::wipe(self);
    }
}

impl<T: Value> Field for Option<T> {
    const NULLABLE: bool = true;

    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        match self {
            Some(value) => value.write(member, writer),
            None => writer.null(member),
        }
    }

    fn read(
        &mut self,
        member: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<bool, ReadError> {
        *self = T::read(member, reader)?;
        Ok(self.is_some())
    }

    fn empty() -> Self {
        None
    }

    fn wipe(&mut self) {
        if let Some(value) = self {
            value.wipe();
        }
        *self = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wiping_leaves_nothing_behind() {
        let mut texts = vec![Some("a".to_owned()), None];
        Value::wipe(&mut texts);
        assert!(texts.is_empty());

        let mut entries = BTreeMap::from([("a".to_owned(), Blob::from("b"))]);
        Value::wipe(&mut entries);
        assert!(entries.is_empty());

        let mut number: BigDecimal = "1.5".parse().unwrap();
        Value::wipe(&mut number);
        assert_eq!(number, BigDecimal::default());

        let mut document = Document::from_iter([("a", Document::from("b"))]);
        Value::wipe(&mut document);
        assert_eq!(document, Document::Null);
    }

    #[test]
    fn sensitive_keys_are_keys() {
        let key = Sensitive::<String>::from_key("a");
        assert_eq!((key.as_key(), format!("{key:?}")), ("a", "***".to_owned()));
    }

    #[test]
    fn only_places_that_hold_null_keep_it() {
        const { assert!(<Option<i32> as Field>::NULLABLE && !<i32 as Field>::NULLABLE) };
        assert_eq!(<Option<i32> as Field>::empty(), None);
        assert_eq!(<i32 as Field>::empty(), 0);
    }
}
