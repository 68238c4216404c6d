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

/// Suggestions out of all shapes of a model. There is a limit to them, since where a whole file is
/// missing, thousands of ids are unknown and no hint helps.
pub(crate) struct ShapeSuggestions {
    left: usize,
}

impl ShapeSuggestions {
    pub(crate) fn new() -> Self {
        Self { left: 50 }
    }

    /// `problem` with a hint at the shape that is nearest to `id`, if one is near.
    pub(crate) fn add<'a>(
        &mut self,
        problem: Problem,
        id: &str,
        known: impl Iterator<Item = &'a str>,
    ) -> Problem {
        if self.left == 0 {
            return problem;
        }
        self.left -= 1;
        with_suggestion(problem, id, known)
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

/// The word with its article.
pub(crate) fn with_article(word: &str) -> String {
    let article = match word.starts_with(['a', 'e', 'i', 'o', 'u']) && !word.starts_with("uni") {
        true => "an",
        false => "a",
    };
    format!("{article} {word}")
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
    fn articles_fit_shape_types() {
        for expected in ["an enum", "an intEnum", "an operation", "a union", "a list"] {
            let word = expected.split(' ').next_back().unwrap_or_default();
            assert_eq!(with_article(word), expected);
        }
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(list(&["a"]), "`a`");
    }
}
