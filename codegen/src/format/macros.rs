//! Calls of the runtime's macros, which a formatter of Rust leaves as they are.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens as _;

use super::WIDTH;

/// A macro call at the level of items: on one line where it fits, else with the entries of its braces
/// on lines of their own.
pub(super) fn item(item: &syn::ItemMacro) -> String {
    let path = inline(item.mac.path.to_token_stream());
    let one_line = format!("{path}!({});\n", inline(item.mac.tokens.clone()));
    if one_line.len() <= WIDTH {
        return one_line;
    }
    let mut text = format!("{path}!(");
    let mut before = TokenStream::new();
    for token in item.mac.tokens.clone() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                text.push_str(&inline(std::mem::take(&mut before)));
                text.push_str(" {\n");
                for entry in entries(group.stream()) {
                    text.push_str(&format!("    {entry}\n"));
                }
                text.push('}');
            }
            token => before.extend([token]),
        }
    }
    let rest = inline(before);
    if !rest.is_empty() {
        text.push(' ');
    }
    text.push_str(&rest);
    text.push_str(");\n");
    text
}

/// Macro calls within functions on one line where they fit: `prettyplease` breaks them early.
pub(super) fn joined(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let is_call = line.ends_with("!(") && !line.trim_start().starts_with("//");
        let call = is_call.then(|| call(line, lines.clone())).flatten();
        if let Some((call, count)) = call {
            joined.push_str(&call);
            lines.by_ref().take(count).for_each(drop);
        } else {
            joined.push_str(line);
        }
        joined.push('\n');
    }
    joined
}

/// The call that begins with `first` on one line, and how many lines of `rest` it took.
fn call<'a>(first: &str, rest: impl Iterator<Item = &'a str>) -> Option<(String, usize)> {
    let indent = first.len() - first.trim_start().len();
    let mut call = String::from(first);
    for (index, line) in rest.enumerate() {
        let part = line.trim_start();
        let is_end = part.starts_with(')') && line.len() - part.len() == indent;
        if index > 0 && !is_end && !part.starts_with('.') {
            call.push(' ');
        }
        call.push_str(part);
        if call.len() > WIDTH {
            return None;
        }
        if is_end {
            return Some((call, index + 1));
        }
    }
    None
}

/// The entries of a brace, each with the sign that ends it. Entries that end with commas share lines.
fn entries(tokens: TokenStream) -> Vec<String> {
    let mut entries = Vec::new();
    let mut entry = TokenStream::new();
    let semicolons = tokens
        .clone()
        .into_iter()
        .any(|token| is_punct(&token, ';'));
    let end = if semicolons { ';' } else { ',' };
    for token in tokens {
        if is_punct(&token, end) {
            entries.push(format!("{}{end}", inline(std::mem::take(&mut entry))));
        } else {
            entry.extend([token]);
        }
    }
    if !entry.is_empty() {
        entries.push(format!("{}{end}", inline(entry)));
    }
    if semicolons {
        entries
    } else {
        filled(&entries)
    }
}

/// Entries joined to lines as long as fit.
fn filled(entries: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for entry in entries {
        match lines.last_mut() {
            Some(line) if line.len() + entry.len() + 5 <= WIDTH => {
                line.push(' ');
                line.push_str(entry);
            }
            _ => lines.push(entry.clone()),
        }
    }
    lines
}

/// Tokens on one line, spaced as Rust is written.
fn inline(tokens: TokenStream) -> String {
    let mut text = String::new();
    let mut glued = true;
    for token in tokens {
        let (piece, before, after) = piece(&token);
        if !(glued || before) {
            text.push(' ');
        }
        text.push_str(&piece);
        glued = after || text.ends_with("::");
    }
    text
}

/// A token's text, and whether it stands close to what is before and after it.
fn piece(token: &TokenTree) -> (String, bool, bool) {
    match token {
        TokenTree::Group(group) => {
            let inner = inline(group.stream());
            match group.delimiter() {
                Delimiter::Parenthesis => (format!("({inner})"), true, false),
                Delimiter::Bracket => (format!("[{inner}]"), true, false),
                Delimiter::Brace => (format!("{{ {inner} }}"), false, false),
                Delimiter::None => (inner, false, false),
            }
        }
        TokenTree::Punct(punct) => match punct.as_char() {
            ':' if punct.spacing() == Spacing::Joint => (":".into(), true, true),
            ':' => (":".into(), true, false),
            sign @ (',' | ';') => (sign.into(), true, false),
            sign @ '-' => (sign.into(), false, true),
            sign => (sign.into(), false, false),
        },
        token => (token.to_string(), false, false),
    }
}

fn is_punct(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(call: &str) -> String {
        let file = syn::parse_file(call).unwrap();
        match file.items.as_slice() {
            [syn::Item::Macro(call)] => item(call),
            _ => panic!("not one macro call"),
        }
    }

    /// A call that fits is one line, spaced as people write it.
    #[test]
    fn short_calls_are_one_line() {
        assert_eq!(
            laid_out("a::b!(Level { Low = - 1, High = 10 });"),
            "a::b!(Level { Low = -1, High = 10 });\n"
        );
    }

    /// A call within a function is joined where it fits, and documentation is left alone.
    #[test]
    fn calls_within_functions_are_joined_where_they_fit() {
        let broken = "    let a = format!(\n        \"{}\", b\n        .c\n    );\n    d();\n";
        assert_eq!(
            joined(broken),
            "    let a = format!(\"{}\", b.c);\n    d();\n"
        );
        let long = format!("f!(\n    \"{}\"\n);\n", "x".repeat(100));
        assert_eq!(joined(&long), long);
        let docs = "/// f!(\n/// a\n/// );\n";
        assert_eq!(joined(docs), docs);
    }

    /// Entries that end with semicolons stand on lines of their own, others fill lines.
    #[test]
    fn long_calls_are_broken_at_their_entries() {
        let name = "x".repeat(48);
        assert_eq!(
            laid_out(&format!(
                "m!(E {{ {name}(A) = s::{name}, f; B(C) = s::D; }});"
            )),
            format!("m!(E {{\n    {name}(A) = s::{name}, f;\n    B(C) = s::D;\n}});\n")
        );
        assert_eq!(
            laid_out(&format!(
                "m!(E = s::M {{ 0: {name}, 1: {name}, 2: c }} wiped);"
            )),
            format!("m!(E = s::M {{\n    0: {name},\n    1: {name}, 2: c,\n}} wiped);\n")
        );
    }
}
