//! JMESPath expressions as static data: what a client holds of them, and the runtime evaluates.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use tinsmith_model::jmespath::{Comparator, Expression, ExpressionKind, Function};

use super::ty::number;
use crate::names::ident;

/// The constant expression of type `Expr` that stands for `expression`; `Expr` and `jmespath` must be
/// in scope.
///
/// A function that JMESPath does not have gives null; a model with one does not pass its checks.
#[must_use]
pub fn tokens(expression: &Expression) -> TokenStream {
    use ExpressionKind as Kind;
    let value = match &expression.kind {
        Kind::Current => quote!(Current),
        Kind::Field(name) => quote!(Field(#name)),
        Kind::Index(index) => {
            let index = number(&index.to_string());
            quote!(Index(#index))
        }
        Kind::Literal(value) => {
            let value = literal(value);
            quote!(Literal(#value))
        }
        Kind::Sequence(parts) => operands(&quote!(Sequence), parts),
        Kind::MultiSelectList(items) => operands(&quote!(MultiSelectList), items),
        Kind::And(parts) => operands(&quote!(And), parts),
        Kind::Or(parts) => operands(&quote!(Or), parts),
        Kind::ListProjection(then) => operand(&quote!(ListProjection), then),
        Kind::ObjectProjection(then) => operand(&quote!(ObjectProjection), then),
        Kind::FlattenProjection(then) => operand(&quote!(FlattenProjection), then),
        Kind::Not(negated) => operand(&quote!(Not), negated),
        Kind::Reference(referred) => operand(&quote!(Reference), referred),
        Kind::FilterProjection { condition, then } => {
            let (condition, then) = (tokens(condition), tokens(then));
            quote!(FilterProjection(&#condition, &#then))
        }
        Kind::SliceProjection {
            start,
            stop,
            step,
            then,
        } => slice([*start, *stop], *step, then),
        Kind::MultiSelectHash(entries) => hash(entries),
        Kind::Comparison(comparator, operands) => {
            let comparator = self::comparator(*comparator);
            let [left, right] = operands.each_ref().map(tokens);
            quote!(Comparison(jmespath::Comparator::#comparator, &#left, &#right))
        }
        Kind::Call { name, arguments } => call(name, arguments),
    };
    quote!(Expr::#value)
}

/// A variant that holds one expression.
fn operand(variant: &TokenStream, operand: &Expression) -> TokenStream {
    let operand = tokens(operand);
    quote!(#variant(&#operand))
}

/// A variant that holds any number of expressions.
fn operands(variant: &TokenStream, operands: &[Expression]) -> TokenStream {
    let operands = all(operands);
    quote!(#variant(#operands))
}

fn slice(bounds: [Option<i64>; 2], step: i64, then: &Expression) -> TokenStream {
    let [start, stop] = bounds.map(optional);
    let (step, then) = (number(&step.to_string()), tokens(then));
    quote! {
        SliceProjection(
            jmespath::Slice { start: #start, stop: #stop, step: #step },
            &#then,
        )
    }
}

fn hash(entries: &[(String, Expression)]) -> TokenStream {
    let entries = entries.iter().map(|(name, value)| {
        let value = tokens(value);
        quote!((#name, #value))
    });
    quote!(MultiSelectHash(&[#(#entries),*]))
}

fn call(name: &str, arguments: &[Expression]) -> TokenStream {
    let Some(function) = Function::named(name) else {
        return quote!(Literal(jmespath::Literal::Null));
    };
    let function = ident(&format!("{function:?}"));
    let arguments = all(arguments);
    quote!(Call(jmespath::Function::#function, #arguments))
}

fn all(expressions: &[Expression]) -> TokenStream {
    let expressions = expressions.iter().map(tokens);
    quote!(&[#(#expressions),*])
}

fn optional(value: Option<i64>) -> TokenStream {
    match value {
        Some(value) => {
            let value = number(&value.to_string());
            quote!(Some(#value))
        }
        None => quote!(None),
    }
}

/// The variant of the runtime's `Comparator`.
fn comparator(comparator: Comparator) -> TokenStream {
    match comparator {
        Comparator::Equal => quote!(Equal),
        Comparator::NotEqual => quote!(NotEqual),
        Comparator::Less => quote!(Less),
        Comparator::LessOrEqual => quote!(LessOrEqual),
        Comparator::Greater => quote!(Greater),
        Comparator::GreaterOrEqual => quote!(GreaterOrEqual),
    }
}

fn literal(value: &Value) -> TokenStream {
    let value = match value {
        Value::Null => quote!(Null),
        Value::Bool(value) => quote!(Bool(#value)),
        Value::Number(value) => {
            // The language knows no other numbers.
            let value = number(&format!("{:?}", value.as_f64().unwrap_or_default()));
            quote!(Number(#value))
        }
        Value::String(text) => quote!(String(#text)),
        Value::Array(items) => {
            let items = items.iter().map(literal);
            quote!(Array(&[#(#items),*]))
        }
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let value = literal(value);
                quote!((#key, #value))
            });
            quote!(Object(&[#(#entries),*]))
        }
    };
    quote!(jmespath::Literal::#value)
}
