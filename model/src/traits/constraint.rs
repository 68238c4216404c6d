//! The constraint traits. Source: Smithy 2.0, "Constraint traits".

use crate::model::Traits;
use crate::node::Node;

/// `smithy.api#length`, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// Fewest allowed.
    pub min: Option<u64>,
    /// Most allowed.
    pub max: Option<u64>,
}

/// `smithy.api#range`, both ends inclusive, as decimal text, since a bound may need more precision
/// than any machine number has. An exponent is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range<'a> {
    /// Least allowed.
    pub min: Option<&'a str>,
    /// Greatest allowed.
    pub max: Option<&'a str>,
}

impl Traits<'_> {
    /// `smithy.api#length`.
    #[must_use]
    pub fn length(&self) -> Option<Length> {
        let node = self.get("smithy.api#length")?;
        let bound = |name| node.get(name)?.as_number()?.parse().ok();
        Some(Length {
            min: bound("min"),
            max: bound("max"),
        })
    }

    /// `smithy.api#range`. A bound may be written as a string.
    #[must_use]
    pub fn range(&self) -> Option<Range<'_>> {
        let node = self.get("smithy.api#range")?;
        let bound = |name| decimal_text(node.get(name)?);
        Some(Range {
            min: bound("min"),
            max: bound("max"),
        })
    }

    /// `smithy.api#pattern`: an ECMA-262 regular expression, not anchored.
    #[must_use]
    pub fn pattern(&self) -> Option<&str> {
        self.string("smithy.api#pattern")
    }

    /// `smithy.api#uniqueItems`.
    #[must_use]
    pub fn unique_items(&self) -> bool {
        self.has("smithy.api#uniqueItems")
    }
}

fn decimal_text<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    node.as_number().or_else(|| node.as_str())
}
