//! Template strings and the paths of `getAttr`.
//!
//! Source: Smithy 2.0, "Template string" and "Parsing `path` strings".

use tinsmith_model::Span;

use super::parse::is_identifier;
use super::syntax::{Expr, ExprKind, Piece, Step};

/// Reads a string that may be a template: `{{` and `}}` are braces, `{name}` is a value, `{name#path}`
/// an attribute of one.
///
/// # Errors
///
/// What is wrong with it, in a sentence.
pub(super) fn parse(text: &str, span: Span) -> Result<ExprKind, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        literal.push_str(before);
        if let Some(after) = from.strip_prefix("{{").or(from.strip_prefix("}}")) {
            literal.push_str(&from[..1]);
            rest = after;
        } else if let Some((name, after)) = from.strip_prefix('{').and_then(|s| s.split_once('}')) {
            push_literal(&mut pieces, &mut literal);
            pieces.push(Piece::Value(value(name, span)?));
            rest = after;
        } else {
            return Err(format!(
                "the template `{text}` has a brace without its match"
            ));
        }
    }
    literal.push_str(rest);
    push_literal(&mut pieces, &mut literal);
    Ok(simplest(pieces))
}

fn push_literal(pieces: &mut Vec<Piece>, literal: &mut String) {
    if !literal.is_empty() {
        pieces.push(Piece::Text(std::mem::take(literal)));
    }
}

/// A template of one piece is that piece.
fn simplest(mut pieces: Vec<Piece>) -> ExprKind {
    match pieces.pop() {
        None => ExprKind::Text(String::new()),
        Some(Piece::Text(text)) if pieces.is_empty() => ExprKind::Text(text),
        Some(Piece::Value(value)) if pieces.is_empty() => value.kind,
        Some(last) => {
            pieces.push(last);
            ExprKind::Template(pieces)
        }
    }
}

/// What stands between braces.
fn value(text: &str, span: Span) -> Result<Expr, String> {
    let (name, path) = match text.split_once('#') {
        Some((name, path)) => (name, Some(path)),
        None => (text, None),
    };
    if !is_identifier(name) {
        return Err(format!("`{name}` in a template is no name"));
    }
    let reference = Expr {
        span,
        kind: ExprKind::Reference(name.to_owned()),
    };
    let kind = match path {
        Some(path) => ExprKind::Attribute(Box::new(reference), steps(path)?),
        None => return Ok(reference),
    };
    Ok(Expr { span, kind })
}

/// Reads a path such as `authority`, `resourceId[1]` or `[-1]`.
///
/// # Errors
///
/// What is wrong with it, in a sentence.
pub(super) fn steps(path: &str) -> Result<Vec<Step>, String> {
    let wrong = || format!("`{path}` is no path of an attribute");
    let mut steps = Vec::new();
    for part in path.split('.') {
        let (key, index) = match part.split_once('[') {
            Some((key, index)) => (key, Some(index.strip_suffix(']').ok_or_else(wrong)?)),
            None => (part, None),
        };
        if !key.is_empty() {
            steps.push(Step::Key(key.to_owned()));
        }
        match index {
            Some(index) => steps.push(Step::Index(index.parse().map_err(|_| wrong())?)),
            None if key.is_empty() => return Err(wrong()),
            None => {}
        }
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        match parse(text, Span::default()) {
            Ok(kind) => show_kind(&kind),
            Err(message) => format!("error: {message}"),
        }
    }

    fn show_kind(kind: &ExprKind) -> String {
        match kind {
            ExprKind::Text(text) => format!("{text:?}"),
            ExprKind::Reference(name) => name.clone(),
            ExprKind::Attribute(value, steps) => format!("{}{steps:?}", show_kind(&value.kind)),
            ExprKind::Template(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => format!("{text:?}"),
                    Piece::Value(value) => show_kind(&value.kind),
                })
                .collect::<Vec<_>>()
                .join("+"),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn templates_are_split_into_text_and_values() {
        assert_eq!(show("plain"), "\"plain\"");
        assert_eq!(show(""), "\"\"");
        assert_eq!(show("{a}"), "a");
        assert_eq!(
            show("https://{a}.{b#c}/"),
            r#""https://"+a+"."+b[Key("c")]+"/""#
        );
    }

    #[test]
    fn doubled_braces_are_braces() {
        assert_eq!(show("{{a}}"), "\"{a}\"");
        assert_eq!(show("{{{a}}}"), r#""{"+a+"}""#);
    }

    #[test]
    fn broken_templates_are_told() {
        for text in [
            "{", "}", "a}b", "{a", "{}", "{a b}", "{a#}", "{a#[x]}", "{a#b[}",
        ] {
            assert!(show(text).starts_with("error: "), "{text}");
        }
    }

    #[test]
    fn paths_have_keys_and_indexes() {
        assert_eq!(
            steps("resourceId[1]").unwrap(),
            [Step::Key("resourceId".into()), Step::Index(1)]
        );
        assert_eq!(steps("[-1]").unwrap(), [Step::Index(-1)]);
    }
}
