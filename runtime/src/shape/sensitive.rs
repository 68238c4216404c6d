//! Values that are never shown.

/// A value that is never shown.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Sensitive<T>(T);
