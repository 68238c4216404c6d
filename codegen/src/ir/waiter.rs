//! Waiters: when to stop asking, and what for.

use tinsmith_model::jmespath::Expression;
use tinsmith_model::traits::AcceptorState;

/// A way to wait until a resource is in some state.
#[derive(Debug)]
pub(crate) struct Waiter {
    /// The model's name.
    pub(crate) name: String,
    /// The builder's method.
    pub(crate) method: String,
    /// The static with the facts.
    pub(crate) static_name: String,
    pub(crate) docs: String,
    pub(crate) deprecated: Option<String>,
    /// In seconds.
    pub(crate) min_delay: u32,
    /// In seconds.
    pub(crate) max_delay: u32,
    pub(crate) acceptors: Vec<Acceptor>,
}

impl Waiter {
    /// The delays of the runtime's waiters where nothing is said of them.
    pub(crate) const DEFAULT_DELAYS: (u32, u32) = (2, 120);
}

/// What an answer means to a waiter.
#[derive(Debug)]
pub(crate) struct Acceptor {
    pub(crate) state: AcceptorState,
    pub(crate) matcher: Matcher,
    /// The expression that finds why a waiter failed.
    pub(crate) message: Option<Expression>,
}

/// Which answers an acceptor is for.
#[derive(Debug)]
pub(crate) enum Matcher {
    Output(Path),
    InputOutput(Path),
    /// The error's name.
    ErrorType(String),
    Success(bool),
}

/// A JMESPath expression with what it is expected to find.
#[derive(Debug)]
pub(crate) struct Path {
    /// As the model has it, for people.
    pub(crate) text: String,
    /// Parsed.
    pub(crate) expression: Expression,
    pub(crate) expected: Expected,
}

/// What an expression is expected to find.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::enum_variant_names)] // The names are the model's.
pub(crate) enum Expected {
    StringEquals(String),
    BooleanEquals(bool),
    AllStringEquals(String),
    AnyStringEquals(String),
}
