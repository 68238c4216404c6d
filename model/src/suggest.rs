//! Words for messages: "did you mean …", and lists.

use crate::problem::Problem;

/// `problem` with a hint at the known name that is nearest to `name`, if one is near.
pub(crate) fn with_suggestion<'a>(
    problem: Problem,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Problem {
    match suggestion(name, known) {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// A hint at the known name that is nearest to `name`, if one is near.
pub(crate) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean `{near}`?"))
}

/// The known name that is nearest to `name`: at most a third of its own letters away. An id of
/// another namespace is near where the names after the `#` are the same.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let local = |id: &str| id.rsplit('#').next().unwrap_or_default().to_owned();
    let wanted = local(name);
    let limit = wanted.chars().count().div_ceil(3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        if candidate.len().abs_diff(name.len()) > limit && local(candidate) != wanted {
            continue;
        }
        let distance = if local(candidate) == wanted {
            0
        } else {
            strsim::damerau_levenshtein(name, candidate)
        };
        if distance <= limit && best.is_none_or(|(least, id)| (distance, candidate) < (least, id)) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn list<T: AsRef<str>>(names: &[T]) -> String {
    let mut quoted: Vec<String> = names
        .iter()
        .map(|it| format!("`{}`", it.as_ref()))
        .collect();
    match quoted.pop() {
        Some(last) if quoted.is_empty() => last,
        Some(last) => format!("{} and {last}", quoted.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        let known = ["a#Token", "a#Name", "smithy.api#String"];
        let near = |name| nearest(name, known.into_iter());
        assert_eq!(near("a#Tokn"), Some("a#Token"));
        assert_eq!(near("b#Name"), Some("a#Name"), "another namespace");
        assert_eq!(near("a#String"), Some("smithy.api#String"));
        assert_eq!(near("a#Colour"), None);
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(list(&["a"]), "`a`");
    }
}
