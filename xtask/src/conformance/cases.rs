//! The tests of a model that apply to clients.

use anyhow::{Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tinsmith_codegen::{Options, calls};
use tinsmith_model::{Closure, Model, Node, Shape, Sources};

use super::models::{ModelUnderTest, ServiceUnderTest};

/// A test as the generated program reads it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Case {
    /// The service's suite.
    pub(super) suite: String,
    pub(super) kind: Kind,
    /// The shape that has the test.
    pub(super) shape: String,
    /// The operation that is called.
    pub(super) operation: String,
    /// Not unique: a test is known by its shape, kind and id.
    #[serde(skip)]
    pub(super) id: String,
    /// The test as it stands in the model, every digit of its numbers included.
    test: Box<RawValue>,
}

/// What a test is about.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Request,
    Response,
    Error,
    EventStream,
    /// A request that a service refuses because of a constraint, so that a client must not send it.
    Malformed,
}

impl Kind {
    /// All kinds, with their titles in a table.
    pub(super) const ALL: [(Self, &'static str); 5] = [
        (Self::Request, "requests"),
        (Self::Response, "responses"),
        (Self::Error, "errors"),
        (Self::EventStream, "event streams"),
        (Self::Malformed, "constraints"),
    ];

    /// The word that the generated program uses.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Error => "error",
            Self::EventStream => "event-stream",
            Self::Malformed => "malformed",
        }
    }
}

/// The tests of a service that apply to its client.
pub(super) fn of_service(
    model: &Model<'_>,
    sources: &Sources,
    service: &ServiceUnderTest,
) -> Vec<Case> {
    let shapes = model.services();
    let shape = shapes
        .iter()
        .find(|shape| shape.id.as_str() == service.id());
    let Some(closure) = shape.and_then(|shape| model.closure(&shape.id)) else {
        return Vec::new();
    };
    let collector = Collector { sources, service };
    let mut cases = Vec::new();
    for operation in &closure.operations {
        let id = operation.id.as_str();
        let traits = [
            (Kind::Request, "smithy.test#httpRequestTests"),
            (Kind::Response, "smithy.test#httpResponseTests"),
            (Kind::EventStream, "smithy.test#eventStreamTests"),
            (Kind::Malformed, "smithy.test#httpMalformedRequestTests"),
        ];
        for (kind, name) in traits {
            cases.extend(collector.of_trait(operation, kind, name, id));
        }
    }
    for error in closure
        .shapes
        .iter()
        .filter(|shape| shape.traits.has("smithy.api#error"))
    {
        let tests = "smithy.test#httpResponseTests";
        if error.traits.has(tests) {
            let operation = answering(&closure, error, service).unwrap_or_default();
            cases.extend(collector.of_trait(error, Kind::Error, tests, &operation));
        }
    }
    cases
}

/// A call with the input of a request test, written in Rust with the client's builder.
pub(super) struct WrittenCall {
    /// The operation that is called.
    pub(super) operation: String,
    /// The test.
    pub(super) id: String,
    pub(super) call: String,
}

/// The calls of the request tests of a service, as far as they can be written.
pub(super) fn written_calls(
    model: &Model<'_>,
    options: &Options,
    service: &ServiceUnderTest,
) -> Vec<WrittenCall> {
    let tests = service
        .cases
        .iter()
        .filter(|case| case.kind == Kind::Request);
    let tests: Vec<_> = tests
        .filter_map(|case| Some((params(model, case)?, case)))
        .collect();
    let inputs = tests
        .iter()
        .map(|(params, case)| (service.id(), case.operation.as_str(), *params));
    let calls = calls(model, options, &inputs.collect::<Vec<_>>());
    let written = tests.iter().zip(calls).filter_map(|((_, case), call)| {
        Some(WrittenCall {
            operation: case.operation.clone(),
            id: case.id.clone(),
            call: call?,
        })
    });
    written.collect()
}

