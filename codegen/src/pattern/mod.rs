//! Compiles `smithy.api#pattern` to matchers.
//!
//! Stages, one a module: `parse` the ECMA-262 text, divide the characters into classes
//! (`alphabet`), write the pattern as instructions (`program`), turn them into a deterministic
//! automaton (`subset`), minimise it (`minimize`, `automaton`), and `emit` the cheapest
//! matcher that the runtime has for it.
//!
//! What is compiled is the question whether the pattern is found in a text, which is all that a
//! constraint asks: captures, laziness and the order of alternatives make no difference to it.

mod alphabet;
mod ast;
mod automaton;
mod charset;
mod emit;
mod minimize;
mod parse;
mod print;
mod program;
mod subset;
#[cfg(test)]
mod tests;
mod unicode;

use std::fmt;

use ast::Node;
pub use automaton::{Automaton, Target};
pub use charset::CharSet;

/// The deepest tree that is given to the engine, which recurses on it: for each group, and for each
/// of several alternatives.
const MAX_ENGINE_DEPTH: usize = 500;

/// The longest expression that is given to the engine.
const MAX_ENGINE_BYTES: usize = 1024 * 1024;

/// The most bytes that the tables of one pattern may take in a client.
const MAX_TABLE_BYTES: usize = 64 * 1024;

/// Compiles the text of a `smithy.api#pattern`.
///
/// Text is read as ECMA-262 has it, in the union of its two grammars: with the properties and code
/// points of the flag `u`, and the leniencies of annex B.
///
/// # Errors
///
/// The text is not ECMA-262.
pub fn compile(source: &str) -> Result<Compiled, PatternError> {
    let node = parse::parse(source)?;
    Ok(Compiled {
        source: source.to_owned(),
        matcher: matcher(&node)?,
        node,
    })
}

/// A pattern and how it is matched.
#[derive(Clone, Debug)]
pub struct Compiled {
    source: String,
    node: Node,
    matcher: Matcher,
}

/// The ways to match, cheapest first.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Matcher {
    /// Every text matches.
    Always,
    /// Every character is of a set, and their number is within bounds.
    Repeat {
        /// The set.
        set: CharSet,
        /// Fewest characters.
        min: u32,
        /// Most characters.
        max: Option<u32>,
    },
    /// An automaton decides.
    Dfa(Automaton),
    /// The `regress` engine decides, when the client runs.
    Engine {
        /// The pattern in the strict form of the flag `u`.
        expression: String,
        /// Why no table does.
        reason: EngineReason,
    },
}

/// Why a pattern is left to an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EngineReason {
    /// It has a back-reference, which no finite automaton can follow.
    BackReference,
    /// It looks ahead from within a look-behind.
    AheadInBehind,
    /// It tells more characters apart than a table has columns for.
    Characters,
    /// Its tables would exceed 64 KiB.
    Size,
    /// Its automaton was not found within the bounds set to the search for it.
    Work,
}

impl fmt::Display for EngineReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BackReference => "it has a back-reference",
            Self::AheadInBehind => "it looks ahead from within a look-behind",
            Self::Characters => "it tells too many characters apart for a table",
            Self::Size => "its tables would exceed 64 KiB",
            Self::Work => "its automaton takes too long to work out",
        })
    }
}

/// What is wrong with the text of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PatternError {
    /// The place in the text, in bytes; always at the start of a character or at the end.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
    /// What to write instead, where that is known.
    pub hint: Option<String>,
}

