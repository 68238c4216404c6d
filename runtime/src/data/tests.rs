//! What is written, what is read back, and what is refused.
#![allow(unreachable_pub)] // The macros make what a generated crate exports.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use super::WithSecrets;
use crate::schema::{Member, Schema, ShapeKind, prelude};
use crate::shape::{BigDecimal, BigInteger, Blob, Document, Sensitive};
use crate::timestamp::Timestamp;

static TEXTS: Schema = Schema::list("test#Texts", &TEXTS_MEMBERS).sparse();
static TEXTS_MEMBERS: [Member; 1] = [Member::new("member", &prelude::STRING)];
static NUMBERS: Schema = Schema::map("test#Numbers", &NUMBERS_MEMBERS);
static NUMBERS_MEMBERS: [Member; 2] = [
    Member::new("key", &prelude::STRING),
    Member::new("value", &prelude::DOUBLE),
];
static CHOICE: Schema = Schema::union("test#Choice", &CHOICE_MEMBERS);
static CHOICE_MEMBERS: [Member; 2] = [
    Member::new("text", &prelude::STRING),
    Member::new("tree", &TREE),
];
static TREE: Schema = Schema::structure("test#Tree", &TREE_MEMBERS);
static TREE_MEMBERS: [Member; 11] = [
    Member::new("name", &prelude::STRING)
        .required()
        .json_name("n"),
    Member::new("expiresTime", &prelude::TIMESTAMP),
    Member::new("texts", &TEXTS),
    Member::new("numbers", &NUMBERS),
    Member::new("choice", &CHOICE),
    Member::new("tree", &TREE),
    Member::new("blob", &prelude::BLOB),
    Member::new("big", &prelude::BIG_INTEGER),
    Member::new("exact", &prelude::BIG_DECIMAL),
    Member::new("float", &prelude::FLOAT),
    Member::new("any", &prelude::DOCUMENT),
];

#[derive(Clone, Debug, Default, PartialEq)]
struct Tree {
    name: String,
    expires_time: Option<Timestamp>,
    texts: Option<Vec<Option<String>>>,
    numbers: Option<BTreeMap<String, f64>>,
    choice: Option<Choice>,
    tree: Option<Box<Tree>>,
    blob: Option<Blob>,
    big: Option<BigInteger>,
    exact: Option<BigDecimal>,
    float: Option<f32>,
    any: Option<Document>,
}
crate::structure!(
    Tree = TREE_MEMBERS {
        0: name,
        1: expires_time,
        2: texts,
        3: numbers,
        4: choice,
        5: tree,
        6: blob,
        7: big,
        8: exact,
        9: float,
        10: any,
    }
);

#[derive(Clone, Debug, PartialEq)]
enum Choice {
    Text(String),
    Tree(Box<Tree>),
    Unknown(String),
}
crate::union!(
    Choice = CHOICE_MEMBERS {
        0: Text(value),
        1: Tree(value)
    }
);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    Active,
    Unknown(String),
}
crate::string_enum!(Status { Active = "ACTIVE" });

#[derive(Clone, Copy, Debug, PartialEq)]
enum Level {
    Low,
    Unknown(i32),
}
crate::int_enum!(Level { Low = 1 });

static SECRET: Schema = Schema::new("test#Secret", ShapeKind::String).sensitive();
static VAULT: Schema = Schema::map("test#Vault", &VAULT_MEMBERS);
static VAULT_MEMBERS: [Member; 2] = [
    Member::new("key", &SECRET),
    Member::new("value", &prelude::STRING),
];
static SAFE_MEMBERS: [Member; 2] = [Member::new("secret", &SECRET), Member::new("vault", &VAULT)];

