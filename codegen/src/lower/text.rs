//! Documentation and deprecation of shapes and members.

use tinsmith_model::{Member, Shape, Traits};

use super::context::Context;
use crate::docs;

/// The columns of a line of documentation on a method.
const WIDTH: usize = 92;

/// The documentation of a shape as Markdown, or `otherwise` where the model has none: everything public
/// is documented.
pub(super) fn of_shape(traits: &Traits<'_>, otherwise: &str) -> String {
    of_documentation(traits.documentation(), otherwise)
}

/// Documentation as Markdown, or `otherwise` where there is none.
pub(super) fn of_documentation(documentation: Option<&str>, otherwise: &str) -> String {
    let text = documentation.map(docs::markdown).unwrap_or_default();
    if text.trim().is_empty() {
        otherwise.into()
    } else {
        text
    }
}

/// Text as code in a line of Markdown, whatever is in it.
pub(super) fn code(text: &str) -> String {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    let line = text.replace(char::is_control, " ");
    format!("{fence}{space}{line}{space}{fence}")
}

/// The documentation of a member with its constraints.
pub(super) fn of_member<'s>(
    context: &Context<'_, 's>,
    owner: &Shape<'s>,
    member: &Member<'s>,
) -> String {
    let otherwise = format!("The member `{}` of `{}`.", member.name, owner.id.name());
    let target = context.model.target(member);
    let own = of_shape(&member.traits, "");
    let mut text = match (own.is_empty(), target) {
        (true, Some(target)) if !target.id.is_prelude() => of_shape(&target.traits, &otherwise),
        (true, _) => otherwise,
        (false, _) => own,
    };
    let constraints = docs::constraint_sentences(context.model, member);
    if !constraints.is_empty() {
        text.push_str("\n\n");
        text.push_str(&constraints);
    }
    text
}

/// `start`, the pieces with commas between them, and `end`, as many on a line as fit.
pub(super) fn filled(start: &str, pieces: impl Iterator<Item = String>, end: &str) -> String {
    let mut text = String::from(start);
    let mut column = start.len();
    for (index, piece) in pieces.enumerate() {
        if index > 0 {
            text.push(',');
            let fits = column + piece.len() + 3 <= WIDTH;
            text.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 2 } else { 0 };
        }
        text.push_str(&piece);
        column += piece.len();
    }
    text.push_str(end);
    text
}

/// The note of `smithy.api#deprecated`.
pub(super) fn deprecated(traits: &Traits<'_>) -> Option<String> {
    let deprecated = traits.deprecated()?;
    let message = deprecated.message.unwrap_or_default();
    Some(match deprecated.since {
        Some(since) if message.is_empty() => format!("since {since}"),
        Some(since) => format!("since {since}: {message}"),
        None => message.into(),
    })
}