impl PatternError {
    fn new(offset: usize, message: impl Into<String>) -> Self {
        Self {
            offset,
            message: message.into(),
            hint: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.message, self.offset)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PatternError {}

impl Compiled {
    /// The text of the model.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The pattern in the strict form that the flag `u` of ECMA-262 asks for, whatever leniencies the
    /// model's text used. Groups lose their names and sets are written out.
    #[must_use]
    pub fn strict(&self) -> String {
        print::print(&self.node)
    }

    /// How the pattern is matched.
    #[must_use]
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// Why the pattern needs an engine at run time, if it does. The generated crate must then switch
    /// on the feature `regress` of the runtime.
    #[must_use]
    pub fn needs_engine(&self) -> Option<EngineReason> {
        match self.matcher {
            Matcher::Engine { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// Whether every text matches, so that there is nothing to check.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.matcher == Matcher::Always
    }

    /// Whether no text matches, so that the constraint forbids every value. Not known of a pattern
    /// that needs an engine, and `false` for it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lengths().is_none()
    }

    /// The lengths of the shortest and of the longest text that matches, in Unicode scalar values;
    /// no longest one where there is no bound, and `None` where nothing matches.
    ///
    /// Of a pattern that needs an engine nothing is known: `Some((0, None))`.
    #[must_use]
    pub fn lengths(&self) -> Option<(usize, Option<usize>)> {
        match &self.matcher {
            Matcher::Always | Matcher::Engine { .. } => Some((0, None)),
            Matcher::Repeat { set, min, max } => {
                let bound = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
                let max = if set.is_empty() {
                    Some(0)
                } else {
                    max.map(bound)
                };
                let min = bound(*min);
                max.is_none_or(|max| min <= max).then_some((min, max))
            }
            Matcher::Dfa(automaton) => automaton.lengths(),
        }
    }

    /// The matcher as a constant expression of the runtime's type `Pattern`. It names the runtime's
    /// module as `pattern`, which must be in scope.
    #[must_use]
    pub fn emit(&self) -> proc_macro2::TokenStream {
        emit::emit(&self.source, &self.matcher)
    }
}

/// The cheapest matcher for `node`.
fn matcher(node: &Node) -> Result<Matcher, PatternError> {
    if let Some(repeat) = whole_repeat(node) {
        return Ok(repeat);
    }
    match Automaton::compile(node) {
        Ok(automaton) if emit::table_bytes(&automaton) <= MAX_TABLE_BYTES => {
            Ok(from_automaton(automaton))
        }
        Ok(_) => engine(node, EngineReason::Size),
        Err(reason) => engine(node, reason),
    }
}

fn from_automaton(automaton: Automaton) -> Matcher {
    match automaton.start {
        Target::Matched => Matcher::Always,
        Target::Dead => Matcher::Repeat {
            set: CharSet::default(),
            min: 1,
            max: None,
        },
        Target::State(_) => match automaton.as_repeat() {
            Some((set, min, max)) => Matcher::Repeat { set, min, max },
            None => Matcher::Dfa(automaton),
        },
    }
}

fn engine(node: &Node, reason: EngineReason) -> Result<Matcher, PatternError> {
    let refused = |why: String| {
        let message = format!("{reason}, and so it needs an engine, but {why}");
        Err(PatternError::new(0, message))
    };
    if node.engine_depth() > MAX_ENGINE_DEPTH {
        return refused("it has too many alternatives for that".to_owned());
    }
    let expression = print::print(node);
    if expression.len() > MAX_ENGINE_BYTES {
        return refused("it is too long for that".to_owned());
    }
    match regress::Regex::with_flags(&expression, "u") {
        Ok(_) => Ok(Matcher::Engine { expression, reason }),
        Err(error) => refused(format!("that refuses it: {error}")),
    }
}

/// The matcher of a pattern such as `^[a-z]{1,8192}$`, which needs no automaton to be seen through.
fn whole_repeat(node: &Node) -> Option<Matcher> {
    let Node::Concat(nodes) = node.ungrouped() else {
        return None;
    };
    let [start, inner, end] = nodes.as_slice() else {
        return None;
    };
    if *start.ungrouped() != Node::Start || *end.ungrouped() != Node::End {
        return None;
    }
    let (set, min, max) = match inner.ungrouped() {
        Node::Repeat { node, min, max, .. } => (node.as_set()?, *min, *max),
        node => (node.as_set()?, 1, Some(1)),
    };
    let everything = set == CharSet::any() && min == 0 && max.is_none();
    Some(if everything {
        Matcher::Always
    } else {
        Matcher::Repeat { set, min, max }
    })
}
