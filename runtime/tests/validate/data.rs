//! Values of any shape, which the tests put together as they need them.

use std::collections::BTreeMap;

use tinsmith_runtime::schema::Member;
use tinsmith_runtime::shape::{
    BigDecimal, BigInteger, Document, ListItems, MapEntries, ReadError, ShapeReader, ShapeWriter,
    Structure, WriteError,
};
use tinsmith_runtime::timestamp::Timestamp;

/// A value of any shape, or none.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f32),
    Double(f64),
    BigInteger(BigInteger),
    BigDecimal(BigDecimal),
    String(String),
    Blob(Vec<u8>),
    Timestamp(Timestamp),
    Document(Document),
    List(Vec<Data>),
    Map(BTreeMap<String, Data>),
    Structure(Fields),
}

/// The members of a structure that are handed over, or the one of a union; `None` for a variant that
/// the model does not know.
#[derive(Clone, Debug)]
pub(crate) struct Fields(pub(crate) Option<Vec<(&'static Member, Data)>>);

impl Fields {
    /// A value for each member.
    pub(crate) fn of(members: &'static [Member], values: impl IntoIterator<Item = Data>) -> Self {
        Self(Some(members.iter().zip(values).collect()))
    }
}

impl Data {
    pub(crate) fn text(text: &str) -> Self {
        Self::String(text.to_owned())
    }

    pub(crate) fn texts<const N: usize>(texts: [&str; N]) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    pub(crate) fn map<const N: usize>(entries: [(&str, Self); N]) -> Self {
        let owned = entries.map(|(key, value)| (key.to_owned(), value));
        Self::Map(owned.into())
    }

    pub(crate) fn structure(
        members: &'static [Member],
        values: impl IntoIterator<Item = Self>,
    ) -> Self {
        Self::Structure(Fields::of(members, values))
    }

    pub(crate) fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        match self {
            Self::Null => writer.null(member),
            Self::Boolean(value) => writer.boolean(member, *value),
            Self::Integer(value) => writer.integer(member, *value),
            Self::Float(value) => writer.float(member, *value),
            Self::Double(value) => writer.double(member, *value),
            Self::BigInteger(value) => writer.big_integer(member, value),
            Self::BigDecimal(value) => writer.big_decimal(member, value),
            Self::String(value) => writer.string(member, value),
            Self::Blob(value) => writer.blob(member, value),
            Self::Timestamp(value) => writer.timestamp(member, *value),
            Self::Document(value) => writer.document(member, value),
            Self::List(items) => writer.list(member, &Items(items)),
            Self::Map(entries) => writer.map(member, &Entries(entries)),
            Self::Structure(fields) => writer.structure(member, fields),
        }
    }
}

impl Structure for Fields {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        let fields = self
            .0
            .as_ref()
            .ok_or_else(|| WriteError::unknown_variant("test#Union"))?;
        fields
            .iter()
            .try_for_each(|(member, value)| value.write(member, writer))
    }

    fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        Ok(false)
    }
}

struct Items<'a>(&'a [Data]);

impl ListItems for Items<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn write_items(
        &self,
        item: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        self.0
            .iter()
            .try_for_each(|value| value.write(item, writer))
    }
}

struct Entries<'a>(&'a BTreeMap<String, Data>);

impl MapEntries for Entries<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn write_entries(
        &self,
        key: &'static Member,
        value: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        self.0.iter().try_for_each(|(name, data)| {
            writer.key(key, name)?;
            data.write(value, writer)
        })
    }
}
