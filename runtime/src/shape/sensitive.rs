//! Values that are never shown.

use std::fmt;

use super::Value;

/// A value that is never shown: `Debug` prints `***`, and the memory it occupied is overwritten when
/// it is dropped.
///
/// Source: Smithy 2.0, "sensitive trait".
///
/// ```
/// use tinsmith_runtime::shape::Sensitive;
///
/// let secret = Sensitive::from("hunter2");
/// assert_eq!(format!("{secret:?}"), "***");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sensitive<T: Value>(T);

impl<T: Value> Sensitive<T> {
    /// Keeps `value` from being shown.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. What the caller does with it is no longer guarded.
    #[must_use]
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself, to change it.
    #[must_use]
    pub fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// The value itself, which is then neither hidden nor wiped.
    #[must_use]
    pub fn into_exposed(mut self) -> T {
        std::mem::replace(&mut self.0, T::zero())
    }
}

impl<T: Value> Drop for Sensitive<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl<T: Value> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T: Value> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Sensitive<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_nothing_in_any_form() {
        let secret = Some(Sensitive::from("hunter2"));
        assert_eq!(format!("{secret:?}"), "Some(***)");
        assert_eq!(format!("{secret:#?}"), "Some(\n    ***,\n)");
    }

    /// Protects against secrets that stay in memory: a value is overwritten before it is freed,
    /// however it comes to be dropped.
    #[test]
    fn a_value_is_wiped_when_it_is_dropped() {
        use std::cell::Cell;

        use crate::shape::{ReadError, ShapeReader, ShapeWriter, Structure, WriteError};

        thread_local! {
            static WIPED: Cell<u32> = const { Cell::new(0) };
        }

        /// Counts how often one is overwritten.
        #[derive(Clone, Default)]
        struct Probe;

        impl Structure for Probe {
            fn write(&self, _: &mut dyn ShapeWriter) -> Result<(), WriteError> {
                Ok(())
            }

            fn read(&mut self, _: usize, _: &mut dyn ShapeReader) -> Result<bool, ReadError> {
                Ok(false)
            }

            fn wipe(&mut self) {
                WIPED.set(WIPED.get() + 1);
            }
        }

        let secret = Sensitive::new(Probe);
        let copy = Some(secret.clone());
        assert_eq!(WIPED.get(), 0);
        drop(secret);
        assert_eq!(WIPED.get(), 1);
        drop(copy);
        assert_eq!(WIPED.get(), 2);
        let mut replaced = Sensitive::new(Probe);
        replaced = Sensitive::new(replaced.expose().clone());
        assert_eq!(WIPED.get(), 3);
        drop(replaced);
        assert_eq!(WIPED.get(), 4);
    }

    /// Protects the text of a secret: nothing of it is left once it is overwritten.
    #[test]
    fn a_wiped_text_is_gone() {
        let mut secret = Sensitive::from("hunter2");
        let place = secret.expose().as_ptr();
        Value::wipe(secret.expose_mut());
        assert!(secret.expose().is_empty());
        // In place: no copy was made to be overwritten instead.
        assert_eq!(secret.expose().as_ptr(), place);
    }

    #[test]
    fn exposing_by_value_hands_over_the_original() {
        assert_eq!(Sensitive::from("hunter2").into_exposed(), "hunter2");
    }
}
