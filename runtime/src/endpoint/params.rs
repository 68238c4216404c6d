//! What an endpoint rule set is asked with.

use std::borrow::Cow;

/// The parameters of an endpoint rule set.
///
/// The built-in parameters that every client has are fields. All others have a name and are
/// [set](EndpointParams::set): context parameters by their name in the rule set (`Bucket`), the
/// remaining built-ins by theirs (`AWS::S3::ForcePathStyle`). The first value set for a name stays;
/// what an operation [binds](EndpointParams::bind) comes before it.
///
/// Source: Smithy 2.0, "Binding parameter values".
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EndpointParams<'a> {
    /// The region (`AWS::Region`).
    pub region: Option<&'a str>,
    /// Whether to use FIPS endpoints (`AWS::UseFIPS`).
    pub use_fips: bool,
    /// Whether to use dual-stack endpoints (`AWS::UseDualStack`).
    pub use_dual_stack: bool,
    /// The caller's own endpoint (`SDK::Endpoint`).
    pub endpoint: Option<&'a str>,
    named: Vec<(Cow<'a, str>, ParamValue<'a>)>,
}

/// The value of a named parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParamValue<'a> {
    /// Of type `string`.
    String(Cow<'a, str>),
    /// Of type `boolean`.
    Boolean(bool),
    /// Of type `stringArray`.
    Strings(Vec<Cow<'a, str>>),
}

impl<'a> EndpointParams<'a> {
    /// Gives the parameter `name` a value, unless it has one already.
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<ParamValue<'a>>) {
        let name = name.into();
        if self.value(&name).is_none() {
            self.named.push((name, value.into()));
        }
    }

    /// Gives parameters values that come before those set so far.
    pub(super) fn set_first(
        &mut self,
        values: impl Iterator<Item = (&'static str, ParamValue<'a>)>,
    ) {
        let values = values.map(|(name, value)| (Cow::Borrowed(name), value));
        self.named.splice(0..0, values);
    }

    /// The value of a named parameter of type `string`.
    #[must_use]
    pub fn string(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            ParamValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a named parameter of type `boolean`.
    #[must_use]
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            ParamValue::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The value of a named parameter of type `stringArray`.
    #[must_use]
    pub fn strings(&self, name: &str) -> Option<Vec<&str>> {
        match self.value(name)? {
            ParamValue::Strings(items) => Some(items.iter().map(AsRef::as_ref).collect()),
            _ => None,
        }
    }

    fn value(&self, name: &str) -> Option<&ParamValue<'a>> {
        self.named
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }
}

impl ParamValue<'_> {
    /// The same value, without a copy of its texts.
    pub(crate) fn borrowed(&self) -> ParamValue<'_> {
        match self {
            Self::String(text) => ParamValue::String(Cow::Borrowed(text)),
            Self::Boolean(value) => ParamValue::Boolean(*value),
            Self::Strings(items) => items.iter().map(AsRef::as_ref).collect(),
        }
    }
}

impl<'a> From<&'a str> for ParamValue<'a> {
    fn from(value: &'a str) -> Self {
        Self::String(Cow::Borrowed(value))
    }
}

impl From<String> for ParamValue<'_> {
    fn from(value: String) -> Self {
        Self::String(Cow::Owned(value))
    }
}

impl From<bool> for ParamValue<'_> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl<'a> FromIterator<&'a str> for ParamValue<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(items: I) -> Self {
        Self::Strings(items.into_iter().map(Cow::Borrowed).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_of_a_name_stays() {
        let mut params = EndpointParams::default();
        params.set("Bucket", "of-the-operation");
        params.set("Bucket", "of-the-client");
        assert_eq!(params.string("Bucket"), Some("of-the-operation"));
    }

    #[test]
    fn a_value_of_another_type_is_no_value() {
        let mut params = EndpointParams::default();
        params.set("Flag", true);
        params.set("Keys", ["a", "b"].into_iter().collect::<ParamValue<'_>>());
        assert_eq!(params.boolean("Flag"), Some(true));
        assert_eq!(params.string("Flag"), None);
        assert_eq!(params.strings("Keys"), Some(vec!["a", "b"]));
        assert_eq!(params.boolean("Keys"), None);
    }
}
