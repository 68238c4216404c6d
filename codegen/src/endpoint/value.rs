//! Writes values as Rust expressions.
//!
//! A string is a `&str` wherever it is a piece of a parameter, and a `String` where it was put
//! together. Which of the two the place of an expression wants decides how it is written.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::emit::getter;
use super::ir::{Param, Part, RuleSet, Source, Type, Value, ValueKind, Var, VarInfo};

pub(super) struct Values {
    vars: Vec<VarInfo>,
    /// The variables that stand for a field of the parameters, with that field.
    inline: Vec<(Var, Ident)>,
}

impl Values {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let inline = rules.params.iter().filter(|param| param.is_inline());
        Self {
            vars: rules.vars.clone(),
            inline: inline
                .filter_map(|param| match param.sources.as_slice() {
                    [Source::Field(field)] => Some((param.var, format_ident!("{field}"))),
                    _ => None,
                })
                .collect(),
        }
    }

    /// A variable's name.
    pub(super) fn ident(&self, var: Var) -> Ident {
        format_ident!("{}", self.vars[var.0].name)
    }

    /// Whether any variable has this name.
    pub(super) fn has_variable(&self, name: &str) -> bool {
        self.vars.iter().any(|var| var.name == name)
    }

    fn var(&self, var: Var) -> TokenStream {
        match self.inline.iter().find(|(inline, _)| *inline == var) {
            Some((_, field)) => quote!(params.#field),
            None => {
                let name = self.ident(var);
                quote!(#name)
            }
        }
    }

    /// What gives a parameter its value, the fallback left out.
    pub(super) fn sources(&self, param: &Param) -> TokenStream {
        let getter = getter(self.vars[param.var.0].ty);
        let source = |source: &Source| match source {
            Source::Field(field) => {
                let field = format_ident!("{field}");
                quote!(params.#field)
            }
            Source::Named(name) => quote!(params.#getter(#name)),
        };
        let Some((first, rest)) = param.sources.split_first() else {
            return quote!(None);
        };
        let mut value = source(first);
        for next in rest {
            let tokens = source(next);
            value = match next {
                Source::Field(_) if param.is_always_set() => quote!(#value.unwrap_or(#tokens)),
                Source::Field(_) => quote!(#value.or(#tokens)),
                Source::Named(_) => quote!(#value.or_else(|| #tokens)),
            };
        }
        value
    }

    /// The value as it comes: a `String` where it is owned, a reference or copy where it is not.
    pub(super) fn natural(&self, value: &Value) -> TokenStream {
        match &value.kind {
            ValueKind::Var(var) => {
                let name = self.var(*var);
                match value.ty {
                    // Not moved: another rule may read it, too.
                    Type::Strings if value.optional => quote!(#name.as_deref()),
                    _ => name,
                }
            }
            ValueKind::Boolean(value) => quote!(#value),
            ValueKind::Integer(value) => {
                let value = Literal::u32_unsuffixed(*value);
                quote!(#value)
            }
            ValueKind::Text(text) => quote!(#text),
            ValueKind::Format(parts) => self.format(parts, &[]),
            ValueKind::Field(base, field) => self.field(base, field, value),
            ValueKind::Element(base, index) => self.element(base, *index),
            ValueKind::Call(function, arguments) => {
                let path = format_ident!("{}", function.path);
                let arguments = arguments.iter().map(|argument| self.borrowed(argument));
                quote!(functions::#path(#(#arguments),*))
            }
            ValueKind::Not(inner) => self.not(inner),
            ValueKind::Equals(left, right) if right.is_empty_text() => {
                let left = self.place(left);
                quote!(#left.is_empty())
            }
            ValueKind::Equals(left, right) => {
                let (left, right) = (self.compared(left), self.compared(right));
                quote!(#left == #right)
            }
            ValueKind::IsSet(inner) => {
                let inner = self.receiver(inner);
                quote!(#inner.is_some())
            }
            ValueKind::Coalesce(values) => self.coalesce(values, value.owned),
            ValueKind::IfElse(values) => self.if_else(values, value),
        }
    }

    /// For an argument of a function: a reference where the value is owned.
    fn borrowed(&self, value: &Value) -> TokenStream {
        if value.is_owned_place() {
            let place = self.place(value);
            return quote!(&#place);
        }
        let tokens = self.natural(value);
        if value.owned && !value.optional {
            quote!(&#tokens)
        } else {
            tokens
        }
    }

    /// For an argument that is converted into what the callee keeps.
    pub(super) fn converted(&self, value: &Value) -> TokenStream {
        let tokens = self.natural(value);
        match &value.kind {
            ValueKind::Var(_) if value.owned => quote!(#tokens.as_str()),
            _ => tokens,
        }
    }

    /// For an argument that outlives the parameters.
    pub(super) fn lasting(&self, value: &Value) -> TokenStream {
        match &value.kind {
            ValueKind::Text(text) => quote!(#text),
            _ => self.owned(value),
        }
    }

    /// The value as a `String`, or what else it is an owned form of.
    fn owned(&self, value: &Value) -> TokenStream {
        let is_text = matches!(value.ty, Type::String | Type::Strings);
        let tokens = self.natural(value);
        match (&value.kind, value.optional) {
            (ValueKind::Var(_), _) if value.owned => quote!(#tokens.clone()),
            _ if value.owned || !is_text => tokens,
            (_, true) => quote!(#tokens.map(ToOwned::to_owned)),
            (_, false) => quote!(#tokens.to_owned()),
        }
    }

    /// What stands before a dot or in a template, where a field need not be borrowed first.
    fn place(&self, value: &Value) -> TokenStream {
        match &value.kind {
            ValueKind::Field(base, field) if !base.optional => {
                let base = self.receiver(base);
                let field = format_ident!("{field}");
                quote!(#base.#field)
            }
            _ => self.receiver(value),
        }
    }

    fn field(&self, base: &Value, field: &str, value: &Value) -> TokenStream {
        let name = format_ident!("{field}");
        let receiver = self.receiver(base);
        if base.optional {
            quote!(#receiver.map(|value| value.#name))
        } else if !value.is_owned_place() {
            quote!(#receiver.#name)
        } else if value.ty == Type::Strings {
            quote!(#receiver.#name.as_slice())
        } else {
            quote!(#receiver.#name.as_str())
        }
    }

    fn element(&self, base: &Value, index: i32) -> TokenStream {
        let index = Literal::i32_unsuffixed(index);
        if base.optional {
            let base = self.receiver(base);
            quote!(#base.and_then(|items| functions::element(&items, #index)))
        } else {
            let base = self.borrowed(base);
            quote!(functions::element(#base, #index))
        }
    }

    /// The variables that a formatted text names fields by, and the text: a line for each, where all in
    /// one line would be hard to read.
    pub(super) fn formatted(&self, value: &Value) -> (TokenStream, TokenStream) {
        let ValueKind::Format(parts) = &value.kind else {
            return (TokenStream::new(), self.converted(value));
        };
        let mut lets = TokenStream::new();
        let mut named: Vec<(&str, Var)> = Vec::new();
        for part in parts {
            let Part::Value(value) = part else { continue };
            let Some((base, field)) = self.nameable(value) else {
                continue;
            };
            if named.iter().all(|(other, _)| *other != field) {
                let value = self.place(value);
                let field_name = format_ident!("{field}");
                lets.extend(quote!(let #field_name = #value;));
                named.push((field, base));
            }
        }
        let format = self.format(parts, &named);
        (lets, format)
    }

    /// The field of a variable that can go by its own name.
    fn nameable<'v>(&self, value: &'v Value) -> Option<(Var, &'v str)> {
        match &value.kind {
            ValueKind::Field(base, field) => match base.kind {
                ValueKind::Var(var)
                    if !value.is_owned_place() && !self.has_variable(field) && *field != "url" =>
                {
                    Some((var, field))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn format(&self, parts: &[Part], named: &[(&str, Var)]) -> TokenStream {
        let mut template = String::new();
        let mut arguments = Vec::new();
        for part in parts {
            let value = match part {
                Part::Text(text) => {
                    template.push_str(&text.replace('{', "{{").replace('}', "}}"));
                    continue;
                }
                Part::Value(value) => value,
            };
            let field = self.nameable(value);
            match value.kind {
                ValueKind::Var(var) if !self.is_inline(var) => {
                    template.push_str(&format!("{{{}}}", self.ident(var)));
                }
                _ => match field.filter(|(base, field)| named.contains(&(*field, *base))) {
                    Some((_, field)) => template.push_str(&format!("{{{field}}}")),
                    None => {
                        template.push_str("{}");
                        arguments.push(self.place(value));
                    }
                },
            }
        }
        quote!(format!(#template #(, #arguments)*))
    }

    fn is_inline(&self, var: Var) -> bool {
        self.inline.iter().any(|(inline, _)| *inline == var)
    }

    fn not(&self, inner: &Value) -> TokenStream {
        match &inner.kind {
            ValueKind::Equals(left, right) if !right.is_empty_text() => {
                let (left, right) = (self.compared(left), self.compared(right));
                quote!(#left != #right)
            }
            ValueKind::IsSet(inner) => {
                let inner = self.receiver(inner);
                quote!(#inner.is_none())
            }
            _ => {
                let inner = self.operand(inner);
                quote!(!#inner)
            }
        }
    }

    /// The first value that is set.
    fn coalesce(&self, values: &[Value], owned: bool) -> TokenStream {
        let piece = |value: &Value| {
            if owned {
                self.owned(value)
            } else {
                self.natural(value)
            }
        };
        let mut values = values.iter();
        let Some(first) = values.next() else {
            return quote!(None);
        };
        let mut tokens = piece(first);
        for value in values {
            let next = piece(value);
            let is_cheap = !owned && value.is_simple();
            tokens = match (value.optional, is_cheap) {
                (true, true) => quote!(#tokens.or(#next)),
                (true, false) => quote!(#tokens.or_else(|| #next)),
                (false, true) => quote!(#tokens.unwrap_or(#next)),
                (false, false) => quote!(#tokens.unwrap_or_else(|| #next)),
            };
        }
        tokens
    }

    fn if_else(&self, values: &[Value; 3], result: &Value) -> TokenStream {
        let [condition, yes, no] = values;
        let condition = self.natural(condition);
        let branch = |value: &Value| {
            let tokens = if result.owned {
                self.owned(value)
            } else {
                self.natural(value)
            };
            if result.optional && !value.optional {
                quote!(Some(#tokens))
            } else {
                tokens
            }
        };
        let (yes, no) = (branch(yes), branch(no));
        quote!(if #condition { #yes } else { #no })
    }

    /// For a side of `==`.
    fn compared(&self, value: &Value) -> TokenStream {
        match value.kind {
            ValueKind::Equals(..) => self.receiver(value),
            _ if value.is_owned_place() => self.place(value),
            _ => self.operand(value),
        }
    }

    /// For a side of an operator.
    pub(super) fn operand(&self, value: &Value) -> TokenStream {
        let tokens = self.natural(value);
        match value.kind {
            ValueKind::IfElse(_) => quote!((#tokens)),
            _ => tokens,
        }
    }

    /// For what stands before a dot.
    pub(super) fn receiver(&self, value: &Value) -> TokenStream {
        match &value.kind {
            // Asked whether it is set, an array need not be borrowed first.
            ValueKind::Var(var) => self.var(*var),
            ValueKind::Equals(_, right) if right.is_empty_text() => self.natural(value),
            ValueKind::Not(_) | ValueKind::Equals(..) => {
                let tokens = self.natural(value);
                quote!((#tokens))
            }
            _ => self.operand(value),
        }
    }
}

impl Value {
    /// Whether it is a field that holds a `String` or `Vec`.
    fn is_owned_place(&self) -> bool {
        !self.optional
            && matches!(
                self.kind,
                ValueKind::Field(_, "normalized_path" | "resource_id")
            )
    }

    fn is_empty_text(&self) -> bool {
        matches!(&self.kind, ValueKind::Text(text) if text.is_empty())
    }

    /// Whether it is a `String` that is put together right there.
    pub(super) fn is_formatted(&self) -> bool {
        self.owned && !matches!(self.kind, ValueKind::Var(_))
    }

    /// Whether working it out costs nothing.
    fn is_simple(&self) -> bool {
        match &self.kind {
            ValueKind::Var(_)
            | ValueKind::Boolean(_)
            | ValueKind::Integer(_)
            | ValueKind::Text(_) => true,
            ValueKind::Field(base, _) => !base.optional && base.is_simple(),
            _ => false,
        }
    }
}
