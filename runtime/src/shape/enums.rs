//! Enums as values.

/// Makes a generated enum a [`Value`](crate::shape::Value) and a
/// [`MapKey`](crate::shape::MapKey) by its text: the type must be `Ord`, `AsRef<str>` and
/// `From<&str>`.
///
/// ```
/// # #[derive(PartialEq, Eq, PartialOrd, Ord)]
/// # struct TokenStatus(String);
/// # impl AsRef<str> for TokenStatus { fn as_ref(&self) -> &str { &self.0 } }
/// # impl From<&str> for TokenStatus { fn from(text: &str) -> Self { Self(text.to_owned()) } }
/// tinsmith_runtime::impl_enum!(TokenStatus);
/// ```
#[macro_export]
macro_rules! impl_enum {
    ($type:ty) => {
        impl $crate::shape::Value for $type {
            fn write(
                &self,
                member: &'static $crate::schema::Member,
                writer: &mut dyn $crate::shape::ShapeWriter,
            ) -> ::core::result::Result<(), $crate::shape::WriteError> {
                writer.string(member, ::core::convert::AsRef::<str>::as_ref(self))
            }

            fn read(
                member: &'static $crate::schema::Member,
                reader: &mut dyn $crate::shape::ShapeReader,
            ) -> ::core::result::Result<::core::option::Option<Self>, $crate::shape::ReadError>
            {
                ::core::result::Result::Ok(
                    reader
                        .string(member)?
                        .map(|text| <Self as ::core::convert::From<&str>>::from(&text)),
                )
            }

            fn zero() -> Self {
                <Self as ::core::convert::From<&str>>::from("")
            }
        }

        impl $crate::shape::MapKey for $type {
            fn as_key(&self) -> &str {
                ::core::convert::AsRef::<str>::as_ref(self)
            }

            fn from_key(key: &str) -> Self {
                <Self as ::core::convert::From<&str>>::from(key)
            }
        }
    };
}

/// Makes a generated `intEnum` a [`Value`](crate::shape::Value) by its number: the type must be
/// `Copy`, `From<i32>` and `Into<i32>`.
///
/// ```
/// # #[derive(Clone, Copy)]
/// # struct Priority(i32);
/// # impl From<i32> for Priority { fn from(number: i32) -> Self { Self(number) } }
/// # impl From<Priority> for i32 { fn from(priority: Priority) -> Self { priority.0 } }
/// tinsmith_runtime::impl_int_enum!(Priority);
/// ```
#[macro_export]
macro_rules! impl_int_enum {
    ($type:ty) => {
        impl $crate::shape::Value for $type {
            fn write(
                &self,
                member: &'static $crate::schema::Member,
                writer: &mut dyn $crate::shape::ShapeWriter,
            ) -> ::core::result::Result<(), $crate::shape::WriteError> {
                let number: i32 = ::core::convert::Into::into(*self);
                writer.integer(member, ::core::convert::From::from(number))
            }

            fn read(
                member: &'static $crate::schema::Member,
                reader: &mut dyn $crate::shape::ShapeReader,
            ) -> ::core::result::Result<::core::option::Option<Self>, $crate::shape::ReadError>
            {
                let number = <i32 as $crate::shape::Value>::read(member, reader)?;
                ::core::result::Result::Ok(number.map(::core::convert::From::from))
            }

            fn zero() -> Self {
                ::core::convert::From::from(0_i32)
            }
        }
    };
}
