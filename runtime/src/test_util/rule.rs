//! Rules: which inputs get which answers.

use std::any::type_name;
use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::answer::{self, Response};
use super::failure::TransportFailure;
use super::record::{AnyInput, Sent};
use super::service::TestService;
use crate::operation::{Operation, OperationSchema, Service};

/// What a rule does with a request.
pub(super) enum Act {
    /// Answers, with the id of a request as services do.
    Answer(Respond),
    /// Answers with just this.
    Raw(Box<dyn Fn() -> Response + Send + Sync>),
    Fail(TransportFailure),
}

/// Makes a response for an input.
type Respond = Box<dyn Fn(&dyn AnyInput) -> Response + Send + Sync>;

/// An act, and how often it is done.
struct Step {
    act: Arc<Act>,
    /// `None` for as often as it is asked for.
    times: Option<u32>,
    used: u32,
}

/// Whether an input is one that a rule is for.
type Condition = Box<dyn Fn(&dyn AnyInput) -> bool + Send + Sync>;

/// A rule of a [`TestService`].
pub(super) struct State {
    operation: &'static OperationSchema,
    /// Where the test states it.
    place: &'static Location<'static>,
    condition: Condition,
    /// The input that it asks for, where it asks for one.
    expected: Option<String>,
    steps: Mutex<Vec<Step>>,
}

/// Why a rule does not answer a request.
pub(super) enum Miss {
    OtherOperation,
    Condition,
    /// It has answered as often as it may.
    UsedUp(u32),
}

impl State {
    fn new<O: Operation>(
        place: &'static Location<'static>,
        expected: Option<String>,
        condition: impl Fn(&O) -> bool + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            operation: O::SCHEMA,
            place,
            condition: Box::new(move |input| {
                let input = input.as_any().downcast_ref();
                input.is_some_and(&condition)
            }),
            expected,
            steps: Mutex::default(),
        })
    }

    /// What to do with a request, of which the rule then counts one more.
    pub(super) fn take(&self, sent: &Sent) -> Result<Arc<Act>, Miss> {
        if self.operation.id != sent.operation.id {
            return Err(Miss::OtherOperation);
        }
        if !(self.condition)(&*sent.input) {
            return Err(Miss::Condition);
        }
        let mut steps = self.lock();
        let mut left = steps
            .iter_mut()
            .filter(|step| step.times.is_none_or(|times| step.used < times));
        match left.next() {
            Some(step) => {
                step.used += 1;
                Ok(Arc::clone(&step.act))
            }
            None => Err(Miss::UsedUp(steps.iter().map(|step| step.used).sum())),
        }
    }

    fn push(&self, act: Act) {
        let mut steps = self.lock();
        // What is followed by something else is done once, unless the test says more.
        if let Some(last) = steps.last_mut() {
            last.times.get_or_insert(1);
        }
        steps.push(Step {
            act: Arc::new(act),
            times: None,
            used: 0,
        });
    }

    fn set_times(&self, times: u32) {
        if let Some(last) = self.lock().last_mut() {
            last.times = Some(times);
        }
    }

    fn uses(&self) -> u32 {
        self.lock().iter().map(|step| step.used).sum()
    }

    /// What the rule still waits for, in words.
    pub(super) fn unmet(&self) -> Option<String> {
        let steps = self.lock();
        let met = |step: &Step| match step.times {
            Some(times) => step.used >= times,
            None => step.used > 0,
        };
        if steps.iter().all(met) {
            return None;
        }
        let used: u32 = steps.iter().map(|step| step.used).sum();
        let endless = steps.iter().any(|step| step.times.is_none());
        let wanted: u32 = steps.iter().map(|step| step.times.unwrap_or(1)).sum();
        let least = if endless { "at least " } else { "" };
        Some(format!("{self} has answered {used} of {least}{wanted}"))
    }

    /// Why the rule did not answer, in words.
    pub(super) fn explain(&self, miss: &Miss) -> String {
        match miss {
            Miss::OtherOperation => format!("{self} is for another operation"),
            Miss::Condition => match &self.expected {
                Some(expected) => format!("{self} is for {expected}"),
                None => format!("{self} has a condition that does not hold"),
            },
            Miss::UsedUp(used) => format!("{self} has answered all it may, {used}"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Step>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, line) = (self.place.file(), self.place.line());
        write!(f, "the rule for {} at {file}:{line}", self.operation.name())
    }
}

