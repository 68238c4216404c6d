//! Paths into an operation's input: the subset of JMESPath that `smithy.rules#operationContextParams`
//! may use, resolved against the shapes of the model.
//!
//! Source: Smithy 2.0, "`smithy.rules#operationContextParams` trait"; JMESPath specification,
//! "Identifiers", "Wildcard expressions", "Flatten operator", "MultiSelect list" and "keys".

use proc_macro2::TokenStream;
use quote::quote;
use tinsmith_model::{Model, Shape, ShapeKind};

use super::syntax::ParamKind;

/// A part of a path as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Field(String),
    Each,
    Flatten,
    Select(Vec<Vec<Part>>),
    Keys,
}

/// A step of a resolved path; each is one of the runtime's `PathStep`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    Each,
    Keys,
    All(Vec<Vec<Step>>),
}

/// A path that leads to values of a known type.
#[derive(Debug)]
pub(super) struct Path {
    steps: Vec<Step>,
    /// The type of parameter that the path can fill.
    pub(super) kind: ParamKind,
}

impl Path {
    /// The path to one member.
    ///
    /// # Errors
    ///
    /// That no parameter can hold the member's value.
    pub(super) fn member(model: &Model<'_>, input: &Shape<'_>, name: &str) -> Result<Self, String> {
        resolve(model, input, &[Part::Field(name.to_owned())])
    }

    /// Reads a path and resolves it against the shape of an input.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in a sentence.
    pub(super) fn parse(model: &Model<'_>, input: &Shape<'_>, text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text };
        let parts = reader
            .path()
            .filter(|_| reader.rest.is_empty())
            .ok_or_else(|| {
                format!("the path `{text}` is not of the JMESPath that is allowed here")
            })?;
        resolve(model, input, &parts)
    }

    /// The steps as an expression of type `&'static [PathStep]`.
    pub(super) fn tokens(&self) -> TokenStream {
        tokens(&self.steps)
    }
}

