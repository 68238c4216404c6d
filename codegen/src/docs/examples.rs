//! The examples of an operation as examples of its client, which rustdoc compiles and does not run.
//!
//! Source: Smithy 2.0, "examples trait".

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use tinsmith_model::Node;
use tinsmith_model::node::NodeKind;
use tinsmith_model::traits::{Example, ExampleError};

use super::markdown;
use crate::ir::{ErrorShape, Field, NamedKind, Operation, Service, Type};
use crate::names::ident;

/// The section `# Examples` of an operation's documentation, or nothing where no example can be shown:
/// one whose values have no literal form in Rust, such as open content, is left out.
///
/// `krate` is the name by which programs know the crate.
pub(crate) fn examples(
    krate: &str,
    service: &Service,
    operation: &Operation,
    examples: &[Example<'_, '_>],
) -> String {
    let writer = Writer {
        krate,
        service,
        operation,
    };
    let shown: Vec<_> = examples
        .iter()
        .filter_map(|example| writer.example(example))
        .collect();
    if shown.is_empty() {
        return String::new();
    }
    format!("# Examples\n\n{}", shown.join("\n\n"))
}

/// The call of an operation with this input through its builder, not sent yet, as a program writes it
/// that has the client as `client` and the module `types` at hand. `None` where a value has no literal
/// form in Rust, or is one that examples leave out.
pub(crate) fn call(
    service: &Service,
    operation: &Operation,
    input: &Node<'_>,
) -> Option<TokenStream> {
    let writer = Writer {
        krate: "",
        service,
        operation,
    };
    if leaves_out(input) {
        return None;
    }
    writer.call(Some(input))
}

/// Whether `null` or an empty collection is part of a value.
fn leaves_out(value: &Node<'_>) -> bool {
    match &value.kind {
        NodeKind::Null => true,
        NodeKind::Array(items) => items.is_empty() || items.iter().any(leaves_out),
        NodeKind::Object(entries) => {
            entries.is_empty() || entries.iter().any(|(.., value)| leaves_out(value))
        }
        _ => false,
    }
}

struct Writer<'a> {
    krate: &'a str,
    service: &'a Service,
    operation: &'a Operation,
}

