//! Documentation of a model as documentation of Rust.
//!
//! Smithy's documentation is CommonMark, which may hold HTML; AWS's models hold HTML alone, not always
//! well formed. Both are [read](read) to one small [tree](tree), from which [write](write) makes Markdown
//! that rustdoc takes without a warning: no text turns into a link, a tag, a code block that would be
//! run, or markup that the author did not mean.

mod build;
mod constraints;
mod escape;
mod examples;
mod read;
#[cfg(test)]
mod tests;
mod tree;
mod write;

pub(crate) use constraints::constraint_sentences;
pub(crate) use examples::{call, examples};

/// The columns of a line of documentation: what rustfmt leaves for a field's `///`.
const WIDTH: usize = 92;

/// Turns a value of `smithy.api#documentation` into Markdown for rustdoc, wrapped and without an end of
/// line at its end. Documentation without any text gives an empty string.
pub(crate) fn markdown(documentation: &str) -> String {
    let text = escape::printable(documentation);
    write::markdown(&read::document(&text), WIDTH)
}
