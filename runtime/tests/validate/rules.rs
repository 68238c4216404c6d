//! What each rule refuses, where, and in which words.

use tinsmith_runtime::pattern::{CharClasses, Pattern, Repeat};
use tinsmith_runtime::schema::{Constraint, HttpBinding, Member, Schema, ShapeKind, prelude};
use tinsmith_runtime::shape::{Document, Sensitive};
use tinsmith_runtime::validate::{
    ConstraintKind, Found, MAX_DEPTH, MAX_VIOLATIONS, ValidationError, ValidationOptions, validate,
    validate_value,
};

use crate::data::{Data, Fields};

/// Checks an input with the members and values given, with enum checks on.
pub(crate) fn check(
    members: &'static [Member],
    values: impl IntoIterator<Item = Data>,
) -> Result<(), ValidationError> {
    static INPUT: Schema = Schema::structure("test#Input", &[]);
    let options = ValidationOptions::new().check_enums(true);
    validate(&INPUT, &Fields::of(members, values), options)
}

/// The messages for such an input.
fn messages(members: &'static [Member], values: impl IntoIterator<Item = Data>) -> Vec<String> {
    let error = check(members, values).err();
    let violations = error.map(|error| error.violations).unwrap_or_default();
    violations.iter().map(ToString::to_string).collect()
}

const LENGTH_2_TO_3: &[Constraint] = &[Constraint::Length {
    min: Some(2),
    max: Some(3),
}];

static LETTERS: Pattern =
    Pattern::repeat("^[a-z]+$", Repeat::new(CharClasses::new("a-z"), 1, None));

static SHORT: Schema = Schema::new("test#Short", ShapeKind::String).constrained(LENGTH_2_TO_3);
static SECRET: Schema = Schema::new("test#Secret", ShapeKind::String)
    .constrained(LENGTH_2_TO_3)
    .sensitive();
static SHORTS: Schema = Schema::list("test#Shorts", &[Member::new("member", &SHORT)]);
static SPARSE: Schema = Schema::list("test#Sparse", &[Member::new("member", &SHORT)]).sparse();
static TAGS: Schema = Schema::map(
    "test#Tags",
    &[Member::new("key", &SHORT), Member::new("value", &SHORT)],
);

#[test]
fn lengths_are_scalar_values_bytes_items_and_entries() {
    static MEMBERS: [Member; 4] = [
        Member::new("text", &SHORT),
        Member::new("blob", &prelude::BLOB).constrained(LENGTH_2_TO_3),
        Member::new("list", &SHORTS).constrained(LENGTH_2_TO_3),
        Member::new("map", &TAGS).constrained(LENGTH_2_TO_3),
    ];
    let ok = Data::text("ab");
    // Three scalar values in twelve bytes.
    assert!(check(&MEMBERS[..1], [Data::text("👍👍👍")]).is_ok());
    assert_eq!(
        messages(
            &MEMBERS,
            [
                Data::text("👍"),
                Data::Blob("👍".as_bytes().to_vec()),
                Data::List(vec![ok.clone()]),
                Data::map([
                    ("ab", ok.clone()),
                    ("bc", ok.clone()),
                    ("cd", ok.clone()),
                    ("de", ok)
                ]),
            ]
        ),
        [
            "Value with length 1 at '/text' failed to satisfy constraint: \
             Member must have length between 2 and 3, inclusive",
            "Value with length 4 at '/blob' failed to satisfy constraint: \
             Member must have length between 2 and 3, inclusive",
            "Value with length 1 at '/list' failed to satisfy constraint: \
             Member must have length between 2 and 3, inclusive",
            "Value with length 4 at '/map' failed to satisfy constraint: \
             Member must have length between 2 and 3, inclusive",
        ]
    );
}

