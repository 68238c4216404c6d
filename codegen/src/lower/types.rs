//! Structures, unions, enums and errors.

use std::collections::BTreeMap;

use tinsmith_model::{Problem, Shape, ShapeKind};

use super::context::Context;
use super::fields::{self, Role};
use super::text;
use crate::ir::{
    Enum, EnumValue, EnumVariant, ErrorShape, Field, Structure, Type, Union, UnionVariant,
};
use crate::names::{Case, Scope};

/// The structures that are not an operation's own, in the order of their names.
pub(super) fn structures(context: &Context<'_, '_>, problems: &mut Vec<Problem>) -> Vec<Structure> {
    let mut structures = Vec::new();
    for shape in nested(context) {
        let is_error = context.reach.errors.contains(&shape.id);
        if matches!(shape.kind, ShapeKind::Structure) && !is_error {
            let role = if context.reach.input.contains(&shape.id) {
                Role::NestedInput
            } else {
                Role::NestedOutput
            };
            let docs = text::of_shape(
                &shape.traits,
                &format!("The structure `{}`.", shape.id.name()),
            );
            let name = context.type_name(&shape.id);
            structures.push(fields::structure(
                context, shape, name, role, docs, problems,
            ));
        }
    }
    structures.sort_by(|a, b| a.name.cmp(&b.name));
    structures
}

/// The unions, in the order of their names.
pub(super) fn unions(context: &Context<'_, '_>, problems: &mut Vec<Problem>) -> Vec<Union> {
    let shapes = nested(context).filter(|shape| matches!(shape.kind, ShapeKind::Union));
    let mut unions: Vec<_> = shapes
        .map(|shape| union(context, shape, problems))
        .collect();
    unions.sort_by(|a, b| a.name.cmp(&b.name));
    unions
}

/// The enums, in the order of their names.
pub(super) fn enums(context: &Context<'_, '_>) -> Vec<Enum> {
    let mut enums: Vec<_> = nested(context)
        .filter_map(|shape| r#enum(context, shape))
        .collect();
    enums.sort_by(|a, b| a.name.cmp(&b.name));
    enums
}

fn nested<'a, 'm, 's>(
    context: &'a Context<'m, 's>,
) -> impl Iterator<Item = &'m Shape<'s>> + use<'a, 'm, 's> {
    let shapes = context.closure.shapes.iter().copied();
    shapes.filter(|shape| context.reach.nested.contains(&shape.id))
}

fn union<'s>(context: &Context<'_, 's>, shape: &Shape<'s>, problems: &mut Vec<Problem>) -> Union {
    let wanted = shape
        .members
        .iter()
        .map(|member| (&member.name, member.name.to_string()));
    let names = Scope::variants().assign(wanted);
    let mut variants = Vec::new();
    for member in &shape.members {
        let ty = context.ty(member, problems);
        variants.push(UnionVariant {
            name: names.get(&member.name).cloned().unwrap_or_default(),
            docs: text::of_member(context, shape, member),
            deprecated: text::deprecated(&member.traits),
            ty: (ty != Type::Unit).then_some(ty),
        });
    }
    Union {
        name: context.type_name(&shape.id),
        docs: text::of_shape(&shape.traits, &format!("The union `{}`.", shape.id.name())),
        deprecated: text::deprecated(&shape.traits),
        schema: context.schema_name(&shape.id).unwrap_or_default(),
        variants,
        total_eq: context.total_eq(shape),
        sensitive: shape.traits.sensitive(),
        wiped: context.reach.sensitive.contains(&shape.id),
    }
}

fn r#enum<'s>(context: &Context<'_, 's>, shape: &Shape<'s>) -> Option<Enum> {
    let integers = match shape.kind {
        ShapeKind::Enum => false,
        ShapeKind::IntEnum => true,
        _ => return None,
    };
    let wanted = shape
        .members
        .iter()
        .map(|member| (&member.name, member.name.to_string()));
    let names = Scope::variants().assign(wanted);
    let variants = shape.members.iter().filter_map(|member| {
        let value = member.traits.enum_value()?;
        let value = if integers {
            EnumValue::Integer(value.as_number()?.parse().ok()?)
        } else {
            EnumValue::String(value.as_str()?.into())
        };
        let otherwise = match &value {
            EnumValue::String(value) => format!("`{}`.", value.escape_debug()),
            EnumValue::Integer(value) => format!("{value}."),
        };
        Some(EnumVariant {
            name: names.get(&member.name).cloned().unwrap_or_default(),
            docs: text::of_shape(&member.traits, &otherwise),
            deprecated: text::deprecated(&member.traits),
            value,
        })
    });
    Some(Enum {
        name: context.type_name(&shape.id),
        docs: text::of_shape(&shape.traits, &format!("The enum `{}`.", shape.id.name())),
        deprecated: text::deprecated(&shape.traits),
        variants: variants.collect(),
        integers,
    })
}

/// The errors, in the order of their names.
pub(super) fn errors(context: &Context<'_, '_>, problems: &mut Vec<Problem>) -> Vec<ErrorShape> {
    let shapes = context.closure.shapes.iter().copied();
    let shapes = shapes.filter(|shape| context.reach.errors.contains(&shape.id));
    let mut structures = Vec::new();
    for shape in shapes {
        let docs = text::of_shape(&shape.traits, &format!("The error `{}`.", shape.id.name()));
        let name = context.type_name(&shape.id);
        structures.push(fields::structure(
            context,
            shape,
            name,
            Role::Response,
            docs,
            problems,
        ));
    }
    structures.sort_by(|a, b| a.name.cmp(&b.name));
    let variants = error_variants(&structures);
    structures
        .into_iter()
        .map(|structure| ErrorShape {
            variant: variants.get(&structure.name).cloned().unwrap_or_default(),
            message: message(&structure),
            structure,
        })
        .collect()
}

/// The variants of the errors: without the word for an error at their end, unless two would meet.
fn error_variants(structures: &[Structure]) -> BTreeMap<String, String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for structure in structures {
        *counts.entry(stem(&structure.name)).or_default() += 1;
    }
    let wanted = structures.iter().map(|structure| {
        let stem = stem(&structure.name);
        let name = if counts.get(stem) == Some(&1) {
            stem
        } else {
            &structure.name
        };
        (structure.name.clone(), name.to_string())
    });
    Scope::error_variants().assign(wanted)
}

fn stem(name: &str) -> &str {
    let stem = ["Exception", "Error", "Fault"]
        .iter()
        .find_map(|suffix| name.strip_suffix(suffix));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(name)
}

/// The member that says for people what is wrong.
///
/// Source: Smithy 2.0, "error trait", whose examples call it `message`; some services write it
/// otherwise.
fn message(structure: &Structure) -> Option<Field> {
    let fields = || {
        structure
            .fields
            .iter()
            .filter(|field| field.ty == Type::String)
    };
    let named = |name: &str| {
        fields()
            .find(|field| Case::Snake.convert(&field.member) == name)
            .cloned()
    };
    named("message").or_else(|| named("error_message"))
}
