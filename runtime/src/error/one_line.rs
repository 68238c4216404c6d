//! Text from elsewhere as part of one line.

use std::fmt;

/// The most characters of a text that are shown. Services' messages are far shorter, but nobody keeps
/// whoever answers from sending megabytes.
const LIMIT: usize = 2048;

/// Text from elsewhere as part of one line of a log or a terminal.
///
/// Control characters are escaped, and so is what breaks lines or turns the direction of writing by
/// Unicode's rules, so that a message can neither forge lines nor hide text. What goes beyond
/// [`LIMIT`] is left out, which is said.
pub(crate) struct OneLine<'a>(pub(crate) &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut rest, omitted) = split(self.0);
        while let Some((at, unsafe_char)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
            let (before, after) = rest.split_at(at);
            write!(f, "{before}{}", unsafe_char.escape_default())?;
            rest = after.get(unsafe_char.len_utf8()..).unwrap_or_default();
        }
        f.write_str(rest)?;
        match omitted {
            0 => Ok(()),
            bytes => write!(f, "… ({bytes} more bytes)"),
        }
    }
}

/// The characters that are shown, and the number of bytes that are not.
fn split(text: &str) -> (&str, usize) {
    // Most texts are so short that their characters need not be counted.
    if text.len() <= LIMIT {
        return (text, 0);
    }
    match text.char_indices().nth(LIMIT) {
        None => (text, 0),
        Some((end, _)) => (text.get(..end).unwrap_or_default(), text.len() - end),
    }
}

/// Control characters, line and paragraph separators, and the controls of bidirectional text.
///
/// Source: Unicode Standard Annex #9, section 2; Unicode Standard Annex #14, class BK.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Protects logs and terminals from lines, colours and directions that a service makes up.
    #[test]
    fn nothing_breaks_out_of_the_line() {
        for (text, shown) in [
            ("plain text, é 漢 🦀", "plain text, é 漢 🦀"),
            ("a\r\nERROR forged", "a\\r\\nERROR forged"),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            ("tab\tdel\u{7f}c1\u{9b}", "tab\\tdel\\u{7f}c1\\u{9b}"),
            ("nul\0", "nul\\u{0}"),
            ("two\u{2028}lines", "two\\u{2028}lines"),
            ("\u{202e}txt.exe", "\\u{202e}txt.exe"),
        ] {
            assert_eq!(OneLine(text).to_string(), shown);
        }
    }

    /// Protects logs from messages of megabytes; the limit counts characters and never splits one.
    #[test]
    fn what_is_too_long_is_cut_off() {
        let whole = "é".repeat(LIMIT);
        assert_eq!(OneLine(&whole).to_string(), whole);
        let cut = OneLine(&format!("{whole}rest")).to_string();
        assert_eq!(cut, format!("{whole}… (4 more bytes)"));
        let huge = "\n".repeat(1 << 20);
        assert!(OneLine(&huge).to_string().len() < 2 * LIMIT + 40);
    }
}
