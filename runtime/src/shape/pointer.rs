//! JSON pointers (RFC 6901), the notation for places in an input or output.

use std::borrow::Cow;

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
