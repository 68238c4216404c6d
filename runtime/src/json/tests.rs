//! JSON through the types that generated code uses.

use std::collections::BTreeMap;

use super::{Dialect, JsonWriter, Scope, Timestamps, read_members};
use crate::schema::{Member, Schema, ShapeKind, TimestampFormat, prelude};
use crate::shape::{
    BigInteger, Blob, Field, MAX_DEPTH, ReadError, Sensitive, ShapeReader, ShapeWriter, Structure,
    WriteError, read_variant,
};
use crate::timestamp::Timestamp;

static DIALECT: Dialect = Dialect {
    json_names: true,
    timestamps: Timestamps::Default(TimestampFormat::EpochSeconds),
    big_number_strings: false,
};

static SECRET: Schema = Schema::new("test#Secret", ShapeKind::String).sensitive();
static COUNTS: Schema = Schema::list("test#Counts", &[Member::new("member", &prelude::INTEGER)]);
static SPARSE: Schema =
    Schema::list("test#Sparse", &[Member::new("member", &prelude::INTEGER)]).sparse();
static NODES: Schema = Schema::map(
    "test#Nodes",
    &[
        Member::new("key", &prelude::STRING),
        Member::new("value", &NODE),
    ],
);
static CHOICE: Schema = Schema::union("test#Choice", &CHOICE_MEMBERS);
static CHOICE_MEMBERS: [Member; 2] = [
    Member::new("text", &prelude::STRING),
    Member::new("number", &prelude::DOUBLE),
];
static NODE: Schema = Schema::structure("test#Node", &MEMBERS);
static MEMBERS: [Member; 11] = [
    Member::new("id", &prelude::STRING).required(),
    Member::new("count", &prelude::INTEGER).json_name("n"),
    Member::new("next", &NODE),
    Member::new("counts", &COUNTS),
    Member::new("sparse", &SPARSE),
    Member::new("nodes", &NODES),
    Member::new("when", &prelude::TIMESTAMP).timestamp_format(TimestampFormat::DateTime),
    Member::new("secret", &SECRET),
    Member::new("big", &prelude::BIG_INTEGER),
    Member::new("choice", &CHOICE),
    Member::new("bytes", &prelude::BLOB),
];

#[derive(Clone, Debug, Default, PartialEq)]
struct Node {
    id: String,
    count: Option<i32>,
    next: Option<Box<Node>>,
    counts: Option<Vec<i32>>,
    sparse: Option<Vec<Option<i32>>>,
    nodes: Option<BTreeMap<String, Node>>,
    when: Option<Timestamp>,
    secret: Option<Sensitive<String>>,
    big: Option<BigInteger>,
    choice: Option<Choice>,
    bytes: Option<Blob>,
}

