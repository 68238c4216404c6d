//! Lists in header values.
//!
//! Source: Smithy 2.0, "httpHeader trait", "Serialization rules"; RFC 9110, section 5.6.

use std::borrow::Cow;

use crate::shape::ReadError;

/// An item as it stands in a list: in quotes if a reader would take it apart otherwise, or take the
/// whitespace off its ends.
pub(super) fn quote(item: &str) -> Cow<'_, str> {
    if !item.contains([',', '"']) && trim(item) == item {
        return Cow::Borrowed(item);
    }
    let mut quoted = String::with_capacity(item.len() + 8);
    quoted.push('"');
    for character in item.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    Cow::Owned(quoted)
}

/// The items of a list of strings, some of which may be in quotes.
///
/// # Errors
///
/// A quote that does not end, or text after one that does.
pub(super) fn split_strings(list: &str) -> Result<Vec<Cow<'_, str>>, ReadError> {
    let mut items = Vec::new();
    let mut rest = trim(list);
    loop {
        let (item, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquote(quoted)?,
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (item, after) = rest.split_at(end);
                (Cow::Borrowed(trim(item)), after)
            }
        };
        items.push(item);
        let Some(after) = trim(after).strip_prefix(',') else {
            return match trim(after) {
                "" => Ok(items),
                _ => Err(ReadError::new("text after a quoted item of a header list")),
            };
        };
        rest = trim(after);
    }
}

/// The item whose opening quote was taken off, and what follows its closing quote.
fn unquote(quoted: &str) -> Result<(Cow<'_, str>, &str), ReadError> {
    let mut item = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => {
                let after = quoted.get(at + 1..).unwrap_or_default();
                return Ok((Cow::Owned(item), after));
            }
            '\\' => item.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => item.push(character),
        }
    }
    Err(ReadError::new(
        "a quoted item of a header list does not end",
    ))
}

/// The items of a list of what holds no comma.
pub(super) fn split_plain(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(trim)
}

/// The items of a list of http-dates, each of which holds one comma.
pub(super) fn split_http_dates(list: &str) -> Vec<&str> {
    let mut commas = list.match_indices(',').map(|(at, _)| at);
    let mut dates = Vec::new();
    let mut start = 0;
    while let Some(end) = commas.nth(1) {
        dates.extend(list.get(start..end).map(trim));
        start = end + 1;
    }
    dates.extend(list.get(start..).map(trim));
    dates
}

/// Without the whitespace that may surround the parts of a header.
fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_and_splitting_are_inverse() {
        for items in [
            &["a", "b,c", "\"d\"", "e\\,f", ""][..],
            &["", ""],
            &["é, ü"],
            &[" a", "b\t", " "],
        ] {
            let quoted: Vec<_> = items.iter().map(|item| quote(item)).collect();
            assert_eq!(split_strings(&quoted.join(", ")).unwrap(), items);
        }
    }

    #[test]
    fn broken_quotes_are_refused() {
        for list in ["\"a", "\"a\\", "\"a\" b", "a, \"b\"c, d"] {
            assert!(split_strings(list).is_err(), "{list}");
        }
    }

    #[test]
    fn dates_keep_their_comma() {
        let list = "Mon, 16 Dec 2019 23:48:18 GMT, Mon, 16 Dec 2019 23:48:18 GMT";
        assert_eq!(split_http_dates(list), ["Mon, 16 Dec 2019 23:48:18 GMT"; 2]);
        assert_eq!(split_http_dates("x"), ["x"]);
    }

    proptest::proptest! {
        /// Nothing is lost on the way, whatever the items are.
        #[test]
        fn any_list_survives(items in proptest::collection::vec(r#"["\\, a-cé]{0,6}"#, 1..5)) {
            let quoted: Vec<_> = items.iter().map(|item| quote(item)).collect();
            let joined = quoted.join(", ");
            proptest::prop_assert_eq!(split_strings(&joined).unwrap(), items);
        }
    }
}
