//! A rule set with types: every reference is resolved, and a value that may be unset is told from one
//! that is there.

/// A compiled rule set.
#[derive(Debug, Default)]
pub(super) struct RuleSet {
    /// Variables, parameters first; a [`Var`] is an index into them.
    pub(super) vars: Vec<VarInfo>,
    pub(super) params: Vec<Param>,
    pub(super) rules: Vec<Rule>,
}

/// A variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Var(pub(super) usize);

/// What is known of a variable.
#[derive(Clone, Debug)]
pub(super) struct VarInfo {
    /// Its name in Rust.
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) optional: bool,
    /// Whether it holds a `String` and no `&str`, or a `Vec` and no slice.
    pub(super) owned: bool,
}

/// A parameter and where its value comes from, most specific first.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) var: Var,
    /// Its name in the rule set.
    pub(super) name: String,
    pub(super) sources: Vec<Source>,
    pub(super) default: Option<super::syntax::Literal>,
    /// Whether resolving fails where nothing gives it a value.
    pub(super) required: bool,
}

/// A place that a parameter's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A field of the runtime's `EndpointParams`.
    Field(&'static str),
    /// A named value.
    Named(String),
}

/// The types of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    String,
    Boolean,
    Integer,
    Strings,
    Partition,
    Arn,
    Url,
}

/// A value with its type.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) kind: ValueKind,
    pub(super) ty: Type,
    /// Whether it is an `Option`.
    pub(super) optional: bool,
    /// Whether it is a `String` and no `&str`, or a `Vec` and no slice.
    pub(super) owned: bool,
}

/// The kinds of value.
#[derive(Clone, Debug)]
pub(super) enum ValueKind {
    Var(Var),
    Boolean(bool),
    Integer(u32),
    Text(String),
    Format(Vec<Part>),
    /// A field of a partition, ARN or URL.
    Field(Box<Value>, &'static str),
    Element(Box<Value>, i32),
    /// A function of the runtime.
    Call(&'static Function, Vec<Value>),
    Not(Box<Value>),
    Equals(Box<Value>, Box<Value>),
    IsSet(Box<Value>),
    /// All but the last are `Option`s.
    Coalesce(Vec<Value>),
    IfElse(Box<[Value; 3]>),
}

/// A piece of a formatted string.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    Value(Value),
}

/// A function of the language that is one of the runtime's.
#[derive(Debug)]
pub(super) struct Function {
    /// Its name in rule sets.
    pub(super) name: &'static str,
    /// Its name in the runtime's module `endpoint::functions`.
    pub(super) path: &'static str,
    pub(super) arguments: &'static [Type],
    pub(super) result: Type,
    pub(super) optional: bool,
    /// Whether the result borrows from an argument.
    pub(super) borrows: bool,
}

/// A rule. Its tests hold one after the other.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) tests: Vec<Test>,
    pub(super) outcome: Outcome,
}

/// A condition of a rule.
#[derive(Debug)]
pub(super) enum Test {
    /// A boolean that must be true.
    Holds(Value),
    /// An `Option` that must hold something.
    Present(Value),
    /// The same, with a name for what it holds.
    Bind(Var, Value),
    /// A name for a value that is always there.
    Let(Var, Value),
}

/// What a rule gives.
#[derive(Debug)]
pub(super) enum Outcome {
    Endpoint(Endpoint),
    Error(Value),
    Tree(Vec<Rule>),
}

/// An endpoint.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) url: Value,
    /// One entry a value.
    pub(super) headers: Vec<(String, Value)>,
    pub(super) properties: Vec<(String, Property)>,
}

/// The value of a property.
#[derive(Debug)]
pub(super) enum Property {
    Boolean(bool),
    Text(Value),
    Array(Vec<Property>),
    Object(Vec<(String, Property)>),
}

impl Value {
    /// A value that is there and holds no `String`.
    pub(super) fn new(kind: ValueKind, ty: Type) -> Self {
        Self {
            kind,
            ty,
            optional: false,
            owned: false,
        }
    }

    pub(super) fn boolean(value: bool) -> Self {
        Self::new(ValueKind::Boolean(value), Type::Boolean)
    }

    /// Whether it is this constant.
    pub(super) fn is_boolean(&self, value: bool) -> bool {
        matches!(self.kind, ValueKind::Boolean(found) if found == value)
    }
}

impl Type {
    /// The type in words, with its article.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Strings => "an array of strings",
            Self::Partition => "a partition",
            Self::Arn => "an ARN",
            Self::Url => "a URL",
        }
    }

    /// The field of the runtime's type for an attribute, and the attribute's type.
    pub(super) fn field(self, attribute: &str) -> Option<(&'static str, Type)> {
        let (field, ty) = match (self, attribute) {
            (Self::Partition, "name") => ("name", Self::String),
            (Self::Partition, "dnsSuffix") => ("dns_suffix", Self::String),
            (Self::Partition, "dualStackDnsSuffix") => ("dual_stack_dns_suffix", Self::String),
            (Self::Partition, "supportsFIPS") => ("supports_fips", Self::Boolean),
            (Self::Partition, "supportsDualStack") => ("supports_dual_stack", Self::Boolean),
            (Self::Partition, "implicitGlobalRegion") => ("implicit_global_region", Self::String),
            (Self::Arn, "partition") => ("partition", Self::String),
            (Self::Arn, "service") => ("service", Self::String),
            (Self::Arn, "region") => ("region", Self::String),
            (Self::Arn, "accountId") => ("account_id", Self::String),
            (Self::Arn, "resourceId") => ("resource_id", Self::Strings),
            (Self::Url, "scheme") => ("scheme", Self::String),
            (Self::Url, "authority") => ("authority", Self::String),
            (Self::Url, "path") => ("path", Self::String),
            (Self::Url, "normalizedPath") => ("normalized_path", Self::String),
            (Self::Url, "isIp") => ("is_ip", Self::Boolean),
            _ => return None,
        };
        Some((field, ty))
    }
}
