//! Builds the tree from what opens and closes, in whatever order: what is not closed ends with what
//! holds it, and what was never opened cannot be closed.

use super::tree::{Block, Inline, plain};

/// How deep blocks, and pieces of a line, may nest. What is deeper is read as if it stood further out.
const MAX_DEPTH: usize = 24;

/// A block that is open.
#[derive(Debug)]
struct Open {
    kind: Container,
    blocks: Vec<Block>,
}

/// The blocks that hold others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Document,
    List { ordered: bool },
    Item,
    Quote(Option<&'static str>),
    Table,
    Row,
    Cell,
}

/// The pieces of a line that hold others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Code,
    Strong,
    Emphasis,
    /// With its target, which may be of no use.
    Link(String),
}

/// A tree that is being built.
#[derive(Debug)]
pub(super) struct Builder {
    open: Vec<Open>,
    /// The line being read: what is open in it, outermost first, and what each holds.
    spans: Vec<(Span, Vec<Inline>)>,
    line: Vec<Inline>,
    is_heading: bool,
    /// The text of a code block being read.
    code: Option<String>,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            open: vec![Open {
                kind: Container::Document,
                blocks: Vec::new(),
            }],
            spans: Vec::new(),
            line: Vec::new(),
            is_heading: false,
            code: None,
        }
    }

    /// Everything read, with all that was open closed.
    pub(super) fn finish(mut self) -> Vec<Block> {
        self.close_code();
        self.end_line();
        while self.open.len() > 1 {
            self.close_innermost();
        }
        self.open.pop().map(|root| root.blocks).unwrap_or_default()
    }

    pub(super) fn text(&mut self, text: &str) {
        match &mut self.code {
            Some(code) => code.push_str(text),
            None => self.push(Inline::Text(text.to_owned())),
        }
    }

    pub(super) fn line_break(&mut self) {
        match &mut self.code {
            Some(code) => code.push('\n'),
            None => self.push(Inline::Break),
        }
    }

    fn push(&mut self, piece: Inline) {
        match self.spans.last_mut() {
            Some((_, content)) => content.push(piece),
            None => self.line.push(piece),
        }
    }

    pub(super) fn open_span(&mut self, span: Span) {
        let is_open = |other: &(Span, _)| same_kind(&other.0, &span);
        if self.code.is_none() && self.spans.len() < MAX_DEPTH && !self.spans.iter().any(is_open) {
            self.spans.push((span, Vec::new()));
        }
    }

    /// Closes the innermost span of this kind, and all inside of it.
    pub(super) fn close_span(&mut self, span: &Span) {
        let at = self
            .spans
            .iter()
            .rposition(|(open, _)| same_kind(open, span));
        if let Some(at) = at {
            while self.spans.len() > at {
                self.close_innermost_span();
            }
        }
    }

    fn close_innermost_span(&mut self) {
        if let Some((span, content)) = self.spans.pop() {
            for piece in finished(span, content) {
                self.push(piece);
            }
        }
    }

    /// Ends the line: what comes next is a block of its own.
    pub(super) fn end_line(&mut self) {
        while !self.spans.is_empty() {
            self.close_innermost_span();
        }
        let line = std::mem::take(&mut self.line);
        let is_heading = std::mem::take(&mut self.is_heading);
        if !plain(&line).trim().is_empty() {
            self.push_block(if is_heading {
                Block::Heading(line)
            } else {
                Block::Paragraph(line)
            });
        }
    }

    fn push_block(&mut self, block: Block) {
        if let Some(open) = self.open.last_mut() {
            open.blocks.push(block);
        }
    }

    pub(super) fn open_heading(&mut self) {
        self.end_line();
        self.is_heading = true;
    }

    pub(super) fn open_code(&mut self) {
        self.end_line();
        self.code.get_or_insert_default();
    }

    pub(super) fn close_code(&mut self) {
        if let Some(code) = self.code.take()
            && !code.trim().is_empty()
        {
            self.push_block(Block::Code(code));
        }
    }

    /// Opens a block inside of the one that is open.
    pub(super) fn open(&mut self, kind: Container) {
        self.end_line();
        match kind {
            Container::Item => self.settle(
                |open| matches!(open, Container::List { .. }),
                Container::List { ordered: false },
            ),
            Container::Row => self.settle(|open| open == Container::Table, Container::Table),
            Container::Cell => self.settle(|open| open == Container::Row, Container::Row),
            _ => {}
        }
        if self.open.len() < MAX_DEPTH {
            self.open.push(Open {
                kind,
                blocks: Vec::new(),
            });
        }
    }

    /// Closes blocks until one is open that can hold the next, or opens `default` where none is.
    fn settle(&mut self, holds: impl Fn(Container) -> bool, default: Container) {
        // A list inside of a quote or cell is not the one around it.
        let barrier = |kind: Container| {
            matches!(default, Container::List { .. })
                && matches!(kind, Container::Quote(_) | Container::Cell)
        };
        let mut at = self.open.len();
        while at > 1 {
            at -= 1;
            if holds(self.open[at].kind) {
                while self.open.len() > at + 1 {
                    self.close_innermost();
                }
                return;
            }
            if barrier(self.open[at].kind) {
                break;
            }
        }
        self.open(default);
    }

    /// Closes the innermost block of this kind, and all inside of it.
    pub(super) fn close(&mut self, is_kind: impl Fn(Container) -> bool) {
        self.end_line();
        let at = self.open.iter().rposition(|open| is_kind(open.kind));
        if let Some(at) = at.filter(|at| *at > 0) {
            while self.open.len() > at {
                self.close_innermost();
            }
        }
    }

    /// Whether the innermost open block is of this kind.
    pub(super) fn is_in(&self, kind: Container) -> bool {
        self.open.last().is_some_and(|open| open.kind == kind)
    }

    fn close_innermost(&mut self) {
        self.end_line();
        let Some(Open { kind, blocks }) = self.open.pop() else {
            return;
        };
        if !blocks.is_empty() {
            let block = closed(kind, blocks);
            self.push_block(block);
        }
    }
}

