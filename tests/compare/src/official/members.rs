//! The official crates' types as JSON, with the names of the model.

use aws_smithy_types::DateTime;
use serde_json::Value;

/// A value in JSON.
pub(super) trait ToJson {
    /// The value; nothing where it is not set.
    fn to_json(&self) -> Option<Value>;
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Option<Value> {
        self.as_ref()?.to_json()
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Option<Value> {
        self.iter().map(ToJson::to_json).collect()
    }
}

impl ToJson for String {
    fn to_json(&self) -> Option<Value> {
        Some(self.as_str().into())
    }
}

impl ToJson for i32 {
    fn to_json(&self) -> Option<Value> {
        Some((*self).into())
    }
}

/// The time in full: what the crates themselves write ends at microseconds.
impl ToJson for DateTime {
    fn to_json(&self) -> Option<Value> {
        let nanosecond = i32::try_from(self.subsec_nanos()).ok()?;
        let time = jiff::Timestamp::new(self.secs(), nanosecond).ok()?;
        Some(time.to_string().into())
    }
}

/// The members of `$of` that are set, as an object: each field with its name in the model.
macro_rules! members {
    ($of:expr $(, $field:ident $name:literal)* $(,)?) => {{
        let members = [$(($name, $crate::official::members::ToJson::to_json(&$of.$field))),*];
        let set = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        ::serde_json::Value::Object(set.collect())
    }};
}

pub(super) use members;
