//! One entry of `shapes`: a shape definition, or traits to apply.
//!
//! Source: Smithy 2.0, "JSON AST".

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::{Apply, Ast, Definition, Fields, merge};
use crate::model::{
    IndexMap, Member, Operation, Reference, Resource, Service, Shape, ShapeId, ShapeKind, Traits,
};
use crate::node::{Node, NodeKind};
use crate::prelude;
use crate::problem::Problem;
use crate::source::Span;
use crate::words;

/// Lifecycle properties of a resource, in the order that [`Resource::lifecycle`] keeps.
const LIFECYCLE: [&str; 6] = ["create", "put", "read", "update", "delete", "list"];

/// Reads the definition of `id` into `ast`.
pub(super) fn read<'s>(
    id: Cow<'s, str>,
    span: Span,
    definition: Node<'s>,
    smithy_1: bool,
    ast: &mut Ast<'s>,
    problems: &mut Vec<Problem>,
) {
    let before = problems.len();
    let name = id.to_string();
    if let Some(fields) = Fields::of(definition, "a shape", problems) {
        let mut reader = Reader {
            fields,
            references: Vec::new(),
            problems,
        };
        if let Some(kind) = reader.fields.string("type", reader.problems) {
            reader.entry(id, span, kind, smithy_1, ast);
        } else if reader.problems.len() == before {
            let problem = Problem::error(span, "the shape has no `type`");
            reader.problems.push(problem);
        }
    }
    for problem in &mut problems[before..] {
        problem.shape.get_or_insert_with(|| name.clone());
    }
}

struct Reader<'s, 'p> {
    fields: Fields<'s>,
    references: Vec<Reference<'s>>,
    problems: &'p mut Vec<Problem>,
}

