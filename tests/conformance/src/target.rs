//! An operation under test, whatever its types.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tinsmith_runtime::config::{Config, ResponseChecks};
use tinsmith_runtime::operation::{Operation, OperationSchema, Service};
use tinsmith_runtime::shape::Structure;
use tinsmith_runtime::validate::{Validate as _, Validation, ValidationError, ValidationOptions};
use tinsmith_runtime::{Call, Error};

use crate::canonical::canonical;
use crate::json::Json;
use crate::streams::{Read, Streams};

/// Fills an input.
pub(crate) type Fill<'a> = &'a dyn Fn(&mut dyn Structure) -> Result<(), String>;

/// What an operation answered.
pub(crate) struct Answer {
    pub(crate) output: Box<dyn Structure>,
    /// What its stream came to, where it has one.
    pub(crate) stream: Option<Read>,
}

/// What a test needs of an operation, whatever its types.
pub(crate) trait Target<E> {
    fn schema(&self) -> &'static OperationSchema;
    fn output(&self) -> Box<dyn Structure>;

    /// The input that `fill` makes.
    fn input(&self, fill: Fill<'_>) -> Result<Json, String>;

    /// Calls the operation with what `fill` and, for the stream of the input, `stream` put in.
    fn call(&self, settings: Settings, fill: Fill<'_>, stream: Option<&Json>) -> Called<E>;

    /// What the stream of the output should come to, where there is one.
    fn expected_stream(&self, params: &Json) -> Result<Option<Json>, String>;

    fn validate(&self, fill: Fill<'_>) -> Result<Result<(), ValidationError>, String>;
}

/// What a call came to. An `Err` of its own is an input that could not be made.
pub(crate) type Called<E> = Result<Result<Answer, Error<E>>, String>;

/// How a call is made.
pub(crate) struct Settings {
    pub(crate) config: Config,
    pub(crate) validation: Validation,
    pub(crate) response_checks: ResponseChecks,
}

/// An operation as its client offers it.
pub(crate) struct Method<F, O: Operation> {
    pub(crate) call: F,
    pub(crate) streams: Streams<O>,
}

impl<O, F> Target<<O::Service as Service>::Error> for Method<F, O>
where
    O: Operation,
    F: Fn(Config) -> Call<O>,
{
    fn schema(&self) -> &'static OperationSchema {
        O::SCHEMA
    }

    fn output(&self) -> Box<dyn Structure> {
        Box::<O::Output>::default()
    }

    fn input(&self, fill: Fill<'_>) -> Result<Json, String> {
        let mut input = O::default();
        fill(&mut input)?;
        canonical(&input).map_err(|error| error.to_string())
    }

    fn call(
        &self,
        settings: Settings,
        fill: Fill<'_>,
        stream: Option<&Json>,
    ) -> Called<<O::Service as Service>::Error> {
        let call = (self.call)(settings.config).validation(settings.validation);
        let mut call = call.response_checks(settings.response_checks);
        fill(call.input_mut())?;
        if let (Some(put), Some(params)) = (&self.streams.put, stream) {
            put(call.input_mut(), params)?;
        }
        let mut output = match run_ready(call.send())? {
            Ok(output) => output,
            Err(error) => return Ok(Err(error)),
        };
        let reading = self.streams.take.as_ref().map(|take| take(&mut output));
        Ok(Ok(Answer {
            output: Box::new(output),
            stream: reading.map(run_ready).transpose()?,
        }))
    }

    fn expected_stream(&self, params: &Json) -> Result<Option<Json>, String> {
        let member = O::SCHEMA.output.streaming_member();
        let member = member.filter(|_| self.streams.take.is_some());
        member
            .map(|(_, member)| (self.streams.expected)(member.target, params))
            .transpose()
    }

    fn validate(&self, fill: Fill<'_>) -> Result<Result<(), ValidationError>, String> {
        let mut input = O::default();
        fill(&mut input)?;
        Ok(input.validate_with(ValidationOptions::new().check_enums(true)))
    }
}

/// The output of a future that waits for nothing outside.
pub(crate) fn run_ready<F: Future>(future: F) -> Result<F::Output, String> {
    let mut context = Context::from_waker(Waker::noop());
    let mut future = pin!(future);
    // A body that is collected may yield between its pieces.
    for _ in 0..1000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Ok(output);
        }
    }
    Err("the call waits, although its response is there".to_owned())
}
