//! `*`, `+`, `?` and `{n,m}`.

use super::super::PatternError;
use super::super::ast::Node;
use super::Parser;

type Count = (u32, Option<u32>);

impl Parser<'_> {
    /// `atom` with the quantifier that follows it, if one does.
    pub(super) fn quantified(&mut self, atom: Node) -> Result<Node, PatternError> {
        let start = self.at;
        let Some((min, max)) = self.quantifier() else {
            return Ok(atom);
        };
        if max.is_some_and(|max| max < min) {
            return Err(PatternError::new(start, "the counts are out of order"));
        }
        let greedy = !self.eat("?");
        if matches!(self.peek(), Some('*' | '+' | '?')) || self.braces().is_some() {
            return Err(self
                .error("there is nothing to repeat")
                .hint("ECMA-262 has no possessive quantifiers: write the expression without"));
        }
        Ok(Node::Repeat {
            node: Box::new(atom),
            min,
            max,
            greedy,
        })
    }

    fn quantifier(&mut self) -> Option<Count> {
        let simple = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            _ => {
                let (count, length) = self.braces()?;
                self.at += length;
                return Some(count);
            }
        };
        self.at += 1;
        Some(simple)
    }

    /// The counts in the braces that come next and the length of their text. Braces that hold
    /// anything else are literal characters (annex B).
    pub(super) fn braces(&self) -> Option<(Count, usize)> {
        let (inner, _) = self.rest().strip_prefix('{')?.split_once('}')?;
        let length = inner.len() + 2;
        let count = match inner.split_once(',') {
            None => {
                let exactly = number(inner)?;
                (exactly, Some(exactly))
            }
            Some((min, "")) => (number(min)?, None),
            Some((min, max)) => (number(min)?, Some(number(max)?)),
        };
        Some((count, length))
    }
}

/// A decimal number; what is beyond a `u32` is as good as its greatest.
fn number(digits: &str) -> Option<u32> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u32::MAX))
}
