//! The rules language as it is written: what `parse` reads and `check` gives types to.

use tinsmith_model::Span;

/// A rule set.
#[derive(Debug, Default)]
pub(super) struct RuleSet {
    pub(super) params: Vec<Param>,
    pub(super) rules: Vec<Rule>,
}

/// A parameter of a rule set.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) kind: ParamKind,
    pub(super) required: bool,
    pub(super) default: Option<Literal>,
    pub(super) built_in: Option<String>,
}

/// The types of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParamKind {
    String,
    Boolean,
    StringArray,
}

/// A value that is written in the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Literal {
    String(String),
    Boolean(bool),
    Strings(Vec<String>),
}

/// A rule: what it gives where all its conditions match.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) conditions: Vec<Condition>,
    pub(super) outcome: Outcome,
}

/// What a rule gives.
#[derive(Debug)]
pub(super) enum Outcome {
    Endpoint(Endpoint),
    Error(Expr),
    Tree(Vec<Rule>),
}

/// The object of an endpoint rule.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) url: Expr,
    pub(super) headers: Vec<(String, Vec<Expr>)>,
    pub(super) properties: Vec<(String, Property)>,
}

/// The value of an endpoint's property.
#[derive(Debug)]
pub(super) enum Property {
    Boolean(bool),
    Text(Expr),
    Array(Vec<Property>),
    Object(Vec<(String, Property)>),
}

/// A condition of a rule.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) call: Expr,
    pub(super) assign: Option<(String, Span)>,
}

/// An expression and its place.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) span: Span,
    pub(super) kind: ExprKind,
}

/// The kinds of expression.
#[derive(Debug)]
pub(super) enum ExprKind {
    Boolean(bool),
    Integer(u32),
    Text(String),
    /// A template of more than one piece.
    Template(Vec<Piece>),
    Reference(String),
    /// `getAttr`, written as a function or with `#` in a template.
    Attribute(Box<Expr>, Vec<Step>),
    Call(String, Vec<Expr>),
}

/// A piece of a template.
#[derive(Debug)]
pub(super) enum Piece {
    Text(String),
    Value(Expr),
}

/// A step of a `getAttr` path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(i32),
}
