//! What generated code would otherwise repeat for every shape and every service.

mod errors;

use crate::shape::Sensitive;

/// Leaves the traits that generated crates add to the builder of configurations to them, so that a setting
/// that a model gains breaks nobody's implementation.
pub trait Sealed {}

impl Sealed for crate::config::ConfigBuilder {}

/// The field of an error structure that says for people what is wrong.
pub trait MessageField {
    /// The message, where there is one.
    fn text(&self) -> Option<&str>;
}

impl MessageField for String {
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl MessageField for Option<String> {
    fn text(&self) -> Option<&str> {
        self.as_deref()
    }
}

/// The field of an input that the client fills where the caller does not.
///
/// Source: Smithy 2.0, "idempotencyToken trait".
pub trait TokenField {
    /// The token, where there is one.
    fn token(&self) -> Option<&str>;

    /// Puts `token` in place of what is there.
    fn set_token(&mut self, token: String);
}

impl TokenField for Option<String> {
    fn token(&self) -> Option<&str> {
        self.as_deref()
    }

    fn set_token(&mut self, token: String) {
        *self = Some(token);
    }
}

impl TokenField for Option<Sensitive<String>> {
    fn token(&self) -> Option<&str> {
        self.as_ref().map(|token| token.expose().as_str())
    }

