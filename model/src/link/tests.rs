//! What linking makes of models that are right; what it says of wrong ones is in `tests/cases`.

use crate::{Model, Problem, ShapeId, Sources, link, load};

/// Runs `test` on the model of the files, which must link without a problem.
fn linked(files: &[&str], test: impl FnOnce(&Model<'_>)) {
    let mut sources = Sources::new();
    for (index, text) in files.iter().enumerate() {
        sources.add(format!("{index}.json"), *text);
    }
    let mut problems: Vec<Problem> = Vec::new();
    let model = link(load(&sources, &mut problems), &mut problems);
    assert_eq!(problems, []);
    test(&model);
}

fn id(name: &str) -> ShapeId<'_> {
    ShapeId(name.into())
}

fn member_names(model: &Model<'_>, shape: &str) -> Vec<String> {
    let shape = model.shape(&id(shape)).into_iter();
    let members = shape.flat_map(|shape| &shape.members);
    members.map(|member| member.name.to_string()).collect()
}

fn trait_text(model: &Model<'_>, shape: &str, member: Option<&str>, name: &str) -> Option<String> {
    let shape = model.shape(&id(shape))?;
    let traits = match member {
        Some(member) => &shape.member(member)?.traits,
        None => &shape.traits,
    };
    Some(traits.get(name)?.as_str()?.to_owned())
}

const MIXINS: &str = r#"{"smithy": "2", "shapes": {
    "a#C": {"type": "structure", "mixins": [{"target": "a#B"}, {"target": "a#A"}],
        "members": {"c": {"target": "smithy.api#String"},
            "a": {"target": "smithy.api#String", "traits": {"smithy.api#title": "of C"}}}},
    "a#C$b": {"type": "apply", "traits": {"smithy.api#documentation": "applied"}},
    "a#B": {"type": "structure", "mixins": [{"target": "a#A"}],
        "traits": {"smithy.api#mixin": {"localTraits": ["smithy.api#private"]},
            "smithy.api#private": {}, "smithy.api#title": "B"},
        "members": {"b": {"target": "smithy.api#String",
            "traits": {"smithy.api#documentation": "of B", "smithy.api#required": {}}}}},
    "a#A": {"type": "structure",
        "traits": {"smithy.api#mixin": {}, "smithy.api#title": "A", "smithy.api#since": "1"},
        "members": {"a": {"target": "smithy.api#String",
            "traits": {"smithy.api#documentation": "of A"}}}},
    "a#A$a": {"type": "apply", "traits": {"smithy.api#jsonName": "A"}}
}}"#;

/// Members of mixins come first, in the order of a depth-first walk.
#[test]
fn members_of_mixins_come_first() {
    linked(&[MIXINS], |model| {
        assert_eq!(member_names(model, "a#C"), ["a", "b", "c"]);
    });
}

/// The nearer a trait is applied, the more it counts, and local traits stay where they are.
#[test]
fn traits_of_mixins_are_inherited_and_overridden() {
    linked(&[MIXINS], |model| {
        let text = |member, name: &str| trait_text(model, "a#C", member, name);
        assert_eq!(
            text(None, "smithy.api#title").as_deref(),
            Some("A"),
            "the later mixin"
        );
        assert_eq!(text(None, "smithy.api#since").as_deref(), Some("1"));
        assert_eq!(text(Some("a"), "smithy.api#title").as_deref(), Some("of C"));
        assert_eq!(
            text(Some("a"), "smithy.api#documentation").as_deref(),
            Some("of A")
        );
        assert_eq!(text(Some("a"), "smithy.api#jsonName").as_deref(), Some("A"));
        assert_eq!(
            text(Some("b"), "smithy.api#documentation").as_deref(),
            Some("applied")
        );
        let shape = model.shape(&id("a#C"));
        let has = |name| shape.is_some_and(|shape| shape.traits.has(name));
        assert!(!has("smithy.api#mixin") && !has("smithy.api#private"));
        let b = shape.and_then(|shape| shape.member("b"));
        assert!(b.is_some_and(|member| member.traits.required()));
    });
}

