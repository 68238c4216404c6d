//! Divides all characters into classes that no set of a pattern tells apart.

use rustc_hash::{FxHashMap, FxHashSet};

use super::charset::CharSet;
use super::{EngineReason, ast::Node};

/// Sets beyond this number make a pattern too large for a table.
const MAX_SETS: usize = 512;
/// Classes are numbered with a byte.
const MAX_CLASSES: usize = 255;

/// The classes of a pattern's characters.
#[derive(Debug)]
pub(super) struct Alphabet {
    /// The characters of each class.
    pub(super) classes: Vec<CharSet>,
    /// The classes that each distinct set of the pattern is made of.
    members: FxHashMap<CharSet, Vec<usize>>,
}

impl Alphabet {
    /// The classes that the sets of `node` need.
    pub(super) fn of(node: &Node) -> Result<Self, EngineReason> {
        let mut sets = FxHashSet::default();
        collect(node, &mut sets)?;
        let mut sets: Vec<CharSet> = sets.into_iter().collect();
        sets.sort_unstable_by(|a, b| a.ranges().cmp(b.ranges()));
        let mut by_signature: FxHashMap<Vec<bool>, Vec<(u32, u32)>> = FxHashMap::default();
        for (interval, signature) in intervals(&sets) {
            by_signature.entry(signature).or_default().push(interval);
        }
        let mut classes: Vec<(CharSet, Vec<bool>)> = by_signature
            .into_iter()
            .map(|(signature, ranges)| (CharSet::from_ranges(ranges), signature))
            .filter(|(class, _)| !class.is_empty())
            .collect();
        if classes.len() > MAX_CLASSES {
            return Err(EngineReason::Characters);
        }
        classes.sort_unstable_by(|(a, _), (b, _)| a.ranges().cmp(b.ranges()));
        let members = sets
            .into_iter()
            .enumerate()
            .map(|(set, characters)| {
                let holds = |(class, (_, signature)): (usize, &(CharSet, Vec<bool>))| {
                    signature
                        .get(set)
                        .copied()
                        .unwrap_or(false)
                        .then_some(class)
                };
                (
                    characters,
                    classes.iter().enumerate().filter_map(holds).collect(),
                )
            })
            .collect();
        Ok(Self {
            classes: classes.into_iter().map(|(class, _)| class).collect(),
            members,
        })
    }

    /// The classes that `set`, one of the pattern's, is made of.
    pub(super) fn classes_of(&self, set: &CharSet) -> &[usize] {
        self.members.get(set).map_or(&[], Vec::as_slice)
    }
}

fn collect(node: &Node, sets: &mut FxHashSet<CharSet>) -> Result<(), EngineReason> {
    match node {
        Node::Set(set) => {
            if !sets.contains(set) {
                sets.insert(set.clone());
            }
        }
        Node::Concat(nodes) | Node::Alternate(nodes) => {
            for node in nodes {
                collect(node, sets)?;
            }
        }
        Node::Repeat { node, .. } | Node::Group(node) | Node::Look { node, .. } => {
            collect(node, sets)?;
        }
        Node::Empty | Node::Start | Node::End | Node::BackReference(_) => {}
    }
    if sets.len() > MAX_SETS {
        return Err(EngineReason::Characters);
    }
    Ok(())
}

/// The intervals between all edges of `sets`, each with which of the sets hold it.
fn intervals(sets: &[CharSet]) -> impl Iterator<Item = ((u32, u32), Vec<bool>)> {
    let mut edges: Vec<u32> = sets
        .iter()
        .flat_map(CharSet::ranges)
        .flat_map(|&(first, last)| [first, last + 1])
        .chain([0, 0x0011_0000])
        .collect();
    edges.sort_unstable();
    edges.dedup();
    let pairs: Vec<(u32, u32)> = edges
        .windows(2)
        .map(|pair| (pair[0], pair[1] - 1))
        .collect();
    pairs.into_iter().map(move |(first, last)| {
        let holds = |set: &CharSet| {
            let next = set.ranges().partition_point(|&(_, end)| end < first);
            set.ranges()
                .get(next)
                .is_some_and(|&(start, _)| start <= first)
        };
        ((first, last), sets.iter().map(holds).collect())
    })
}
