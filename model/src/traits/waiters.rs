//! `smithy.waiters#waitable`. Source: Smithy 2.0, "Waiters".

use crate::model::Traits;
use crate::node::{Entry, Node};

/// A way to wait until a resource is in some state, by calling the operation again and again.
#[derive(Clone, Debug)]
pub struct Waiter<'a, 's> {
    /// Its name, in UpperCamelCase.
    pub name: &'a str,
    /// What it is for, in CommonMark; AWS writes HTML.
    pub documentation: Option<&'a str>,
    /// What to make of an answer; the first that matches decides.
    pub acceptors: Vec<Acceptor<'a, 's>>,
    /// The least time between two calls, in seconds.
    pub min_delay: u32,
    /// The most time between two calls, in seconds.
    pub max_delay: u32,
    /// Whether it should no longer be used.
    pub deprecated: bool,
    /// The trait's entry, with its place.
    pub node: &'a Node<'s>,
}

/// What an answer means.
#[derive(Clone, Debug)]
pub struct Acceptor<'a, 's> {
    /// The state that the waiter is in when the matcher matches.
    pub state: AcceptorState,
    /// Which answers it is for.
    pub matcher: Matcher<'a, 's>,
    /// The JMESPath expression that finds in the output why a waiter failed.
    pub message: Option<&'a Node<'s>>,
}

/// The states of a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AcceptorState {
    /// What was waited for has come.
    Success,
    /// It will never come.
    Failure,
    /// It has not come yet.
    Retry,
}

/// Which answers an acceptor is for.
#[derive(Clone, Debug)]
pub enum Matcher<'a, 's> {
    /// A success, by what is in the output.
    Output(PathMatcher<'a, 's>),
    /// A success, by what is in the input and the output.
    InputOutput(PathMatcher<'a, 's>),
    /// An error of this type: a shape id, of which only the name counts, or a name.
    ErrorType(&'a Node<'s>),
    /// Any success, or any error.
    Success(bool),
}

/// A comparison with what a JMESPath expression finds.
#[derive(Clone, Debug)]
pub struct PathMatcher<'a, 's> {
    /// The expression.
    pub path: &'a Node<'s>,
    /// What it is to find.
    pub expected: &'a Node<'s>,
    /// How the two are compared.
    pub comparator: PathComparator,
}

/// How what is found is compared with what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::enum_variant_names)] // The names are the model's.
pub enum PathComparator {
    /// A string that is the same.
    StringEquals,
    /// A boolean that is the same.
    BooleanEquals,
    /// An array of at least one item, all of them the same string.
    AllStringEquals,
    /// An array of which an item is the same string.
    AnyStringEquals,
}

/// The delays of a waiter that names none, in seconds.
const DEFAULT_DELAYS: (u32, u32) = (2, 120);

impl<'s> Traits<'s> {
    /// `smithy.waiters#waitable`: the waiters of an operation, in the order of the file. One whose
    /// parts are not as Smithy says is left out.
    #[must_use]
    pub fn waiters(&self) -> Vec<Waiter<'_, 's>> {
        let node = self.get("smithy.waiters#waitable");
        let entries = node.and_then(Node::as_object).unwrap_or_default();
        entries.iter().filter_map(waiter).collect()
    }
}

fn waiter<'a, 's>((name, _, node): &'a Entry<'s>) -> Option<Waiter<'a, 's>> {
    let acceptors = node.get("acceptors")?.as_array()?;
    let delay = |name, otherwise| match node.get(name) {
        Some(node) => node.as_number()?.parse().ok(),
        None => Some(otherwise),
    };
    Some(Waiter {
        name,
        documentation: node.get_str("documentation"),
        acceptors: acceptors.iter().map(acceptor).collect::<Option<_>>()?,
        min_delay: delay("minDelay", DEFAULT_DELAYS.0)?,
        max_delay: delay("maxDelay", DEFAULT_DELAYS.1)?,
        deprecated: node.get("deprecated").and_then(Node::as_bool) == Some(true),
        node,
    })
}

fn acceptor<'a, 's>(node: &'a Node<'s>) -> Option<Acceptor<'a, 's>> {
    let state = match node.get_str("state")? {
        "success" => AcceptorState::Success,
        "failure" => AcceptorState::Failure,
        "retry" => AcceptorState::Retry,
        _ => return None,
    };
    let [(kind, _, value)] = node.get("matcher")?.as_object()? else {
        return None;
    };
    let matcher = match &**kind {
        "output" => Matcher::Output(path_matcher(value)?),
        "inputOutput" => Matcher::InputOutput(path_matcher(value)?),
        "errorType" => Matcher::ErrorType(value.as_str().map(|_| value)?),
        "success" => Matcher::Success(value.as_bool()?),
        _ => return None,
    };
    Some(Acceptor {
        state,
        matcher,
        message: node.get("message"),
    })
}

fn path_matcher<'a, 's>(node: &'a Node<'s>) -> Option<PathMatcher<'a, 's>> {
    let text = |name| node.get(name).filter(|node| node.as_str().is_some());
    let comparator = match node.get_str("comparator")? {
        "stringEquals" => PathComparator::StringEquals,
        "booleanEquals" => PathComparator::BooleanEquals,
        "allStringEquals" => PathComparator::AllStringEquals,
        "anyStringEquals" => PathComparator::AnyStringEquals,
        _ => return None,
    };
    Some(PathMatcher {
        path: text("path")?,
        expected: text("expected")?,
        comparator,
    })
}

impl PathComparator {
    /// The comparator as the trait names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::StringEquals => "stringEquals",
            Self::BooleanEquals => "booleanEquals",
            Self::AllStringEquals => "allStringEquals",
            Self::AnyStringEquals => "anyStringEquals",
        }
    }
}
