//! Text that means nothing but itself in Markdown.

/// Stands for a space that no line may be broken at, and for the end of a line that must be kept. The
/// text has neither, since [`printable`] took all control characters out.
pub(super) const FIXED_SPACE: char = '\u{1}';
pub(super) const LINE_END: char = '\u{2}';

/// Without characters that do not show or that rustc refuses in comments, since they change the
/// direction of what is read.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' => Some('\n'),
            '\t' | '\u{a0}' | '\u{2028}' | '\u{2029}' => Some(' '),
            '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => None,
            '\u{2066}'..='\u{2069}' => None,
            c if c.is_control() => None,
            c => Some(c),
        })
        .collect()
}

/// Escapes text of a line. A bare URL becomes a link, but in a link, where there can be none.
pub(super) fn text(text: &str, in_link: bool) -> String {
    let mut result = String::with_capacity(text.len());
    for (index, word) in text.split(|c: char| c.is_whitespace()).enumerate() {
        if index > 0 {
            result.push(' ');
        }
        let url = if in_link { None } else { bare_url(word) };
        match url {
            Some((before, url, after)) => {
                plain(before, &mut result);
                result.push('<');
                result.push_str(url);
                result.push('>');
                plain(after, &mut result);
            }
            None => plain(word, &mut result),
        }
    }
    result
}

/// The URL in a word, between what comes before and after it.
fn bare_url(word: &str) -> Option<(&str, &str, &str)> {
    if !word.contains(':') {
        return None; // Seen sooner than that there is no scheme, and true of nearly every word.
    }
    let start = [word.find("https://"), word.find("http://")];
    let start = start.into_iter().flatten().min()?;
    let (before, rest) = word.split_at(start);
    let is_part = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '`' | '"' | '\\');
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let closing = |c: char| {
        matches!(
            c,
            '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '\'' | '*'
        )
    };
    let url = rest[..end].trim_end_matches(closing);
    let (_, host) = url.split_once("://")?;
    (!host.is_empty()).then(|| (before, url, &rest[url.len()..]))
}

/// Escapes a word without a URL.
fn plain(word: &str, result: &mut String) {
    let mut before = None;
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        let is_marked = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' | '|' => true,
            // Inside of a word an underscore is one.
            '_' => !is_inside(before, chars.peek().copied()),
            '&' => chars
                .peek()
                .is_some_and(|c| c.is_ascii_alphanumeric() || *c == '#'),
            _ => false,
        };
        if is_marked {
            result.push('\\');
        }
        result.push(c);
        before = Some(c);
    }
}

fn is_inside(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
}

/// Code in a line, in as many backticks as it needs. Its spaces are fixed, so that no part of it comes
/// to stand at the start of a line, where it could be read as something else.
pub(super) fn code(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let text = words.join(&FIXED_SPACE.to_string());
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        FIXED_SPACE.to_string()
    } else {
        String::new()
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The length of the longest run of backticks.
pub(super) fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// The target of a link, between angle brackets where it would end early without.
pub(super) fn url(url: &str) -> String {
    let mut clean = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '<' => clean.push_str("%3C"),
            '>' => clean.push_str("%3E"),
            '\\' => clean.push_str("%5C"),
            '`' => clean.push_str("%60"),
            c => clean.push(c),
        }
    }
    if clean.contains(['(', ')', '*', '_', '[', ']', '~', '|']) {
        format!("<{clean}>")
    } else {
        clean
    }
}

/// A line that is read as text although it may start like a heading, list, quote or rule.
pub(super) fn line_start(line: &str) -> String {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if (1..=9).contains(&digits) && line[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    let is_marked = match line.chars().next() {
        Some('#' | '>' | '=') => true,
        Some(first @ ('-' | '+')) => line[1..].is_empty() || line[1..].starts_with([' ', first]),
        _ => false,
    };
    if is_marked {
        format!("\\{line}")
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_names_are_not() {
        assert_eq!(
            text("a_b __init__ *x* [y] <z>", false),
            r"a_b \_\_init\_\_ \*x\* \[y\] \<z>"
        );
        assert_eq!(
            text("R&D &amp; &#60; a & b", false),
            r"R\&D \&amp; \&#60; a & b"
        );
    }

    #[test]
    fn bare_urls_become_links_without_the_end_of_their_sentence() {
        assert_eq!(
            text("see (https://a.example/b_c).", false),
            "see (<https://a.example/b_c>)."
        );
        assert_eq!(text("https://", false), "https://");
        assert_eq!(text("https://a.example", true), "https://a.example");
    }

    #[test]
    fn code_gets_enough_backticks() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "``\u{1}`\u{1}``");
    }

    #[test]
    fn lines_do_not_start_blocks() {
        assert_eq!(line_start("1. x"), r"1\. x");
        assert_eq!(line_start("# x"), r"\# x");
        assert_eq!(line_start("- x"), r"\- x");
        assert_eq!(line_start("---"), r"\---");
        assert_eq!(line_start("-1 is"), "-1 is");
        assert_eq!(line_start("2024 was"), "2024 was");
    }

    #[test]
    fn characters_that_turn_text_around_are_left_out() {
        assert_eq!(printable("a\u{202e}b\u{0}c\td"), "abc d");
    }
}
