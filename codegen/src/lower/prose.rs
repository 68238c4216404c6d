//! The model's words as rustdoc, and constraints in words.

use crate::ir::Constraint;

/// Documentation of the model.
pub(super) fn markdown(text: &str) -> String {
    text.trim().into()
}

/// The constraints of a member, a sentence each.
pub(super) fn constraint_sentences(constraints: &[Constraint]) -> String {
    let sentences: Vec<_> = constraints.iter().filter_map(sentence).collect();
    sentences.join(" ")
}

fn sentence(constraint: &Constraint) -> Option<String> {
    Some(match constraint {
        Constraint::Length {
            min: Some(min),
            max: Some(max),
        } => format!("Length {min}\u{2013}{max}."),
        Constraint::Length {
            min: Some(min),
            max: None,
        } => format!("Length at least {min}."),
        Constraint::Length {
            min: None,
            max: Some(max),
        } => format!("Length at most {max}."),
        Constraint::Range {
            min: Some(min),
            max: Some(max),
        } => format!("From {min} to {max}."),
        Constraint::Range {
            min: Some(min),
            max: None,
        } => format!("At least {min}."),
        Constraint::Range {
            min: None,
            max: Some(max),
        } => format!("At most {max}."),
        Constraint::UniqueItems => "No item twice.".into(),
        Constraint::Length { .. } | Constraint::Range { .. } | Constraint::Pattern(_) => {
            return None;
        }
    })
}