    fn set_token(&mut self, token: String) {
        *self = Some(token.into());
    }
}

/// The walk over a structure: [`Structure`](crate::shape::Structure) for a type whose fields stand for
/// the members of a schema, each given with its index there. `wiped` at the end also overwrites every
/// field when a sensitive shape that holds the structure is dropped.
///
/// ```
/// use tinsmith_runtime::schema::{Member, prelude};
///
/// static POINT_MEMBERS: [Member; 2] = [
///     Member::new("x", &prelude::INTEGER),
///     Member::new("y", &prelude::INTEGER),
/// ];
///
/// #[derive(Default)]
/// struct Point {
///     x: i32,
///     y: Option<i32>,
/// }
/// tinsmith_runtime::structure!(Point = POINT_MEMBERS { 0: x, 1: y });
/// ```
#[macro_export]
macro_rules! structure {
    ($type:ident = $members:path { $($index:literal: $field:ident),* $(,)? } wiped) => {
        $crate::structure!(@impl $type, $members, { $($index: $field),* } {
            fn wipe(&mut self) {
                $($crate::shape::Field::wipe(&mut self.$field);)*
            }
        });
    };
    ($type:ident = $members:path { $($index:literal: $field:ident),* $(,)? }) => {
        $crate::structure!(@impl $type, $members, { $($index: $field),* } {});
    };
    (@impl $type:ident, $members:path, { $($index:literal: $field:ident),* } { $($wipe:tt)* }) => {
        $crate::impl_serde!($type, $members, deserialize);

        impl $crate::shape::Structure for $type {
            fn write(
                &self,
                writer: &mut dyn $crate::shape::ShapeWriter,
            ) -> ::core::result::Result<(), $crate::shape::WriteError> {
                $($crate::shape::Field::write(&self.$field, &$members[$index], writer)?;)*
                ::core::result::Result::Ok(())
            }

            fn read(
                &mut self,
                index: usize,
                reader: &mut dyn $crate::shape::ShapeReader,
            ) -> ::core::result::Result<bool, $crate::shape::ReadError> {
                match index {
                    $($index => {
                        $crate::shape::Field::read(&mut self.$field, &$members[$index], reader)
                    })*
                    _ => ::core::result::Result::Ok(false),
                }
            }

            $($wipe)*
        }
    };
    // A structure without members has none to visit.
    ($type:ident) => {
        $crate::impl_serde!($type, [], deserialize);

        impl $crate::shape::Structure for $type {
            fn write(
                &self,
                _: &mut dyn $crate::shape::ShapeWriter,
            ) -> ::core::result::Result<(), $crate::shape::WriteError> {
                ::core::result::Result::Ok(())
            }

            fn read(
                &mut self,
                _: usize,
                _: &mut dyn $crate::shape::ShapeReader,
            ) -> ::core::result::Result<bool, $crate::shape::ReadError> {
                ::core::result::Result::Ok(false)
            }
        }
    };
}

/// The walk over a union: [`Structure`](crate::shape::Structure) and `Default` for an enum whose
/// variants stand for the members of a schema, each given with its index there, and with a name for its
/// value unless it holds none. The enum must have a variant `Unknown(String)`. `wiped` at the end is
/// as for [`structure!`](crate::structure).
///
/// ```
/// use tinsmith_runtime::schema::{Member, prelude};
///
/// static CHOICE_MEMBERS: [Member; 2] = [
///     Member::new("text", &prelude::STRING),
///     Member::new("nothing", &prelude::UNIT),
/// ];
///
/// #[derive(Debug, PartialEq)]
/// enum Choice {
///     Text(String),
///     Nothing,
///     Unknown(String),
/// }
/// tinsmith_runtime::union!(Choice = CHOICE_MEMBERS { 0: Text(value), 1: Nothing });
///
/// assert_eq!(Choice::default(), Choice::Unknown(String::new()));
/// ```
#[macro_export]
macro_rules! union {
    ($type:ident = $members:path {
        $($index:literal: $variant:ident $(($value:ident))?),* $(,)?
    } wiped) => {
        $crate::union!(@impl $type, $members, { $($index: $variant $(($value))?),* } {
            fn wipe(&mut self) {
                match self {
                    $(Self::$variant $(($value))? => {
                        $($crate::shape::Field::wipe($value);)?
                    })*
                    Self::Unknown(_) => {}
                }
            }
        });
    };
    ($type:ident = $members:path {
        $($index:literal: $variant:ident $(($value:ident))?),* $(,)?
    }) => {
        $crate::union!(@impl $type, $members, { $($index: $variant $(($value))?),* } {});
    };
    (@impl $type:ident, $members:path, {
        $($index:literal: $variant:ident $(($value:ident))?),*
    } { $($wipe:tt)* }) => {
        $crate::impl_serde!($type, $members, deserialize_union);

        impl ::core::default::Default for $type {
            /// What stands for a required value that a response lacks.
            fn default() -> Self {
                Self::Unknown(::std::string::String::new())
            }
        }

        impl $crate::shape::Structure for $type {
            fn write(
                &self,
                writer: &mut dyn $crate::shape::ShapeWriter,
            ) -> ::core::result::Result<(), $crate::shape::WriteError> {
                match self {
                    $(Self::$variant $(($value))? => $crate::shape::Field::write(
                        $crate::union!(@value $($value)?),
                        &$members[$index],
                        writer,
                    ),)*
                    Self::Unknown(name) => ::core::result::Result::Err(
                        $crate::shape::WriteError::unknown_variant(name),
                    ),
                }
            }

            fn read(
                &mut self,
                index: usize,
                reader: &mut dyn $crate::shape::ShapeReader,
            ) -> ::core::result::Result<bool, $crate::shape::ReadError> {
                match index {
                    $($index => $crate::shape::read_variant(
                        self,
                        $crate::union!(@make $variant $($value)?),
                        &$members[$index],
                        reader,
                    ),)*
                    _ => ::core::result::Result::Ok(false),
                }
            }

            fn read_unknown(&mut self, name: &str) {
                *self = Self::Unknown(::std::string::String::from(name));
            }

            $($wipe)*
        }
    };
    (@value) => { &$crate::shape::Unit };
    (@value $value:ident) => { $value };
    (@make $variant:ident) => { |$crate::shape::Unit| Self::$variant };
    (@make $variant:ident $value:ident) => { Self::$variant };
}

/// The conversions of an enum of strings: `as_str`, `values`, `From<&str>`, `From<String>`, `FromStr`,
/// `Display`, `AsRef<str>`, `Default` and the traits of a [`Value`](crate::shape::Value).
///
/// The enum must derive `Clone` and `Ord` and have a variant `Unknown(String)` for the values that it
/// does not list.
///
/// ```
/// #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
/// enum TokenStatus {
///     Creating,
///     Operational,
///     Unknown(String),
/// }
/// tinsmith_runtime::string_enum!(TokenStatus {
///     Creating = "CREATING",
///     Operational = "OPERATIONAL"
/// });
///
/// assert_eq!(TokenStatus::from("CREATING"), TokenStatus::Creating);
/// assert_eq!(TokenStatus::from("NEW").as_str(), "NEW");
/// assert_eq!(TokenStatus::values(), ["CREATING", "OPERATIONAL"]);
/// ```
#[macro_export]
macro_rules! string_enum {
    ($type:ident { $($variant:ident = $value:literal),* $(,)? }) => {
        impl $type {
            /// The value as the service writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }

            /// All values that this client knows.
            #[must_use]
            pub const fn values() -> &'static [&'static str] {
                &[$($value),*]
            }
        }

        impl ::core::convert::From<&str> for $type {
            fn from(value: &str) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(::std::string::String::from(value)),
                }
            }
        }

        impl ::core::convert::From<::std::string::String> for $type {
            fn from(value: ::std::string::String) -> Self {
                match value.as_str() {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(value),
                }
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = ::core::convert::Infallible;

            // Not `Self::Err`, which a value of that name would make ambiguous.
            fn from_str(
                value: &str,
            ) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(Self::from(value))
            }
        }

        impl ::core::default::Default for $type {
            /// What stands for a required value that a response lacks: the empty text.
            fn default() -> Self {
                Self::from("")
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::convert::AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        $crate::impl_enum!($type);
        $crate::impl_enum_serde!($type, ::std::string::String, as_str);
    };
}

