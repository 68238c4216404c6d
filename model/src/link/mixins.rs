//! Mixins and `apply`, worked into the shapes.
//!
//! Source: Smithy 2.0, "Mixins" and "Applying traits externally".

use rustc_hash::FxHashMap;

use super::{Definitions, graph};
use crate::load::{Apply, Definition, merge_traits};
use crate::model::{
    IndexMap, Member, Reference, Resource, Service, Shape, ShapeId, ShapeKind, Traits,
};
use crate::node::Node;
use crate::problem::Problem;
use crate::source::Span;
use crate::words::{self, ShapeSuggestions};

const MIXIN: &str = "smithy.api#mixin";

/// Far beyond any model; each level copies all members of the levels below it.
const MAX_DEPTH: usize = 64;

/// Gives every shape the members and traits of its mixins, and what is applied to it.
pub(super) fn flatten<'s>(
    definitions: &mut Definitions<'s>,
    applies: Vec<Apply<'s>>,
    problems: &mut Vec<Problem>,
) {
    let mut applies = by_shape(definitions, applies, problems);
    let edges: graph::Edges = definitions
        .values()
        .map(|definition| {
            let mixins = definition.mixins.iter();
            mixins
                .filter_map(|id| definitions.get_index_of(id))
                .collect()
        })
        .collect();
    let mut depths = vec![0; edges.len()];
    for component in graph::components(&edges) {
        if graph::is_cycle(&component, &edges) {
            report_cycle(definitions, &component, problems);
        }
        for index in component {
            limit_depth(definitions, index, &edges[index], &mut depths, problems);
            let applied = applies.remove(&index).unwrap_or_default();
            flatten_one(definitions, index, applied, problems);
        }
    }
}

/// Cuts a shape's mixins where they are nested too deep.
fn limit_depth(
    definitions: &mut Definitions<'_>,
    index: usize,
    mixins: &[usize],
    depths: &mut [usize],
    problems: &mut Vec<Problem>,
) {
    let deepest = mixins.iter().map(|mixin| depths[*mixin] + 1).max();
    let Some((id, definition)) = definitions.get_index_mut(index) else {
        return;
    };
    let depth = deepest
        .filter(|_| !definition.mixins.is_empty())
        .unwrap_or(0);
    if depth <= MAX_DEPTH {
        depths[index] = depth;
        return;
    }
    definition.mixins.clear();
    let message = format!("mixins are nested deeper than {MAX_DEPTH} levels");
    problems.push(Problem::error(definition.shape.span, message).about(id.to_string()));
}

/// The `apply` statements by the index of their shape.
fn by_shape<'s>(
    definitions: &Definitions<'s>,
    applies: Vec<Apply<'s>>,
    problems: &mut Vec<Problem>,
) -> FxHashMap<usize, Vec<Apply<'s>>> {
    let mut by_shape: FxHashMap<_, Vec<_>> = FxHashMap::default();
    let mut suggestions = ShapeSuggestions::new();
    for apply in applies {
        if let Some(index) = definitions.get_index_of(&apply.shape) {
            by_shape.entry(index).or_default().push(apply);
            continue;
        }
        let message = format!(
            "traits are applied to `{}`, which is not defined",
            apply.shape
        );
        let problem = Problem::error(apply.span, message);
        let known = definitions.keys().map(ShapeId::as_str);
        problems.push(suggestions.add(problem, apply.shape.as_str(), known));
    }
    by_shape
}

/// Tells of a cycle once, and cuts it.
fn report_cycle(definitions: &mut Definitions<'_>, cycle: &[usize], problems: &mut Vec<Problem>) {
    let mut names: Vec<String> = Vec::new();
    for index in cycle {
        if let Some((id, definition)) = definitions.get_index_mut(*index) {
            names.push(id.to_string());
            definition.mixins.clear();
        }
    }
    names.sort_unstable();
    let Some(first) = names.first() else {
        return;
    };
    let message = match &names[1..] {
        [] => "the shape is its own mixin".to_owned(),
        others => format!("mixins form a cycle with {}", words::list(others)),
    };
    let span = definitions
        .get(first.as_str())
        .map_or(Span::NOWHERE, |definition| definition.shape.span);
    problems.push(Problem::error(span, message).about(first.clone()));
}

