//! Writes the tree as Markdown.

use super::escape::{self, FIXED_SPACE, LINE_END};
use super::tree::{Block, Inline, plain};

/// The least width of a line, however deep it stands.
const MIN_WIDTH: usize = 40;

/// The Markdown of `blocks`, in lines of at most `width` columns where words allow it.
pub(super) fn markdown(blocks: &[Block], width: usize) -> String {
    blocks_lines(blocks, width).join("\n")
}

/// The lines of blocks with an empty line between each two.
fn blocks_lines(blocks: &[Block], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for block in blocks {
        let block = block_lines(block, width);
        if !lines.is_empty() && !block.is_empty() {
            lines.push(String::new());
        }
        lines.extend(block);
    }
    lines
}

fn block_lines(block: &Block, width: usize) -> Vec<String> {
    match block {
        Block::Paragraph(content) => wrapped(&pieces(content, false), width),
        Block::Heading(content) => {
            wrapped(&pieces(&[Inline::Strong(content.clone())], false), width)
        }
        Block::Code(text) => code_lines(text),
        Block::List { ordered, items } => list_lines(*ordered, items, width),
        Block::Quote { label, blocks } => quote_lines(*label, blocks, width),
        Block::Table(rows) => table_lines(rows),
    }
}

/// A code block that rustdoc does not take for Rust.
fn code_lines(text: &str) -> Vec<String> {
    let fence = "`".repeat(escape::longest_run(text).max(2) + 1);
    let mut lines = vec![format!("{fence}text")];
    let text = text.trim_matches('\n').trim_end();
    lines.extend(text.lines().map(|line| line.trim_end().to_owned()));
    lines.push(fence);
    lines
}

fn list_lines(ordered: bool, items: &[Vec<Block>], width: usize) -> Vec<String> {
    let is_tight = items.iter().all(|item| {
        matches!(
            item.as_slice(),
            [Block::Paragraph(_)] | [Block::Paragraph(_), Block::List { .. }]
        )
    });
    let mut lines = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let marker = if ordered {
            format!("{}. ", index + 1)
        } else {
            "- ".to_owned()
        };
        let inner = narrower(width, marker.len());
        let content = if is_tight {
            item.iter()
                .flat_map(|block| block_lines(block, inner))
                .collect()
        } else {
            blocks_lines(item, inner)
        };
        if !lines.is_empty() && !is_tight {
            lines.push(String::new());
        }
        lines.extend(indented(&content, &marker));
    }
    lines
}

/// Lines behind a marker, the later ones as far in as the first.
fn indented(lines: &[String], marker: &str) -> Vec<String> {
    let indent = " ".repeat(marker.len());
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| match (index, line.is_empty()) {
            (0, _) => format!("{marker}{line}"),
            (_, true) => String::new(),
            (_, false) => format!("{indent}{line}"),
        })
        .collect()
}

fn quote_lines(label: Option<&str>, blocks: &[Block], width: usize) -> Vec<String> {
    let mut blocks = blocks.to_vec();
    if let Some(label) = label {
        let label = Inline::Strong(vec![Inline::Text(format!("{label}:"))]);
        match blocks.first_mut() {
            Some(Block::Paragraph(content)) => {
                content.splice(0..0, [label, Inline::Text(" ".to_owned())]);
            }
            _ => blocks.insert(0, Block::Paragraph(vec![label])),
        }
    }
    blocks_lines(&blocks, narrower(width, 2))
        .iter()
        .map(|line| format!("> {line}").trim_end().to_owned())
        .collect()
}

fn narrower(width: usize, by: usize) -> usize {
    width.saturating_sub(by).max(MIN_WIDTH)
}

/// A table, each row a line however long, since a row cannot be broken.
fn table_lines(rows: &[Vec<Vec<Inline>>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let cells = (0..columns).map(|column| row.get(column).map_or(String::new(), |c| cell(c)));
        lines.push(format!("| {} |", cells.collect::<Vec<_>>().join(" | ")));
        if index == 0 {
            lines.push(format!("|{}", " --- |".repeat(columns)));
        }
    }
    lines
}

fn cell(content: &[Inline]) -> String {
    let text = pieces(content, false).replace(LINE_END, " ");
    let text = text.replace(FIXED_SPACE, " ");
    // A bar in code ends the cell, too, unless it is escaped there as well.
    let escaped = text.replace("\\|", "|").replace('|', "\\|");
    escaped.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Breaks text at its spaces.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let parts: Vec<_> = text
        .split(LINE_END)
        .map(|part| wrapped_part(part, width))
        .filter(|part| !part.is_empty())
        .collect();
    let count = parts.len();
    for (index, mut part) in parts.into_iter().enumerate() {
        if let Some(last) = part.last_mut().filter(|_| index + 1 < count) {
            last.push('\\');
        }
        lines.extend(part);
    }
    lines
}

fn wrapped_part(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut columns = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if columns > 0 && columns + 1 + length > width {
            lines.push(std::mem::take(&mut line));
            columns = 0;
        }
        if columns > 0 {
            line.push(' ');
            columns += 1;
        }
        line.push_str(word);
        columns += length;
    }
    lines.push(line);
    lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| escape::line_start(&line.replace(FIXED_SPACE, " ")))
        .collect()
}

/// The Markdown of a line, still in one piece.
fn pieces(content: &[Inline], in_link: bool) -> String {
    merged(content)
        .iter()
        .map(|piece| match piece {
            Inline::Text(text) => escape::text(text, in_link),
            Inline::Code(text) => escape::code(text),
            Inline::Strong(content) => marked("**", &pieces(content, in_link)),
            Inline::Emphasis(content) => marked("*", &pieces(content, in_link)),
            Inline::Link { url, content } => link(url, content),
            Inline::Break => LINE_END.to_string(),
        })
        .collect()
}

