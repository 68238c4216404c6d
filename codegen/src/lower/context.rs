//! What lowering knows of a service as a whole: names and reach.

use std::collections::BTreeMap;

use tinsmith_model::{Closure, Member, Model, Problem, Shape, ShapeId, ShapeKind};

use super::reach::Reach;
use crate::ir::{NamedKind, Protocol, SchemaRef, Type};
use crate::names::{Case, Scope};
use crate::pattern::{self, Compiled, PatternError};

/// How deep collections may stand in each other without a structure in between.
const MAX_COLLECTION_DEPTH: usize = 32;

/// A service that is being lowered.
pub(super) struct Context<'m, 's> {
    pub(super) model: &'m Model<'s>,
    pub(super) closure: Closure<'m, 's>,
    pub(super) module: String,
    pub(super) protocol: Protocol,
    pub(super) reach: Reach<'m, 's>,
    /// Types by shape: those of `types`, and the errors.
    types: BTreeMap<&'m ShapeId<'s>, String>,
    /// Statics by shape.
    schemas: BTreeMap<&'m ShapeId<'s>, String>,
    /// Patterns by text, without those that every text matches: there is nothing to check.
    pub(super) patterns: BTreeMap<&'m str, NamedPattern>,
}

/// A pattern with the name of its static.
pub(super) struct NamedPattern {
    pub(super) name: String,
    pub(super) compiled: Result<Compiled, PatternError>,
}

impl<'m, 's> Context<'m, 's> {
    pub(super) fn new(
        model: &'m Model<'s>,
        closure: Closure<'m, 's>,
        module: String,
        protocol: Protocol,
    ) -> Self {
        let reach = Reach::of(model, &closure);
        let types = type_names(&closure, &reach);
        let wanted = closure
            .shapes
            .iter()
            .map(|shape| (&shape.id, closure.name_of(&shape.id).to_string()));
        let schemas = Scope::statics().assign(wanted);
        let mut context = Self {
            model,
            closure,
            module,
            protocol,
            reach,
            types,
            schemas,
            patterns: BTreeMap::new(),
        };
        context.patterns = context.compile_patterns();
        context
    }

