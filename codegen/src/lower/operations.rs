//! Operations with their inputs, outputs, HTTP bindings and pages.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use tinsmith_model::{Member, Problem, Shape, ShapeId, traits};

use super::context::Context;
use super::fields::{self, Role};
use super::{auth, message, text, waiters};
use crate::ir::{
    Auth, ErrorShape, Field, Http, Operation, Pagination, Segment, Structure, Type, Waiter,
};
use crate::names::{Scope, plain};

/// The operations, in the order of their names.
pub(super) fn of_service(
    context: &Context<'_, '_>,
    service_auth: &[Auth],
    bindings: &BTreeMap<String, Vec<TokenStream>>,
    errors: &[ErrorShape],
    problems: &mut Vec<Problem>,
) -> Vec<Operation> {
    let names = Names::of(context);
    let mut operations = Vec::new();
    for shape in &context.closure.operations {
        if let Some(mut operation) = operation(context, &names, shape, errors, problems) {
            operation.auth = operation.auth.filter(|own| own != service_auth);
            operation.endpoint_bindings = bindings.get(&operation.id).cloned().unwrap_or_default();
            operations.push(operation);
        }
    }
    operations
}

/// The names of all operations.
struct Names<'m, 's> {
    /// The call, the input and the output.
    types: BTreeMap<(Part, &'m ShapeId<'s>), String>,
    methods: BTreeMap<&'m ShapeId<'s>, String>,
    modules: BTreeMap<&'m ShapeId<'s>, String>,
}

/// The types of an operation. The call keeps its name where it meets an input or output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Call,
    Input,
    Output,
}

impl<'m, 's> Names<'m, 's> {
    fn of(context: &Context<'m, 's>) -> Self {
        let ids = || context.closure.operations.iter().map(|shape| &shape.id);
        let named = || ids().map(|id| (id, id.name().to_string()));
        let parts = [
            (Part::Call, ""),
            (Part::Input, "Input"),
            (Part::Output, "Output"),
        ];
        let types = parts.iter().flat_map(|(part, suffix)| {
            ids().map(move |id| ((*part, id), format!("{}{suffix}", id.name())))
        });
        Self {
            types: Scope::operations().assign(types),
            methods: Scope::client_methods().assign(named()),
            modules: Scope::operation_modules().assign(named()),
        }
    }

    fn ty(&self, part: Part, id: &ShapeId<'s>) -> String {
        self.types.get(&(part, id)).cloned().unwrap_or_default()
    }
}

fn operation<'m, 's>(
    context: &Context<'m, 's>,
    names: &Names<'m, 's>,
    shape: &'m Shape<'s>,
    errors: &[ErrorShape],
    problems: &mut Vec<Problem>,
) -> Option<Operation> {
    let bound = shape.as_operation()?;
    let (input_shape, output_shape) = (
        context.model.shape(&bound.input)?,
        context.model.shape(&bound.output)?,
    );
    let id = &shape.id;
    let (call, input, output) = (
        names.ty(Part::Call, id),
        names.ty(Part::Input, id),
        names.ty(Part::Output, id),
    );
    let method = names.methods.get(id).cloned().unwrap_or_default();
    let docs_of = |part: &str| {
        let (name, method) = (id.name(), plain(&method));
        format!("{part} of [`{name}`](super::super::Client::{method}).")
    };
    let input = fields::structure(
        context,
        input_shape,
        input,
        Role::OperationInput,
        docs_of("Input"),
        problems,
    );
    let output = fields::structure(
        context,
        output_shape,
        output,
        Role::Response,
        docs_of("Output"),
        problems,
    );
    let own_auth = auth::schemes(context, shape, problems);
    let pagination = pagination(context, shape, &input, &output, problems);
    let errors = self::errors(context, shape, errors);
    let waiters = waiters::of_operation(shape, &input, problems);
    Some(Operation {
        id: id.to_string(),
        name: id.name().into(),
        docs: docs(
            shape,
            &errors,
            &waiters,
            &call,
            input.has_events() && output.has_events(),
        ),
        method,
        module: names.modules.get(id).cloned().unwrap_or_default(),
        builder: call,
        deprecated: text::deprecated(&shape.traits),
        idempotency_token: idempotency_token(input_shape, &input),
        http: match context.protocol.has_http_bindings() {
            true => Some(http(shape, problems)?),
            false => None,
        },
        host_prefix: message::host_prefix(shape, problems),
        compressed: message::is_compressed(shape),
        checksum_required: message::needs_md5(shape),
        checksum: message::checksum(shape),
        idempotent: shape.traits.idempotent() || shape.traits.readonly(),
        auth: Some(own_auth),
        endpoint_bindings: Vec::new(),
        pagination,
        waiters,
        input,
        output,
    })
}

/// The variants of the errors that the model names for the operation, those of the service included.
fn errors<'s>(context: &Context<'_, 's>, shape: &Shape<'s>, errors: &[ErrorShape]) -> Vec<String> {
    let own = shape.as_operation().into_iter();
    let own = own.flat_map(|operation| &operation.errors);
    let shared = context.closure.service.as_service().into_iter();
    let shared = shared.flat_map(|service| &service.errors);
    let names: BTreeSet<_> = own.chain(shared).map(|id| context.type_name(id)).collect();
    let named = errors
        .iter()
        .filter(|error| names.contains(&error.structure.name));
    named.map(|error| error.variant.clone()).collect()
}

