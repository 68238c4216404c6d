//! `smithy.waiters#waitable`: names, delays, acceptors, and the JMESPath expressions in them.
//!
//! An expression that makes no sense is an error: its acceptor would never match, and whoever uses the
//! waiter would wait in vain.
//!
//! Source: Smithy 2.0, "Waiters".

use std::collections::HashMap;

use super::{Checker, Subject};
use crate::jmespath::{self, Type};
use crate::model::{Model, Shape, ShapeKind};
use crate::node::{Entry, Node};
use crate::problem::Problem;
use crate::source::Span;
use crate::traits::{AcceptorState, Matcher, PathComparator, PathMatcher, Waiter};
use crate::words;

const WAITABLE: &str = "smithy.waiters#waitable";

pub(super) fn check(checker: &mut Checker<'_, '_>) {
    for shape in checker.shapes() {
        let Some(waiters) = shape.traits.get(WAITABLE) else {
            continue;
        };
        if shape.as_operation().is_none() {
            continue;
        }
        let entries = waiters.as_object().unwrap_or_default();
        if entries.is_empty() && waiters.as_object().is_some() {
            let message = "there must be at least one waiter";
            checker.error(Subject::Shape(shape), waiters.span, message);
        }
        for entry in entries {
            check_form(checker, shape, entry);
        }
        check_events(checker, shape, waiters.span);
        for waiter in shape.traits.waiters() {
            check_waiter(checker, shape, &waiter);
        }
    }
    check_names(checker);
}

/// The kind of value that a property has, and what it may be.
type Property = (&'static str, bool, fn(&Node<'_>) -> bool, &'static str);

const WAITER: [Property; 6] = [
    (
        "acceptors",
        true,
        is_filled_array,
        "an array that is not empty",
    ),
    ("documentation", false, is_text, "a string"),
    (
        "minDelay",
        false,
        is_delay,
        "a whole number of seconds, at least 1",
    ),
    (
        "maxDelay",
        false,
        is_delay,
        "a whole number of seconds, at least 1",
    ),
    ("deprecated", false, is_flag, "true or false"),
    ("tags", false, is_array, "an array"),
];

const ACCEPTOR: [Property; 3] = [
    ("state", true, is_state, "`success`, `failure` or `retry`"),
    (
        "matcher",
        true,
        is_matcher,
        "an object with one of `output`, `inputOutput`, `errorType` and `success`",
    ),
    ("message", false, is_text, "a string"),
];

const PATH_MATCHER: [Property; 3] = [
    ("path", true, is_text, "a string"),
    ("expected", true, is_text, "a string"),
    (
        "comparator",
        true,
        is_comparator,
        "`stringEquals`, `booleanEquals`, `allStringEquals` or `anyStringEquals`",
    ),
];

fn is_text(node: &Node<'_>) -> bool {
    node.as_str().is_some()
}

fn is_flag(node: &Node<'_>) -> bool {
    node.as_bool().is_some()
}

fn is_array(node: &Node<'_>) -> bool {
    node.as_array().is_some()
}

fn is_filled_array(node: &Node<'_>) -> bool {
    node.as_array().is_some_and(|items| !items.is_empty())
}

fn is_delay(node: &Node<'_>) -> bool {
    let seconds = node.as_number().and_then(|text| text.parse::<u32>().ok());
    seconds.is_some_and(|seconds| seconds >= 1)
}

fn is_state(node: &Node<'_>) -> bool {
    matches!(node.as_str(), Some("success" | "failure" | "retry"))
}

fn is_matcher(node: &Node<'_>) -> bool {
    let known = ["output", "inputOutput", "errorType", "success"];
    matches!(node.as_object(), Some([(name, ..)]) if known.contains(&&**name))
}

fn is_comparator(node: &Node<'_>) -> bool {
    let known = [
        PathComparator::StringEquals,
        PathComparator::BooleanEquals,
        PathComparator::AllStringEquals,
        PathComparator::AnyStringEquals,
    ];
    known.iter().any(|it| node.as_str() == Some(it.name()))
}

