use super::*;
use crate::{Model, Sources, link, load};

const COMPLIANCE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/conformance/jmespath-compliance"
);

/// The expressions of the official suite that are to be refused as they stand are, and no others.
#[test]
fn the_official_suite_parses() {
    let Ok(folder) = std::fs::read_dir(COMPLIANCE) else {
        println!("skipped 1 test: no JMESPath suite beside the checkout");
        return;
    };
    let (mut cases, mut refused) = (0, 0);
    for entry in folder {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let groups: Value = serde_json::from_str(&text).unwrap();
        let groups = groups.as_array().unwrap().iter();
        for case in groups.flat_map(|group| group["cases"].as_array().unwrap()) {
            let text = case["expression"].as_str().unwrap();
            let parsed = parse(text);
            let is_wrong = case["error"] == "syntax";
            // A step of zero is a matter of evaluation there, and can be told before.
            let is_wrong = is_wrong || case["error"] == "invalid-value" && text.ends_with(":0]");
            assert_eq!(parsed.is_err(), is_wrong, "{path:?}: {text}: {parsed:?}");
            cases += 1;
            refused += usize::from(is_wrong);
        }
    }
    println!("JMESPath: {cases} expressions, {refused} refused");
    assert_eq!((cases, refused), (908, 106));
}

/// Whoever reads the message of a problem sees a caret at the offset.
#[test]
fn errors_tell_what_and_where() {
    let error = |text| {
        let error = parse(text).unwrap_err();
        (error.offset, error.message)
    };
    let expected = |offset, message: &str| (offset, message.to_owned());
    assert_eq!(error("||"), expected(0, "`||` is out of place"));
    assert_eq!(error("a."), expected(2, "the expression ends too early"));
    assert_eq!(
        error("f(a"),
        expected(3, "the expression ends where a `)` should be")
    );
    assert_eq!(error("\"é\".1"), expected(5, "`1` is out of place"));
    assert_eq!(
        error("a[?b"),
        expected(4, "the expression ends where a `]` should be")
    );
    assert_eq!(error("a = b"), expected(2, "`=` means nothing here"));
    assert_eq!(
        error("a[::0]"),
        expected(2, "the step of a slice cannot be 0")
    );
    assert_eq!(error("'abc"), expected(0, "the raw string has no end"));
    assert_eq!(error("`{`"), expected(0, "the literal is not JSON"));
}

/// Models are anybody's: no expression overflows the stack, however it is nested or chained.
#[test]
fn depth_has_a_bound() {
    for piece in [
        "(", "!", "a[*].", "[", "a||", "{a:", "f(", "a[?", "a==", "@|", "f(&",
    ] {
        let text = format!("{}a", piece.repeat(5_000));
        let parsed = std::thread::spawn(move || parse(&text).map(drop).map_err(|it| it.message));
        let outcome = parsed.join().unwrap();
        let is_chain = matches!(piece, "a||" | "@|");
        assert_eq!(outcome.is_ok(), is_chain, "{piece}: {outcome:?}");
    }
    assert!(parse(&"a.".repeat(5_000)).is_err());
}

const MODEL: &str = r#"{"smithy": "2.0", "shapes": {
    "x#Groups": {"type": "structure", "members": {
        "groups": {"target": "x#GroupList"},
        "named": {"target": "x#GroupMap"},
        "status": {"target": "smithy.api#String"},
        "open": {"target": "smithy.api#Document"},
        "since": {"target": "smithy.api#Timestamp"}
    }},
    "x#GroupList": {"type": "list", "member": {"target": "x#Group"}},
    "x#GroupMap": {"type": "map",
        "key": {"target": "smithy.api#String"}, "value": {"target": "x#Group"}},
    "x#Group": {"type": "structure", "members": {
        "size": {"target": "smithy.api#Integer"},
        "state": {"target": "smithy.api#String"},
        "lists": {"target": "x#GroupLists"}
    }},
    "x#GroupLists": {"type": "list", "member": {"target": "x#GroupList"}}
}}"#;

