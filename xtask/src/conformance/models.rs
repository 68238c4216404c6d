//! The models under test: from a file to a client and the tests of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rayon::prelude::*;
use tinsmith_codegen::{Options, Package, RuntimeDependency, ServiceIndex, generate, protocol};
use tinsmith_model::{Model, Problem, Severity, Sources, check, link, load};

use super::cases::{self, Case, WrittenCall};
use super::program;
use crate::codegen::runtime_in;
use crate::model_files;
use crate::terminal;

/// A model with tests, and the client made of it.
pub(super) struct ModelUnderTest {
    /// Its file.
    pub(super) file: PathBuf,
    /// The name of the client's crate.
    pub(super) krate: String,
    /// Its services.
    pub(super) services: Vec<ServiceUnderTest>,
    /// The client; `None` where no service speaks a protocol that clients can be made for, or the
    /// model is broken.
    pub(super) package: Option<Package>,
    problems: Vec<Problem>,
    sources: Sources,
}

/// A service with its tests.
pub(super) struct ServiceUnderTest {
    /// The key of its suite: unlike the service's id it is unique among all models.
    pub(super) suite: String,
    /// The service's name.
    pub(super) name: String,
    /// The trait id of the protocol its client speaks; the service's own ones where there is no client.
    pub(super) protocol: Result<&'static str, Vec<String>>,
    /// The tests that apply to clients.
    pub(super) cases: Vec<Case>,
    /// Calls with the inputs of request tests.
    pub(super) calls: Vec<WrittenCall>,
    /// How the client calls it.
    pub(super) index: Option<ServiceIndex>,
}

impl ModelUnderTest {
    /// Whether the model is not one, or its client cannot be made although its protocol is known.
    pub(super) fn is_broken(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    /// The services that have a client, each with how that is called.
    pub(super) fn supported(&self) -> impl Iterator<Item = (&ServiceUnderTest, &ServiceIndex)> {
        let services = self.services.iter();
        services.filter_map(|service| Some((service, service.index.as_ref()?)))
    }
}

/// Reads every file as a model of its own and generates its client, all processors at work.
///
/// # Errors
///
/// A file that cannot be read.
pub(super) fn read(files: &[PathBuf]) -> Result<Vec<ModelUnderTest>> {
    let crates = crate_names(files);
    let jobs: Vec<_> = files.iter().zip(crates).collect();
    jobs.into_par_iter()
        .map(|(file, krate)| read_one(file, krate))
        .collect()
}

/// Prints what is wrong with the models, and with `warnings` what their clients leave out; says how
/// many models are broken.
pub(super) fn report_problems(models: &[ModelUnderTest], warnings: bool) -> usize {
    for model in models.iter().filter(|model| warnings || model.is_broken()) {
        terminal::report(&model.problems, &model.sources);
    }
    models.iter().filter(|model| model.is_broken()).count()
}

fn read_one(file: &Path, krate: String) -> Result<ModelUnderTest> {
    let sources = model_files::read(&[file.to_owned()])?;
    let mut problems = Vec::new();
    let ast = load::load(&sources, &mut problems);
    let model = link::link(ast, &mut problems);
    check::check(&model, &mut problems);
    // What could be better in a model is the business of `check`.
    problems.retain(|problem| problem.severity == Severity::Error);
    let mut services = services(&model, &krate);
    let options = options(&krate, &services);
    let package = if problems.is_empty() {
        package(&model, &options, &mut services, &mut problems)
    } else {
        None
    };
    for service in &mut services {
        service.cases = cases::of_service(&model, &sources, service);
        if service.index.is_some() {
            service.calls = cases::written_calls(&model, &options, service);
        }
    }
    Ok(ModelUnderTest {
        file: file.to_owned(),
        krate,
        services,
        package,
        problems,
        sources,
    })
}

fn services(model: &Model<'_>, krate: &str) -> Vec<ServiceUnderTest> {
    let services = model.services();
    let service = services.iter().map(|shape| ServiceUnderTest {
        suite: format!("{krate}/{}", shape.id),
        name: shape.id.name().to_owned(),
        protocol: protocol(model, shape).ok_or_else(|| {
            model
                .protocols(shape)
                .into_iter()
                .map(ToString::to_string)
                .collect()
        }),
        cases: Vec::new(),
        calls: Vec::new(),
        index: None,
    });
    service.collect()
}

/// How the client of the services whose protocol is known is generated.
fn options(krate: &str, services: &[ServiceUnderTest]) -> Options {
    let runtime = runtime_in(None, &program::client_folder(krate));
    let known = services.iter().filter(|service| service.protocol.is_ok());
    Options {
        runtime: runtime.unwrap_or_else(|_| RuntimeDependency::path("runtime")),
        services: known.map(|service| service.id().to_owned()).collect(),
        // A test of an operation that is left out fails, with its reason printed.
        skip_unsupported: true,
        ..Options::new(krate)
    }
}

/// The client, where there is a service for one.
fn package(
    model: &Model<'_>,
    options: &Options,
    services: &mut [ServiceUnderTest],
    problems: &mut Vec<Problem>,
) -> Option<Package> {
    if options.services.is_empty() {
        return None;
    }
    match generate(model, options) {
        Ok(mut package) => {
            problems.append(&mut package.problems);
            for service in services {
                let index = package
                    .services
                    .iter()
                    .find(|index| index.id == service.id());
                service.index = index.cloned();
            }
            Some(package)
        }
        Err(errors) => {
            problems.extend(errors);
            None
        }
    }
}

impl ServiceUnderTest {
    /// The service's absolute shape id.
    pub(super) fn id(&self) -> &str {
        self.suite.split_once('/').map_or(&self.suite, |(_, id)| id)
    }
}

/// A crate name for each file, made of the file's name.
fn crate_names(files: &[PathBuf]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let name = |file: &PathBuf| {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let letters = stem
            .chars()
            .map(|letter| match letter.to_ascii_lowercase() {
                letter @ ('a'..='z' | '0'..='9') => letter,
                _ => '-',
            });
        let name = format!("client-{}", letters.collect::<String>());
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let free = std::iter::once(name.clone())
            .chain(numbered)
            .find(|it| !taken.contains(it));
        let free = free.unwrap_or(name);
        taken.insert(free.clone());
        free
    };
    files.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::crate_names;

    /// Two models of one name in different folders are two clients.
    #[test]
    fn every_client_has_a_name_of_its_own() {
        let files = ["a/Rest.json", "b/rest.json", "c/x_1.2.json"].map(Into::into);
        assert_eq!(
            crate_names(&files),
            ["client-rest", "client-rest-2", "client-x-1-2"]
        );
    }
}
