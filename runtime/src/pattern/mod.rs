//! Matchers for `smithy.api#pattern`, compiled when the client is generated.

/// A compiled pattern.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
}

impl Pattern {
    /// The ECMA-262 text of the model.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        self.source
    }
}