/// The example of the specification: properties of service mixins are merged, the nearest version and
/// new names win.
#[test]
fn properties_of_mixins_are_merged() {
    let model = r#"{"smithy": "2", "shapes": {
        "a#A": {"type": "service", "version": "A", "operations": [{"target": "a#OpA"}],
            "rename": {"a#In": "First"}, "traits": {"smithy.api#mixin": {}}},
        "a#B": {"type": "service", "version": "B", "mixins": [{"target": "a#A"}],
            "operations": [{"target": "a#OpB"}], "rename": {"a#In": "Second"}},
        "a#OpA": {"type": "operation", "input": {"target": "a#In"}},
        "a#OpB": {"type": "operation"},
        "a#In": {"type": "structure"}
    }}"#;
    linked(&[model], |model| {
        let service = model.shape(&id("a#B")).and_then(|shape| shape.as_service());
        let operations = service.map(|service| service.operations.clone());
        assert_eq!(operations, Some(vec![id("a#OpA"), id("a#OpB")]));
        assert_eq!(service.and_then(|it| it.version.as_deref()), Some("B"));
        let closure = model.closure(&id("a#B"));
        let name = closure.map(|closure| closure.name_of(&id("a#In")).to_owned());
        assert_eq!(name.as_deref(), Some("Second"));
    });
}

/// The same shape may stand in two files; lists of traits are joined.
#[test]
fn files_are_merged() {
    let first = r#"{"smithy": "2", "metadata": {"m": [1]}, "shapes": {
        "a#A": {"type": "string", "traits": {"smithy.api#tags": ["x"]}}}}"#;
    let second = r#"{"smithy": "2", "metadata": {"m": [2]}, "shapes": {
        "a#A": {"type": "string", "traits": {"smithy.api#tags": ["y"], "smithy.api#title": "A"}}}}"#;
    linked(&[first, second], |model| {
        let tags = model
            .shape(&id("a#A"))
            .and_then(|it| it.traits.get("smithy.api#tags"));
        assert_eq!(tags.and_then(|it| it.as_array()).map(<[_]>::len), Some(2));
        let metadata = model.metadata.get("m").and_then(|it| it.as_array());
        assert_eq!(metadata.map(<[_]>::len), Some(2));
        assert_eq!(
            trait_text(model, "a#A", None, "smithy.api#title").as_deref(),
            Some("A")
        );
    });
}

/// Operations of resources at any depth belong to the service, and what they reach; the prelude and
/// what only other services use do not.
#[test]
fn closures_hold_what_a_client_needs() {
    let model = r#"{"smithy": "2", "shapes": {
        "a#S": {"type": "service", "resources": [{"target": "a#R"}],
            "errors": [{"target": "a#Oops"}], "rename": {"b#Item": "OtherItem"}},
        "a#R": {"type": "resource", "read": {"target": "a#Get"},
            "collectionOperations": [{"target": "a#Clear"}], "resources": [{"target": "a#Child"}]},
        "a#Child": {"type": "resource", "list": {"target": "a#ListAll"}},
        "a#Get": {"type": "operation", "output": {"target": "a#Item"}},
        "a#Clear": {"type": "operation"},
        "a#ListAll": {"type": "operation", "output": {"target": "a#Page"}},
        "a#Unbound": {"type": "operation", "output": {"target": "a#Unused"}},
        "a#Page": {"type": "structure", "members": {"items": {"target": "a#Items"}}},
        "a#Items": {"type": "list", "member": {"target": "b#Item"}},
        "b#Item": {"type": "structure", "members": {"next": {"target": "b#Item"}}},
        "a#Item": {"type": "structure"},
        "a#Unused": {"type": "structure"},
        "a#Oops": {"type": "structure", "traits": {"smithy.api#error": "client"}}
    }}"#;
    linked(&[model], |model| {
        let Some(closure) = model.closure(&id("a#S")) else {
            panic!("a#S is a service");
        };
        let ids = |shapes: &[&crate::Shape<'_>]| {
            let ids = shapes.iter().map(|shape| shape.id.to_string());
            ids.collect::<Vec<_>>()
        };
        assert_eq!(ids(&closure.operations), ["a#Clear", "a#Get", "a#ListAll"]);
        assert_eq!(ids(&closure.resources), ["a#Child", "a#R"]);
        let shapes = ["a#Item", "a#Items", "a#Oops", "b#Item", "a#Page"];
        assert_eq!(
            ids(&closure.shapes),
            shapes,
            "in the order of their names in the service"
        );
        assert!(model.closure(&id("a#R")).is_none());
    });
}

