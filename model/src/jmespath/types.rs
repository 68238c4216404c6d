//! What an expression gives for values of a shape.
//!
//! Source: Smithy 2.0, "Waiters", "JMESPath data model" and "JMESPath static analysis".

use serde_json::Value;

use super::{Comparator, Expression, ExpressionKind, Function};
use crate::model::{Model, Shape, ShapeKind};
use crate::words;

/// The type of a JMESPath value, as far as the model tells. Any value may also be null.
#[derive(Clone, Debug)]
pub enum Type<'m, 's> {
    /// Nothing is known of it: a document, or what rests on a mistake that is told already.
    Any,
    /// Always null.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number; timestamps are seconds since the epoch.
    Number,
    /// A string; blobs are base64.
    String,
    /// An array, with the type of its items.
    List(Box<Type<'m, 's>>),
    /// The object of a multi-select, or one that holds the input and the output.
    Record(Vec<(String, Type<'m, 's>)>),
    /// A list, map, structure or union of the model.
    Shape(&'m Shape<'s>),
    /// An expression that is an argument.
    Reference,
}

/// Something in an expression that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of mistake it is.
    pub kind: FindingKind,
    /// Where, as a byte of the expression's text.
    pub offset: usize,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What may have been meant.
    pub hint: Option<String>,
}

/// What kind of mistake a [`Finding`] tells of: those of a call are errors whatever the value, as the
/// specification names them under "Errors"; the rest gives null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindingKind {
    /// A call of a function that JMESPath does not have.
    UnknownFunction,
    /// A call with too few or too many arguments.
    InvalidArity,
    /// A call with an argument of a type that the function does not take.
    InvalidType,
    /// A member, items, values or an order of what has none.
    AlwaysNull,
}

/// The type of what `expression` gives for a value of the type `of`, and what in it makes no sense.
#[must_use]
pub fn check<'m, 's>(
    model: &'m Model<'s>,
    expression: &Expression,
    of: &Type<'m, 's>,
) -> (Type<'m, 's>, Vec<Finding>) {
    let mut checker = Checker {
        model,
        findings: Vec::new(),
    };
    let ty = checker.expression(expression, of);
    (ty, checker.findings)
}

impl<'m, 's> Type<'m, 's> {
    /// The type of the values of a shape.
    #[must_use]
    pub fn of_shape(shape: &'m Shape<'s>) -> Self {
        match &shape.kind {
            ShapeKind::Boolean => Self::Boolean,
            ShapeKind::String | ShapeKind::Enum | ShapeKind::Blob => Self::String,
            ShapeKind::Timestamp => Self::Number,
            ShapeKind::List | ShapeKind::Map | ShapeKind::Structure | ShapeKind::Union => {
                Self::Shape(shape)
            }
            kind if kind.is_number() => Self::Number,
            _ => Self::Any,
        }
    }

    /// The type of a literal.
    fn of_literal(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(items) => Self::list(Self::common(items.iter().map(Self::of_literal))),
            Value::Object(entries) => {
                let entries = entries.iter();
                let typed = entries.map(|(name, value)| (name.clone(), Self::of_literal(value)));
                Self::Record(typed.collect())
            }
        }
    }

    pub(super) fn list(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    /// The type that all have, else any.
    fn common(types: impl Iterator<Item = Self>) -> Self {
        let mut common = None;
        for ty in types {
            match &common {
                None => common = Some(ty),
                Some(other) if ty.is_same_scalar(other) => {}
                Some(_) => return Self::Any,
            }
        }
        common.unwrap_or(Self::Any)
    }

    fn is_same_scalar(&self, other: &Self) -> bool {
        matches!(
            (self, other),
            (Self::Boolean, Self::Boolean)
                | (Self::Number, Self::Number)
                | (Self::String, Self::String)
        )
    }

    /// Whether it is known to be an array.
    #[must_use]
    pub fn is_array(&self) -> bool {
        match self {
            Self::List(_) => true,
            Self::Shape(shape) => matches!(shape.kind, ShapeKind::List),
            _ => false,
        }
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Record(_) | Self::Shape(_)) && !self.is_array()
    }

    /// The type of the items of an array that is no list of the model.
    pub(super) fn item(&self) -> Option<Self> {
        match self {
            Self::List(item) => Some((**item).clone()),
            Self::Any => Some(Self::Any),
            Self::Shape(shape) if self.is_array() => {
                // Functions need to know no more of the items of lists than this.
                shape.member("member").map(|_| Self::Any)
            }
            _ => None,
        }
    }

    /// The type in words.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Reference => "an expression",
            _ if self.is_array() => "an array",
            _ => "an object",
        }
    }
}

