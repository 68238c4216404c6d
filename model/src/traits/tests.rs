//! Traits that say something only together with the rest of the model.

use super::PatternUse;
use crate::{Model, Problem, ShapeId, Sources, link, load};

const MODEL: &str = r#"{"smithy": "2", "shapes": {
    "a#S": {"type": "service",
        "operations": [{"target": "a#Page"}, {"target": "a#Open"}, {"target": "a#Signed"}],
        "traits": {"aws.auth#sigv4": {"name": "s"}, "a#ownAuth": {}, "smithy.api#httpBearerAuth": {},
            "aws.protocols#restJson1": {}, "a#ownProtocol": {}, "a#other": {},
            "smithy.api#paginated": {"inputToken": "token", "pageSize": "size"}}},
    "a#ownAuth": {"type": "structure",
        "traits": {"smithy.api#trait": {}, "smithy.api#authDefinition": {}}},
    "a#ownProtocol": {"type": "structure",
        "traits": {"smithy.api#trait": {}, "smithy.api#protocolDefinition": {}}},
    "a#Page": {"type": "operation", "input": {"target": "a#In"}, "output": {"target": "a#Out"},
        "traits": {"smithy.api#paginated": {"outputToken": "page.next", "items": "page.items"}}},
    "a#Open": {"type": "operation", "traits": {"smithy.api#auth": []}},
    "a#Signed": {"type": "operation", "traits": {"smithy.api#optionalAuth": {},
        "smithy.api#auth": ["aws.auth#sigv4"]}},
    "a#In": {"type": "structure", "members": {"token": {"target": "a#Token"},
        "size": {"target": "smithy.api#Integer"},
        "narrow": {"target": "a#Token", "traits": {"smithy.api#pattern": "é\\d"}}}},
    "a#Out": {"type": "structure", "members": {"page": {"target": "a#Inner"}}},
    "a#Inner": {"type": "structure", "members": {"next": {"target": "a#Token"},
        "items": {"target": "a#Items"}}},
    "a#Items": {"type": "list", "member": {"target": "a#Token"}},
    "a#Token": {"type": "string",
        "traits": {"smithy.api#pattern": "^a$", "smithy.api#length": {"min": 1}}}
}}"#;

fn with_model(test: impl FnOnce(&Sources, &Model<'_>)) {
    let mut sources = Sources::new();
    sources.add("model.json", MODEL);
    let mut problems: Vec<Problem> = Vec::new();
    let model = link(load(&sources, &mut problems), &mut problems);
    assert_eq!(problems, []);
    test(&sources, &model);
}

fn id(name: &str) -> ShapeId<'_> {
    ShapeId(name.into())
}

/// What the operation leaves out, the service says; paths go through nested outputs.
#[test]
fn pagination_merges_the_service_in() {
    with_model(|_, model| {
        let shapes = model.shape(&id("a#S")).zip(model.shape(&id("a#Page")));
        let pagination = shapes.and_then(|(service, page)| model.pagination(service, page));
        let names = pagination.map(|it| {
            let path = |members: &[&crate::Member<'_>]| {
                let names = members.iter().map(|member| member.name.to_string());
                names.collect::<Vec<_>>().join(".")
            };
            let size = it.page_size.map(|member| member.name.to_string());
            (
                it.input_token.name.to_string(),
                path(&it.output_token),
                path(&it.items),
                size,
            )
        });
        let expected = ("token", "page.next", "page.items", Some("size"));
        let names = names.as_ref();
        let names = names.map(|(a, b, c, d)| (a.as_str(), b.as_str(), c.as_str(), d.as_deref()));
        assert_eq!(names, Some(expected));
    });
}

/// An empty list is no authentication; without a list, all schemes count, in alphabetical order.
#[test]
fn auth_schemes_follow_the_operation_then_the_service() {
    with_model(|_, model| {
        let schemes = |operation| {
            let shapes = model.shape(&id("a#S")).zip(model.shape(&id(operation)));
            let schemes = shapes.map(|(service, it)| model.auth_schemes(service, it).join(" "));
            schemes.unwrap_or_default()
        };
        assert_eq!(
            schemes("a#Page"),
            "a#ownAuth aws.auth#sigv4 smithy.api#httpBearerAuth"
        );
        assert_eq!(schemes("a#Open"), "smithy.api#noAuth");
        assert_eq!(schemes("a#Signed"), "aws.auth#sigv4 smithy.api#noAuth");
        let protocols = model
            .shape(&id("a#S"))
            .map(|service| model.protocols(service));
        let expected = vec!["aws.protocols#restJson1", "a#ownProtocol"];
        assert_eq!(protocols, Some(expected));
    });
}

/// A member's own trait stands before its target's.
#[test]
fn members_override_their_targets() {
    with_model(|_, model| {
        let member = model
            .shape(&id("a#In"))
            .and_then(|shape| shape.member("narrow"));
        let text = |name| {
            let node = member.and_then(|member| model.trait_in_force(member, name));
            node.and_then(|node| node.as_str().map(str::to_owned))
        };
        assert_eq!(text("smithy.api#pattern").as_deref(), Some("é\\d"));
        let length = member.and_then(|it| model.trait_in_force(it, "smithy.api#length"));
        assert!(length.is_some(), "the target's");
    });
}

/// The generator points at the character of a pattern that it does not understand.
#[test]
fn patterns_know_the_place_of_each_character() {
    with_model(|sources, model| {
        let patterns: Vec<_> = model.patterns().collect();
        let ids: Vec<String> = patterns.iter().map(PatternUse::id).collect();
        assert_eq!(ids, ["a#In$narrow", "a#Token"]);
        let at = |offset| sources.text(patterns[0].place(offset, sources));
        assert_eq!((at(0), at(2), at(3)), (Some("é"), Some(r"\\"), Some("d")));
    });
}
