//! CBOR as tests compare it, read by a library that the runtime does not use.

use ciborium::Value;
use serde_json::{Map, Value as Json, json};

/// What a document says: the order of keys, the width of numbers and whether a length is given in
/// advance make no difference.
pub(crate) fn value(bytes: &[u8]) -> Json {
    let value: Value = ciborium::from_reader(bytes).unwrap();
    simplify(value)
}

fn simplify(value: Value) -> Json {
    match value {
        Value::Integer(number) => number_of(i128::from(number) as f64),
        Value::Float(number) => number_of(number),
        Value::Bytes(bytes) => json!({ "bytes": bytes }),
        Value::Text(text) => Json::String(text),
        Value::Bool(value) => Json::Bool(value),
        Value::Tag(tag, value) => json!({ "tag": tag, "of": simplify(*value) }),
        Value::Array(items) => items.into_iter().map(simplify).collect(),
        Value::Map(entries) => {
            let entry = |(key, value): (Value, Value)| (key.into_text().unwrap(), simplify(value));
            Json::Object(entries.into_iter().map(entry).collect::<Map<_, _>>())
        }
        _ => Json::Null,
    }
}

/// JSON has no form for NaN and the infinities.
fn number_of(number: f64) -> Json {
    if number.is_finite() {
        json!(number)
    } else {
        Json::String(number.to_string())
    }
}
