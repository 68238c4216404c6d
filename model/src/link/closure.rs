//! The shapes that one service's client is made of.

use rustc_hash::FxHashSet;

use crate::model::{Model, Shape, ShapeId, ShapeKind};

/// The shapes that a service's client needs.
#[derive(Debug)]
pub struct Closure<'m, 's> {
    /// The service.
    pub service: &'m Shape<'s>,
    /// All operations, those of resources included, in the order of their names.
    pub operations: Vec<&'m Shape<'s>>,
    /// The resources, in the order of their names.
    pub resources: Vec<&'m Shape<'s>>,
    /// Every data shape that the operations reach, errors of the service included, in the order of
    /// their names; prelude shapes left out.
    pub shapes: Vec<&'m Shape<'s>>,
}

impl<'s> Closure<'_, 's> {
    /// The name of `id` in this service: as `rename` says, else its own.
    #[must_use]
    pub fn name_of<'a>(&'a self, id: &'a ShapeId<'s>) -> &'a str {
        if let ShapeKind::Service(service) = &self.service.kind
            && let Some(name) = service.rename.get(id)
        {
            return name;
        }
        id.name()
    }
}

impl<'s> Model<'s> {
    /// The closure of the service `id`; `None` where that is no service.
    ///
    /// Source: Smithy 2.0, "Service types", "Service closure".
    #[must_use]
    pub fn closure(&self, id: &ShapeId<'_>) -> Option<Closure<'_, 's>> {
        let service = self.shape(id)?;
        let bound = service.as_service()?;
        let mut walk = Walk::new(self);
        walk.bind(&bound.operations, &bound.resources);
        let mut pending: Vec<&ShapeId<'s>> = bound.errors.iter().collect();
        for operation in walk.operations.iter().filter_map(|it| it.as_operation()) {
            pending.extend([&operation.input, &operation.output]);
            pending.extend(&operation.errors);
        }
        walk.reach(pending);

        let mut closure = Closure {
            service,
            operations: walk.operations,
            resources: walk.resources,
            shapes: Vec::new(),
        };
        let mut shapes = walk.shapes;
        shapes.sort_by(|a, b| {
            let names = closure.name_of(&a.id).cmp(closure.name_of(&b.id));
            names.then_with(|| a.id.cmp(&b.id))
        });
        closure.shapes = shapes;
        closure.operations.sort_by(|a, b| by_name(a, b));
        closure.resources.sort_by(|a, b| by_name(a, b));
        Some(closure)
    }
}

fn by_name(a: &Shape<'_>, b: &Shape<'_>) -> std::cmp::Ordering {
    (a.id.name(), &a.id).cmp(&(b.id.name(), &b.id))
}

/// What a walk over the model has met, each shape once.
struct Walk<'m, 's> {
    model: &'m Model<'s>,
    seen: FxHashSet<&'m ShapeId<'s>>,
    operations: Vec<&'m Shape<'s>>,
    resources: Vec<&'m Shape<'s>>,
    shapes: Vec<&'m Shape<'s>>,
}

impl<'m, 's> Walk<'m, 's> {
    fn new(model: &'m Model<'s>) -> Self {
        Self {
            model,
            seen: FxHashSet::default(),
            operations: Vec::new(),
            resources: Vec::new(),
            shapes: Vec::new(),
        }
    }

    /// Collects operations and resources, down the tree of resources.
    fn bind(&mut self, operations: &'m [ShapeId<'s>], resources: &'m [ShapeId<'s>]) {
        let mut pending: Vec<_> = operations.iter().chain(resources).collect();
        while let Some(id) = pending.pop() {
            let Some(shape) = self.model.shape(id) else {
                continue;
            };
            if !self.seen.insert(&shape.id) {
                continue;
            }
            match &shape.kind {
                ShapeKind::Operation(_) => self.operations.push(shape),
                ShapeKind::Resource(resource) => {
                    self.resources.push(shape);
                    pending.extend(resource.all_operations().chain(&resource.resources));
                }
                _ => {}
            }
        }
    }

    /// Collects the data shapes that are reached from `pending`.
    fn reach(&mut self, mut pending: Vec<&'m ShapeId<'s>>) {
        while let Some(id) = pending.pop() {
            let Some(shape) = self.model.shape(id) else {
                continue;
            };
            if id.is_prelude() || shape.kind.is_service_type() || !self.seen.insert(&shape.id) {
                continue;
            }
            self.shapes.push(shape);
            pending.extend(shape.members.iter().map(|member| &member.target));
        }
    }
}
