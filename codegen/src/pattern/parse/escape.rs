//! What follows a backslash.

use super::super::PatternError;
use super::super::ast::Node;
use super::super::charset::CharSet;
use super::super::unicode;
use super::Parser;
use super::class::ClassAtom;

impl Parser<'_> {
    /// An escape outside a class.
    pub(super) fn atom_escape(&mut self) -> Result<Node, PatternError> {
        if let Some(reference) = self.back_reference()? {
            return Ok(reference);
        }
        Ok(Node::Set(match self.escape()? {
            ClassAtom::Code(code) => self.folded(CharSet::of(code)),
            ClassAtom::Set(set) => set,
        }))
    }

    /// An escape in a class, where `\b` is the backspace.
    pub(super) fn class_escape(&mut self) -> Result<ClassAtom, PatternError> {
        if self.eat("\\b") {
            return Ok(ClassAtom::Code(8));
        }
        self.escape()
    }

    /// `\1` where there are as many groups, or `\k<name>` where there are names.
    fn back_reference(&mut self) -> Result<Option<Node>, PatternError> {
        let start = self.at;
        let Some(number) = self.group_referred_to()? else {
            return Ok(None);
        };
        if self.flags.ignore_case {
            return Err(PatternError::new(
                start,
                "a back-reference that ignores case is not supported",
            ));
        }
        Ok(Some(Node::BackReference(number)))
    }

    fn group_referred_to(&mut self) -> Result<Option<u32>, PatternError> {
        let rest = self.rest();
        if self.groups.iter().any(Option::is_some) && rest.starts_with("\\k") {
            let name =
                super::name_at(self.source, self.at + 3).filter(|_| rest.starts_with("\\k<"));
            let index = self
                .groups
                .iter()
                .position(|group| group.is_some() && *group == name)
                .ok_or_else(|| self.error("no group has this name"))?;
            self.at += 4 + name.map_or(0, str::len);
            return Ok(u32::try_from(index + 1).ok());
        }
        let digits = rest.get(1..).unwrap_or_default();
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        let number = digits
            .get(..length)
            .filter(|digits| !digits.starts_with('0'))
            .and_then(|digits| digits.parse().ok())
            .filter(|&number: &u32| number as usize <= self.groups.len());
        if number.is_some() {
            self.at += 1 + length;
        }
        Ok(number)
    }

    /// An escape that means one character or a set of them.
    fn escape(&mut self) -> Result<ClassAtom, PatternError> {
        let start = self.at;
        self.at += 1;
        let Some(escaped) = self.next() else {
            return Err(PatternError::new(start, "nothing follows this backslash"));
        };
        let code = match escaped {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
                return Ok(ClassAtom::Set(self.shorthand(escaped)));
            }
            'p' | 'P' => return self.property(start, escaped == 'P').map(ClassAtom::Set),
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            '0'..='7' => self.octal(escaped),
            'c' => self.control(start)?,
            'x' => self
                .hexadecimal(2)
                .ok_or_else(|| unknown(start, "`\\x` takes two hexadecimal digits"))?,
            'u' => self.unicode_escape().ok_or_else(|| {
                unknown(
                    start,
                    "`\\u` takes four hexadecimal digits, or some in braces",
                )
            })?,
            letter if letter.is_ascii_alphabetic() => return Err(undefined(start, letter)),
            other => u32::from(other),
        };
        Ok(ClassAtom::Code(code))
    }

    fn shorthand(&self, letter: char) -> CharSet {
        let set = match letter.to_ascii_lowercase() {
            'd' => unicode::digits(),
            's' => unicode::space(),
            _ => self.folded(unicode::word()),
        };
        if letter.is_ascii_uppercase() {
            set.complement()
        } else {
            set
        }
    }

    /// `{name}` or `{name=value}` after `\p` or `\P`.
    fn property(&mut self, start: usize, negated: bool) -> Result<CharSet, PatternError> {
        let inner = self
            .rest()
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'));
        let Some((expression, _)) = inner else {
            return Err(unknown(
                start,
                "`\\p` takes a property in braces, as in `\\p{L}`",
            ));
        };
        let set = match self.properties.get(expression) {
            Some(set) => set.clone(),
            None => {
                let set = unicode::property(expression)
                    .ok_or_else(|| unknown_property(start + 3, expression))?;
                self.properties.insert(expression, set.clone());
                set
            }
        };
        self.at += expression.len() + 2;
        let set = if negated { set.complement() } else { set };
        Ok(self.folded(set))
    }

    /// `\0`, or up to three octal digits that do not exceed 377 (annex B).
    fn octal(&mut self, first: char) -> u32 {
        let mut value = first.to_digit(8).unwrap_or(0);
        let most = if value <= 3 { 2 } else { 1 };
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|next| next.to_digit(8)) else {
                break;
            };
            value = value * 8 + digit;
            self.at += 1;
        }
        value
    }

    /// The letter of `\cX`.
    fn control(&mut self, start: usize) -> Result<u32, PatternError> {
        match self.peek() {
            Some(letter) if letter.is_ascii_alphabetic() => {
                self.at += 1;
                Ok(u32::from(letter) % 32)
            }
            _ => Err(unknown(start, "`\\c` takes a letter")),
        }
    }

    /// `uHHHH`, `u{…}`, or two `uHHHH` that are a surrogate pair.
    fn unicode_escape(&mut self) -> Option<u32> {
        if let Some((digits, _)) = self
            .rest()
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'))
        {
            let code = from_hexadecimal(digits)?;
            self.at += digits.len() + 2;
            return (code <= u32::from(char::MAX)).then_some(code);
        }
        let high = self.hexadecimal(4)?;
        let after_high = self.at;
        if (0xD800..0xDC00).contains(&high) && self.eat("\\u") {
            match self.hexadecimal(4) {
                Some(low @ 0xDC00..=0xDFFF) => {
                    return Some(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00));
                }
                _ => self.at = after_high,
            }
        }
        Some(high)
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let value = from_hexadecimal(self.rest().get(..digits)?)?;
        self.at += digits;
        Some(value)
    }
}

