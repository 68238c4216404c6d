//! The second stage: an [`Ast`] to a [`Model`] in which everything is tied together.

mod closure;
pub(crate) mod graph;
mod mixins;
mod recursion;
mod smithy_1;
#[cfg(test)]
#[allow(clippy::panic)]
mod tests;

use indexmap::map::Entry;

use crate::load::{Ast, Definition};
use crate::model::{IndexMap, Model, Shape, ShapeId};
use crate::prelude;
use crate::problem::Problem;

pub use closure::Closure;

/// Shapes by id while they are linked.
type Definitions<'s> = IndexMap<ShapeId<'s>, Definition<'s>>;

/// Works mixins and `apply` into the shapes, adds the prelude, reads what Smithy 1.0 left unsaid, and
/// finds recursion.
///
/// Any input gives a model: what cannot be tied is told in `problems` and left as it is.
#[must_use]
pub fn link<'s>(ast: Ast<'s>, problems: &mut Vec<Problem>) -> Model<'s> {
    let Ast {
        shapes: mut definitions,
        applies,
        metadata,
    } = ast;
    add_prelude(&mut definitions);
    mixins::flatten(&mut definitions, applies, problems);
    smithy_1::enums(&mut definitions);
    smithy_1::defaults(&mut definitions);
    let mut shapes: IndexMap<ShapeId<'s>, Shape<'s>> = definitions
        .into_iter()
        .map(|(id, definition)| (id, definition.shape))
        .collect();
    recursion::mark(&mut shapes);
    Model { shapes, metadata }
}

/// A file may bring its own copy of the prelude, which then stands.
fn add_prelude(definitions: &mut Definitions<'_>) {
    for shape in prelude::shapes() {
        if let Entry::Vacant(entry) = definitions.entry(shape.id.clone()) {
            entry.insert(Definition {
                shape,
                mixins: Vec::new(),
                smithy_1: false,
            });
        }
    }
}
