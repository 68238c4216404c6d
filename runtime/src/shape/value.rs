//! The plain types of the standard library as values and fields.
