//! CBOR through the types that generated code uses.

use std::collections::BTreeMap;

use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::{prop_assert, prop_assert_eq, proptest};

use super::{CborWriter, read_members, read_typed_body};
use crate::protocol::ErrorCode;
use crate::schema::{Member, Schema, ShapeKind, TimestampFormat, prelude};
use crate::shape::{BigDecimal, BigInteger, Blob, Document, MAX_DEPTH, Structure};
use crate::timestamp::Timestamp;

static TEXTS: Schema = Schema::list("test#Texts", &[Member::new("member", &prelude::STRING)]);
static SPARSE: Schema =
    Schema::list("test#Sparse", &[Member::new("member", &prelude::LONG)]).sparse();
static SECRET: Schema = Schema::new("test#Secret", ShapeKind::String).sensitive();
static NODES: Schema = Schema::map(
    "test#Nodes",
    &[Member::new("key", &SECRET), Member::new("value", &NODE)],
);
static CHOICE: Schema = Schema::union("test#Choice", &CHOICE_MEMBERS);
static CHOICE_MEMBERS: [Member; 2] = [
    Member::new("text", &prelude::STRING),
    Member::new("number", &prelude::DOUBLE),
];
static NODE: Schema = Schema::structure("test#Node", &MEMBERS);
static MEMBERS: [Member; 13] = [
    Member::new("id", &prelude::STRING).required(),
    Member::new("count", &prelude::BYTE).json_name("n"),
    Member::new("next", &NODE),
    Member::new("texts", &TEXTS),
    Member::new("sparse", &SPARSE),
    Member::new("nodes", &NODES),
    Member::new("choice", &CHOICE),
    Member::new("blob", &prelude::BLOB),
    Member::new("when", &prelude::TIMESTAMP).timestamp_format(TimestampFormat::DateTime),
    Member::new("single", &prelude::FLOAT),
    Member::new("big", &prelude::BIG_INTEGER),
    Member::new("exact", &prelude::BIG_DECIMAL),
    Member::new("open", &prelude::DOCUMENT),
];

#[derive(Clone, Debug, Default, PartialEq)]
struct Node {
    id: String,
    count: Option<i8>,
    next: Option<Box<Node>>,
    texts: Option<Vec<String>>,
    sparse: Option<Vec<Option<i64>>>,
    nodes: Option<BTreeMap<String, Node>>,
    choice: Option<Choice>,
    blob: Option<Blob>,
    when: Option<Timestamp>,
    single: Option<f32>,
    big: Option<BigInteger>,
    exact: Option<BigDecimal>,
    open: Option<Document>,
}

crate::structure!(
    Node = MEMBERS {
        0: id,
        1: count,
        2: next,
        3: texts,
        4: sparse,
        5: nodes,
        6: choice,
        7: blob,
        8: when,
        9: single,
        10: big,
        11: exact,
        12: open
    }
);

#[derive(Clone, Debug, PartialEq)]
enum Choice {
    Text(String),
    Number(f64),
    Unknown(String),
}

crate::union!(
    Choice = CHOICE_MEMBERS {
        0: Text(value),
        1: Number(value)
    }
);

fn write(node: &Node) -> Result<Vec<u8>, String> {
    let mut writer = CborWriter::of_members().unwrap();
    let written = Structure::write(node, &mut writer);
    let written = written.and_then(|()| writer.end_members());
    written.map_err(|error| error.to_string())
}

fn read(bytes: &[u8]) -> Result<(Node, Vec<String>), String> {
    let mut node = Node::default();
    let missing = read_members(bytes, &NODE, &mut node).map_err(|error| error.to_string())?;
    Ok((node, missing))
}