/// A rule that is being stated: it says which inputs it is for, and not yet what it answers.
///
/// Made by [`TestService::when`] and its like, and by [`Rule::then`].
#[must_use = "a rule without an answer is none"]
pub struct When<O> {
    service: TestService,
    state: Arc<State>,
    is_new: bool,
    operation: PhantomData<fn(O)>,
}

impl<O: Operation> When<O> {
    pub(super) fn new(
        service: &TestService,
        place: &'static Location<'static>,
        expected: Option<String>,
        condition: impl Fn(&O) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self {
            service: service.clone(),
            state: State::new(place, expected, condition),
            is_new: true,
            operation: PhantomData,
        }
    }

    /// Answers with this output.
    ///
    /// It is written as the service would write it, and the client reads it from there, so it comes with
    /// metadata of its own: that of the given value is left behind. A member that the model requires and
    /// the test does not set is empty, and not missing. A stream of bytes can go out as often as it is at
    /// hand as bytes. An output with a stream of events cannot be written; see
    /// [`raw_response`](Self::raw_response).
    pub fn answer(self, output: O::Output) -> Rule<O> {
        let output = Mutex::new(output);
        self.respond(move |_| {
            let output = output.lock().unwrap_or_else(PoisonError::into_inner);
            answer::output::<O>(&output)
        })
    }

    /// Answers with what `make` makes of the input.
    pub fn answer_with(self, make: impl Fn(&O) -> O::Output + Send + Sync + 'static) -> Rule<O> {
        self.respond(move |input| answer::output::<O>(&make(input)))
    }

    /// Answers with an error of the service: a modelled one, or the enum of all.
    pub fn fail_with(self, error: impl Into<<O::Service as Service>::Error>) -> Rule<O> {
        let error = error.into();
        self.respond(move |_| answer::error::<O>(&error))
    }

    /// Answers with an error that the model may not have, such as `SlowDown` with status 503.
    pub fn fail_with_code(
        self,
        status: u16,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Rule<O> {
        let (code, message) = (code.into(), message.into());
        self.respond(move |_| answer::coded::<O>(status, &code, Some(&message)))
    }

    /// Answers with just this, fit or not: a page of a proxy, a truncated document, the bytes of a stream
    /// of events.
    pub fn raw_response(
        self,
        status: u16,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Rule<O> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let (headers, body): (Vec<_>, _) = (headers.iter().map(owned).collect(), body.into());
        self.act(Act::Raw(Box::new(move || {
            answer::raw(status, &headers, body.clone())
        })))
    }

    /// Does not answer: the request or the response is lost.
    pub fn fail(self, failure: TransportFailure) -> Rule<O> {
        self.act(Act::Fail(failure))
    }

    fn respond(self, respond: impl Fn(&O) -> Response + Send + Sync + 'static) -> Rule<O> {
        self.act(Act::Answer(Box::new(move |input| {
            let input = input.as_any().downcast_ref();
            // The rule is asked only for inputs that its condition has seen as an `O`.
            respond(input.ok_or("an input of another operation")?)
        })))
    }

    fn act(self, act: Act) -> Rule<O> {
        self.state.push(act);
        if self.is_new {
            self.service.add(Arc::clone(&self.state));
        }
        Rule {
            service: self.service,
            state: self.state,
            operation: PhantomData,
        }
    }
}

/// A rule of a [`TestService`], which is in force from the moment that it has an answer.
#[derive(Clone)]
pub struct Rule<O> {
    service: TestService,
    state: Arc<State>,
    operation: PhantomData<fn(O)>,
}

impl<O: Operation> Rule<O> {
    /// How many requests the last answer is for. It is for any number unless this says otherwise or
    /// [`then`](Self::then) follows it; each attempt of a call is a request.
    ///
    /// Once all answers of a rule are used up, it is as if the rule were not there.
    pub fn times(self, times: u32) -> Self {
        self.state.set_times(times);
        self
    }

    /// What comes after the last answer, which is for one request unless [`times`](Self::times) says
    /// more.
    pub fn then(self) -> When<O> {
        When {
            service: self.service,
            state: self.state,
            is_new: false,
            operation: PhantomData,
        }
    }

    /// How many requests the rule has answered.
    #[must_use]
    pub fn uses(&self) -> u32 {
        self.state.uses()
    }
}

impl<O> Debug for When<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "When<{}>({})", type_name::<O>(), self.state)
    }
}

impl<O> Debug for Rule<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rule<{}>({})", type_name::<O>(), self.state)
    }
}
