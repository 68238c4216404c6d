//! Which members need a `Box`.
//!
//! A structure or union that holds itself by value has no size. Lists and maps keep their items
//! elsewhere and so break the cycle by themselves.

use super::graph;
use crate::model::{IndexMap, Shape, ShapeId, ShapeKind};

/// Sets [`Member::recursive`](crate::Member::recursive) on as few members as break all cycles.
///
/// The walk starts from the shapes in the order of their ids, so that the choice does not hang on the
/// order of the files.
pub(super) fn mark(shapes: &mut IndexMap<ShapeId<'_>, Shape<'_>>) {
    let by_value =
        |shape: &Shape<'_>| matches!(shape.kind, ShapeKind::Structure | ShapeKind::Union);
    let mut members: Vec<Vec<usize>> = Vec::with_capacity(shapes.len());
    let mut edges: graph::Edges = Vec::with_capacity(shapes.len());
    for shape in shapes.values() {
        let targets = shape
            .members
            .iter()
            .enumerate()
            .filter_map(|(index, member)| {
                let (target, _, shape) = shapes.get_full(&member.target)?;
                by_value(shape).then_some((index, target))
            });
        let (from, to) = if by_value(shape) {
            targets.unzip()
        } else {
            Default::default()
        };
        members.push(from);
        edges.push(to);
    }
    let mut order: Vec<usize> = (0..shapes.len()).collect();
    order.sort_by_key(|index| shapes.get_index(*index).map(|(id, _)| id));
    for (node, edge) in graph::back_edges(&edges, &order) {
        if let Some((_, shape)) = shapes.get_index_mut(node) {
            shape.members[members[node][edge]].recursive = true;
        }
    }
}
