//! Documentation on its way through the formatter: a text is one attribute, not one a line, since a
//! quarter of what is generated is documentation.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// What an attribute of several lines begins with: a character that no literal in Rust is printed with,
/// so that [`lines`] takes nothing else for documentation.
const MARK: char = '\u{1}';
/// What `prettyplease` writes around such an attribute.
const OPEN: &str = "/**\u{1}";
const CLOSE: &str = "*/";

/// `text` as attributes, which [`lines`] makes comments of.
pub(crate) fn attributes(text: &str) -> TokenStream {
    let several = text.contains('\n');
    // What would end a comment, or begin one within it, has to go line by line.
    if several && !text.contains("/*") && !text.contains(CLOSE) {
        return attribute(&format!(
            "{MARK}\n{}\n",
            text.trim_end_matches(['\n', '\r'])
        ));
    }
    let line = |line: &str| {
        if line.is_empty() {
            attribute("")
        } else {
            attribute(&format!(" {line}"))
        }
    };
    text.lines().map(line).collect()
}

/// An attribute of just this text, as a raw string: nothing is escaped only to be read again at once.
fn attribute(text: &str) -> TokenStream {
    let raw = format!("r##\"{text}\"##").parse::<Literal>();
    // A text that ends a raw string, or that none can hold.
    let literal = raw.unwrap_or_else(|_| Literal::string(text));
    quote!(#[doc = #literal])
}

/// `text` from `prettyplease` with its block comments as lines of `///`.
pub(super) fn lines(text: String) -> String {
    if !text.contains(OPEN) {
        return text;
    }
    let mut written = String::with_capacity(text.len() * 5 / 4);
    let mut within: Option<&str> = None;
    for line in text.lines() {
        match within {
            None if line.trim_start() == OPEN => {
                within = line.strip_suffix(OPEN);
            }
            None => {
                written.push_str(line);
                written.push('\n');
            }
            Some(_) if line == CLOSE => within = None,
            Some(indent) => {
                written.push_str(indent);
                super::push_doc(&mut written, "///", line.trim_end_matches(' '));
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::attributes;
    use crate::format::unparse;

    /// `text` as it stands above a field.
    fn documented(text: &str) -> String {
        let docs = attributes(text);
        let file: syn::File = syn::parse2(quote!(struct S { #docs a: u8 })).unwrap();
        let text = unparse(Vec::new(), file.items);
        let lines = text.lines().filter(|line| line.contains("///"));
        lines.map(|line| format!("{line}\n")).collect()
    }

    /// However a text goes through the formatter, it comes out as the same lines.
    #[test]
    fn every_text_becomes_lines() {
        for (text, expected) in [
            ("", ""),
            ("One.", "    /// One.\n"),
            (
                "One.\n\n- Two.\n",
                "    /// One.\n    ///\n    /// - Two.\n",
            ),
            ("One. \n  Two.", "    /// One.\n    ///   Two.\n"),
            ("/one\n/", "    /// /one\n    /// /\n"),
            ("One, `*/`.\nTwo.", "    /// One, `*/`.\n    /// Two.\n"),
            ("`/**`\nTwo.", "    /// `/**`\n    /// Two.\n"),
            ("*\n\"\\", "    /// *\n    /// \"\\\n"),
            ("\"##\n\\n", "    /// \"##\n    /// \\n\n"),
            ("r##\"a\"##b\"##", "    /// r##\"a\"##b\"##\n"),
        ] {
            assert_eq!(documented(text), expected, "{text:?}");
        }
    }
}
