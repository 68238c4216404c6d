//! Reads documentation, be it CommonMark or HTML.

use html5gum::{DefaultEmitter, Span as Place, StartTag, Token, Tokenizer};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::build::{Builder, Container, Span};
use super::tree::Block;

/// Reads documentation. Where it holds HTML blocks, it is read as HTML, since that is how AWS writes
/// it, with asterisks and indentation that mean nothing; else as CommonMark.
pub(super) fn document(text: &str) -> Vec<Block> {
    let mut builder = Builder::new();
    if has_html_blocks(text) {
        html(text, &mut builder);
    } else {
        common_mark(&outdented(text), &mut builder);
    }
    builder.finish()
}

/// Tags that start a block of HTML.
const BLOCK_TAGS: [&str; 14] = [
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "div",
    "note",
    "important",
    "table",
    "pre",
    "h1",
    "h2",
    "h3",
    "fullname",
];

fn has_html_blocks(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| {
        let name = rest.split(['>', ' ', '\n', '/']).next().unwrap_or_default();
        BLOCK_TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name))
    })
}

/// Without the indentation that all lines after the first share, which they have from the place where
/// the text was written.
fn outdented(text: &str) -> String {
    let shared = text
        .lines()
        .skip(1)
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let mut lines = text.lines();
    let mut result = lines.next().unwrap_or_default().trim_start().to_owned();
    for line in lines {
        result.push('\n');
        result.push_str(line.get(shared..).unwrap_or_default());
    }
    result
}

fn common_mark(text: &str, builder: &mut Builder) {
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(tag) => start(&tag, builder),
            Event::End(tag) => end(tag, builder),
            Event::Text(text) => builder.text(&text),
            Event::Code(text) => {
                builder.open_span(Span::Code);
                builder.text(&text);
                builder.close_span(&Span::Code);
            }
            Event::Html(source) | Event::InlineHtml(source) => html(&source, builder),
            Event::SoftBreak => builder.text(" "),
            Event::HardBreak => builder.line_break(),
            Event::Rule => builder.end_line(),
            // Extensions that are not switched on.
            Event::InlineMath(text) | Event::DisplayMath(text) => builder.text(&text),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }
}

fn start(tag: &Tag<'_>, builder: &mut Builder) {
    match tag {
        Tag::Paragraph => builder.end_line(),
        Tag::Heading { .. } => builder.open_heading(),
        Tag::BlockQuote(_) => builder.open(Container::Quote(None)),
        Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => builder.open_code(),
        Tag::List(first) => builder.open(Container::List {
            ordered: first.is_some(),
        }),
        Tag::Item => builder.open(Container::Item),
        Tag::Table(_) => builder.open(Container::Table),
        Tag::TableHead | Tag::TableRow => builder.open(Container::Row),
        Tag::TableCell => builder.open(Container::Cell),
        Tag::Emphasis => builder.open_span(Span::Emphasis),
        Tag::Strong => builder.open_span(Span::Strong),
        Tag::Link { dest_url, .. } => builder.open_span(Span::Link(dest_url.to_string())),
        _ => {}
    }
}

fn end(tag: TagEnd, builder: &mut Builder) {
    match tag {
        TagEnd::Paragraph | TagEnd::Heading(_) => builder.end_line(),
        TagEnd::BlockQuote(_) => builder.close(|kind| matches!(kind, Container::Quote(_))),
        TagEnd::CodeBlock => builder.close_code(),
        TagEnd::List(_) => builder.close(|kind| matches!(kind, Container::List { .. })),
        TagEnd::Item => builder.close(|kind| kind == Container::Item),
        TagEnd::Table => builder.close(|kind| kind == Container::Table),
        TagEnd::TableHead | TagEnd::TableRow => builder.close(|kind| kind == Container::Row),
        TagEnd::TableCell => builder.close(|kind| kind == Container::Cell),
        TagEnd::Emphasis => builder.close_span(&Span::Emphasis),
        TagEnd::Strong => builder.close_span(&Span::Strong),
        TagEnd::Link => builder.close_span(&Span::Link(String::new())),
        _ => {}
    }
}

fn html(text: &str, builder: &mut Builder) {
    let mut end = 0;
    let mut skipped: Option<Vec<u8>> = None;
    let emitter = DefaultEmitter::<usize>::new_with_span();
    for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
        if let Some(name) = &skipped {
            if matches!(&token, Token::EndTag(tag) if tag.name.0 == *name) {
                skipped = None;
            }
            continue;
        }
        match token {
            Token::StartTag(tag) => {
                end = tag.span.end;
                if matches!(tag.name.as_slice(), b"script" | b"style") && !tag.self_closing {
                    skipped = Some(tag.name.0);
                } else {
                    open_tag(&tag, source(text, tag.span), builder);
                }
            }
            Token::EndTag(tag) => {
                end = tag.span.end;
                close_tag(&tag.name, source(text, tag.span), builder);
            }
            Token::String(string) => {
                end = string.span.end;
                builder.text(&String::from_utf8_lossy(&string.value));
            }
            Token::Comment(comment) => end = comment.span.end,
            Token::Doctype(doctype) => end = doctype.span.end,
            Token::Error(_) => {}
        }
    }
    // What looks like a tag and never ends is text.
    if skipped.is_none() {
        builder.text(text.get(end..).unwrap_or_default());
    }
}

