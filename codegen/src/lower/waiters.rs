//! Waiters of an operation.

use std::fmt::Write as _;

use tinsmith_model::jmespath::{Expression, ExpressionKind, parse};
use tinsmith_model::traits::{self, AcceptorState, PathComparator, PathMatcher};
use tinsmith_model::{Node, Problem, Shape};

use super::text;
use crate::ir::{Acceptor, Expected, Matcher, Path, Structure, Waiter};
use crate::names::Scope;

/// The waiters, in the order of their names. An input that can be sent only once is not asked again and
/// again: its operation has none, with a warning.
pub(super) fn of_operation(
    shape: &Shape<'_>,
    input: &Structure,
    problems: &mut Vec<Problem>,
) -> Vec<Waiter> {
    let mut waiters = shape.traits.waiters();
    if !waiters.is_empty() && input.has_stream() {
        let message = "the input has a stream, which can be sent only once: there are no waiters";
        problems.push(Problem::warning(shape.span, message).about(shape.id.as_str()));
        return Vec::new();
    }
    waiters.sort_by_key(|waiter| waiter.name);
    let setters = input.fields.iter().map(|field| field.setter.as_str());
    let wanted = |prefix: &'static str| {
        let names = waiters.iter().map(|waiter| waiter.name);
        names.map(move |name| (name, format!("{prefix}{name}")))
    };
    let methods = Scope::waiter_methods(setters).assign(wanted("WaitUntil"));
    let statics = Scope::waiters().assign(wanted(""));
    let named = |names: &std::collections::BTreeMap<_, String>, name| {
        names.get(&name).cloned().unwrap_or_default()
    };
    let lowered = waiters.iter().map(|waiter| Waiter {
        name: waiter.name.into(),
        method: named(&methods, waiter.name),
        static_name: named(&statics, waiter.name),
        docs: docs(waiter),
        deprecated: waiter.deprecated.then(String::new),
        min_delay: waiter.min_delay,
        max_delay: waiter.max_delay,
        acceptors: waiter.acceptors.iter().map(acceptor).collect(),
    });
    lowered.collect()
}

fn acceptor(acceptor: &traits::Acceptor<'_, '_>) -> Acceptor {
    let matcher = match &acceptor.matcher {
        traits::Matcher::Output(path) => Matcher::Output(self::path(path)),
        traits::Matcher::InputOutput(path) => Matcher::InputOutput(self::path(path)),
        traits::Matcher::ErrorType(error) => Matcher::ErrorType(error_name(error).into()),
        traits::Matcher::Success(wanted) => Matcher::Success(*wanted),
    };
    Acceptor {
        state: acceptor.state,
        matcher,
        message: acceptor.message.map(|node| expression(text_of(node))),
    }
}

fn path(matcher: &PathMatcher<'_, '_>) -> Path {
    let text = text_of(matcher.path);
    let expected = text_of(matcher.expected).to_owned();
    Path {
        text: text.into(),
        expression: expression(text),
        expected: match matcher.comparator {
            PathComparator::StringEquals => Expected::StringEquals(expected),
            PathComparator::BooleanEquals => Expected::BooleanEquals(expected == "true"),
            PathComparator::AllStringEquals => Expected::AllStringEquals(expected),
            PathComparator::AnyStringEquals => Expected::AnyStringEquals(expected),
        },
    }
}

/// The expression; null for one that does not parse, of which the checks of the model have told.
fn expression(text: &str) -> Expression {
    parse(text).unwrap_or(Expression {
        kind: ExpressionKind::Literal(serde_json::Value::Null),
        offset: 0,
    })
}

fn text_of<'n>(node: &'n Node<'_>) -> &'n str {
    node.as_str().unwrap_or_default()
}

/// Only the name of a shape id counts.
fn error_name<'n>(node: &'n Node<'_>) -> &'n str {
    let id = text_of(node);
    id.rsplit_once('#').map_or(id, |(_, name)| name)
}

/// The documentation of the method: the model's, what ends the waiter, and how often is asked.
fn docs(waiter: &traits::Waiter<'_, '_>) -> String {
    let otherwise = format!("Waits until `{}`.", waiter.name);
    let mut docs = text::of_documentation(waiter.documentation, &otherwise);
    docs.push_str("\n\n");
    for acceptor in &waiter.acceptors {
        let state = match acceptor.state {
            AcceptorState::Success => "Succeeds",
            AcceptorState::Failure => "Fails",
            AcceptorState::Retry => "Asks again",
        };
        let condition = condition(&acceptor.matcher);
        // Writing to a string cannot fail.
        let _ = writeln!(docs, "- {state} {condition}.");
    }
    let _ = write!(
        docs,
        "\nAsks again after {min} to {} seconds otherwise, until `max_wait` is up. The last call may be made \
         then, and may take {min} s more.",
        waiter.max_delay,
        min = waiter.min_delay,
    );
    docs
}

fn condition(matcher: &traits::Matcher<'_, '_>) -> String {
    let found = |path: &PathMatcher<'_, '_>| {
        let [found, expected] = [path.path, path.expected].map(|node| text::code(text_of(node)));
        match path.comparator {
            PathComparator::StringEquals | PathComparator::BooleanEquals => {
                format!("when {found} is {expected}")
            }
            PathComparator::AllStringEquals => format!("when all of {found} are {expected}"),
            PathComparator::AnyStringEquals => format!("when one of {found} is {expected}"),
        }
    };
    match matcher {
        traits::Matcher::Output(path) => format!("{} in the output", found(path)),
        traits::Matcher::InputOutput(path) => found(path),
        traits::Matcher::ErrorType(error) => {
            format!("on the error {}", text::code(error_name(error)))
        }
        traits::Matcher::Success(true) => "when a call succeeds".into(),
        traits::Matcher::Success(false) => "when a call fails".into(),
    }
}
