//! The constraints of a member in words.

use tinsmith_model::traits::{Length, Range};
use tinsmith_model::{Member, Model, Shape, ShapeKind};

use super::escape::{self, FIXED_SPACE};

/// What the model asks of a member's value, in a few short sentences: `Required. Length 1–36.` Empty
/// where it asks nothing.
pub(crate) fn constraint_sentences(model: &Model<'_>, member: &Member<'_>) -> String {
    let mut phrases = Vec::new();
    if member.traits.required() {
        phrases.push("required".to_owned());
    }
    let Some(target) = model.target(member) else {
        return sentences(&phrases);
    };
    phrases.extend(own(model, member, target));
    let mut text = sentences(&phrases);
    for (name, part) in parts(target) {
        let Some(item) = target.member(part) else {
            continue;
        };
        let phrases = model
            .target(item)
            .map_or_else(Vec::new, |it| own(model, item, it));
        if !phrases.is_empty() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&format!("Each {name}: {}.", phrases.join(", ")));
        }
    }
    text
}

/// The members of a collection, with what people call them.
fn parts(shape: &Shape<'_>) -> &'static [(&'static str, &'static str)] {
    match shape.kind {
        ShapeKind::List => &[("item", "member")],
        ShapeKind::Map => &[("key", "key"), ("value", "value")],
        _ => &[],
    }
}

/// Phrases as sentences of their own.
fn sentences(phrases: &[String]) -> String {
    let sentences = phrases.iter().map(|phrase| {
        let mut chars = phrase.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        format!(
            "{}{}.",
            first.into_iter().collect::<String>(),
            chars.as_str()
        )
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// The constraint traits in force for a member: its own, else its target's.
fn own(model: &Model<'_>, member: &Member<'_>, target: &Shape<'_>) -> Vec<String> {
    let length = member.traits.length().or_else(|| target.traits.length());
    let range = member.traits.range().or_else(|| target.traits.range());
    let pattern = member.traits.pattern().or_else(|| target.traits.pattern());
    let unique = model.trait_in_force(member, "smithy.api#uniqueItems");
    [
        length.and_then(|length| length_phrase(length, target)),
        range.and_then(range_phrase),
        pattern.map(pattern_phrase),
        unique.map(|_| "items must be unique".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn length_phrase(length: Length, target: &Shape<'_>) -> Option<String> {
    let span = match (length.min, length.max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min}"),
        (Some(min), Some(max)) => format!("{min}–{max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => return None,
    };
    let counted = match (length.min, length.max) {
        (_, Some(1)) | (Some(1), None) => 0,
        _ => 1,
    };
    Some(match target.kind {
        ShapeKind::Blob => format!("{span} {}", ["byte", "bytes"][counted]),
        ShapeKind::List => format!("{span} {}", ["item", "items"][counted]),
        ShapeKind::Map => format!("{span} {}", ["entry", "entries"][counted]),
        _ => format!("length {span}"),
    })
}

fn range_phrase(range: Range<'_>) -> Option<String> {
    Some(match (range.min, range.max) {
        (Some(min), Some(max)) if min == max => format!("range: exactly {min}"),
        // A dash beside a minus would be hard to read.
        (Some(min), Some(max)) if min.starts_with('-') || max.starts_with('-') => {
            format!("range {min} to {max}")
        }
        (Some(min), Some(max)) => format!("range {min}–{max}"),
        (Some(min), None) => format!("range: at least {min}"),
        (None, Some(max)) => format!("range: at most {max}"),
        (None, None) => return None,
    })
}

/// A pattern as code. What code in Markdown cannot hold is written as an escape of the pattern's own
/// language.
fn pattern_phrase(pattern: &str) -> String {
    let mut shown = String::with_capacity(pattern.len());
    for c in pattern.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            ' ' => shown.push(FIXED_SPACE),
            c if c.is_control() || is_invisible(c) => {
                shown.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
            }
            c => shown.push(c),
        }
    }
    let code = escape::code(&shown).replace(FIXED_SPACE, " ");
    format!("pattern {code}")
}

/// Characters that do not show, or that turn around what is read.
fn is_invisible(c: char) -> bool {
    escape::printable(c.encode_utf8(&mut [0; 4])) != c.to_string()
}

#[cfg(test)]
mod tests {
    use tinsmith_model::{ShapeId, Sources, link, load};

    use super::constraint_sentences;

    /// The sentences of a member with these traits, whose target is defined so.
    fn sentences(traits: &str, target: &str) -> String {
        let model = format!(
            r#"{{"smithy": "2.0", "shapes": {{
                "a#T": {target},
                "a#Word": {{"type": "string", "traits": {{"smithy.api#length": {{"min": 1, "max": 9}}}}}},
                "a#S": {{"type": "structure", "members":
                    {{"m": {{"target": "a#T", "traits": {{{traits}}}}}}}}}
            }}}}"#
        );
        let mut sources = Sources::new();
        sources.add("model.json", model);
        let mut problems = Vec::new();
        let model = link(load(&sources, &mut problems), &mut problems);
        let shape = model.shape(&ShapeId("a#S".into())).unwrap();
        constraint_sentences(&model, shape.member("m").unwrap())
    }

    fn of_string(traits: &str) -> String {
        sentences(
            "",
            &format!(r#"{{"type": "string", "traits": {{{traits}}}}}"#),
        )
    }

    #[test]
    fn each_constraint_is_a_sentence() {
        assert_eq!(of_string(""), "");
        assert_eq!(
            of_string(r#""smithy.api#length": {"min": 1, "max": 36}"#),
            "Length 1–36."
        );
        assert_eq!(
            of_string(r#""smithy.api#length": {"min": 2}"#),
            "Length at least 2."
        );
        assert_eq!(
            of_string(r#""smithy.api#length": {"min": 2, "max": 2}"#),
            "Length exactly 2."
        );
        assert_eq!(
            of_string(r#""smithy.api#pattern": "^a`b  c$""#),
            "Pattern ``^a`b  c$``."
        );
        assert_eq!(
            sentences(
                r#""smithy.api#required": {}, "smithy.api#range": {"max": 10}"#,
                r#"{"type": "integer", "traits": {"smithy.api#range": {"min": 5}}}"#
            ),
            "Required. Range: at most 10."
        );
    }

    #[test]
    fn a_range_below_zero_has_no_dash() {
        let target =
            r#"{"type": "integer", "traits": {"smithy.api#range": {"min": -5, "max": 10}}}"#;
        assert_eq!(sentences("", target), "Range -5 to 10.");
    }

    #[test]
    fn collections_tell_of_their_items() {
        assert_eq!(
            sentences(
                r#""smithy.api#length": {"max": 50}"#,
                r#"{"type": "map", "key": {"target": "a#Word"}, "value": {"target": "smithy.api#String"}}"#
            ),
            "At most 50 entries. Each key: length 1–9."
        );
        assert_eq!(
            sentences(
                "",
                r#"{"type": "list", "member": {"target": "a#Word"},
                    "traits": {"smithy.api#uniqueItems": {}}}"#
            ),
            "Items must be unique. Each item: length 1–9."
        );
    }

    #[test]
    fn characters_that_do_not_show_are_written_out() {
        assert_eq!(
            of_string(r#""smithy.api#pattern": "[\u00a0\n\u202e]""#),
            r"Pattern `[\u{a0}\n\u{202e}]`."
        );
    }
}
