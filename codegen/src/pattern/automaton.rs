//! The automaton that a pattern is emitted as, and what it tells of the pattern.

use super::EngineReason;
use super::alphabet::Alphabet;
use super::ast::Node;
use super::charset::CharSet;
use super::minimize;
use super::program::Program;
use super::subset::{self, Complete};

/// A minimal deterministic automaton over classes of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automaton {
    /// The characters of each class; together they are all characters.
    pub classes: Vec<CharSet>,
    /// Where each state goes for each class.
    pub rows: Vec<Vec<Target>>,
    /// Where it starts.
    pub start: Target,
    /// The states from this one on accept a text that ends in them.
    pub accepting_from: usize,
}

/// Where a transition leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Where no text matches, whatever follows.
    Dead,
    /// Where every text matches, whatever follows.
    Matched,
    /// To the state of this row.
    State(usize),
}

impl Automaton {
    /// The automaton of `node`.
    pub(super) fn compile(node: &Node) -> Result<Self, EngineReason> {
        let alphabet = Alphabet::of(node)?;
        let program = Program::compile(node, &alphabet)?;
        let complete = subset::determinize(&program, alphabet.classes.len())?;
        let blocks = minimize::blocks(&complete);
        Ok(Self::from_blocks(&complete, &blocks, &alphabet.classes))
    }

    /// The automaton whose states are the blocks of `complete`.
    fn from_blocks(complete: &Complete, blocks: &[usize], classes: &[CharSet]) -> Self {
        let quotient = Quotient::new(complete, blocks);
        let order = quotient.order();
        let targets = quotient.targets(&order);
        let row = |&block: &usize| {
            let next = quotient.blocks[block].next.iter();
            next.map(|&target| targets[target]).collect()
        };
        let rows: Vec<Vec<Target>> = order.iter().map(row).collect();
        let accepting_from = order.partition_point(|&block| !quotient.blocks[block].accepts);
        let start = targets.get(quotient.start).copied().unwrap_or(Target::Dead);
        let (classes, rows) = merge_classes(classes, &rows);
        Self {
            classes,
            rows,
            start,
            accepting_from,
        }
    }

    /// Whether a text that ends in this state matches.
    #[must_use]
    pub fn accepts(&self, target: Target) -> bool {
        match target {
            Target::Dead => false,
            Target::Matched => true,
            Target::State(state) => state >= self.accepting_from,
        }
    }

    /// Where the automaton goes for `character`.
    #[must_use]
    pub fn step(&self, from: Target, character: char) -> Target {
        let Target::State(state) = from else {
            return from;
        };
        let class = self.classes.iter().position(|set| set.contains(character));
        class
            .and_then(|class| self.rows.get(state)?.get(class).copied())
            .unwrap_or(Target::Dead)
    }

    /// The lengths of the shortest and of the longest text that matches, in characters; no longest
    /// one where there is no bound, and nothing at all where nothing matches.
    pub(super) fn lengths(&self) -> Option<(usize, Option<usize>)> {
        match self.start {
            Target::Dead => None,
            Target::Matched => Some((0, None)),
            Target::State(start) => Some((self.shortest(start)?, self.longest(start))),
        }
    }

    fn shortest(&self, start: usize) -> Option<usize> {
        let mut seen = vec![false; self.rows.len()];
        let mut level = vec![start];
        for length in 0..=self.rows.len() {
            if level.iter().any(|&state| state >= self.accepting_from) {
                return Some(length);
            }
            let targets = level
                .iter()
                .filter_map(|&state| self.rows.get(state))
                .flatten();
            if targets.clone().any(|target| *target == Target::Matched) {
                return Some(length + 1);
            }
            let mut next = Vec::new();
            for target in targets {
                if let Target::State(state) = *target
                    && let Some(seen) = seen.get_mut(state)
                    && !std::mem::replace(seen, true)
                {
                    next.push(state);
                }
            }
            level = next;
        }
        None
    }

    /// The length of the longest path, if no state is met twice: every state leads to a match, so a
    /// circle means that there is no bound. States are taken off when all that lead to them are.
    fn longest(&self, start: usize) -> Option<usize> {
        let successors = |state: usize| {
            let row = self.rows.get(state).map_or(&[][..], Vec::as_slice);
            row.iter().filter_map(|target| match target {
                Target::State(state) => Some(*state),
                _ => None,
            })
        };
        if self
            .rows
            .iter()
            .flatten()
            .any(|target| *target == Target::Matched)
        {
            return None;
        }
        let mut leading_here = vec![0_usize; self.rows.len()];
        for target in (0..self.rows.len()).flat_map(successors) {
            leading_here[target] += 1;
        }
        let mut depth = vec![0; self.rows.len()];
        let (mut open, mut taken, mut longest) = (vec![start], 0, 0);
        if leading_here[start] > 0 {
            return None;
        }
        while let Some(state) = open.pop() {
            taken += 1;
            if state >= self.accepting_from {
                longest = longest.max(depth[state]);
            }
            for next in successors(state) {
                depth[next] = depth[next].max(depth[state] + 1);
                leading_here[next] -= 1;
                if leading_here[next] == 0 {
                    open.push(next);
                }
            }
        }
        (taken == self.rows.len()).then_some(longest)
    }
}