/// The type of what an expression gives for `x#Groups`, or what makes no sense in it.
fn typed(text: &str) -> String {
    let mut sources = Sources::new();
    sources.add("model.json", MODEL);
    let mut problems = Vec::new();
    let model: Model<'_> = link(load(&sources, &mut problems), &mut problems);
    let of = Type::of_shape(model.shapes.get("x#Groups").unwrap());
    let (ty, findings) = check(&model, &parse(text).unwrap(), &of);
    let item = match &ty {
        Type::List(item) => format!(" of {}", item.describe()),
        _ => String::new(),
    };
    match findings.first() {
        Some(found) => format!(
            "{}: {}{}",
            found.offset,
            found.message,
            found
                .hint
                .as_ref()
                .map_or(String::new(), |it| format!(" ({it})"))
        ),
        None => format!("{}{item}", ty.describe()),
    }
}

/// The types are those of Smithy's JMESPath data model.
#[test]
fn expressions_have_types() {
    for (text, expected) in [
        ("status", "a string"),
        ("since", "a number"),
        ("open.a.b", "any value"),
        ("groups[].state", "an array of a string"),
        ("groups[0].state", "a string"),
        ("groups[1:2].size", "an array of a number"),
        ("groups[].lists[][].state", "an array of a string"),
        ("named.*.state", "an array of a string"),
        ("named.any.state", "a string"),
        ("groups[?state=='a'].size", "an array of a number"),
        ("length(groups) > `0`", "a boolean"),
        ("!status", "a boolean"),
        ("status == 'a' && length(groups) == `1`", "a boolean"),
        ("[status]", "an array of a string"),
        ("{a: status}.a", "a string"),
        ("sort_by(groups, &state)[].state", "an array of a string"),
        (
            "contains(groups[].[length(lists) >= size][], `false`)",
            "a boolean",
        ),
        ("`[1, 2]`[0]", "a number"),
    ] {
        assert_eq!(typed(text), expected, "{text}");
    }
}

/// What the model does not have is told at its place, with what may have been meant.
#[test]
fn nonsense_is_told() {
    for (text, expected) in [
        (
            "groups[].stat",
            "9: `x#Group` has no member `stat` (did you mean `state`?)",
        ),
        (
            "groups.state",
            "7: `state` is taken from an array (`[]` before it takes it from each item)",
        ),
        ("status.x", "7: `x` is taken from a string"),
        ("status[0]", "6: items are taken of a string"),
        (
            "status.*",
            "7: the values of an object are taken of a string",
        ),
        (
            "status < `1`",
            "0: only numbers have an order, and this is a string",
        ),
        (
            "lenght(groups)",
            "0: JMESPath has no function `lenght` (did you mean `length`?)",
        ),
        (
            "length(groups, groups)",
            "0: `length` takes 1 argument, not 2",
        ),
        (
            "length(since)",
            "7: `length` takes a string, array or object here, not a number",
        ),
        (
            "sort_by(groups, &stat)",
            "17: `x#Group` has no member `stat` (did you mean `state`?)",
        ),
        (
            "{name: status}.b",
            "15: there is no `b` here (there is `name`)",
        ),
    ] {
        assert_eq!(typed(text), expected, "{text}");
    }
}

/// Whoever decides by the kind of a mistake does not depend on its words.
#[test]
fn mistakes_have_kinds() {
    let sources = Sources::new();
    let mut problems = Vec::new();
    let model: Model<'_> = link(load(&sources, &mut problems), &mut problems);
    for (text, expected) in [
        ("lenght(@)", FindingKind::UnknownFunction),
        ("length(@, @)", FindingKind::InvalidArity),
        ("length(`1`)", FindingKind::InvalidType),
        ("`1`.a", FindingKind::AlwaysNull),
        ("`1`[0]", FindingKind::AlwaysNull),
    ] {
        let (_, findings) = check(&model, &parse(text).unwrap(), &Type::Any);
        let kinds: Vec<_> = findings.iter().map(|finding| finding.kind).collect();
        assert_eq!(kinds, [expected], "{text}");
    }
}
