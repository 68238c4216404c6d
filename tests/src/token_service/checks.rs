//! The constraints of both services, as their API references state them.

use std::sync::LazyLock;

use regex::Regex;

/// Broken constraints: the members' paths and what is wrong, in the words AWS's services use.
#[derive(Debug, Default)]
pub(super) struct Checks(pub(super) Vec<(String, String)>);

// The patterns are constants of this file; a test compiles each.
#[allow(clippy::unwrap_used)]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

static RESOURCE_ID: LazyLock<Regex> = LazyLock::new(|| regex(r"\A[-.a-zA-Z0-9]+\z"));
static RESOURCE_NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"\A[a-zA-Z0-9\-_/' ]+\z"));
static ONLY_DIGITS: LazyLock<Regex> = LazyLock::new(|| regex(r"\A[0-9]+\z"));
static TAG: LazyLock<Regex> = LazyLock::new(|| regex(r"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z"));

impl Checks {
    fn add(&mut self, path: &str, constraint: &str) {
        let message = format!("Value at '{path}' failed to satisfy constraint: {constraint}");
        self.0.push((path.to_owned(), message));
    }

    /// A value that must be given.
    pub(super) fn required<T>(&mut self, path: &str, value: Option<&T>) {
        if value.is_none() {
            self.add(path, "Member must not be null");
        }
    }

    /// The number of Unicode scalar values.
    pub(super) fn length(&mut self, path: &str, value: &str, min: usize, max: usize) {
        if !(min..=max).contains(&value.chars().count()) {
            let constraint = format!("Member must have length between {min} and {max}, inclusive");
            self.add(path, &constraint);
        }
    }

    pub(super) fn at_most(&mut self, path: &str, value: i64, max: i64) {
        if value > max {
            let constraint = format!("Member must be less than or equal to {max}");
            self.add(path, &constraint);
        }
    }

    fn pattern(&mut self, path: &str, matches: bool) {
        if !matches {
            self.add(path, "Member must satisfy regular expression pattern");
        }
    }

    /// A `ResourceId`.
    pub(super) fn resource_id(&mut self, path: &str, value: &str) {
        self.length(path, value, 1, 64);
        self.pattern(path, RESOURCE_ID.is_match(value));
    }

    /// A `ResourceNameShort`.
    pub(super) fn resource_name(&mut self, path: &str, value: &str) {
        self.length(path, value, 1, 32);
        self.pattern(
            path,
            RESOURCE_NAME.is_match(value) && !ONLY_DIGITS.is_match(value),
        );
    }

    /// `Tags`: the number of pairs, each key and each value.
    pub(super) fn tags(&mut self, path: &str, tags: &[(String, String)]) {
        if tags.len() > 50 {
            self.add(path, "Member must have length between 0 and 50, inclusive");
        }
        for (key, value) in tags {
            let path = format!("{path}/{key}");
            self.length(&path, key, 1, 128);
            self.length(&path, value, 0, 256);
            self.pattern(&path, TAG.is_match(key) && TAG.is_match(value));
        }
    }

    /// All of it in one message; nothing where no constraint is broken.
    pub(super) fn message(&self) -> Option<String> {
        let messages: Vec<_> = self.0.iter().map(|(_, message)| message.as_str()).collect();
        let count = match messages.len() {
            0 => return None,
            1 => "1 validation error".to_owned(),
            count => format!("{count} validation errors"),
        };
        Some(format!("{count} detected: {}", messages.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_is_valid(name: &str) -> bool {
        let mut checks = Checks::default();
        checks.resource_name("/name", name);
        checks.0.is_empty()
    }

    /// Protects the judge: the constraints at their edges.
    #[test]
    fn constraints_hold_at_their_edges() {
        for (name, valid) in [
            ("ci token", true),
            ("it's/1-_", true),
            ("1a", true),
            ("123", false),
            ("", false),
            ("a\n", false),
            ("é", false),
            (&"a".repeat(32), true),
            (&"a".repeat(33), false),
        ] {
            assert_eq!(name_is_valid(name), valid, "{name:?}");
        }
        for (id, valid) in [
            ("dv-1.A", true),
            ("a/b", false),
            ("", false),
            ("a\n", false),
        ] {
            let mut checks = Checks::default();
            checks.resource_id("/id", id);
            assert_eq!(checks.0.is_empty(), valid, "{id:?}");
        }
        for (key, value, valid) in [
            ("k", "", true),
            ("é ٣@", "a+b=c", true),
            ("", "v", false),
            ("k", "v!", false),
        ] {
            let mut checks = Checks::default();
            checks.tags("/tags", &[(key.to_owned(), value.to_owned())]);
            assert_eq!(checks.0.is_empty(), valid, "{key:?} {value:?}");
        }
    }
}