fn from_hexadecimal(digits: &str) -> Option<u32> {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

fn unknown(start: usize, message: &str) -> PatternError {
    PatternError::new(start, message)
}

fn unknown_property(start: usize, expression: &str) -> PatternError {
    let error = PatternError::new(start, format!("ECMA-262 knows no property `{expression}`"));
    match ecma_spelling(expression) {
        Some(other) => error.hint(format!("write `{other}`")),
        None => error,
    }
}

/// The error of an escaped letter that ECMA-262 gives no meaning.
fn undefined(start: usize, letter: char) -> PatternError {
    let error = PatternError::new(start, format!("ECMA-262 has no escape `\\{letter}`"));
    match letter {
        'A' => error.hint("write `^`"),
        'z' | 'Z' => error.hint("write `$`"),
        'h' => error.hint(r"write `[\t\p{Zs}]`"),
        _ => error,
    }
}

/// What ECMA-262 writes for the properties that other dialects have.
fn ecma_spelling(name: &str) -> Option<&'static str> {
    Some(match name {
        "Alnum" => "[0-9A-Za-z]",
        "Alpha" => "[A-Za-z]",
        "Blank" => r"[ \t]",
        "Cntrl" => r"[\x00-\x1F\x7F]",
        "Digit" => r"\d",
        "Graph" => "[!-~]",
        "IsAlphabetic" => r"\p{Alphabetic}",
        "IsWhitespace" | "IsWhite_Space" => r"\p{White_Space}",
        "Lower" => "[a-z]",
        "Print" => "[ -~]",
        "Punct" => r"[!-\/:-@\[-`{-~]",
        "Space" => r"\s",
        "Upper" => "[A-Z]",
        "XDigit" => "[0-9A-Fa-f]",
        "all" => r"\p{Any}",
        _ => return None,
    })
}
