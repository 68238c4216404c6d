//! What a client does with what validation finds.

use std::fmt;
use std::str::FromStr;

/// What a client does about an input that violates its model.
///
/// A service may relax a constraint before its client is generated again; `Warn` and `Off` are for
/// that day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Validation {
    /// Refuses the input: nothing is signed or sent. The default.
    #[default]
    Enforce,
    /// Traces the violations as a warning and sends the input as it is.
    Warn,
    /// Checks nothing.
    Off,
}

impl Validation {
    /// The name that [`FromStr`] takes: `enforce`, `warn` or `off`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Warn => "warn",
            Self::Off => "off",
        }
    }
}

impl fmt::Display for Validation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Validation {
    type Err = ParseValidationError;

    /// Reads `enforce`, `warn` or `off`, in any case and with blanks around it, as an environment
    /// variable may have it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        [Self::Enforce, Self::Warn, Self::Off]
            .into_iter()
            .find(|mode| text.eq_ignore_ascii_case(mode.as_str()))
            .ok_or(ParseValidationError(()))
    }
}

/// The text is not the name of a [`Validation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseValidationError(());

impl fmt::Display for ParseValidationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("validation is one of enforce, warn and off")
    }
}

impl std::error::Error for ParseValidationError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_reads_back_from_its_name() {
        for mode in [Validation::Enforce, Validation::Warn, Validation::Off] {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert_eq!(" Off\n".parse(), Ok(Validation::Off));
        assert_eq!("no".parse::<Validation>(), Err(ParseValidationError(())));
        assert_eq!("".parse::<Validation>(), Err(ParseValidationError(())));
    }
}
