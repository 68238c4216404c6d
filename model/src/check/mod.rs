//! The third stage: everything that is wrong with a linked model.
//!
//! One module a concern. All checks run on any model, however broken; each tells of its own rules
//! only, and is silent where another has spoken.

mod auth;
mod bindings;
mod constraints;
mod decimal;
mod defaults;
mod endpoint_tests;
mod enums;
mod examples;
mod labels;
mod names;
mod operations;
mod pagination;
mod recursion;
mod references;
mod resources;
mod routes;
mod shapes;
mod streaming;
mod traits;
mod values;
mod waiters;

use crate::link::Closure;
use crate::model::{Member, Model, Shape, Traits};
use crate::problem::Problem;
use crate::source::Span;
use crate::words::ShapeSuggestions;

/// Tells in `problems` of everything that is wrong with `model`, and puts them all, those of the stages
/// before too, in the order of the files.
///
/// Errors stand for models that no client can be made of. Warnings stand for what is likely a mistake
/// but hurts nobody. Patterns are not compiled here, since the generator does so anyway and knows
/// more; see [`Model::patterns`].
pub fn check(model: &Model<'_>, problems: &mut Vec<Problem>) {
    let services = model.services().into_iter();
    let closures: Vec<_> = services.filter_map(|it| model.closure(&it.id)).collect();
    let mut checker = Checker {
        model,
        closures: &closures,
        problems,
        suggestions: ShapeSuggestions::new(),
    };
    references::check(&mut checker);
    shapes::check(&mut checker);
    enums::check(&mut checker);
    traits::check(&mut checker);
    constraints::check(&mut checker);
    defaults::check(&mut checker);
    recursion::check(&mut checker);
    streaming::check(&mut checker);
    operations::check(&mut checker);
    auth::check(&mut checker);
    resources::check(&mut checker);
    labels::check(&mut checker);
    bindings::check(&mut checker);
    pagination::check(&mut checker);
    waiters::check(&mut checker);
    routes::check(&mut checker);
    names::check(&mut checker);
    examples::check(&mut checker);
    endpoint_tests::check(&mut checker);
    problems.sort_by_key(|problem| problem.span.map(|span| (span.file, span.start)));
}

/// What every check works with.
struct Checker<'c, 's> {
    model: &'c Model<'s>,
    /// The closures of all services.
    closures: &'c [Closure<'c, 's>],
    problems: &'c mut Vec<Problem>,
    suggestions: ShapeSuggestions,
}

/// A shape, or a member of it.
#[derive(Clone, Copy)]
enum Subject<'m, 's> {
    Shape(&'m Shape<'s>),
    Member(&'m Shape<'s>, &'m Member<'s>),
}

impl<'c, 's> Checker<'c, 's> {
    fn error(&mut self, subject: Subject<'_, '_>, span: Span, message: impl Into<String>) {
        self.report(Problem::error(span, message).about(subject.id()));
    }

    fn warning(&mut self, subject: Subject<'_, '_>, span: Span, message: impl Into<String>) {
        self.report(Problem::warning(span, message).about(subject.id()));
    }

    fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The shapes that files define.
    fn shapes(&self) -> impl Iterator<Item = &'c Shape<'s>> + use<'c, 's> {
        self.model
            .shapes
            .values()
            .filter(|shape| shape.span != Span::NOWHERE)
    }

    /// The shapes that files define, each followed by its members.
    fn subjects(&self) -> impl Iterator<Item = Subject<'c, 's>> + use<'c, 's> {
        self.shapes().flat_map(|shape| {
            let members = shape.members.iter();
            let members = members.map(move |member| Subject::Member(shape, member));
            [Subject::Shape(shape)].into_iter().chain(members)
        })
    }
}

impl<'m, 's> Subject<'m, 's> {
    fn id(self) -> String {
        match self {
            Self::Shape(shape) => shape.id.to_string(),
            Self::Member(shape, member) => format!("{}${}", shape.id, member.name),
        }
    }

    fn traits(self) -> &'m Traits<'s> {
        match self {
            Self::Shape(shape) => &shape.traits,
            Self::Member(_, member) => &member.traits,
        }
    }

    /// The shape whose kind the subject's value has: the shape itself, or the member's target.
    fn value_shape(self, model: &'m Model<'s>) -> Option<&'m Shape<'s>> {
        match self {
            Self::Shape(shape) => Some(shape),
            Self::Member(_, member) => model.target(member),
        }
    }
}
