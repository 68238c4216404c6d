//! The functions of the language: their types, and what they come to in Rust.
//!
//! Source: Smithy 2.0, "Rules engine standard library" and "AWS rules engine library functions".

use tinsmith_model::Span;

use super::check::Checker;
use super::ir::{Function, Part, Type, Value, ValueKind};
use super::syntax::Expr;

/// The functions that the runtime has.
static FUNCTIONS: [Function; 8] = [
    Function {
        name: "aws.isVirtualHostableS3Bucket",
        path: "is_virtual_hostable_s3_bucket",
        arguments: &[Type::String, Type::Boolean],
        result: Type::Boolean,
        optional: false,
        borrows: false,
    },
    Function {
        name: "aws.parseArn",
        path: "parse_arn",
        arguments: &[Type::String],
        result: Type::Arn,
        optional: true,
        borrows: true,
    },
    Function {
        name: "aws.partition",
        path: "partition",
        arguments: &[Type::String],
        result: Type::Partition,
        optional: true,
        borrows: false,
    },
    Function {
        name: "isValidHostLabel",
        path: "is_valid_host_label",
        arguments: &[Type::String, Type::Boolean],
        result: Type::Boolean,
        optional: false,
        borrows: false,
    },
    Function {
        name: "parseURL",
        path: "parse_url",
        arguments: &[Type::String],
        result: Type::Url,
        optional: true,
        borrows: true,
    },
    Function {
        name: "split",
        path: "split",
        arguments: &[Type::String, Type::String, Type::Integer],
        result: Type::Strings,
        optional: false,
        borrows: true,
    },
    Function {
        name: "substring",
        path: "substring",
        arguments: &[Type::String, Type::Integer, Type::Integer, Type::Boolean],
        result: Type::String,
        optional: true,
        borrows: true,
    },
    Function {
        name: "uriEncode",
        path: "uri_encode",
        arguments: &[Type::String],
        result: Type::String,
        optional: false,
        borrows: false,
    },
];

/// A call of the function `name`.
pub(super) fn call(
    checker: &mut Checker<'_>,
    name: &str,
    arguments: &[Expr],
    span: Span,
) -> Option<Value> {
    match (name, arguments) {
        ("isSet", [value]) => checker.value(value).map(is_set),
        ("not", [value]) => checker.present(value, Type::Boolean).map(not),
        ("booleanEquals", [left, right]) => equals(checker, left, right, Type::Boolean),
        ("stringEquals", [left, right]) => equals(checker, left, right, Type::String),
        ("coalesce", [_, _, ..]) => coalesce(checker, arguments, span),
        ("ite", [condition, yes, no]) => if_else(checker, condition, yes, no, span),
        _ => match FUNCTIONS.iter().find(|function| function.name == name) {
            Some(function) if function.arguments.len() == arguments.len() => {
                runtime_call(checker, function, arguments)
            }
            Some(_) => wrong_count(checker, name, span),
            None if LANGUAGE.contains(&name) => wrong_count(checker, name, span),
            None => {
                checker.report(span, format!("there is no function `{name}`"));
                None
            }
        },
    }
}

/// The functions that are written out in Rust and not called.
const LANGUAGE: [&str; 6] = [
    "booleanEquals",
    "coalesce",
    "isSet",
    "ite",
    "not",
    "stringEquals",
];

fn wrong_count(checker: &mut Checker<'_>, name: &str, span: Span) -> Option<Value> {
    checker.report(span, format!("`{name}` takes another number of arguments"));
    None
}

fn runtime_call(
    checker: &mut Checker<'_>,
    function: &'static Function,
    arguments: &[Expr],
) -> Option<Value> {
    let values: Vec<_> = arguments
        .iter()
        .zip(function.arguments)
        .map(|(argument, ty)| checker.present(argument, *ty))
        .collect();
    let values = values.into_iter().collect::<Option<_>>()?;
    Some(Value {
        kind: ValueKind::Call(function, values),
        ty: function.result,
        optional: function.optional,
        owned: match function.result {
            Type::String => !function.borrows,
            Type::Strings => true,
            _ => false,
        },
    })
}

fn is_set(value: Value) -> Value {
    if value.optional {
        Value::new(ValueKind::IsSet(Box::new(value)), Type::Boolean)
    } else {
        Value::boolean(true)
    }
}

