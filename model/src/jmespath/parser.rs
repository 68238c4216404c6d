//! Tokens to an expression, by precedence.
//!
//! Source: the JMESPath specification, "Grammar"; the order of precedence is that of the reference
//! implementation, which the compliance tests hold all others to.

use super::lexer::{Token, TokenKind, tokens};
use super::{Expression, ExpressionKind, ParseError};

/// How deep expressions may stand in each other. Waiters need two or three levels; the official
/// compliance tests have about a hundred.
const MAX_DEPTH: usize = 150;

/// How strongly an operator binds what stands to the left of it.
mod power {
    pub(super) const NONE: u8 = 0;
    pub(super) const PIPE: u8 = 1;
    pub(super) const OR: u8 = 2;
    pub(super) const AND: u8 = 3;
    pub(super) const COMPARATOR: u8 = 5;
    pub(super) const FLATTEN: u8 = 9;
    /// What binds less than this ends a projection.
    pub(super) const PROJECTION_STOP: u8 = 10;
    pub(super) const STAR: u8 = 20;
    pub(super) const FILTER: u8 = 21;
    pub(super) const DOT: u8 = 40;
    pub(super) const NOT: u8 = 45;
    pub(super) const BRACKET: u8 = 55;
    pub(super) const PAREN: u8 = 60;
}

/// Parses an expression.
///
/// # Errors
///
/// The first place where the text stops being JMESPath, or is nested too deep.
pub fn parse(text: &str) -> Result<Expression, ParseError> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        text,
    };
    let expression = parser.expression(power::NONE)?;
    match parser.peek() {
        TokenKind::End => Ok(expression),
        _ => Err(parser.out_of_place()),
    }
}

struct Parser<'t> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    text: &'t str,
}

type Parsed = Result<Expression, ParseError>;

/// What a bracket holds that selects from an array.
enum Selection {
    Index(i64),
    Slice(Option<i64>, Option<i64>, i64),
}