#[test]
fn a_bound_alone_has_words_of_its_own() {
    const fn length(min: Option<u64>, max: Option<u64>) -> Constraint {
        Constraint::Length { min, max }
    }
    static MEMBERS: [Member; 4] = [
        Member::new("least", &prelude::STRING).constrained(&[length(Some(2), None)]),
        Member::new("most", &prelude::STRING).constrained(&[length(None, Some(2))]),
        Member::new("from", &prelude::FLOAT).constrained(&[Constraint::Range {
            min: Some("2.2"),
            max: None,
        }]),
        Member::new("to", &prelude::INTEGER).constrained(&[Constraint::Range {
            min: None,
            max: Some("8"),
        }]),
    ];
    assert_eq!(
        messages(
            &MEMBERS,
            [
                Data::text("a"),
                Data::text("abc"),
                Data::Float(2.1),
                Data::Integer(9)
            ]
        ),
        [
            "Value with length 1 at '/least' failed to satisfy constraint: \
             Member must have length greater than or equal to 2",
            "Value with length 3 at '/most' failed to satisfy constraint: \
             Member must have length less than or equal to 2",
            "Value at '/from' failed to satisfy constraint: \
             Member must be greater than or equal to 2.2",
            "Value at '/to' failed to satisfy constraint: Member must be less than or equal to 8",
        ]
    );
}

#[test]
fn every_number_has_its_range_compared_exactly() {
    const ONE_TO_8_8: &[Constraint] = &[Constraint::Range {
        min: Some("1"),
        max: Some("8.8"),
    }];
    static MEMBERS: [Member; 5] = [
        Member::new("long", &prelude::LONG).constrained(ONE_TO_8_8),
        Member::new("float", &prelude::FLOAT).constrained(ONE_TO_8_8),
        Member::new("double", &prelude::DOUBLE).constrained(ONE_TO_8_8),
        Member::new("bigInteger", &prelude::BIG_INTEGER).constrained(ONE_TO_8_8),
        Member::new("bigDecimal", &prelude::BIG_DECIMAL).constrained(ONE_TO_8_8),
    ];
    let values = |integer: i64, float: f32, double: f64, big: &str, decimal: &str| {
        [
            Data::Integer(integer),
            Data::Float(float),
            Data::Double(double),
            Data::BigInteger(big.parse().unwrap()),
            Data::BigDecimal(decimal.parse().unwrap()),
        ]
    };
    assert!(check(&MEMBERS, values(1, 1.0, 1.0, "1", "1.000")).is_ok());
    assert!(check(&MEMBERS, values(8, 8.8, 8.8, "8", "88e-1")).is_ok());
    let above = "8.80000000000000000000000000000000001";
    for outside in [
        values(0, 0.99, 0.99, "0", "0.99999999999999999999999999999"),
        values(9, 8.800_001, 8.8 + 1e-15, "9", above),
        values(
            i64::MIN,
            f32::NAN,
            f64::NAN,
            "-99999999999999999999",
            "-1e999",
        ),
        values(
            i64::MAX,
            f32::INFINITY,
            f64::NEG_INFINITY,
            "99999999999999999999",
            "1e999",
        ),
    ] {
        assert_eq!(messages(&MEMBERS, outside).len(), MEMBERS.len());
    }
}

#[test]
fn items_keys_values_and_members_have_paths_as_services_write_them() {
    static INNER: [Member; 1] = [Member::new("a/b~c", &SHORT)];
    static STRUCTURE: Schema = Schema::structure("test#Structure", &INNER);
    static STRUCTURES: Schema = Schema::map(
        "test#Structures",
        &[
            Member::new("key", &prelude::STRING),
            Member::new("value", &STRUCTURE),
        ],
    );
    static MEMBERS: [Member; 3] = [
        Member::new("list", &SHORTS),
        Member::new("map", &TAGS),
        Member::new("deep", &STRUCTURES),
    ];
    let inner = |text| Data::structure(&INNER, [Data::text(text)]);
    let error = check(
        &MEMBERS,
        [
            Data::texts(["ok", "x"]),
            Data::map([
                ("bb", Data::text("ok")),
                ("cc", Data::text("y")),
                ("z", Data::text("ok")),
            ]),
            Data::map([("k~/", inner("long text")), ("l", inner("ok"))]),
        ],
    )
    .unwrap_err();
    let found: Vec<_> = error
        .violations
        .iter()
        .map(|violation| (violation.path.as_str(), violation.member, violation.shape))
        .collect();
    assert_eq!(
        found,
        [
            ("/list/1", "member", "test#Short"),
            ("/map/cc", "value", "test#Short"),
            ("/map", "key", "test#Short"),
            ("/deep/k~0~1/a~1b~0c", "a/b~c", "test#Short"),
        ]
    );
}

