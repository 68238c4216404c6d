//! Turns the instructions of a pattern into a deterministic automaton.
//!
//! The subset construction follows all threads of the program at once; a set of threads is a
//! configuration. Conditions take part in it:
//!
//! - A thread that passes a look-ahead starts a configuration for it and *waits* for its outcome:
//!   that it matches, or that it does not. The thread goes on meanwhile; it falls when the outcome
//!   is not the one awaited. This is an intersection with the language of the condition, or with
//!   its complement, at whatever place the condition stands.
//! - Look-behinds are followed from the start of the text. Whether one holds at a place is known when
//!   the place is reached.
//!
//! The work is bounded, since there are patterns whose automata are exponential in their length.

use std::borrow::Borrow;
use std::collections::VecDeque;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::EngineReason;
use super::program::{Instruction, Program};

/// The most threads that are looked at; real patterns stay far below.
const MAX_WORK: usize = 1_000_000;
/// The most transitions of the automaton before it is minimised.
const MAX_TRANSITIONS: usize = 1_000_000;

/// A complete deterministic automaton that starts in state 0.
#[derive(Debug, Default)]
pub(super) struct Complete {
    /// The number of character classes.
    pub(super) classes: usize,
    /// The next state for each state and class, state by state.
    pub(super) next: Vec<usize>,
    /// Whether a text that ends in the state matches.
    pub(super) accepting: Vec<bool>,
}

/// The deterministic automaton of `program` over `classes` character classes.
pub(super) fn determinize(program: &Program, classes: usize) -> Result<Complete, EngineReason> {
    let mut builder = Builder::new(program, classes);
    let first = builder.first_context()?;
    let context = builder.contexts.get(first);
    let threads = builder.close(vec![(program.start, NOTHING)], &context)?;
    builder.state(threads, first)?;
    while let Some(state) = builder.pending.pop_front() {
        builder.follow(state)?;
    }
    Ok(builder.automaton)
}

/// A configuration's number; see [`Builder::configurations`].
type ConfigId = usize;
/// The configuration without a thread: nothing matches any more.
const FALLEN: ConfigId = 0;
/// The configuration that has matched, whatever follows.
const MATCHED: ConfigId = 1;

/// The outcomes that a thread waits for: of a configuration, that it matches or that it does not.
type Waits = Vec<(ConfigId, bool)>;
/// The number of such outcomes; see [`Builder::waits`].
type WaitsId = usize;
/// No outcome is awaited.
const NOTHING: WaitsId = 0;
/// The place of a thread in the program, and what it waits for.
type Thread = (usize, WaitsId);

/// The number of a context; see [`Builder::contexts`].
type ContextId = usize;
/// The context of every place but the start, where there is no look-behind.
const PLAIN: ContextId = 0;

/// What is known of the text before a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Context {
    at_start: bool,
    /// The threads of each look-behind.
    behinds: Vec<Vec<usize>>,
    /// Whether each look-behind holds here.
    holds: Vec<bool>,
}

/// A state of the automaton: its threads and what came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct State {
    threads: ConfigId,
    context: ContextId,
}

struct Builder<'a> {
    program: &'a Program,
    /// Every configuration that was met, by its number.
    configurations: Numbered<[Thread]>,
    /// Every set of outcomes that was awaited, by its number.
    waits: Numbered<[(ConfigId, bool)]>,
    /// Every context that was met, by its number.
    contexts: Numbered<Context>,
    states: FxHashMap<State, usize>,
    pending: VecDeque<State>,
    automaton: Complete,
    work: usize,
    /// For each instruction, the last search that passed it without waiting.
    passed: Vec<usize>,
    searches: usize,
}

/// Values that are numbered as they are met.
struct Numbered<T: ?Sized> {
    values: Vec<Rc<T>>,
    numbers: FxHashMap<Rc<T>, usize>,
}

impl<T: Eq + std::hash::Hash + ?Sized> Numbered<T> {
    fn new<V: Borrow<T> + Into<Rc<T>>>(known: impl IntoIterator<Item = V>) -> Self {
        let mut numbered = Self {
            values: Vec::new(),
            numbers: FxHashMap::default(),
        };
        for value in known {
            numbered.number(value);
        }
        numbered
    }