/// The parameters of a request test.
fn params<'m, 's>(model: &'m Model<'s>, case: &Case) -> Option<&'m Node<'s>> {
    let shape = model.shapes.get(case.shape.as_str())?;
    let tests = shape
        .traits
        .get("smithy.test#httpRequestTests")?
        .as_array()?;
    let test = tests
        .iter()
        .find(|test| test.get_str("id") == Some(case.id.as_str()));
    test?.get("params")
}

/// The first operation that may answer `error`; one that the client has, if there is one.
fn answering(
    closure: &Closure<'_, '_>,
    error: &Shape<'_>,
    service: &ServiceUnderTest,
) -> Option<String> {
    let bound = closure.service.as_service();
    let shared = bound.is_some_and(|service| service.errors.contains(&error.id));
    let answers = |operation: &&&Shape<'_>| {
        let own = operation.as_operation();
        shared || own.is_some_and(|own| own.errors.contains(&error.id))
    };
    let has = |id: &str| {
        let mut operations = service.index.iter().flat_map(|index| &index.operations);
        operations.any(|operation| operation.id == id)
    };
    let mut ids: Vec<_> = closure
        .operations
        .iter()
        .filter(answers)
        .map(|it| it.id.to_string())
        .collect();
    ids.sort_by_key(|id| !has(id));
    ids.into_iter().next()
}

struct Collector<'a> {
    sources: &'a Sources,
    service: &'a ServiceUnderTest,
}

impl Collector<'_> {
    fn of_trait(&self, shape: &Shape<'_>, kind: Kind, name: &str, operation: &str) -> Vec<Case> {
        let tests = shape
            .traits
            .get(name)
            .and_then(Node::as_array)
            .unwrap_or_default();
        let tests = tests.iter().filter(|test| self.applies(kind, test));
        let case = |test: &Node<'_>| {
            // Text that was read as JSON is JSON.
            let text = self.sources.text(test.span)?.to_owned();
            Some(Case {
                suite: self.service.suite.clone(),
                kind,
                shape: shape.id.to_string(),
                operation: operation.to_owned(),
                id: test.get_str("id").unwrap_or_default().to_owned(),
                test: RawValue::from_string(text).ok()?,
            })
        };
        tests.filter_map(case).collect()
    }

    fn applies(&self, kind: Kind, test: &Node<'_>) -> bool {
        let protocol = test.get_str("protocol").unwrap_or_default();
        let spoken = match &self.service.protocol {
            Ok(known) => *known == protocol,
            Err(spoken) => spoken.iter().any(|id| id == protocol),
        };
        let side = test.get_str("appliesTo");
        spoken
            && side.is_none_or(|side| side == "client")
            && (kind != Kind::Malformed || violates_constraint(test))
    }
}

/// Whether a service refuses the request of a test because of a constraint of the model. Whatever else
/// it refuses, such as a body that does not parse, no typed client can send.
fn violates_constraint(test: &Node<'_>) -> bool {
    let response = test.get("response");
    let headers = response.and_then(|response| response.get("headers"));
    let code = headers.and_then(|headers| headers.get_str("x-amzn-errortype"));
    code == Some("ValidationException")
}

/// Keeps the tests of which the service, the shape or the id holds one of `words`, in whatever case;
/// all where there are no words.
///
/// # Errors
///
/// Words that no test holds.
pub(super) fn filter(models: &mut [ModelUnderTest], words: &[String]) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    let words: Vec<_> = words.iter().map(|word| word.to_lowercase()).collect();
    for service in models.iter_mut().flat_map(|model| &mut model.services) {
        service.cases.retain(|case| {
            let name = format!("{} {} {}", case.suite, case.shape, case.id).to_lowercase();
            words.iter().any(|word| name.contains(word))
        });
    }
    if models
        .iter()
        .flat_map(|model| &model.services)
        .all(|service| service.cases.is_empty())
    {
        bail!("no test matches the filter");
    }
    Ok(())
}