#[test]
fn a_members_own_constraints_stand_in_place_of_its_targets() {
    static MEMBERS: [Member; 1] =
        [Member::new("text", &SHORT).constrained(&[Constraint::Pattern(&LETTERS)])];
    assert!(check(&MEMBERS, [Data::text("abcdef")]).is_ok());
    assert_eq!(
        messages(&MEMBERS, [Data::text("AB")]),
        ["Value at '/text' failed to satisfy constraint: \
          Member must satisfy regular expression pattern: ^[a-z]+$"]
    );
}

#[test]
fn what_is_required_is_not_null() {
    static INNER: [Member; 1] = [Member::new("token", &prelude::STRING)
        .required()
        .idempotency_token()];
    static NESTED: Schema = Schema::structure("test#Nested", &INNER);
    static MEMBERS: [Member; 8] = [
        Member::new("required", &prelude::STRING).required(),
        Member::new("optional", &prelude::STRING),
        Member::new("defaulted", &prelude::STRING)
            .required()
            .has_default(),
        Member::new("token", &prelude::STRING)
            .required()
            .idempotency_token(),
        Member::new("label", &prelude::STRING).http(HttpBinding::Label),
        Member::new("dense", &SHORTS),
        Member::new("sparse", &SPARSE),
        // Only an operation's input has its token filled in.
        Member::new("nested", &NESTED),
    ];
    let nulls = Data::List(vec![Data::Null]);
    let error = check(
        &MEMBERS,
        [
            Data::Null,
            Data::Null,
            Data::Null,
            Data::Null,
            Data::Null,
            nulls.clone(),
            nulls,
            Data::structure(&INNER, [Data::Null]),
        ],
    )
    .unwrap_err();
    let paths: Vec<_> = error.violations.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["/required", "/label", "/dense/0", "/nested/token"]);
    let required = |it: &tinsmith_runtime::validate::Violation| {
        it.constraint == ConstraintKind::Required && it.found == Found::Nothing
    };
    assert!(error.violations.iter().all(required));
    assert_eq!(
        error.violations[0].to_string(),
        "Value at '/required' failed to satisfy constraint: Member must not be null"
    );
}

#[test]
fn labels_address_the_resource_that_is_meant() {
    static MEMBERS: [Member; 2] = [
        Member::new("path", &prelude::STRING)
            .required()
            .http(HttpBinding::Label),
        Member::new("host", &prelude::STRING)
            .required()
            .host_label(),
    ];
    for good in ["a", "...", ".a", "a/..", " "] {
        assert!(check(&MEMBERS[..1], [Data::text(good)]).is_ok(), "{good}");
    }
    for bad in ["", ".", ".."] {
        let error = check(&MEMBERS[..1], [Data::text(bad)]).unwrap_err();
        assert_eq!(
            error.violations[0].constraint,
            ConstraintKind::PathLabel,
            "{bad}"
        );
    }
    let long = "a".repeat(63);
    for good in ["a", "3com", "a-b", &long] {
        assert!(check(&MEMBERS[1..], [Data::text(good)]).is_ok(), "{good}");
    }
    for bad in ["", ".", "a.b", "-a", "a b", "a/b", "ä", &format!("{long}a")] {
        let error = check(&MEMBERS[1..], [Data::text(bad)]).unwrap_err();
        assert_eq!(
            error.violations[0].constraint,
            ConstraintKind::HostLabel,
            "{bad}"
        );
    }
}

