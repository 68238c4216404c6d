//! A shape with a member of every kind, and of every HTTP binding of a response.

use std::collections::BTreeMap;

use tinsmith_runtime::schema::{HttpBinding, Member, Schema, ShapeKind, TimestampFormat, prelude};
use tinsmith_runtime::shape::{BigDecimal, BigInteger, Blob, Document};
use tinsmith_runtime::timestamp::Timestamp;

/// A structure with everything in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Everything {
    /// In a header.
    pub header: Option<String>,
    /// A list of timestamps in a header.
    pub times: Option<Vec<Timestamp>>,
    /// A list of texts in a header.
    pub texts: Option<Vec<String>>,
    /// A number in a header.
    pub length: Option<i64>,
    /// Headers with a prefix.
    pub meta: Option<BTreeMap<String, String>>,
    boolean: Option<bool>,
    integer: Option<i32>,
    double: Option<f64>,
    big_integer: Option<BigInteger>,
    big_decimal: Option<BigDecimal>,
    text: Option<String>,
    blob: Option<Blob>,
    time: Option<Timestamp>,
    date: Option<Timestamp>,
    document: Option<Document>,
    list: Option<Vec<String>>,
    sparse: Option<BTreeMap<String, Option<i32>>>,
    color: Option<Color>,
    choice: Option<Box<Choice>>,
    nested: Option<Box<Everything>>,
}

tinsmith_runtime::structure!(
    Everything = MEMBERS {
        0: header,
        1: times,
        2: texts,
        3: length,
        4: meta,
        5: boolean,
        6: integer,
        7: double,
        8: big_integer,
        9: big_decimal,
        10: text,
        11: blob,
        12: time,
        13: date,
        14: document,
        15: list,
        16: sparse,
        17: color,
        18: choice,
        19: nested,
    }
);

impl Everything {
    /// Whether both are equal, where NaN equals itself.
    pub fn is_same(&self, other: &Self) -> bool {
        self == other || format!("{self:?}") == format!("{other:?}")
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Choice {
    Text(String),
    Everything(Box<Everything>),
    Choices(Vec<Choice>),
    Unknown(String),
}

tinsmith_runtime::union!(
    Choice = CHOICE_MEMBERS {
        0: Text(value),
        1: Everything(value),
        2: Choices(value),
    }
);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Color {
    Red,
    Unknown(String),
}

tinsmith_runtime::string_enum!(Color { Red = "red" });

pub(crate) static EVERYTHING: Schema = Schema::structure("fuzz#Everything", &MEMBERS);

static MEMBERS: [Member; 20] = [
    Member::new("header", &prelude::STRING).http(HttpBinding::Header("x-header")),
    Member::new("times", &TIMES).http(HttpBinding::Header("x-times")),
    Member::new("texts", &TEXTS).http(HttpBinding::Header("x-texts")),
    Member::new("length", &prelude::LONG).http(HttpBinding::Header("x-length")),
    Member::new("meta", &META).http(HttpBinding::PrefixHeaders("x-meta-")),
    Member::new("boolean", &prelude::BOOLEAN),
    Member::new("integer", &prelude::INTEGER),
    Member::new("double", &prelude::DOUBLE),
    Member::new("bigInteger", &prelude::BIG_INTEGER),
    Member::new("bigDecimal", &prelude::BIG_DECIMAL),
    Member::new("text", &prelude::STRING).json_name("Text"),
    Member::new("blob", &prelude::BLOB),
    Member::new("time", &prelude::TIMESTAMP),
    Member::new("date", &prelude::TIMESTAMP).timestamp_format(TimestampFormat::DateTime),
    Member::new("document", &prelude::DOCUMENT),
    Member::new("list", &TEXTS),
    Member::new("sparse", &SPARSE),
    Member::new("color", &COLOR),
    Member::new("choice", &CHOICE),
    Member::new("nested", &INNER),
];

/// A structure within another has no HTTP bindings of its own: all members are in the body.
static INNER: Schema = Schema::structure("fuzz#Everything", &MEMBERS);

static TIMES: Schema = Schema::list("fuzz#Times", &TIMES_MEMBERS);
static TIMES_MEMBERS: [Member; 1] = [Member::new("member", &prelude::TIMESTAMP)];
static TEXTS: Schema = Schema::list("fuzz#Texts", &TEXTS_MEMBERS);
static TEXTS_MEMBERS: [Member; 1] = [Member::new("member", &prelude::STRING)];
static META: Schema = Schema::map("fuzz#Meta", &META_MEMBERS);
static META_MEMBERS: [Member; 2] = [
    Member::new("key", &prelude::STRING),
    Member::new("value", &prelude::STRING),
];
static SPARSE: Schema = Schema::map("fuzz#Sparse", &SPARSE_MEMBERS).sparse();
static SPARSE_MEMBERS: [Member; 2] = [
    Member::new("key", &prelude::STRING),
    Member::new("value", &prelude::INTEGER),
];
static COLOR: Schema = Schema::new("fuzz#Color", ShapeKind::Enum).values(&["red"]);
static CHOICE: Schema = Schema::union("fuzz#Choice", &CHOICE_MEMBERS);
static CHOICE_MEMBERS: [Member; 3] = [
    Member::new("text", &prelude::STRING),
    Member::new("everything", &INNER),
    Member::new("choices", &CHOICES),
];
static CHOICES: Schema = Schema::list("fuzz#Choices", &CHOICES_MEMBERS);
static CHOICES_MEMBERS: [Member; 1] = [Member::new("member", &CHOICE)];