/// The document that is a map of one member with this value, in hexadecimal.
fn member(name: &str, value: &str) -> Vec<u8> {
    let mut bytes = vec![0xa1, 0x60 + u8::try_from(name.len()).unwrap()];
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend(hex(value));
    bytes
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    let byte = |pair: &[char]| u8::from_str_radix(&String::from_iter(pair), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn read_member(name: &str, value: &str) -> Result<Node, String> {
    read(&member(name, value)).map(|(node, _)| node)
}

#[test]
fn members_go_by_their_names_alone() {
    let node = Node {
        count: Some(5),
        ..Node::default()
    };
    // An indefinite map: id is the empty text, count is 5.
    assert_eq!(
        write(&node).unwrap(),
        hex("bf 62 6964 60 65 636f756e74 05 ff")
    );
}

/// Examples of RFC 8949, sections 3.4.3 and 3.4.4.
#[test]
fn big_numbers_have_tags() {
    let node = read_member("big", "c2 49 010000000000000000").unwrap();
    assert_eq!(node.big, Some(18_446_744_073_709_551_616_u128.into()));
    let node = read_member("big", "c3 49 010000000000000000").unwrap();
    assert_eq!(node.big, Some((-18_446_744_073_709_551_617_i128).into()));
    assert_eq!(read_member("big", "20").unwrap().big, Some((-1).into()));
    let node = read_member("exact", "c4 82 21 19 6ab3").unwrap();
    assert_eq!(node.exact.as_ref().map(BigDecimal::as_str), Some("273.15"));
    let fraction = hex("c4 82 21 19 6ab3");
    let bytes = write(&node).unwrap();
    assert!(bytes.windows(fraction.len()).any(|it| it == fraction));
}

#[test]
fn times_are_seconds_whatever_the_model_says() {
    for (value, expected) in [
        ("c1 00", Some(0)),
        ("c1 fb 41d7e5dd47c00000", Some(1_603_761_439_000)),
        ("c1 f9 3e00", Some(1_500)),
        ("c1 20", Some(-1_000)),
        // Beyond the year 9999, not finite, no number, and without the tag.
        ("c1 1b 000000e8d4a51000", None),
        ("c1 1b 7fffffffffffffff", None),
        ("c1 fb 7ff0000000000000", None),
        ("c1 61 61", None),
        ("00", None),
    ] {
        let read = read_member("when", value).ok().and_then(|node| node.when);
        let millis = read.map(|time| time.as_duration().as_millis());
        assert_eq!(millis, expected, "{value}");
    }
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    for (name, value, expected) in [
        (
            "id",
            "05",
            "expected a string, found an integer that is not at /id",
        ),
        (
            "count",
            "19 0100",
            "expected an integer that fits i8, found one that does not at /count",
        ),
        (
            "texts",
            "82 61 61 05",
            "expected a string, found an integer that is not at /texts/1",
        ),
        (
            "single",
            "fb 47f0000000000000",
            "expected a number of 32 bits, found a float that is not at /single",
        ),
        (
            "choice",
            "a0",
            "expected an object with exactly one member of the union, found none at /choice",
        ),
        (
            "open",
            "f5",
            "expected nothing, since the protocol has no documents, found a boolean at /open",
        ),
        (
            "next",
            "a1 61 78",
            "malformed CBOR: it ends too early at /next",
        ),
        // The key of a map of secrets is not shown.
        (
            "nodes",
            "a1 63 6b6579 05",
            "expected a map, found an integer that is not at /nodes/***",
        ),
    ] {
        assert_eq!(read_member(name, value).unwrap_err(), expected);
    }
    let error = read(&hex("a0 00")).unwrap_err();
    assert_eq!(error, "malformed CBOR: it goes on after its end");
    assert_eq!(read(&hex("f6")).unwrap_err(), "expected a map, found null");
}

/// A tag that says that it is CBOR, an unknown member with containers of both kinds, `undefined` for a
/// member, and a text in pieces.
#[test]
fn unknown_members_tags_and_nulls_are_passed_over() {
    let bytes = hex(
        "d9d9f7 bf 61 78 9f a1 01 bf ff 82 01 02 ff 65 636f756e74 f7 \
         62 6964 7f 61 61 61 62 ff ff",
    );
    let (node, missing) = read(&bytes).unwrap();
    let expected = Node {
        id: "ab".into(),
        ..Node::default()
    };
    assert_eq!((node, missing), (expected, Vec::new()));
}

#[test]
fn unions_keep_the_name_of_what_they_do_not_know() {
    let choice = |value| read_member("choice", value).map(|node| node.choice);
    // `__type` and null do not count.
    let found = choice("a3 66 5f5f74797065 61 61 64 74657874 f6 63 6e6577 81 01");
    assert_eq!(found, Ok(Some(Choice::Unknown("new".into()))));
    let several = choice("a2 64 74657874 61 61 63 6e6577 01").unwrap_err();
    assert!(several.contains("found several"), "{several}");
}

#[test]
fn missing_members_are_told_with_their_place() {
    let (_, missing) = read(&member("next", "a1 65 6e6f646573 a1 61 61 a0")).unwrap();
    assert_eq!(missing, ["/next/nodes/***/id", "/next/id", "/id"]);
}

#[test]
fn depth_is_bounded() {
    let nested = |depth| {
        (0..depth).fold(Node::default(), |node, _| Node {
            next: Some(Box::new(node)),
            ..Node::default()
        })
    };
    assert!(read(&write(&nested(MAX_DEPTH - 1)).unwrap()).is_ok());
    let error = write(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert!(error.starts_with("nested too deeply"), "{error}");
    let error = read(&hex("a1 64 6e657874").repeat(100_000)).unwrap_err();
    assert!(error.starts_with("nested too deeply"), "{error}");
    // What nobody asked for is passed over without a stack.
    let mut bytes = hex("a1 61 78");
    bytes.resize(100_000, 0x81);
    assert!(read(&bytes).is_err());
}

#[test]
fn documents_cannot_be_sent() {
    let node = Node {
        open: Some(Document::Null),
        ..Node::default()
    };
    let error = write(&node).unwrap_err();
    assert_eq!(
        error,
        "the protocol rpcv2Cbor has no form for documents at /open"
    );
}

#[test]
fn an_error_tells_its_name_as_far_as_it_goes() {
    let body = hex("a2 66 5f5f74797065 67 6123 4c6f737473 67 6d657373616765 62 4869");
    let found = read_typed_body(&body);
    assert_eq!(found.code.as_deref(), Some("Losts"));
    assert_eq!(found.message.as_deref(), Some("Hi"));
    let cut = read_typed_body(&body[..18]);
    assert_eq!((cut.code.as_deref(), cut.message), (Some("Losts"), None));
    assert_eq!(read_typed_body(b"<html>"), ErrorCode::default());
}

fn choice() -> impl Strategy<Value = Choice> {
    let number = any::<f64>().prop_filter("NaN", |number| !number.is_nan());
    prop_oneof![
        any::<String>().prop_map(Choice::Text),
        number.prop_map(Choice::Number),
    ]
}

fn leaf() -> impl Strategy<Value = Node> {
    let plain = any::<(
        String,
        Option<i8>,
        Option<Vec<String>>,
        Option<Vec<Option<i64>>>,
    )>();
    let single = any::<Option<f32>>();
    let when = (-62_135_596_800_000_i64..=253_402_300_799_999).prop_map(|millis| {
        Timestamp::from_duration(jiff::SignedDuration::from_millis(millis)).unwrap()
    });
    let big = r"0|-?[1-9][0-9]{0,60}".prop_map(|text| text.parse().unwrap());
    let exact = r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,20})?(e-?[1-9][0-9]{0,3})?"
        .prop_map(|text| text.parse().unwrap());
    let all = (
        plain,
        proptest::option::of(choice()),
        any::<Option<Vec<u8>>>(),
        single,
        proptest::option::of(when),
        proptest::option::of(big),
        proptest::option::of(exact),
    );
    all.prop_map(|(plain, choice, blob, single, when, big, exact)| {
        let (id, count, texts, sparse) = plain;
        Node {
            id,
            count,
            texts,
            sparse,
            choice,
            blob: blob.map(Blob::from),
            when,
            single: single.filter(|number| !number.is_nan()),
            big,
            exact,
            ..Node::default()
        }
    })
}

fn node() -> impl Strategy<Value = Node> {
    leaf().prop_recursive(4, 16, 4, |inner| {
        let nodes = proptest::collection::btree_map(any::<String>(), inner.clone(), 0..4);
        let parts = (inner.clone(), inner, proptest::option::of(nodes));
        parts.prop_map(|(outer, next, nodes)| Node {
            next: Some(Box::new(next)),
            nodes,
            ..outer
        })
    })
}

proptest! {
    #[test]
    fn values_come_back(node in node()) {
        let bytes = write(&node).unwrap();
        prop_assert_eq!(read(&bytes), Ok((node, Vec::new())));
    }

    #[test]
    fn cut_and_broken_documents_do_no_harm(node in node(), cut: usize, at: usize, byte: u8) {
        let mut bytes = write(&node).unwrap();
        let cut = cut % bytes.len();
        prop_assert!(read(&bytes[..cut]).is_err());
        let _ = read_typed_body(&bytes[..cut]);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read(&bytes);
        let _ = read_typed_body(&bytes);
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..64), index in 0_usize..13) {
        let _ = read(&bytes);
        let name = MEMBERS[index].name;
        let mut whole = vec![0xa1, 0x60 + u8::try_from(name.len()).unwrap()];
        whole.extend_from_slice(name.as_bytes());
        whole.extend_from_slice(&bytes);
        let _ = read(&whole);
        let _ = read_typed_body(&whole);
    }
}
