//! Traits in wrong places, with wrong values, or that exclude each other.
//!
//! The table has the traits that this crate reads. The values of traits that the model itself defines
//! are checked by their shapes. Of others only the name is looked at, and only in the namespace of the
//! prelude.
//!
//! Source: Smithy 2.0, the selector and value type of each trait.

use super::{Checker, Subject, values};
use crate::model::{Member, Model, Shape, ShapeKind};
use crate::node::Node;
use crate::problem::Problem;
use crate::words;

mod table;

use table::{KNOWN, PRELUDE};

/// A trait, the places it may stand in and the value it takes.
struct Known {
    id: &'static str,
    place: Place,
    value: Value,
    /// Traits that may not stand at the same place.
    conflicts: &'static [&'static str],
}

/// Where a trait may stand.
#[derive(Clone, Copy)]
enum Place {
    Anywhere,
    NotOnMembers,
    /// On a shape of the kind, or a member that targets one.
    Valued(Kinds),
    /// On a shape of the kind.
    Shape(Kinds),
    /// On a structure with `smithy.api#error`.
    ErrorStructure,
    /// On a member of a structure that targets a shape of the kind.
    StructureMember(Kinds),
    /// On a member of a structure or union that targets a shape of the kind.
    DataMember(Kinds),
    EnumMember,
    /// Anything that a default can be of.
    Defaulted,
}

/// Kinds of shape, with their name for messages.
#[derive(Clone, Copy)]
struct Kinds {
    name: &'static str,
    accepts: fn(&ShapeKind<'_>) -> bool,
}

/// What the value of a trait is.
#[derive(Clone, Copy)]
enum Value {
    /// An empty object.
    Annotation,
    Any,
    Text,
    NonEmptyText,
    Number,
    Flag,
    OneOf(&'static [&'static str]),
    Texts,
    List,
    /// Properties by name, whether they must be there, and their value.
    Object(&'static [(&'static str, bool, Value)]),
    /// An object of any properties.
    AnyObject,
    /// A number, or a number in a string.
    Decimal,
}

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for subject in checker.subjects() {
        for (id, value) in subject.traits().iter() {
            match KNOWN.binary_search_by(|known| known.id.cmp(id.as_str())) {
                Ok(index) => check_known(checker, subject, &KNOWN[index], value),
                Err(_) => match checker.model.shape(id) {
                    Some(definition) => check_defined(checker, subject, definition, value),
                    None => check_name(checker, subject, id.as_str(), value),
                },
            }
        }
    }
}

fn check_known<'s>(
    checker: &mut Checker<'_, 's>,
    subject: Subject<'_, 's>,
    known: &Known,
    value: &Node<'s>,
) {
    if !known.place.accepts(subject, checker.model) {
        let message = format!(
            "`{}` can only be applied to {}",
            known.id,
            known.place.describe()
        );
        checker.error(subject, value.span, message);
    }
    check_value(checker, subject, known.id, known.value, value);
    for conflict in known.conflicts {
        // Both traits name each other in the table; one message is enough.
        if known.id < *conflict && subject.traits().has(conflict) {
            let message = format!("`{}` and `{conflict}` exclude each other", known.id);
            checker.error(subject, value.span, message);
        }
    }
}

/// The value of a trait that the model defines is a value of its shape.
fn check_defined<'s>(
    checker: &mut Checker<'_, 's>,
    subject: Subject<'_, 's>,
    definition: &Shape<'s>,
    value: &Node<'s>,
) {
    for fault in values::faults(checker.model, definition, None, value) {
        let message = format!(
            "the value of `{}` does not fit: {}",
            definition.id, fault.message
        );
        let mut problem = Problem::error(fault.span, message).about(subject.id());
        problem.hint = fault.hint;
        checker.report(problem);
    }
}

/// A name in the prelude's namespace that the prelude does not have is most likely misspelt.
fn check_name(checker: &mut Checker<'_, '_>, subject: Subject<'_, '_>, id: &str, value: &Node<'_>) {
    if !id.contains('#') {
        let message = format!("the trait id `{id}` has no namespace");
        let mut problem = Problem::error(value.span, message).about(subject.id());
        if PRELUDE.contains(&id) {
            problem = problem.hint(format!("did you mean `smithy.api#{id}`?"));
        }
        return checker.report(problem);
    }
    let prelude = id.strip_prefix("smithy.api#");
    if prelude.is_none_or(|name| PRELUDE.contains(&name)) {
        return;
    }
    let message = format!("the prelude has no trait `{id}`");
    let problem = Problem::warning(value.span, message).about(subject.id());
    let names = PRELUDE.iter().copied();
    checker.report(words::with_suggestion(
        problem,
        prelude.unwrap_or(id),
        names,
    ));
}

