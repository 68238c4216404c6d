//! Defaults of the model as values of Rust.

use tinsmith_model::{Member, Node, Problem, Shape, ShapeKind};

use super::context::Context;
use crate::ir::{DefaultValue, DocumentValue};

/// Whether the model gives the member a value where none is set. Source: Smithy 2.0, "default trait",
/// which has `null` mean that there is none.
pub(super) fn has_default(member: &Member<'_>) -> bool {
    member
        .traits
        .default_value()
        .is_some_and(|node| !node.is_null())
}

/// The member's default, unless it is the zero value of its type.
pub(super) fn of<'s>(
    context: &Context<'_, 's>,
    member: &Member<'s>,
    problems: &mut Vec<Problem>,
) -> Option<DefaultValue> {
    let node = member
        .traits
        .default_value()
        .filter(|node| !node.is_null())?;
    let target = context.model.target(member)?;
    match value(target, node) {
        Some(value) => value,
        None => {
            let message = format!("no {} can be made of this default", target.kind.name());
            problems.push(Problem::error(node.span, message));
            None
        }
    }
}

/// `None` for a value that does not fit the shape, `Some(None)` for the zero value.
fn value(target: &Shape<'_>, node: &Node<'_>) -> Option<Option<DefaultValue>> {
    Some(match &target.kind {
        ShapeKind::Boolean => node.as_bool()?.then_some(DefaultValue::Boolean(true)),
        ShapeKind::Byte | ShapeKind::Short | ShapeKind::Integer | ShapeKind::Long => {
            let number: i64 = node.as_number()?.parse().ok()?;
            (number != 0).then(|| DefaultValue::Number(number.to_string()))
        }
        ShapeKind::Float | ShapeKind::Double => {
            let number: f64 = node.as_number()?.parse().ok()?;
            (number != 0.0).then(|| DefaultValue::Number(format!("{number:?}")))
        }
        ShapeKind::BigInteger | ShapeKind::BigDecimal => {
            let text = node.as_number().or(node.as_str())?;
            (text != "0").then(|| DefaultValue::BigNumber(text.into()))
        }
        ShapeKind::IntEnum => {
            let number: i32 = node.as_number()?.parse().ok()?;
            (number != 0).then_some(DefaultValue::IntEnum(number))
        }
        ShapeKind::String => text(node)?.map(DefaultValue::String),
        ShapeKind::Enum => text(node)?.map(DefaultValue::Enum),
        ShapeKind::Blob => blob(node)?,
        ShapeKind::Timestamp => timestamp(node)?,
        ShapeKind::List => node.as_array()?.is_empty().then_some(None)?,
        ShapeKind::Map => node.as_object()?.is_empty().then_some(None)?,
        ShapeKind::Document => Some(DefaultValue::Document(document(node)?)),
        _ => return None,
    })
}

fn text(node: &Node<'_>) -> Option<Option<String>> {
    let text = node.as_str()?;
    Some((!text.is_empty()).then(|| text.into()))
}

/// A blob's default is base64 text.
fn blob(node: &Node<'_>) -> Option<Option<DefaultValue>> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(node.as_str()?)
        .ok()?;
    Some((!bytes.is_empty()).then_some(DefaultValue::Blob(bytes)))
}

/// A timestamp's default is seconds since the epoch, or text as RFC 3339 has it.
fn timestamp(node: &Node<'_>) -> Option<Option<DefaultValue>> {
    let time: jiff::Timestamp = match (node.as_number(), node.as_str()) {
        (Some(number), _) => {
            let seconds = jiff::SignedDuration::try_from_secs_f64(number.parse().ok()?).ok()?;
            jiff::Timestamp::from_duration(seconds).ok()?
        }
        (None, Some(text)) => text.parse().ok()?,
        (None, None) => return None,
    };
    let is_zero = time == jiff::Timestamp::UNIX_EPOCH;
    Some((!is_zero).then(|| DefaultValue::Timestamp(time.to_string())))
}

fn document(node: &Node<'_>) -> Option<DocumentValue> {
    if let Some(value) = node.as_bool() {
        Some(DocumentValue::Boolean(value))
    } else if let Some(number) = node.as_number() {
        Some(DocumentValue::Number(number.into()))
    } else if let Some(text) = node.as_str() {
        Some(DocumentValue::String(text.into()))
    } else if node.as_array().is_some_and(<[_]>::is_empty) {
        Some(DocumentValue::EmptyList)
    } else {
        node.as_object().filter(|entries| entries.is_empty())?;
        Some(DocumentValue::EmptyMap)
    }
}
