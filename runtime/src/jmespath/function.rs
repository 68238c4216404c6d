//! The functions of JMESPath.
//!
//! Source: the JMESPath specification, "Built-in Functions".

use std::cmp::Ordering;

use super::{EvaluationError, Expr, Value};

/// A built-in function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // Each variant is the function that it is named after.
pub enum Function {
    Abs,
    Avg,
    Ceil,
    Contains,
    EndsWith,
    Floor,
    Join,
    Keys,
    Length,
    Map,
    Max,
    MaxBy,
    Merge,
    Min,
    MinBy,
    NotNull,
    Reverse,
    Sort,
    SortBy,
    StartsWith,
    Sum,
    ToArray,
    ToNumber,
    ToString,
    Type,
    Values,
}

type Evaluated = Result<Value, EvaluationError>;

impl Function {
    /// What it gives for its arguments, which `current` is the current node of.
    pub(super) fn call(self, arguments: &'static [Expr], current: &Value) -> Evaluated {
        let call = Arguments {
            function: self,
            values: arguments
                .iter()
                .map(|argument| argument.evaluate(current))
                .collect::<Result<_, _>>()?,
            expressions: arguments,
        };
        match self {
            Self::Abs => call.number(0).map(|it| it.abs().into()),
            Self::Ceil => call.number(0).map(|it| it.ceil().into()),
            Self::Floor => call.number(0).map(|it| it.floor().into()),
            Self::Sum => call.numbers(0).map(|it| it.iter().sum::<f64>().into()),
            Self::Avg => call.numbers(0).map(|it| average(&it)),
            Self::StartsWith => Ok(call.string(0)?.starts_with(call.string(1)?).into()),
            Self::EndsWith => Ok(call.string(0)?.ends_with(call.string(1)?).into()),
            Self::Contains => call.contains(),
            Self::Join => Ok(call.strings(1)?.join(call.string(0)?).into()),
            Self::Length => call.length(),
            Self::Keys => {
                let keys = call.object(0)?.keys();
                Ok(keys.map(|key| Value::from(key.as_str())).collect())
            }
            Self::Values => Ok(call.object(0)?.values().cloned().collect()),
            Self::Merge => call.merge(),
            Self::NotNull => {
                let mut values = call.values.iter();
                let value = values.find(|value| **value != Value::Null);
                Ok(value.cloned().unwrap_or_default())
            }
            Self::Reverse => call.reverse(),
            Self::Map => {
                let items = call.array(1)?.iter();
                items.map(|item| call.apply(0, item)).collect()
            }
            Self::Max | Self::Min => call.extreme(&call.sortable(0)?),
            Self::MaxBy | Self::MinBy => call.extreme(&call.keyed()?),
            Self::Sort => Ok(sorted(call.sortable(0)?)),
            Self::SortBy => Ok(sorted(call.keyed()?)),
            Self::ToArray => Ok(match call.value(0) {
                array @ Value::Array(_) => array.clone(),
                value => [value.clone()].into_iter().collect(),
            }),
            Self::ToNumber => Ok(to_number(call.value(0))),
            Self::ToString => to_string(call.value(0)),
            Self::Type => Ok(call.value(0).type_name().into()),
        }
    }
}

/// A call with what its arguments are.
struct Arguments {
    function: Function,
    values: Vec<Value>,
    expressions: &'static [Expr],
}

/// An item with what it is ordered by, a number or a string.
type Keyed = (Value, Value);

impl Arguments {
    fn value(&self, index: usize) -> &Value {
        self.values.get(index).unwrap_or(&Value::Null)
    }

    fn wrong(&self, index: usize, expected: &str) -> EvaluationError {
        let found = match self.value(index) {
            Value::Array(_) if expected.contains(" array of ") => "one of something else",
            value => value.type_name(),
        };
        let function = self.function;
        EvaluationError::new(format!(
            "the function {function:?} takes {expected}, not {found}"
        ))
    }

    fn number(&self, index: usize) -> Result<f64, EvaluationError> {
        let number = self.value(index).as_f64();
        number.ok_or_else(|| self.wrong(index, "a number"))
    }

    fn string(&self, index: usize) -> Result<&str, EvaluationError> {
        let text = self.value(index).as_str();
        text.ok_or_else(|| self.wrong(index, "a string"))
    }

    fn array(&self, index: usize) -> Result<&[Value], EvaluationError> {
        let items = self.value(index).as_array();
        items.ok_or_else(|| self.wrong(index, "an array"))
    }

    fn object(
        &self,
        index: usize,
    ) -> Result<&std::collections::BTreeMap<String, Value>, EvaluationError> {
        let entries = self.value(index).as_object();
        entries.ok_or_else(|| self.wrong(index, "an object"))
    }

    fn numbers(&self, index: usize) -> Result<Vec<f64>, EvaluationError> {
        let numbers = self.array(index)?.iter().map(Value::as_f64).collect();
        let numbers: Option<_> = numbers;
        numbers.ok_or_else(|| self.wrong(index, "an array of numbers"))
    }

