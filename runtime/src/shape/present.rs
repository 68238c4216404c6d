//! Which members of a structure a response had.

use super::{ReadError, pointer};
use crate::schema::Member;

/// A set of the indices of members. The first 64 need no memory.
#[derive(Debug, Default)]
pub(crate) struct Present {
    first: u64,
    rest: Vec<bool>,
}

impl Present {
    pub(crate) fn insert(&mut self, index: usize) {
        let Some(beyond) = index.checked_sub(64) else {
            self.first |= 1 << index;
            return;
        };
        if self.rest.len() <= beyond {
            self.rest.resize(beyond + 1, false);
        }
        if let Some(flag) = self.rest.get_mut(beyond) {
            *flag = true;
        }
    }

    pub(crate) fn contains(&self, index: usize) -> bool {
        match index.checked_sub(64) {
            None => self.first & (1 << index) != 0,
            Some(beyond) => self.rest.get(beyond).copied().unwrap_or(false),
        }
    }
}

/// Adds a member that a response lacks to `missing`, as a JSON pointer, if that is a fault.
///
/// Source: Smithy 2.0, "Client error correction".
pub(crate) fn note_missing(member: &Member, missing: &mut Vec<String>) {
    if member.required && !member.has_default {
        let mut path = String::new();
        pointer::prefix(&mut path, member.name);
        missing.push(path);
    }
}

/// Checks that a union had a value for exactly one member, known or not.
///
/// # Errors
///
/// None of them, or several.
pub(crate) fn check_variants(found: usize) -> Result<(), ReadError> {
    let found = match found {
        1 => return Ok(()),
        0 => "none",
        _ => "several",
    };
    let expected = "an object with exactly one member of the union";
    Err(ReadError::expected(expected, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_beyond_the_first_word_are_told_apart() {
        let mut present = Present::default();
        for index in [0, 63, 64, 200] {
            present.insert(index);
        }
        let found: Vec<usize> = (0..300).filter(|index| present.contains(*index)).collect();
        assert_eq!(found, [0, 63, 64, 200]);
    }
}