/// The properties of a waiter are there and of their types.
fn check_form<'s>(checker: &mut Checker<'_, 's>, shape: &Shape<'s>, entry: &Entry<'s>) {
    let (name, place, node) = entry;
    let is_camel = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric());
    if !is_camel {
        let message = format!("the waiter name `{name}` is not in UpperCamelCase");
        checker.error(Subject::Shape(shape), *place, message);
    }
    check_properties(checker, shape, "a waiter", node, &WAITER);
    let acceptors = node.get("acceptors").and_then(Node::as_array);
    for acceptor in acceptors.unwrap_or_default() {
        check_properties(checker, shape, "an acceptor", acceptor, &ACCEPTOR);
        let matcher = acceptor.get("matcher").and_then(Node::as_object);
        let Some([(kind, _, value)]) = matcher else {
            continue;
        };
        match &**kind {
            "output" | "inputOutput" => {
                check_properties(checker, shape, "a path matcher", value, &PATH_MATCHER);
            }
            "errorType" if !is_text(value) => {
                let message = "`errorType` must be a string";
                checker.error(Subject::Shape(shape), value.span, message);
            }
            "success" if !is_flag(value) => {
                let message = "`success` must be true or false";
                checker.error(Subject::Shape(shape), value.span, message);
            }
            _ => {}
        }
    }
}

fn check_properties<'s>(
    checker: &mut Checker<'_, 's>,
    shape: &Shape<'s>,
    what: &str,
    node: &Node<'s>,
    properties: &[Property],
) {
    let subject = Subject::Shape(shape);
    let Some(entries) = node.as_object() else {
        checker.error(subject, node.span, format!("{what} must be an object"));
        return;
    };
    for (name, needed, fits, expected) in properties {
        match node.get(name) {
            Some(value) if !fits(value) => {
                checker.error(subject, value.span, format!("`{name}` must be {expected}"));
            }
            None if *needed => {
                checker.error(subject, node.span, format!("{what} needs `{name}`"));
            }
            _ => {}
        }
    }
    for (name, place, _) in entries {
        if !properties.iter().any(|(known, ..)| known == name) {
            let problem = Problem::warning(*place, format!("{what} has no property `{name}`"));
            let known = properties.iter().map(|(known, ..)| *known);
            checker.report(words::with_suggestion(
                problem.about(subject.id()),
                name,
                known,
            ));
        }
    }
}

/// Event streams have no end that could be waited for.
fn check_events(checker: &mut Checker<'_, '_>, shape: &Shape<'_>, place: Span) {
    let Some(operation) = shape.as_operation() else {
        return;
    };
    let model = checker.model;
    let bodies = [&operation.input, &operation.output];
    let members = bodies
        .into_iter()
        .filter_map(|id| model.shape(id))
        .flat_map(|body| &body.members);
    let has_events = members
        .filter_map(|member| model.target(member))
        .any(|it| matches!(it.kind, ShapeKind::Union) && it.traits.streaming());
    if has_events {
        let message = "an operation with an event stream cannot be waited on";
        checker.error(Subject::Shape(shape), place, message);
    }
}