struct Checker<'m, 's> {
    model: &'m Model<'s>,
    findings: Vec<Finding>,
}

impl<'m, 's> Checker<'m, 's> {
    /// Notes that what is read has no value, whose type is any then.
    fn find(&mut self, at: &Expression, message: String, hint: Option<String>) -> Type<'m, 's> {
        self.find_kind(FindingKind::AlwaysNull, at, message, hint)
    }

    fn find_kind(
        &mut self,
        kind: FindingKind,
        at: &Expression,
        message: String,
        hint: Option<String>,
    ) -> Type<'m, 's> {
        self.findings.push(Finding {
            kind,
            offset: at.offset,
            message,
            hint,
        });
        Type::Any
    }

    fn expression(&mut self, expression: &Expression, of: &Type<'m, 's>) -> Type<'m, 's> {
        match &expression.kind {
            ExpressionKind::Current => of.clone(),
            ExpressionKind::Field(name) => self.field(expression, name, of),
            ExpressionKind::Literal(value) => Type::of_literal(value),
            ExpressionKind::Sequence(parts) => {
                let mut ty = of.clone();
                for part in parts {
                    ty = self.expression(part, &ty);
                }
                ty
            }
            ExpressionKind::Index(_) => self.items(expression, of),
            ExpressionKind::ListProjection(then) | ExpressionKind::SliceProjection { then, .. } => {
                let item = self.items(expression, of);
                self.each(then, &item)
            }
            ExpressionKind::FlattenProjection(then) => {
                let item = self.items(expression, of);
                let inner = self.item_of(&item).unwrap_or(item);
                self.each(then, &inner)
            }
            ExpressionKind::FilterProjection { condition, then } => {
                let item = self.items(expression, of);
                self.expression(condition, &item);
                self.each(then, &item)
            }
            ExpressionKind::ObjectProjection(then) => {
                let value = self.values(expression, of);
                self.each(then, &value)
            }
            ExpressionKind::MultiSelectList(items) => {
                let items: Vec<_> = items.iter().map(|it| self.expression(it, of)).collect();
                Type::list(Type::common(items.into_iter()))
            }
            ExpressionKind::MultiSelectHash(entries) => {
                let entries = entries.iter();
                let typed = entries.map(|(name, it)| (name.clone(), self.expression(it, of)));
                Type::Record(typed.collect())
            }
            ExpressionKind::And(operands) | ExpressionKind::Or(operands) => {
                let types: Vec<_> = operands.iter().map(|it| self.expression(it, of)).collect();
                Type::common(types.into_iter())
            }
            ExpressionKind::Not(operand) => {
                self.expression(operand, of);
                Type::Boolean
            }
            ExpressionKind::Comparison(comparator, operands) => {
                self.comparison(*comparator, operands, of)
            }
            ExpressionKind::Call { name, arguments } => self.call(expression, name, arguments, of),
            ExpressionKind::Reference(_) => Type::Reference,
        }
    }

    fn each(&mut self, then: &Expression, item: &Type<'m, 's>) -> Type<'m, 's> {
        Type::list(self.expression(then, item))
    }

