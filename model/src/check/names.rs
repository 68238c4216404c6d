//! Names that meet in a service's client, and `rename`.
//!
//! Source: Smithy 2.0, "Service closure" and "Disambiguating shapes with rename".

use std::collections::HashMap;

use super::shapes::is_identifier;
use super::{Checker, Subject};
use crate::link::Closure;
use crate::model::{Shape, ShapeKind};
use crate::problem::Problem;
use crate::words;

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for closure in checker.closures {
        check_closure(checker, closure);
        check_rename(checker, closure);
    }
}

/// Shapes that become types have names that differ by more than case. Simple types, lists and maps
/// become none.
fn check_closure<'s>(checker: &mut Checker<'_, 's>, closure: &Closure<'_, 's>) {
    let mut names: HashMap<String, &Shape<'_>> = HashMap::new();
    let types = closure.shapes.iter().filter(|shape| is_type(&shape.kind));
    for shape in closure
        .operations
        .iter()
        .chain(&closure.resources)
        .chain(types)
    {
        let name = closure.name_of(&shape.id);
        let Some(other) = names.insert(name.to_lowercase(), shape) else {
            continue;
        };
        let message = format!(
            "in `{}`, `{}` and `{}` have the same name but for case",
            closure.service.id, other.id, shape.id
        );
        let problem = Problem::error(shape.span, message).about(shape.id.to_string());
        checker.report(problem.hint("give one another name in the service's `rename`"));
    }
}

fn is_type(kind: &ShapeKind<'_>) -> bool {
    matches!(
        kind,
        ShapeKind::Structure | ShapeKind::Union | ShapeKind::Enum | ShapeKind::IntEnum
    )
}

fn check_rename(checker: &mut Checker<'_, '_>, closure: &Closure<'_, '_>) {
    let service = closure.service;
    let Some(bound) = service.as_service() else {
        return;
    };
    let subject = Subject::Shape(service);
    for (id, name) in &bound.rename {
        let place = service.place_of("rename", id);
        if !is_identifier(name) {
            checker.error(
                subject,
                place,
                format!("`{name}` is not a valid shape name"),
            );
        }
        let Some(shape) = checker.model.shape(id) else {
            continue;
        };
        if shape.kind.is_service_type() {
            let message = format!(
                "{} cannot be renamed",
                words::with_article(shape.kind.name())
            );
            checker.error(subject, place, message);
        } else if !closure.shapes.iter().any(|other| other.id == *id) {
            let message = format!("`{id}` is renamed, but the service does not reach it");
            checker.warning(subject, place, message);
        }
    }
}