impl Parser<'_> {
    fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn peek(&self) -> &TokenKind {
        self.token().map_or(&TokenKind::End, |token| &token.kind)
    }

    fn peek_after(&self) -> &TokenKind {
        let next = self.tokens.get(self.at + 1);
        next.map_or(&TokenKind::End, |token| &token.kind)
    }

    fn offset(&self) -> usize {
        self.token().map_or(self.text.len(), |token| token.offset)
    }

    fn next(&mut self) -> TokenKind {
        let kind = self.peek().clone();
        self.at += 1;
        kind
    }

    /// Steps over the token if it is the next one.
    fn take(&mut self, kind: &TokenKind) -> bool {
        let is_next = self.peek() == kind;
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, kind: &TokenKind, sign: &str) -> Result<(), ParseError> {
        if self.take(kind) {
            return Ok(());
        }
        Err(self.error(match self.peek() {
            TokenKind::End => format!("the expression ends where a `{sign}` should be"),
            _ => format!("a `{sign}` should be here"),
        }))
    }

    fn error(&self, message: String) -> ParseError {
        ParseError {
            offset: self.offset(),
            message,
        }
    }

    /// The next token cannot stand where it does.
    fn out_of_place(&self) -> ParseError {
        let token = self.token();
        let text = token.and_then(|token| self.text.get(token.offset..token.end));
        self.error(match text {
            Some(text) if !text.is_empty() => format!("`{text}` is out of place"),
            _ => "the expression ends too early".into(),
        })
    }

    /// An expression up to an operator that binds no stronger than `least`.
    fn expression(&mut self, least: u8) -> Parsed {
        let depth = self.depth;
        self.deeper()?;
        let mut left = self.prefix()?;
        while least < self.power() {
            left = self.infix(left)?;
        }
        self.depth = depth;
        Ok(left)
    }

    fn deeper(&mut self) -> Result<(), ParseError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("the expression is nested more than {MAX_DEPTH} deep");
            return Err(self.error(message));
        }
        Ok(())
    }

    /// How strongly the next token binds what is to the left of it.
    fn power(&self) -> u8 {
        match self.peek() {
            TokenKind::Pipe => power::PIPE,
            TokenKind::Or => power::OR,
            TokenKind::And => power::AND,
            TokenKind::Comparator(_) => power::COMPARATOR,
            TokenKind::Flatten => power::FLATTEN,
            TokenKind::Star => power::STAR,
            TokenKind::Filter => power::FILTER,
            TokenKind::Dot => power::DOT,
            TokenKind::OpenBracket => power::BRACKET,
            TokenKind::OpenParen => power::PAREN,
            _ => power::NONE,
        }
    }

    /// What can begin an expression.
    fn prefix(&mut self) -> Parsed {
        let offset = self.offset();
        let kind = match self.peek() {
            TokenKind::Identifier(name) => {
                let name = name.clone();
                self.at += 1;
                match self.take(&TokenKind::OpenParen) {
                    true => ExpressionKind::Call {
                        name,
                        arguments: self.list(&TokenKind::CloseParen, ")")?,
                    },
                    false => ExpressionKind::Field(name),
                }
            }
            TokenKind::QuotedIdentifier(name) => {
                let name = name.clone();
                self.at += 1;
                if *self.peek() == TokenKind::OpenParen {
                    return Err(self.error("the name of a function cannot be quoted".into()));
                }
                ExpressionKind::Field(name)
            }
            TokenKind::Literal(value) => {
                let value = value.clone();
                self.at += 1;
                ExpressionKind::Literal(value)
            }
            TokenKind::Current => {
                self.at += 1;
                ExpressionKind::Current
            }
            TokenKind::Not => {
                self.at += 1;
                ExpressionKind::Not(Box::new(self.expression(power::NOT)?))
            }
            TokenKind::OpenParen => {
                self.at += 1;
                let inner = self.expression(power::NONE)?;
                self.expect(&TokenKind::CloseParen, ")")?;
                return Ok(inner);
            }
            TokenKind::OpenBrace => {
                self.at += 1;
                self.hash()?
            }
            TokenKind::OpenBracket if !self.selects() => {
                self.at += 1;
                self.multi_select_list()?
            }
            TokenKind::OpenBracket | TokenKind::Star | TokenKind::Filter | TokenKind::Flatten => {
                return self.projection(power::STAR);
            }
            _ => return Err(self.out_of_place()),
        };
        Ok(Expression { kind, offset })
    }

    /// What follows `left`.
    fn infix(&mut self, left: Expression) -> Parsed {
        let offset = left.offset;
        let kind = match self.peek().clone() {
            TokenKind::Dot => {
                self.at += 1;
                let right = match self.peek() {
                    TokenKind::Star => self.projection(power::DOT)?,
                    _ => self.after_dot(power::DOT)?,
                };
                return Ok(sequence(left, right));
            }
            TokenKind::Flatten | TokenKind::Filter => {
                let right = self.projection(power::STAR)?;
                return Ok(sequence(left, right));
            }
            TokenKind::OpenBracket if self.selects() => {
                let right = self.projection(power::STAR)?;
                return Ok(sequence(left, right));
            }
            TokenKind::Pipe => {
                self.at += 1;
                let right = self.expression(power::PIPE)?;
                return Ok(sequence(left, right));
            }
            TokenKind::Or => {
                self.at += 1;
                let mut operands = match left.kind {
                    ExpressionKind::Or(operands) => operands,
                    _ => vec![left],
                };
                operands.push(self.expression(power::OR)?);
                ExpressionKind::Or(operands)
            }
            TokenKind::And => {
                self.at += 1;
                let mut operands = match left.kind {
                    ExpressionKind::And(operands) => operands,
                    _ => vec![left],
                };
                operands.push(self.expression(power::AND)?);
                ExpressionKind::And(operands)
            }
            TokenKind::Comparator(comparator) => {
                self.at += 1;
                // Comparisons of comparisons stand in each other to the left.
                self.deeper()?;
                let right = self.expression(power::COMPARATOR)?;
                ExpressionKind::Comparison(comparator, Box::new([left, right]))
            }
            _ => return Err(self.out_of_place()),
        };
        Ok(Expression { kind, offset })
    }

    /// Whether the bracket that comes next selects from an array, and does not list expressions.
    fn selects(&self) -> bool {
        let after_that = self.tokens.get(self.at + 2).map(|token| &token.kind);
        match self.peek_after() {
            TokenKind::Number(_) | TokenKind::Colon => true,
            TokenKind::Star => after_that == Some(&TokenKind::CloseBracket),
            _ => false,
        }
    }

    /// An index, or a projection with its rest: `*`, `[*]`, `[]`, `[?…]`, `[1]`, `[1:2]`.
    fn projection(&mut self, star: u8) -> Parsed {
        let offset = self.offset();
        let kind = match self.next() {
            TokenKind::Star => ExpressionKind::ObjectProjection(self.rest(star)?),
            TokenKind::Flatten => ExpressionKind::FlattenProjection(self.rest(power::FLATTEN)?),
            TokenKind::Filter => {
                let condition = Box::new(self.expression(power::NONE)?);
                self.expect(&TokenKind::CloseBracket, "]")?;
                let then = self.rest(power::FILTER)?;
                ExpressionKind::FilterProjection { condition, then }
            }
            _ if self.take(&TokenKind::Star) => {
                self.expect(&TokenKind::CloseBracket, "]")?;
                ExpressionKind::ListProjection(self.rest(power::STAR)?)
            }
            _ => match self.selection()? {
                Selection::Index(index) => ExpressionKind::Index(index),
                Selection::Slice(start, stop, step) => ExpressionKind::SliceProjection {
                    start,
                    stop,
                    step,
                    then: self.rest(power::STAR)?,
                },
            },
        };
        Ok(Expression { kind, offset })
    }

    /// What a projection does with each of its items.
    fn rest(&mut self, least: u8) -> Result<Box<Expression>, ParseError> {
        let offset = self.offset();
        let rest = match self.peek() {
            _ if self.power() < power::PROJECTION_STOP => Expression {
                kind: ExpressionKind::Current,
                offset,
            },
            TokenKind::OpenBracket | TokenKind::Filter => self.expression(least)?,
            TokenKind::Dot => {
                self.at += 1;
                self.after_dot(least)?
            }
            _ => return Err(self.out_of_place()),
        };
        Ok(Box::new(rest))
    }

    fn after_dot(&mut self, least: u8) -> Parsed {
        let offset = self.offset();
        let kind = match self.peek() {
            TokenKind::Identifier(_) | TokenKind::QuotedIdentifier(_) | TokenKind::Star => {
                return self.expression(least);
            }
            TokenKind::OpenBracket => {
                self.at += 1;
                self.multi_select_list()?
            }
            TokenKind::OpenBrace => {
                self.at += 1;
                self.hash()?
            }
            _ => return Err(self.out_of_place()),
        };
        Ok(Expression { kind, offset })
    }

    /// `1]`, `1:2]` or `1:2:3]`.
    fn selection(&mut self) -> Result<Selection, ParseError> {
        let mut parts = [None, None, None];
        let mut part = 0;
        let offset = self.offset();
        loop {
            match self.peek() {
                TokenKind::Number(number) => {
                    let number = *number;
                    match parts.get_mut(part) {
                        Some(place @ None) => *place = Some(number),
                        _ => return Err(self.out_of_place()),
                    }
                }
                TokenKind::Colon if part < 2 => part += 1,
                TokenKind::CloseBracket => break,
                _ => return Err(self.out_of_place()),
            }
            self.at += 1;
        }
        self.at += 1;
        match parts {
            [Some(index), ..] if part == 0 => Ok(Selection::Index(index)),
            [.., Some(0)] => Err(ParseError {
                offset,
                message: "the step of a slice cannot be 0".into(),
            }),
            [start, stop, step] => Ok(Selection::Slice(start, stop, step.unwrap_or(1))),
        }
    }

    fn multi_select_list(&mut self) -> Result<ExpressionKind, ParseError> {
        if *self.peek() == TokenKind::CloseBracket {
            return Err(self.out_of_place());
        }
        let items = self.list(&TokenKind::CloseBracket, "]")?;
        Ok(ExpressionKind::MultiSelectList(items))
    }

    /// Expressions with commas between them, up to `end`.
    fn list(&mut self, end: &TokenKind, sign: &str) -> Result<Vec<Expression>, ParseError> {
        let mut items = Vec::new();
        if self.take(end) {
            return Ok(items);
        }
        loop {
            items.push(self.item(end)?);
            if !self.take(&TokenKind::Comma) {
                self.expect(end, sign)?;
                return Ok(items);
            }
        }
    }

    /// An item of a list; an argument of a function may also be a reference.
    fn item(&mut self, end: &TokenKind) -> Parsed {
        let offset = self.offset();
        if *end == TokenKind::CloseParen && self.take(&TokenKind::Ampersand) {
            let referred = Box::new(self.expression(power::NONE)?);
            let kind = ExpressionKind::Reference(referred);
            return Ok(Expression { kind, offset });
        }
        self.expression(power::NONE)
    }

    /// `a: b, c: d}`.
    fn hash(&mut self) -> Result<ExpressionKind, ParseError> {
        let mut entries = Vec::new();
        loop {
            let (TokenKind::Identifier(name) | TokenKind::QuotedIdentifier(name)) =
                self.peek().clone()
            else {
                return Err(self.out_of_place());
            };
            self.at += 1;
            self.expect(&TokenKind::Colon, ":")?;
            entries.push((name, self.expression(power::NONE)?));
            if !self.take(&TokenKind::Comma) {
                self.expect(&TokenKind::CloseBrace, "}")?;
                return Ok(ExpressionKind::MultiSelectHash(entries));
            }
        }
    }
}

/// One after the other. Parts of sequences stand in one list, however many there are, so that nothing
/// that walks an expression goes deep for them.
fn sequence(left: Expression, right: Expression) -> Expression {
    let offset = left.offset;
    let mut parts = parts(left);
    parts.extend(self::parts(right));
    Expression {
        kind: ExpressionKind::Sequence(parts),
        offset,
    }
}

fn parts(expression: Expression) -> Vec<Expression> {
    match expression.kind {
        ExpressionKind::Sequence(parts) => parts,
        _ => vec![expression],
    }
}
