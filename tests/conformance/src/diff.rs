//! What differs between two values, in a form that a person can act on.

use std::fmt::Write as _;

use crate::json::Json;

/// The most differences that are shown of one value.
const SHOWN: usize = 12;

/// Every place where `found` is not `expected`, one a line, each by its JSON pointer.
///
/// # Errors
///
/// The differences, if there are any.
pub(crate) fn same(what: &str, expected: &Json, found: &Json) -> Result<(), String> {
    let mut differences = Vec::new();
    compare("", expected, found, &mut differences);
    if differences.is_empty() {
        return Ok(());
    }
    let mut text = format!("{what} differs");
    for difference in differences.iter().take(SHOWN) {
        // Writing to a String does not fail.
        let _ = write!(text, "\n  {difference}");
    }
    let rest = differences.len().saturating_sub(SHOWN);
    if rest > 0 {
        let _ = write!(text, "\n  and {rest} more");
    }
    Err(text)
}

/// That two texts are the same.
///
/// # Errors
///
/// Both, one above the other.
pub(crate) fn same_text(what: &str, expected: &str, found: &str) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    Err(format!(
        "{what} differs\n  expected {expected:?}\n  found    {found:?}"
    ))
}

fn compare(path: &str, expected: &Json, found: &Json, differences: &mut Vec<String>) {
    match (expected, found) {
        (Json::Object(expected), Json::Object(found)) => {
            for (key, value) in expected {
                let path = below(path, key);
                match found.get(key) {
                    Some(found) => compare(&path, value, found, differences),
                    None => differences.push(format!("{path}: expected {value}, found nothing")),
                }
            }
            let unexpected = found.iter().filter(|(key, _)| !expected.contains_key(*key));
            differences.extend(unexpected.map(|(key, value)| {
                format!("{}: expected nothing, found {value}", below(path, key))
            }));
        }
        (Json::Array(expected), Json::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                compare(
                    &below(path, &index.to_string()),
                    expected,
                    found,
                    differences,
                );
            }
        }
        (expected, found) if expected == found => {}
        _ => {
            let place = if path.is_empty() { "/" } else { path };
            differences.push(format!("{place}: expected {expected}, found {found}"));
        }
    }
}

/// A JSON pointer one step further down. Source: RFC 6901, section 3.
fn below(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::same;
    use crate::json::Json;

    /// A failure must say where to look.
    #[test]
    fn differences_name_their_place() {
        let parse = |text| Json::parse(text).unwrap();
        let expected = parse(r#"{"a": {"x/y": 1, "b": [1, 2]}, "c": 1}"#);
        assert_eq!(same("body", &expected, &expected), Ok(()));
        let found = parse(r#"{"a": {"x/y": 2, "b": [1, 3]}, "d": 1}"#);
        assert_eq!(
            same("body", &expected, &found).unwrap_err(),
            "body differs\n  /a/b/1: expected 2, found 3\n  /a/x~1y: expected 1, found 2\n  \
             /c: expected 1, found nothing\n  /d: expected nothing, found 1"
        );
    }
}