#[test]
fn a_label_is_told_of_once_and_only_in_the_input_itself() {
    static ID: [Member; 1] = [Member::new("id", &SHORT)
        .required()
        .http(HttpBinding::Label)];
    let empty = check(&ID, [Data::text("")]).unwrap_err();
    assert_eq!(empty.violations.len(), 1);
    assert_eq!(empty.violations[0].found, Found::Length(0));

    static NESTED: Schema = Schema::structure("test#Nested", &ID);
    static MEMBERS: [Member; 1] = [Member::new("nested", &NESTED)];
    let nested = |text| [Data::structure(&ID, [Data::text(text)])];
    assert!(check(&MEMBERS, nested("..")).is_ok());
}

#[test]
fn enum_values_are_checked_only_on_demand() {
    static COLOUR: Schema = Schema::new("test#Colour", ShapeKind::Enum).values(&["red", "blue"]);
    static MEMBER: Member = Member::new("colour", &COLOUR);
    let green = String::from("green");
    assert!(validate_value(&MEMBER, &green, ValidationOptions::new()).is_ok());
    let error = validate_value(&MEMBER, &green, ValidationOptions::new().check_enums(true));
    assert_eq!(
        error.unwrap_err().to_string(),
        "1 validation error detected. Value at '/colour' failed to satisfy constraint: \
         Member must satisfy enum value set: [red, blue]"
    );
}

#[test]
fn so_are_those_of_int_enums() {
    static LEVEL: Schema = Schema::new("test#Level", ShapeKind::IntEnum).values(&["1", "-5"]);
    static MEMBER: Member = Member::new("level", &LEVEL);
    let checked = ValidationOptions::new().check_enums(true);
    for level in [1, -5] {
        assert!(validate_value(&MEMBER, &level, checked).is_ok());
    }
    assert!(validate_value(&MEMBER, &2, ValidationOptions::new()).is_ok());
    let error = validate_value(&MEMBER, &2, checked).unwrap_err();
    assert_eq!(error.violations[0].found, Found::Value("2".into()));
    assert_eq!(
        error.violations[0].message(),
        "Value at '/level' failed to satisfy constraint: \
         Member must satisfy enum value set: [1, -5]"
    );
}

