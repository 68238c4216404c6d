//! JMESPath: expressions as the waiters of a model write them, parsed and held against shapes.
//!
//! [`parse`] makes an [`Expression`], [`check`] tells what it gives for values of a shape, and what in it
//! makes no sense there. Nothing is evaluated here: the generator turns expressions into static data,
//! and the runtime of a client walks that.
//!
//! The parser is ours, since the models that it reads are anybody's: nesting has a bound, so that no
//! model overflows the stack (the crate `jmespath` has none), and every part knows its exact place.
//!
//! Source: the JMESPath specification, <https://jmespath.org/specification.html>.

mod function;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;
mod types;

use std::fmt;

use serde_json::Value;

pub use function::Function;
pub use parser::parse;
pub use types::{Finding, FindingKind, Type, check};

/// A part of an expression: what becomes of the value that it is given, the current node.
///
/// Sub-expressions and pipes are one and the same, a [`Sequence`](ExpressionKind::Sequence) whose parts
/// each take what the one before gives; where a projection ends is settled by the parser.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it does.
    pub kind: ExpressionKind,
    /// Where it begins, as a byte of the expression's text.
    pub offset: usize,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// `@`: the current node itself.
    Current,
    /// `name`: the value of an object's key.
    Field(String),
    /// `[1]`: an item of an array, from its end where negative.
    Index(i64),
    /// `` `1` `` or `'text'`: a value that does not depend on the current node.
    Literal(Value),
    /// `a.b`, `a[0]`, `a | b`: one after the other.
    Sequence(Vec<Expression>),
    /// `[*]`: the rest for each item of an array, without the nulls that it gives.
    ListProjection(Box<Expression>),
    /// `*`: the rest for each value of an object.
    ObjectProjection(Box<Expression>),
    /// `[]`: the rest for each item of an array whose arrays are merged into it.
    FlattenProjection(Box<Expression>),
    /// `[?condition]`: the rest for each item that the condition is true of.
    FilterProjection {
        /// What must be true.
        condition: Box<Expression>,
        /// The rest.
        then: Box<Expression>,
    },
    /// `[start:stop:step]`: the rest for some of the items.
    SliceProjection {
        /// First item, counted from the end where negative.
        start: Option<i64>,
        /// The item before which it ends.
        stop: Option<i64>,
        /// From item to item; never zero.
        step: i64,
        /// The rest.
        then: Box<Expression>,
    },
    /// `[a, b]`: an array of what each gives.
    MultiSelectList(Vec<Expression>),
    /// `{a: b}`: an object of what each gives.
    MultiSelectHash(Vec<(String, Expression)>),
    /// `a && b && c`: the first that is false, else the last.
    And(Vec<Expression>),
    /// `a || b || c`: the first that is true, else the last.
    Or(Vec<Expression>),
    /// `!a`.
    Not(Box<Expression>),
    /// `a == b` and the like.
    Comparison(Comparator, Box<[Expression; 2]>),
    /// `f(a, b)`.
    Call {
        /// The function's name, known or not.
        name: String,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
    /// `&a`: an expression as an argument.
    Reference(Box<Expression>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // Each variant is the operator that it is named after.
pub enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparator {
    /// Whether it compares by size, which only numbers have.
    #[must_use]
    pub fn is_ordering(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// Why a text is no expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Where, as a byte of the text.
    pub offset: usize,
    /// What is wrong there, without a full stop.
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}