/// The conversions of an enum of integers: `as_i32`, `values`, `From<i32>`, `Into<i32>`, `Display`,
/// `Default` and the traits of a [`Value`](crate::shape::Value).
///
/// The enum must derive `Copy` and have a variant `Unknown(i32)` for the values that it does not list.
///
/// ```
/// #[derive(Clone, Copy, Debug, PartialEq)]
/// enum Priority {
///     Low,
///     High,
///     Unknown(i32),
/// }
/// tinsmith_runtime::int_enum!(Priority { Low = 1, High = 5 });
///
/// assert_eq!(Priority::from(5), Priority::High);
/// assert_eq!(Priority::from(7).as_i32(), 7);
/// ```
#[macro_export]
macro_rules! int_enum {
    ($type:ident { $($variant:ident = $value:literal),* $(,)? }) => {
        impl $type {
            /// The value as the service writes it.
            #[must_use]
            pub const fn as_i32(self) -> i32 {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }

            /// All values that this client knows.
            #[must_use]
            pub const fn values() -> &'static [i32] {
                &[$($value),*]
            }
        }

        impl ::core::convert::From<i32> for $type {
            fn from(value: i32) -> Self {
                match value {
                    $($value => Self::$variant,)*
                    _ => Self::Unknown(value),
                }
            }
        }

        impl ::core::convert::From<$type> for i32 {
            fn from(value: $type) -> Self {
                value.as_i32()
            }
        }

        impl ::core::default::Default for $type {
            /// What stands for a required value that a response lacks: zero.
            fn default() -> Self {
                Self::from(0)
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.as_i32(), f)
            }
        }

        $crate::impl_int_enum!($type);
        $crate::impl_enum_serde!($type, i32, as_i32);
    };
}

/// What a generated builder can do besides its `send`: it is sent by `.await` alone and, with the feature
/// `blocking`, by a `send_blocking()` that waits; with the feature `sigv4`, `presigned()` signs it for
/// somebody else to send. The builder must have a field `call` with the
/// [`Call`](crate::client::Call) of the input.
#[macro_export]
macro_rules! call {
    ($builder:ident { input: $input:ty, output: $output:ty, error: $error:ty $(,)? }) => {
        impl ::core::future::IntoFuture for $builder {
            type Output = ::core::result::Result<$output, $error>;
            type IntoFuture =
                <$crate::client::Call<$input> as ::core::future::IntoFuture>::IntoFuture;

            fn into_future(self) -> Self::IntoFuture {
                ::core::future::IntoFuture::into_future(self.call)
            }
        }

        $crate::presigned_call!($builder, $error);
        $crate::blocking_call!($builder, $output, $error);
    };
}

/// The part of [`call!`](crate::call) that is there with the feature `sigv4`.
#[cfg(feature = "sigv4")]
#[doc(hidden)]
#[macro_export]
macro_rules! presigned_call {
    ($builder:ident, $error:ty) => {
        impl $builder {
            /// Checks the input and signs the request for somebody else to send within `expires_in`,
            /// from one second to seven days. Nothing is sent. See
            /// [`Call::presigned`]($crate::client::Call::presigned).
            ///
            /// # Errors
            ///
            /// As there.
            pub async fn presigned(
                self,
                expires_in: ::core::time::Duration,
            ) -> ::core::result::Result<$crate::client::PresignedRequest, $error> {
                self.call.presigned(expires_in).await
            }
        }
    };
}

/// Nothing, in a build without the feature `sigv4`.
#[cfg(not(feature = "sigv4"))]
#[doc(hidden)]
#[macro_export]
macro_rules! presigned_call {
    ($($ignored:tt)*) => {};
}

/// The part of [`call!`](crate::call) that is there with the feature `blocking`.
#[cfg(feature = "blocking")]
#[doc(hidden)]
#[macro_export]
macro_rules! blocking_call {
    ($builder:ident, $output:ty, $error:ty) => {
        impl $builder {
            /// Like [`send`](Self::send), for programs without an async runtime: waits for the
            /// response.
            ///
            /// # Errors
            ///
            /// Those of [`send`](Self::send).
            pub fn send_blocking(self) -> ::core::result::Result<$output, $error> {
                self.call.send_blocking()
            }
        }
    };
}

/// Nothing, in a build without the feature `blocking`.
#[cfg(not(feature = "blocking"))]
#[doc(hidden)]
#[macro_export]
macro_rules! blocking_call {
    ($($ignored:tt)*) => {};
}

/// Nothing, in a build without the feature `serde`.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! impl_serde {
    ($($ignored:tt)*) => {};
}

/// Nothing, in a build without the feature `serde`.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! impl_enum_serde {
    ($($ignored:tt)*) => {};
}
