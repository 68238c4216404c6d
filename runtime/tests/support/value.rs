//! A value of any shape.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Json;
use tinsmith_runtime::schema::{Member, Schema, ShapeKind, TimestampFormat};
use tinsmith_runtime::shape::{
    BigDecimal, BigInteger, Blob, Document, ListItems, ListSink, MapEntries, MapSink, ReadError,
    ShapeReader, ShapeWriter, Structure, Value, WriteError,
};
use tinsmith_runtime::timestamp::Timestamp;

use super::Model;

/// A value of any shape.
#[derive(Clone, Debug)]
pub(crate) enum DynValue {
    Boolean(bool),
    Integer(i64),
    Float(f32),
    Double(f64),
    BigInteger(BigInteger),
    BigDecimal(BigDecimal),
    String(String),
    Blob(Blob),
    Timestamp(Timestamp),
    Document(Document),
    Structure(DynStructure),
    List(Vec<Option<DynValue>>),
    Map(BTreeMap<String, Option<DynValue>>),
}

/// A structure or union with a place for every member.
#[derive(Clone, Debug)]
pub(crate) struct DynStructure {
    schema: &'static Schema,
    side: Side,
    values: Vec<Option<DynValue>>,
    unknown: Option<String>,
}

/// What generated code makes of a required member: an `Option` in an input, so that it can be missing,
/// and a plain value in an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Input,
    Output,
}

/// NaN equals itself here, since a test expects to find it again.
impl PartialEq for DynValue {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Boolean(a), Self::Boolean(b)) => a == b,
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b || a.is_nan() && b.is_nan(),
            (Self::Double(a), Self::Double(b)) => a == b || a.is_nan() && b.is_nan(),
            (Self::BigInteger(a), Self::BigInteger(b)) => a == b,
            (Self::BigDecimal(a), Self::BigDecimal(b)) => a == b,
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Blob(a), Self::Blob(b)) => a == b,
            (Self::Timestamp(a), Self::Timestamp(b)) => a == b,
            (Self::Document(a), Self::Document(b)) => a == b,
            (Self::Structure(a), Self::Structure(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Map(a), Self::Map(b)) => a == b,
            _ => false,
        }
    }
}

impl PartialEq for DynStructure {
    fn eq(&self, other: &Self) -> bool {
        let name = self.schema.id == other.schema.id;
        name && self.values == other.values && self.unknown == other.unknown
    }
}

/// The members that are set, for tests to compare.
impl fmt::Display for DynStructure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members = self.schema.members.iter().zip(&self.values);
        let set = members.filter_map(|(member, value)| Some((member.name, value.as_ref()?)));
        for (index, (name, value)) in set.enumerate() {
            let gap = if index == 0 { "" } else { " " };
            match value {
                DynValue::Integer(number) => write!(f, "{gap}{name}={number}")?,
                DynValue::String(text) => write!(f, "{gap}{name}={text:?}")?,
                other => write!(f, "{gap}{name}={other:?}")?,
            }
        }
        Ok(())
    }
}

/// What members that a test does not set hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unset {
    /// Nothing: an operation's own input.
    Nothing,
    /// The model's default: a structure within an input.
    Default,
}

impl DynStructure {
    /// An input with the members of `params`, and a fixed token where the client fills one in.
    pub(crate) fn input(model: &Model, schema: &'static Schema, params: &Json) -> Self {
        let mut input = Self::from_params(model, schema, params, Unset::Nothing);
        for (member, value) in schema.members.iter().zip(&mut input.values) {
            if member.idempotency_token && value.is_none() {
                let token = "00000000-0000-4000-8000-000000000000";
                *value = Some(DynValue::String(token.to_owned()));
            }
        }
        input
    }

    fn from_params(model: &Model, schema: &'static Schema, params: &Json, unset: Unset) -> Self {
        let value = |member: &'static Member| {
            let given = params.get(member.name).filter(|param| !param.is_null());
            match given {
                Some(param) => Some(DynValue::from_param(model, member, param)),
                None if schema.kind == ShapeKind::Union => None,
                None => unset_value(model, schema, member, unset),
            }
        };
        Self {
            schema,
            side: Side::Input,
            values: schema.members.iter().map(value).collect(),
            unknown: None,
        }
    }

    /// Whatever is known of a message that says nothing: what generated code makes by `Default`.
    fn empty(schema: &'static Schema, side: Side) -> Self {
        let zero = |member: &'static Member| {
            let required = member.required && !member.has_default && side == Side::Output;
            (required && schema.kind == ShapeKind::Structure).then(|| zero(member))
        };
        Self {
            schema,
            side,
            values: schema.members.iter().map(zero).collect(),
            unknown: None,
        }
    }

    /// An output before anything was read into it.
    pub(crate) fn unread(schema: &'static Schema) -> Self {
        Self::empty(schema, Side::Output)
    }

    /// An input before anything was read into it.
    pub(crate) fn unread_input(schema: &'static Schema) -> Self {
        Self::empty(schema, Side::Input)
    }

    /// Sets a string member.
    pub(crate) fn set_text(&mut self, member: &str, text: &str) {
        let index = self.schema.members.iter().position(|it| it.name == member);
        self.values[index.unwrap()] = Some(DynValue::String(text.to_owned()));
    }
}

