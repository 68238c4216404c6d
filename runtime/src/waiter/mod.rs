//! Waiters: calling an operation until a resource is in some state (`smithy.waiters#waitable`).
//!
//! A generated builder has a method for each waiter of its operation, which gives a [`Wait`]:
//!
//! ```text
//! client.describe_table().table_name("t").wait_until_table_exists(Duration::from_secs(300)).await?;
//! ```
//!
//! What is emitted of a waiter is a static [`Waiter`]: acceptors, whose JMESPath expressions were parsed
//! and checked when the client was generated, and delays. The rules are a state machine without I/O.
//!
//! Source: Smithy 2.0, "Waiters".

mod accept;
mod error;
mod machine;
#[cfg(test)]
mod tests;
mod wait;

use std::time::Duration;

pub use error::{WaiterError, WaiterFailure};
pub use wait::{Wait, Waited};

use crate::jmespath::Expr;

/// The static facts of a waiter.
#[derive(Debug)]
#[non_exhaustive]
pub struct Waiter {
    /// Its name in the model, such as `TableExists`.
    pub name: &'static str,
    /// What to make of an answer; the first that matches decides.
    pub acceptors: &'static [Acceptor],
    /// The least time between two calls.
    pub min_delay: Duration,
    /// The most time between two calls.
    pub max_delay: Duration,
}

impl Waiter {
    /// A waiter with the delays of one that names none: from 2 seconds to 2 minutes.
    #[must_use]
    pub const fn new(name: &'static str, acceptors: &'static [Acceptor]) -> Self {
        Self {
            name,
            acceptors,
            min_delay: Duration::from_secs(2),
            max_delay: Duration::from_secs(120),
        }
    }

    /// With the least and the most time between two calls, in seconds.
    #[must_use]
    pub const fn delays(mut self, min: u32, max: u32) -> Self {
        self.min_delay = Duration::from_secs(min as u64);
        self.max_delay = Duration::from_secs(max as u64);
        self
    }
}

/// What an answer means.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Acceptor {
    /// The state that the waiter is in when the matcher matches.
    pub state: State,
    /// Which answers it is for.
    pub matcher: Matcher,
    /// What finds in the output why a waiter failed.
    pub message: Option<&'static Expr>,
}

impl Acceptor {
    /// Answers that end the waiter well.
    #[must_use]
    pub const fn success(matcher: Matcher) -> Self {
        Self::new(State::Success, matcher)
    }

    /// Answers that end the waiter badly.
    #[must_use]
    pub const fn failure(matcher: Matcher) -> Self {
        Self::new(State::Failure, matcher)
    }

    /// Answers after which the operation is called again.
    #[must_use]
    pub const fn retry(matcher: Matcher) -> Self {
        Self::new(State::Retry, matcher)
    }

    const fn new(state: State, matcher: Matcher) -> Self {
        Self {
            state,
            matcher,
            message: None,
        }
    }

    /// With what finds in the output why the waiter failed.
    #[must_use]
    pub const fn message(mut self, expression: &'static Expr) -> Self {
        self.message = Some(expression);
        self
    }
}

/// The states of a waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// What was waited for has come.
    Success,
    /// It will never come.
    Failure,
    /// It has not come yet.
    Retry,
}

/// Which answers an acceptor is for.
#[derive(Clone, Copy, Debug)]
pub enum Matcher {
    /// A success in whose output the expression finds what is expected. First is the expression's text,
    /// for people.
    Output(&'static str, &'static Expr, Expected),
    /// The same for an object of the `input` and the `output`.
    InputOutput(&'static str, &'static Expr, Expected),
    /// An error of this name: the shape's, or the code that the service sent.
    ErrorType(&'static str),
    /// Any success, or any error.
    Success(bool),
}

/// What an expression is expected to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::enum_variant_names)] // The names are the model's.
pub enum Expected {
    /// This string.
    StringEquals(&'static str),
    /// This boolean.
    BooleanEquals(bool),
    /// An array of at least one item, all of them this string.
    AllStringEquals(&'static str),
    /// An array of which an item is this string.
    AnyStringEquals(&'static str),
}
