//! The constraint traits of a model's shapes.

use serde_json::Value;
use tinsmith_runtime::pattern::{CharClasses, Pattern, Repeat};
use tinsmith_runtime::schema::Constraint;

use super::model::{Model, text};

/// The constraint traits that are checked before a request is sent.
const TRAITS: [&str; 4] = [
    "smithy.api#length",
    "smithy.api#range",
    "smithy.api#pattern",
    "smithy.api#uniqueItems",
];

/// The constraints on a shape.
pub(super) fn of_shape(shape: &'static Value) -> &'static [Constraint] {
    let traits = TRAITS.map(|name| Model::trait_of(shape, name).map(|value| (name, value)));
    Vec::leak(traits.into_iter().flatten().map(constraint).collect())
}

/// The constraints in force for a member that has any of its own: those, and what it leaves standing
/// of the shape that it targets.
pub(super) fn of_member(
    member: &'static Value,
    target: Option<&'static Value>,
) -> &'static [Constraint] {
    if !TRAITS
        .iter()
        .any(|name| Model::trait_of(member, name).is_some())
    {
        return &[];
    }
    let traits = TRAITS.map(|name| {
        let own = Model::trait_of(member, name);
        let inherited = || Model::trait_of(target?, name);
        own.or_else(inherited).map(|value| (name, value))
    });
    Vec::leak(traits.into_iter().flatten().map(constraint).collect())
}

fn constraint((name, value): (&str, &'static Value)) -> Constraint {
    let bound = |name: &str| value.get(name).filter(|bound| !bound.is_null());
    match name {
        "smithy.api#length" => Constraint::Length {
            min: bound("min").and_then(Value::as_u64),
            max: bound("max").and_then(Value::as_u64),
        },
        "smithy.api#range" => {
            let decimal = |bound: &Value| &*String::leak(bound.to_string());
            Constraint::Range {
                min: bound("min").map(decimal),
                max: bound("max").map(decimal),
            }
        }
        "smithy.api#pattern" => Constraint::Pattern(Box::leak(Box::new(pattern(text(value))))),
        _ => Constraint::UniqueItems,
    }
}

/// What the generator makes of the patterns of the test models.
fn pattern(source: &'static str) -> Pattern {
    let set = match source {
        "^[a-m]+$" => "a-m",
        "^[g-m]+$" => "g-m",
        "^([0-9]+)+$" => "0-9",
        "^[a-zA-Z0-9_.-]+$" => "a-z A-Z 0-9 _ . -",
        other => panic!("no matcher for the pattern {other}"),
    };
    Pattern::repeat(source, Repeat::new(CharClasses::new(set), 1, None))
}

/// The values of an enum, or of a string with the older `enum` trait, that are not internal.
pub(super) fn enum_values(shape: &'static Value) -> &'static [&'static str] {
    let members = shape.get("members").and_then(Value::as_object);
    let members = members
        .filter(|_| shape["type"] == "enum")
        .into_iter()
        .flatten();
    let of_members = members
        .filter(|(_, member)| Model::trait_of(member, "smithy.api#internal").is_none())
        .map(|(name, member)| {
            Model::trait_of(member, "smithy.api#enumValue").map_or(name.as_str(), text)
        });
    let definitions = Model::trait_of(shape, "smithy.api#enum").and_then(Value::as_array);
    let of_trait = definitions
        .into_iter()
        .flatten()
        .filter(|definition| {
            let tags = definition.get("tags").and_then(Value::as_array);
            !tags.is_some_and(|tags| tags.iter().any(|tag| tag == "internal"))
        })
        .map(|definition| text(&definition["value"]));
    Vec::leak(of_members.chain(of_trait).collect())
}
