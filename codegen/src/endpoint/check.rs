//! Gives every value of a rule set its type and resolves its references.
//!
//! A parameter without a default may be unset, and so may the result of some functions. The language
//! asks that such a value is tested before it is used: inside a rule whose condition is `isSet`, or
//! that assigns the value to a variable, it is there. Here the same holds, so that the Rust needs no
//! `unwrap`.

use tinsmith_model::{Problem, Span};

use super::functions;
use super::ir::{
    Endpoint, Outcome, Param, Part, Property, Rule, RuleSet, Source, Test, Type, Value, ValueKind,
    Var, VarInfo,
};
use super::names::rust_name;
use super::syntax::{self, Expr, ExprKind, ParamKind, Piece, Step};

/// Checks a rule set. `bound` tells which parameters get a value from the service or an operation, as
/// opposed to those that are built in alone.
pub(super) fn check(
    rules: &syntax::RuleSet,
    bound: &dyn Fn(&str) -> bool,
    problems: &mut Vec<Problem>,
) -> RuleSet {
    let mut checker = Checker {
        vars: Vec::new(),
        scope: Vec::new(),
        problems,
    };
    let params = rules
        .params
        .iter()
        .map(|param| checker.param(param, bound(&param.name)))
        .collect();
    let rules = checker.rules(&rules.rules);
    RuleSet {
        vars: checker.vars,
        params,
        rules,
    }
}

pub(super) struct Checker<'p> {
    vars: Vec<VarInfo>,
    /// Names of the rule set and what they stand for, innermost last.
    scope: Vec<(String, Value)>,
    problems: &'p mut Vec<Problem>,
}