/// A box is needed once a cycle, not for lists and maps, and the order of the file is all the same.
#[test]
fn recursive_members_are_found() {
    let (a, b) = (
        r#""a#A": {"type": "structure", "members": {"b": {"target": "a#B"}, "l": {"target": "a#L"}}}"#,
        r#""a#B": {"type": "union", "members": {"a": {"target": "a#A"}, "b": {"target": "a#B"}}}"#,
    );
    let list = r#""a#L": {"type": "list", "member": {"target": "a#A"}}"#;
    for (first, second) in [(a, b), (b, a)] {
        let text = format!(r#"{{"smithy": "2", "shapes": {{{first}, {second}, {list}}}}}"#);
        linked(&[&text], |model| {
            let shapes = model.shapes.values();
            let members = shapes.flat_map(|shape| shape.members.iter().map(move |it| (shape, it)));
            let recursive = members.filter(|(_, member)| member.recursive);
            let mut found: Vec<_> = recursive
                .map(|(shape, member)| format!("{}${}", shape.id, member.name))
                .collect();
            found.sort();
            assert_eq!(found, ["a#B$a", "a#B$b"]);
        });
    }
}

/// Smithy 1.0: numbers that are not boxed are zero by default, strings may be enums, sets are lists.
#[test]
fn smithy_1_is_read_as_2() {
    let model = r#"{"smithy": "1.0", "shapes": {
        "a#A": {"type": "structure", "members": {
            "plain": {"target": "smithy.api#Integer"},
            "primitive": {"target": "smithy.api#PrimitiveBoolean"},
            "own": {"target": "a#N"},
            "boxed": {"target": "a#N", "traits": {"smithy.api#box": {}}}}},
        "a#N": {"type": "integer"},
        "a#Set": {"type": "set", "member": {"target": "smithy.api#String"}},
        "a#E": {"type": "string", "traits": {"smithy.api#enum": [
            {"value": "on", "name": "ON", "documentation": "Lit."}, {"value": "2-off", "tags": ["internal"]}]}}
    }}"#;
    linked(&[model], |model| {
        let shape = model.shape(&id("a#A"));
        let default = |name| {
            let member = shape.and_then(|shape| shape.member(name));
            member
                .and_then(|member| member.traits.default_value())
                .is_some()
        };
        assert!(!default("plain") && default("primitive") && default("own") && !default("boxed"));
        assert!(
            model
                .shape(&id("a#Set"))
                .is_some_and(|it| it.traits.unique_items())
        );
        assert_eq!(member_names(model, "a#E"), ["ON", "V_2_off"]);
        let value = trait_text(model, "a#E", Some("V_2_off"), "smithy.api#enumValue");
        assert_eq!(value.as_deref(), Some("2-off"));
        let documentation = trait_text(model, "a#E", Some("ON"), "smithy.api#documentation");
        assert_eq!(documentation.as_deref(), Some("Lit."));
        let internal = |name| {
            let member = model.shape(&id("a#E")).and_then(|shape| shape.member(name));
            member.is_some_and(|member| member.traits.has("smithy.api#internal"))
        };
        assert!(internal("V_2_off") && !internal("ON"));
    });
}

/// Each level of mixins copies what is below it, so a long chain would fill the memory.
#[test]
fn mixins_nest_to_a_limit() {
    let shape = |index: usize| {
        let next = index + 1;
        format!(
            r#""a#M{index}": {{"type": "structure", "mixins": [{{"target": "a#M{next}"}}],
                "traits": {{"smithy.api#mixin": {{}}}},
                "members": {{"m{index}": {{"target": "smithy.api#String"}}}}}}"#
        )
    };
    let shapes: Vec<String> = (0..66).map(shape).collect();
    let mut sources = Sources::new();
    let last = r#""a#M66": {"type": "structure", "traits": {"smithy.api#mixin": {}}}"#;
    let text = format!(
        r#"{{"smithy": "2", "shapes": {{{}, {last}}}}}"#,
        shapes.join(",")
    );
    sources.add("model.json", text);
    let mut problems = Vec::new();
    let model = link(load(&sources, &mut problems), &mut problems);
    let told: Vec<_> = problems
        .iter()
        .map(|problem| problem.shape.as_deref())
        .collect();
    assert_eq!(told, [Some("a#M1")]);
    assert_eq!(member_names(&model, "a#M2").len(), 64);
    assert_eq!(member_names(&model, "a#M0").len(), 2);
}