/// Texts that follow one another are one, so that what is escaped does not depend on where it was cut.
fn merged(content: &[Inline]) -> Vec<Inline> {
    let mut merged: Vec<Inline> = Vec::new();
    for piece in content {
        match (merged.last_mut(), piece) {
            (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(text),
            _ => merged.push(piece.clone()),
        }
    }
    merged
}

/// Text between markers, which must not have a space on their inner side.
fn marked(marker: &str, text: &str) -> String {
    let is_space = |c: char| c == ' ' || c == LINE_END;
    let inner = text.trim_matches(is_space);
    if inner.is_empty() {
        return text.to_owned();
    }
    let before = if text.starts_with(is_space) { " " } else { "" };
    let after = if text.ends_with(is_space) { " " } else { "" };
    // A break inside would leave the markers apart.
    let inner = inner.replace(LINE_END, " ");
    format!("{before}{marker}{inner}{marker}{after}")
}

fn link(url: &str, content: &[Inline]) -> String {
    let text = pieces(content, true).replace(LINE_END, " ");
    let trimmed = text.trim();
    let before = if text.starts_with(' ') { " " } else { "" };
    let after = if text.ends_with(' ') { " " } else { "" };
    let is_itself = plain(content).trim() == url;
    let clean = escape::url(url);
    let target = clean.trim_matches(['<', '>']);
    if is_itself && target.is_ascii() {
        return format!("{before}<{target}>{after}");
    }
    format!("{before}[{trimmed}]({clean}){after}")
}

#[cfg(test)]
mod tests {
    use super::super::markdown;

    #[test]
    fn html_becomes_markdown() {
        assert_eq!(
            markdown("<p>Creates a <code>token</code>.</p> <p>Say <b>why</b> and <i>when</i>.</p>"),
            "Creates a `token`.\n\nSay **why** and *when*."
        );
        assert_eq!(
            markdown("<p>One of:</p><ul><li><p>a</p></li><li>b<ul><li>c</li></ul></li></ul>"),
            "One of:\n\n- a\n- b\n  - c"
        );
        assert_eq!(
            markdown("<ol><li><p>a</p><p>b</p></li><li>c</li></ol>"),
            "1. a\n\n   b\n\n2. c"
        );
        assert_eq!(
            markdown("<dl><dt>Term</dt><dd>What it <i>is</i>.</dd><dt>Other<dd>That.</dl>"),
            "- **Term**\n\n  What it *is*.\n\n- **Other**\n\n  That."
        );
        assert_eq!(
            markdown("<note><p>Mind <a href=\"https://a.example/x\">this</a>.</p></note>"),
            "> **Note:** Mind [this](https://a.example/x)."
        );
        assert_eq!(markdown("<p>a<br>b<br/></p>"), "a\\\nb");
    }

    #[test]
    fn common_mark_stays_what_it_is() {
        assert_eq!(
            markdown("A *b* `c` **d**.\n\n- e\n- f"),
            "A *b* `c` **d**.\n\n- e\n- f"
        );
        assert_eq!(markdown("a <region> b"), r"a \<region> b");
        assert_eq!(
            markdown("First.\n\n    let x = 1;\n"),
            "First.\n\nlet x = 1;"
        );
        assert_eq!(
            markdown("```rust\nfn f() {}\n```"),
            "```text\nfn f() {}\n```"
        );
    }

    #[test]
    fn tables_have_a_head() {
        assert_eq!(
            markdown(
                "<table><tr><th>a<th>b</tr><tr><td>1|2</td><td><code>x</code></td></tr></table>"
            ),
            "| a | b |\n| --- | --- |\n| 1\\|2 | `x` |"
        );
    }

    #[test]
    fn broken_html_keeps_its_text() {
        assert_eq!(markdown("<p>a <b>c</p> <p>d</i>"), "a **c**\n\nd");
        assert_eq!(markdown("<p>x < y and <y"), r"x \< y and \<y");
        assert_eq!(markdown("</ul></li><p>z</div>"), "z");
        assert_eq!(markdown("<p>arn:<Partition>:x</p>"), r"arn:\<Partition>:x");
    }

    #[test]
    fn text_is_no_markup() {
        assert_eq!(markdown("<p>[Foo] and *bar*</p>"), r"\[Foo\] and \*bar\*");
        assert_eq!(
            markdown("<p>See <a>CreateToken</a>.</p>"),
            "See `CreateToken`."
        );
        assert_eq!(markdown("<p>See <a href=\"#x\">it</a>.</p>"), "See it.");
        assert_eq!(markdown("<p>1. not a list</p>"), r"1\. not a list");
    }

    #[test]
    fn empty_documentation_is_empty() {
        for text in ["", "<p/>", "<p> </p>", "<ul></ul>", "  \n"] {
            assert_eq!(markdown(text), "", "{text:?}");
        }
    }

    #[test]
    fn long_lines_are_wrapped_outside_of_code() {
        let text = format!(
            "<p>{} <code>{}</code></p>",
            "word ".repeat(30),
            "x ".repeat(60)
        );
        let lines = markdown(&text);
        let mut lines = lines.lines();
        assert!(lines.next().unwrap().len() <= super::super::WIDTH);
        assert!(lines.next_back().unwrap().starts_with("`x x"));
    }

    #[test]
    fn deep_nesting_is_flattened() {
        let text = "<ul><li>".repeat(5_000) + "end";
        assert!(markdown(&text).contains("end"));
        let text = "<b><i>".repeat(5_000) + "end";
        assert!(markdown(&text).contains("end"));
    }
}
