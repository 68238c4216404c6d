//! JSON pointers (RFC 6901), the notation for places in an input or output.

use std::borrow::Cow;

use super::ReadError;
use crate::schema::Member;

/// A reference token as it stands in a pointer: `~` and `/` escaped.
///
/// Source: RFC 6901, section 3.
pub(crate) fn escape(segment: &str) -> Cow<'_, str> {
    if segment.contains(['~', '/']) {
        Cow::Owned(segment.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(segment)
    }
}

/// Puts `segment` before `path`.
pub(crate) fn prefix(path: &mut String, segment: &str) {
    path.insert_str(0, &escape(segment));
    path.insert(0, '/');
}

/// The part of a path that leads to a value.
#[derive(Clone, Copy)]
pub(crate) enum Segment<'a> {
    Root,
    Name(&'a str),
    Index(usize),
}

impl<'a> Segment<'a> {
    /// The part for the entry of a map with this key, which is hidden where the model calls keys
    /// sensitive.
    pub(crate) fn of_key(member: &Member, key: &'a str) -> Self {
        Self::Name(if member.target.sensitive { "***" } else { key })
    }

    /// The error seen from one level further out.
    pub(crate) fn lead(self, error: ReadError) -> ReadError {
        match self {
            Self::Root => error,
            Self::Name(name) => error.under(name),
            Self::Index(index) => error.under(&index.to_string()),
        }
    }

    /// Puts the part before `path`.
    pub(crate) fn prefix(self, path: &mut String) {
        match self {
            Self::Root => {}
            Self::Name(name) => prefix(path, name),
            Self::Index(index) => prefix(path, &index.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_escaped_before_a_slash() {
        assert_eq!(escape("m~n/o"), "m~0n~1o");
        let mut path = String::from("/x");
        prefix(&mut path, "a/b");
        assert_eq!(path, "/a~1b/x");
    }
}
