//! What an expression gives.

use super::{Comparator, EvaluationError, Expr, Slice, Value};

type Evaluated = Result<Value, EvaluationError>;

impl Expr {
    /// What the expression gives for `current`.
    ///
    /// # Errors
    ///
    /// A function that was given what it does not take.
    pub fn evaluate(&self, current: &Value) -> Evaluated {
        match *self {
            Self::Current => Ok(current.clone()),
            Self::Field(name) => Ok(field(current, name)),
            Self::Index(index) => Ok(item(current, index)),
            Self::Literal(ref literal) => Ok(Value::from(literal)),
            Self::Sequence(parts) => parts
                .iter()
                .try_fold(current.clone(), |value, part| part.evaluate(&value)),
            Self::ListProjection(then) => match current.as_array() {
                Some(items) => each(items, then),
                None => Ok(Value::Null),
            },
            Self::ObjectProjection(then) => match current.as_object() {
                Some(entries) => each(entries.values(), then),
                None => Ok(Value::Null),
            },
            Self::FlattenProjection(then) => match current.as_array() {
                Some(items) => each(&flat(items), then),
                None => Ok(Value::Null),
            },
            Self::FilterProjection(condition, then) => match current.as_array() {
                Some(items) => filter(items, condition, then),
                None => Ok(Value::Null),
            },
            Self::SliceProjection(slice, then) => match current.as_array() {
                Some(items) => each(slice.select(items), then),
                None => Ok(Value::Null),
            },
            Self::MultiSelectList(_) | Self::MultiSelectHash(_) if *current == Value::Null => {
                Ok(Value::Null)
            }
            Self::MultiSelectList(items) => items.iter().map(|it| it.evaluate(current)).collect(),
            Self::MultiSelectHash(entries) => {
                let entries = entries.iter();
                let each = entries.map(|(key, it)| Ok((*key, it.evaluate(current)?)));
                each.collect()
            }
            Self::And(operands) => first(operands, current, |value| !value.is_true()),
            Self::Or(operands) => first(operands, current, Value::is_true),
            Self::Not(operand) => Ok(Value::Bool(!operand.evaluate(current)?.is_true())),
            Self::Comparison(comparator, left, right) => {
                let (left, right) = (left.evaluate(current)?, right.evaluate(current)?);
                Ok(comparator.compare(&left, &right))
            }
            Self::Call(function, arguments) => function.call(arguments, current),
            // Only a function knows what to do with it, and takes it as it is.
            Self::Reference(_) => Ok(Value::Null),
        }
    }
}

fn field(value: &Value, name: &str) -> Value {
    let entries = value.as_object();
    let entry = entries.and_then(|entries| entries.get(name));
    entry.cloned().unwrap_or_default()
}

fn item(value: &Value, index: i64) -> Value {
    let items = value.as_array().unwrap_or_default();
    let distance = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    let index = match index {
        0.. => Some(distance),
        _ => items.len().checked_sub(distance),
    };
    let item = index.and_then(|index| items.get(index));
    item.cloned().unwrap_or_default()
}

/// What `then` gives for each, without nulls.
fn each<'v>(items: impl IntoIterator<Item = &'v Value>, then: &Expr) -> Evaluated {
    let results = items.into_iter().map(|item| then.evaluate(item));
    let is_kept = |result: &Evaluated| !matches!(result, Ok(Value::Null));
    results.filter(is_kept).collect()
}

/// The items, with those of arrays in the arrays' places.
fn flat(items: &[Value]) -> Vec<Value> {
    let merged = items.iter().flat_map(|item| match item {
        Value::Array(inner) => inner.iter(),
        _ => std::slice::from_ref(item).iter(),
    });
    merged.cloned().collect()
}

fn filter(items: &[Value], condition: &Expr, then: &Expr) -> Evaluated {
    let mut kept = Vec::new();
    for item in items {
        if condition.evaluate(item)?.is_true() {
            kept.push(item);
        }
    }
    each(kept, then)
}

/// The value of the first operand that ends it, else of the last.
fn first(operands: &[Expr], current: &Value, ends: impl Fn(&Value) -> bool) -> Evaluated {
    let mut value = Value::Null;
    for operand in operands {
        value = operand.evaluate(current)?;
        if ends(&value) {
            break;
        }
    }
    Ok(value)
}

impl Comparator {
    /// Anything can be the same; only numbers have an order, else the result is null.
    fn compare(self, left: &Value, right: &Value) -> Value {
        let ordered = |is: fn(f64, f64) -> bool| match (left, right) {
            (Value::Number(left), Value::Number(right)) => Value::Bool(is(*left, *right)),
            _ => Value::Null,
        };
        match self {
            Self::Equal => Value::Bool(left == right),
            Self::NotEqual => Value::Bool(left != right),
            Self::Less => ordered(|left, right| left < right),
            Self::LessOrEqual => ordered(|left, right| left <= right),
            Self::Greater => ordered(|left, right| left > right),
            Self::GreaterOrEqual => ordered(|left, right| left >= right),
        }
    }
}

impl Slice {
    /// The items of the slice.
    fn select(self, items: &[Value]) -> Vec<&Value> {
        let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let backwards = self.step < 0;
        // Where the first and the last step may be.
        let (low, high) = if backwards {
            (-1, count - 1)
        } else {
            (0, count)
        };
        let place = |index: i64| {
            let index = if index < 0 {
                index.saturating_add(count)
            } else {
                index
            };
            index.clamp(low, high)
        };
        let (first, end) = if backwards { (high, low) } else { (low, high) };
        let mut at = self.start.map_or(first, place);
        let stop = self.stop.map_or(end, place);
        let mut selected = Vec::new();
        while self.step != 0 && if backwards { at > stop } else { at < stop } {
            selected.extend(usize::try_from(at).ok().and_then(|at| items.get(at)));
            at = at.saturating_add(self.step);
        }
        selected
    }
}
