//! Character classes in brackets.

use super::super::PatternError;
use super::super::ast::Node;
use super::super::charset::CharSet;
use super::Parser;

/// What stands in a class: one code point, which may end a range, or a set, which may not.
pub(super) enum ClassAtom {
    Code(u32),
    Set(CharSet),
}

impl ClassAtom {
    fn into_set(self) -> CharSet {
        match self {
            Self::Code(code) => CharSet::of(code),
            Self::Set(set) => set,
        }
    }
}

impl Parser<'_> {
    /// `[…]` or `[^…]`.
    pub(super) fn class(&mut self) -> Result<Node, PatternError> {
        let open = self.at;
        self.at += 1;
        let negated = self.eat("^");
        let mut parts = Vec::new();
        while !self.eat("]") {
            if self.peek().is_none() {
                return Err(PatternError::new(open, "this class is not closed"));
            }
            self.class_range(&mut parts)?;
        }
        let members = CharSet::from_ranges(parts.iter().flat_map(CharSet::ranges).copied());
        let set = self.folded(members);
        Ok(Node::Set(if negated { set.complement() } else { set }))
    }

    /// One atom, or two with a hyphen between them.
    fn class_range(&mut self, parts: &mut Vec<CharSet>) -> Result<(), PatternError> {
        let start = self.at;
        let first = self.class_atom()?;
        let rest = self.rest();
        if !rest.starts_with('-') || rest.starts_with("-]") || rest == "-" {
            parts.push(first.into_set());
            return Ok(());
        }
        self.at += 1;
        match (first, self.class_atom()?) {
            (ClassAtom::Code(first), ClassAtom::Code(last)) if first <= last => {
                parts.push(CharSet::from_ranges([(first, last)]));
            }
            (ClassAtom::Code(_), ClassAtom::Code(_)) => {
                return Err(PatternError::new(start, "this range is out of order")
                    .hint("escape the hyphen to mean the character itself"));
            }
            // A set ends no range: the hyphen is itself (annex B).
            (first, last) => {
                parts.extend([
                    first.into_set(),
                    CharSet::of(u32::from('-')),
                    last.into_set(),
                ]);
            }
        }
        Ok(())
    }

    fn class_atom(&mut self) -> Result<ClassAtom, PatternError> {
        if self.peek() == Some('\\') {
            return self.class_escape();
        }
        Ok(ClassAtom::Code(self.next().map_or(0, u32::from)))
    }
}
