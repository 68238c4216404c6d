//! The syntax tree of a pattern.

use super::charset::CharSet;

/// A piece of a pattern. Flags are resolved: sets are closed under case, `.` and `^` mean what the
/// flags in force make them mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Matches without looking.
    Empty,
    /// One character of the set.
    Set(CharSet),
    /// One after the other.
    Concat(Vec<Node>),
    /// One of several.
    Alternate(Vec<Node>),
    /// The same again; without `max` there is no upper bound.
    Repeat {
        node: Box<Node>,
        min: u32,
        max: Option<u32>,
        greedy: bool,
    },
    /// A capturing group. Its number is its place among the groups.
    Group(Box<Node>),
    /// The text that a capturing group last held.
    BackReference(u32),
    /// The start of the text.
    Start,
    /// The end of the text.
    End,
    /// A condition on what follows, or on what came before.
    Look {
        behind: bool,
        negated: bool,
        node: Box<Node>,
    },
}

impl Node {
    /// `nodes` one after the other.
    pub(super) fn concat(mut nodes: Vec<Node>) -> Self {
        match nodes.len() {
            0 => Self::Empty,
            1 => nodes.swap_remove(0),
            _ => Self::Concat(nodes),
        }
    }

    /// One of `nodes`.
    pub(super) fn alternate(mut nodes: Vec<Node>) -> Self {
        match nodes.len() {
            1 => nodes.swap_remove(0),
            _ => Self::Alternate(nodes),
        }
    }

    /// A look-around of a set.
    pub(super) fn look_at(set: CharSet, behind: bool, negated: bool) -> Self {
        Self::Look {
            behind,
            negated,
            node: Box::new(Self::Set(set)),
        }
    }

    /// The node within the groups around it.
    pub(super) fn ungrouped(&self) -> &Self {
        match self {
            Self::Group(node) => node.ungrouped(),
            node => node,
        }
    }

    /// How deep the engine recurses on the node.
    pub(super) fn engine_depth(&self) -> usize {
        match self {
            Self::Concat(nodes) => 1 + Self::deepest(nodes),
            Self::Alternate(nodes) => nodes.len() + Self::deepest(nodes),
            Self::Repeat { node, .. } | Self::Group(node) | Self::Look { node, .. } => {
                1 + node.engine_depth()
            }
            _ => 1,
        }
    }

    fn deepest(nodes: &[Self]) -> usize {
        nodes.iter().map(Self::engine_depth).max().unwrap_or(0)
    }

    /// The set, where the node matches exactly one character of a set.
    pub(super) fn as_set(&self) -> Option<CharSet> {
        match self.ungrouped() {
            Self::Set(set) => Some(set.clone()),
            Self::Alternate(nodes) => nodes
                .iter()
                .map(Self::as_set)
                .try_fold(CharSet::default(), |all, set| Some(all.union(&set?))),
            _ => None,
        }
    }
}
