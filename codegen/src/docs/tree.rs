//! What documentation consists of, whatever it was written in.

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Paragraph(Vec<Inline>),
    Heading(Vec<Inline>),
    /// Text that keeps its lines.
    Code(String),
    List {
        ordered: bool,
        items: Vec<Vec<Block>>,
    },
    /// Set apart from the text around it, often under a label such as `Note`.
    Quote {
        label: Option<&'static str>,
        blocks: Vec<Block>,
    },
    /// Rows of cells, the first row being the head.
    Table(Vec<Vec<Vec<Inline>>>),
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Inline {
    Text(String),
    Code(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Link { url: String, content: Vec<Inline> },
    Break,
}

/// The text of a line without its markup.
pub(super) fn plain(content: &[Inline]) -> String {
    content
        .iter()
        .map(|piece| match piece {
            Inline::Text(text) | Inline::Code(text) => text.clone(),
            Inline::Strong(content) | Inline::Emphasis(content) | Inline::Link { content, .. } => {
                plain(content)
            }
            Inline::Break => " ".to_owned(),
        })
        .collect()
}