fn flatten_one<'s>(
    definitions: &mut Definitions<'s>,
    index: usize,
    applied: Vec<Apply<'s>>,
    problems: &mut Vec<Problem>,
) {
    let Some((_, definition)) = definitions.get_index_mut(index) else {
        return;
    };
    let to_inherited = apply_to_own(&mut definition.shape, applied, problems);
    let mixins = definition.mixins.clone();
    if !mixins.is_empty() {
        let mut inherited = Inherited::default();
        let Some((_, definition)) = definitions.get_index(index) else {
            return;
        };
        for id in &mixins {
            if let Some(mixin) = definitions.get(id) {
                inherited.add(definition, &mixin.shape, problems);
            }
        }
        if let Some((_, definition)) = definitions.get_index_mut(index) {
            inherited.give_to(&mut definition.shape, problems);
        }
    }
    if let Some((_, definition)) = definitions.get_index_mut(index) {
        apply_to_inherited(&mut definition.shape, to_inherited, problems);
    }
}

/// Applies traits to the shape and its own members; gives back what names another member.
fn apply_to_own<'s>(
    shape: &mut Shape<'s>,
    applied: Vec<Apply<'s>>,
    problems: &mut Vec<Problem>,
) -> Vec<Apply<'s>> {
    let mut rest = Vec::new();
    for apply in applied {
        let Some(name) = &apply.member else {
            merge_traits(&mut shape.traits, apply.traits, shape.id.as_str(), problems);
            continue;
        };
        match shape.members.iter_mut().find(|it| it.name == *name) {
            Some(member) => {
                let id = format!("{}${name}", shape.id);
                merge_traits(&mut member.traits, apply.traits, &id, problems);
            }
            None => rest.push(apply),
        }
    }
    rest
}

/// Applies traits to members that come from mixins, where they supersede what the mixin says.
fn apply_to_inherited<'s>(
    shape: &mut Shape<'s>,
    applied: Vec<Apply<'s>>,
    problems: &mut Vec<Problem>,
) {
    for apply in applied {
        let name = apply.member.unwrap_or_default();
        if let Some(member) = shape.members.iter_mut().find(|it| it.name == name) {
            member.traits.values.extend(apply.traits.values);
            continue;
        }
        let message = format!("traits are applied to `{name}`, but the shape has no such member");
        let problem = Problem::error(apply.span, message).about(shape.id.to_string());
        let known = shape.members.iter().map(|member| &*member.name);
        problems.push(words::with_suggestion(problem, &name, known));
    }
}

/// What a shape gets from its mixins.
#[derive(Default)]
struct Inherited<'s> {
    members: Vec<Member<'s>>,
    traits: Traits<'s>,
    properties: Vec<ShapeKind<'s>>,
    references: Vec<Reference<'s>>,
}

impl<'s> Inherited<'s> {
    fn add(&mut self, user: &Definition<'s>, mixin: &Shape<'s>, problems: &mut Vec<Problem>) {
        let Some(trait_value) = mixin.traits.get(MIXIN) else {
            let place = user.shape.place_of("mixins", &mixin.id);
            let message = format!("`{}` is used as a mixin, but is not one", mixin.id);
            let problem = Problem::error(place, message).about(user.shape.id.to_string());
            problems.push(problem.hint("give it the trait `smithy.api#mixin`"));
            return;
        };
        if mixin.kind.name() != user.shape.kind.name() {
            let place = user.shape.place_of("mixins", &mixin.id);
            let (user_kind, kind) = (user.shape.kind.name(), mixin.kind.name());
            let message = format!("`{}` of type {kind} is mixed into a {user_kind}", mixin.id);
            problems.push(Problem::error(place, message).about(user.shape.id.to_string()));
            return;
        }
        let local = local_traits(trait_value);
        for (id, value) in &mixin.traits.values {
            if !local.contains(&id.as_str()) {
                self.traits.values.insert(id.clone(), value.clone());
            }
        }
        for member in &mixin.members {
            merge_member(&mut self.members, member.clone(), &user.shape.id, problems);
        }
        self.properties.push(mixin.kind.clone());
        for reference in &mixin.references {
            if reference.property != "mixins" && !self.references.contains(reference) {
                self.references.push(reference.clone());
            }
        }
    }

