//! The functions of the rules language that compiled rules call.
//!
//! Source: Smithy 2.0, "Rules engine standard library" and "AWS rules engine library functions".

pub use super::arn::{is_virtual_hostable_s3_bucket, parse_arn};
pub use super::partition::partition;
pub use super::url::parse_url;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// `getAttr` with an index: the item of an array, counted from its end for a negative index.
#[must_use]
pub fn element<'a>(items: &[&'a str], index: i32) -> Option<&'a str> {
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    let index = if index < 0 {
        items.len().checked_sub(distance)?
    } else {
        distance
    };
    items.get(index).copied()
}

/// `substring`: the characters from `start` up to `stop`, both counted from the end with `reverse`.
/// `None` where the input is too short or not ASCII.
#[must_use]
pub fn substring(input: &str, start: usize, stop: usize, reverse: bool) -> Option<&str> {
    if start >= stop || !input.is_ascii() {
        return None;
    }
    if reverse {
        input.get(input.len().checked_sub(stop)?..input.len().checked_sub(start)?)
    } else {
        input.get(start..stop)
    }
}

/// `split`: the parts between delimiters, in at most `limit` pieces, or all for a limit of 0. An
/// empty delimiter, which rule sets must not use, splits nothing.
#[must_use]
pub fn split<'a>(input: &'a str, delimiter: &str, limit: usize) -> Vec<&'a str> {
    if delimiter.is_empty() {
        vec![input]
    } else if limit == 0 {
        input.split(delimiter).collect()
    } else {
        input.splitn(limit, delimiter).collect()
    }
}

/// `uriEncode`: percent-encodes everything but the unreserved characters of RFC 3986, section 2.3.
#[must_use]
pub fn uri_encode(input: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~');
    utf8_percent_encode(input, RESERVED).to_string()
}

/// `isValidHostLabel`: whether the input can be a label of a host name (RFC 1123, section 2.1), or,
/// with `allow_sub_domains`, several joined by dots.
#[must_use]
pub fn is_valid_host_label(input: &str, allow_sub_domains: bool) -> bool {
    if allow_sub_domains {
        input.split('.').all(is_host_label)
    } else {
        is_host_label(input)
    }
}

fn is_host_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_counts_from_either_end() {
        let items = ["a", "b", "c"];
        assert_eq!(element(&items, 0), Some("a"));
        assert_eq!(element(&items, 3), None);
        assert_eq!(element(&items, -1), Some("c"));
        assert_eq!(element(&items, -3), Some("a"));
        assert_eq!(element(&items, -4), None);
        assert_eq!(element(&[], i32::MIN), None);
    }

    #[test]
    fn a_substring_is_whole_or_not_there() {
        assert_eq!(substring("abcdefg", 0, 4, false), Some("abcd"));
        assert_eq!(substring("abcdefg", 0, 4, true), Some("defg"));
        assert_eq!(substring("abcdefg", 1, 3, true), Some("ef"));
        assert_eq!(substring("abc", 0, 4, false), None);
        assert_eq!(substring("abc", 0, 4, true), None);
        assert_eq!(substring("abc", 2, 2, false), None);
        assert_eq!(substring("ab\u{e9}d", 0, 1, false), None);
    }

    #[test]
    fn split_follows_its_limit() {
        assert_eq!(split("a--b--c", "--", 0), ["a", "b", "c"]);
        assert_eq!(split("a--b--c", "--", 2), ["a", "b--c"]);
        assert_eq!(split("a--b--c", "--", 1), ["a--b--c"]);
        assert_eq!(split("", "--", 0), [""]);
        assert_eq!(split("abc", "", 0), ["abc"]);
    }

    #[test]
    fn uri_encode_keeps_only_unreserved_characters() {
        assert_eq!(uri_encode("aZ09-_.~"), "aZ09-_.~");
        assert_eq!(uri_encode("a b/\u{1f639}"), "a%20b%2F%F0%9F%98%B9");
    }

    #[test]
    fn host_labels_follow_rfc_1123() {
        assert!(is_valid_host_label("3aws4", false));
        assert!(is_valid_host_label(&"a".repeat(63), false));
        for label in ["", "-a", "a_b", "a b", "a.b", "\u{e9}", &"a".repeat(64)] {
            assert!(!is_valid_host_label(label, false), "{label}");
        }
        assert!(is_valid_host_label("a.b", true));
        for label in ["a.", ".a", "a..b", "a.-b"] {
            assert!(!is_valid_host_label(label, true), "{label}");
        }
    }
}
