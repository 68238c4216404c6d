//! Comparing bodies by their media type.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;

use crate::case::Case;
use crate::diff::{same, same_text};
use crate::json::Json;

/// The bytes of the body that a test writes as text; `None` where it says nothing of the body.
///
/// # Errors
///
/// A body of CBOR that is not base64.
pub(crate) fn bytes(case: &Case) -> Result<Option<Bytes>, String> {
    let Some(text) = case.text("body") else {
        return Ok(None);
    };
    if case.media_type() != Some("application/cbor") {
        return Ok(Some(Bytes::copy_from_slice(text.as_bytes())));
    }
    let bytes = BASE64_STANDARD.decode(text);
    let bytes = bytes.map_err(|error| format!("the test's body is not base64: {error}"))?;
    Ok(Some(bytes.into()))
}

/// That the body which was sent means what the test's does.
///
/// # Errors
///
/// What differs.
pub(crate) fn check(case: &Case, found: &[u8]) -> Result<(), String> {
    match bytes(case)? {
        Some(expected) => compare(case.media_type(), &expected, found),
        None => Ok(()),
    }
}

/// That two bodies of a media type mean the same.
///
/// # Errors
///
/// What differs.
pub(crate) fn compare(
    media_type: Option<&str>,
    expected: &[u8],
    found: &[u8],
) -> Result<(), String> {
    if expected.is_empty() || found.is_empty() {
        return same_text("body", &shown(expected), &shown(found));
    }
    let essence = media_type
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    match essence.trim() {
        "application/json" => same("body", &json(expected)?, &json(found)?),
        "application/cbor" => same("body", &cbor(expected)?, &cbor(found)?),
        "application/xml" | "text/xml" => same("body", &xml(expected)?, &xml(found)?),
        "application/x-www-form-urlencoded" => same("body", &form(expected), &form(found)),
        _ => same_text("body", &shown(expected), &shown(found)),
    }
}

/// Bytes as text where they are text, so that two that differ are shown differently.
fn shown(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => format!("base64 {}", BASE64_STANDARD.encode(bytes)),
    }
}

fn json(bytes: &[u8]) -> Result<Json, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("not JSON: {error}: {}", shown(bytes)))
}

/// CBOR as a tree in which values that mean the same are the same: numbers whatever their width,
/// strings and collections whether their length is announced or not.
fn cbor(bytes: &[u8]) -> Result<Json, String> {
    let mut rest = bytes;
    let value = ciborium::from_reader::<ciborium::Value, _>(&mut rest);
    let value = value.map_err(|error| format!("not CBOR: {error}: {}", shown(bytes)))?;
    if rest.is_empty() {
        return Ok(cbor_tree(&value));
    }
    Err(format!(
        "{} bytes follow the CBOR: {}",
        rest.len(),
        shown(bytes)
    ))
}

fn cbor_tree(value: &ciborium::Value) -> Json {
    use ciborium::Value;
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Integer(number) => Json::Number(i128::from(*number).to_string()),
        Value::Float(number) if number.is_finite() => Json::Number(number.to_string()),
        Value::Float(number) => Json::String(format!("float {number}")),
        Value::Text(text) => Json::String(text.clone()),
        Value::Bytes(bytes) => Json::String(format!("bytes {}", BASE64_STANDARD.encode(bytes))),
        Value::Array(items) => Json::Array(items.iter().map(cbor_tree).collect()),
        Value::Map(entries) => {
            let key = |key: &Value| match key {
                Value::Text(text) => text.clone(),
                other => format!("key {}", cbor_tree(other)),
            };
            let entries = entries
                .iter()
                .map(|(name, value)| (key(name), cbor_tree(value)));
            Json::Object(entries.collect())
        }
        Value::Tag(tag, value) => Json::Object([(format!("tag {tag}"), cbor_tree(value))].into()),
        other => Json::String(format!("{other:?}")),
    }
}

/// XML as a tree of elements: attributes in any order, text without the white space around it.
fn xml(bytes: &[u8]) -> Result<Json, String> {
    let text = shown(bytes);
    let document = roxmltree::Document::parse(&text);
    let document = document.map_err(|error| format!("not XML: {error}: {text}"))?;
    Ok(xml_tree(document.root_element()))
}