/// A block that is closed. Items, rows and cells stay quotes without a label until what holds them is
/// closed.
fn closed(kind: Container, blocks: Vec<Block>) -> Block {
    match kind {
        Container::List { ordered } => Block::List {
            ordered,
            items: blocks.into_iter().map(inner).collect(),
        },
        Container::Table => {
            let rows = blocks.into_iter().map(inner);
            Block::Table(
                rows.map(|row| row.into_iter().map(cell).collect())
                    .collect(),
            )
        }
        Container::Quote(label) => Block::Quote { label, blocks },
        Container::Document | Container::Item | Container::Row | Container::Cell => Block::Quote {
            label: None,
            blocks,
        },
    }
}

/// The blocks of an item, row or cell.
fn inner(block: Block) -> Vec<Block> {
    match block {
        Block::Quote {
            label: None,
            blocks,
        } => blocks,
        other => vec![other],
    }
}

/// The blocks of a cell as one line.
fn cell(block: Block) -> Vec<Inline> {
    let mut line = Vec::new();
    for block in inner(block) {
        if !line.is_empty() {
            line.push(Inline::Text(" ".to_owned()));
        }
        match block {
            Block::Paragraph(content) | Block::Heading(content) => line.extend(content),
            Block::Code(text) => line.push(Inline::Code(text)),
            Block::List { items, .. } => {
                let items = items.into_iter().flatten();
                line.extend(items.flat_map(cell));
            }
            Block::Quote { blocks, .. } => line.extend(blocks.into_iter().flat_map(cell)),
            Block::Table(rows) => line.extend(rows.into_iter().flatten().flatten()),
        }
    }
    line
}

fn same_kind(a: &Span, b: &Span) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn finished(span: Span, content: Vec<Inline>) -> Vec<Inline> {
    let text = plain(&content);
    if text.trim().is_empty() {
        return content;
    }
    match span {
        Span::Strong => vec![Inline::Strong(content)],
        Span::Emphasis => vec![Inline::Emphasis(content)],
        Span::Link(url) => link(&url, content),
        Span::Code => match content.as_slice() {
            // Code may be linked; a link cannot be code.
            [Inline::Link { url, .. }] => vec![Inline::Link {
                url: url.clone(),
                content: vec![Inline::Code(text)],
            }],
            _ => vec![Inline::Code(text)],
        },
    }
}

/// A link. Without a target that works from anywhere it is the name of something in the service, or
/// plain text.
fn link(url: &str, content: Vec<Inline>) -> Vec<Inline> {
    let url: String = url.split_whitespace().collect();
    let is_absolute = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    if is_absolute {
        return vec![Inline::Link { url, content }];
    }
    match content.as_slice() {
        [Inline::Text(text)] if url.is_empty() && is_name(text.trim()) => {
            vec![Inline::Code(text.trim().to_owned())]
        }
        _ => content,
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'.' | b'$'))
}
