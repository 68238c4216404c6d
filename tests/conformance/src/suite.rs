//! A service's operations and errors, and how each kind of test is run on them.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::Arc;

use tinsmith_runtime::config::{Config, ResponseChecks};
use tinsmith_runtime::error::ServiceErrorDetails;
use tinsmith_runtime::identity::{Credentials, Token};
use tinsmith_runtime::metadata::ResponseMetadata;
use tinsmith_runtime::operation::{Operation, Service, ServiceError};
use tinsmith_runtime::retry::RetryConfig;
use tinsmith_runtime::schema::Fault;
use tinsmith_runtime::shape::{ReadError, Structure};
use tinsmith_runtime::validate::Validation;
use tinsmith_runtime::{Call, Error};

use crate::canonical::canonical;
use crate::case::{Case, Kind, pairs};
use crate::diff::same;
use crate::json::Json;
use crate::params::fill;
use crate::streams::Streams;
use crate::target::{Called, Method, Settings, Target};
use crate::transport::{Stopped, Wire};
use crate::{body, event_stream, malformed, request, response, sample};

/// The idempotency token that tests expect where they give none.
const IDEMPOTENCY_TOKEN: &str = "00000000-0000-4000-8000-000000000000";

/// The structure in an error enum, if it is of one shape.
type Pick<E> = fn(&E) -> Option<&dyn Structure>;

/// A service under test, with `E` the enum of its errors.
pub struct Suite<E> {
    name: &'static str,
    operations: BTreeMap<&'static str, Box<dyn Target<E>>>,
    errors: Vec<(&'static str, Pick<E>)>,
    /// Inputs that the client's builders make, by operation and test.
    built: BTreeMap<(&'static str, &'static str), Built>,
}

/// Makes an input by a builder.
type Built = Box<dyn Fn(Config) -> Result<Json, String>>;

/// What a call that a program wrote may fail with: a time that is none.
type BoxError = Box<dyn std::error::Error>;

impl<E: ServiceError> Suite<E> {
    /// A suite without operations yet.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            operations: BTreeMap::new(),
            errors: Vec::new(),
            built: BTreeMap::new(),
        }
    }

    /// With the operation `id`, which `call` prepares on a client of the given configuration.
    #[must_use]
    pub fn operation<O, S, F>(self, id: &'static str, call: F) -> Self
    where
        S: Service<Error = E>,
        O: Operation<Service = S>,
        F: Fn(Config) -> Call<O> + 'static,
    {
        self.streaming(id, Streams::none(), call)
    }

    /// With the operation `id`, which has streams.
    #[must_use]
    pub fn streaming<O, S, F>(mut self, id: &'static str, streams: Streams<O>, call: F) -> Self
    where
        S: Service<Error = E>,
        O: Operation<Service = S>,
        F: Fn(Config) -> Call<O> + 'static,
    {
        self.operations
            .insert(id, Box::new(Method { call, streams }));
        self
    }

    /// With a call that has the input of a request test, written with the operation's builder.
    #[must_use]
    pub fn built<O: Operation>(
        mut self,
        operation: &'static str,
        test: &'static str,
        call: fn(Config) -> Result<Call<O>, BoxError>,
    ) -> Self {
        let input = move |config| {
            let call = call(config).map_err(|error| error.to_string())?;
            canonical(call.input()).map_err(|error| error.to_string())
        };
        self.built.insert((operation, test), Box::new(input));
        self
    }

    /// With the error `id`, which `pick` takes out of the enum.
    #[must_use]
    pub fn error(mut self, id: &'static str, pick: Pick<E>) -> Self {
        self.errors.push((id, pick));
        self
    }

    /// The name that its tests carry.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Runs one test.
    pub(crate) fn check(&self, case: &Case) -> Result<(), String> {
        let target = self.operations.get(case.operation.as_str());
        let target = &**target.ok_or("the client has no such operation")?;
        match case.kind {
            Kind::Request => {
                self.check_builder(target, case)?;
                check_request(target, case)
            }
            Kind::Response => check_response(target, case),
            Kind::Error => self.check_error(target, case),
            Kind::EventStream => event_stream::check(self, target, case),
            Kind::Malformed => {
                malformed::check(case, target.schema(), &|fill| target.validate(fill))
            }
        }
    }

    /// The structure of an error of the model, with the id of its shape.
    pub(crate) fn modeled<'a>(&self, error: &'a E) -> Option<(&'static str, &'a dyn Structure)> {
        self.errors
            .iter()
            .find_map(|(id, pick)| Some((*id, pick(error)?)))
    }

    /// The input that a caller makes with the builder must be the one of the test.
    fn check_builder(&self, target: &dyn Target<E>, case: &Case) -> Result<(), String> {
        let key = (target.schema().id, case.id());
        let built = self.built.iter().find(|(known, _)| **known == key);
        let Some((_, built)) = built else {
            return Ok(());
        };
        let wire = Wire::new(None);
        let built = built(settings(&wire, case)?.config)?;
        let params = case.params();
        let expected = target.input(&|input| fill(target.schema().input, &params, input))?;
        same("input of the builder", &expected, &built)
    }

    /// The response must become the error that has the test, with the members it lists.
    fn check_error(&self, target: &dyn Target<E>, case: &Case) -> Result<(), String> {
        let error = match answer(target, case)? {
            Ok(_) => return Err("the call succeeded".to_owned()),
            Err(Error::Service(error)) => error,
            Err(error) => return Err(told(&error)),
        };
        let picked = self
            .errors
            .iter()
            .find_map(|(id, pick)| Some((*id, pick(&error)?)));
        let Some((id, found)) = picked else {
            return Err(format!("the error is not one of the model: {error}"));
        };
        if id != case.shape {
            return Err(format!("the error is {id}: {error}"));
        }
        check_vendor_params(case, &error.details())?;
        let index = E::MODELED.iter().position(|schema| schema.id == id);
        let index = index.ok_or("the error has no schema")?;
        let expected = E::read(index, ResponseMetadata::default(), &mut |into| {
            fill(E::MODELED[index], &case.params(), into).map_err(ReadError::new)
        });
        let expected = expected.map_err(|error| format!("params: {error}"))?;
        let (_, expected) = self.modeled(&expected).ok_or("the error is of no shape")?;
        compare("error", expected, found)
    }
}

