//! `smithy.api#paginated`: the members it names are there, and of a kind that can be paged through.
//!
//! Source: Smithy 2.0, "paginated trait".

use super::{Checker, Subject};
use crate::model::{Member, Shape, ShapeKind};
use crate::node::Node;
use crate::problem::Problem;
use crate::source::Span;
use crate::traits::Paginated;
use crate::words;

/// A property of the trait: the member it names and what that targets.
struct Property {
    name: &'static str,
    read: for<'a> fn(&Paginated<'a>) -> Option<&'a str>,
    body: Body,
    /// Whether the operation or its service must give it.
    needed: bool,
    fits: fn(&ShapeKind<'_>) -> bool,
    expected: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Body {
    Input,
    Output,
}

static PROPERTIES: [Property; 4] = [
    Property {
        name: "inputToken",
        read: |paginated| paginated.input_token,
        body: Body::Input,
        needed: true,
        fits: is_token,
        expected: "a string",
    },
    Property {
        name: "outputToken",
        read: |paginated| paginated.output_token,
        body: Body::Output,
        needed: true,
        fits: is_token,
        expected: "a string",
    },
    Property {
        name: "items",
        read: |paginated| paginated.items,
        body: Body::Output,
        needed: false,
        fits: |kind| matches!(kind, ShapeKind::List | ShapeKind::Map),
        expected: "a list or map",
    },
    Property {
        name: "pageSize",
        read: |paginated| paginated.page_size,
        body: Body::Input,
        needed: false,
        fits: |kind| kind.is_number(),
        expected: "a number",
    },
];

/// Tokens should be strings, but some services use the map of a key, or a number.
fn is_token(kind: &ShapeKind<'_>) -> bool {
    kind.is_number() || matches!(kind, ShapeKind::String | ShapeKind::Enum | ShapeKind::Map)
}

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for closure in checker.closures {
        for operation in &closure.operations {
            let own = operation.traits.get("smithy.api#paginated");
            let paginated = operation.traits.paginated();
            if let Some((own, paginated)) = own.zip(paginated) {
                let paginated = paginated.or(closure.service.traits.paginated());
                for property in &PROPERTIES {
                    check_property(checker, operation, own, &paginated, property);
                }
            }
        }
    }
}

fn check_property<'s>(
    checker: &mut Checker<'_, 's>,
    operation: &Shape<'s>,
    own: &Node<'s>,
    paginated: &Paginated<'_>,
    property: &Property,
) {
    let subject = Subject::Shape(operation);
    let Some(path) = (property.read)(paginated) else {
        if property.needed {
            let name = property.name;
            let message = format!("`{name}` is given neither here nor by the service");
            checker.error(subject, own.span, message);
        }
        return;
    };
    let body = operation.as_operation().map(|bound| match property.body {
        Body::Input => &bound.input,
        Body::Output => &bound.output,
    });
    let place = own.get(property.name).map_or(own.span, |node| node.span);
    let shape = body.and_then(|id| checker.model.shape(id));
    let Some(member) = shape.and_then(|shape| find(checker, subject, shape, path, place)) else {
        return;
    };
    let target = checker.model.target(member);
    if target.is_some_and(|target| !(property.fits)(&target.kind)) {
        let message = format!("`{path}` must target {}, but does not", property.expected);
        checker.error(subject, place, message);
    }
    if property.body == Body::Input && member.traits.required() {
        check_required(checker, subject, property, place);
    }
}

/// The member at the end of `path`; tells where there is none.
fn find<'c, 's>(
    checker: &mut Checker<'c, 's>,
    subject: Subject<'_, 's>,
    shape: &'c Shape<'s>,
    path: &str,
    place: Span,
) -> Option<&'c Member<'s>> {
    let members = checker.model.member_path(shape, path);
    if let Some(member) = members.and_then(|members| members.last().copied()) {
        return Some(member);
    }
    let problem = Problem::error(place, format!("`{}` has no member `{path}`", shape.id));
    let names = shape.members.iter().map(|member| &*member.name);
    let problem = words::with_suggestion(problem.about(subject.id()), path, names);
    checker.report(problem);
    None
}

/// A token that is required cannot be left out for the first page. A page size only should not be.
fn check_required(
    checker: &mut Checker<'_, '_>,
    subject: Subject<'_, '_>,
    property: &Property,
    place: Span,
) {
    if property.needed {
        let message = "the token is required, but the first page is asked for without it";
        checker.error(subject, place, message);
    } else {
        let message = "the size of a page should not be required";
        checker.warning(subject, place, message);
    }
}