/// Names of waiters differ by more than case, in all of a service.
fn check_names(checker: &mut Checker<'_, '_>) {
    for closure in checker.closures {
        let mut names: HashMap<String, (&Shape<'_>, &str)> = HashMap::new();
        for operation in &closure.operations {
            let waiters = operation.traits.get(WAITABLE);
            let entries = waiters.and_then(Node::as_object).unwrap_or_default();
            for (name, place, _) in entries {
                let Some((other, taken)) = names.insert(name.to_lowercase(), (operation, name))
                else {
                    continue;
                };
                let message = format!(
                    "in `{}`, the waiters `{taken}` of `{}` and `{name}` of `{}` have the same name but \
                     for case",
                    closure.service.id, other.id, operation.id
                );
                checker.error(Subject::Shape(operation), *place, message);
            }
        }
    }
}

fn check_waiter<'c, 's>(
    checker: &mut Checker<'c, 's>,
    shape: &'c Shape<'s>,
    waiter: &Waiter<'_, 's>,
) {
    let subject = Subject::Shape(shape);
    if waiter.min_delay > waiter.max_delay {
        let place = waiter.node.get("minDelay").or(waiter.node.get("maxDelay"));
        let message = format!(
            "the least delay, {} s, is longer than the longest, {} s",
            waiter.min_delay, waiter.max_delay
        );
        let place = place.map_or(waiter.node.span, |node| node.span);
        checker.error(subject, place, message);
    }
    let mut states = waiter.acceptors.iter().map(|acceptor| acceptor.state);
    if !waiter.acceptors.is_empty() && !states.any(|state| state == AcceptorState::Success) {
        let message = format!("the waiter `{}` never succeeds", waiter.name);
        let problem = Problem::error(waiter.node.span, message).about(subject.id());
        checker.report(problem.hint("give it an acceptor with the state `success`"));
    }
    let types = BodyTypes::of(checker.model, shape);
    for acceptor in &waiter.acceptors {
        match &acceptor.matcher {
            Matcher::Output(matcher) => check_path(checker, shape, matcher, &types.output),
            Matcher::InputOutput(matcher) => check_path(checker, shape, matcher, &types.both),
            Matcher::ErrorType(error) => check_error(checker, shape, error),
            Matcher::Success(_) => {}
        }
        if let Some(message) = acceptor.message {
            check_message(checker, shape, acceptor.state, message, &types.output);
        }
    }
}

/// What expressions are applied to.
struct BodyTypes<'m, 's> {
    output: Type<'m, 's>,
    both: Type<'m, 's>,
}

impl<'m, 's> BodyTypes<'m, 's> {
    fn of(model: &'m Model<'s>, operation: &Shape<'s>) -> Self {
        let operation = operation.as_operation();
        let body = |id: Option<_>| id.and_then(|id| model.shape(id)).map(Type::of_shape);
        let input = body(operation.map(|it| &it.input)).unwrap_or(Type::Any);
        let output = body(operation.map(|it| &it.output)).unwrap_or(Type::Any);
        let both = [("input", input), ("output", output.clone())];
        let both = both.map(|(name, ty)| (name.to_owned(), ty));
        Self {
            output,
            both: Type::Record(both.into()),
        }
    }
}

fn check_path<'c, 's>(
    checker: &mut Checker<'c, 's>,
    shape: &'c Shape<'s>,
    matcher: &PathMatcher<'_, 's>,
    of: &Type<'c, 's>,
) {
    let expected = matcher.expected.as_str().unwrap_or_default();
    let comparator = matcher.comparator;
    if comparator == PathComparator::BooleanEquals && !matches!(expected, "true" | "false") {
        let message = "what `booleanEquals` expects must be `true` or `false`";
        checker.error(Subject::Shape(shape), matcher.expected.span, message);
    }
    let Some(found) = check_expression(checker, shape, matcher.path, of) else {
        return;
    };
    let (fits, wanted) = match comparator {
        PathComparator::StringEquals => (is_string(&found), "a string"),
        PathComparator::BooleanEquals => {
            let fits = matches!(found, Type::Any | Type::Boolean);
            (fits, "a boolean")
        }
        _ => {
            let fits = found.is_array() || matches!(found, Type::Any);
            (
                fits && has_strings(checker.model, &found),
                "an array of strings",
            )
        }
    };
    if !fits {
        let message = format!(
            "`{}` compares {wanted}, but this gives {}",
            comparator.name(),
            describe(checker.model, &found)
        );
        checker.error(Subject::Shape(shape), matcher.path.span, message);
    }
}

fn is_string(ty: &Type<'_, '_>) -> bool {
    matches!(ty, Type::Any | Type::String)
}

/// Whether the items of an array may be strings.
fn has_strings(model: &Model<'_>, ty: &Type<'_, '_>) -> bool {
    item(model, ty).is_none_or(|item| is_string(&item))
}

fn item<'m, 's>(model: &'m Model<'s>, ty: &Type<'m, 's>) -> Option<Type<'m, 's>> {
    match ty {
        Type::List(item) => Some((**item).clone()),
        Type::Shape(list) if ty.is_array() => {
            let target = model.target(list.member("member")?)?;
            Some(Type::of_shape(target))
        }
        _ => None,
    }
}

fn describe(model: &Model<'_>, ty: &Type<'_, '_>) -> String {
    match item(model, ty) {
        Some(item) => format!("an array in which an item is {}", item.describe()),
        None => ty.describe().to_owned(),
    }
}

/// What an expression gives; `None` where it is none, or makes no sense, which is then told.
fn check_expression<'c, 's>(
    checker: &mut Checker<'c, 's>,
    shape: &'c Shape<'s>,
    node: &Node<'s>,
    of: &Type<'c, 's>,
) -> Option<Type<'c, 's>> {
    let subject = Subject::Shape(shape);
    let at = |offset, message: String| {
        let problem = Problem::error(node.span, message).about(subject.id());
        problem.inside_string(offset)
    };
    match jmespath::parse(node.as_str()?) {
        Err(error) => {
            checker.report(at(
                error.offset,
                format!("not a JMESPath expression: {error}"),
            ));
            None
        }
        Ok(expression) => {
            let (ty, findings) = jmespath::check(checker.model, &expression, of);
            let makes_sense = findings.is_empty();
            for finding in findings {
                let mut problem = at(finding.offset, finding.message);
                problem.hint = finding.hint;
                checker.report(problem);
            }
            makes_sense.then_some(ty)
        }
    }
}

/// Errors that the operation does not name are allowed, but are more often misspelt.
fn check_error<'s>(checker: &mut Checker<'_, 's>, shape: &Shape<'s>, node: &Node<'s>) {
    let wanted = node.as_str().unwrap_or_default();
    let name = wanted.rsplit('#').next().unwrap_or_default();
    let own = shape.as_operation().into_iter().flat_map(|it| &it.errors);
    let services = checker.closures.iter().filter(|closure| {
        let mut operations = closure.operations.iter();
        operations.any(|operation| operation.id == shape.id)
    });
    let shared = services
        .filter_map(|closure| closure.service.as_service())
        .flat_map(|service| &service.errors);
    let errors: Vec<_> = own.chain(shared).collect();
    let model = checker.model;
    let is_code = |id: &&crate::model::ShapeId<'s>| {
        let error = model
            .shape(id)
            .and_then(|it| it.traits.get("aws.protocols#awsQueryError"));
        error.and_then(|error| error.get_str("code")) == Some(name)
    };
    if errors.iter().any(|id| id.name() == name || is_code(id)) {
        return;
    }
    let message = format!("`{wanted}` is none of the errors of `{}`", shape.id);
    let problem = Problem::warning(node.span, message).about(shape.id.to_string());
    let known = errors.iter().map(|id| id.name());
    checker.report(words::with_suggestion(problem, name, known));
}

/// The message of a failure is a string, or an array of them.
fn check_message<'c, 's>(
    checker: &mut Checker<'c, 's>,
    shape: &'c Shape<'s>,
    state: AcceptorState,
    node: &Node<'s>,
    output: &Type<'c, 's>,
) {
    let subject = Subject::Shape(shape);
    if state != AcceptorState::Failure {
        let message = "only an acceptor with the state `failure` has a message";
        checker.error(subject, node.span, message);
    }
    let Some(found) = check_expression(checker, shape, node, output) else {
        return;
    };
    let fits = is_string(&found) || found.is_array() && has_strings(checker.model, &found);
    if !fits {
        let message = format!(
            "a message is a string or an array of strings, but this gives {}",
            describe(checker.model, &found)
        );
        checker.error(subject, node.span, message);
    }
}