#[derive(Debug, Default, PartialEq)]
struct Safe {
    secret: Option<Sensitive<String>>,
    vault: Option<BTreeMap<Sensitive<String>, String>>,
}
crate::structure!(
    Safe = SAFE_MEMBERS {
        0: secret,
        1: vault
    }
);

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap()
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// The names are the model's, whatever a protocol calls a member, and what is absent is left out.
#[test]
fn every_kind_of_value_has_its_form() {
    let tree = Tree {
        name: "ci".into(),
        expires_time: Some(Timestamp::from_second(0).unwrap()),
        texts: Some(vec![Some("a".into()), None]),
        numbers: Some(BTreeMap::from([
            ("x".into(), 0.5),
            ("y".into(), f64::INFINITY),
        ])),
        choice: Some(Choice::Text("t".into())),
        tree: Some(Box::new(Tree::default())),
        blob: Some(Blob::from(b"\xff\xfe")),
        big: Some("123456789012345678901234567890".parse().unwrap()),
        exact: Some("0.10".parse().unwrap()),
        float: Some(1.5),
        any: Some(Document::from_iter([
            ("a", Document::from_iter([1, 2])),
            ("b", Document::Null),
            ("c", Document::Number("1.25".parse().unwrap())),
        ])),
    };
    let text = json(&tree);
    assert_eq!(
        text,
        concat!(
            r#"{"name":"ci","expiresTime":"1970-01-01T00:00:00Z","texts":["a",null],"#,
            r#""numbers":{"x":0.5,"y":"Infinity"},"choice":{"text":"t"},"tree":{"name":""},"#,
            r#""blob":"//4=","big":"123456789012345678901234567890","exact":"0.10","float":1.5,"#,
            r#""any":{"a":[1,2],"b":null,"c":1.25}}"#
        )
    );
    assert_eq!(read::<Tree>(&text).unwrap(), tree);
    for value in Status::values() {
        assert_eq!(read::<Status>(&json(&value)).unwrap(), Status::Active);
    }
    assert_eq!(json(&Status::Active), r#""ACTIVE""#);
    assert_eq!(
        read::<Level>(&json(&Level::values()[0])).unwrap(),
        Level::Low
    );
    assert_eq!(read::<Status>(r#""NEW""#).unwrap(), Status::from("NEW"));
    assert_eq!(json(&Level::Low), "1");
    assert_eq!(read::<Level>("7").unwrap(), Level::Unknown(7));
}

/// A file from another version of the model is read as far as it is understood.
#[test]
fn what_is_unknown_or_missing_does_no_harm() {
    let tree: Tree = read(r#"{"name":null,"new":{"a":[1]},"float":"NaN","big":12}"#).unwrap();
    assert_eq!(tree.name, "");
    assert!(tree.float.unwrap().is_nan());
    assert_eq!(tree.big.unwrap().as_str(), "12");
    let choice: Choice = read(r#"{"new":{"a":[1]}}"#).unwrap();
    assert_eq!(choice, Choice::Unknown("new".into()));
}

/// Data of another kind is an error that names the place as far as the format does, not a default.
#[test]
fn what_does_not_fit_is_refused() {
    for text in [
        "[]",
        "1",
        r#"{"name":1}"#,
        r#"{"name":{}}"#,
        r#"{"texts":{}}"#,
        r#"{"numbers":[]}"#,
        r#"{"numbers":{"x":"many"}}"#,
        r#"{"blob":"!"}"#,
        r#"{"expiresTime":0}"#,
        r#"{"expiresTime":"yesterday"}"#,
        r#"{"big":1.5}"#,
        r#"{"choice":{}}"#,
        r#"{"choice":{"text":"a","tree":{"name":""}}}"#,
        r#"{"tree":"leaf"}"#,
    ] {
        assert!(read::<Tree>(text).is_err(), "{text}");
    }
    assert!(read::<Level>(r#""LOW""#).is_err());
}

/// A secret is written only where that is asked for, and no refusal shows it.
#[test]
fn secrets_are_kept_unless_asked_for() {
    let secret = Sensitive::from("hunter2");
    let vault = BTreeMap::from([(secret.clone(), "x".to_owned())]);
    for safe in [
        Safe {
            secret: Some(secret.clone()),
            vault: None,
        },
        Safe {
            secret: None,
            vault: Some(vault),
        },
    ] {
        let error = serde_json::to_string(&safe).unwrap_err().to_string();
        assert!(
            error.contains("is sensitive") && !error.contains("hunter2"),
            "{error}"
        );
        let text = json(&WithSecrets(&safe));
        assert!(text.contains("hunter2"));
        assert_eq!(read::<Safe>(&text).unwrap(), safe);
    }
    assert_eq!(json(&Safe::default()), "{}");
}

/// What no service could be sent is not kept either.
#[test]
fn an_unknown_variant_is_refused() {
    let error = serde_json::to_string(&Choice::Unknown("new".into())).unwrap_err();
    assert!(error.to_string().contains("`new`"), "{error}");
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = (
        any::<String>(),
        any::<Option<i32>>(),
        any::<Vec<Option<String>>>(),
    )
        .prop_map(|(name, second, texts)| Tree {
            name,
            expires_time: second.map(|it| Timestamp::from_second(it.into()).unwrap()),
            texts: Some(texts),
            ..Tree::default()
        });
    leaf.prop_recursive(4, 16, 1, |inner| {
        (
            inner,
            any::<Option<String>>(),
            any::<Vec<u8>>(),
            any::<i64>(),
        )
            .prop_map(|(inner, text, bytes, number)| Tree {
                choice: Some(match text {
                    Some(text) => Choice::Text(text),
                    None => Choice::Tree(Box::new(inner.clone())),
                }),
                tree: Some(Box::new(inner)),
                blob: Some(Blob::from(bytes)),
                any: Some(Document::from_iter([number])),
                ..Tree::default()
            })
    })
}

proptest! {
    /// Whatever is written reads back as it was.
    #[test]
    fn trees_come_back(tree in tree()) {
        prop_assert_eq!(read::<Tree>(&json(&tree)).unwrap(), tree);
    }
}
