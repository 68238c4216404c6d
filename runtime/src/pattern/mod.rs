//! Matchers for `smithy.api#pattern`, compiled when the client is generated.
//!
//! A pattern is an ECMA-262 regular expression that must be found somewhere in the text; it is not
//! anchored unless it says so (Smithy 2.0, "pattern trait"). The generator reduces each pattern to
//! the cheapest exact matcher and emits it as `static` data, so that a client needs no regular
//! expression engine, spends nothing at start-up and allocates nothing per match. All matchers but the
//! last look at every character at most once.
//!
//! | matcher | for | costs per character |
//! |---|---|---|
//! | [`Pattern::always`] | what every text satisfies: `.*` | nothing |
//! | [`Pattern::repeat`] | one set of characters and a count: `^[a-z]{1,63}$` | a table look-up |
//! | [`Pattern::dfa`] | every other regular language | two table look-ups |
//! | `Pattern::engine` | back-references and what exceeds the table size | as the engine does |
//!
//! The last exists only with the feature `regress`, which generated crates switch on where needed.

mod classes;
mod dfa;
#[cfg(feature = "regress")]
mod engine;
mod repeat;
mod text;

pub use classes::{CharClasses, Pages, WideRange};
pub use dfa::{Dfa, Table};
pub use repeat::Repeat;
pub use text::{pages, table_u8, table_u16, wide_ranges};

/// A compiled `smithy.api#pattern`.
///
/// ```
/// use tinsmith_runtime::pattern::{CharClasses, Pattern, Repeat};
///
/// static ACCOUNT_ID: Pattern =
///     Pattern::repeat(r"^\d{12}$", Repeat::new(CharClasses::new("0-9"), 12, Some(12)));
///
/// assert!(ACCOUNT_ID.is_match("123456789012"));
/// assert!(!ACCOUNT_ID.is_match("12345678901x"));
/// assert_eq!(ACCOUNT_ID.source(), r"^\d{12}$");
/// ```
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    matcher: Matcher,
}

#[derive(Debug)]
enum Matcher {
    Always,
    Repeat(Repeat),
    Dfa(Dfa),
    #[cfg(feature = "regress")]
    Engine(engine::Engine),
}

impl Pattern {
    /// A pattern that every text satisfies.
    #[must_use]
    pub const fn always(source: &'static str) -> Self {
        Self {
            source,
            matcher: Matcher::Always,
        }
    }

    /// A pattern that holds when every character is of one set and their number is within bounds.
    #[must_use]
    pub const fn repeat(source: &'static str, repeat: Repeat) -> Self {
        Self {
            source,
            matcher: Matcher::Repeat(repeat),
        }
    }

    /// A pattern decided by a deterministic finite automaton.
    #[must_use]
    pub const fn dfa(source: &'static str, dfa: Dfa) -> Self {
        Self {
            source,
            matcher: Matcher::Dfa(dfa),
        }
    }

    /// A pattern that no table holds, left to the `regress` engine, which compiles it at its first
    /// use.
    ///
    /// `expression` is the pattern in the strict form that the flag `u` of ECMA-262 asks for; the
    /// generator has seen it compile. Were it not to, the pattern would accept every text: the
    /// service judges what the client cannot. The engine backtracks, so that there are patterns and
    /// texts for which it takes exponentially long; generation names the shapes that need it.
    #[cfg(feature = "regress")]
    #[must_use]
    pub const fn engine(source: &'static str, expression: &'static str) -> Self {
        Self {
            source,
            matcher: Matcher::Engine(engine::Engine::new(expression)),
        }
    }

    /// The ECMA-262 text of the model.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        self.source
    }

    /// Whether the pattern is found in `text`.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        match &self.matcher {
            Matcher::Always => true,
            Matcher::Repeat(repeat) => repeat.is_match(text),
            Matcher::Dfa(dfa) => dfa.is_match(text),
            #[cfg(feature = "regress")]
            Matcher::Engine(engine) => engine.is_match(text),
        }
    }
}
