//! Data types as serde sees them: `Serialize` and `Deserialize` for generated structures, unions and
//! enums, with the feature `serde`.
//!
//! Both are visitors over the one walk, so nothing is generated for them. They are for files, caches
//! and logs of a caller's own, in self-describing formats such as JSON, and no protocol:
//!
//! - members have their names in the model; absent ones are left out, and `null` is read as absent;
//! - a structure that lacks a member when it is read keeps the default there;
//! - blobs are base64, timestamps RFC 3339, numbers of any size text, and so are NaN and the infinities;
//! - an enum is its text or number, a union a map with one entry;
//! - what is no member, such as the metadata of a response, is left out.
//!
//! A value that holds something sensitive refuses to be serialised, unless it is wrapped in
//! [`WithSecrets`]. A stream cannot be serialised at all.
//!
//! ```
//! use tinsmith_runtime::schema::{Member, prelude};
//!
//! // Generated.
//! static TOKEN_MEMBERS: [Member; 2] = [
//!     Member::new("name", &prelude::STRING),
//!     Member::new("expiresTime", &prelude::TIMESTAMP),
//! ];
//! #[derive(Debug, Default, PartialEq)]
//! struct Token {
//!     name: String,
//!     expires_time: Option<tinsmith_runtime::timestamp::Timestamp>,
//! }
//! tinsmith_runtime::structure!(Token = TOKEN_MEMBERS { 0: name, 1: expires_time });
//!
//! let text = r#"{"name":"ci","expiresTime":"2026-01-01T00:00:00Z"}"#;
//! let token: Token = serde_json::from_str(text)?;
//! assert_eq!(token.name, "ci");
//! assert_eq!(serde_json::to_string(&token)?, text);
//! # Ok::<(), serde_json::Error>(())
//! ```

mod read;
#[cfg(test)]
mod tests;
mod values;
mod write;

pub use read::{deserialize, deserialize_union};
pub use write::{WithSecrets, serialize};

#[doc(hidden)]
// For the macros, which must not ask a generated crate for a dependency of its own.
pub use serde_core;

/// `Serialize` and `Deserialize` of a structure; part of [`structure!`](crate::structure).
#[doc(hidden)]
#[macro_export]
macro_rules! impl_serde {
    ($type:ident, $members:expr, $deserialize:ident) => {
        impl $crate::data::serde_core::Serialize for $type {
            fn serialize<S: $crate::data::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::data::serialize(self, serializer)
            }
        }

        impl<'de> $crate::data::serde_core::Deserialize<'de> for $type {
            fn deserialize<D: $crate::data::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::data::$deserialize(&$members, deserializer)
            }
        }
    };
}

/// `Serialize` and `Deserialize` of an enum by its text or number; part of
/// [`string_enum!`](crate::string_enum) and [`int_enum!`](crate::int_enum).
#[doc(hidden)]
#[macro_export]
macro_rules! impl_enum_serde {
    ($type:ident, $plain:ty, $as_plain:ident) => {
        impl $crate::data::serde_core::Serialize for $type {
            fn serialize<S: $crate::data::serde_core::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::data::serde_core::Serialize::serialize(&self.$as_plain(), serializer)
            }
        }

        impl<'de> $crate::data::serde_core::Deserialize<'de> for $type {
            fn deserialize<D: $crate::data::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let plain: $plain =
                    $crate::data::serde_core::Deserialize::deserialize(deserializer)?;
                ::core::result::Result::Ok(::core::convert::From::from(plain))
            }
        }
    };
}