    fn field(&mut self, at: &Expression, name: &str, of: &Type<'m, 's>) -> Type<'m, 's> {
        match of {
            Type::Any => Type::Any,
            Type::Record(entries) => match entries.iter().find(|(known, _)| known == name) {
                Some((_, ty)) => ty.clone(),
                None => {
                    let known = entries.iter().map(|(known, _)| known.as_str());
                    let hint = words::suggestion(name, known.clone()).or_else(|| {
                        let names: Vec<_> = known.collect();
                        (!names.is_empty()).then(|| format!("there is {}", words::list(&names)))
                    });
                    self.find(at, format!("there is no `{name}` here"), hint)
                }
            },
            Type::Shape(shape) if matches!(shape.kind, ShapeKind::Map) => {
                self.member_type(shape, "value")
            }
            Type::Shape(shape) if !of.is_array() => match shape.member(name) {
                Some(_) => self.member_type(shape, name),
                None => {
                    let known = shape.members.iter().map(|member| &*member.name);
                    let hint = words::suggestion(name, known);
                    let message = format!("`{}` has no member `{name}`", shape.id);
                    self.find(at, message, hint)
                }
            },
            other => {
                let hint = other
                    .is_array()
                    .then(|| "`[]` before it takes it from each item".to_owned());
                let message = format!("`{name}` is taken from {}", other.describe());
                self.find(at, message, hint)
            }
        }
    }

    fn member_type(&self, shape: &'m Shape<'s>, name: &str) -> Type<'m, 's> {
        let member = shape.member(name);
        let target = member.and_then(|member| self.model.target(member));
        target.map_or(Type::Any, Type::of_shape)
    }

    /// The type of the items of an array; `None` for what is none.
    fn item_of(&self, ty: &Type<'m, 's>) -> Option<Type<'m, 's>> {
        match ty {
            Type::Shape(shape) if ty.is_array() => Some(self.member_type(shape, "member")),
            other => other.item(),
        }
    }

    fn items(&mut self, at: &Expression, of: &Type<'m, 's>) -> Type<'m, 's> {
        match self.item_of(of) {
            Some(item) => item,
            None => self.find(at, format!("items are taken of {}", of.describe()), None),
        }
    }

    fn values(&mut self, at: &Expression, of: &Type<'m, 's>) -> Type<'m, 's> {
        match of {
            Type::Shape(shape) if matches!(shape.kind, ShapeKind::Map) => {
                self.member_type(shape, "value")
            }
            Type::Any | Type::Record(_) => Type::Any,
            Type::Shape(_) if !of.is_array() => Type::Any,
            _ => {
                let message = format!("the values of an object are taken of {}", of.describe());
                self.find(at, message, None)
            }
        }
    }

    fn comparison(
        &mut self,
        comparator: Comparator,
        operands: &[Expression; 2],
        of: &Type<'m, 's>,
    ) -> Type<'m, 's> {
        for operand in operands {
            let ty = self.expression(operand, of);
            if comparator.is_ordering() && !matches!(ty, Type::Any | Type::Number) {
                let message = format!("only numbers have an order, and this is {}", ty.describe());
                self.find(operand, message, None);
            }
        }
        Type::Boolean
    }

    fn call(
        &mut self,
        at: &Expression,
        name: &str,
        arguments: &[Expression],
        of: &Type<'m, 's>,
    ) -> Type<'m, 's> {
        let Some(function) = Function::named(name) else {
            let hint = words::suggestion(name, Function::names());
            let message = format!("JMESPath has no function `{name}`");
            return self.find_kind(FindingKind::UnknownFunction, at, message, hint);
        };
        if let Some(message) = function.wrong_arity(arguments.len()) {
            return self.find_kind(FindingKind::InvalidArity, at, message, None);
        }
        let mut types = Vec::new();
        for (index, argument) in arguments.iter().enumerate() {
            let ty = self.expression(argument, of);
            let parameter = function.parameter(index);
            if let Some(parameter) = parameter.filter(|parameter| !parameter.takes(&ty)) {
                let message = format!(
                    "`{name}` takes {} here, not {}",
                    parameter.describe(),
                    ty.describe()
                );
                self.find_kind(FindingKind::InvalidType, argument, message, None);
            }
            types.push(ty);
        }
        self.references(arguments, &types);
        function.result(&types)
    }

    /// Expressions that are arguments are for the items of the array beside them.
    fn references(&mut self, arguments: &[Expression], types: &[Type<'m, 's>]) {
        let item = types.iter().find_map(|ty| self.item_of(ty));
        let item = item.unwrap_or(Type::Any);
        for argument in arguments {
            if let ExpressionKind::Reference(referred) = &argument.kind {
                self.expression(referred, &item);
            }
        }
    }
}