impl Structure for Node {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        self.id.write(&MEMBERS[0], writer)?;
        self.count.write(&MEMBERS[1], writer)?;
        self.next.write(&MEMBERS[2], writer)?;
        self.counts.write(&MEMBERS[3], writer)?;
        self.sparse.write(&MEMBERS[4], writer)?;
        self.nodes.write(&MEMBERS[5], writer)?;
        self.when.write(&MEMBERS[6], writer)?;
        self.secret.write(&MEMBERS[7], writer)?;
        self.big.write(&MEMBERS[8], writer)?;
        self.choice.write(&MEMBERS[9], writer)?;
        self.bytes.write(&MEMBERS[10], writer)
    }

    fn read(&mut self, index: usize, reader: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        match index {
            0 => self.id.read(&MEMBERS[0], reader),
            1 => self.count.read(&MEMBERS[1], reader),
            2 => self.next.read(&MEMBERS[2], reader),
            3 => self.counts.read(&MEMBERS[3], reader),
            4 => self.sparse.read(&MEMBERS[4], reader),
            5 => self.nodes.read(&MEMBERS[5], reader),
            6 => self.when.read(&MEMBERS[6], reader),
            7 => self.secret.read(&MEMBERS[7], reader),
            8 => self.big.read(&MEMBERS[8], reader),
            9 => self.choice.read(&MEMBERS[9], reader),
            10 => self.bytes.read(&MEMBERS[10], reader),
            _ => Ok(false),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Choice {
    Text(String),
    Number(f64),
    Unknown(String),
}

impl Default for Choice {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

impl Structure for Choice {
    fn write(&self, writer: &mut dyn ShapeWriter) -> Result<(), WriteError> {
        match self {
            Self::Text(value) => value.write(&CHOICE_MEMBERS[0], writer),
            Self::Number(value) => value.write(&CHOICE_MEMBERS[1], writer),
            Self::Unknown(name) => Err(WriteError::unknown_variant(name)),
        }
    }

    fn read(&mut self, index: usize, reader: &mut dyn ShapeReader) -> Result<bool, ReadError> {
        match index {
            0 => read_variant(self, Self::Text, &CHOICE_MEMBERS[0], reader),
            1 => read_variant(self, Self::Number, &CHOICE_MEMBERS[1], reader),
            _ => Ok(false),
        }
    }

    fn read_unknown(&mut self, name: &str) {
        *self = Self::Unknown(name.to_owned());
    }
}

fn write(node: &Node) -> Result<String, WriteError> {
    let mut writer = JsonWriter::of_members(&DIALECT);
    Structure::write(node, &mut writer)?;
    Ok(String::from_utf8(writer.end_members()).unwrap())
}

fn read(text: &str) -> Result<(Node, Vec<String>), ReadError> {
    read_bytes(text.as_bytes())
}

fn read_bytes(text: &[u8]) -> Result<(Node, Vec<String>), ReadError> {
    let mut node = Node::default();
    let missing = read_members(&DIALECT, text, &NODE, Scope::All, &mut node)?;
    Ok((node, missing))
}

fn full() -> Node {
    let leaf = |id: &str| Node {
        id: id.to_owned(),
        ..Node::default()
    };
    Node {
        id: "a\"\n\u{1f600}".to_owned(),
        count: Some(-7),
        next: Some(Box::new(leaf("b"))),
        counts: Some(vec![1, 2]),
        sparse: Some(vec![None, Some(3)]),
        nodes: Some(BTreeMap::from([("k/y".to_owned(), leaf("c"))])),
        when: Some("2024-02-29T12:00:00.5Z".parse().unwrap()),
        secret: Some("hunter2".into()),
        big: Some("123456789012345678901234567890".parse().unwrap()),
        choice: Some(Choice::Number(f64::INFINITY)),
        bytes: Some(Blob::from("hi")),
    }
}

const FULL: &str = concat!(
    r#"{"id":"a\"\n😀","n":-7,"next":{"id":"b"},"counts":[1,2],"sparse":[null,3],"#,
    r#""nodes":{"k/y":{"id":"c"}},"when":"2024-02-29T12:00:00.5Z","secret":"hunter2","#,
    r#""big":123456789012345678901234567890,"choice":{"number":"Infinity"},"bytes":"aGk="}"#,
);

#[test]
fn what_is_written_is_read_again() {
    assert_eq!(write(&full()).unwrap(), FULL);
    assert_eq!(read(FULL), Ok((full(), Vec::new())));
}

#[test]
fn missing_members_are_told_by_place() {
    let (node, missing) =
        read(r#"{"next": {"next": {}}, "nodes": {"a/b": {}, "c": {"id": "x"}}}"#).unwrap();
    assert_eq!(node.id, "");
    assert_eq!(
        missing,
        ["/next/next/id", "/next/id", "/nodes/a~1b/id", "/id"]
    );
}

#[test]
fn leniency_is_where_it_does_no_harm() {
    let text = r#" {"n": 1, "n": 2.0, "id": "x", "unknown": {"deep": [[{}]]}, "counts": [1, null, 3e0], "bytes": "aGk"} "#;
    let (node, missing) = read(text).unwrap();
    assert_eq!((node.count, missing.len()), (Some(2), 0));
    assert_eq!(node.counts, Some(vec![1, 3]));
    assert_eq!(node.bytes, Some(Blob::from("hi")));
}

#[test]
fn errors_tell_the_place_and_the_kinds() {
    for (text, expected) in [
        (
            r#"{"id": 5}"#,
            "expected a string, found a number at /id (line 1, column 9)",
        ),
        (
            r#"{"n": 1.5}"#,
            "expected an integer of 64 bits, found a number that is not at /count",
        ),
        (
            r#"{"n": 3000000000}"#,
            "expected an integer that fits i32, found one that does not at /count",
        ),
        (
            r#"{"counts": [1, "x"]}"#,
            "expected an integer of 64 bits, found a string at /counts/1",
        ),
        (
            r#"{"nodes": {"a/b": []}}"#,
            "expected an object, found a list at /nodes/a~1b",
        ),
        (
            r#"{"next": true}"#,
            "expected an object, found a boolean at /next",
        ),
        (
            r#"{"counts": {}}"#,
            "expected a list, found an object at /counts",
        ),
        (
            r#"{"when": 5}"#,
            "expected a date-time string, found a number at /when",
        ),
        (
            r#"{"when": "x"}"#,
            "expected a date-time string, found a string that is not at /when",
        ),
        (
            r#"{"big": "1"}"#,
            "expected an integer, found a string at /big",
        ),
        (
            r#"{"bytes": "*"}"#,
            "expected base64, found a string that is not at /bytes",
        ),
        (
            r#"{"choice": {}}"#,
            "expected an object with exactly one member of the union, found none at /choice",
        ),
        (
            r#"{"choice": {"text": "a", "number": 1}}"#,
            "exactly one member of the union, found several at /choice",
        ),
        (
            "{\"next\":\n {\"id\": \"x\"",
            "malformed JSON: EOF while parsing an object at /next (line 2, column 11)",
        ),
        (
            r#"{"id": "x"} x"#,
            "malformed JSON: trailing characters (line 1, column 13)",
        ),
        ("[]", "expected an object, found a list"),
        ("null", "expected an object, found null"),
        ("", "malformed JSON: EOF while parsing a value"),
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}\n  {error}\n  {expected}");
    }
}

#[test]
fn unions_keep_what_they_do_not_know() {
    let choice = |text: &str| read(text).map(|(node, _)| node.choice);
    let unknown = Choice::Unknown("colour".to_owned());
    assert_eq!(
        choice(r#"{"choice": {"__type": "x", "colour": {"r": 1}, "text": null}}"#),
        Ok(Some(unknown.clone()))
    );
    assert_eq!(
        choice(r#"{"choice": {"text": "a", "colour": null}}"#),
        Ok(Some(Choice::Text("a".to_owned())))
    );
    let node = Node {
        choice: Some(unknown),
        ..Node::default()
    };
    assert_eq!(write(&node).unwrap_err().path(), "/choice");
}

#[test]
fn no_error_shows_a_secret() {
    let text = r#"{"secret": "hunter2", "next": {"secret": "hunter2", "id": ["hunter2"]}, "hunter2": "hunter2"}"#;
    for end in 0..text.len() {
        for junk in ["", "hunter2", "\u{0}", "}", "]"] {
            let broken = format!("{}{junk}", &text[..end]);
            let Err(error) = read(&broken) else {
                continue;
            };
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }
}

#[test]
fn depth_is_bounded_in_both_directions() {
    let nested = |depth: usize| {
        (0..depth).fold(Node::default(), |next, _| Node {
            next: Some(Box::new(next)),
            ..Node::default()
        })
    };
    assert!(write(&nested(MAX_DEPTH)).is_ok());
    let error = write(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("nested too deeply at /next/next/")
    );
    let nodes = Some(BTreeMap::from([("secret".to_owned(), nested(MAX_DEPTH))]));
    let error = write(&Node {
        nodes,
        ..Node::default()
    })
    .unwrap_err();
    assert!(error.path().starts_with("/nodes/*/next/"), "{error}");
    let text = r#"{"next":"#.repeat(10_000);
    let error = read(&text).unwrap_err().to_string();
    assert!(
        error.starts_with("malformed JSON: recursion limit exceeded"),
        "{error}"
    );
}

mod random {
    use proptest::prelude::*;

    use super::{FULL, read_bytes};

    proptest! {
        /// Nothing that a service can send makes the reader panic.
        #[test]
        fn bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            let _ = read_bytes(&bytes);
        }

        #[test]
        fn nearly_good_text_does_no_harm(at in 0..FULL.len(), byte in any::<u8>()) {
            let mut bytes = FULL.as_bytes().to_vec();
            bytes[at] = byte;
            let _ = read_bytes(&bytes);
        }

        #[test]
        fn json_like_text_does_no_harm(text in r#"([\[\]{},:]|"(id|n|next|counts|nodes|when|choice|big)"|-?[0-9]{1,40}(\.[0-9])?([eE][0-9]{1,3})?|null|true|"[^"]{0,4}"){0,40}"#) {
            let _ = read_bytes(text.as_bytes());
        }
    }
}
