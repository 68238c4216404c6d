//! Reads a rule set from its node. What is not of the language is a problem at its place; the rest is
//! read all the same, so that all problems are found at once.
//!
//! Source: Smithy 2.0, "Rules engine specification".

use tinsmith_model::{Node, Problem, Span, node::NodeKind};

use super::syntax::{
    Condition, Endpoint, Expr, ExprKind, Literal, Outcome, Param, ParamKind, Property, Rule,
    RuleSet,
};
use super::template;

/// How deep rules, expressions and properties may nest: far beyond any rule set, and well within the
/// stack.
const MAX_DEPTH: usize = 64;

/// Reads a rule set.
pub(super) fn rule_set(node: &Node<'_>, problems: &mut Vec<Problem>) -> RuleSet {
    let mut reader = Reader {
        problems,
        depth: MAX_DEPTH,
    };
    RuleSet {
        params: reader.params(node),
        rules: reader.rules(node),
    }
}

struct Reader<'p> {
    problems: &'p mut Vec<Problem>,
    depth: usize,
}

impl Reader<'_> {
    fn report(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem::error(span, message));
    }

    /// Reads a part of `node` one level down, unless that is too deep.
    fn nested<T>(
        &mut self,
        node: &Node<'_>,
        read: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let Some(depth) = self.depth.checked_sub(1) else {
            self.report(node.span, "this is nested too deeply to be compiled");
            return None;
        };
        self.depth = depth;
        let result = read(self);
        self.depth += 1;
        result
    }

    /// The value of `key`, which must be there.
    fn required<'n, 's>(&mut self, node: &'n Node<'s>, key: &str) -> Option<&'n Node<'s>> {
        let value = node.get(key);
        if value.is_none() {
            self.report(node.span, format!("`{key}` is missing"));
        }
        value
    }

    /// The items of the array at `key`; nothing where it is absent.
    fn items<'n, 's>(&mut self, node: &'n Node<'s>, key: &str) -> &'n [Node<'s>] {
        let Some(value) = node.get(key) else {
            return &[];
        };
        value.as_array().unwrap_or_else(|| {
            self.expected(value, "an array");
            &[]
        })
    }

    /// The string at `key`, which must be one where it is there.
    fn text<'n>(&mut self, node: &'n Node<'_>, key: &str) -> Option<&'n str> {
        let value = node.get(key)?;
        let text = value.as_str();
        if text.is_none() {
            self.expected(value, "a string");
        }
        text
    }

    fn expected(&mut self, found: &Node<'_>, what: &str) {
        self.report(
            found.span,
            format!("expected {what}, found {}", found.describe()),
        );
    }

    fn params(&mut self, node: &Node<'_>) -> Vec<Param> {
        let Some(params) = self.required(node, "parameters") else {
            return Vec::new();
        };
        let Some(entries) = params.as_object() else {
            self.expected(params, "an object");
            return Vec::new();
        };
        let mut read: Vec<Param> = Vec::new();
        for (name, span, param) in entries {
            if read
                .iter()
                .any(|other| other.name.eq_ignore_ascii_case(name))
            {
                self.report(*span, format!("the parameter `{name}` is there twice"));
            }
            read.extend(self.param(name, *span, param));
        }
        read
    }

    fn param(&mut self, name: &str, span: Span, node: &Node<'_>) -> Option<Param> {
        if !is_identifier(name) {
            self.report(
                span,
                format!("`{name}` is no parameter name: a letter, then letters and digits"),
            );
        }
        self.required(node, "type")?;
        let kind = match self.text(node, "type")?.to_ascii_lowercase().as_str() {
            "string" => ParamKind::String,
            "boolean" => ParamKind::Boolean,
            "stringarray" => ParamKind::StringArray,
            other => {
                self.report(span, format!("`{other}` is no type of a parameter"));
                return None;
            }
        };
        let default = match node.get("default") {
            Some(default) => self.default(kind, default),
            None => None,
        };
        Some(Param {
            name: name.to_owned(),
            span,
            kind,
            required: node.get("required").and_then(Node::as_bool) == Some(true),
            default,
            built_in: self.text(node, "builtIn").map(str::to_owned),
        })
    }

    fn default(&mut self, kind: ParamKind, node: &Node<'_>) -> Option<Literal> {
        let value = literal(node).filter(|value| value.kind() == kind);
        if value.is_none() {
            self.report(node.span, "the default is not of the parameter's type");
        }
        value
    }

    fn rules(&mut self, node: &Node<'_>) -> Vec<Rule> {
        if self.required(node, "rules").is_none() {
            return Vec::new();
        }
        self.items(node, "rules")
            .iter()
            .filter_map(|rule| self.nested(rule, |this| this.rule(rule)))
            .collect()
    }

    fn rule(&mut self, node: &Node<'_>) -> Option<Rule> {
        let conditions: Vec<_> = self
            .items(node, "conditions")
            .iter()
            .filter_map(|condition| self.condition(condition))
            .collect();
        self.required(node, "type")?;
        let outcome = match self.text(node, "type")? {
            "endpoint" => {
                let endpoint = self.required(node, "endpoint")?;
                Outcome::Endpoint(self.endpoint(endpoint)?)
            }
            "error" => {
                let error = self.required(node, "error")?;
                Outcome::Error(self.expr(error)?)
            }
            "tree" => Outcome::Tree(self.rules(node)),
            other => {
                self.report(node.span, format!("`{other}` is no type of a rule"));
                return None;
            }
        };
        Some(Rule {
            conditions,
            outcome,
        })
    }

    fn condition(&mut self, node: &Node<'_>) -> Option<Condition> {
        self.required(node, "fn")?;
        let call = self.expr(node)?;
        let assign = self.text(node, "assign").map(|name| {
            (
                name.to_owned(),
                node.get("assign").map_or(node.span, |n| n.span),
            )
        });
        Some(Condition { call, assign })
    }

    fn endpoint(&mut self, node: &Node<'_>) -> Option<Endpoint> {
        let url = self.required(node, "url")?;
        let url = self.expr(url)?;
        let mut headers = Vec::new();
        for (name, _, values) in self.entries(node, "headers") {
            let Some(values) = values.as_array() else {
                self.expected(values, "an array of header values");
                continue;
            };
            let values = values.iter().filter_map(|value| self.expr(value)).collect();
            headers.push((name.to_string(), values));
        }
        let mut properties = Vec::new();
        for (name, _, value) in self.entries(node, "properties") {
            if let Some(value) = self.property(value) {
                properties.push((name.to_string(), value));
            }
        }
        Some(Endpoint {
            url,
            headers,
            properties,
        })
    }

    fn entries<'n, 's>(
        &mut self,
        node: &'n Node<'s>,
        key: &str,
    ) -> &'n [tinsmith_model::node::Entry<'s>] {
        let Some(value) = node.get(key) else {
            return &[];
        };
        value.as_object().unwrap_or_else(|| {
            self.expected(value, "an object");
            &[]
        })
    }

    fn property(&mut self, node: &Node<'_>) -> Option<Property> {
        self.nested(node, |this| match &node.kind {
            NodeKind::Bool(value) => Some(Property::Boolean(*value)),
            NodeKind::String(_) => Some(Property::Text(this.expr(node)?)),
            NodeKind::Array(items) => {
                let items = items.iter().filter_map(|item| this.property(item));
                Some(Property::Array(items.collect()))
            }
            NodeKind::Object(entries) => {
                let mut read = Vec::new();
                for (name, _, value) in entries {
                    read.push((name.to_string(), this.property(value)?));
                }
                Some(Property::Object(read))
            }
            NodeKind::Null | NodeKind::Number(_) => {
                this.expected(node, "a string, a boolean, an array or an object");
                None
            }
        })
    }

    fn expr(&mut self, node: &Node<'_>) -> Option<Expr> {
        self.nested(node, |this| {
            let kind = match &node.kind {
                NodeKind::Bool(value) => ExprKind::Boolean(*value),
                NodeKind::Number(text) => this.integer(node, text)?,
                NodeKind::String(text) => match template::parse(text, node.span) {
                    Ok(kind) => kind,
                    Err(message) => {
                        this.report(node.span, message);
                        return None;
                    }
                },
                NodeKind::Object(_) if node.get("ref").is_some() => {
                    ExprKind::Reference(this.text(node, "ref")?.to_owned())
                }
                NodeKind::Object(_) => this.call(node)?,
                NodeKind::Null | NodeKind::Array(_) => {
                    this.expected(node, "a value, a reference or a function");
                    return None;
                }
            };
            Some(Expr {
                span: node.span,
                kind,
            })
        })
    }

    fn integer(&mut self, node: &Node<'_>, text: &str) -> Option<ExprKind> {
        let value = text.parse().ok();
        if value.is_none() {
            self.report(node.span, "expected a whole number that is not negative");
        }
        value.map(ExprKind::Integer)
    }

    fn call(&mut self, node: &Node<'_>) -> Option<ExprKind> {
        self.required(node, "fn")?;
        let name = self.text(node, "fn")?.to_owned();
        let argv = self.required(node, "argv")?;
        let Some(arguments) = argv.as_array() else {
            self.expected(argv, "an array");
            return None;
        };
        if name == "getAttr" {
            return self.attribute(argv, arguments);
        }
        let read: Vec<_> = arguments.iter().filter_map(|arg| self.expr(arg)).collect();
        // Where one could not be read, the problem is told already.
        (read.len() == arguments.len()).then_some(ExprKind::Call(name, read))
    }

    fn attribute(&mut self, argv: &Node<'_>, arguments: &[Node<'_>]) -> Option<ExprKind> {
        let [value, path] = arguments else {
            self.report(argv.span, "`getAttr` takes a value and a path");
            return None;
        };
        let value = self.expr(value)?;
        let Some(text) = path.as_str() else {
            self.expected(path, "a path");
            return None;
        };
        match template::steps(text) {
            Ok(steps) => Some(ExprKind::Attribute(Box::new(value), steps)),
            Err(message) => {
                self.report(path.span, message);
                None
            }
        }
    }
}

/// A string, boolean or array of strings.
pub(super) fn literal(node: &Node<'_>) -> Option<Literal> {
    match &node.kind {
        NodeKind::String(text) => Some(Literal::String(text.to_string())),
        NodeKind::Bool(value) => Some(Literal::Boolean(*value)),
        NodeKind::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .map(Literal::Strings),
        _ => None,
    }
}

impl Literal {
    /// The type of parameter that can hold the value.
    pub(super) fn kind(&self) -> ParamKind {
        match self {
            Self::String(_) => ParamKind::String,
            Self::Boolean(_) => ParamKind::Boolean,
            Self::Strings(_) => ParamKind::StringArray,
        }
    }
}

/// Whether `name` may name a parameter or variable. Rule sets in use have underscores, too, which the
/// grammar leaves out.
pub(super) fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
