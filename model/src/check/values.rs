//! Whether a JSON value is a value of a shape: defaults and examples must be.
//!
//! Source: Smithy 2.0, "Trait node values".

use super::decimal::Decimal;
use crate::model::{Member, Model, Shape, ShapeKind, Traits};
use crate::node::{Node, NodeKind};
use crate::source::Span;
use crate::traits::{Length, Range};
use crate::words;

/// Something that keeps a node from being a value of a shape.
pub(super) struct Fault {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    pub(super) kind: FaultKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// The value is not of the shape's type.
    Type,
    /// The value is none of the enum's, which may grow.
    EnumValue,
    /// The value breaks a constraint.
    Constraint,
    /// The value is zero, which a range excludes. Defaults had to be zero in Smithy 1.0.
    ZeroOutOfRange,
}

/// What keeps `node` from being a value of `shape`, as it stands in `member` if in any.
pub(super) fn faults<'s>(
    model: &Model<'s>,
    shape: &Shape<'s>,
    member: Option<&Member<'s>>,
    node: &Node<'s>,
) -> Vec<Fault> {
    let mut walk = Walk {
        model,
        faults: Vec::new(),
    };
    walk.value(shape, member.map(|member| &member.traits), node);
    walk.faults
}

struct Walk<'m, 's> {
    model: &'m Model<'s>,
    faults: Vec<Fault>,
}

impl<'s> Walk<'_, 's> {
    /// Recursion ends with the node, whose depth is limited.
    fn value(&mut self, shape: &Shape<'s>, member: Option<&Traits<'s>>, node: &Node<'s>) {
        match &shape.kind {
            ShapeKind::List => self.list(shape, node),
            ShapeKind::Map => self.map(shape, node),
            ShapeKind::Structure => self.structure(shape, node),
            ShapeKind::Union => self.union(shape, node),
            ShapeKind::Enum | ShapeKind::IntEnum => self.enumeration(shape, node),
            kind => {
                if let Some(expected) = simple_fault(kind, node) {
                    self.expected(expected, node);
                    return;
                }
            }
        }
        self.constraints(shape, member, node);
    }

    fn fault(&mut self, kind: FaultKind, span: Span, message: String) {
        self.faults.push(Fault {
            span,
            message,
            hint: None,
            kind,
        });
    }

    fn expected(&mut self, expected: &str, node: &Node<'s>) {
        let found = node.describe();
        let message = if node.as_number().is_some() || expected.starts_with(found) {
            format!("this is not {expected}")
        } else {
            format!("this is {found}, not {expected}")
        };
        self.fault(FaultKind::Type, node.span, message);
    }

    fn list(&mut self, shape: &Shape<'s>, node: &Node<'s>) {
        let Some(items) = node.as_array() else {
            return self.expected("an array", node);
        };
        let Some(member) = shape.member("member") else {
            return;
        };
        for item in items {
            self.member(member, shape.traits.sparse(), item);
        }
    }

    fn map(&mut self, shape: &Shape<'s>, node: &Node<'s>) {
        let Some(entries) = node.as_object() else {
            return self.expected("an object", node);
        };
        let Some(member) = shape.member("value") else {
            return;
        };
        for (.., value) in entries {
            self.member(member, shape.traits.sparse(), value);
        }
    }

    fn structure(&mut self, shape: &Shape<'s>, node: &Node<'s>) {
        let Some(entries) = node.as_object() else {
            return self.expected("an object", node);
        };
        for (name, place, value) in entries {
            match shape.member(name) {
                Some(member) => self.member(member, false, value),
                None => self.unknown_member(shape, name, *place),
            }
        }
        for member in &shape.members {
            let token = member.traits.idempotency_token();
            if member.traits.required() && !token && node.get(&member.name).is_none() {
                let message = format!("the required member `{}` is missing", member.name);
                self.fault(FaultKind::Constraint, node.span, message);
            }
        }
    }

    fn unknown_member(&mut self, shape: &Shape<'s>, name: &str, place: Span) {
        let known = shape.members.iter().map(|member| &*member.name);
        self.faults.push(Fault {
            span: place,
            message: format!("`{}` has no member `{name}`", shape.id),
            hint: words::suggestion(name, known),
            kind: FaultKind::Type,
        });
    }

    fn union(&mut self, shape: &Shape<'s>, node: &Node<'s>) {
        let Some([(name, place, value)]) = node.as_object() else {
            return self.expected("an object with exactly one member", node);
        };
        match shape.member(name) {
            Some(member) => self.member(member, false, value),
            None => self.unknown_member(shape, name, *place),
        }
    }

    fn member(&mut self, member: &Member<'s>, sparse: bool, node: &Node<'s>) {
        let Some(target) = self.model.target(member) else {
            return;
        };
        let document = matches!(target.kind, ShapeKind::Document);
        if node.is_null() && (sparse || document) {
            return;
        }
        self.value(target, Some(&member.traits), node);
    }

    fn enumeration(&mut self, shape: &Shape<'s>, node: &Node<'s>) {
        let base = match shape.kind {
            ShapeKind::Enum => ShapeKind::String,
            _ => ShapeKind::Integer,
        };
        if let Some(expected) = simple_fault(&base, node) {
            return self.expected(expected, node);
        }
        let mut values = shape.members.iter().filter_map(|it| it.traits.enum_value());
        if !values.any(|value| value.same_value(node)) {
            let message = format!("this is not a value of the enum `{}`", shape.id);
            self.fault(FaultKind::EnumValue, node.span, message);
        }
    }

    fn constraints(&mut self, shape: &Shape<'s>, member: Option<&Traits<'s>>, node: &Node<'s>) {
        let length = member
            .and_then(Traits::length)
            .or_else(|| shape.traits.length());
        if let Some((length, measured)) = length.zip(measure(&shape.kind, node)) {
            self.length(length, measured, node);
        }
        let range = member
            .and_then(Traits::range)
            .or_else(|| shape.traits.range());
        let text = node.as_number().or_else(|| node.as_str());
        if let Some((range, number)) = range.zip(text.and_then(Decimal::parse)) {
            self.range(range, &number, node);
        }
    }

    fn length(&mut self, length: Length, measured: u64, node: &Node<'s>) {
        let message = match (length.min, length.max) {
            (Some(min), _) if measured < min => format!("the length {measured} is below {min}"),
            (_, Some(max)) if measured > max => format!("the length {measured} is above {max}"),
            _ => return,
        };
        self.fault(FaultKind::Constraint, node.span, message);
    }

    fn range(&mut self, range: Range<'_>, number: &Decimal, node: &Node<'s>) {
        let bound = |text: Option<&str>| text.and_then(Decimal::parse);
        let kind = if number.is_zero() {
            FaultKind::ZeroOutOfRange
        } else {
            FaultKind::Constraint
        };
        let message = match (
            range.min.zip(bound(range.min)),
            range.max.zip(bound(range.max)),
        ) {
            (Some((text, min)), _) if *number < min => format!("the value is below {text}"),
            (_, Some((text, max))) if *number > max => format!("the value is above {text}"),
            _ => return,
        };
        self.fault(kind, node.span, message);
    }
}

