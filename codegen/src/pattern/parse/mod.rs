//! Reads the text of a pattern.
//!
//! Smithy asks for ECMA-262 but names no flag, and ECMA-262 has two grammars: a lenient one without
//! the flag `u` (its annex B) and a strict one with it. Real patterns need both: `\p{L}` exists only
//! with the flag, `\_` and `[\w-.]` only without. This parser takes the union:
//!
//! - characters are code points, as with `u`, and so a surrogate pair is one character;
//! - `\p{…}`, `\u{…}` and `\k<…>` are what they are with `u`;
//! - an escaped punctuation character is itself, a brace or bracket that closes nothing is itself, a
//!   hyphen beside `\w` in a class is itself, `\012` is octal: as annex B has it;
//! - an escaped letter that has no meaning is refused, as with `u`. Annex B would read `\A` as the
//!   letter A, which no author means.

mod class;
mod escape;
mod quantifier;

use std::collections::HashMap;

use super::PatternError;
use super::ast::Node;
use super::charset::CharSet;
use super::unicode;

/// How deep groups may nest: far beyond any real pattern, and well within the stack.
const MAX_DEPTH: u32 = 50;

/// Reads `source`.
pub(super) fn parse(source: &str) -> Result<Node, PatternError> {
    let mut parser = Parser::new(source);
    let node = parser.disjunction()?;
    if parser.peek() == Some(')') {
        return Err(parser.error("this parenthesis closes no group"));
    }
    Ok(node)
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    flags: Flags,
    depth: u32,
    /// Capturing groups of the whole pattern, by their names.
    groups: Vec<Option<&'a str>>,
    /// The sets of the properties met so far: to look one up takes a walk over all of Unicode.
    properties: HashMap<&'a str, CharSet>,
}

