//! A pattern as instructions of a nondeterministic automaton.

use super::EngineReason;
use super::alphabet::Alphabet;
use super::ast::Node;

/// More instructions than this make a pattern too large for a table.
const MAX_INSTRUCTIONS: usize = 40_000;

/// A step of the automaton; numbers are places in [`Program::instructions`].
#[derive(Clone, Debug)]
pub(super) enum Instruction {
    /// Goes on with the next instruction after a character of one of the classes.
    Class(ClassSet),
    /// Goes on in two places.
    Split(usize, usize),
    /// Goes on elsewhere.
    Jump(usize),
    /// Goes on with the next instruction at the start of the text.
    Start,
    /// Goes on with the next instruction at the end of the text.
    End,
    /// Goes on at `next` if what follows matches from the next instruction on, or does not.
    Ahead { negated: bool, next: usize },
    /// Goes on with the next instruction if the look-behind matches up to here, or does not.
    Behind { negated: bool, index: usize },
    /// A match of the pattern, or of the condition that was entered.
    Match,
}

/// A set of classes, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ClassSet([u64; 4]);

impl ClassSet {
    fn of(classes: &[usize]) -> Self {
        let mut set = Self::default();
        for &class in classes {
            if let Some(word) = set.0.get_mut(class / 64) {
                *word |= 1 << (class % 64);
            }
        }
        set
    }

    /// Whether the class is in the set.
    pub(super) fn contains(&self, class: usize) -> bool {
        self.0
            .get(class / 64)
            .is_some_and(|word| word & (1 << (class % 64)) != 0)
    }
}

/// The instructions of a pattern.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub(super) instructions: Vec<Instruction>,
    /// Where the pattern starts. It is sought everywhere, so it starts anew at every character.
    pub(super) start: usize,
    /// Where each look-behind starts, the inner ones before those around them.
    pub(super) behinds: Vec<usize>,
}

impl Program {
    /// The instructions of `node` over `alphabet`.
    pub(super) fn compile(node: &Node, alphabet: &Alphabet) -> Result<Self, EngineReason> {
        let mut compiler = Compiler {
            program: Self::default(),
            alphabet,
            looks_behind: Vec::new(),
            within_behind: false,
        };
        compiler.look_behinds(node)?;
        compiler.program.start = compiler.here();
        compiler.node(node)?;
        compiler.push(Instruction::Match)?;
        Ok(compiler.program)
    }
}

struct Compiler<'a> {
    program: Program,
    alphabet: &'a Alphabet,
    /// The look-behinds of the pattern, in the order of [`Program::behinds`].
    looks_behind: Vec<&'a Node>,
    within_behind: bool,
}

impl<'a> Compiler<'a> {
    fn here(&self) -> usize {
        self.program.instructions.len()
    }

    fn push(&mut self, instruction: Instruction) -> Result<usize, EngineReason> {
        let at = self.here();
        if at >= MAX_INSTRUCTIONS {
            return Err(EngineReason::Size);
        }
        self.program.instructions.push(instruction);
        Ok(at)
    }

    /// Compiles the look-behinds within `node`, each once however often it stands there.
    fn look_behinds(&mut self, node: &'a Node) -> Result<(), EngineReason> {
        match node {
            Node::Concat(nodes) | Node::Alternate(nodes) => {
                nodes.iter().try_for_each(|node| self.look_behinds(node))
            }
            Node::Repeat { node, .. } | Node::Group(node) => self.look_behinds(node),
            Node::Look { behind, node, .. } => {
                self.look_behinds(node)?;
                if !behind || self.looks_behind.contains(&&**node) {
                    return Ok(());
                }
                let start = self.here();
                self.within_behind = true;
                self.node(node)?;
                self.within_behind = false;
                self.push(Instruction::Match)?;
                self.program.behinds.push(start);
                self.looks_behind.push(node);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn node(&mut self, node: &'a Node) -> Result<(), EngineReason> {
        match node {
            Node::Empty => Ok(()),
            Node::Set(set) => {
                let classes = ClassSet::of(self.alphabet.classes_of(set));
                self.push(Instruction::Class(classes)).map(drop)
            }
            Node::Concat(nodes) => nodes.iter().try_for_each(|node| self.node(node)),
            Node::Alternate(nodes) => self.alternate(nodes),
            Node::Repeat { node, min, max, .. } => self.repeat(node, *min, *max),
            Node::Group(node) => self.node(node),
            Node::BackReference(_) => Err(EngineReason::BackReference),
            Node::Start => self.push(Instruction::Start).map(drop),
            // A look-behind is followed while its text is read, when the end is not known yet.
            Node::End | Node::Look { behind: false, .. } if self.within_behind => {
                Err(EngineReason::AheadInBehind)
            }
            Node::End => self.push(Instruction::End).map(drop),
            Node::Look {
                behind,
                negated,
                node,
            } => self.look(*behind, *negated, node),
        }
    }

    fn alternate(&mut self, nodes: &'a [Node]) -> Result<(), EngineReason> {
        let Some((last, others)) = nodes.split_last() else {
            return Ok(());
        };
        let mut ends = Vec::with_capacity(others.len());
        for node in others {
            let split = self.push(Instruction::Split(0, 0))?;
            self.node(node)?;
            ends.push(self.push(Instruction::Jump(0))?);
            self.set(split, Instruction::Split(split + 1, self.here()));
        }
        self.node(last)?;
        let after = self.here();
        for end in ends {
            self.set(end, Instruction::Jump(after));
        }
        Ok(())
    }

    fn repeat(&mut self, node: &'a Node, min: u32, max: Option<u32>) -> Result<(), EngineReason> {
        for _ in 0..min {
            let before = self.here();
            self.node(node)?;
            if self.here() == before {
                return Ok(()); // Nothing, however often.
            }
        }
        let Some(max) = max else {
            let split = self.push(Instruction::Split(0, 0))?;
            self.node(node)?;
            self.push(Instruction::Jump(split))?;
            self.set(split, Instruction::Split(split + 1, self.here()));
            return Ok(());
        };
        let mut splits = Vec::new();
        for _ in min..max {
            splits.push(self.push(Instruction::Split(0, 0))?);
            self.node(node)?;
        }
        let after = self.here();
        for split in splits {
            self.set(split, Instruction::Split(split + 1, after));
        }
        Ok(())
    }

    fn look(&mut self, behind: bool, negated: bool, node: &'a Node) -> Result<(), EngineReason> {
        if behind {
            let index = self.looks_behind.iter().position(|other| *other == node);
            let index = index.ok_or(EngineReason::AheadInBehind)?;
            return self.push(Instruction::Behind { negated, index }).map(drop);
        }
        let ahead = self.push(Instruction::Match)?;
        self.node(node)?;
        self.push(Instruction::Match)?;
        let next = self.here();
        self.set(ahead, Instruction::Ahead { negated, next });
        Ok(())
    }

    fn set(&mut self, at: usize, instruction: Instruction) {
        if let Some(place) = self.program.instructions.get_mut(at) {
            *place = instruction;
        }
    }
}
