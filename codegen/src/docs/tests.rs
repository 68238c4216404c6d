//! Whatever the documentation, its Markdown holds nothing that rustdoc would warn of or run.

use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::markdown;

/// The extensions that rustdoc reads.
fn rustdoc_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}

/// What rustdoc would not take as it is meant.
fn objection(text: &str) -> Option<String> {
    // A bracket that nothing answers to may be the name of an item: that is asked for, too.
    let mut names = Vec::new();
    let mut broken = |link: pulldown_cmark::BrokenLink<'_>| {
        names.push(link.reference.to_string());
        None
    };
    let parser = Parser::new_with_broken_link_callback(text, rustdoc_options(), Some(&mut broken));
    let found = parser.into_iter().find_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(format!("HTML: {html}")),
        Event::FootnoteReference(name) => Some(format!("footnote: {name}")),
        Event::Start(Tag::Link { dest_url, .. }) => {
            let is_absolute = ["http://", "https://", "mailto:"]
                .iter()
                .any(|scheme| dest_url.starts_with(scheme));
            (!is_absolute).then(|| format!("link: {dest_url}"))
        }
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => Some("indented code".into()),
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) if &*kind != "text" => {
            Some(format!("code: {kind}"))
        }
        Event::Start(tag @ (Tag::Heading { .. } | Tag::Strikethrough)) => Some(format!("{tag:?}")),
        Event::Rule => Some("rule".into()),
        _ => None,
    });
    found.or_else(|| names.first().map(|name| format!("broken link: {name}")))
}

/// Pieces that documentation is made of, and some that break it.
const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<ul>",
    "</ul>",
    "<ol>",
    "</ol>",
    "<li>",
    "</li>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<code>",
    "</code>",
    "<note>",
    "</note>",
    "<dl>",
    "<dt>",
    "<dd>",
    "</dd>",
    "</dl>",
    "<pre>",
    "</pre>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<br>",
    "<h1>",
    "</h1>",
    "<a href=\"https://a.example/b(c)_d\">",
    "<a href='rel'>",
    "<a>",
    "</a>",
    "<region>",
    "<!-- c -->",
    "<script>",
    "</script>",
    "&lt;",
    "&amp;",
    "&#x60;",
    "[",
    "]",
    "(",
    "](x)",
    "`",
    "```",
    "~~~",
    "*",
    "**",
    "_",
    "~",
    "~~",
    "|",
    "| - |",
    "#",
    "##",
    "> ",
    "- ",
    "+ ",
    "1. ",
    "1) ",
    "---",
    "===",
    "\\",
    "\n",
    "\n\n",
    "\n    ",
    " ",
    "  ",
    "\t",
    "!",
    "[^1]",
    "[ ]",
    ": ",
    "https://a.example/_x_.",
    "http://",
    "word",
    "snake_case",
    "\u{e9}",
    "\u{202e}",
    "<",
    ">",
    "<a",
    "<p class='",
    "mailto:a@b.example",
    "www.example.com",
    "{",
    "}",
    "$",
    "^",
];

fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(PIECES);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => ".{0,6}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn no_documentation_becomes_markup_that_it_was_not(
        pieces in prop::collection::vec(piece(), 0..24)
    ) {
        let source = pieces.concat();
        let text = markdown(&source);
        let objection = objection(&text);
        prop_assert!(objection.is_none(), "{objection:?}\nsource: {source:?}\nmarkdown: {text}");
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
}

/// The test above must be able to fail.
#[test]
fn objections_are_raised() {
    for text in [
        "a <b>c</b>",
        "[Foo]",
        "[a](rel)",
        "    code",
        "```\ncode\n```",
        "# head",
        "a\n===",
        "---",
        "~~a~~",
    ] {
        assert!(objection(text).is_some(), "{text}");
    }
}
