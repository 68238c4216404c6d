//! Writes a syntax tree as the strict text that the flag `u` asks for: what the fallback engine is
//! given, whatever leniencies the model's text used.

use std::fmt::Write;

use super::ast::Node;
use super::charset::CharSet;

/// The text of `node`.
pub(super) fn print(node: &Node) -> String {
    let mut text = String::new();
    write_node(&mut text, node);
    text
}

fn write_node(text: &mut String, node: &Node) {
    match node {
        Node::Empty => text.push_str("(?:)"),
        Node::Set(set) => write_set(text, set),
        Node::Concat(nodes) => {
            for node in nodes {
                write_operand(text, node);
            }
        }
        Node::Alternate(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "|" });
                write_node(text, node);
            }
        }
        Node::Repeat {
            node,
            min,
            max,
            greedy,
        } => {
            match **node {
                Node::Start | Node::End => write_group(text, "(?:", node),
                _ => write_operand(text, node),
            }
            write_counts(text, *min, *max);
            text.push_str(if *greedy { "" } else { "?" });
        }
        Node::Group(node) => write_group(text, "(", node),
        // A digit that follows must not become part of the number.
        Node::BackReference(number) => {
            let _ = write!(text, "(?:\\{number})");
        }
        Node::Start => text.push('^'),
        Node::End => text.push('$'),
        Node::Look {
            behind,
            negated,
            node,
        } => {
            let open = match (behind, negated) {
                (false, false) => "(?=",
                (false, true) => "(?!",
                (true, false) => "(?<=",
                (true, true) => "(?<!",
            };
            write_group(text, open, node);
        }
    }
}

fn write_group(text: &mut String, open: &str, node: &Node) {
    text.push_str(open);
    write_node(text, node);
    text.push(')');
}

/// A node as part of a sequence or before a quantifier: in parentheses unless it binds by itself.
fn write_operand(text: &mut String, node: &Node) {
    match node {
        Node::Look { .. } | Node::Concat(_) | Node::Alternate(_) | Node::Repeat { .. } => {
            write_group(text, "(?:", node);
        }
        node => write_node(text, node),
    }
}

fn write_counts(text: &mut String, min: u32, max: Option<u32>) {
    // Writing to a string does not fail.
    let _ = match (min, max) {
        (0, None) => write!(text, "*"),
        (1, None) => write!(text, "+"),
        (0, Some(1)) => write!(text, "?"),
        (min, None) => write!(text, "{{{min},}}"),
        (min, Some(max)) if min == max => write!(text, "{{{min}}}"),
        (min, Some(max)) => write!(text, "{{{min},{max}}}"),
    };
}

fn write_set(text: &mut String, set: &CharSet) {
    if let [(first, last)] = set.ranges()
        && first == last
    {
        return write_code(text, *first);
    }
    text.push('[');
    for &(first, last) in set.ranges() {
        write_code(text, first);
        if last > first {
            text.push('-');
            write_code(text, last);
        }
    }
    text.push(']');
}

fn write_code(text: &mut String, code: u32) {
    match char::from_u32(code) {
        Some(plain) if plain.is_ascii_alphanumeric() || matches!(plain, ' ' | '_' | ':' | ',') => {
            text.push(plain);
        }
        Some(escaped) if "^$\\.*+?()[]{}|/".contains(escaped) => {
            text.extend(['\\', escaped]);
        }
        _ => {
            let _ = write!(text, "\\u{{{code:x}}}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    #[test]
    fn what_is_printed_reads_as_the_same_pattern() {
        for (pattern, printed) in [
            (r"^(a+)-\1$", r"^(a+)\u{2d}(?:\1)$"),
            (r"[\w-.]{2,}?", r"[\u{2d}-\.0-9A-Z_a-z]{2,}?"),
            ("(?:ab|c)*", "(?:ab|c)*"),
            ("(?!x)y", "(?:(?!x))y"),
            ("", "(?:)"),
            ("|a", "(?:)|a"),
            ("(?:^)*(?:a{2})?", "(?:(?:^)*)(?:(?:a{2})?)"),
            (r"(?<n>\_)\k<n>3", r"(_)(?:\1)3"),
        ] {
            let node = parse(pattern).unwrap();
            let text = print(&node);
            assert!(regress::Regex::with_flags(&text, "u").is_ok(), "{text}");
            assert_eq!(text, printed, "{pattern}");
        }
    }
}
