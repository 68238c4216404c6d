//! What of a value an expression looks at.
//!
//! Outputs may be large, and may hold secrets: only what is looked at is read from them.

use std::collections::BTreeMap;

use super::Expr;

/// The part of a value that is wanted. Lists are passed through: what is wanted of a list is wanted of
/// each of its items.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wanted {
    Everything,
    /// The members or entries of these names.
    Members(BTreeMap<&'static str, Wanted>),
}

impl Wanted {
    /// What `expression` looks at.
    pub(crate) fn of(expression: &Expr) -> Self {
        needs(expression, Self::Everything)
    }

    /// What is wanted of the member of this name.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Everything => Some(self),
            Self::Members(members) => members.get(name),
        }
    }

    fn nothing() -> Self {
        Self::Members(BTreeMap::new())
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Members(mut members), Self::Members(others)) => {
                for (name, wanted) in others {
                    let own = members.remove(name).unwrap_or_else(Self::nothing);
                    members.insert(name, own.and(wanted));
                }
                Self::Members(members)
            }
            _ => Self::Everything,
        }
    }

    fn all<'e>(expressions: impl IntoIterator<Item = &'e Expr>) -> Self {
        let each = expressions.into_iter().map(Self::of);
        each.fold(Self::nothing(), Self::and)
    }
}

/// What is needed of the current node, where `then` is needed of what the expression gives.
fn needs(expression: &Expr, then: Wanted) -> Wanted {
    match *expression {
        Expr::Current => then,
        Expr::Field(name) => Wanted::Members(BTreeMap::from([(name, then)])),
        Expr::Index(_) => then,
        Expr::Literal(_) | Expr::Reference(_) => Wanted::nothing(),
        Expr::Sequence(parts) => {
            let parts = parts.iter().rev();
            parts.fold(then, |then, part| needs(part, then))
        }
        Expr::ListProjection(each)
        | Expr::FlattenProjection(each)
        | Expr::SliceProjection(_, each) => needs(each, then),
        Expr::FilterProjection(condition, each) => Wanted::of(condition).and(needs(each, then)),
        Expr::ObjectProjection(_) => Wanted::Everything,
        Expr::MultiSelectList(expressions)
        | Expr::And(expressions)
        | Expr::Or(expressions)
        | Expr::Call(_, expressions) => Wanted::all(expressions),
        Expr::MultiSelectHash(entries) => Wanted::all(entries.iter().map(|(_, it)| it)),
        Expr::Not(operand) => Wanted::of(operand),
        Expr::Comparison(_, left, right) => Wanted::all([left, right]),
    }
}
