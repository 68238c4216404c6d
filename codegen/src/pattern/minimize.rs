//! The smallest automaton that accepts the same texts, by Hopcroft's algorithm.

use super::subset::Complete;

/// For each state the number of its block: states of one block accept the same texts.
pub(super) fn blocks(automaton: &Complete) -> Vec<usize> {
    let mut partition = Partition::new(&automaton.accepting);
    let sources = Sources::new(automaton);
    let mut waiting: Vec<(usize, usize)> = (0..partition.blocks.len())
        .flat_map(|block| (0..automaton.classes).map(move |class| (block, class)))
        .collect();
    while let Some((block, class)) = waiting.pop() {
        let reached: Vec<usize> = partition
            .members(block)
            .iter()
            .flat_map(|&state| sources.of(state, class))
            .copied()
            .collect();
        for state in reached {
            partition.mark(state);
        }
        for added in partition.split_marked() {
            waiting.extend((0..automaton.classes).map(|class| (added, class)));
        }
    }
    partition.block_of
}

/// The states that lead to a state by a class.
struct Sources {
    classes: usize,
    first: Vec<usize>,
    states: Vec<usize>,
}

impl Sources {
    fn new(automaton: &Complete) -> Self {
        let classes = automaton.classes;
        let slots = automaton.accepting.len() * classes;
        let slot = |(index, &target): (usize, &usize)| target * classes + index % classes;
        let mut first = vec![0; slots + 1];
        for transition in automaton.next.iter().enumerate() {
            if let Some(count) = first.get_mut(slot(transition) + 1) {
                *count += 1;
            }
        }
        for index in 1..first.len() {
            first[index] += first[index - 1];
        }
        let mut free = first.clone();
        let mut states = vec![0; automaton.next.len()];
        for transition in automaton.next.iter().enumerate() {
            let place = &mut free[slot(transition)];
            states[*place] = transition.0 / classes;
            *place += 1;
        }
        Self {
            classes,
            first,
            states,
        }
    }

    fn of(&self, state: usize, class: usize) -> &[usize] {
        let slot = state * self.classes + class;
        self.states
            .get(self.first[slot]..self.first[slot + 1])
            .unwrap_or_default()
    }
}

/// A division of the states into blocks, each a run of `order` whose marked states come first.
struct Partition {
    order: Vec<usize>,
    place_of: Vec<usize>,
    block_of: Vec<usize>,
    blocks: Vec<Block>,
    touched: Vec<usize>,
}

struct Block {
    first: usize,
    end: usize,
    marked: usize,
}

impl Partition {
    /// The accepting states and the others.
    fn new(accepting: &[bool]) -> Self {
        let mut order: Vec<usize> = (0..accepting.len()).collect();
        order.sort_by_key(|&state| accepting[state]);
        let border = accepting.iter().filter(|&&accepts| !accepts).count();
        let mut partition = Self {
            place_of: vec![0; order.len()],
            block_of: vec![0; order.len()],
            blocks: Vec::new(),
            touched: Vec::new(),
            order,
        };
        for (first, end) in [(0, border), (border, accepting.len())] {
            if first < end {
                partition.add_block(first, end);
            }
        }
        partition
    }

    fn add_block(&mut self, first: usize, end: usize) -> usize {
        let block = self.blocks.len();
        self.blocks.push(Block {
            first,
            end,
            marked: 0,
        });
        for place in first..end {
            let state = self.order[place];
            self.place_of[state] = place;
            self.block_of[state] = block;
        }
        block
    }

    fn members(&self, block: usize) -> &[usize] {
        let block = &self.blocks[block];
        &self.order[block.first..block.end]
    }

    fn mark(&mut self, state: usize) {
        let number = self.block_of[state];
        let block = &mut self.blocks[number];
        let place = self.place_of[state];
        let border = block.first + block.marked;
        if place < border {
            return;
        }
        if block.marked == 0 {
            self.touched.push(number);
        }
        block.marked += 1;
        let other = self.order[border];
        self.order.swap(place, border);
        self.place_of[state] = border;
        self.place_of[other] = place;
    }

    /// Divides every block that is marked in part; the smaller half becomes a block of its own, and
    /// these are returned.
    fn split_marked(&mut self) -> Vec<usize> {
        let mut added = Vec::new();
        for number in std::mem::take(&mut self.touched) {
            let block = &mut self.blocks[number];
            let (first, end, border) = (block.first, block.end, block.first + block.marked);
            block.marked = 0;
            if border == end {
                continue;
            }
            if border - first <= end - border {
                block.first = border;
                added.push(self.add_block(first, border));
            } else {
                block.end = border;
                added.push(self.add_block(border, end));
            }
        }
        added
    }
}
