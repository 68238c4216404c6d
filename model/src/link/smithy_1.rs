//! What Smithy 1.0 says otherwise than 2.0.
//!
//! Source: Smithy 2.0, "Migrating Smithy IDL 1.0 to 2.0".

use std::borrow::Cow;

use super::Definitions;
use crate::model::{Member, ShapeId, ShapeKind, Traits};
use crate::node::Node;
use crate::prelude;

/// Turns strings with the `enum` trait into enum shapes.
pub(super) fn enums(definitions: &mut Definitions<'_>) {
    for definition in definitions.values_mut() {
        let shape = &mut definition.shape;
        match shape.kind {
            ShapeKind::String => {
                let id = "smithy.api#enum";
                let Some(members) = shape.traits.get(id).and_then(enum_members) else {
                    continue;
                };
                shape.traits.values.shift_remove(id);
                shape.members = members;
                shape.kind = ShapeKind::Enum;
            }
            ShapeKind::Enum => shape.members.iter_mut().for_each(name_is_value),
            _ => {}
        }
    }
}

/// An enum member without a value has its name as its value.
fn name_is_value(member: &mut Member<'_>) {
    let value = Node::string(member.span, member.name.clone());
    let id = ShapeId(Cow::Borrowed("smithy.api#enumValue"));
    member.traits.values.entry(id).or_insert(value);
}

/// The members that the value of an `enum` trait stands for; `None` where it is malformed.
fn enum_members<'s>(definition: &Node<'s>) -> Option<Vec<Member<'s>>> {
    let entries = definition.as_array()?;
    entries.iter().map(enum_member).collect()
}

fn enum_member<'s>(entry: &Node<'s>) -> Option<Member<'s>> {
    let value = entry.get("value")?;
    let name = match entry.get_str("name") {
        Some(name) => name.to_owned(),
        None => synthetic_name(value.as_str()?),
    };
    let mut traits = Traits::default();
    let mut add = |id: &'static str, value: Node<'s>| {
        traits.values.insert(ShapeId(Cow::Borrowed(id)), value);
    };
    add("smithy.api#enumValue", value.clone());
    if let Some(documentation) = entry.get("documentation") {
        add("smithy.api#documentation", documentation.clone());
    }
    if let Some(tags) = entry.get("tags") {
        // What 1.0 could only say by a tag has a trait of its own in 2.0.
        let internal = tags.as_array().into_iter().flatten();
        for tag in internal.filter(|tag| tag.as_str() == Some("internal")) {
            add("smithy.api#internal", Node::empty_object(tag.span));
        }
        add("smithy.api#tags", tags.clone());
    }
    if let Some(deprecated) = entry.get("deprecated")
        && deprecated.as_bool() == Some(true)
    {
        add("smithy.api#deprecated", Node::empty_object(deprecated.span));
    }
    Some(Member {
        name: Cow::Owned(name),
        target: ShapeId(Cow::Borrowed(prelude::UNIT)),
        traits,
        recursive: false,
        span: entry.span,
        target_span: entry.span,
    })
}

/// An identifier for an enum value that has no name.
fn synthetic_name(value: &str) -> String {
    let safe = |character: char| {
        if character.is_ascii_alphanumeric() {
            character
        } else {
            '_'
        }
    };
    let name: String = value.chars().map(safe).collect();
    match name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        true => name,
        false => format!("V_{name}"),
    }
}

/// Gives the members of 1.0 the defaults that 1.0 leaves unsaid: a boolean or number that is not
/// boxed has the zero value.
pub(super) fn defaults(definitions: &mut Definitions<'_>) {
    let mut found = Vec::new();
    for (index, definition) in definitions.values().enumerate() {
        if !definition.smithy_1 || !matches!(definition.shape.kind, ShapeKind::Structure) {
            continue;
        }
        for (position, member) in definition.shape.members.iter().enumerate() {
            if let Some(default) = unsaid_default(definitions, member) {
                found.push((index, position, default));
            }
        }
    }
    for (index, position, default) in found {
        if let Some((_, definition)) = definitions.get_index_mut(index) {
            let traits = &mut definition.shape.members[position].traits;
            let id = ShapeId(Cow::Borrowed("smithy.api#default"));
            traits.values.entry(id).or_insert(default);
        }
    }
}

fn unsaid_default<'s>(definitions: &Definitions<'s>, member: &Member<'s>) -> Option<Node<'s>> {
    let target = definitions.get(&member.target)?;
    let boxed = "smithy.api#box";
    if member.traits.has(boxed) || target.shape.traits.has(boxed) {
        return None;
    }
    let prelude = target.shape.id.is_prelude();
    if prelude && !target.shape.id.name().starts_with("Primitive") {
        return None;
    }
    (prelude || target.smithy_1).then(|| prelude::zero(&target.shape.kind, member.span))?
}
