//! From the linked model to the Rust that is to be emitted.
//!
//! Everything that needs the model is decided here; nothing after this stage sees a Smithy node.

mod auth;
mod constraints;
mod context;
mod defaults;
mod fields;
mod message;
mod operations;
mod patterns;
mod reach;
mod schemas;
mod service;
mod support;
mod text;
mod types;
mod waiters;

pub(crate) use patterns::of_model as check_patterns;
use tinsmith_model::{Model, Problem, Shape};

use crate::ir;
use crate::names::{self, Scope};
use crate::options::Options;

/// What lowering makes.
pub(crate) struct Lowered {
    pub(crate) services: Vec<ir::Service>,
    /// Warnings.
    pub(crate) problems: Vec<Problem>,
}

/// Lowers the services that `options` ask for.
///
/// # Errors
///
/// Everything in the model that cannot be generated, collected.
pub(crate) fn lower(model: &Model<'_>, options: &Options) -> Result<Lowered, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut lowered = Lowered {
        services: Vec::new(),
        problems: Vec::new(),
    };
    if !names::is_crate_name(&options.name) {
        problems.push(support::placeless(format!(
            "no crate can be called `{}`: take letters, digits, `-` and `_`, a letter first, and no word \
             of Rust's own",
            options.name
        )));
    }
    let selected = select(model, options, &mut problems);
    let modules = modules(&selected);
    for (shape, module) in selected.into_iter().zip(modules) {
        let Some(closure) = model.closure(&shape.id) else {
            continue;
        };
        lowered.services.extend(service::lower(
            model,
            closure,
            module,
            options,
            &mut problems,
        ));
    }
    if problems.iter().any(Problem::is_error) {
        return Err(problems);
    }
    lowered.problems = problems;
    Ok(lowered)
}

/// The trait id of the protocol that the client of `service` will speak.
pub(crate) fn protocol(model: &Model<'_>, service: &Shape<'_>) -> Option<&'static str> {
    support::known_protocol(model, service).map(|(id, _)| id)
}

/// The services to generate. A name that matches nothing is an error, as is a model without services.
fn select<'m, 's>(
    model: &'m Model<'s>,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Vec<&'m Shape<'s>> {
    let services = model.services();
    let is =
        |shape: &Shape<'_>, name: &String| shape.id.as_str() == name || shape.id.name() == name;
    for name in &options.services {
        if !services.iter().any(|shape| is(shape, name)) {
            problems.push(support::placeless(format!(
                "the model has no service `{name}`"
            )));
        }
    }
    if services.is_empty() {
        problems.push(support::placeless("the model has no service"));
    }
    let mut services = services;
    if !options.services.is_empty() {
        services.retain(|shape| options.services.iter().any(|name| is(shape, name)));
    }
    services
}

/// The module of each service.
fn modules(services: &[&Shape<'_>]) -> Vec<String> {
    let wanted = services.iter().map(|shape| {
        let name = shape
            .traits
            .aws_service()
            .map_or(shape.id.name(), |service| service.sdk_id);
        (&shape.id, names::module_of(name))
    });
    let assigned = Scope::services().assign(wanted);
    services
        .iter()
        .filter_map(|shape| assigned.get(&shape.id).cloned())
        .collect()
}
