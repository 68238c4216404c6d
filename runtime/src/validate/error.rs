//! Violations, and the words for them.

use std::fmt;

/// The most violations that one [`ValidationError`] describes. The rest are counted.
pub const MAX_VIOLATIONS: usize = 100;

/// An input that its model forbids.
///
/// `Display` lists the violations in the words of AWS services. The values of sensitive members are
/// in no part of it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct ValidationError {
    /// What was found, in the order of the model; at least one, at most [`MAX_VIOLATIONS`].
    pub violations: Vec<Violation>,
    /// How many more violations there are.
    pub omitted: usize,
}

/// One place in an input, and the constraint that it violates.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Violation {
    /// Where, as a JSON pointer (RFC 6901) of the model's member names: `/tags/0/key`. A key of a map
    /// has the path of its map. A sensitive key is `***`.
    pub path: String,
    /// The member's name: `member` for an item of a list, `key` and `value` in a map.
    pub member: &'static str,
    /// The id of the shape that the member targets, such as
    /// `com.amazonaws.codecatalyst#AccessTokenId`.
    pub shape: &'static str,
    /// What the model demands.
    pub constraint: ConstraintKind,
    /// What there is instead.
    pub found: Found,
}

/// What a model, or the place of a member in a request, demands of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "kind", rename_all = "camelCase")
)]
#[non_exhaustive]
pub enum ConstraintKind {
    /// There must be a value: `smithy.api#required`, an item of a list or value of a map that is not
    /// `smithy.api#sparse`, or a label.
    Required,
    /// `smithy.api#length`, inclusive.
    Length {
        /// Fewest scalar values, bytes, items or entries.
        min: Option<u64>,
        /// Most scalar values, bytes, items or entries.
        max: Option<u64>,
    },
    /// `smithy.api#range`, inclusive, as the model's decimal text.
    Range {
        /// Least allowed.
        min: Option<&'static str>,
        /// Greatest allowed.
        max: Option<&'static str>,
    },
    /// `smithy.api#pattern`.
    Pattern {
        /// The regular expression of the model (ECMA-262).
        pattern: &'static str,
    },
    /// `smithy.api#uniqueItems`.
    UniqueItems,
    /// One of the values of an enum, where
    /// [enum checks](super::ValidationOptions::check_enums) are on.
    EnumValue {
        /// The values that the model knows; those of an intEnum as decimal text.
        values: &'static [&'static str],
    },
    /// A label of the URI (`smithy.api#httpLabel`), which would address another resource if it were
    /// empty, `.` or `..`.
    ///
    /// Source: RFC 3986, section 5.2.4, "Remove Dot Segments".
    PathLabel,
    /// A label of the host name (`smithy.api#hostLabel`): 1 to 63 letters, digits and hyphens, the
    /// first not a hyphen.
    ///
    /// Source: Smithy 2.0, "endpoint trait"; RFC 1123, section 2.1.
    HostLabel,
    /// A parameter of the endpoint (`smithy.rules#contextParam`), which must not be blank.
    ///
    /// Source: Smithy 2.0, "contextParam trait".
    EndpointParam,
    /// Not nested deeper than a request may be.
    Depth {
        /// The most structures, lists and maps inside each other.
        max: usize,
    },
    /// Something that can be put into a request, which a union variant unknown to the model cannot.
    Writable,
}

/// What was found where a constraint is violated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "kind", content = "value", rename_all = "camelCase")
)]
#[non_exhaustive]
pub enum Found {
    /// No value, or one of which there is nothing to tell.
    Nothing,
    /// A value of this length.
    Length(u64),
    /// This value, shortened where it is long.
    Value(String),
    /// Two equal items, by their indexes.
    Duplicate(usize, usize),
    /// A sensitive value, of which nothing is told.
    Withheld,
}

impl Violation {
    /// The violation in the words of AWS services.
    #[must_use]
    pub fn message(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value")?;
        if let Found::Length(length) = self.found {
            write!(f, " with length {length}")?;
        }
        write!(
            f,
            " at '{}' failed to satisfy constraint: {}",
            self.path, self.constraint
        )
    }
}

impl fmt::Display for ConstraintKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Member must ")?;
        match self {
            Self::Required => f.write_str("not be null"),
            Self::Length { min, max } => {
                f.write_str("have length ")?;
                write_bounds(f, min.as_ref(), max.as_ref())
            }
            Self::Range { min, max } => {
                f.write_str("be ")?;
                write_bounds(f, min.as_ref(), max.as_ref())
            }
            Self::Pattern { pattern } => {
                write!(f, "satisfy regular expression pattern: {pattern}")
            }
            Self::UniqueItems => f.write_str("have unique values"),
            Self::EnumValue { values } => {
                write!(f, "satisfy enum value set: [{}]", values.join(", "))
            }
            Self::PathLabel => f.write_str("not be empty, '.' or '..', being a label of the URI"),
            Self::HostLabel => f.write_str(
                "have 1 to 63 letters, digits or hyphens, the first not a hyphen, being a label of \
                 the host name",
            ),
            Self::EndpointParam => f.write_str("not be blank, being a part of the endpoint"),
            Self::Depth { max } => write!(f, "not be nested deeper than {max}"),
            Self::Writable => f.write_str("be of a kind that the model knows"),
        }
    }
}

fn write_bounds<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    min: Option<&T>,
    max: Option<&T>,
) -> fmt::Result {
    match (min, max) {
        (Some(min), Some(max)) => write!(f, "between {min} and {max}, inclusive"),
        (Some(min), None) => write!(f, "greater than or equal to {min}"),
        (None, Some(max)) => write!(f, "less than or equal to {max}"),
        (None, None) => f.write_str("within no bounds"),
    }
}

impl fmt::Display for ValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.violations.len() + self.omitted;
        if let ([only], 1) = (self.violations.as_slice(), count) {
            return write!(f, "1 validation error detected. {only}");
        }
        write!(f, "{count} validation errors detected:")?;
        for violation in &self.violations {
            write!(f, "\n- {violation}")?;
        }
        if self.omitted > 0 {
            write!(f, "\n- and {} more", self.omitted)?;
        }
        Ok(())
    }
}

impl std::error::Error for ValidationError {}

#[cfg(feature = "serde")]
impl serde::Serialize for Violation {
    /// The fields, and `message` with the words of [`Display`](fmt::Display).
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;

        let mut fields = serializer.serialize_struct("Violation", 6)?;
        fields.serialize_field("path", &self.path)?;
        fields.serialize_field("message", &self.message())?;
        fields.serialize_field("member", self.member)?;
        fields.serialize_field("shape", self.shape)?;
        fields.serialize_field("constraint", &self.constraint)?;
        fields.serialize_field("found", &self.found)?;
        fields.end()
    }
}
