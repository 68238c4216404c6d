//! Properties of an endpoint.

use std::borrow::Cow;

/// The value of an endpoint property: strings and booleans, nested in any way.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Property {
    /// A boolean.
    Boolean(bool),
    /// Text.
    String(Cow<'static, str>),
    /// A list.
    Array(Vec<Property>),
    /// Values by name, in the order of the rule set.
    Object(Vec<(Cow<'static, str>, Property)>),
}

/// The entries of an object are equal in any order.
impl PartialEq for Property {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Boolean(own), Self::Boolean(other)) => own == other,
            (Self::String(own), Self::String(other)) => own == other,
            (Self::Array(own), Self::Array(other)) => own == other,
            (Self::Object(own), Self::Object(other)) => {
                own.len() == other.len() && own.iter().all(|entry| other.contains(entry))
            }
            _ => false,
        }
    }
}

impl Eq for Property {}

impl Property {
    /// A list of these.
    pub fn array<T: Into<Property>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }

    /// An object of these entries.
    pub fn object<T: Into<Property>>(entries: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        Self::Object(
            entries
                .into_iter()
                .map(|(name, value)| (Cow::Borrowed(name), value.into()))
                .collect(),
        )
    }

    /// The items of a list; nothing for any other value.
    #[must_use]
    pub fn as_array(&self) -> &[Property] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(value) => Some(*value),
            _ => None,
        }
    }

    /// The value of this name in an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Property> {
        match self {
            Self::Object(entries) => entries
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }
}

impl From<bool> for Property {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

/// Copies the text, since a rule set mostly gives a piece of a parameter.
impl From<&str> for Property {
    fn from(value: &str) -> Self {
        Self::String(Cow::Owned(value.to_owned()))
    }
}

impl From<String> for Property {
    fn from(value: String) -> Self {
        Self::String(Cow::Owned(value))
    }
}

/// What an endpoint says of one authentication scheme.
///
/// Source: Smithy 2.0, "AWS rules engine authentication scheme validators".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthSchemeProperties<'a> {
    name: &'a str,
    scheme: &'a Property,
}

impl<'a> AuthSchemeProperties<'a> {
    /// Reads an entry of `authSchemes`; `None` for one without a name.
    pub(super) fn new(scheme: &'a Property) -> Option<Self> {
        let name = scheme.get("name")?.as_str()?;
        Some(Self { name, scheme })
    }

    /// The scheme: `sigv4`, `sigv4a`, `sigv4-s3express`, …
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The service name to sign with in place of the model's.
    #[must_use]
    pub fn signing_name(&self) -> Option<&'a str> {
        self.scheme.get("signingName")?.as_str()
    }

    /// The region to sign with in place of the client's (`sigv4`).
    #[must_use]
    pub fn signing_region(&self) -> Option<&'a str> {
        self.scheme.get("signingRegion")?.as_str()
    }

    /// The regions to sign for (`sigv4a`).
    pub fn signing_region_set(&self) -> impl Iterator<Item = &'a str> {
        self.scheme
            .get("signingRegionSet")
            .map_or(&[][..], Property::as_array)
            .iter()
            .filter_map(Property::as_str)
    }

    /// Whether the path is signed as it is sent, not encoded a second time. `false` unless set.
    #[must_use]
    pub fn disable_double_encoding(&self) -> bool {
        self.flag("disableDoubleEncoding")
    }

    /// Whether `.`, `..` and empty segments of the path are signed as they are. `false` unless set.
    #[must_use]
    pub fn disable_normalize_path(&self) -> bool {
        self.flag("disableNormalizePath")
    }

    fn flag(&self, name: &str) -> bool {
        self.scheme
            .get(name)
            .and_then(Property::as_bool)
            .unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_properties_are_read_and_default_to_unset() {
        let scheme = Property::object([
            ("name", Property::from("sigv4a")),
            ("signingRegionSet", Property::array(["*", "us-east-1"])),
            ("disableDoubleEncoding", true.into()),
        ]);
        let scheme = AuthSchemeProperties::new(&scheme).unwrap();
        assert_eq!(
            scheme.signing_region_set().collect::<Vec<_>>(),
            ["*", "us-east-1"]
        );
        assert!(scheme.disable_double_encoding());
        assert!(!scheme.disable_normalize_path());
        assert_eq!(scheme.signing_name(), None);
        assert_eq!(scheme.signing_region(), None);
    }
}