fn unset_value(
    model: &Model,
    schema: &'static Schema,
    member: &'static Member,
    unset: Unset,
) -> Option<DynValue> {
    if unset == Unset::Nothing {
        return None;
    }
    let default = model.default(schema, member.name);
    let default = default.filter(|_| !model.client_optional(schema, member.name))?;
    Some(DynValue::from_default(model, member, default))
}

fn zero(member: &'static Member) -> DynValue {
    match member.target.kind {
        ShapeKind::Blob => DynValue::Blob(Blob::default()),
        ShapeKind::Boolean => DynValue::Boolean(false),
        ShapeKind::String | ShapeKind::Enum => DynValue::String(String::new()),
        ShapeKind::Float => DynValue::Float(0.0),
        ShapeKind::Double => DynValue::Double(0.0),
        ShapeKind::BigInteger => DynValue::BigInteger(BigInteger::default()),
        ShapeKind::BigDecimal => DynValue::BigDecimal(BigDecimal::default()),
        ShapeKind::Timestamp => DynValue::Timestamp(Timestamp::default()),
        ShapeKind::Document => DynValue::Document(Document::Null),
        ShapeKind::List => DynValue::List(Vec::new()),
        ShapeKind::Map => DynValue::Map(BTreeMap::new()),
        ShapeKind::Structure | ShapeKind::Union => {
            DynValue::Structure(DynStructure::empty(member.target, Side::Output))
        }
        _ => DynValue::Integer(0),
    }
}

impl DynValue {
    /// A default is as a parameter of a test, except that its blobs are base64.
    fn from_default(model: &Model, member: &'static Member, default: &Json) -> Self {
        use base64::Engine;
        match member.target.kind {
            ShapeKind::Blob => {
                let bytes = base64::prelude::BASE64_STANDARD.decode(default.as_str().unwrap());
                Self::Blob(Blob::from(bytes.unwrap()))
            }
            _ => Self::from_param(model, member, default),
        }
    }

    fn from_param(model: &Model, member: &'static Member, param: &Json) -> Self {
        let text = || param.as_str().unwrap().to_owned();
        let number = || match param.as_str() {
            Some(name) => name.parse().unwrap(),
            None => param.as_f64().unwrap(),
        };
        let element = |member: &'static Member, item: &Json| {
            (!item.is_null()).then(|| Self::from_param(model, member, item))
        };
        match member.target.kind {
            ShapeKind::Blob => Self::Blob(Blob::from(text())),
            ShapeKind::Boolean => Self::Boolean(param.as_bool().unwrap()),
            ShapeKind::String | ShapeKind::Enum => Self::String(text()),
            ShapeKind::Float => Self::Float(number() as f32),
            ShapeKind::Double => Self::Double(number()),
            ShapeKind::BigInteger => Self::BigInteger(digits(param).parse().unwrap()),
            ShapeKind::BigDecimal => Self::BigDecimal(digits(param).parse().unwrap()),
            ShapeKind::Timestamp => {
                let seconds = TimestampFormat::EpochSeconds;
                // The data has digits that only a double makes: 946845296.12300003 for .123.
                let text = digits(param).parse::<f64>().unwrap().to_string();
                Self::Timestamp(Timestamp::parse(&text, seconds).unwrap())
            }
            ShapeKind::Document => Self::Document(document(param)),
            ShapeKind::List => {
                let items = param.as_array().unwrap().iter();
                Self::List(
                    items
                        .map(|item| element(&member.target.members[0], item))
                        .collect(),
                )
            }
            ShapeKind::Map => {
                let entries = param.as_object().unwrap().iter();
                let entry = |(key, item): (&String, &Json)| {
                    (key.clone(), element(&member.target.members[1], item))
                };
                Self::Map(entries.map(entry).collect())
            }
            ShapeKind::Structure | ShapeKind::Union => Self::Structure(DynStructure::from_params(
                model,
                member.target,
                param,
                Unset::Default,
            )),
            _ => Self::Integer(digits(param).parse().unwrap()),
        }
    }

    fn write(
        &self,
        member: &'static Member,
        writer: &mut dyn ShapeWriter,
    ) -> Result<(), WriteError> {
        match self {
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
            Self::Structure(value) => writer.structure(member, value),
            Self::List(items) => writer.list(member, &Items(items)),
            Self::Map(entries) => writer.map(member, &Entries(entries)),
        }
    }

    fn read(
        member: &'static Member,
        reader: &mut dyn ShapeReader,
        side: Side,
    ) -> Result<Option<Self>, ReadError> {
        Ok(match member.target.kind {
            ShapeKind::Blob => reader.blob(member)?.map(Self::Blob),
            ShapeKind::Boolean => reader.boolean(member)?.map(Self::Boolean),
            ShapeKind::String | ShapeKind::Enum => reader.string(member)?.map(Self::String),
            ShapeKind::Byte => i8::read(member, reader)?.map(|n| Self::Integer(n.into())),
            ShapeKind::Short => i16::read(member, reader)?.map(|n| Self::Integer(n.into())),
            ShapeKind::Integer | ShapeKind::IntEnum => {
                i32::read(member, reader)?.map(|n| Self::Integer(n.into()))
            }
            ShapeKind::Float => reader.float(member)?.map(Self::Float),
            ShapeKind::Double => reader.double(member)?.map(Self::Double),
            ShapeKind::BigInteger => reader.big_integer(member)?.map(Self::BigInteger),
            ShapeKind::BigDecimal => reader.big_decimal(member)?.map(Self::BigDecimal),
            ShapeKind::Timestamp => reader.timestamp(member)?.map(Self::Timestamp),
            ShapeKind::Document => reader.document(member)?.map(Self::Document),
            ShapeKind::Structure | ShapeKind::Union => {
                let mut structure = DynStructure::empty(member.target, side);
                let present = reader.structure(member, &mut structure)?;
                present.then_some(Self::Structure(structure))
            }
            ShapeKind::List => {
                let mut sink = Sink::new(member, side);
                reader
                    .list(member, &mut sink)?
                    .then_some(Self::List(sink.read))
            }
            ShapeKind::Map => {
                let mut sink = Sink::new(member, side);
                reader
                    .map(member, &mut sink)?
                    .then_some(Self::Map(sink.read))
            }
            _ => reader.integer(member)?.map(Self::Integer),
        })
    }
}