/// The flags that a modifier group such as `(?s:…)` switches.
#[derive(Clone, Copy, Default)]
struct Flags {
    ignore_case: bool,
    multiline: bool,
    dot_all: bool,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            flags: Flags::default(),
            depth: 0,
            groups: capturing_groups(source),
            properties: HashMap::new(),
        }
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn eat(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.at += prefix.len();
        }
        found
    }

    /// An error at the next character.
    fn error(&self, message: impl Into<String>) -> PatternError {
        PatternError::new(self.at, message)
    }

    /// `Disjunction`: alternatives up to the end of the group or of the pattern.
    fn disjunction(&mut self) -> Result<Node, PatternError> {
        let mut alternatives = vec![self.alternative()?];
        while self.eat("|") {
            alternatives.push(self.alternative()?);
        }
        Ok(Node::alternate(alternatives))
    }

    fn alternative(&mut self) -> Result<Node, PatternError> {
        let mut terms = Vec::new();
        while !matches!(self.peek(), None | Some('|' | ')')) {
            terms.push(self.term()?);
        }
        Ok(Node::concat(terms))
    }

    fn term(&mut self) -> Result<Node, PatternError> {
        if let Some(assertion) = self.assertion() {
            return self.unquantifiable(assertion);
        }
        let behind = self.rest().starts_with("(?<=") || self.rest().starts_with("(?<!");
        let atom = self.atom()?;
        if behind {
            return self.unquantifiable(atom);
        }
        self.quantified(atom)
    }

    /// `^`, `$`, `\b` or `\B`.
    fn assertion(&mut self) -> Option<Node> {
        let at_line = |edge: Node, behind: bool| {
            let terminator = Node::look_at(unicode::line_terminators(), behind, false);
            Node::Alternate(vec![edge, terminator])
        };
        if self.eat("^") {
            let start = Node::Start;
            return Some(if self.flags.multiline {
                at_line(start, true)
            } else {
                start
            });
        }
        if self.eat("$") {
            return Some(if self.flags.multiline {
                at_line(Node::End, false)
            } else {
                Node::End
            });
        }
        let negated = self.eat("\\B");
        (negated || self.eat("\\b")).then(|| self.word_boundary(negated))
    }

    /// `\b`: a word character on one side alone; `\B`: on both or on none.
    fn word_boundary(&self, negated: bool) -> Node {
        let word = self.folded(unicode::word());
        let side = |behind, is_word: bool| Node::look_at(word.clone(), behind, !is_word);
        let between = |before, after| Node::Concat(vec![side(true, before), side(false, after)]);
        Node::Alternate(vec![between(true, negated), between(false, !negated)])
    }

    fn atom(&mut self) -> Result<Node, PatternError> {
        let start = self.at;
        match self.peek() {
            Some('(') => self.nested(),
            Some('[') => self.class(),
            Some('\\') => self.atom_escape(),
            Some('.') => {
                self.at += 1;
                Ok(Node::Set(self.dot()))
            }
            Some('*' | '+' | '?') => Err(self.error("there is nothing to repeat")),
            Some('{') if self.braces().is_some() => {
                Err(PatternError::new(start, "there is nothing to repeat"))
            }
            _ => {
                let literal = self.next().map_or(0, u32::from);
                Ok(Node::Set(self.folded(CharSet::of(literal))))
            }
        }
    }

    fn dot(&self) -> CharSet {
        if self.flags.dot_all {
            CharSet::any()
        } else {
            unicode::line_terminators().complement()
        }
    }

    /// The set as the flag `i` has it, if it is in force.
    fn folded(&self, set: CharSet) -> CharSet {
        if self.flags.ignore_case {
            unicode::case_closure(&set)
        } else {
            set
        }
    }

    /// A group, with its flags and its depth accounted for.
    fn nested(&mut self) -> Result<Node, PatternError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(format!("groups nest deeper than {MAX_DEPTH}")));
        }
        self.depth += 1;
        let flags = self.flags;
        let group = self.group();
        self.flags = flags;
        self.depth -= 1;
        group
    }

    fn group(&mut self) -> Result<Node, PatternError> {
        let open = self.at;
        self.at += 1;
        let wrap: fn(Node) -> Node = if self.eat("?:") {
            |node| node
        } else if self.eat("?=") {
            |node| look(false, false, node)
        } else if self.eat("?!") {
            |node| look(false, true, node)
        } else if self.eat("?<=") {
            |node| look(true, false, node)
        } else if self.eat("?<!") {
            |node| look(true, true, node)
        } else if self.rest().starts_with("?<") {
            self.group_name()?;
            |node| Node::Group(Box::new(node))
        } else if self.eat("?") {
            self.modifiers(open)?;
            |node| node
        } else {
            |node| Node::Group(Box::new(node))
        };
        let inner = self.disjunction()?;
        if !self.eat(")") {
            return Err(PatternError::new(open, "this group is not closed"));
        }
        Ok(wrap(inner))
    }

    /// `?<name>`, which [`capturing_groups`] has taken note of.
    fn group_name(&mut self) -> Result<(), PatternError> {
        let start = self.at + 2;
        let name = name_at(self.source, start)
            .ok_or_else(|| PatternError::new(start, "a group's name is expected here"))?;
        if self
            .groups
            .iter()
            .filter(|&&other| other == Some(name))
            .count()
            > 1
        {
            return Err(PatternError::new(
                start,
                format!("two groups are named `{name}`"),
            ));
        }
        self.at = start + name.len() + 1;
        Ok(())
    }

    /// The flags of `(?ims-ims:`, up to and with the colon.
    fn modifiers(&mut self, open: usize) -> Result<(), PatternError> {
        let start = self.at;
        let (mut on, mut seen) = (true, Vec::new());
        loop {
            let here = self.at;
            let flag = self.next();
            match flag {
                Some(flag @ ('i' | 'm' | 's')) if !seen.contains(&flag) => {
                    seen.push(flag);
                    match flag {
                        'i' => self.flags.ignore_case = on,
                        'm' => self.flags.multiline = on,
                        _ => self.flags.dot_all = on,
                    }
                }
                Some('-') if on => on = false,
                Some(':') if !seen.is_empty() => return Ok(()),
                Some(')') if !seen.is_empty() => {
                    let flags = self.source.get(start..here).unwrap_or_default();
                    return Err(
                        PatternError::new(open, "flags without a group are not ECMA-262")
                            .hint(format!("write `(?{flags}:…)` around what they are for")),
                    );
                }
                _ => {
                    return Err(PatternError::new(
                        open,
                        "this is no kind of group that ECMA-262 has",
                    ));
                }
            }
        }
    }

    fn unquantifiable(&mut self, node: Node) -> Result<Node, PatternError> {
        let quantified = matches!(self.peek(), Some('*' | '+' | '?')) || self.braces().is_some();
        if quantified {
            return Err(self.error("this condition cannot be repeated"));
        }
        Ok(node)
    }
}

fn look(behind: bool, negated: bool, node: Node) -> Node {
    Node::Look {
        behind,
        negated,
        node: Box::new(node),
    }
}

/// The capturing groups of `source`: back-references may stand before the group they name, so they
/// are counted first.
fn capturing_groups(source: &str) -> Vec<Option<&str>> {
    let mut groups = Vec::new();
    let mut in_class = false;
    let mut characters = source.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let rest = source.get(at + 1..).unwrap_or_default();
                let name = rest
                    .strip_prefix("?<")
                    .and_then(|_| name_at(source, at + 3));
                if name.is_some() || !rest.starts_with('?') {
                    groups.push(name);
                }
            }
            _ => {}
        }
    }
    groups
}

/// The name that starts at `at` and is followed by `>`.
fn name_at(source: &str, at: usize) -> Option<&str> {
    let (name, _) = source.get(at..)?.split_once('>')?;
    let mut characters = name.chars();
    let is_start = |c: char| c.is_alphabetic() || c == '_' || c == '$';
    let valid = characters.next().is_some_and(is_start)
        && characters.all(|c| is_start(c) || c.is_alphanumeric());
    valid.then_some(name)
}

#[cfg(test)]
mod tests;