fn tokens(steps: &[Step]) -> TokenStream {
    let steps = steps.iter().map(|step| match step {
        Step::Member(name) => quote!(PathStep::Member(#name)),
        Step::Each => quote!(PathStep::Each),
        Step::Keys => quote!(PathStep::Keys),
        Step::All(paths) => {
            let paths = paths.iter().map(|path| tokens(path));
            quote!(PathStep::All(&[#(#paths),*]))
        }
    });
    quote!(&[#(#steps),*])
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn path(&mut self) -> Option<Vec<Part>> {
        if self.eat("keys(") {
            let mut parts = self.path()?;
            parts.push(Part::Keys);
            return self.eat(")").then_some(parts);
        }
        let mut parts = vec![self.field()?];
        loop {
            if self.eat("[*]") || self.eat(".*") {
                parts.push(Part::Each);
            } else if self.eat("[]") {
                parts.push(Part::Flatten);
            } else if self.eat(".[") || self.eat("[") {
                parts.push(self.select()?);
            } else if self.eat(".") {
                parts.push(self.field()?);
            } else {
                return Some(parts);
            }
        }
    }

    fn select(&mut self) -> Option<Part> {
        let mut paths = vec![self.path()?];
        while self.eat(",") {
            paths.push(self.path()?);
        }
        self.eat("]").then_some(Part::Select(paths))
    }

    /// A member's name, bare or in quotes.
    fn field(&mut self) -> Option<Part> {
        let (name, rest) = match self.rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => {
                let end = self
                    .rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                    .unwrap_or(self.rest.len());
                self.rest.split_at(end)
            }
        };
        self.rest = rest;
        (!name.is_empty()).then(|| Part::Field(name.to_owned()))
    }
}

fn resolve(model: &Model<'_>, input: &Shape<'_>, parts: &[Part]) -> Result<Path, String> {
    let mut steps = Vec::new();
    let end = follow(model, input, parts, &mut steps)?;
    let is_list = steps.iter().any(|step| !matches!(step, Step::Member(_)));
    let kind = match (end, is_list) {
        (End::Boolean, false) => ParamKind::Boolean,
        (End::Text, false) => ParamKind::String,
        (End::Text | End::Texts, true) | (End::Texts, false) => ParamKind::StringArray,
        (End::Boolean, true) => {
            return Err("the path leads to many booleans, which no parameter can hold".into());
        }
    };
    Ok(Path { steps, kind })
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Boolean,
    Text,
    Texts,
}

fn follow(
    model: &Model<'_>,
    shape: &Shape<'_>,
    parts: &[Part],
    steps: &mut Vec<Step>,
) -> Result<End, String> {
    let Some((part, rest)) = parts.split_first() else {
        return end(model, shape);
    };
    match part {
        Part::Field(name) => {
            let target = member(model, shape, name)?;
            steps.push(Step::Member(name.clone()));
            follow(model, target, rest, steps)
        }
        Part::Each => {
            steps.push(Step::Each);
            follow(model, item(model, shape)?, rest, steps)
        }
        // Items of a selection are flattened already.
        Part::Flatten if !matches!(shape.kind, ShapeKind::List) && !steps.is_empty() => {
            follow(model, shape, rest, steps)
        }
        Part::Flatten => {
            let mut inner = item(model, shape)?;
            steps.push(Step::Each);
            if matches!(inner.kind, ShapeKind::List) {
                inner = item(model, inner)?;
                steps.push(Step::Each);
            }
            follow(model, inner, rest, steps)
        }
        Part::Keys if matches!(shape.kind, ShapeKind::Map) => {
            steps.push(Step::Keys);
            Ok(End::Text)
        }
        Part::Keys => Err(format!(
            "`{}` is no map, so it has no keys",
            shape.id.as_str()
        )),
        Part::Select(paths) => select(model, shape, paths, rest, steps),
    }
}

/// Each path of a selection, with what comes after the selection.
fn select(
    model: &Model<'_>,
    shape: &Shape<'_>,
    paths: &[Vec<Part>],
    rest: &[Part],
    steps: &mut Vec<Step>,
) -> Result<End, String> {
    let mut all = Vec::new();
    for path in paths {
        let mut branch = Vec::new();
        let whole: Vec<_> = path.iter().chain(rest).cloned().collect();
        if follow(model, shape, &whole, &mut branch)? == End::Boolean {
            return Err(
                "a selection leads to a boolean, which a list of strings cannot hold".into(),
            );
        }
        all.push(branch);
    }
    steps.push(Step::All(all));
    Ok(End::Texts)
}

fn member<'m, 's>(
    model: &'m Model<'s>,
    shape: &'m Shape<'s>,
    name: &str,
) -> Result<&'m Shape<'s>, String> {
    match shape.kind {
        ShapeKind::Structure | ShapeKind::Union => shape
            .member(name)
            .and_then(|member| model.target(member))
            .ok_or_else(|| format!("`{}` has no member `{name}`", shape.id.as_str())),
        _ => Err(format!(
            "`{}` has no members to choose from",
            shape.id.as_str()
        )),
    }
}

/// The items of a list or the values of a map.
fn item<'m, 's>(model: &'m Model<'s>, shape: &'m Shape<'s>) -> Result<&'m Shape<'s>, String> {
    let name = match shape.kind {
        ShapeKind::List => "member",
        ShapeKind::Map => "value",
        _ => return Err(format!("`{}` is no collection", shape.id.as_str())),
    };
    shape
        .member(name)
        .and_then(|member| model.target(member))
        .ok_or_else(|| format!("`{}` has no items", shape.id.as_str()))
}

fn end(model: &Model<'_>, shape: &Shape<'_>) -> Result<End, String> {
    match shape.kind {
        ShapeKind::Boolean => Ok(End::Boolean),
        ShapeKind::String | ShapeKind::Enum => Ok(End::Text),
        ShapeKind::List if end(model, item(model, shape)?)? == End::Text => Ok(End::Texts),
        _ => Err(format!(
            "the path leads to `{}`, which is no string, boolean or list of strings",
            shape.id.as_str()
        )),
    }
}
