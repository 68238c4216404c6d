//! The matcher of what is not regular, or too large for a table: the `regress` engine.

use std::fmt;
use std::sync::OnceLock;

use regress::Regex;

/// An expression that is compiled at its first use.
pub(super) struct Engine {
    expression: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Engine {
    pub(super) const fn new(expression: &'static str) -> Self {
        Self {
            expression,
            compiled: OnceLock::new(),
        }
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.compiled
            .get_or_init(|| Regex::with_flags(self.expression, "u").ok())
            .as_ref()
            .is_none_or(|regex| regex.find(text).is_some())
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Engine").field(&self.expression).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_references_are_matched() {
        static TWICE: Engine = Engine::new(r"^(a+)-\1$");
        assert!(TWICE.is_match("aa-aa"));
        assert!(!TWICE.is_match("aa-a"));
    }

    #[test]
    fn an_expression_that_does_not_compile_leaves_the_judgement_to_the_service() {
        static BROKEN: Engine = Engine::new("(");
        assert!(BROKEN.is_match("anything"));
    }
}
