//! Turns a linked and checked Smithy model into the source files of a Rust client.
//!
//! The stages are `lower` (the model to a small Rust IR), `emit` (the IR to tokens) and `format` (tokens
//! to text), one module each. Nothing here reads or writes a file: [`generate`] hands back a
//! [`Package`], and what becomes of its files is the caller's.

mod docs;
mod emit;
pub mod endpoint;
mod features;
mod format;
mod imports;
mod ir;
mod lower;
mod names;
mod options;
mod package;
pub mod pattern;

pub use emit::jmespath;
pub use options::{DevDependency, Example, Options, RuntimeDependency};
pub use package::{HEADER, OperationIndex, Package, ServiceIndex, Summary, is_generated};

use tinsmith_model::{Model, Node, Problem, Shape};

/// A stage of [`generate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The model to a small Rust IR.
    Lower,
    /// The IR to tokens.
    Emit,
    /// Tokens to text.
    Format,
}

/// Generates the crate that `options` describe from the services of `model`.
///
/// The same model and options give the same bytes, on every machine, in whatever order the model
/// declares its shapes as far as names are concerned.
///
/// How deep anything in a model may nest is bounded, but reading the Rust that is made of it recurses: in a
/// build that is not optimized, the deepest expression of a waiter takes between 2 and 4 MiB of stack, more
/// than threads of the standard library have unless they are told to.
///
/// # Errors
///
/// Everything in the model that no client can be made for, each with its place: a protocol or a feature
/// that is not supported, a pattern that is not ECMA-262, endpoint rules that make no sense.
pub fn generate(model: &Model<'_>, options: &Options) -> Result<Package, Vec<Problem>> {
    generate_in_stages(model, options, &mut |_| {})
}

/// [`generate`], which tells when each stage begins: for those who measure. Files are emitted and
/// formatted one after the other, so the last two stages alternate.
///
/// # Errors
///
/// As there.
pub fn generate_in_stages(
    model: &Model<'_>,
    options: &Options,
    enter: &mut dyn FnMut(Stage),
) -> Result<Package, Vec<Problem>> {
    enter(Stage::Lower);
    let lowered = lower::lower(model, options)?;
    enter(Stage::Emit);
    let files = emit::files(&lowered.services, options, enter)?;
    let summary = Summary {
        services: lowered.services.len(),
        operations: lowered
            .services
            .iter()
            .map(|service| service.operations.len())
            .sum(),
        shapes: lowered
            .services
            .iter()
            .map(|service| service.schemas.len())
            .sum(),
    };
    Ok(Package {
        files,
        summary,
        services: lowered.services.iter().map(ServiceIndex::new).collect(),
        problems: lowered.problems,
    })
}

/// What [`generate`] would say of the patterns of `model`, for those who only check it: errors where one
/// is not ECMA-262, warnings where one refuses every value or needs an engine at run time.
#[must_use]
pub fn check_patterns(model: &Model<'_>) -> Vec<Problem> {
    lower::check_patterns(model)
}

/// Calls of operations through their builders, not sent yet, as a program writes them that has the
/// client as `client` and of the service's module `types`, and of the runtime `Timestamp`, at hand.
///
/// `inputs` are those of operations, each with the ids of its service and operation. There is no call
/// where a value has no literal form in Rust, such as open content, and none with `null` or an empty
/// collection.
#[must_use]
pub fn calls(
    model: &Model<'_>,
    options: &Options,
    inputs: &[(&str, &str, &Node<'_>)],
) -> Vec<Option<String>> {
    let lowered = lower::lower(model, options);
    let services = lowered.map_or_else(|_| Vec::new(), |lowered| lowered.services);
    let call = |(service, operation, input): &(&str, &str, &Node<'_>)| {
        let service = services.iter().find(|it| it.id == *service)?;
        let operation = service.operations.iter().find(|it| it.id == *operation)?;
        Some(docs::call(service, operation, input)?.to_string())
    };
    inputs.iter().map(call).collect()
}

/// The protocol that [`generate`] chooses for `service` among those it speaks: the id of its trait, or
/// `None` where there is none that clients can be made for.
#[must_use]
pub fn protocol(model: &Model<'_>, service: &Shape<'_>) -> Option<&'static str> {
    lower::protocol(model, service)
}
