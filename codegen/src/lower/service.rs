//! One service: everything of its module.

use tinsmith_model::{Closure, Model, Problem, Shape};

use super::context::Context;
use super::{auth, operations, patterns, schemas, support, text, types};
use crate::docs;
use crate::endpoint::{self, ClientParam};
use crate::ir::{Customization, EndpointSetting, Operation, Service};
use crate::names::Scope;
use crate::options::Options;

/// Lowers the service of `closure`; `None` where it cannot be generated, which `problems` then tell.
pub(super) fn lower<'m, 's>(
    model: &'m Model<'s>,
    mut closure: Closure<'m, 's>,
    module: String,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Option<Service> {
    let protocol = support::protocol(model, closure.service, problems)?;
    support::check(
        model,
        &mut closure,
        protocol,
        options.skip_unsupported,
        problems,
    );
    let context = Context::new(model, closure, module, protocol);
    let shape = context.closure.service;
    let auth = auth::schemes(&context, shape, problems);
    let sdk_id = shape
        .traits
        .aws_service()
        .map_or(shape.id.name(), |service| service.sdk_id);
    let version = shape
        .as_service()
        .and_then(|service| service.version.as_deref());
    let endpoint = endpoint::service(model, &context.closure, problems);
    let errors = types::errors(&context, problems);
    let operations = operations::of_service(&context, &auth, &endpoint.bindings, &errors, problems);
    let mut service = Service {
        marker: marker(shape),
        id: shape.id.to_string(),
        version: version.unwrap_or_default().into(),
        sdk_id: sdk_id.into(),
        title: shape.traits.title().unwrap_or(sdk_id).into(),
        docs: text::of_shape(&shape.traits, ""),
        protocol,
        query_compatible: shape.traits.has("aws.protocols#awsQueryCompatible"),
        customization: customization(sdk_id),
        operations,
        auth,
        structures: types::structures(&context, problems),
        unions: types::unions(&context, problems),
        enums: types::enums(&context),
        errors,
        schemas: schemas::of_service(&context),
        patterns: patterns::of_service(&context, options.lenient_patterns, problems),
        endpoint: endpoint.resolve,
        endpoint_settings: endpoint_settings(&endpoint.client_params),
        endpoint_tests: endpoint.tests,
        has_deprecated: has_deprecated(&context),
        module: context.module.clone(),
    };
    add_examples(&options.name.replace('-', "_"), &context, &mut service);
    Some(service)
}

/// Adds the examples of the model to the documentation of the operations: they show types and fields,
/// so that everything else has to be there.
fn add_examples(krate: &str, context: &Context<'_, '_>, service: &mut Service) {
    let shapes = &context.closure.operations;
    let examples = |operation: &Operation| {
        let shape = shapes
            .iter()
            .find(|shape| shape.id.as_str() == operation.id)?;
        Some(docs::examples(
            krate,
            service,
            operation,
            &shape.traits.examples(),
        ))
    };
    let texts: Vec<_> = service.operations.iter().map(examples).collect();
    for (operation, text) in service.operations.iter_mut().zip(texts) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            operation.docs.push_str("\n\n");
            operation.docs.push_str(&text);
        }
    }
}

/// A setting for each parameter of the rules that the model leaves to the client.
fn endpoint_settings(params: &[ClientParam]) -> Vec<EndpointSetting> {
    // The prefix keeps settings apart from what the configuration of every service has, now and later:
    // a method of its own would be called in place of the trait's.
    let wanted = params
        .iter()
        .map(|param| (&*param.name, format!("Endpoint{}", param.name)));
    let mut methods = Scope::endpoint_settings().assign(wanted);
    let setting = |param: &ClientParam| {
        let otherwise = format!("Sets `{}` for the endpoints of the service.", param.name);
        EndpointSetting {
            method: methods.remove(&*param.name).unwrap_or_default(),
            param: param.name.clone(),
            boolean: param.boolean,
            docs: text::of_documentation(Some(&param.documentation), &otherwise),
        }
    };
    params.iter().map(setting).collect()
}

/// What the service of this id needs beyond what its model says.
fn customization(sdk_id: &str) -> Option<Customization> {
    match sdk_id {
        "API Gateway" => Some(Customization::ApiGateway),
        "Glacier" => Some(Customization::Glacier),
        "Machine Learning" => Some(Customization::MachineLearning),
        _ => None,
    }
}

fn marker(shape: &Shape<'_>) -> String {
    let mut names = Scope::markers().assign([((), shape.id.name().to_string())]);
    names.remove(&()).unwrap_or_default()
}

fn has_deprecated(context: &Context<'_, '_>) -> bool {
    let closure = &context.closure;
    let shapes = closure.shapes.iter().chain(&closure.operations);
    shapes.into_iter().any(|shape| {
        let members = shape
            .members
            .iter()
            .any(|member| member.traits.deprecated().is_some());
        members || shape.traits.deprecated().is_some()
    })
}