#[test]
fn nothing_sensitive_is_told() {
    static MAP: Schema = Schema::map(
        "test#Secrets",
        &[Member::new("key", &SECRET), Member::new("value", &SHORT)],
    );
    static VAULT: Schema = Schema::list("test#Vault", &[Member::new("member", &SHORT)]).sensitive();
    static MEMBERS: [Member; 3] = [
        Member::new("secret", &SECRET),
        Member::new("map", &MAP),
        Member::new("vault", &VAULT),
    ];
    let error = check(
        &MEMBERS,
        [
            Data::text("hunter2"),
            Data::map([("hunter2", Data::text("x"))]),
            Data::texts(["hunter2"]),
        ],
    )
    .unwrap_err();
    let found: Vec<_> = error
        .violations
        .iter()
        .map(|it| (it.path.as_str(), it.found.clone()))
        .collect();
    assert_eq!(
        found,
        [
            ("/secret", Found::Withheld),
            ("/map", Found::Withheld),
            ("/map/***", Found::Length(1)),
            ("/vault/0", Found::Withheld),
        ]
    );
    assert_eq!(
        error.violations[0].to_string(),
        "Value at '/secret' failed to satisfy constraint: \
         Member must have length between 2 and 3, inclusive"
    );
    assert!(!format!("{error} {error:?}").contains("hunter2"));

    static SECRET_MEMBER: Member = Member::new("secret", &SECRET);
    let secret = Sensitive::from(String::from("hunter2"));
    let error = validate_value(&SECRET_MEMBER, &secret, ValidationOptions::new()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[test]
fn an_unknown_variant_is_a_violation_and_not_the_end_of_the_walk() {
    static UNION: Schema = Schema::union("test#Union", &[]);
    static UNIONS: Schema = Schema::list("test#Unions", &[Member::new("member", &UNION)]);
    static MEMBERS: [Member; 2] = [Member::new("unions", &UNIONS), Member::new("text", &SHORT)];
    let error = check(
        &MEMBERS,
        [
            Data::List(vec![Data::Structure(Fields(None)); 2]),
            Data::text("x"),
        ],
    )
    .unwrap_err();
    let found: Vec<_> = error
        .violations
        .iter()
        .map(|it| (it.path.as_str(), it.constraint.clone()))
        .collect();
    assert_eq!(
        found[..2],
        [
            ("/unions/0", ConstraintKind::Writable),
            ("/unions/1", ConstraintKind::Writable),
        ]
    );
    assert_eq!(found[2].0, "/text");
}

static NODE_MEMBERS: [Member; 2] = [Member::new("next", &NODE), Member::new("text", &SHORT)];
static NODE: Schema = Schema::structure("test#Node", &NODE_MEMBERS);

/// A chain of `length` nodes inside each other, whose last has a text that is too short.
fn chain(length: usize) -> Data {
    let last = Data::structure(&NODE_MEMBERS, [Data::Null, Data::text("x")]);
    (1..length).fold(last, |next, _| {
        Data::structure(&NODE_MEMBERS, [next, Data::text("ok")])
    })
}

#[test]
fn recursive_values_are_followed_to_a_bounded_depth() {
    let error = check(&NODE_MEMBERS[..1], [chain(MAX_DEPTH)]).unwrap_err();
    let path = format!("{}/text", "/next".repeat(MAX_DEPTH));
    assert_eq!(error.violations[0].path, path);

    let error = check(&NODE_MEMBERS[..1], [chain(5 * MAX_DEPTH)]).unwrap_err();
    assert_eq!(error.violations.len(), 1);
    assert_eq!(
        error.violations[0].constraint,
        ConstraintKind::Depth { max: MAX_DEPTH }
    );
}

#[test]
fn documents_are_open_but_not_bottomless() {
    static MEMBERS: [Member; 1] = [Member::new("document", &prelude::DOCUMENT)];
    let nested = |levels| (0..levels).fold(Document::Null, |inner, _| Document::Array(vec![inner]));
    assert!(check(&MEMBERS, [Data::Document(nested(MAX_DEPTH))]).is_ok());
    let error = check(&MEMBERS, [Data::Document(nested(MAX_DEPTH + 1))]).unwrap_err();
    assert_eq!(
        error.violations[0].constraint,
        ConstraintKind::Depth { max: MAX_DEPTH }
    );
}

#[test]
fn violations_beyond_the_cap_are_counted() {
    static MEMBERS: [Member; 1] = [Member::new("list", &SHORTS)];
    let items = vec![Data::text("x"); MAX_VIOLATIONS + 7];
    let error = check(&MEMBERS, [Data::List(items)]).unwrap_err();
    assert_eq!((error.violations.len(), error.omitted), (MAX_VIOLATIONS, 7));
    let text = error.to_string();
    assert!(
        text.starts_with("107 validation errors detected:\n- Value with length 1 at '/list/0'")
    );
    assert!(text.ends_with("\n- and 7 more"));
}

#[test]
fn a_long_value_is_shown_by_its_beginning() {
    static MEMBERS: [Member; 1] =
        [Member::new("text", &prelude::STRING).constrained(&[Constraint::Pattern(&LETTERS)])];
    let error = check(&MEMBERS, [Data::text(&"É".repeat(1000))]).unwrap_err();
    let Found::Value(shown) = &error.violations[0].found else {
        panic!("a value is shown");
    };
    assert_eq!(shown.chars().count(), 65);
}

#[cfg(feature = "serde")]
#[test]
fn violations_serialize_with_their_message() {
    static MEMBERS: [Member; 1] = [Member::new("text", &SHORT)];
    let error = check(&MEMBERS, [Data::text("long text")]).unwrap_err();
    assert_eq!(
        serde_json::to_value(&error).unwrap(),
        serde_json::json!({
            "violations": [{
                "path": "/text",
                "message": "Value with length 9 at '/text' failed to satisfy constraint: \
                            Member must have length between 2 and 3, inclusive",
                "member": "text",
                "shape": "test#Short",
                "constraint": {"kind": "length", "min": 2, "max": 3},
                "found": {"kind": "length", "value": 9},
            }],
            "omitted": 0,
        })
    );
}
