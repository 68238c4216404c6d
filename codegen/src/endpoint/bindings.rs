//! Where the parameters of a rule set get their values from, besides their built-in sources.
//!
//! Source: Smithy 2.0, "Rules engine parameter traits".

use proc_macro2::TokenStream;
use quote::quote;
use tinsmith_model::{Model, Node, Problem, Shape, Span};

use super::parse::literal;
use super::path::Path;
use super::syntax::{Literal, Param, ParamKind};

const CLIENT: &str = "smithy.rules#clientContextParams";
const STATIC: &str = "smithy.rules#staticContextParams";
const CONTEXT: &str = "smithy.rules#contextParam";
const OPERATION: &str = "smithy.rules#operationContextParams";

/// A parameter that the caller sets on the client (`smithy.rules#clientContextParams`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClientParam {
    /// Its name in the rule set, under which `EndpointParams::set` takes it.
    pub name: String,
    /// Whether it is a boolean, and else a string.
    pub boolean: bool,
    /// The model's documentation.
    pub documentation: String,
}

/// A parameter that an operation gives a value to.
pub(super) struct Binding {
    pub(super) param: String,
    source: Source,
    span: Span,
}

enum Source {
    Fixed(Literal),
    Input(Path),
}

/// The client's parameters of a service.
pub(super) fn client_params(service: &Shape<'_>, problems: &mut Vec<Problem>) -> Vec<ClientParam> {
    let mut params = Vec::new();
    for (name, span, param) in entries(service, CLIENT) {
        let boolean = match param
            .get_str("type")
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            Some("boolean") => true,
            Some("string") => false,
            _ => {
                let message = format!("the type of `{name}` must be `string` or `boolean`");
                problems.push(Problem::error(*span, message).about(service.id.as_str()));
                continue;
            }
        };
        params.push(ClientParam {
            name: name.to_string(),
            boolean,
            documentation: param
                .get_str("documentation")
                .unwrap_or_default()
                .to_owned(),
        });
    }
    params
}

/// What an operation binds, most specific first.
pub(super) fn of_operation(
    model: &Model<'_>,
    operation: &Shape<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Binding> {
    let mut bindings = Vec::new();
    for (param, span, definition) in entries(operation, STATIC) {
        match definition.get("value").and_then(literal) {
            Some(value) => bindings.push(Binding {
                param: param.to_string(),
                source: Source::Fixed(value),
                span: *span,
            }),
            None => problems.push(
                Problem::error(*span, "expected a string, a boolean or an array of strings")
                    .about(operation.id.as_str()),
            ),
        }
    }
    let input = operation
        .as_operation()
        .and_then(|operation| model.shape(&operation.input));
    if let Some(input) = input {
        bindings.extend(of_members(model, input, problems));
        bindings.extend(of_paths(model, operation, input, problems));
    }
    bindings
}

fn of_members(model: &Model<'_>, input: &Shape<'_>, problems: &mut Vec<Problem>) -> Vec<Binding> {
    let mut bindings = Vec::new();
    for member in &input.members {
        let Some(context) = member.traits.get(CONTEXT) else {
            continue;
        };
        let Some(param) = context.get_str("name") else {
            problems.push(
                Problem::error(context.span, "the parameter's `name` is missing").about(format!(
                    "{}${}",
                    input.id.as_str(),
                    member.name
                )),
            );
            continue;
        };
        let path = Path::member(model, input, &member.name);
        bindings.extend(from_input(param, path, context.span, input, problems));
    }
    bindings
}

fn of_paths(
    model: &Model<'_>,
    operation: &Shape<'_>,
    input: &Shape<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Binding> {
    let mut bindings = Vec::new();
    for (param, span, definition) in entries(operation, OPERATION) {
        let path = match definition.get_str("path") {
            Some(text) => Path::parse(model, input, text),
            None => Err("the `path` is missing".to_owned()),
        };
        bindings.extend(from_input(param, path, *span, operation, problems));
    }
    bindings
}

fn from_input(
    param: &str,
    path: Result<Path, String>,
    span: Span,
    shape: &Shape<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Binding> {
    match path {
        Ok(path) => Some(Binding {
            param: param.to_owned(),
            source: Source::Input(path),
            span,
        }),
        Err(message) => {
            problems.push(Problem::error(span, message).about(shape.id.as_str()));
            None
        }
    }
}

fn entries<'n, 's>(
    shape: &'n Shape<'s>,
    id: &str,
) -> &'n [(std::borrow::Cow<'s, str>, Span, Node<'s>)] {
    shape
        .traits
        .get(id)
        .and_then(Node::as_object)
        .unwrap_or_default()
}

impl Binding {
    fn kind(&self) -> ParamKind {
        match &self.source {
            Source::Fixed(value) => value.kind(),
            Source::Input(path) => path.kind,
        }
    }

    /// Whether the rule set has the parameter, of the type that the binding gives.
    pub(super) fn fits(&self, params: &[Param], operation: &Shape<'_>) -> Result<(), Problem> {
        let message = match params.iter().find(|param| param.name == self.param) {
            None => format!("the rule set has no parameter `{}`", self.param),
            Some(param) if param.kind != self.kind() => {
                format!("the value bound to `{}` is not of its type", self.param)
            }
            Some(_) => return Ok(()),
        };
        Err(Problem::error(self.span, message).about(operation.id.as_str()))
    }

    /// An expression of type `EndpointBinding`.
    pub(super) fn tokens(&self) -> TokenStream {
        let param = &self.param;
        let source = match &self.source {
            Source::Fixed(Literal::String(text)) => {
                quote!(ParamSource::Fixed(FixedParam::String(#text)))
            }
            Source::Fixed(Literal::Boolean(value)) => {
                quote!(ParamSource::Fixed(FixedParam::Boolean(#value)))
            }
            Source::Fixed(Literal::Strings(items)) => {
                quote!(ParamSource::Fixed(FixedParam::Strings(&[#(#items),*])))
            }
            Source::Input(path) => {
                let steps = path.tokens();
                match path.kind {
                    ParamKind::StringArray => quote!(ParamSource::InputList(#steps)),
                    ParamKind::String | ParamKind::Boolean => quote!(ParamSource::Input(#steps)),
                }
            }
        };
        quote!(EndpointBinding::new(#param, #source))
    }
}