impl Writer<'_> {
    fn example(&self, example: &Example<'_, '_>) -> Option<String> {
        let call = self.call(example.input)?;
        let call = quote!(#call .send().await);
        let (imports, statements) = match &example.error {
            Some(error) => ("{Client, Error, ServiceError}", self.failing(&call, error)?),
            None => ("Client", self.succeeding(&call)),
        };
        let code = self.code(imports, &statements)?;
        let text = prose(example);
        Some(format!(
            "{text}\n\n```no_run\n\
             # async fn example() -> Result<(), Box<dyn std::error::Error>> {{\n\
             {code}\n\
             # Ok(())\n\
             # }}\n```"
        ))
    }

    /// The call through its builder, with all of its input.
    fn call(&self, input: Option<&Node<'_>>) -> Option<TokenStream> {
        let method = ident(&self.operation.method);
        let setters = self.setters(&self.operation.input.fields, input)?;
        Some(quote!(client.#method() #setters))
    }

    fn succeeding(&self, call: &TokenStream) -> TokenStream {
        if self.operation.output.fields.is_empty() {
            quote!(#call?;)
        } else {
            quote! {
                let output = #call?;
                println!("{output:?}");
            }
        }
    }

    /// A call that the service answers with an error, and how to tell it from others.
    fn failing(&self, call: &TokenStream, error: &ExampleError<'_, '_>) -> Option<TokenStream> {
        let error = self.error(error.shape)?;
        let variant = ident(&error.variant);
        let message = error.message.as_ref().filter(|field| is_plain_text(field));
        let print = match message {
            Some(field) => {
                let field = ident(&field.name);
                quote!(println!("{}", error.#field);)
            }
            None => quote!(println!("{error:?}");),
        };
        Some(quote! {
            let result = #call;
            if let Err(Error::Service(ServiceError::#variant(error))) = result {
                #print
            }
        })
    }

    fn error(&self, id: &str) -> Option<&ErrorShape> {
        let schema = self.service.schemas.iter().find(|schema| schema.id == id)?;
        let errors = &mut self.service.errors.iter();
        errors.find(|error| error.structure.schema.as_ref() == Some(&schema.name))
    }

    /// The lines of the example that a reader sees.
    fn code(&self, imports: &str, statements: &TokenStream) -> Option<String> {
        let function = syn::parse2(quote! {
            async fn example() {
                let client = Client::from_env()?;
                #statements
            }
        });
        let formatted = prettyplease::unparse(&function.ok()?);
        let lines: Vec<_> = formatted
            .lines()
            .filter_map(|line| line.strip_prefix("    "))
            .collect();
        let krate = self.krate;
        let module = &self.service.module;
        let code = lines.join("\n");
        let mut uses = format!("use {krate}::{module}::{imports};\n");
        if code.contains("types::") {
            uses.push_str(&format!("use {krate}::{module}::types;\n"));
        }
        if code.contains("Timestamp>()") || code.contains("Timestamp::from_second(") {
            uses.push_str(&format!("use {krate}::runtime::timestamp::Timestamp;\n"));
        }
        Some(format!("{uses}\n{code}"))
    }

    /// `.name(value)` for each member that is given.
    fn setters(&self, fields: &[Field], values: Option<&Node<'_>>) -> Option<TokenStream> {
        let entries = values.and_then(Node::as_object).unwrap_or_default();
        let mut setters = TokenStream::new();
        for (name, _, value) in entries {
            let field = fields.iter().find(|field| field.member == **name)?;
            if value.is_null() || is_empty(value, &field.ty) {
                continue;
            }
            let setter = ident(&field.setter);
            let value = self.argument(&field.ty, value)?;
            setters.extend(quote!(.#setter(#value)));
        }
        Some(setters)
    }

    /// A value for a setter, which takes all that can be converted.
    fn argument(&self, ty: &Type, value: &Node<'_>) -> Option<TokenStream> {
        match ty {
            Type::List {
                item,
                sparse: false,
            } => {
                let items = value.as_array()?.iter();
                let items = items.map(|value| self.converted(item, value));
                let items = items.collect::<Option<Vec<_>>>()?;
                Some(quote!([#(#items),*]))
            }
            Type::Map {
                key,
                value: item,
                sparse: false,
            } => {
                let entries = self.entries(key, item, value, Self::converted)?;
                Some(quote!([#(#entries),*]))
            }
            Type::Boxed(inner) => self.argument(inner, value),
            _ => self.converted(ty, value),
        }
    }

    /// A value where a conversion follows, for the types that have one.
    fn converted(&self, ty: &Type, value: &Node<'_>) -> Option<TokenStream> {
        match ty {
            Type::String
            | Type::Blob
            | Type::ByteStream
            | Type::Named {
                kind: NamedKind::Enum,
                ..
            } => text(value),
            Type::Sensitive(inner) => self.converted(inner, value),
            _ => self.exact(ty, value),
        }
    }

    /// A value of just this type.
    fn exact(&self, ty: &Type, value: &Node<'_>) -> Option<TokenStream> {
        match ty {
            Type::Boolean => value.as_bool().map(|value| quote!(#value)),
            Type::Byte | Type::Short | Type::Integer | Type::Long => integer(value),
            Type::Float | Type::Double => {
                let number: f64 = value.as_number()?.parse().ok()?;
                let digits = Literal::f64_unsuffixed(number.abs());
                number.is_finite().then(|| signed(number < 0.0, &digits))
            }
            Type::String => text(value).map(|text| quote!(#text.to_owned())),
            Type::Blob | Type::ByteStream | Type::Sensitive(_) => {
                let value = self.converted(ty, value)?;
                Some(quote!(#value.into()))
            }
            Type::Timestamp => timestamp(value),
            Type::Named { name, kind } => self.named(name, *kind, value),
            Type::List {
                item,
                sparse: false,
            } => {
                let items = value.as_array()?.iter();
                let items = items.map(|value| self.exact(item, value));
                let items = items.collect::<Option<Vec<_>>>()?;
                Some(quote!(vec![#(#items),*]))
            }
            Type::Map {
                key,
                value: item,
                sparse: false,
            } => {
                let entries = self.entries(key, item, value, Self::exact)?;
                Some(quote!([#(#entries),*].into()))
            }
            Type::Boxed(inner) => {
                let value = self.exact(inner, value)?;
                Some(quote!(Box::new(#value)))
            }
            Type::List { .. }
            | Type::Map { .. }
            | Type::Unit
            | Type::Document
            | Type::BigInteger
            | Type::BigDecimal
            | Type::Events(_)
            | Type::EventReceiver(_) => None,
        }
    }

    fn entries(
        &self,
        key: &Type,
        item: &Type,
        value: &Node<'_>,
        write: fn(&Self, &Type, &Node<'_>) -> Option<TokenStream>,
    ) -> Option<Vec<TokenStream>> {
        let entries = value.as_object()?.iter().map(|(name, span, value)| {
            let name = write(self, key, &Node::string(*span, name.as_ref()))?;
            let value = write(self, item, value)?;
            Some(quote!((#name, #value)))
        });
        entries.collect()
    }

    fn named(&self, name: &str, kind: NamedKind, value: &Node<'_>) -> Option<TokenStream> {
        let ty = ident(name);
        match kind {
            NamedKind::Enum => text(value).map(|text| quote!(#text.into())),
            NamedKind::IntEnum => integer(value).map(|value| quote!(types::#ty::from(#value))),
            NamedKind::Structure => {
                let mut structures = self.service.structures.iter();
                let structure = structures.find(|structure| structure.name == name)?;
                let setters = self.setters(&structure.fields, Some(value))?;
                Some(quote!(types::#ty::default() #setters))
            }
            NamedKind::Union => {
                let union = self
                    .service
                    .unions
                    .iter()
                    .find(|union| union.name == name)?;
                let [(member, _, value)] = value.as_object()? else {
                    return None;
                };
                let mut schemas = self.service.schemas.iter();
                let schema = schemas.find(|schema| schema.name == union.schema)?;
                // The variants stand in the order of the members.
                let mut members = schema.members.iter();
                let index = members.position(|known| known.name == **member)?;
                let variant = union.variants.get(index)?;
                let variant_name = ident(&variant.name);
                let Some(ty_of_value) = &variant.ty else {
                    return Some(quote!(types::#ty::#variant_name));
                };
                let value = self.exact(ty_of_value, value)?;
                Some(quote!(types::#ty::#variant_name(#value)))
            }
            NamedKind::Error => None,
        }
    }
}

/// What an example shows.
fn prose(example: &Example<'_, '_>) -> String {
    let title = example.title.trim().trim_end_matches(['.', ':']);
    let documentation = example.documentation.unwrap_or_default();
    markdown(&format!("{title}. {documentation}"))
}

fn is_plain_text(field: &Field) -> bool {
    field.ty == Type::String && !field.optional
}

/// Whether it is a collection without anything that would tell Rust the type of its items.
fn is_empty(value: &Node<'_>, ty: &Type) -> bool {
    match (&value.kind, ty) {
        (NodeKind::Array(items), _) => items.is_empty(),
        (NodeKind::Object(entries), Type::Map { .. }) => entries.is_empty(),
        _ => false,
    }
}

fn text(value: &Node<'_>) -> Option<TokenStream> {
    value.as_str().map(|text| quote!(#text))
}

fn integer(value: &Node<'_>) -> Option<TokenStream> {
    let number: i64 = value.as_number()?.parse().ok()?;
    let digits = Literal::u64_unsuffixed(number.unsigned_abs());
    Some(signed(number < 0, &digits))
}

fn signed(negative: bool, digits: &Literal) -> TokenStream {
    if negative {
        quote!(-#digits)
    } else {
        quote!(#digits)
    }
}

/// A point in time, which models write in any of the three formats.
fn timestamp(value: &Node<'_>) -> Option<TokenStream> {
    if let Some(text) = value.as_str() {
        return Some(quote!(#text.parse::<Timestamp>()?));
    }
    let seconds = integer(value)?;
    Some(quote!(Timestamp::from_second(#seconds)?))
}
