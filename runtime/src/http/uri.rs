//! Text in a path or query string.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters.
///
/// Source: Smithy 2.0, "httpLabel trait"; RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// As [`RESERVED`], for a label that may span segments.
const RESERVED_IN_GREEDY: &AsciiSet = &RESERVED.remove(b'/');

/// The text of a label.
pub(super) fn push_label(path: &mut String, text: &str, greedy: bool) {
    let set = if greedy { RESERVED_IN_GREEDY } else { RESERVED };
    path.extend(utf8_percent_encode(text, set));
}

/// A parameter of the query string; `&` goes before all but the first.
pub(super) fn push_query(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    // A String takes everything.
    let _ = write!(
        query,
        "{}={}",
        utf8_percent_encode(name, RESERVED),
        utf8_percent_encode(value, RESERVED)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unreserved_characters_stay() {
        let mut path = String::new();
        push_label(&mut path, "a/b c%é-._~", false);
        assert_eq!(path, "a%2Fb%20c%25%C3%A9-._~");
        path.clear();
        push_label(&mut path, "a/b?", true);
        assert_eq!(path, "a/b%3F");
        let mut query = String::new();
        push_query(&mut query, "a&", "=");
        push_query(&mut query, "b", "");
        assert_eq!(query, "a%26=%3D&b=");
    }
}