impl Checker<'_> {
    pub(super) fn report(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem::error(span, message));
    }

    fn param(&mut self, param: &syntax::Param, bound: bool) -> Param {
        let ty = match param.kind {
            ParamKind::String => Type::String,
            ParamKind::Boolean => Type::Boolean,
            ParamKind::StringArray => Type::Strings,
        };
        let sources = self.sources(param, ty, bound);
        // The flags that every client has are never unset.
        let always_set = matches!(
            sources.last(),
            Some(Source::Field("use_fips" | "use_dual_stack"))
        );
        let optional = !(param.required || param.default.is_some() || always_set);
        let owned = ty == Type::Strings && !optional;
        let var = self.declare(&param.name, ty, optional, owned);
        let value = self.var(var);
        self.scope.push((param.name.clone(), value));
        Param {
            var,
            name: param.name.clone(),
            sources,
            default: param.default.clone(),
            required: param.required,
        }
    }

    fn sources(&mut self, param: &syntax::Param, ty: Type, bound: bool) -> Vec<Source> {
        let (built_in, field_type) = match param.built_in.as_deref() {
            None => return vec![Source::Named(param.name.clone())],
            Some("AWS::Region") => (Source::Field("region"), Type::String),
            Some("AWS::UseFIPS") => (Source::Field("use_fips"), Type::Boolean),
            Some("AWS::UseDualStack") => (Source::Field("use_dual_stack"), Type::Boolean),
            Some("SDK::Endpoint") => (Source::Field("endpoint"), Type::String),
            Some(name) => {
                let named = Source::Named(param.name.clone());
                return vec![named, Source::Named(name.to_owned())];
            }
        };
        if field_type != ty {
            let message = format!(
                "the parameter `{}` must be {}, as its built-in value is",
                param.name,
                field_type.describe()
            );
            self.report(param.span, message);
        }
        let named = bound.then(|| Source::Named(param.name.clone()));
        named.into_iter().chain([built_in]).collect()
    }

    /// A new variable under a Rust name that no other variable in scope has.
    fn declare(&mut self, name: &str, ty: Type, optional: bool, owned: bool) -> Var {
        let base = rust_name(name);
        let mut unique = base.clone();
        let mut count = 2;
        while self.is_taken(name, &unique) {
            unique = format!("{base}_{count}");
            count += 1;
        }
        self.vars.push(VarInfo {
            name: unique,
            ty,
            optional,
            owned,
        });
        Var(self.vars.len() - 1)
    }

    /// Whether something else than `name` goes by this Rust name.
    fn is_taken(&self, name: &str, rust_name: &str) -> bool {
        self.scope.iter().any(|(other, value)| {
            other != name
                && matches!(value.kind, ValueKind::Var(var) if self.vars[var.0].name == rust_name)
        })
    }

    fn var(&self, var: Var) -> Value {
        let info = &self.vars[var.0];
        Value {
            kind: ValueKind::Var(var),
            ty: info.ty,
            optional: info.optional,
            owned: info.owned,
        }
    }

    /// Rules up to the first that always matches: nothing comes after that.
    fn rules(&mut self, rules: &[syntax::Rule]) -> Vec<Rule> {
        let mut checked = Vec::new();
        for rule in rules {
            let depth = self.scope.len();
            let rule = self.rule(rule);
            self.scope.truncate(depth);
            if let Some(rule) = rule {
                let is_last = rule.always_matches();
                checked.push(rule);
                if is_last {
                    break;
                }
            }
        }
        checked
    }

    /// A rule, unless one of its conditions can never hold or has a problem.
    fn rule(&mut self, rule: &syntax::Rule) -> Option<Rule> {
        let mut tests = Vec::new();
        for condition in &rule.conditions {
            if !self.condition(condition, &mut tests)? {
                return None;
            }
        }
        let outcome = match &rule.outcome {
            syntax::Outcome::Endpoint(endpoint) => Outcome::Endpoint(self.endpoint(endpoint)?),
            syntax::Outcome::Error(error) => Outcome::Error(self.present(error, Type::String)?),
            syntax::Outcome::Tree(rules) => Outcome::Tree(self.rules(rules)),
        };
        Some(Rule { tests, outcome })
    }

    /// Adds what a condition tests; `false` where it can never hold.
    fn condition(&mut self, condition: &syntax::Condition, tests: &mut Vec<Test>) -> Option<bool> {
        let assign = condition.assign.as_ref();
        if let (Some(reference), None) = (tested_reference(&condition.call), assign) {
            return self.refine(reference, tests);
        }
        let value = self.value(&condition.call)?;
        if value.ty == Type::Boolean {
            let value = functions::truth(value);
            if value.is_boolean(false) {
                return Some(false);
            }
            if !value.is_boolean(true) {
                tests.push(Test::Holds(value));
            }
            if let Some((name, span)) = assign {
                self.assign(name, *span, Value::boolean(true));
            }
            return Some(true);
        }
        match assign {
            Some((name, span)) => self.bind(name, *span, value, tests),
            None if value.optional => tests.push(Test::Present(value)),
            None => {}
        }
        Some(true)
    }

    /// `isSet` of a parameter or variable: it is there from here on.
    fn refine(&mut self, reference: &Expr, tests: &mut Vec<Test>) -> Option<bool> {
        let ExprKind::Reference(name) = &reference.kind else {
            return Some(true);
        };
        let value = self.value(reference)?;
        if value.optional {
            let var = self.declare(name, value.ty, false, value.owned);
            let refined = self.var(var);
            self.scope.push((name.clone(), refined));
            tests.push(Test::Bind(var, value));
        }
        Some(true)
    }

    fn bind(&mut self, name: &str, span: Span, mut value: Value, tests: &mut Vec<Test>) {
        if !value.optional {
            self.keep_temporaries(&mut value, tests);
        }
        let var = self.declare(name, value.ty, false, value.owned);
        let bound = self.var(var);
        tests.push(if value.optional {
            Test::Bind(var, value)
        } else {
            Test::Let(var, value)
        });
        self.assign(name, span, bound);
    }

    fn assign(&mut self, name: &str, span: Span, value: Value) {
        if self.scope.iter().any(|(other, _)| other == name) {
            self.report(span, format!("the name `{name}` is taken in this scope"));
        }
        self.scope.push((name.to_owned(), value));
    }

    /// Names the text that `value` borrows from and that would be gone after its statement.
    fn keep_temporaries(&mut self, value: &mut Value, tests: &mut Vec<Test>) {
        let ValueKind::Call(function, arguments) = &mut value.kind else {
            for part in value.parts_mut() {
                self.keep_temporaries(part, tests);
            }
            return;
        };
        for argument in arguments {
            self.keep_temporaries(argument, tests);
            let is_temporary = argument.owned && !matches!(argument.kind, ValueKind::Var(_));
            if function.borrows && is_temporary {
                let var = self.declare("text", Type::String, false, true);
                let kept = self.var(var);
                self.scope.push((String::new(), kept.clone()));
                tests.push(Test::Let(var, std::mem::replace(argument, kept)));
            }
        }
    }

    fn endpoint(&mut self, endpoint: &syntax::Endpoint) -> Option<Endpoint> {
        let url = self.present(&endpoint.url, Type::String);
        let mut headers = Vec::new();
        for (name, values) in &endpoint.headers {
            for value in values {
                headers.push((name.clone(), self.present(value, Type::String)?));
            }
        }
        let mut properties = Vec::new();
        for (name, value) in &endpoint.properties {
            properties.push((name.clone(), self.property(value)?));
        }
        Some(Endpoint {
            url: url?,
            headers,
            properties,
        })
    }

    fn property(&mut self, property: &syntax::Property) -> Option<Property> {
        Some(match property {
            syntax::Property::Boolean(value) => Property::Boolean(*value),
            syntax::Property::Text(text) => Property::Text(self.present(text, Type::String)?),
            syntax::Property::Array(items) => {
                let items = items.iter().map(|item| self.property(item));
                Property::Array(items.collect::<Option<_>>()?)
            }
            syntax::Property::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(name, value)| Some((name.clone(), self.property(value)?)));
                Property::Object(entries.collect::<Option<_>>()?)
            }
        })
    }

    /// A value that must be there and of this type.
    pub(super) fn present(&mut self, expr: &Expr, ty: Type) -> Option<Value> {
        let value = self.value(expr)?;
        if value.ty != ty {
            let message = format!("expected {}, found {}", ty.describe(), value.ty.describe());
            self.report(expr.span, message);
            return None;
        }
        if value.optional {
            self.problems.push(
                Problem::error(expr.span, "this value may be unset here")
                    .hint("test it with `isSet`, or assign it, in a condition before"),
            );
            return None;
        }
        Some(value)
    }

    /// A value of any type, which may be unset.
    pub(super) fn value(&mut self, expr: &Expr) -> Option<Value> {
        match &expr.kind {
            ExprKind::Boolean(value) => Some(Value::boolean(*value)),
            ExprKind::Integer(value) => Some(Value::new(ValueKind::Integer(*value), Type::Integer)),
            ExprKind::Text(text) => Some(Value::new(ValueKind::Text(text.clone()), Type::String)),
            ExprKind::Template(pieces) => self.template(pieces),
            ExprKind::Reference(name) => self.reference(name, expr.span),
            ExprKind::Attribute(value, steps) => {
                let value = self.value(value)?;
                self.attribute(value, steps, expr.span)
            }
            ExprKind::Call(name, arguments) => functions::call(self, name, arguments, expr.span),
        }
    }

    fn reference(&mut self, name: &str, span: Span) -> Option<Value> {
        let found = self.scope.iter().rev().find(|(other, _)| other == name);
        let value = found.map(|(_, value)| value.clone());
        if value.is_none() {
            self.report(
                span,
                format!("there is no parameter or variable `{name}` here"),
            );
        }
        value
    }

    fn template(&mut self, pieces: &[Piece]) -> Option<Value> {
        let parts: Vec<_> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Some(Part::Text(text.clone())),
                Piece::Value(value) => self.present(value, Type::String).map(Part::Value),
            })
            .collect();
        let parts = parts.into_iter().collect::<Option<_>>()?;
        Some(Value {
            owned: true,
            ..Value::new(ValueKind::Format(parts), Type::String)
        })
    }

    fn attribute(&mut self, mut value: Value, steps: &[Step], span: Span) -> Option<Value> {
        for step in steps {
            value = match step {
                Step::Key(key) => {
                    let Some((field, ty)) = value.ty.field(key) else {
                        let message = format!("{} has no attribute `{key}`", value.ty.describe());
                        self.report(span, message);
                        return None;
                    };
                    functions::field(value, field, ty)
                }
                Step::Index(index) if value.ty == Type::Strings => Value {
                    optional: true,
                    ..Value::new(ValueKind::Element(Box::new(value), *index), Type::String)
                },
                Step::Index(_) => {
                    let message = format!("{} has no elements", value.ty.describe());
                    self.report(span, message);
                    return None;
                }
            };
        }
        Some(value)
    }
}

/// The reference that a condition tests with `isSet`.
fn tested_reference(call: &Expr) -> Option<&Expr> {
    match &call.kind {
        ExprKind::Call(name, arguments) if name == "isSet" => match arguments.as_slice() {
            [argument] if matches!(argument.kind, ExprKind::Reference(_)) => Some(argument),
            _ => None,
        },
        _ => None,
    }
}

impl Rule {
    /// Whether nothing can keep the rule from matching.
    pub(super) fn always_matches(&self) -> bool {
        self.tests.iter().all(|test| matches!(test, Test::Let(..)))
    }
}
