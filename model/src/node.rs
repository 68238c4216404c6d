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
    Object(Vec<Entry<'s>>),
}

/// A key of an object, the key's place, and the value.
pub type Entry<'s> = (Cow<'s, str>, Span, Node<'s>);

impl<'s> Node<'s> {
    /// An empty object, the value of an annotation trait, that stands at `span`.
    #[must_use]
    pub fn empty_object(span: Span) -> Self {
        Self {
            span,
            kind: NodeKind::Object(Vec::new()),
        }
    }

    /// A string that stands at `span`.
    #[must_use]
    pub fn string(span: Span, value: impl Into<Cow<'s, str>>) -> Self {
        Self {
            span,
            kind: NodeKind::String(value.into()),
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, NodeKind::Null)
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The text of a number.
    #[must_use]
    pub fn as_number(&self) -> Option<&'s str> {
        match self.kind {
            NodeKind::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::String(value) => Some(value),
            _ => None,
        }
    }

    /// The items of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Node<'s>]> {
        match &self.kind {
            NodeKind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[Entry<'s>]> {
        match &self.kind {
            NodeKind::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of an object's `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node<'s>> {
        self.as_object()?
            .iter()
            .find(|(name, ..)| name == key)
            .map(|(.., value)| value)
    }

    /// The string at an object's `key`.
    #[must_use]
    pub fn get_str(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// What kind of value it is, with its article, for messages.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "a boolean",
            NodeKind::Number(_) => "a number",
            NodeKind::String(_) => "a string",
            NodeKind::Array(_) => "an array",
            NodeKind::Object(_) => "an object",
        }
    }

    /// Whether both are the same JSON value, wherever they stand. Objects are compared without regard
    /// to the order of their keys, numbers as they are written.
    #[must_use]
    pub fn same_value(&self, other: &Node<'_>) -> bool {
        match (&self.kind, &other.kind) {
            (NodeKind::Null, NodeKind::Null) => true,
            (NodeKind::Bool(a), NodeKind::Bool(b)) => a == b,
            (NodeKind::Number(a), NodeKind::Number(b)) => a == b,
            (NodeKind::String(a), NodeKind::String(b)) => a == b,
            (NodeKind::Array(a), NodeKind::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_value(b))
            }
            (NodeKind::Object(a), NodeKind::Object(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(key, _, value)| {
                        other.get(key).is_some_and(|found| value.same_value(found))
                    })
            }
            _ => false,
        }
    }
}