    fn give_to(mut self, shape: &mut Shape<'s>, problems: &mut Vec<Problem>) {
        self.traits
            .values
            .extend(std::mem::take(&mut shape.traits.values));
        shape.traits = self.traits;
        for member in std::mem::take(&mut shape.members) {
            merge_member(&mut self.members, member, &shape.id, problems);
        }
        shape.members = self.members;
        for properties in self.properties.into_iter().rev() {
            add_properties(&mut shape.kind, properties);
        }
        shape.references.extend(self.references);
    }
}

/// The traits that a mixin keeps to itself.
fn local_traits<'n>(mixin_trait: &'n Node<'_>) -> Vec<&'n str> {
    let local = mixin_trait.get("localTraits").and_then(Node::as_array);
    let mut ids: Vec<_> = local
        .unwrap_or_default()
        .iter()
        .filter_map(Node::as_str)
        .collect();
    ids.push(MIXIN);
    ids
}

/// Adds a member, or lays its traits over those of the same name that came before.
fn merge_member<'s>(
    members: &mut Vec<Member<'s>>,
    member: Member<'s>,
    shape: &ShapeId<'s>,
    problems: &mut Vec<Problem>,
) {
    let Some(existing) = members.iter_mut().find(|other| other.name == member.name) else {
        members.push(member);
        return;
    };
    if existing.target != member.target {
        let message = format!(
            "`{}` targets `{}` here and `{}` in a mixin",
            member.name, member.target, existing.target
        );
        let id = format!("{shape}${}", member.name);
        problems.push(Problem::error(member.target_span, message).about(id));
    }
    existing.traits.values.extend(member.traits.values);
    existing.span = member.span;
    existing.target_span = member.target_span;
}

/// Adds the properties of a mixin in front of those that are there; what is there wins.
fn add_properties<'s>(kind: &mut ShapeKind<'s>, mixin: ShapeKind<'s>) {
    match (kind, mixin) {
        (ShapeKind::Service(own), ShapeKind::Service(mixin)) => add_service(own, mixin),
        (ShapeKind::Resource(own), ShapeKind::Resource(mixin)) => add_resource(own, mixin),
        (ShapeKind::Operation(own), ShapeKind::Operation(mixin)) => {
            prepend(&mut own.errors, mixin.errors);
        }
        _ => {}
    }
}

fn add_service<'s>(own: &mut Service<'s>, mixin: Service<'s>) {
    if own.version.is_none() {
        own.version = mixin.version;
    }
    prepend(&mut own.operations, mixin.operations);
    prepend(&mut own.resources, mixin.resources);
    prepend(&mut own.errors, mixin.errors);
    prepend_entries(&mut own.rename, mixin.rename);
}

fn add_resource<'s>(own: &mut Resource<'s>, mixin: Resource<'s>) {
    prepend_entries(&mut own.identifiers, mixin.identifiers);
    prepend_entries(&mut own.properties, mixin.properties);
    prepend(&mut own.lifecycle, mixin.lifecycle);
    prepend(&mut own.operations, mixin.operations);
    prepend(&mut own.collection_operations, mixin.collection_operations);
    prepend(&mut own.resources, mixin.resources);
}

fn prepend<T: PartialEq>(own: &mut Vec<T>, mut mixin: Vec<T>) {
    for item in own.drain(..) {
        if !mixin.contains(&item) {
            mixin.push(item);
        }
    }
    *own = mixin;
}

fn prepend_entries<K: std::hash::Hash + Eq, V>(
    own: &mut IndexMap<K, V>,
    mut mixin: IndexMap<K, V>,
) {
    mixin.extend(own.drain(..));
    *own = mixin;
}
