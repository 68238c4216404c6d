//! What the acceptors make of an answer.

use super::{Acceptor, Expected, Matcher, State, Waiter};
use crate::error::{Error, OneLine};
use crate::jmespath::{self, Expr, Value, Wanted};
use crate::operation::ServiceError;
use crate::schema::Schema;
use crate::shape::Structure;

/// How a call ended, as far as acceptors look at it.
pub(super) enum Answer<'a> {
    Output(&'a dyn Structure),
    /// The service answered with an error.
    ServiceError {
        /// The code that it sent.
        code: Option<&'a str>,
        /// The name of the shape, where the model has the error.
        name: Option<&'a str>,
    },
    /// The call was made, and there is no answer that could be understood.
    Lost,
    /// Nothing was sent, which says nothing of the resource.
    NotSent,
}

impl<'a> Answer<'a> {
    pub(super) fn of<T: Structure, E: ServiceError>(outcome: &'a Result<T, Error<E>>) -> Self {
        match outcome {
            Ok(output) => Self::Output(output),
            Err(Error::Service(error)) => {
                let details = error.details();
                Self::ServiceError {
                    code: details.code,
                    name: details.shape.map(name_of),
                }
            }
            Err(Error::Validation(_) | Error::Construction(_)) => Self::NotSent,
            Err(Error::Timeout(_) | Error::Dispatch(_) | Error::Response(_)) => Self::Lost,
        }
    }
}

/// What becomes of the waiter after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Success,
    Failure,
    Retry,
    /// An error that no acceptor knows.
    Unexpected,
}

impl Waiter {
    /// The first acceptor that matches.
    pub(super) fn acceptor(
        &self,
        input: &dyn Structure,
        answer: &Answer<'_>,
    ) -> Option<&'static Acceptor> {
        let mut acceptors = self.acceptors.iter();
        acceptors.find(|acceptor| acceptor.matches(input, answer))
    }
}

/// What an acceptor makes of an answer, or what becomes of an answer that none is for.
///
/// Source: Smithy 2.0, "Waiter workflow", steps 3 to 5.
pub(super) fn verdict(acceptor: Option<&Acceptor>, answer: &Answer<'_>) -> Verdict {
    match (acceptor.map(|acceptor| acceptor.state), answer) {
        (Some(State::Success), _) => Verdict::Success,
        (Some(State::Failure), _) => Verdict::Failure,
        (Some(State::Retry), _) | (None, Answer::Output(_)) => Verdict::Retry,
        (None, _) => Verdict::Unexpected,
    }
}

impl Acceptor {
    fn matches(&self, input: &dyn Structure, answer: &Answer<'_>) -> bool {
        match (self.matcher, answer) {
            (Matcher::Output(_, expression, expected), Answer::Output(output)) => {
                let wanted = Wanted::of(expression);
                let value = jmespath::structure(*output, &wanted);
                expected.is_found(expression, &value)
            }
            (Matcher::InputOutput(_, expression, expected), Answer::Output(output)) => {
                let value = jmespath::both(input, *output, &Wanted::of(expression));
                expected.is_found(expression, &value)
            }
            (Matcher::Success(wanted), Answer::Output(_)) => wanted,
            (Matcher::ErrorType(wanted), Answer::ServiceError { code, name }) => {
                let wanted = Some(name_of(wanted));
                *code == wanted || *name == wanted
            }
            (Matcher::Success(wanted), Answer::ServiceError { .. }) => !wanted,
            // A connection that breaks is no proof that what was waited for has come.
            (Matcher::Success(wanted), Answer::Lost) => !wanted && self.state != State::Success,
            _ => false,
        }
    }

    /// Why the waiter failed, as the output, of this schema, tells. Nothing that is sensitive is looked at.
    pub(super) fn message_in(&self, output: &dyn Structure, schema: &Schema) -> Option<String> {
        let expression = self.message?;
        let value = jmespath::shown(output, schema, &Wanted::of(expression));
        match expression.evaluate(&value).ok()? {
            Value::String(text) if !text.is_empty() => Some(text.to_string()),
            Value::Array(texts) => {
                let texts: Vec<_> = texts.iter().filter_map(Value::as_str).collect();
                (!texts.is_empty()).then(|| texts.join("; "))
            }
            _ => None,
        }
    }
}

impl Expected {
    /// Whether the expression finds it. One that cannot be evaluated, such as the length of a list that
    /// is not there, finds nothing.
    fn is_found(self, expression: &Expr, value: &Value) -> bool {
        let found = match expression.evaluate(value) {
            Ok(found) => found,
            Err(error) => {
                tracing::debug!(%error, "a waiter's expression has no value");
                return false;
            }
        };
        let items = found.as_array().unwrap_or_default();
        let is = |item: &Value, text: &str| item.as_str() == Some(text);
        match self {
            Self::StringEquals(text) => is(&found, text),
            Self::BooleanEquals(value) => found.as_bool() == Some(value),
            Self::AllStringEquals(text) => {
                !items.is_empty() && items.iter().all(|item| is(item, text))
            }
            Self::AnyStringEquals(text) => items.iter().any(|item| is(item, text)),
        }
    }
}

/// Only the name of a shape id counts.
fn name_of(id: &str) -> &str {
    id.rsplit_once('#').map_or(id, |(_, name)| name)
}

/// The most characters of a value that are shown.
const SHOWN: usize = 80;

impl Waiter {
    /// What the paths that are looked at have found in the last output, of this schema, for people:
    /// `` `Status` is "CREATING" ``. Nothing that is sensitive is looked at.
    pub(super) fn seen(&self, output: &dyn Structure, schema: &Schema) -> Vec<String> {
        let mut seen: Vec<String> = Vec::new();
        for acceptor in self.acceptors {
            let Matcher::Output(path, expression, expected) = acceptor.matcher else {
                continue;
            };
            // What a condition gives tells nobody why.
            if matches!(expected, Expected::BooleanEquals(_)) {
                continue;
            }
            let value = jmespath::shown(output, schema, &Wanted::of(expression));
            let found = expression.evaluate(&value).unwrap_or_default();
            if !found.is_true() {
                continue;
            }
            let text = serde_json::to_string(&found).unwrap_or_default();
            let short: String = text.chars().take(SHOWN).collect();
            let more = if short.len() < text.len() { "…" } else { "" };
            let line = format!("`{path}` is {}{more}", OneLine(&short));
            if !seen.contains(&line) {
                seen.push(line);
            }
        }
        seen
    }
}
