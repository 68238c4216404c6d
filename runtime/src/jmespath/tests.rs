//! What is read from structures. The language itself is held to the official suite, by the expressions
//! that are emitted for it.

use std::collections::BTreeMap;

use super::{Comparator, Expr, Literal, Value, Wanted, shown, structure};
use crate::schema::{Member, Schema, ShapeKind, prelude};
use crate::shape::{Blob, Document, Sensitive};
use crate::timestamp::Timestamp;

static SECRET: Schema = Schema::new("test#Secret", ShapeKind::String).sensitive();
static NAMES: Schema = Schema::list("test#Names", const { &[Member::new("member", &SECRET)] });
static SIZES: Schema = Schema::map(
    "test#Sizes",
    const {
        &[
            Member::new("key", &prelude::STRING),
            Member::new("value", &prelude::INTEGER),
        ]
    },
);
static BY_SECRET: Schema = Schema::map(
    "test#BySecret",
    const {
        &[
            Member::new("key", &SECRET),
            Member::new("value", &prelude::INTEGER),
        ]
    },
);
static MEMBERS: [Member; 9] = [
    Member::new("name", &prelude::STRING),
    Member::new("secret", &SECRET),
    Member::new("names", &NAMES),
    Member::new("sizes", &SIZES),
    Member::new("blob", &prelude::BLOB),
    Member::new("since", &prelude::TIMESTAMP),
    Member::new("open", &prelude::DOCUMENT),
    Member::new("ratio", &prelude::FLOAT),
    Member::new("bySecret", &BY_SECRET),
];
static THING: Schema = Schema::structure("test#Thing", &MEMBERS);
static SECRET_THING: Schema = Schema::structure("test#SecretThing", &MEMBERS).sensitive();

#[derive(Default)]
struct Thing {
    name: Option<String>,
    secret: Option<Sensitive<String>>,
    names: Option<Vec<Option<Sensitive<String>>>>,
    sizes: Option<BTreeMap<String, i32>>,
    blob: Option<Blob>,
    since: Option<Timestamp>,
    open: Option<Document>,
    ratio: Option<f32>,
    by_secret: Option<BTreeMap<String, i32>>,
}

crate::structure!(
    Thing = MEMBERS {
        0: name,
        1: secret,
        2: names,
        3: sizes,
        4: blob,
        5: since,
        6: open,
        7: ratio,
        8: by_secret,
    }
);

fn thing() -> Thing {
    Thing {
        name: Some("a".to_owned()),
        secret: Some(Sensitive::from("hunter2")),
        names: Some(vec![Some(Sensitive::from("n")), None]),
        sizes: Some(BTreeMap::from([("b".to_owned(), 2), ("c".to_owned(), 3)])),
        blob: Some(Blob::from("hi")),
        since: Some("1970-01-01T00:00:01.5Z".parse().unwrap()),
        open: Some(Document::from_iter([("x", Document::from(1))])),
        ratio: Some(0.5),
        by_secret: Some(BTreeMap::from([("k".to_owned(), 4)])),
    }
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap()
}

/// Source: Smithy 2.0, "Waiters", "JMESPath data model".
#[test]
fn values_follow_the_data_model() {
    let all = structure(&thing(), &Wanted::Everything);
    assert_eq!(
        json(&all),
        r#"{"blob":"aGk=","bySecret":{"k":4},"name":"a","names":["n",null],"open":{"x":1},"ratio":0.5,"secret":"hunter2","since":1.5,"sizes":{"b":2,"c":3}}"#
    );
    let none = structure(&Thing::default(), &Wanted::Everything);
    assert_eq!(json(&none), "{}", "what is absent is not there");
}

/// A secret that nobody asks for is not read, and one that is read is not shown.
#[test]
fn only_what_is_looked_at_is_read() {
    let read = |expression: &Expr| json(&structure(&thing(), &Wanted::of(expression)));
    let path = |parts| read(&Expr::Sequence(parts));
    assert_eq!(read(&Expr::Field("name")), r#"{"name":"a"}"#);
    assert_eq!(
        path(&[Expr::Field("sizes"), Expr::Field("c")]),
        r#"{"sizes":{"c":3}}"#
    );
    assert_eq!(
        path(&[Expr::Field("open"), Expr::Current]),
        r#"{"open":{"x":1}}"#
    );
    static NAME: Expr = Expr::Field("name");
    static ONE: Expr = Expr::Literal(Literal::Number(1.0));
    const SAME_SIZE: Expr = Expr::Comparison(Comparator::Equal, &NAME, &ONE);
    static BOTH: Expr = Expr::And(&[SAME_SIZE, Expr::Not(&Expr::Field("blob"))]);
    assert_eq!(read(&BOTH), r#"{"blob":"aGk=","name":"a"}"#);

    assert_eq!(
        json(&shown(&thing(), &THING, &Wanted::Everything)),
        r#"{"blob":"aGk=","bySecret":{},"name":"a","names":[],"open":{"x":1},"ratio":0.5,"since":1.5,"sizes":{"b":2,"c":3}}"#
    );
    let hidden = shown(&thing(), &SECRET_THING, &Wanted::Everything);
    assert_eq!(
        json(&hidden),
        "null",
        "nothing of a structure that is sensitive"
    );
    let secret = structure(&thing(), &Wanted::Everything);
    assert_eq!(format!("{secret:?}"), "object");
}
