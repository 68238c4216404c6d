//! Which shapes are reached from where.

use std::collections::{HashMap, HashSet};

use tinsmith_model::{Closure, Model, Shape, ShapeId, ShapeKind};

/// Sets of shapes of a closure.
pub(super) struct Reach<'m, 's> {
    /// What callers make: reached from the members of an input.
    pub(super) input: HashSet<&'m ShapeId<'s>>,
    /// Targets of members: what needs a type of its own.
    pub(super) nested: HashSet<&'m ShapeId<'s>>,
    /// What a sensitive shape holds, itself included.
    pub(super) sensitive: HashSet<&'m ShapeId<'s>>,
    /// What has no total equality, because it may hold a float, a document or response metadata.
    pub(super) partial_eq: HashSet<&'m ShapeId<'s>>,
    /// The errors of the service and its operations.
    pub(super) errors: HashSet<&'m ShapeId<'s>>,
}

impl<'m, 's> Reach<'m, 's> {
    /// Works out the sets.
    pub(super) fn of(model: &'m Model<'s>, closure: &Closure<'m, 's>) -> Self {
        let walk = Walk { model };
        let errors = errors(closure);
        let inputs = closure
            .operations
            .iter()
            .filter_map(|shape| shape.as_operation());
        let inputs = inputs.map(|operation| &operation.input);
        let input = walk.below(inputs);
        let nested = closure
            .shapes
            .iter()
            .flat_map(|shape| walk.targets(&shape.id))
            .collect();
        let sensitive = closure
            .shapes
            .iter()
            .filter(|shape| shape.traits.sensitive());
        let sensitive = walk.from(sensitive.map(|shape| &shape.id));
        let partial_eq = partial_eq(closure, &errors);
        Self {
            input,
            nested,
            sensitive,
            partial_eq,
            errors,
        }
    }
}

fn errors<'m, 's>(closure: &Closure<'m, 's>) -> HashSet<&'m ShapeId<'s>> {
    let operations = closure
        .operations
        .iter()
        .filter_map(|shape| shape.as_operation());
    let own = closure
        .service
        .as_service()
        .into_iter()
        .flat_map(|service| &service.errors);
    own.chain(operations.flat_map(|operation| &operation.errors))
        .collect()
}

/// What holds a value without total equality, found backwards from such values.
fn partial_eq<'m, 's>(
    closure: &Closure<'m, 's>,
    errors: &HashSet<&'m ShapeId<'s>>,
) -> HashSet<&'m ShapeId<'s>> {
    let mut holders: HashMap<&str, Vec<&'m ShapeId<'s>>> = HashMap::new();
    let mut pending: Vec<&'m ShapeId<'s>> = Vec::new();
    for shape in &closure.shapes {
        for member in &shape.members {
            holders
                .entry(member.target.as_str())
                .or_default()
                .push(&shape.id);
            if is_prelude_float(&member.target) {
                pending.push(&shape.id);
            }
        }
        let is_float = matches!(
            shape.kind,
            ShapeKind::Float | ShapeKind::Double | ShapeKind::Document
        );
        if is_float || errors.contains(&shape.id) {
            pending.push(&shape.id);
        }
    }
    let mut found = HashSet::new();
    while let Some(id) = pending.pop() {
        if found.insert(id) {
            pending.extend(holders.get(id.as_str()).into_iter().flatten());
        }
    }
    found
}

fn is_prelude_float(id: &ShapeId<'_>) -> bool {
    let name = id.name().trim_start_matches("Primitive");
    id.is_prelude() && matches!(name, "Float" | "Double" | "Document")
}

/// A walk from shapes to the shapes that their members target.
pub(super) struct Walk<'m, 's> {
    pub(super) model: &'m Model<'s>,
}

impl<'m, 's> Walk<'m, 's> {
    /// The shapes that the members of `id` target, enums' left out.
    fn targets(&self, id: &ShapeId<'s>) -> impl Iterator<Item = &'m ShapeId<'s>> + use<'m, 's> {
        let shape: Option<&'m Shape<'s>> = self
            .model
            .shape(id)
            .filter(|shape| !matches!(shape.kind, ShapeKind::Enum | ShapeKind::IntEnum));
        shape
            .into_iter()
            .flat_map(|shape| &shape.members)
            .map(|member| &member.target)
    }

    /// Everything reached from the members of `roots`.
    fn below(&self, roots: impl Iterator<Item = &'m ShapeId<'s>>) -> HashSet<&'m ShapeId<'s>> {
        self.from(roots.flat_map(|id| self.targets(id)))
    }

    /// Everything reached from `roots`, themselves included.
    pub(super) fn from(
        &self,
        roots: impl Iterator<Item = &'m ShapeId<'s>>,
    ) -> HashSet<&'m ShapeId<'s>> {
        let mut found = HashSet::new();
        let mut pending: Vec<_> = roots.collect();
        while let Some(id) = pending.pop() {
            if found.insert(id) {
                pending.extend(self.targets(id));
            }
        }
        found
    }
}