impl<'s> Reader<'s, '_> {
    fn entry(
        mut self,
        id: Cow<'s, str>,
        span: Span,
        (kind_span, kind): (Span, Cow<'s, str>),
        smithy_1: bool,
        ast: &mut Ast<'s>,
    ) {
        if kind == "apply" {
            let (shape, member) = split_member(id);
            let traits = self.traits();
            self.fields.finish("an `apply`", self.problems);
            ast.applies.push(Apply {
                shape,
                member,
                traits,
                span,
            });
            return;
        }
        let Some(shape_kind) = self.kind(&kind) else {
            let message = format!("there is no shape type `{kind}`");
            self.problems.push(Problem::error(kind_span, message));
            return;
        };
        let mut traits = self.traits();
        if kind == "set" {
            let unique = ShapeId(Cow::Borrowed("smithy.api#uniqueItems"));
            let node = Node::empty_object(kind_span);
            traits.values.entry(unique).or_insert(node);
        }
        let members = self.members(&shape_kind, span);
        let mixins = self.references("mixins");
        self.fields
            .finish(&words::with_article(&kind), self.problems);
        let shape = Shape {
            id: ShapeId(id),
            kind: shape_kind,
            members,
            traits,
            span,
            references: self.references,
        };
        let definition = Definition {
            shape,
            mixins,
            smithy_1,
        };
        merge::definition(ast, definition, self.problems);
    }

    fn kind(&mut self, name: &str) -> Option<ShapeKind<'s>> {
        Some(match name {
            "service" => ShapeKind::Service(self.service()),
            "resource" => ShapeKind::Resource(self.resource()),
            "operation" => ShapeKind::Operation(self.operation()),
            "list" | "set" => ShapeKind::List,
            "map" => ShapeKind::Map,
            "structure" => ShapeKind::Structure,
            "union" => ShapeKind::Union,
            "enum" => ShapeKind::Enum,
            "intEnum" => ShapeKind::IntEnum,
            _ => prelude::simple_kind(name)?,
        })
    }

    fn service(&mut self) -> Service<'s> {
        let version = self.fields.string("version", self.problems);
        Service {
            version: version.map(|(_, version)| version),
            operations: self.references("operations"),
            resources: self.references("resources"),
            errors: self.references("errors"),
            rename: self.rename(),
        }
    }

    fn rename(&mut self) -> IndexMap<ShapeId<'s>, Cow<'s, str>> {
        let mut rename = IndexMap::default();
        let entries = self.fields.object("rename", self.problems);
        for (id, place, name) in entries.unwrap_or_default() {
            let found = name.describe();
            if let NodeKind::String(name) = name.kind {
                let id = ShapeId(id);
                self.references.push(Reference {
                    property: "rename",
                    id: id.clone(),
                    span: place,
                });
                rename.insert(id, name);
            } else {
                let message = format!("a new name must be a string, but this is {found}");
                self.problems.push(Problem::error(name.span, message));
            }
        }
        rename
    }

    fn resource(&mut self) -> Resource<'s> {
        Resource {
            identifiers: self.named_references("identifiers"),
            properties: self.named_references("properties"),
            lifecycle: LIFECYCLE
                .iter()
                .filter_map(|name| self.reference(name))
                .collect(),
            operations: self.references("operations"),
            collection_operations: self.references("collectionOperations"),
            resources: self.references("resources"),
        }
    }

    fn operation(&mut self) -> Operation<'s> {
        let unit = || ShapeId(Cow::Borrowed(prelude::UNIT));
        Operation {
            input: self.reference("input").unwrap_or_else(unit),
            output: self.reference("output").unwrap_or_else(unit),
            errors: self.references("errors"),
        }
    }

    fn reference(&mut self, property: &'static str) -> Option<ShapeId<'s>> {
        let (_, node) = self.fields.take(property)?;
        self.target(property, node)
    }

    fn references(&mut self, property: &'static str) -> Vec<ShapeId<'s>> {
        let nodes = self.fields.array(property, self.problems);
        let mut ids = Vec::new();
        let mut seen = FxHashSet::default();
        for node in nodes.unwrap_or_default() {
            let place = node.span;
            let Some(id) = self.target(property, node) else {
                continue;
            };
            // Once is enough; whoever wrote it twice may have meant another.
            if seen.insert(id.clone()) {
                ids.push(id);
            } else {
                let message = format!("`{id}` stands twice in `{property}`");
                self.problems.push(Problem::warning(place, message));
            }
        }
        ids
    }

    fn named_references(&mut self, property: &'static str) -> IndexMap<Cow<'s, str>, ShapeId<'s>> {
        let entries = self.fields.object(property, self.problems);
        let entries = entries.unwrap_or_default().into_iter();
        entries
            .filter_map(|(name, _, node)| Some((name, self.target(property, node)?)))
            .collect()
    }

    /// The id in a reference object, noted with its place.
    fn target(&mut self, property: &'static str, node: Node<'s>) -> Option<ShapeId<'s>> {
        let mut fields = Fields::of(node, "a reference to a shape", self.problems)?;
        let target = read_target(&mut fields, self.problems);
        fields.finish("a reference to a shape", self.problems);
        let (span, id) = target?;
        self.references.push(Reference {
            property,
            id: id.clone(),
            span,
        });
        Some(id)
    }

    fn members(&mut self, kind: &ShapeKind<'s>, span: Span) -> Vec<Member<'s>> {
        let names: &[&'static str] = match kind {
            ShapeKind::List => &["member"],
            ShapeKind::Map => &["key", "value"],
            ShapeKind::Structure | ShapeKind::Union | ShapeKind::Enum | ShapeKind::IntEnum => {
                let entries = self.fields.object("members", self.problems);
                let entries = entries.unwrap_or_default().into_iter();
                return entries
                    .filter_map(|(name, place, node)| self.member(name, place, node))
                    .collect();
            }
            _ => return Vec::new(),
        };
        let mut members = Vec::with_capacity(names.len());
        for name in names {
            if let Some((place, node)) = self.fields.take(name) {
                members.extend(self.member(Cow::Borrowed(name), place, node));
            } else if !self.has_mixins() {
                let message = format!("a {} has a `{name}`, which is missing here", kind.name());
                self.problems.push(Problem::error(span, message));
            }
        }
        members
    }

    /// Whether a member that is missing here may come from a mixin.
    fn has_mixins(&self) -> bool {
        self.fields.entries.iter().any(|(key, ..)| key == "mixins")
    }

    fn member(&mut self, name: Cow<'s, str>, span: Span, node: Node<'s>) -> Option<Member<'s>> {
        let mut fields = Fields::of(node, "a member", self.problems)?;
        let traits = read_traits(&mut fields, self.problems);
        let target = read_target(&mut fields, self.problems);
        fields.finish("a member", self.problems);
        let (target_span, target) = target?;
        Some(Member {
            name,
            target,
            traits,
            recursive: false,
            span,
            target_span,
        })
    }

    fn traits(&mut self) -> Traits<'s> {
        read_traits(&mut self.fields, self.problems)
    }
}

fn read_target<'s>(
    fields: &mut Fields<'s>,
    problems: &mut Vec<Problem>,
) -> Option<(Span, ShapeId<'s>)> {
    let span = fields.span;
    if let Some((_, node)) = fields.take("target") {
        let found = node.describe();
        return match node.kind {
            NodeKind::String(id) => Some((node.span, ShapeId(id))),
            _ => {
                let message = format!("a target must be a string, but this is {found}");
                problems.push(Problem::error(node.span, message));
                None
            }
        };
    }
    let problem = Problem::error(span, "the `target` is missing");
    problems.push(problem.hint("write the absolute id of a shape, such as `smithy.api#String`"));
    None
}

fn read_traits<'s>(fields: &mut Fields<'s>, problems: &mut Vec<Problem>) -> Traits<'s> {
    let entries = fields.object("traits", problems).unwrap_or_default();
    Traits {
        values: entries
            .into_iter()
            .map(|(id, _, value)| (ShapeId(id), value))
            .collect(),
    }
}

/// Splits `namespace#Name$member`.
fn split_member(id: Cow<'_, str>) -> (ShapeId<'_>, Option<Cow<'_, str>>) {
    match id {
        Cow::Borrowed(id) => match id.split_once('$') {
            Some((shape, member)) => (ShapeId(shape.into()), Some(member.into())),
            None => (ShapeId(id.into()), None),
        },
        Cow::Owned(id) => match id.split_once('$') {
            Some((shape, member)) => {
                let member = Cow::Owned(member.to_owned());
                (ShapeId(shape.to_owned().into()), Some(member))
            }
            None => (ShapeId(id.into()), None),
        },
    }
}