/// The blocks of an automaton as states.
struct Quotient {
    start: usize,
    blocks: Vec<Block>,
}

/// States that accept the same texts, as one.
struct Block {
    /// The block that each class leads to.
    next: Vec<usize>,
    accepts: bool,
    /// Whether no class leads elsewhere, so that what follows makes no difference.
    sink: bool,
}

impl Quotient {
    /// `block_of` has the block of each state of `complete`; blocks are numbered without gaps.
    fn new(complete: &Complete, block_of: &[usize]) -> Self {
        let count = block_of.iter().max().map_or(0, |last| last + 1);
        let mut state_of = vec![0; count];
        for (state, &block) in block_of.iter().enumerate().rev() {
            state_of[block] = state;
        }
        let blocks = state_of.iter().enumerate().map(|(block, &state)| {
            let row = state * complete.classes..(state + 1) * complete.classes;
            let targets = complete.next.get(row).unwrap_or_default();
            let next: Vec<usize> = targets.iter().map(|&target| block_of[target]).collect();
            Block {
                sink: next.iter().all(|&target| target == block),
                accepts: complete.accepting[state],
                next,
            }
        });
        Self {
            start: block_of.first().copied().unwrap_or(0),
            blocks: blocks.collect(),
        }
    }

    /// The blocks that can be left, those that accept after the others, and each followed by those it
    /// leads to as far as may be: states that count then have numbers in a row.
    fn order(&self) -> Vec<usize> {
        let mut met = Vec::new();
        let mut seen = vec![false; self.blocks.len()];
        let mut open = vec![self.start];
        while let Some(number) = open.pop() {
            let Some(block) = self.blocks.get(number) else {
                continue;
            };
            if !std::mem::replace(&mut seen[number], true) {
                met.push(number);
                open.extend(block.next.iter().rev());
            }
        }
        met.retain(|&block| !self.blocks[block].sink);
        met.sort_by_key(|&block| self.blocks[block].accepts);
        met
    }

    /// Where a transition to each block leads, when the rows are the blocks in `order`.
    fn targets(&self, order: &[usize]) -> Vec<Target> {
        let sink = |block: &Block| {
            if block.accepts {
                Target::Matched
            } else {
                Target::Dead
            }
        };
        let mut targets: Vec<Target> = self.blocks.iter().map(sink).collect();
        for (row, &block) in order.iter().enumerate() {
            targets[block] = Target::State(row);
        }
        targets
    }
}

/// Joins the classes that no state tells apart.
fn merge_classes(classes: &[CharSet], rows: &[Vec<Target>]) -> (Vec<CharSet>, Vec<Vec<Target>>) {
    let mut merged: Vec<(Vec<Target>, CharSet)> = Vec::new();
    for (class, characters) in classes.iter().enumerate() {
        let column: Vec<Target> = rows
            .iter()
            .filter_map(|row| row.get(class).copied())
            .collect();
        match merged.iter_mut().find(|(other, _)| *other == column) {
            Some((_, joined)) => *joined = joined.union(characters),
            None => merged.push((column, characters.clone())),
        }
    }
    // The class that takes the longest to list is the one that need not be, and so the first; those
    // without an ASCII character are the last.
    let parts = |(_, set): &(Vec<Target>, CharSet)| (set.wide_ranges().len(), set.ranges().len());
    let longest = (0..merged.len()).max_by_key(|&index| parts(&merged[index]));
    let first = longest.map(|index| merged.remove(index));
    merged.sort_by_key(|(_, set)| set.ascii_ranges().is_empty());
    merged.splice(0..0, first);
    let rows = (0..rows.len())
        .map(|row| merged.iter().map(|(column, _)| column[row]).collect())
        .collect();
    (merged.into_iter().map(|(_, set)| set).collect(), rows)
}

impl Automaton {
    /// The set and counts of an automaton that counts characters of one set and does nothing else.
    pub(super) fn as_repeat(&self) -> Option<(CharSet, u32, Option<u32>)> {
        let live = |class: &usize| {
            let column = self.rows.iter().filter_map(|row| row.get(*class));
            column.into_iter().any(|target| *target != Target::Dead)
        };
        let mut classes = (0..self.classes.len()).filter(live);
        let (class, None) = (classes.next()?, classes.next()) else {
            return None;
        };
        let Target::State(mut state) = self.start else {
            return None;
        };
        let (mut count, mut min) = (0, None);
        loop {
            if state >= self.accepting_from {
                min = min.or(Some(count));
            } else if min.is_some() {
                return None;
            }
            match *self.rows.get(state)?.get(class)? {
                Target::Dead => return Some((self.classes.get(class)?.clone(), min?, Some(count))),
                Target::State(next) if next == state => {
                    return Some((self.classes.get(class)?.clone(), min?, None));
                }
                Target::State(next) if usize::try_from(count).ok()? < self.rows.len() => {
                    state = next;
                }
                _ => return None,
            }
            count += 1;
        }
    }
}
