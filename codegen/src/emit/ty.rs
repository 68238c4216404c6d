//! Types and values as they stand in emitted code.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::ir::{DefaultValue, DocumentValue, Field, NamedKind, Type};
use crate::names::ident;

/// Where code stands, which decides how it names a service's own types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In `types.rs`, beside them.
    Types,
    /// Anywhere else in the service's module.
    Elsewhere,
}

impl Place {
    /// The type of a value.
    pub(crate) fn ty(self, ty: &Type) -> TokenStream {
        match ty {
            Type::Boolean => quote!(bool),
            Type::Byte => quote!(i8),
            Type::Short => quote!(i16),
            Type::Integer => quote!(i32),
            Type::Long => quote!(i64),
            Type::Float => quote!(f32),
            Type::Double => quote!(f64),
            Type::String => quote!(String),
            Type::Blob => quote!(Blob),
            Type::Timestamp => quote!(Timestamp),
            Type::Document => quote!(Document),
            Type::BigInteger => quote!(BigInteger),
            Type::BigDecimal => quote!(BigDecimal),
            Type::Named { name, kind } => self.named(name, *kind),
            Type::Unit => quote!(shape::Unit),
            Type::ByteStream => quote!(stream::ByteStream),
            Type::Events(event) => {
                let event = self.ty(event);
                quote!(event_stream::Events<#event>)
            }
            Type::EventReceiver(event) => {
                let event = self.ty(event);
                quote!(event_stream::EventReceiver<#event>)
            }
            Type::List { item, sparse } => {
                let item = self.element(item, *sparse);
                quote!(Vec<#item>)
            }
            Type::Map { key, value, sparse } => {
                let key = self.ty(key);
                let value = self.element(value, *sparse);
                quote!(BTreeMap<#key, #value>)
            }
            Type::Sensitive(inner) => {
                let inner = self.ty(inner);
                quote!(Sensitive<#inner>)
            }
            Type::Boxed(inner) => {
                let inner = self.ty(inner);
                quote!(Box<#inner>)
            }
        }
    }

    /// The type of a field.
    pub(crate) fn field(self, field: &Field) -> TokenStream {
        self.element(&field.ty, field.optional)
    }

    fn element(self, ty: &Type, optional: bool) -> TokenStream {
        let ty = self.ty(ty);
        if optional { quote!(Option<#ty>) } else { ty }
    }

    fn named(self, name: &str, kind: NamedKind) -> TokenStream {
        let name = ident(name);
        match (kind, self) {
            (NamedKind::Error, _) => quote!(error::#name),
            (_, Self::Types) => quote!(#name),
            (_, Self::Elsewhere) => quote!(types::#name),
        }
    }

    /// The parameter type of a setter and the value that it stores.
    ///
    /// Whatever can be converted without loss is taken: string slices for strings, arrays and other
    /// iterators for collections. Numbers and structures are taken as they are, since a conversion
    /// would only make literals ambiguous.
    pub(crate) fn setter(self, ty: &Type, value: &TokenStream) -> (TokenStream, TokenStream) {
        match ty {
            Type::List { item, sparse } => {
                let (item, convert) = self.item_parameter(item, *sparse, &quote!(item));
                let parameter = quote!(impl IntoIterator<Item = #item>);
                (parameter, collected(value, &quote!(item), &convert))
            }
            Type::Map {
                key,
                value: item,
                sparse,
            } => {
                let (key, convert_key) = self.item_parameter(key, false, &quote!(key));
                let (item, convert) = self.item_parameter(item, *sparse, &quote!(value));
                let parameter = quote!(impl IntoIterator<Item = (#key, #item)>);
                let pair = quote!((#convert_key, #convert));
                (parameter, collected(value, &quote!((key, value)), &pair))
            }
            Type::Boxed(inner) => {
                let (parameter, inner) = self.setter(inner, value);
                (parameter, quote!(Box::new(#inner)))
            }
            _ => self.item_parameter(ty, false, value),
        }
    }

    /// A parameter type for one value and its conversion.
    fn item_parameter(
        self,
        ty: &Type,
        sparse: bool,
        value: &TokenStream,
    ) -> (TokenStream, TokenStream) {
        let element = self.element(ty, sparse);
        if sparse || converts(ty) {
            (quote!(impl Into<#element>), quote!(#value.into()))
        } else {
            (element, value.clone())
        }
    }
}

/// Whether a setter takes anything that converts.
fn converts(ty: &Type) -> bool {
    match ty {
        Type::String
        | Type::Blob
        | Type::Timestamp
        | Type::Document
        | Type::BigInteger
        | Type::BigDecimal
        | Type::ByteStream
        | Type::Events(_)
        | Type::Sensitive(_) => true,
        Type::Named { kind, .. } => matches!(kind, NamedKind::Enum),
        _ => false,
    }
}

/// `value` collected, with each item converted where that does anything.
fn collected(value: &TokenStream, item: &TokenStream, convert: &TokenStream) -> TokenStream {
    if item.to_string() == convert.to_string() {
        quote!(#value.into_iter().collect())
    } else {
        let whole = quote!(#item.into());
        let convert = if whole.to_string() == convert.to_string() {
            quote!(Into::into)
        } else {
            quote!(|#item| #convert)
        };
        quote!(#value.into_iter().map(#convert).collect())
    }
}

/// The expression of a default.
pub(crate) fn default_value(field: &Field, default: &DefaultValue) -> TokenStream {
    let value = plain_default(default);
    if matches!(field.ty, Type::Sensitive(_)) {
        quote!(Sensitive::from(#value))
    } else {
        value
    }
}

fn plain_default(default: &DefaultValue) -> TokenStream {
    match default {
        DefaultValue::Boolean(value) => quote!(#value),
        DefaultValue::Number(text) => number(text),
        DefaultValue::BigNumber(text) | DefaultValue::Timestamp(text) => {
            quote!(#text.parse().unwrap_or_default())
        }
        DefaultValue::String(text) => quote!(String::from(#text)),
        DefaultValue::Enum(text) => quote!(#text.into()),
        DefaultValue::IntEnum(value) => {
            let value = number(&value.to_string());
            quote!(#value.into())
        }
        DefaultValue::Blob(bytes) => {
            let bytes = Literal::byte_string(bytes);
            quote!(Blob::from(#bytes.as_slice()))
        }
        DefaultValue::Document(value) => document(value),
    }
}

fn document(value: &DocumentValue) -> TokenStream {
    match value {
        DocumentValue::Boolean(value) => quote!(Document::from(#value)),
        DocumentValue::Number(text) => {
            let number = number(text);
            quote!(Document::from(#number))
        }
        DocumentValue::String(text) => quote!(Document::from(#text)),
        DocumentValue::EmptyList => quote!(Document::Array(Vec::new())),
        DocumentValue::EmptyMap => quote!(Document::Object(BTreeMap::new())),
    }
}

/// A number literal without a suffix.
pub(crate) fn number(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|_| quote!(0))
}