/// The length that `length` limits; blobs are measured by their decoded bytes.
fn measure(kind: &ShapeKind<'_>, node: &Node<'_>) -> Option<u64> {
    let length = match (kind, &node.kind) {
        (ShapeKind::String | ShapeKind::Enum, NodeKind::String(text)) => text.chars().count(),
        (ShapeKind::Blob, NodeKind::String(text)) => text.trim_end_matches('=').len() * 3 / 4,
        (ShapeKind::List, NodeKind::Array(items)) => items.len(),
        (ShapeKind::Map, NodeKind::Object(entries)) => entries.len(),
        _ => return None,
    };
    u64::try_from(length).ok()
}

/// What a value of the simple type is, where `node` is none.
fn simple_fault(kind: &ShapeKind<'_>, node: &Node<'_>) -> Option<&'static str> {
    let whole = || {
        let number = node.as_number().and_then(Decimal::parse)?;
        let (min, max) = kind.limits()?;
        let (min, max) = (Decimal::parse(min)?, Decimal::parse(max)?);
        Some(number.is_whole() && min <= number && number <= max)
    };
    let whole = || whole() == Some(true);
    let float = || match node.as_str() {
        Some(text) => matches!(text, "NaN" | "Infinity" | "-Infinity"),
        None => node.as_number().is_some(),
    };
    let big = || {
        node.as_number()
            .or_else(|| node.as_str())
            .and_then(Decimal::parse)
    };
    let (fits, expected) = match kind {
        ShapeKind::Boolean => (node.as_bool().is_some(), "a boolean"),
        ShapeKind::String => (node.as_str().is_some(), "a string"),
        ShapeKind::Blob => (node.as_str().is_some(), "a string of base64"),
        ShapeKind::Byte => (whole(), "a whole number of 8 bits"),
        ShapeKind::Short => (whole(), "a whole number of 16 bits"),
        ShapeKind::Integer => (whole(), "a whole number of 32 bits"),
        ShapeKind::Long => (whole(), "a whole number of 64 bits"),
        ShapeKind::BigInteger => (big().is_some_and(|it| it.is_whole()), "a whole number"),
        ShapeKind::BigDecimal => (big().is_some(), "a decimal number"),
        ShapeKind::Float | ShapeKind::Double => (float(), "a floating-point number"),
        ShapeKind::Timestamp => {
            let fits = node.as_number().is_some() || node.as_str().is_some();
            (
                fits,
                "a timestamp: seconds since 1970 or a date of RFC 3339",
            )
        }
        _ => return None,
    };
    (!fits).then_some(expected)
}