    /// A static a pattern, named after the first shape or member that has it.
    fn compile_patterns(&self) -> BTreeMap<&'m str, NamedPattern> {
        let mut first: BTreeMap<&'m str, String> = BTreeMap::new();
        for shape in &self.closure.shapes {
            let name = self.closure.name_of(&shape.id);
            if let Some(text) = shape.traits.pattern() {
                first.entry(text).or_insert_with(|| name.to_string());
            }
            for member in &shape.members {
                if let Some(text) = member.traits.pattern() {
                    first
                        .entry(text)
                        .or_insert_with(|| format!("{name}_{}", member.name));
                }
            }
        }
        // Numbers go by the names wanted, then by the texts, both of which outlive a new order.
        let wanted: Vec<_> = first
            .into_iter()
            .map(|(text, name)| ((name.clone(), text), name))
            .collect();
        let assigned = Scope::statics().assign(wanted);
        let patterns = assigned.into_iter().map(|((_, text), name)| {
            let compiled = pattern::compile(text);
            (text, NamedPattern { name, compiled })
        });
        patterns
            .filter(|(_, pattern)| !pattern.compiled.as_ref().is_ok_and(Compiled::is_always))
            .collect()
    }

    /// The type of the shape with this id, in `types` or `error`.
    pub(super) fn type_name(&self, id: &ShapeId<'s>) -> String {
        self.types.get(id).cloned().unwrap_or_default()
    }

    /// The static of the shape with this id.
    pub(super) fn schema_name(&self, id: &ShapeId<'s>) -> Option<String> {
        self.schemas.get(id).cloned()
    }

    /// The schema that `member` targets.
    pub(super) fn schema_ref(&self, member: &Member<'s>) -> SchemaRef {
        match self.schemas.get(&member.target) {
            Some(name) => SchemaRef::Own(name.clone()),
            None => SchemaRef::Prelude(Case::Screaming.convert(member.target.name())),
        }
    }

    /// Whether a value of the shape has total equality.
    pub(super) fn total_eq(&self, shape: &Shape<'s>) -> bool {
        !self.reach.partial_eq.contains(&shape.id)
    }

    /// The type of a member's value, without the `Option` that it may stand in.
    pub(super) fn ty(&self, member: &Member<'s>, problems: &mut Vec<Problem>) -> Type {
        self.ty_at(member, 0, problems)
    }

    fn ty_at(&self, member: &Member<'s>, depth: usize, problems: &mut Vec<Problem>) -> Type {
        let Some(target) = self.model.target(member) else {
            return Type::Document;
        };
        if depth > MAX_COLLECTION_DEPTH {
            let message =
                format!("collections stand in each other more than {MAX_COLLECTION_DEPTH} deep");
            problems.push(Problem::error(target.span, message).about(target.id.as_str()));
            return Type::Document;
        }
        let mut ty = self.plain_ty(target, depth, problems);
        if member.recursive {
            ty = Type::Boxed(Box::new(ty));
        }
        if target.traits.sensitive() || member.traits.sensitive() {
            ty = Type::Sensitive(Box::new(ty));
        }
        ty
    }

    fn plain_ty(&self, target: &Shape<'s>, depth: usize, problems: &mut Vec<Problem>) -> Type {
        let mut member = |name: &str| {
            let member = target.member(name);
            Box::new(member.map_or(Type::Document, |member| {
                self.ty_at(member, depth + 1, problems)
            }))
        };
        let sparse = target.traits.sparse();
        match &target.kind {
            ShapeKind::Blob => Type::Blob,
            ShapeKind::Boolean => Type::Boolean,
            ShapeKind::String => Type::String,
            ShapeKind::Byte => Type::Byte,
            ShapeKind::Short => Type::Short,
            ShapeKind::Integer => Type::Integer,
            ShapeKind::Long => Type::Long,
            ShapeKind::Float => Type::Float,
            ShapeKind::Double => Type::Double,
            ShapeKind::BigInteger => Type::BigInteger,
            ShapeKind::BigDecimal => Type::BigDecimal,
            ShapeKind::Timestamp => Type::Timestamp,
            ShapeKind::List => Type::List {
                item: member("member"),
                sparse,
            },
            ShapeKind::Map => Type::Map {
                key: member("key"),
                value: member("value"),
                sparse,
            },
            ShapeKind::Enum => self.named(target, NamedKind::Enum),
            ShapeKind::IntEnum => self.named(target, NamedKind::IntEnum),
            ShapeKind::Structure if self.reach.errors.contains(&target.id) => {
                self.named(target, NamedKind::Error)
            }
            ShapeKind::Structure if target.id.is_prelude() => Type::Unit,
            ShapeKind::Structure => self.named(target, NamedKind::Structure),
            ShapeKind::Union => self.named(target, NamedKind::Union),
            ShapeKind::Document
            | ShapeKind::Service(_)
            | ShapeKind::Resource(_)
            | ShapeKind::Operation(_) => Type::Document,
        }
    }

    fn named(&self, shape: &Shape<'s>, kind: NamedKind) -> Type {
        Type::Named {
            name: self.type_name(&shape.id),
            kind,
        }
    }
}

/// Names of the types in `types` and of the errors, which are modules of their own.
fn type_names<'m, 's>(
    closure: &Closure<'m, 's>,
    reach: &Reach<'m, 's>,
) -> BTreeMap<&'m ShapeId<'s>, String> {
    let named = closure.shapes.iter().filter(|shape| {
        matches!(
            shape.kind,
            ShapeKind::Structure | ShapeKind::Union | ShapeKind::Enum | ShapeKind::IntEnum
        )
    });
    let wanted = |shape: &&&'m Shape<'s>| (&shape.id, closure.name_of(&shape.id).to_string());
    let is_error = |shape: &&&'m Shape<'s>| reach.errors.contains(&shape.id);
    let types = named
        .clone()
        .filter(|shape| !is_error(shape) && reach.nested.contains(&shape.id));
    let mut names = Scope::types().assign(types.map(|shape| wanted(&shape)));
    names.extend(Scope::errors().assign(named.filter(is_error).map(|shape| wanted(&shape))));
    names
}
