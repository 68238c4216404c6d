//! JSON text to nodes that know their place.
//!
//! `serde_json` reads one level at a time as raw values that borrow from the text: where such a slice
//! lies in the text is the place of its value. Its first pass over the whole text checks the syntax,
//! so that the passes below it can only meet duplicate keys, lone surrogates and too much depth.

use std::borrow::Cow;
use std::fmt;

use rustc_hash::FxHashSet;
use serde::de::{Deserialize, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::node::{Entry, Node, NodeKind};
use crate::problem::Problem;
use crate::source::{Span, saturating_u32};

/// Far beyond any model, and shallow enough that recursion over nodes never exhausts a stack.
const MAX_DEPTH: usize = 256;

/// Objects up to this size are searched for duplicate keys without a table.
const SMALL_OBJECT: usize = 8;

/// Reads the text of the file with index `file`. `None` is a syntax error.
pub(super) fn parse<'s>(text: &'s str, file: u32, problems: &mut Vec<Problem>) -> Option<Node<'s>> {
    let mut reader = Reader {
        text,
        file,
        problems,
    };
    match serde_json::from_str::<&RawValue>(text) {
        Ok(raw) => Some(reader.node(raw.get(), 0)),
        Err(error) => {
            let problem = reader.syntax_error(&error);
            reader.problems.push(problem);
            None
        }
    }
}

struct Reader<'s, 'p> {
    text: &'s str,
    file: u32,
    problems: &'p mut Vec<Problem>,
}

impl<'s> Reader<'s, '_> {
    /// `raw` is a JSON value without space around it, a slice of the text.
    fn node(&mut self, raw: &'s str, depth: usize) -> Node<'s> {
        let span = self.span(raw);
        let kind = match raw.as_bytes().first() {
            Some(b'{' | b'[') if depth == MAX_DEPTH => {
                let message = format!("this is nested deeper than {MAX_DEPTH} levels");
                self.problems.push(Problem::error(span, message));
                NodeKind::Null
            }
            Some(b'{') => NodeKind::Object(self.object(raw, depth)),
            Some(b'[') => NodeKind::Array(self.array(raw, depth)),
            Some(b'"') => NodeKind::String(self.string(raw)),
            Some(b't') => NodeKind::Bool(true),
            Some(b'f') => NodeKind::Bool(false),
            Some(b'n') | None => NodeKind::Null,
            Some(_) => NodeKind::Number(raw),
        };
        Node { span, kind }
    }

    fn array(&mut self, raw: &'s str, depth: usize) -> Vec<Node<'s>> {
        let items = self.level::<Vec<&RawValue>>(raw).unwrap_or_default();
        items
            .into_iter()
            .map(|item| self.node(item.get(), depth + 1))
            .collect()
    }

    fn object(&mut self, raw: &'s str, depth: usize) -> Vec<Entry<'s>> {
        let raw_entries = self.level::<RawEntries<'s>>(raw).unwrap_or_default().0;
        let mut entries: Vec<Entry<'s>> = Vec::with_capacity(raw_entries.len());
        let mut seen = FxHashSet::default();
        for (raw_key, raw_value) in raw_entries {
            let place = self.span(raw_key.get());
            let key = self.string(raw_key.get());
            let duplicate = if entries.len() <= SMALL_OBJECT {
                entries.iter().any(|(other, ..)| *other == key)
            } else {
                if seen.is_empty() {
                    seen.extend(entries.iter().map(|(other, ..)| other.clone()));
                }
                seen.contains(&key)
            };
            if duplicate {
                let message = format!("the key `{key}` stands twice in one object");
                self.problems.push(Problem::error(place, message));
                continue;
            }
            if !seen.is_empty() {
                seen.insert(key.clone());
            }
            let value = self.node(raw_value.get(), depth + 1);
            entries.push((key, place, value));
        }
        entries
    }

    fn string(&mut self, raw: &'s str) -> Cow<'s, str> {
        match raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
            Some(inner) if !inner.contains('\\') => Cow::Borrowed(inner),
            _ => Cow::Owned(self.level(raw).unwrap_or_default()),
        }
    }

    /// Reads what the first pass has seen to be well-formed.
    fn level<T: Deserialize<'s>>(&mut self, raw: &'s str) -> Option<T> {
        match serde_json::from_str(raw) {
            Ok(value) => Some(value),
            Err(error) => {
                let message = format!("this is not JSON: {}", reason(&error));
                self.problems.push(Problem::error(self.span(raw), message));
                None
            }
        }
    }

    fn span(&self, slice: &str) -> Span {
        let start = slice.as_ptr() as usize - self.text.as_ptr() as usize;
        Span {
            file: self.file,
            start: saturating_u32(start),
            end: saturating_u32(start + slice.len()),
        }
    }

    /// serde_json counts lines and bytes of a line, and points at the last byte it has read.
    fn syntax_error(&self, error: &serde_json::Error) -> Problem {
        let line_start = self
            .text
            .split_inclusive('\n')
            .take(error.line().saturating_sub(1))
            .map(str::len)
            .sum::<usize>();
        let mut start = (line_start + error.column().saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let end = self.text[start..]
            .chars()
            .next()
            .map_or(start, |character| start + character.len_utf8());
        let span = Span {
            file: self.file,
            start: saturating_u32(start),
            end: saturating_u32(end),
        };
        Problem::error(span, format!("this is not JSON: {}", reason(error)))
    }
}

/// The error's text without its place, which is counted from the start of the slice.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

/// The keys and values of one object, duplicates included.
#[derive(Default)]
struct RawEntries<'s>(Vec<(&'s RawValue, &'s RawValue)>);

impl<'s> Deserialize<'s> for RawEntries<'s> {
    fn deserialize<D: serde::Deserializer<'s>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'s> Visitor<'s> for Entries {
            type Value = RawEntries<'s>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'s>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(RawEntries(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}