/// The operation's documentation, with what streams both ways need, its waiters, and the errors that the
/// model names.
fn docs(
    shape: &Shape<'_>,
    errors: &[String],
    waiters: &[Waiter],
    builder: &str,
    both_ways: bool,
) -> String {
    let mut docs = text::of_shape(&shape.traits, &format!("Calls {}.", shape.id.name()));
    if both_ways {
        docs.push_str(
            "\n\nIts streams are open at the same time, which needs HTTP/2: the feature `http2`.",
        );
    }
    if !waiters.is_empty() {
        let links = waiters.iter().map(|waiter| {
            let method = plain(&waiter.method);
            format!("[`{method}`](operation::{builder}::{method})")
        });
        docs.push_str("\n\n");
        docs.push_str(&text::filled(
            "What it tells of can be waited for: ",
            links,
            ".",
        ));
    }
    if !errors.is_empty() {
        docs.push_str("\n\n# Errors\n\n");
        let links = errors
            .iter()
            .map(|error| format!("[`ServiceError::{error}`]"));
        docs.push_str(&text::filled("The service may answer ", links, "."));
    }
    docs
}

/// The field that the client fills.
fn idempotency_token(shape: &Shape<'_>, input: &Structure) -> Option<usize> {
    let mut members = shape.members.iter();
    let index = members.position(|member| member.traits.idempotency_token())?;
    input.fields.get(index).filter(|field| is_text(&field.ty))?;
    Some(index)
}

fn http(shape: &Shape<'_>, problems: &mut Vec<Problem>) -> Option<Http> {
    let http = shape.traits.http()?;
    let pattern = match http.pattern() {
        Ok(pattern) => pattern,
        Err(error) => {
            let message = format!("the URI is not one: {error}");
            problems.push(Problem::error(shape.span, message).about(shape.id.as_str()));
            return None;
        }
    };
    let path = pattern.segments.iter().map(|segment| match segment {
        traits::Segment::Literal(text) => Segment::Literal((*text).into()),
        traits::Segment::Label {
            name,
            greedy: false,
        } => Segment::Label((*name).into()),
        traits::Segment::Label { name, greedy: true } => Segment::GreedyLabel((*name).into()),
    });
    Some(Http {
        method: http.method.into(),
        path: path.collect(),
        query: http
            .uri
            .split_once('?')
            .map_or("", |(_, query)| query)
            .into(),
        code: http.code,
    })
}

/// How the operation's pages hang together; `None` with a warning where the token is no string.
fn pagination<'s>(
    context: &Context<'_, 's>,
    shape: &Shape<'s>,
    input: &Structure,
    output: &Structure,
    problems: &mut Vec<Problem>,
) -> Option<Pagination> {
    let pages = context.model.pagination(context.closure.service, shape)?;
    let input_token = field_of(input, pages.input_token)?.clone();
    let output_token = path(context, output, &pages.output_token, problems)?;
    let items = path(context, output, &pages.items, problems);
    let is_text = |field: Option<&Field>| field.is_some_and(|field| is_text(&field.ty));
    if !(is_text(Some(&input_token)) && is_text(output_token.last())) {
        let message =
            "the operation is paginated by a token that is no string: it has no paginator";
        problems.push(Problem::warning(shape.span, message).about(shape.id.as_str()));
        return None;
    }
    let is_collection = |path: &Vec<Field>| {
        matches!(
            path.last().map(|field| &field.ty),
            Some(Type::List { .. } | Type::Map { .. })
        )
    };
    Some(Pagination {
        input_token,
        output_token,
        items: items.filter(is_collection),
    })
}

fn is_text(ty: &Type) -> bool {
    match ty {
        Type::String => true,
        Type::Sensitive(inner) => **inner == Type::String,
        _ => false,
    }
}

fn field_of<'a>(structure: &'a Structure, member: &Member<'_>) -> Option<&'a Field> {
    structure
        .fields
        .iter()
        .find(|field| field.member == member.name)
}

/// The fields along a path of members: the first of the output, the others of nested structures.
fn path<'s>(
    context: &Context<'_, 's>,
    output: &Structure,
    members: &[&Member<'s>],
    problems: &mut Vec<Problem>,
) -> Option<Vec<Field>> {
    let (first, rest) = members.split_first()?;
    let mut fields = vec![field_of(output, first)?.clone()];
    let mut parent = context.model.target(first)?;
    for member in rest {
        let role = if context.reach.input.contains(&parent.id) {
            Role::NestedInput
        } else {
            Role::NestedOutput
        };
        let structure = fields::structure(
            context,
            parent,
            String::new(),
            role,
            String::new(),
            problems,
        );
        fields.push(field_of(&structure, member)?.clone());
        parent = context.model.target(member)?;
    }
    Some(fields)
}
