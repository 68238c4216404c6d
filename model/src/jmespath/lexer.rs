//! The text of an expression as tokens.

use serde_json::Value;

use super::{Comparator, ParseError};

/// A token, where it begins, and where the next thing may.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) offset: usize,
    pub(super) end: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Identifier(String),
    QuotedIdentifier(String),
    Number(i64),
    Literal(Value),
    Comparator(Comparator),
    And,
    Or,
    Pipe,
    Ampersand,
    Not,
    Dot,
    Star,
    Comma,
    Colon,
    Current,
    /// `[?`
    Filter,
    /// `[]`
    Flatten,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    OpenParen,
    CloseParen,
    End,
}

/// Signs, those first that begin with another.
const SIGNS: [(&str, TokenKind); 24] = [
    ("[?", TokenKind::Filter),
    ("[]", TokenKind::Flatten),
    ("[", TokenKind::OpenBracket),
    ("]", TokenKind::CloseBracket),
    ("{", TokenKind::OpenBrace),
    ("}", TokenKind::CloseBrace),
    ("(", TokenKind::OpenParen),
    (")", TokenKind::CloseParen),
    ("&&", TokenKind::And),
    ("&", TokenKind::Ampersand),
    ("||", TokenKind::Or),
    ("|", TokenKind::Pipe),
    ("==", TokenKind::Comparator(Comparator::Equal)),
    ("!=", TokenKind::Comparator(Comparator::NotEqual)),
    ("!", TokenKind::Not),
    ("<=", TokenKind::Comparator(Comparator::LessOrEqual)),
    ("<", TokenKind::Comparator(Comparator::Less)),
    (">=", TokenKind::Comparator(Comparator::GreaterOrEqual)),
    (">", TokenKind::Comparator(Comparator::Greater)),
    (".", TokenKind::Dot),
    ("*", TokenKind::Star),
    (",", TokenKind::Comma),
    (":", TokenKind::Colon),
    ("@", TokenKind::Current),
];

/// All tokens, the last of them [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ParseError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let space = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        at += space;
        let rest = text.get(at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else {
            tokens.push(Token {
                kind: TokenKind::End,
                offset: at,
                end: at,
            });
            return Ok(tokens);
        };
        let (kind, len) = token(rest, first).map_err(|message| ParseError {
            offset: at,
            message,
        })?;
        tokens.push(Token {
            kind,
            offset: at,
            end: at + len,
        });
        at += len;
    }
}

/// The token that `rest` begins with, and its length.
fn token(rest: &str, first: char) -> Result<(TokenKind, usize), String> {
    match first {
        'a'..='z' | 'A'..='Z' | '_' => {
            let len = length(rest, |c| c.is_ascii_alphanumeric() || c == '_');
            let name = rest.get(..len).unwrap_or_default();
            Ok((TokenKind::Identifier(name.into()), len))
        }
        '-' | '0'..='9' => number(rest),
        '"' => {
            let inner = quoted(rest, '"').ok_or("the quoted name has no end")?;
            let len = inner.len() + 2;
            // A quoted name is a JSON string as it stands.
            let name = rest.get(..len).map(serde_json::from_str);
            match name {
                Some(Ok(name)) => Ok((TokenKind::QuotedIdentifier(name), len)),
                _ => Err("the quoted name is no JSON string".into()),
            }
        }
        '\'' => {
            let inner = quoted(rest, '\'').ok_or("the raw string has no end")?;
            // There is no other escape: a `\` is one in any other place.
            let text = Value::String(inner.replace("\\'", "'"));
            Ok((TokenKind::Literal(text), inner.len() + 2))
        }
        '`' => {
            let inner = quoted(rest, '`').ok_or("the literal has no end")?;
            match serde_json::from_str(&inner.replace("\\`", "`")) {
                Ok(value) => Ok((TokenKind::Literal(value), inner.len() + 2)),
                Err(_) => Err("the literal is not JSON".into()),
            }
        }
        _ => {
            let sign = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
            sign.map(|(sign, kind)| (kind.clone(), sign.len()))
                .ok_or_else(|| format!("`{}` means nothing here", first.escape_debug()))
        }
    }
}

fn number(rest: &str) -> Result<(TokenKind, usize), String> {
    let sign = usize::from(rest.starts_with('-'));
    let digits = length(rest.get(sign..).unwrap_or_default(), |c| c.is_ascii_digit());
    let len = sign + digits;
    let number = rest.get(..len).map(str::parse);
    match number {
        Some(Ok(number)) => Ok((TokenKind::Number(number), len)),
        _ if digits == 0 => Err("a `-` must stand before a number".into()),
        _ => Err("the number is too large".into()),
    }
}

fn length(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

/// What stands between the first character and the next `quote` that no `\` escapes.
fn quoted(rest: &str, quote: char) -> Option<&str> {
    let inner = rest.get(1..)?;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return inner.get(..at),
            _ => {}
        }
    }
    None
}