    fn number<V: Borrow<T> + Into<Rc<T>>>(&mut self, value: V) -> usize {
        if let Some(number) = self.numbers.get(value.borrow()) {
            return *number;
        }
        let (number, value) = (self.values.len(), value.into());
        self.values.push(Rc::clone(&value));
        self.numbers.insert(value, number);
        number
    }

    /// The value of a number that was handed out.
    fn get(&self, number: usize) -> Rc<T> {
        Rc::clone(&self.values[number])
    }
}

impl<'a> Builder<'a> {
    fn new(program: &'a Program, classes: usize) -> Self {
        Self {
            program,
            configurations: Numbered::new([Vec::new(), vec![(usize::MAX, NOTHING)]]),
            waits: Numbered::new([Vec::new()]),
            contexts: Numbered::new([Context::default()]),
            states: FxHashMap::default(),
            pending: VecDeque::new(),
            automaton: Complete {
                classes,
                ..Complete::default()
            },
            work: 0,
            passed: vec![0; program.instructions.len()],
            searches: 0,
        }
    }

    fn instruction(&self, at: usize) -> &'a Instruction {
        self.program
            .instructions
            .get(at)
            .unwrap_or(&Instruction::Match)
    }

    fn spend(&mut self) -> Result<(), EngineReason> {
        self.work += 1;
        if self.work > MAX_WORK {
            return Err(EngineReason::Work);
        }
        Ok(())
    }

    /// The number of a state, which is added if it is new.
    fn state(&mut self, threads: ConfigId, context: ContextId) -> Result<usize, EngineReason> {
        let context = if threads == MATCHED { PLAIN } else { context };
        let state = State { threads, context };
        if let Some(number) = self.states.get(&state) {
            return Ok(*number);
        }
        let number = self.states.len();
        if number.saturating_mul(self.automaton.classes) > MAX_TRANSITIONS {
            return Err(EngineReason::Size);
        }
        let context = self.contexts.get(context);
        let accepts = self.accepts_at_end(threads, &context)?;
        self.automaton.accepting.push(accepts);
        self.states.insert(state, number);
        self.pending.push_back(state);
        Ok(number)
    }

    /// Adds the transitions of `state`. Most classes move the threads to one of few places, each of
    /// which is followed once.
    fn follow(&mut self, state: State) -> Result<(), EngineReason> {
        let mut followed: Vec<(Vec<Thread>, ContextId, usize)> = Vec::new();
        for class in 0..self.automaton.classes {
            let next = if state.threads == MATCHED {
                self.state(MATCHED, PLAIN)?
            } else {
                let after = self.next_context(state.context, class)?;
                let context = self.contexts.get(after);
                let moved = self.moved(state.threads, class, &context)?;
                let same = |(other, at, _): &&(_, _, _)| *at == after && *other == moved;
                match followed.iter().find(same) {
                    Some((.., next)) => *next,
                    None => {
                        let mut seeds = moved.clone();
                        seeds.push((self.program.start, NOTHING));
                        let threads = self.close(seeds, &context)?;
                        let next = self.state(threads, after)?;
                        followed.push((moved, after, next));
                        next
                    }
                }
            };
            self.automaton.next.push(next);
        }
        Ok(())
    }

    /// The threads of `threads` after a character of `class`, before they go on without one.
    fn moved(
        &mut self,
        threads: ConfigId,
        class: usize,
        context: &Context,
    ) -> Result<Vec<Thread>, EngineReason> {
        let mut seeds = Vec::new();
        for &(at, waits) in &*self.configurations.get(threads) {
            self.spend()?;
            let next = match self.instruction(at) {
                Instruction::Class(classes) if classes.contains(class) => at + 1,
                Instruction::Match => at,
                _ => continue,
            };
            if let Some(waits) = self.moved_waits(waits, class, context)? {
                seeds.push((next, waits));
            }
        }
        Ok(seeds)
    }

    /// What is still awaited after a character, or `None` where an outcome is not the one awaited.
    fn moved_waits(
        &mut self,
        waits: WaitsId,
        class: usize,
        context: &Context,
    ) -> Result<Option<WaitsId>, EngineReason> {
        if waits == NOTHING {
            return Ok(Some(NOTHING));
        }
        let mut left = Waits::new();
        for &(awaited, negated) in &*self.waits.get(waits) {
            let seeds = self.moved(awaited, class, context)?;
            let now = self.close(seeds, context)?;
            match now {
                MATCHED | FALLEN if (now == MATCHED) == negated => return Ok(None),
                MATCHED | FALLEN => {}
                _ => left.push((now, negated)),
            }
        }
        left.sort_unstable();
        left.dedup();
        Ok(Some(self.waits.number(left)))
    }

    /// The configuration of `seeds` and of all threads that they reach without a character.
    fn close(&mut self, seeds: Vec<Thread>, context: &Context) -> Result<ConfigId, EngineReason> {
        self.searches += 1;
        let mut search = Search {
            number: self.searches,
            passed: FxHashSet::default(),
        };
        let mut kept = Vec::new();
        let mut open = seeds;
        while let Some((at, waits)) = open.pop() {
            if !self.passes(&mut search, (at, waits)) {
                continue;
            }
            self.spend()?;
            match self.instruction(at) {
                Instruction::Match if waits == NOTHING => return Ok(MATCHED),
                Instruction::Match | Instruction::Class(_) | Instruction::End => {
                    kept.push((at, waits));
                }
                Instruction::Split(one, other) => open.extend([(*one, waits), (*other, waits)]),
                Instruction::Jump(next) => open.push((*next, waits)),
                Instruction::Start => open.extend(context.at_start.then_some((at + 1, waits))),
                Instruction::Behind { negated, index } => {
                    let holds = context.holds.get(*index) == Some(&!negated);
                    open.extend(holds.then_some((at + 1, waits)));
                }
                Instruction::Ahead { negated, next } => {
                    let ahead = self.close(vec![(at + 1, NOTHING)], context)?;
                    let waits = self.awaiting(waits, ahead, *negated);
                    open.extend(waits.map(|waits| (*next, waits)));
                }
            }
        }
        Ok(self.configuration(kept))
    }

    /// Whether `thread` is met for the first time in a search. A search within it, of a look-ahead,
    /// does not disturb it: the two have no instruction in common.
    fn passes(&mut self, search: &mut Search, (at, waits): Thread) -> bool {
        if waits != NOTHING {
            return search.passed.insert((at, waits));
        }
        let last = self.passed.get_mut(at);
        last.is_some_and(|last| std::mem::replace(last, search.number) != search.number)
    }

    /// `waits` with the outcome of `ahead`, or `None` where it is known not to be the one awaited.
    fn awaiting(&mut self, waits: WaitsId, ahead: ConfigId, negated: bool) -> Option<WaitsId> {
        if let MATCHED | FALLEN = ahead {
            return ((ahead == MATCHED) != negated).then_some(waits);
        }
        let mut list = self.waits.get(waits).to_vec();
        if let Err(place) = list.binary_search(&(ahead, negated)) {
            list.insert(place, (ahead, negated));
        }
        Some(self.waits.number(list))
    }

    /// The number of a configuration. Where two threads are at the same place and one waits for less,
    /// it stands for both.
    fn configuration(&mut self, mut threads: Vec<Thread>) -> ConfigId {
        threads.sort_unstable();
        threads.dedup();
        if threads.iter().any(|(_, waits)| *waits != NOTHING) {
            threads = self.without_followers(&threads);
        }
        self.configurations.number(threads)
    }

    fn without_followers(&self, threads: &[Thread]) -> Vec<Thread> {
        let fewer = |one: WaitsId, other: WaitsId| {
            let (one, other) = (self.waits.get(one), self.waits.get(other));
            one.len() < other.len() && one.iter().all(|wait| other.contains(wait))
        };
        threads
            .chunk_by(|one, other| one.0 == other.0)
            .flat_map(|same| {
                let stands = |thread: &&Thread| !same.iter().any(|other| fewer(other.1, thread.1));
                same.iter().filter(stands).copied().collect::<Vec<_>>()
            })
            .collect()
    }

    /// Whether a text that ends here matches.
    fn accepts_at_end(
        &mut self,
        threads: ConfigId,
        context: &Context,
    ) -> Result<bool, EngineReason> {
        if threads == MATCHED {
            return Ok(true);
        }
        for &(at, waits) in &*self.configurations.get(threads) {
            self.spend()?;
            let reached = match self.instruction(at) {
                Instruction::Match => true,
                Instruction::End => self.matches_at_end(at + 1, context)?,
                _ => false,
            };
            if reached && self.outcomes_at_end(waits, context)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn outcomes_at_end(&mut self, waits: WaitsId, context: &Context) -> Result<bool, EngineReason> {
        for &(awaited, negated) in &*self.waits.get(waits) {
            if self.accepts_at_end(awaited, context)? == negated {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the program gets from `start` to a match at the end of the text.
    fn matches_at_end(&mut self, start: usize, context: &Context) -> Result<bool, EngineReason> {
        let mut seen = FxHashSet::default();
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            self.spend()?;
            match self.instruction(at) {
                Instruction::Match => return Ok(true),
                Instruction::Class(_) => {}
                Instruction::Split(one, other) => open.extend([*one, *other]),
                Instruction::Jump(next) => open.push(*next),
                Instruction::End => open.push(at + 1),
                Instruction::Start => open.extend(context.at_start.then_some(at + 1)),
                Instruction::Behind { negated, index } => {
                    open.extend((context.holds.get(*index) == Some(&!negated)).then_some(at + 1));
                }
                Instruction::Ahead { negated, next } => {
                    let holds = self.matches_at_end(at + 1, context)? != *negated;
                    open.extend(holds.then_some(*next));
                }
            }
        }
        Ok(false)
    }
}

/// One search for the threads that are reached without a character.
struct Search {
    number: usize,
    /// The threads met that wait; for those that do not, see [`Builder::passed`].
    passed: FxHashSet<Thread>,
}

/// Look-behinds: each is followed as a search of its own.
impl Builder<'_> {
    fn first_context(&mut self) -> Result<ContextId, EngineReason> {
        let empty = vec![Vec::new(); self.program.behinds.len()];
        self.context(true, empty)
    }

    fn next_context(&mut self, before: ContextId, class: usize) -> Result<ContextId, EngineReason> {
        if self.program.behinds.is_empty() {
            return Ok(PLAIN);
        }
        let before = self.contexts.get(before);
        let moved = before
            .behinds
            .iter()
            .map(|threads| {
                let passes = |at: &&usize| match self.instruction(**at) {
                    Instruction::Class(classes) => classes.contains(class),
                    _ => false,
                };
                threads.iter().filter(passes).map(|at| at + 1).collect()
            })
            .collect();
        self.context(false, moved)
    }

    /// The context of a place that the look-behinds have reached with the threads `moved`; each also
    /// starts anew here.
    fn context(
        &mut self,
        at_start: bool,
        moved: Vec<Vec<usize>>,
    ) -> Result<ContextId, EngineReason> {
        let mut context = Context {
            at_start,
            behinds: Vec::with_capacity(moved.len()),
            holds: Vec::with_capacity(moved.len()),
        };
        for (mut threads, start) in moved.into_iter().zip(&self.program.behinds) {
            threads.push(*start);
            let (threads, holds) = self.close_behind(threads, &context)?;
            context.behinds.push(threads);
            context.holds.push(holds);
        }
        Ok(self.contexts.number(context))
    }

    /// The threads that `open` reaches without a character, and whether one of them matches.
    fn close_behind(
        &mut self,
        mut open: Vec<usize>,
        context: &Context,
    ) -> Result<(Vec<usize>, bool), EngineReason> {
        let mut seen = FxHashSet::default();
        let mut holds = false;
        let mut kept = Vec::new();
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            self.spend()?;
            match self.instruction(at) {
                Instruction::Class(_) => kept.push(at),
                Instruction::Split(one, other) => open.extend([*one, *other]),
                Instruction::Jump(next) => open.push(*next),
                Instruction::Match => holds = true,
                Instruction::Start => open.extend(context.at_start.then_some(at + 1)),
                Instruction::Behind { negated, index } => {
                    open.extend((context.holds.get(*index) == Some(&!negated)).then_some(at + 1));
                }
                // The program has none within a look-behind.
                Instruction::End | Instruction::Ahead { .. } => {}
            }
        }
        kept.sort_unstable();
        Ok((kept, holds))
    }
}