fn xml_tree(element: roxmltree::Node<'_, '_>) -> Json {
    let name = |namespace: Option<&str>, name: &str| match namespace {
        Some(namespace) => format!("{{{namespace}}}{name}"),
        None => name.to_owned(),
    };
    let attributes = element.attributes().map(|attribute| {
        let name = format!("@{}", name(attribute.namespace(), attribute.name()));
        (name, Json::String(attribute.value().to_owned()))
    });
    let mut tree: std::collections::BTreeMap<_, _> = attributes.collect();
    let tag = element.tag_name();
    tree.insert(
        "element".into(),
        Json::String(name(tag.namespace(), tag.name())),
    );
    let children: Vec<_> = element
        .children()
        .filter(roxmltree::Node::is_element)
        .map(xml_tree)
        .collect();
    let text = element.children().filter_map(|child| child.text());
    let text: String = text.collect();
    if children.is_empty() {
        tree.insert("text".into(), Json::String(text));
    } else if !text.trim().is_empty() {
        tree.insert("text".into(), Json::String(text.trim().to_owned()));
    }
    tree.insert("children".into(), Json::Array(children));
    Json::Object(tree)
}

/// The pairs of a form, in the order of their text.
fn form(bytes: &[u8]) -> Json {
    let text = shown(bytes);
    let mut pairs: Vec<_> = text.trim().split('&').map(str::trim).collect();
    pairs.sort_unstable();
    Json::Array(
        pairs
            .into_iter()
            .map(|pair| Json::String(pair.to_owned()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(media_type: &str, expected: &str, found: &[u8]) -> Result<(), String> {
        let test = Json::Object(
            [("body", expected), ("bodyMediaType", media_type)]
                .map(|(name, text)| (name.to_owned(), Json::String(text.to_owned())))
                .into(),
        );
        let case = Case {
            suite: String::new(),
            kind: crate::Kind::Request,
            shape: String::new(),
            operation: String::new(),
            test,
        };
        check(&case, found)
    }

    /// Each type is compared by what it means, and a difference in meaning is one.
    #[test]
    fn bodies_are_compared_by_meaning() {
        let same = |media_type, expected, found: &[u8]| {
            assert_eq!(run(media_type, expected, found), Ok(()));
        };
        let different = |media_type, expected, found: &[u8]| {
            assert!(
                run(media_type, expected, found).is_err(),
                "{media_type} {expected}"
            );
        };
        same(
            "application/json",
            r#"{"a": 1, "b": 2.0}"#,
            br#"{"b":2,"a":1}"#,
        );
        different("application/json", r#"{"a": 1}"#, br#"{"a":1,"b":null}"#);
        // {"a": 1.5} as a map of unknown length with a double, and as one of known length with a half.
        same(
            "application/cbor",
            "v2Fh+z/4AAAAAAAA/w==",
            &[0xa1, 0x61, 0x61, 0xf9, 0x3e, 0x00],
        );
        different(
            "application/cbor",
            "v2Fh+z/4AAAAAAAA/w==",
            &[0xa1, 0x61, 0x61, 0x01],
        );
        different("application/cbor", "oA==", &[0xa0, 0xa0]);
        same(
            "application/xml",
            "<a x='1' y='2'> <b>1</b></a>",
            b"<a y=\"2\" x=\"1\"><b>1</b></a>",
        );
        different("application/xml", "<a><b/></a>", b"<a><c/></a>");
        same("application/x-www-form-urlencoded", "a=1&b=2", b"b=2&a=1");
        different("application/x-www-form-urlencoded", "a=1&b=2", b"a=1");
        different("text/plain", "a", b"b");
    }

    /// A test that says "" wants no body at all, of whatever type.
    #[test]
    fn an_empty_body_is_empty() {
        assert!(run("application/json", "", b"{}").is_err());
        assert!(run("application/json", "{}", b"").is_err());
        assert_eq!(run("application/json", "", b""), Ok(()));
    }
}
