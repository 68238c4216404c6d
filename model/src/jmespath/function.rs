//! The functions of JMESPath.

use super::types::Type;

/// A built-in function.
///
/// Source: the JMESPath specification, "Built-in Functions".
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

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Any,
    Number,
    String,
    Array,
    /// An array of numbers.
    Numbers,
    /// An array of strings.
    Strings,
    /// An array of numbers, or one of strings.
    Sortable,
    Object,
    ArrayOrString,
    /// A string, array or object.
    Measurable,
    /// An expression: `&name`.
    Reference,
}

/// A function with its parameters; the last may be repeated where it is variadic.
struct Signature {
    name: &'static str,
    function: Function,
    parameters: &'static [Parameter],
    variadic: bool,
}

const fn signature(
    name: &'static str,
    function: Function,
    parameters: &'static [Parameter],
) -> Signature {
    Signature {
        name,
        function,
        parameters,
        variadic: false,
    }
}

const fn variadic(
    name: &'static str,
    function: Function,
    parameters: &'static [Parameter],
) -> Signature {
    Signature {
        name,
        function,
        parameters,
        variadic: true,
    }
}

static SIGNATURES: [Signature; 26] = [
    signature("abs", Function::Abs, &[Parameter::Number]),
    signature("avg", Function::Avg, &[Parameter::Numbers]),
    signature("ceil", Function::Ceil, &[Parameter::Number]),
    signature(
        "contains",
        Function::Contains,
        &[Parameter::ArrayOrString, Parameter::Any],
    ),
    signature(
        "ends_with",
        Function::EndsWith,
        &[Parameter::String, Parameter::String],
    ),
    signature("floor", Function::Floor, &[Parameter::Number]),
    signature(
        "join",
        Function::Join,
        &[Parameter::String, Parameter::Strings],
    ),
    signature("keys", Function::Keys, &[Parameter::Object]),
    signature("length", Function::Length, &[Parameter::Measurable]),
    signature(
        "map",
        Function::Map,
        &[Parameter::Reference, Parameter::Array],
    ),
    signature("max", Function::Max, &[Parameter::Sortable]),
    signature(
        "max_by",
        Function::MaxBy,
        &[Parameter::Array, Parameter::Reference],
    ),
    variadic("merge", Function::Merge, &[Parameter::Object]),
    signature("min", Function::Min, &[Parameter::Sortable]),
    signature(
        "min_by",
        Function::MinBy,
        &[Parameter::Array, Parameter::Reference],
    ),
    variadic("not_null", Function::NotNull, &[Parameter::Any]),
    signature("reverse", Function::Reverse, &[Parameter::ArrayOrString]),
    signature("sort", Function::Sort, &[Parameter::Sortable]),
    signature(
        "sort_by",
        Function::SortBy,
        &[Parameter::Array, Parameter::Reference],
    ),
    signature(
        "starts_with",
        Function::StartsWith,
        &[Parameter::String, Parameter::String],
    ),
    signature("sum", Function::Sum, &[Parameter::Numbers]),
    signature("to_array", Function::ToArray, &[Parameter::Any]),
    signature("to_number", Function::ToNumber, &[Parameter::Any]),
    signature("to_string", Function::ToString, &[Parameter::Any]),
    signature("type", Function::Type, &[Parameter::Any]),
    signature("values", Function::Values, &[Parameter::Object]),
];

impl Function {
    /// The function of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let index = SIGNATURES.binary_search_by(|it| it.name.cmp(name)).ok()?;
        SIGNATURES.get(index).map(|signature| signature.function)
    }

    /// The names of all functions.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SIGNATURES.iter().map(|signature| signature.name)
    }

    fn signature(self) -> Option<&'static Signature> {
        SIGNATURES.iter().find(|it| it.function == self)
    }

    /// What the argument at `index` may be; `None` where there can be none.
    pub(super) fn parameter(self, index: usize) -> Option<Parameter> {
        let signature = self.signature()?;
        let own = signature.parameters.get(index);
        let repeated = signature.parameters.last().filter(|_| signature.variadic);
        own.or(repeated).copied()
    }

    /// Why the function cannot have so many arguments.
    pub(super) fn wrong_arity(self, count: usize) -> Option<String> {
        let signature = self.signature()?;
        let least = signature.parameters.len();
        if count == least || count > least && signature.variadic {
            return None;
        }
        let qualifier = if signature.variadic { "at least " } else { "" };
        let plural = if least == 1 { "" } else { "s" };
        Some(format!(
            "`{}` takes {qualifier}{least} argument{plural}, not {count}",
            signature.name
        ))
    }

    /// The type of what it gives, from those of its arguments.
    pub(super) fn result<'m, 's>(self, arguments: &[Type<'m, 's>]) -> Type<'m, 's> {
        match self {
            Self::Abs
            | Self::Avg
            | Self::Ceil
            | Self::Floor
            | Self::Length
            | Self::Sum
            | Self::ToNumber => Type::Number,
            Self::Contains | Self::EndsWith | Self::StartsWith => Type::Boolean,
            Self::Join | Self::ToString | Self::Type => Type::String,
            Self::Keys => Type::list(Type::String),
            Self::Reverse | Self::Sort | Self::SortBy => {
                arguments.first().cloned().unwrap_or(Type::Any)
            }
            Self::Max | Self::MaxBy | Self::Min | Self::MinBy => {
                let items = arguments.first().and_then(Type::item);
                items.unwrap_or(Type::Any)
            }
            Self::Map | Self::Values | Self::ToArray => Type::list(Type::Any),
            Self::Merge | Self::NotNull => Type::Any,
        }
    }
}

impl Parameter {
    /// Whether a value of the type can be such an argument.
    pub(super) fn takes(self, ty: &Type<'_, '_>) -> bool {
        let item = || ty.item().unwrap_or(Type::Null);
        let is_string = |ty: &Type<'_, '_>| matches!(ty, Type::Any | Type::String);
        let is_number = |ty: &Type<'_, '_>| matches!(ty, Type::Any | Type::Number);
        match (self, ty) {
            (Self::Reference, _) => matches!(ty, Type::Reference),
            (_, Type::Reference) => false,
            (Self::Any, _) | (_, Type::Any) => true,
            (Self::Number, _) => is_number(ty),
            (Self::String, _) => is_string(ty),
            (Self::Array, _) => ty.is_array(),
            (Self::Numbers, _) => ty.is_array() && is_number(&item()),
            (Self::Strings, _) => ty.is_array() && is_string(&item()),
            (Self::Sortable, _) => ty.is_array() && (is_number(&item()) || is_string(&item())),
            (Self::Object, _) => ty.is_object(),
            (Self::ArrayOrString, _) => ty.is_array() || is_string(ty),
            (Self::Measurable, _) => ty.is_array() || ty.is_object() || is_string(ty),
        }
    }

    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Numbers => "an array of numbers",
            Self::Strings => "an array of strings",
            Self::Sortable => "an array of numbers or of strings",
            Self::Object => "an object",
            Self::ArrayOrString => "an array or string",
            Self::Measurable => "a string, array or object",
            Self::Reference => "an expression, `&…`",
        }
    }
}
