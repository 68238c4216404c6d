//! JMESPath expressions as static data: what a client holds of them, and the runtime evaluates.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use tinsmith_model::jmespath::{Comparator, Expression, ExpressionKind, Function};

use crate::emit::number;
use crate::names::ident;

/// The constant expression of type `Expr` that stands for `expression`; `Expr` and `jmespath` must be
/// in scope.
///
/// A function that JMESPath does not have gives null; a model with one does not pass its checks.
#[must_use]
pub fn tokens(expression: &Expression) -> TokenStream {
    let value = match &expression.kind {
        ExpressionKind::Current => quote!(Current),
        ExpressionKind::Field(name) => quote!(Field(#name)),
        ExpressionKind::Index(index) => {
            let index = number(&index.to_string());
            quote!(Index(#index))
        }
        ExpressionKind::Literal(value) => {
            let value = literal(value);
            quote!(Literal(#value))
        }
        ExpressionKind::Sequence(parts) => {
            let parts = all(parts);
            quote!(Sequence(#parts))
        }
        ExpressionKind::ListProjection(then) => {
            let then = tokens(then);
            quote!(ListProjection(&#then))
        }
        ExpressionKind::ObjectProjection(then) => {
            let then = tokens(then);
            quote!(ObjectProjection(&#then))
        }
        ExpressionKind::FlattenProjection(then) => {
            let then = tokens(then);
            quote!(FlattenProjection(&#then))
        }
        ExpressionKind::FilterProjection { condition, then } => {
            let (condition, then) = (tokens(condition), tokens(then));
            quote!(FilterProjection(&#condition, &#then))
        }
        ExpressionKind::SliceProjection {
            start,
            stop,
            step,
            then,
        } => {
            let (start, stop, then) = (optional(*start), optional(*stop), tokens(then));
            let step = number(&step.to_string());
            quote! {
                SliceProjection(
                    jmespath::Slice { start: #start, stop: #stop, step: #step },
                    &#then,
                )
            }
        }
        ExpressionKind::MultiSelectList(items) => {
            let items = all(items);
            quote!(MultiSelectList(#items))
        }
        ExpressionKind::MultiSelectHash(entries) => {
            let entries = entries.iter().map(|(name, value)| {
                let value = tokens(value);
                quote!((#name, #value))
            });
            quote!(MultiSelectHash(&[#(#entries),*]))
        }
        ExpressionKind::And(operands) => {
            let operands = all(operands);
            quote!(And(#operands))
        }
        ExpressionKind::Or(operands) => {
            let operands = all(operands);
            quote!(Or(#operands))
        }
        ExpressionKind::Not(operand) => {
            let operand = tokens(operand);
            quote!(Not(&#operand))
        }
        ExpressionKind::Comparison(comparator, operands) => {
            let comparator = self::comparator(*comparator);
            let [left, right] = operands.each_ref().map(tokens);
            quote!(Comparison(jmespath::Comparator::#comparator, &#left, &#right))
        }
        ExpressionKind::Call { name, arguments } => match Function::named(name) {
            Some(function) => {
                let function = ident(&format!("{function:?}"));
                let arguments = all(arguments);
                quote!(Call(jmespath::Function::#function, #arguments))
            }
            None => quote!(Literal(jmespath::Literal::Null)),
        },
        ExpressionKind::Reference(referred) => {
            let referred = tokens(referred);
            quote!(Reference(&#referred))
        }
    };
    quote!(Expr::#value)
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