impl Place {
    fn accepts(self, subject: Subject<'_, '_>, model: &Model<'_>) -> bool {
        match (self, subject) {
            (Self::Anywhere, _) | (Self::NotOnMembers, Subject::Shape(_)) => true,
            (Self::Valued(kinds), Subject::Shape(shape))
            | (Self::Shape(kinds), Subject::Shape(shape)) => (kinds.accepts)(&shape.kind),
            (Self::Valued(kinds), Subject::Member(_, member)) => targets(model, member, kinds),
            (Self::ErrorStructure, Subject::Shape(shape)) => {
                is_structure(shape) && shape.traits.has("smithy.api#error")
            }
            (Self::StructureMember(kinds), Subject::Member(shape, member)) => {
                is_structure(shape) && targets(model, member, kinds)
            }
            (Self::DataMember(kinds), Subject::Member(shape, member)) => {
                (is_structure(shape) || matches!(shape.kind, ShapeKind::Union))
                    && targets(model, member, kinds)
            }
            (Self::EnumMember, Subject::Member(shape, _)) => {
                matches!(shape.kind, ShapeKind::Enum | ShapeKind::IntEnum)
            }
            (Self::Defaulted, Subject::Shape(shape)) => can_default(&shape.kind),
            (Self::Defaulted, Subject::Member(shape, member)) => {
                let target = model.target(member);
                is_structure(shape) && target.is_none_or(|target| can_default(&target.kind))
            }
            _ => false,
        }
    }

    fn describe(self) -> String {
        match self {
            Self::Anywhere => "anything".to_owned(),
            Self::NotOnMembers => "a shape".to_owned(),
            Self::Valued(kinds) => format!("{}, or a member that targets one", kinds.name),
            Self::Shape(kinds) => kinds.name.to_owned(),
            Self::ErrorStructure => "a structure with `smithy.api#error`".to_owned(),
            Self::StructureMember(kinds) => {
                format!("a structure's member that targets {}", kinds.name)
            }
            Self::DataMember(kinds) => {
                format!(
                    "a structure's or union's member that targets {}",
                    kinds.name
                )
            }
            Self::EnumMember => "a member of an enum".to_owned(),
            Self::Defaulted => {
                "a simple type, list or map, or a structure's member that targets one".to_owned()
            }
        }
    }
}

fn is_structure(shape: &Shape<'_>) -> bool {
    matches!(shape.kind, ShapeKind::Structure)
}

fn can_default(kind: &ShapeKind<'_>) -> bool {
    !kind.is_service_type() && !matches!(kind, ShapeKind::Structure | ShapeKind::Union)
}

/// Whether the member's target is of the kind; a target that is missing is told of elsewhere.
fn targets(model: &Model<'_>, member: &Member<'_>, kinds: Kinds) -> bool {
    let target = model.target(member);
    target.is_none_or(|target| (kinds.accepts)(&target.kind))
}

fn check_value(
    checker: &mut Checker<'_, '_>,
    subject: Subject<'_, '_>,
    what: &str,
    value: Value,
    node: &Node<'_>,
) {
    if !value.accepts(node) {
        let message = format!("the value of `{what}` must be {}", value.describe());
        checker.error(subject, node.span, message);
        return;
    }
    let Value::Object(properties) = value else {
        return;
    };
    for (name, required, value) in properties {
        match node.get(name) {
            Some(node) => check_value(checker, subject, name, *value, node),
            None if *required => {
                checker.error(subject, node.span, format!("`{what}` needs `{name}`"));
            }
            None => {}
        }
    }
    for (name, place, _) in node.as_object().unwrap_or_default() {
        if !properties.iter().any(|(known, ..)| known == name) {
            let message = format!("`{what}` has no property `{name}`");
            let problem = Problem::warning(*place, message).about(subject.id());
            let known = properties.iter().map(|(known, ..)| *known);
            checker.report(words::with_suggestion(problem, name, known));
        }
    }
}

impl Value {
    fn accepts(self, node: &Node<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Annotation | Self::AnyObject | Self::Object(_) => node.as_object().is_some(),
            Self::Text => node.as_str().is_some(),
            Self::NonEmptyText => node.as_str().is_some_and(|text| !text.is_empty()),
            Self::Number => node.as_number().is_some(),
            Self::Decimal => node.as_number().is_some() || node.as_str().is_some(),
            Self::Flag => node.as_bool().is_some(),
            Self::OneOf(values) => node.as_str().is_some_and(|text| values.contains(&text)),
            Self::List => node.as_array().is_some(),
            Self::Texts => node
                .as_array()
                .is_some_and(|items| items.iter().all(|item| item.as_str().is_some())),
        }
    }

    fn describe(self) -> String {
        match self {
            Self::Any => "any value".to_owned(),
            Self::Annotation => "an object, `{}`".to_owned(),
            Self::AnyObject | Self::Object(_) => "an object".to_owned(),
            Self::Text => "a string".to_owned(),
            Self::NonEmptyText => "a string that is not empty".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Decimal => "a number, or a string that holds one".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::OneOf(values) => format!("one of {}", words::list(values)),
            Self::List => "an array".to_owned(),
            Self::Texts => "an array of strings".to_owned(),
        }
    }
}
