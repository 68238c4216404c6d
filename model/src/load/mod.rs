//! The first stage: files to an [`Ast`], everything with its place.
//!
//! Files are merged here. What a shape refers to is not looked at yet.

mod json;
mod merge;
mod shape;

use std::borrow::Cow;

use crate::model::{IndexMap, Shape, ShapeId, Traits};
use crate::node::{Entry, Node, NodeKind};
use crate::problem::Problem;
use crate::source::{Sources, Span};

pub(crate) use merge::merge_traits;

/// The definitions of all files: a model before its shapes are tied to each other.
#[derive(Debug, Default)]
pub struct Ast<'s> {
    /// The shapes by absolute id, in the order of the files.
    pub shapes: IndexMap<ShapeId<'s>, Definition<'s>>,
    /// Traits applied from outside of a shape's definition, in the order of the files.
    pub applies: Vec<Apply<'s>>,
    /// Metadata by key, that of all files merged.
    pub metadata: IndexMap<Cow<'s, str>, Node<'s>>,
}

/// A shape as its file defines it.
#[derive(Debug)]
pub struct Definition<'s> {
    /// The shape, with its own members and traits only.
    pub shape: Shape<'s>,
    /// The mixins it uses, in order.
    pub mixins: Vec<ShapeId<'s>>,
    /// Whether the file is of Smithy 1.0, which has other rules of boxes and defaults.
    pub smithy_1: bool,
}

/// Traits applied from outside. Source: Smithy 2.0, "JSON AST", "AST apply type".
#[derive(Debug)]
pub struct Apply<'s> {
    /// The shape.
    pub shape: ShapeId<'s>,
    /// The member, where the id names one.
    pub member: Option<Cow<'s, str>>,
    /// The traits.
    pub traits: Traits<'s>,
    /// The id in its file.
    pub span: Span,
}

/// Reads the JSON AST of all `sources` and merges them.
///
/// What cannot be read is left out and told in `problems`.
#[must_use]
pub fn load<'s>(sources: &'s Sources, problems: &mut Vec<Problem>) -> Ast<'s> {
    let mut ast = Ast::default();
    for (index, source) in sources.files().iter().enumerate() {
        let (Ok(file), Ok(_)) = (u32::try_from(index), u32::try_from(source.text.len())) else {
            let mut problem = Problem::error(
                Span::NOWHERE,
                format!("{} is larger than 4 GiB", source.path),
            );
            problem.span = None;
            problems.push(problem);
            continue;
        };
        if let Some(root) = json::parse(&source.text, file, problems) {
            load_file(root, &mut ast, problems);
        }
    }
    ast
}

fn load_file<'s>(root: Node<'s>, ast: &mut Ast<'s>, problems: &mut Vec<Problem>) {
    let span = root.span;
    let Some(mut root) = Fields::of(root, "a model", problems) else {
        return;
    };
    let Some(smithy_1) = version(&mut root, span, problems) else {
        return;
    };
    if let Some(metadata) = root.object("metadata", problems) {
        for (key, place, value) in metadata {
            merge::metadata(ast, key, place, value, problems);
        }
    }
    for (id, place, value) in root.object("shapes", problems).unwrap_or_default() {
        shape::read(id, place, value, smithy_1, ast, problems);
    }
    root.finish("a model", problems);
}

/// Whether the file is of Smithy 1.0; `None` where the version is none that we know.
fn version(root: &mut Fields<'_>, span: Span, problems: &mut Vec<Problem>) -> Option<bool> {
    let Some((place, version)) = root.take("smithy") else {
        let start = Span {
            end: span.start + 1,
            ..span
        };
        let problem = Problem::error(start, "the model does not say its Smithy version");
        problems.push(problem.hint("add `\"smithy\": \"2.0\"`"));
        return None;
    };
    match version.as_str() {
        Some("2" | "2.0") => Some(false),
        Some("1" | "1.0") => Some(true),
        Some(other) => {
            let message = format!("the Smithy version `{other}` is unknown");
            problems.push(Problem::error(version.span, message).hint("known are 1.0 and 2.0"));
            None
        }
        None => {
            let message = format!(
                "the Smithy version must be a string, but this is {}",
                version.describe()
            );
            problems.push(Problem::error(place, message).hint("write \"2.0\""));
            None
        }
    }
}

/// The properties of an object, taken one by one.
struct Fields<'s> {
    span: Span,
    entries: Vec<Entry<'s>>,
}

impl<'s> Fields<'s> {
    /// The properties of `node`, which is `what`.
    fn of(node: Node<'s>, what: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let (span, found) = (node.span, node.describe());
        match node.kind {
            NodeKind::Object(entries) => Some(Self { span, entries }),
            _ => {
                let message = format!("{what} must be an object, but this is {found}");
                problems.push(Problem::error(span, message));
                None
            }
        }
    }

    /// The property's key and value.
    fn take(&mut self, name: &str) -> Option<(Span, Node<'s>)> {
        let index = self.entries.iter().position(|(key, ..)| key == name)?;
        let (_, place, value) = self.entries.remove(index);
        Some((place, value))
    }

    fn string(&mut self, name: &str, problems: &mut Vec<Problem>) -> Option<(Span, Cow<'s, str>)> {
        let (_, value) = self.take(name)?;
        let found = value.describe();
        match value.kind {
            NodeKind::String(text) => Some((value.span, text)),
            _ => {
                let message = format!("`{name}` must be a string, but this is {found}");
                problems.push(Problem::error(value.span, message));
                None
            }
        }
    }

    fn object(&mut self, name: &str, problems: &mut Vec<Problem>) -> Option<Vec<Entry<'s>>> {
        let (_, value) = self.take(name)?;
        Some(Self::of(value, &format!("`{name}`"), problems)?.entries)
    }

    fn array(&mut self, name: &str, problems: &mut Vec<Problem>) -> Option<Vec<Node<'s>>> {
        let (_, value) = self.take(name)?;
        let found = value.describe();
        match value.kind {
            NodeKind::Array(items) => Some(items),
            _ => {
                let message = format!("`{name}` must be an array, but this is {found}");
                problems.push(Problem::error(value.span, message));
                None
            }
        }
    }

    /// Warns of what nobody took.
    fn finish(self, what: &str, problems: &mut Vec<Problem>) {
        for (key, place, _) in self.entries {
            let message = format!("{what} has no property `{key}`");
            problems.push(Problem::warning(place, message).hint("it is ignored"));
        }
    }
}