fn not(value: Value) -> Value {
    match value.kind {
        ValueKind::Boolean(value) => Value::boolean(!value),
        ValueKind::Not(value) => *value,
        _ => Value::new(ValueKind::Not(Box::new(value)), Type::Boolean),
    }
}

/// A boolean that is true or not: for a condition, unset is as good as false.
pub(super) fn truth(value: Value) -> Value {
    if !value.optional {
        return value;
    }
    Value::new(
        ValueKind::Coalesce(vec![value, Value::boolean(false)]),
        Type::Boolean,
    )
}

fn equals(checker: &mut Checker<'_>, left: &Expr, right: &Expr, ty: Type) -> Option<Value> {
    let left = checker.present(left, ty);
    let right = checker.present(right, ty);
    let (left, right) = (left?, right?);
    // The literal goes to the right, as people write it.
    let (left, right) = match left.kind {
        ValueKind::Text(_) | ValueKind::Boolean(_) => (right, left),
        _ => (left, right),
    };
    Some(match right.kind {
        ValueKind::Boolean(true) => left,
        ValueKind::Boolean(false) => not(left),
        _ => Value::new(
            ValueKind::Equals(Box::new(left), Box::new(right)),
            Type::Boolean,
        ),
    })
}

/// The first argument that is set. What comes after one that always is has no part in it.
fn coalesce(checker: &mut Checker<'_>, arguments: &[Expr], span: Span) -> Option<Value> {
    let values: Vec<_> = arguments.iter().map(|arg| checker.value(arg)).collect();
    let mut values: Vec<Value> = values.into_iter().collect::<Option<_>>()?;
    if !of_one_type(checker, &values, span) {
        return None;
    }
    let last = values.iter().position(|value| !value.optional);
    if let Some(last) = last {
        values.truncate(last + 1);
    }
    if let [_] = values.as_slice() {
        return values.pop();
    }
    Some(Value {
        ty: values.first()?.ty,
        optional: last.is_none(),
        owned: values.iter().any(|value| value.owned),
        kind: ValueKind::Coalesce(values),
    })
}

fn if_else(
    checker: &mut Checker<'_>,
    condition: &Expr,
    yes: &Expr,
    no: &Expr,
    span: Span,
) -> Option<Value> {
    let condition = checker.present(condition, Type::Boolean);
    let yes = checker.value(yes);
    let no = checker.value(no);
    let (condition, yes, no) = (condition?, yes?, no?);
    let branches = [yes, no];
    if !of_one_type(checker, &branches, span) {
        return None;
    }
    let [yes, no] = branches;
    Some(Value {
        ty: yes.ty,
        optional: yes.optional || no.optional,
        owned: yes.owned || no.owned,
        kind: ValueKind::IfElse(Box::new([condition, yes, no])),
    })
}

fn of_one_type(checker: &mut Checker<'_>, values: &[Value], span: Span) -> bool {
    let same = values.windows(2).all(|pair| pair[0].ty == pair[1].ty);
    if !same {
        checker.report(span, "the values to choose from are of different types");
    }
    same
}

/// An attribute of a value; of one that may be unset, it may be unset, too.
pub(super) fn field(value: Value, field: &'static str, ty: Type) -> Value {
    Value {
        optional: value.optional,
        // Taken out of a URL that is not kept, the one field that is a `String` has to be kept itself.
        owned: value.optional && field == "normalized_path",
        ..Value::new(ValueKind::Field(Box::new(value), field), ty)
    }
}

impl Value {
    /// The values that this one is made of, besides the arguments of a function.
    pub(super) fn parts_mut(&mut self) -> Vec<&mut Value> {
        match &mut self.kind {
            ValueKind::Var(_)
            | ValueKind::Boolean(_)
            | ValueKind::Integer(_)
            | ValueKind::Text(_) => Vec::new(),
            ValueKind::Format(parts) => parts
                .iter_mut()
                .filter_map(|part| match part {
                    Part::Text(_) => None,
                    Part::Value(value) => Some(value),
                })
                .collect(),
            ValueKind::Field(value, _)
            | ValueKind::Element(value, _)
            | ValueKind::Not(value)
            | ValueKind::IsSet(value) => vec![value],
            ValueKind::Equals(left, right) => vec![left, right],
            ValueKind::Call(_, values) | ValueKind::Coalesce(values) => values.iter_mut().collect(),
            ValueKind::IfElse(values) => values.iter_mut().collect(),
        }
    }
}