    fn strings(&self, index: usize) -> Result<Vec<&str>, EvaluationError> {
        let strings: Option<_> = self.array(index)?.iter().map(Value::as_str).collect();
        strings.ok_or_else(|| self.wrong(index, "an array of strings"))
    }

    /// What the expression that is the argument at `index` gives for `item`.
    fn apply(&self, index: usize, item: &Value) -> Evaluated {
        match self.expressions.get(index) {
            Some(Expr::Reference(expression)) => expression.evaluate(item),
            _ => Err(self.wrong(index, "an expression")),
        }
    }

    /// The items of an array, ordered by themselves.
    fn sortable(&self, index: usize) -> Result<Vec<Keyed>, EvaluationError> {
        let items = self.array(index)?.iter();
        let keyed: Vec<Keyed> = items.map(|item| (item.clone(), item.clone())).collect();
        self.alike(keyed, index)
    }

    /// The items of the first argument, ordered by what the second gives for them.
    fn keyed(&self) -> Result<Vec<Keyed>, EvaluationError> {
        let items = self.array(0)?.iter();
        let keyed = items.map(|item| Ok((self.apply(1, item)?, item.clone())));
        self.alike(keyed.collect::<Result<_, _>>()?, 0)
    }

    /// Only keys of one type can be ordered.
    fn alike(&self, keyed: Vec<Keyed>, index: usize) -> Result<Vec<Keyed>, EvaluationError> {
        let numbers = keyed.iter().all(|(key, _)| key.as_f64().is_some());
        let strings = keyed.iter().all(|(key, _)| key.as_str().is_some());
        match numbers || strings {
            true => Ok(keyed),
            false => Err(self.wrong(index, "an array of numbers or of strings")),
        }
    }

    /// The greatest or the least; the first of several.
    fn extreme(&self, keyed: &[Keyed]) -> Evaluated {
        let wanted = match self.function {
            Function::Max | Function::MaxBy => Ordering::Greater,
            _ => Ordering::Less,
        };
        let mut best: Option<&Keyed> = None;
        for entry in keyed {
            if best.is_none_or(|best| order(&entry.0, &best.0) == wanted) {
                best = Some(entry);
            }
        }
        Ok(best.map(|(_, item)| item.clone()).unwrap_or_default())
    }

    fn contains(&self) -> Evaluated {
        let wanted = self.value(1);
        match self.value(0) {
            Value::Array(items) => Ok(items.contains(wanted).into()),
            Value::String(text) => {
                let is_there = wanted.as_str().is_some_and(|wanted| text.contains(wanted));
                Ok(is_there.into())
            }
            _ => Err(self.wrong(0, "an array or string")),
        }
    }

    #[allow(clippy::cast_precision_loss)] // No length comes near the limit.
    fn length(&self) -> Evaluated {
        let length = match self.value(0) {
            Value::String(text) => text.chars().count(),
            Value::Array(items) => items.len(),
            Value::Object(entries) => entries.len(),
            _ => return Err(self.wrong(0, "a string, array or object")),
        };
        Ok((length as f64).into())
    }

    fn merge(&self) -> Evaluated {
        let mut merged = std::collections::BTreeMap::new();
        for index in 0..self.values.len() {
            let entries = self.object(index)?.iter();
            merged.extend(entries.map(|(key, value)| (key.clone(), value.clone())));
        }
        Ok(merged.into_iter().collect())
    }

    fn reverse(&self) -> Evaluated {
        match self.value(0) {
            Value::String(text) => Ok(text.chars().rev().collect::<String>().into()),
            Value::Array(items) => Ok(items.iter().rev().cloned().collect()),
            _ => Err(self.wrong(0, "an array or string")),
        }
    }
}

#[allow(clippy::cast_precision_loss)] // No length comes near the limit.
fn average(numbers: &[f64]) -> Value {
    match numbers.len() {
        0 => Value::Null,
        count => (numbers.iter().sum::<f64>() / count as f64).into(),
    }
}

/// Numbers by size, strings by code points.
fn order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.total_cmp(right),
        (Value::String(left), Value::String(right)) => left.as_str().cmp(right.as_str()),
        _ => Ordering::Equal,
    }
}

fn sorted(mut keyed: Vec<Keyed>) -> Value {
    keyed.sort_by(|(left, _), (right, _)| order(left, right));
    keyed.into_iter().map(|(_, item)| item).collect()
}

/// A number is itself, the text of one is that number, and anything else none.
fn to_number(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(*number),
        Value::String(text) => {
            // The syntax is JSON's. The number is the nearest one, which `serde_json` may miss.
            let number = serde_json::from_str::<f64>(text).ok();
            let nearest = number.and_then(|_| text.trim_ascii().parse().ok());
            nearest.map_or(Value::Null, Value::Number)
        }
        _ => Value::Null,
    }
}

/// A string is itself, anything else its JSON.
fn to_string(value: &Value) -> Evaluated {
    match value {
        Value::String(_) => Ok(value.clone()),
        value => serde_json::to_string(value)
            .map(Value::from)
            .map_err(|_| EvaluationError::new("the value has no form in JSON")),
    }
}
