//! The values of enums. Source: Smithy 2.0, "enum" and "intEnum".

use std::collections::HashMap;

use super::{Checker, Subject};
use crate::model::{Shape, ShapeKind};
use crate::node::Node;
use crate::prelude;
use crate::problem::Problem;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for shape in checker.shapes() {
        let integers = match shape.kind {
            ShapeKind::Enum => false,
            ShapeKind::IntEnum => true,
            _ => continue,
        };
        check_targets(checker, shape);
        check_values(checker, shape, integers);
    }
}

fn check_targets(checker: &mut Checker<'_, '_>, shape: &Shape<'_>) {
    for member in &shape.members {
        if member.target.as_str() != prelude::UNIT {
            let message = format!("the member of an enum must target `{}`", prelude::UNIT);
            checker.error(Subject::Member(shape, member), member.target_span, message);
        }
    }
}

fn check_values(checker: &mut Checker<'_, '_>, shape: &Shape<'_>, integers: bool) {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for member in &shape.members {
        let subject = Subject::Member(shape, member);
        let Some(value) = member.traits.enum_value() else {
            checker.error(
                subject,
                member.span,
                "the member of an intEnum needs the trait `smithy.api#enumValue`",
            );
            continue;
        };
        let Some(text) = value_text(value, integers) else {
            let expected = match integers {
                true => "a whole number of 32 bits",
                false => "a string that is not empty",
            };
            let message = format!("the value of the enum's member must be {expected}");
            checker.error(subject, value.span, message);
            continue;
        };
        if let Some(other) = seen.insert(text, &member.name) {
            let message = format!("`{other}` has the same value, `{text}`");
            checker.report(Problem::error(value.span, message).about(subject.id()));
        }
    }
}

fn value_text<'n>(value: &'n Node<'_>, integers: bool) -> Option<&'n str> {
    if integers {
        let number = value.as_number()?;
        number.parse::<i32>().is_ok().then_some(number)
    } else {
        value.as_str().filter(|text| !text.is_empty())
    }
}
