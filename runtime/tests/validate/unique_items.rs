//! What `uniqueItems` takes for equal.

use tinsmith_runtime::schema::{Constraint, Member, Schema, prelude};
use tinsmith_runtime::shape::Document;
use tinsmith_runtime::timestamp::Timestamp;
use tinsmith_runtime::validate::{ConstraintKind, Found};

use crate::data::{Data, Fields};
use crate::rules::check;

#[test]
fn unique_items_are_unique_by_value() {
    const UNIQUE: &[Constraint] = &[Constraint::UniqueItems];
    static PAIR: [Member; 2] = [
        Member::new("a", &prelude::STRING),
        Member::new("b", &prelude::STRING),
    ];
    static STRUCTURE: Schema = Schema::structure("test#Pair", &PAIR);
    static STRUCTURES: Schema = Schema::list("test#Pairs", &[Member::new("member", &STRUCTURE)]);
    static DECIMALS: Schema = Schema::list(
        "test#Decimals",
        &[Member::new("member", &prelude::BIG_DECIMAL)],
    );
    static TEXTS: Schema = Schema::list("test#Texts", &[Member::new("member", &prelude::STRING)]);
    static MAP: Schema = Schema::map(
        "test#Map",
        &[
            Member::new("key", &prelude::STRING),
            Member::new("value", &TEXTS),
        ],
    );
    static MAPS: Schema = Schema::list("test#Maps", &[Member::new("member", &MAP)]);
    static MEMBERS: [Member; 4] = [
        Member::new("texts", &TEXTS).constrained(UNIQUE),
        Member::new("pairs", &STRUCTURES).constrained(UNIQUE),
        Member::new("decimals", &DECIMALS).constrained(UNIQUE),
        Member::new("maps", &MAPS).constrained(UNIQUE),
    ];
    let pair = |a, b| Data::structure(&PAIR, [a, b]);
    let decimals = |texts: [&str; 3]| {
        Data::List(
            texts
                .map(|text| Data::BigDecimal(text.parse().unwrap()))
                .into(),
        )
    };
    let map = |key, values| Data::map([(key, values)]);

    let distinct = [
        Data::texts(["a", "b", "ab", ""]),
        Data::List(vec![
            pair(Data::text("a"), Data::Null),
            pair(Data::Null, Data::text("a")),
            pair(Data::text(""), Data::text("a")),
            pair(Data::Null, Data::Null),
        ]),
        decimals(["1", "10", "-1"]),
        Data::List(vec![
            map("k", Data::texts(["ab", "c"])),
            map("k", Data::texts(["a", "bc"])),
            map("k", Data::texts(["abc"])),
            map("", Data::texts(["k", "abc"])),
        ]),
    ];
    assert_eq!(check(&MEMBERS, distinct), Ok(()));

    let repeated = [
        Data::texts(["a", "b", "c", "b"]),
        Data::List(vec![pair(Data::text("a"), Data::Null); 2]),
        decimals(["1", "2.50", "25e-1"]),
        Data::List(vec![map("k", Data::texts(["ab", "c"])); 2]),
    ];
    let error = check(&MEMBERS, repeated).unwrap_err();
    let found: Vec<_> = error.violations.iter().map(|it| it.found.clone()).collect();
    let pairs = [(1, 3), (0, 1), (1, 2), (0, 1)];
    assert_eq!(
        found,
        pairs.map(|(first, second)| Found::Duplicate(first, second))
    );
    assert_eq!(
        error.violations[0].to_string(),
        "Value at '/texts' failed to satisfy constraint: Member must have unique values"
    );
}

#[test]
fn items_of_every_kind_are_told_apart() {
    static ITEMS: Schema = Schema::list("test#Items", &[Member::new("member", &prelude::STRING)]);
    static MEMBERS: [Member; 1] =
        [Member::new("items", &ITEMS).constrained(&[Constraint::UniqueItems])];
    static VARIANTS: [Member; 2] = [
        Member::new("one", &prelude::STRING),
        Member::new("other", &prelude::STRING),
    ];
    let union =
        |variant| Data::Structure(Fields(Some(vec![(variant, Data::text("the same text"))])));
    let timestamp = |second| Data::Timestamp(Timestamp::from_second(second).unwrap());
    let document = |json: Document| Data::Document(Document::Array(vec![json]));
    let blob = |bytes: &[u8]| Data::Document(Document::Blob(bytes.to_vec().into()));
    for (one, other) in [
        (Data::Boolean(true), Data::Boolean(false)),
        (Data::Integer(1), Data::Integer(256)),
        (Data::Float(0.5), Data::Float(-0.5)),
        (Data::Double(0.0), Data::Double(5e-324)),
        (Data::BigInteger(10.into()), Data::BigInteger(1.into())),
        (Data::BigDecimal(0.into()), Data::BigDecimal(1.into())),
        (Data::Blob(vec![0]), Data::Blob(vec![0, 0])),
        (timestamp(0), timestamp(1)),
        (Data::Null, Data::text("")),
        (union(&VARIANTS[0]), union(&VARIANTS[1])),
        (document(true.into()), document(false.into())),
        (document(1.into()), document("1".into())),
        (
            document(Document::Null),
            document(Document::Array(Vec::new())),
        ),
        (blob(b"a"), blob(b"b")),
        (
            Data::Document(Document::from_iter([("a", Document::Null)])),
            Data::Document(Document::from_iter([("b", Document::Null)])),
        ),
    ] {
        let lists = [
            vec![one.clone(), other.clone()],
            vec![one.clone(), other, one],
        ];
        let unique = |items| {
            let error = check(&MEMBERS, [Data::List(items)]).err();
            let violations = error.map(|error| error.violations).unwrap_or_default();
            !violations
                .iter()
                .any(|it| it.constraint == ConstraintKind::UniqueItems)
        };
        assert_eq!(lists.clone().map(unique), [true, false], "{lists:?}");
    }
}
