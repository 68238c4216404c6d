//! What generated code would otherwise repeat for every error of every service.

/// What the errors of a service have in common: `Display` and `Error` of each structure and of the
/// enum, `From` a structure into the enum, and [`ServiceError`](crate::operation::ServiceError).
///
/// Each variant is given with its structure, the structure's schema and the field of its message, where
/// it has one. A variant holds its structure in a `Box`, so that a `Result` with the enum stays small
/// whatever members an error has. The enum must have a variant `Unmodeled` for what the model does not
/// have, with a boxed [`UnmodeledError`](crate::error::UnmodeledError), and each structure a field
/// `metadata`.
#[macro_export]
macro_rules! service_errors {
    ($enum:ident {
        $($variant:ident($error:ident) = $schema:path $(, $message:ident)?);* $(;)?
    }) => {
        $(
            impl $error {
                /// What every service error has.
                #[must_use]
                pub fn details(&self) -> $crate::error::ServiceErrorDetails<'_> {
                    let message: &[::core::option::Option<&str>] =
                        &[$($crate::generated::MessageField::text(&self.$message))?];
                    $crate::error::ServiceErrorDetails::modeled(
                        &$schema,
                        message.first().copied().flatten(),
                        &self.metadata,
                    )
                }
            }

            impl ::core::fmt::Display for $error {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    ::core::fmt::Display::fmt(&self.details(), f)
                }
            }

            impl ::std::error::Error for $error {}

            impl ::core::convert::From<$error> for $enum {
                fn from(error: $error) -> Self {
                    Self::$variant(::std::boxed::Box::new(error))
                }
            }
        )*

        impl ::core::fmt::Display for $enum {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&$crate::operation::ServiceError::details(self), f)
            }
        }

        impl ::std::error::Error for $enum {}

        impl $crate::operation::ServiceError for $enum {
            const MODELED: &'static [&'static $crate::schema::Schema] = &[$(&$schema),*];

            fn read(
                index: usize,
                metadata: $crate::metadata::ResponseMetadata,
                read: &mut dyn ::core::ops::FnMut(
                    &mut dyn $crate::shape::Structure,
                ) -> ::core::result::Result<(), $crate::shape::ReadError>,
            ) -> ::core::result::Result<Self, $crate::shape::ReadError> {
                type Make<T> = fn(
                    $crate::metadata::ResponseMetadata,
                    &mut dyn ::core::ops::FnMut(
                        &mut dyn $crate::shape::Structure,
                    )
                        -> ::core::result::Result<(), $crate::shape::ReadError>,
                ) -> ::core::result::Result<T, $crate::shape::ReadError>;
                let makers: &[Make<Self>] = &[$(|metadata, read| {
                    let mut error = $error {
                        metadata,
                        ..::core::default::Default::default()
                    };
                    read(&mut error)?;
                    ::core::result::Result::Ok(Self::from(error))
                }),*];
                match makers.get(index) {
                    ::core::option::Option::Some(make) => make(metadata, read),
                    ::core::option::Option::None => {
                        ::core::result::Result::Err($crate::shape::ReadError::new(
                            "the error is none of the service's",
                        ))
                    }
                }
            }

            fn unmodeled(error: $crate::error::UnmodeledError) -> Self {
                Self::Unmodeled(::std::boxed::Box::new(error))
            }

            fn details(&self) -> $crate::error::ServiceErrorDetails<'_> {
                match self {
                    $(Self::$variant(error) => error.details(),)*
                    Self::Unmodeled(error) => error.details(),
                }
            }

            $crate::error_shape!($($variant = $schema),*);
        }
    };
}

/// The part of [`service_errors!`](crate::service_errors) that is there with the feature `test-util`.
#[cfg(feature = "test-util")]
#[doc(hidden)]
#[macro_export]
macro_rules! error_shape {
    ($($variant:ident = $schema:path),*) => {
        fn shape(
            &self,
        ) -> ::core::option::Option<(&'static $crate::schema::Schema, &dyn $crate::shape::Structure)>
        {
            match self {
                $(Self::$variant(error) => ::core::option::Option::Some((&$schema, &**error)),)*
                Self::Unmodeled(_) => ::core::option::Option::None,
            }
        }
    };
}

/// Nothing, in a build without the feature `test-util`.
#[cfg(not(feature = "test-util"))]
#[doc(hidden)]
#[macro_export]
macro_rules! error_shape {
    ($($ignored:tt)*) => {};
}