/// The text of a number, which is a string where it is long.
fn digits(number: &Json) -> String {
    (number.as_str()).map_or_else(|| number.to_string(), ToOwned::to_owned)
}

fn document(json: &Json) -> Document {
    match json {
        Json::Null => Document::Null,
        Json::Bool(value) => Document::Bool(*value),
        Json::Number(value) => Document::Number(value.to_string().parse().unwrap()),
        Json::String(value) => Document::String(value.clone()),
        Json::Array(items) => items.iter().map(document).collect(),
        Json::Object(entries) => entries
            .iter()
            .map(|(key, value)| (key.clone(), document(value)))
            .collect(),
    }
}

impl Structure for DynStructure {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        for (member, value) in self.schema.members.iter().zip(&self.values) {
            match value {
                Some(value) => value.write(member, writer)?,
                None if self.schema.kind == ShapeKind::Union => {}
                None => writer.null(member)?,
            }
        }
        Ok(())
    }

    fn read(&mut self, index: usize, reader: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        let value = DynValue::read(&self.schema.members[index], reader, self.side)?;
        let present = value.is_some();
        if present {
            self.values[index] = value;
        }
        Ok(present)
    }

    fn read_unknown(&mut self, name: &str) {
        self.unknown = Some(name.to_owned());
    }
}

fn write_element(
    value: Option<&DynValue>,
    member: &'static Member,
    writer: &mut dyn ShapeWriter,
) -> Result<(), WriteError> {
    match value {
        Some(value) => value.write(member, writer),
        None => writer.null(member),
    }
}

struct Items<'a>(&'a [Option<DynValue>]);

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
            .try_for_each(|value| write_element(value.as_ref(), item, writer))
    }
}

struct Entries<'a>(&'a BTreeMap<String, Option<DynValue>>);

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
        self.0.iter().try_for_each(|(name, entry)| {
            writer.key(key, name)?;
            write_element(entry.as_ref(), value, writer)
        })
    }
}

/// The items or entries read.
struct Sink<T> {
    read: T,
    /// Whether nulls among them are kept.
    sparse: bool,
    side: Side,
}

impl<T: Default> Sink<T> {
    fn new(member: &'static Member, side: Side) -> Self {
        Self {
            read: T::default(),
            sparse: member.target.sparse,
            side,
        }
    }
}

impl ListSink for Sink<Vec<Option<DynValue>>> {
    fn read_item(
        &mut self,
        item: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<(), ReadError> {
        let value = DynValue::read(item, reader, self.side)?;
        if value.is_some() || self.sparse {
            self.read.push(value);
        }
        Ok(())
    }
}

impl MapSink for Sink<BTreeMap<String, Option<DynValue>>> {
    fn read_entry(
        &mut self,
        key: &str,
        value: &'static Member,
        reader: &mut dyn ShapeReader,
    ) -> Result<(), ReadError> {
        let value = DynValue::read(value, reader, self.side)?;
        if value.is_some() || self.sparse {
            self.read.insert(key.to_owned(), value);
        }
        Ok(())
    }
}
