//! JSON values that know where they stand.

use std::borrow::Cow;

use crate::source::Span;

/// A JSON value with its place. Trait values are nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'s> {
    /// Where the value stands.
    pub span: Span,
    /// The value.
    pub kind: NodeKind<'s>,
}

/// The kinds of JSON value.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // Each variant is the JSON kind of the same name.
pub enum NodeKind<'s> {
    Null,
    Bool(bool),
    /// The number as written, so that no precision is lost.
    Number(&'s str),
    String(Cow<'s, str>),
    Array(Vec<Node<'s>>),
    /// Keys with their places, in the order of the file.
    Object(Vec<(Cow<'s, str>, Span, Node<'s>)>),
}
