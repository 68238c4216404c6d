//! JMESPath expressions, which waiters look into inputs and outputs with.
//!
//! An expression is parsed and checked when a client is generated: what a client holds is an [`Expr`], a
//! static tree, and what is here evaluates it. Values come from the one walk over a structure, and only
//! those that an expression looks at: nothing is emitted a shape.
//!
//! ```
//! use tinsmith_runtime::jmespath::{Comparator, Expr, Literal, Value};
//!
//! // items[?size > `1`].name
//! static SIZE: Expr = Expr::Field("size");
//! static ONE: Expr = Expr::Literal(Literal::Number(1.0));
//! static LARGE: Expr = Expr::Comparison(Comparator::Greater, &SIZE, &ONE);
//! static NAMES: Expr = Expr::Sequence(&[
//!     Expr::Field("items"),
//!     Expr::FilterProjection(&LARGE, &Expr::Field("name")),
//! ]);
//!
//! let item = |name: &str, size: i32| {
//!     Value::from_iter([("name", Value::from(name)), ("size", f64::from(size).into())])
//! };
//! let items = Value::from_iter([item("a", 1), item("b", 2)]);
//! let found = NAMES.evaluate(&Value::from_iter([("items", items)]))?;
//! assert_eq!(found, Value::from_iter([Value::from("b")]));
//! # Ok::<(), tinsmith_runtime::jmespath::EvaluationError>(())
//! ```
//!
//! Source: the JMESPath specification, <https://jmespath.org/specification.html>.

mod evaluate;
mod function;
mod read;
#[cfg(test)]
mod tests;
mod value;
mod wanted;

use std::fmt;

pub use function::Function;
pub(crate) use read::{both, shown, structure};
pub use value::Value;
pub(crate) use wanted::Wanted;

/// A part of an expression: what becomes of the value that it is given, the current node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expr {
    /// `@`: the current node itself.
    Current,
    /// `name`: the value of an object's key.
    Field(&'static str),
    /// `[1]`: an item of an array, from its end where negative.
    Index(i64),
    /// `` `1` `` or `'text'`.
    Literal(Literal),
    /// `a.b`, `a[0]`, `a | b`: each takes what the one before gives.
    Sequence(&'static [Expr]),
    /// `[*]`: the rest for each item of an array, without the nulls that it gives.
    ListProjection(&'static Expr),
    /// `*`: the rest for each value of an object.
    ObjectProjection(&'static Expr),
    /// `[]`: the rest for each item of an array whose arrays are merged into it.
    FlattenProjection(&'static Expr),
    /// `[?condition]`: the rest for each item that the condition is true of; the condition is first.
    FilterProjection(&'static Expr, &'static Expr),
    /// `[start:stop:step]`: the rest for some of the items.
    SliceProjection(Slice, &'static Expr),
    /// `[a, b]`: an array of what each gives.
    MultiSelectList(&'static [Expr]),
    /// `{a: b}`: an object of what each gives.
    MultiSelectHash(&'static [(&'static str, Expr)]),
    /// `a && b`: the first that is false, else the last.
    And(&'static [Expr]),
    /// `a || b`: the first that is true, else the last.
    Or(&'static [Expr]),
    /// `!a`.
    Not(&'static Expr),
    /// `a == b` and the like.
    Comparison(Comparator, &'static Expr, &'static Expr),
    /// `f(a, b)`.
    Call(Function, &'static [Expr]),
    /// `&a`: an expression as an argument.
    Reference(&'static Expr),
}

/// A value in an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)] // Each variant is the JSON type that it is named after.
pub enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    String(&'static str),
    Array(&'static [Literal]),
    Object(&'static [(&'static str, Literal)]),
}

/// `start:stop:step`, as in Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The first item, counted from the end where negative.
    pub start: Option<i64>,
    /// The item before which it ends.
    pub stop: Option<i64>,
    /// From item to item. Zero selects nothing.
    pub step: i64,
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

/// A function that was given what it does not take, such as the length of a number.
///
/// Tells types and no values: those may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluationError {
    message: String,
}

impl EvaluationError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

impl fmt::Display for EvaluationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvaluationError {}