fn source(text: &str, place: Place) -> &str {
    text.get(place.start..place.end).unwrap_or_default()
}

fn open_tag(tag: &StartTag<usize>, source: &str, builder: &mut Builder) {
    let attribute = |name: &[u8]| {
        let value = tag.attributes.get(name);
        value.map_or_else(String::new, |value| {
            String::from_utf8_lossy(&value.value).into_owned()
        })
    };
    match tag.name.as_slice() {
        b"a" => builder.open_span(Span::Link(attribute(b"href"))),
        b"img" => builder.text(&attribute(b"alt")),
        b"br" => builder.line_break(),
        b"dt" => {
            builder.open(Container::Item);
            builder.open_span(Span::Strong);
        }
        // The definition goes on in the item of its term.
        b"dd" if builder.is_in(Container::Item) => builder.end_line(),
        b"dd" => builder.open(Container::Item),
        name => match kind(name) {
            Kind::Span(span) => builder.open_span(span),
            Kind::Block => builder.end_line(),
            Kind::Heading => builder.open_heading(),
            Kind::Code => builder.open_code(),
            Kind::Container(container) => builder.open(container),
            Kind::Transparent => {}
            Kind::Unknown => builder.text(source),
        },
    }
}

fn close_tag(name: &[u8], source: &str, builder: &mut Builder) {
    match name {
        b"a" => builder.close_span(&Span::Link(String::new())),
        b"dt" => builder.end_line(),
        b"dd" => builder.close(|kind| kind == Container::Item),
        b"br" | b"img" => {}
        name => match kind(name) {
            Kind::Span(span) => builder.close_span(&span),
            Kind::Block | Kind::Heading => builder.end_line(),
            Kind::Code => builder.close_code(),
            Kind::Container(Container::List { .. }) => {
                builder.close(|kind| matches!(kind, Container::List { .. }));
            }
            Kind::Container(container) => builder.close(|kind| kind == container),
            Kind::Transparent => {}
            Kind::Unknown => builder.text(source),
        },
    }
}

/// What a tag means to the tree.
enum Kind {
    Span(Span),
    /// Ends the line and means nothing else.
    Block,
    Heading,
    Code,
    Container(Container),
    /// Nothing of what it says can be kept but its content.
    Transparent,
    /// No tag but a placeholder that somebody wrote, such as `<region>`.
    Unknown,
}

fn kind(name: &[u8]) -> Kind {
    match name {
        b"code" | b"tt" | b"kbd" | b"samp" => Kind::Span(Span::Code),
        b"b" | b"strong" => Kind::Span(Span::Strong),
        b"i" | b"em" | b"var" | b"replaceable" | b"cite" | b"dfn" => Kind::Span(Span::Emphasis),
        b"p" | b"div" | b"section" | b"hr" | b"thead" | b"tbody" | b"tfoot" | b"caption"
        | b"html" | b"body" | b"center" => Kind::Block,
        b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"fullname" | b"title" => Kind::Heading,
        b"pre" | b"programlisting" => Kind::Code,
        b"ul" | b"dl" => Kind::Container(Container::List { ordered: false }),
        b"ol" => Kind::Container(Container::List { ordered: true }),
        b"li" => Kind::Container(Container::Item),
        b"note" => Kind::Container(Container::Quote(Some("Note"))),
        b"important" => Kind::Container(Container::Quote(Some("Important"))),
        b"caution" => Kind::Container(Container::Quote(Some("Caution"))),
        b"warning" => Kind::Container(Container::Quote(Some("Warning"))),
        b"tip" => Kind::Container(Container::Quote(Some("Tip"))),
        b"blockquote" => Kind::Container(Container::Quote(None)),
        b"table" => Kind::Container(Container::Table),
        b"tr" => Kind::Container(Container::Row),
        b"td" | b"th" => Kind::Container(Container::Cell),
        b"span" | b"font" | b"u" | b"s" | b"sup" | b"sub" | b"small" | b"big" | b"abbr" | b"q"
        | b"ins" | b"del" | b"mark" | b"wbr" => Kind::Transparent,
        _ => Kind::Unknown,
    }
}
