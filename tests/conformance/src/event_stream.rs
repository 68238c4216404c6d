//! `smithy.test#eventStreamTests`: what goes over the wire in both directions, event by event.
//!
//! Source: Smithy 2.0, "Event stream protocol compliance tests".

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response};
use tinsmith_runtime::Error;
use tinsmith_runtime::config::ResponseChecks;
use tinsmith_runtime::operation::ServiceError;
use tinsmith_runtime::shape::Structure;

use crate::case::Case;
use crate::diff::same;
use crate::json::Json;
use crate::message::sent_events;
use crate::params::fill;
use crate::suite::{Suite, check_output, settings, told};
use crate::target::{Answer, Settings, Target};
use crate::transport::Wire;
use crate::{request, response, sample};

/// The media type of a stream of events.
const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/vnd.amazon.eventstream");

/// Runs a test of event streams.
///
/// # Errors
///
/// What was not as the test wants it.
pub(crate) fn check<E: ServiceError>(
    suite: &Suite<E>,
    target: &dyn Target<E>,
    case: &Case,
) -> Result<(), String> {
    let (request, called) = call(target, case, ResponseChecks::Lenient)?;
    check_request(case, &request)?;
    match expected_failure(case) {
        Some(error) => {
            let failure = match failure(suite, target, case, called)? {
                Some(failure) => failure,
                // What a lenient client completes, and tells of, is an error of a strict one.
                None => {
                    let (_, called) = call(target, case, ResponseChecks::Strict)?;
                    failure(suite, target, case, called)?.ok_or("the call succeeded")?
                }
            };
            match error {
                Some(expected) if failure != Some(expected) => {
                    Err(format!("the error is {failure:?}, not {expected}"))
                }
                _ => Ok(()),
            }
        }
        None if answers(case) => check_answer(target, case, called.map_err(|it| told(&it))?),
        None => Ok(()),
    }
}

/// Whether the test says what the service answers.
fn answers(case: &Case) -> bool {
    !events(case, "response").is_empty() || case.test.get("initialResponse").is_some()
}

/// The error that the test wants, if it wants one: the id of its shape, where that matters.
fn expected_failure(case: &Case) -> Option<Option<&str>> {
    let failure = case.test.get("expectation")?.get("failure")?;
    Some(failure.get("errorId").and_then(Json::as_str))
}

/// The events of a test in one direction.
fn events<'a>(case: &'a Case, direction: &str) -> Vec<&'a Json> {
    let Some(Json::Array(events)) = case.test.get("events") else {
        return Vec::new();
    };
    let direction = |event: &&Json| event.get("type").and_then(Json::as_str) == Some(direction);
    events.iter().filter(direction).collect()
}

/// The parameters of events, as one array.
fn params(events: &[&Json]) -> Json {
    let params = events.iter().filter_map(|event| event.get("params"));
    Json::Array(params.cloned().collect())
}

type CallResult<E> = Result<Answer, Error<E>>;

/// Calls the operation with the events that the test sends, and answers with those that it receives.
fn call<E: ServiceError>(
    target: &dyn Target<E>,
    case: &Case,
    response_checks: ResponseChecks,
) -> Result<(Request<Bytes>, CallResult<E>), String> {
    let wire = Wire::new(Some(answer(case)?));
    let schema = target.schema().input;
    let settings = Settings {
        response_checks,
        ..settings(&wire, case)?
    };
    let fill_input = |input: &mut dyn Structure| match case.test.get("initialRequestParams") {
        Some(params) => fill(schema, params, input),
        None => sample::fill_required(schema, input),
    };
    let sent = params(&events(case, "request"));
    let called = target.call(settings, &fill_input, Some(&sent))?;
    match (wire.take_request(), called) {
        (Some(request), called) => Ok((request, called)),
        (None, Err(error)) => Err(format!("nothing was sent: {}", told(&error))),
        (None, Ok(_)) => Err("nothing was sent".to_owned()),
    }
}

/// What the service answers: the head that the test has, else a success, and the events.
fn answer(case: &Case) -> Result<Response<Bytes>, String> {
    let mut body = Vec::new();
    for event in events(case, "response") {
        let bytes = event
            .get("bytes")
            .and_then(Json::as_str)
            .ok_or("an event has no bytes")?;
        let bytes = BASE64_STANDARD.decode(bytes);
        body.extend(bytes.map_err(|error| format!("the bytes of an event: {error}"))?);
    }
    let success = Json::object([("code", Json::Number("200".to_owned()))]);
    let head = case.test.get("initialResponse").unwrap_or(&success);
    if let Some(text) = head.get("body").and_then(Json::as_str) {
        body.extend_from_slice(text.as_bytes());
    }
    let mut response = response::of(head, Some(body.into()))?;
    response
        .headers_mut()
        .entry(CONTENT_TYPE)
        .or_insert(MEDIA_TYPE);
    Ok(response)
}

/// That the request has the head and the events of the test.
fn check_request(case: &Case, request: &Request<Bytes>) -> Result<(), String> {
    if let Some(head) = case.test.get("initialRequest") {
        let case = Case {
            test: head.clone(),
            ..case.clone()
        };
        request::check(&case, request)?;
    }
    let expected = events(case, "request");
    if expected.is_empty() {
        return Ok(());
    }
    let found = sent_events(request.body())?;
    if found.len() != expected.len() {
        return Err(format!(
            "{} events were sent, not {}",
            found.len(),
            expected.len()
        ));
    }
    found
        .iter()
        .zip(expected)
        .try_for_each(|(found, expected)| found.check(expected))
}

/// That the output has the members and the events of the test.
fn check_answer<E>(target: &dyn Target<E>, case: &Case, found: Answer) -> Result<(), String> {
    if let Some(params) = case.test.get("initialResponseParams") {
        check_output(target, params, &*found.output)?;
    }
    let read = found.stream.unwrap_or_default();
    if let Some(failure) = read.failure {
        return Err(failure.text);
    }
    let expected = target.expected_stream(&params(&events(case, "response")))?;
    same("events", &expected.unwrap_or_default(), &read.value)
}

/// The error that a call or its stream ended with: the id of its shape, if the model has it. `None`
/// where there was no error.
fn failure<E: ServiceError>(
    suite: &Suite<E>,
    target: &dyn Target<E>,
    case: &Case,
    called: CallResult<E>,
) -> Result<Option<Option<&'static str>>, String> {
    let answer = match called {
        Ok(answer) => answer,
        Err(Error::Service(error)) => return Ok(Some(suite.modeled(&error).map(|(id, _)| id))),
        Err(_) => return Ok(Some(None)),
    };
    let Some(failure) = answer.stream.and_then(|read| read.failure) else {
        return Ok(None);
    };
    let Some((id, found)) = failure.modeled else {
        return Ok(Some(None));
    };
    // The error is the last event of the test.
    let expected = target.expected_stream(&params(&events(case, "response")))?;
    if let Some(Json::Array(expected)) = expected
        && let Some(expected) = expected.last()
    {
        same("error event", expected, &found)?;
    }
    Ok(Some(Some(id)))
}
