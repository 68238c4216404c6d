//! Members of structures as fields.

use tinsmith_model::{Member, Problem, Shape};

use super::context::Context;
use super::{defaults, text};
use crate::ir::{Field, Structure, Style, Type};
use crate::names::Scope;

/// What a structure is for, which decides how its fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The input of an operation: every field is an `Option`, set by a builder.
    OperationInput,
    /// Held by an input: a field with a default is plain, since the caller's value is then the default
    /// unless set.
    NestedInput,
    /// Held by outputs or errors alone.
    NestedOutput,
    /// The output of an operation, or an error: it also holds metadata.
    Response,
}

impl Role {
    fn style(self) -> Style {
        match self {
            Self::OperationInput | Self::NestedInput => Style::Input,
            Self::NestedOutput | Self::Response => Style::Output,
        }
    }

    /// Whether the member may be absent. Source: Smithy 2.0, "Structure member optionality".
    fn is_optional(self, member: &Member<'_>) -> bool {
        if member.traits.client_optional() {
            return true;
        }
        let has_default = defaults::has_default(member);
        match self {
            Self::OperationInput => true,
            Self::NestedInput => !has_default,
            Self::NestedOutput | Self::Response => !(has_default || member.traits.required()),
        }
    }
}

/// A structure called `name` with the members of `shape`; without one for `smithy.api#Unit`.
pub(super) fn structure<'s>(
    context: &Context<'_, 's>,
    shape: &Shape<'s>,
    name: String,
    role: Role,
    docs: String,
    problems: &mut Vec<Problem>,
) -> Structure {
    let fields = fields(context, shape, role, problems);
    Structure {
        name,
        docs,
        deprecated: text::deprecated(&shape.traits),
        schema: context.schema_name(&shape.id),
        style: role.style(),
        total_eq: context.total_eq(shape),
        sensitive: shape.traits.sensitive(),
        wiped: context.reach.sensitive.contains(&shape.id),
        fields,
    }
}

fn fields<'s>(
    context: &Context<'_, 's>,
    shape: &Shape<'s>,
    role: Role,
    problems: &mut Vec<Problem>,
) -> Vec<Field> {
    let wanted = || {
        shape
            .members
            .iter()
            .map(|member| (&member.name, member.name.to_string()))
    };
    let names = Scope::fields(role == Role::Response).assign(wanted());
    let mut setters = match role {
        Role::OperationInput => Scope::builder_methods(),
        _ => Scope::structure_methods(),
    };
    let setters = setters.assign(wanted());
    let name_in = |names: &std::collections::BTreeMap<_, String>, member: &Member<'s>| {
        names.get(&member.name).cloned().unwrap_or_default()
    };
    let mut fields = Vec::with_capacity(shape.members.len());
    for member in &shape.members {
        let ty = ty(context, member, role, problems);
        // The body of a response is always there.
        let optional = role.is_optional(member) && !(role == Role::Response && ty.is_stream());
        fields.push(Field {
            name: name_in(&names, member),
            setter: name_in(&setters, member),
            member: member.name.to_string(),
            docs: text::of_member(context, shape, member),
            deprecated: text::deprecated(&member.traits),
            ty,
            optional,
            default: if optional {
                None
            } else {
                defaults::of(context, member, problems)
            },
        });
    }
    fields
}

/// The type of a member's value; a stream's depends on who makes it.
fn ty<'s>(
    context: &Context<'_, 's>,
    member: &Member<'s>,
    role: Role,
    problems: &mut Vec<Problem>,
) -> Type {
    let ty = context.ty(member, problems);
    let target = context.model.target(member);
    if !target.is_some_and(|target| target.traits.streaming()) {
        return ty;
    }
    // A stream shows nothing, so that there is nothing to hide.
    let value = match ty {
        Type::Sensitive(value) => *value,
        value => value,
    };
    match value {
        Type::Blob => Type::ByteStream,
        event if role == Role::OperationInput => Type::Events(Box::new(event)),
        event => Type::EventReceiver(Box::new(event)),
    }
}