/// Services that spoke awsQuery before answer a code of that protocol, and whose fault the error is.
fn check_vendor_params(case: &Case, details: &ServiceErrorDetails<'_>) -> Result<(), String> {
    for (name, expected) in pairs(&case.test, "vendorParams") {
        let found = match name {
            "code" => details.code.unwrap_or_default(),
            "type" if details.fault == Fault::Client => "Sender",
            "type" => "Receiver",
            _ => return Err(format!("vendorParams: {name} is unknown")),
        };
        if found != expected {
            return Err(format!("{name}: expected {expected}, found {found}"));
        }
    }
    Ok(())
}

/// What the service of a test answers, as the caller sees it.
fn answer<E: ServiceError>(target: &dyn Target<E>, case: &Case) -> Called<E> {
    let wire = Wire::new(Some(response::of(&case.test, body::bytes(case)?)?));
    let schema = target.schema().input;
    let settings = Settings {
        // What is sent is not what the test is about, so any input will do.
        validation: Validation::Off,
        ..settings(&wire, case)?
    };
    target.call(
        settings,
        &|input| sample::fill_required(schema, input),
        None,
    )
}

fn check_request<E: ServiceError>(target: &dyn Target<E>, case: &Case) -> Result<(), String> {
    let wire = Wire::new(None);
    let (schema, params) = (target.schema().input, case.params());
    let stream = schema
        .streaming_member()
        .and_then(|(_, member)| params.get(member.name));
    let called = target.call(
        settings(&wire, case)?,
        &|input| fill(schema, &params, input),
        stream,
    )?;
    match (wire.take_request(), called) {
        (Some(request), _) => request::check(case, &request),
        (None, Err(error)) => Err(format!("nothing was sent: {}", told(&error))),
        (None, Ok(_)) => Err("nothing was sent".to_owned()),
    }
}

fn check_response<E: ServiceError>(target: &dyn Target<E>, case: &Case) -> Result<(), String> {
    let found = answer(target, case)?.map_err(|error| told(&error))?;
    let params = case.params();
    check_output(target, &params, &*found.output)?;
    let Some(read) = found.stream else {
        return Ok(());
    };
    let member = target.schema().output.streaming_member();
    let params = member.and_then(|(_, member)| params.get(member.name));
    let expected = target.expected_stream(params.unwrap_or(&Json::Null))?;
    match read.failure {
        Some(failure) => Err(failure.text),
        None => same("stream", &expected.unwrap_or_default(), &read.value),
    }
}

/// That the members of an output besides its stream are those of `params`.
pub(crate) fn check_output<E>(
    target: &dyn Target<E>,
    params: &Json,
    found: &dyn Structure,
) -> Result<(), String> {
    let mut expected = target.output();
    fill(target.schema().output, params, &mut *expected)?;
    compare("output", &*expected, found)
}

fn compare(what: &str, expected: &dyn Structure, found: &dyn Structure) -> Result<(), String> {
    let tree = |value| canonical(value).map_err(|error| error.to_string());
    same(what, &tree(expected)?, &tree(found)?)
}

/// An error with what caused it.
pub(crate) fn told<E: ServiceError>(error: &Error<E>) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// The settings of a caller, all of them as the test wants it.
pub(crate) fn settings(wire: &Arc<Wire>, case: &Case) -> Result<Settings, String> {
    let host = case.text("host").unwrap_or("example.com");
    let config = Config::builder()
        .shared_transport(wire.clone())
        .clock(Stopped)
        .region("us-east-1")
        .endpoint_url(format!("https://{host}"))
        .bearer_token(Token::new("token"))
        .credentials(Credentials::new(
            "AKIDEXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        ))
        .idempotency_tokens(|| IDEMPOTENCY_TOKEN.to_owned())
        .retry(RetryConfig::off())
        .build()
        .map_err(|error| error.to_string())?;
    Ok(Settings {
        config,
        validation: Validation::Enforce,
        response_checks: ResponseChecks::Lenient,
    })
}
