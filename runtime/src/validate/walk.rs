//! The visitor that checks each value where the walk comes to it.

use std::cmp::Ordering;
use std::fmt;

use super::error::{ConstraintKind, Found, MAX_VIOLATIONS, ValidationError, Violation};
use super::number::{compare_float, compare_integer};
use super::path::{Path, Step};
use super::{ValidationOptions, unique};
use crate::endpoint::functions::is_valid_host_label;
use crate::operation::OperationSchema;
use crate::schema::{Constraint, HttpBinding, Member, Schema};
use crate::shape::{
    BigDecimal, BigInteger, Document, ListItems, MapEntries, ShapeWriter, Structure, WriteError,
    compare_decimals,
};
use crate::timestamp::Timestamp;

/// The most structures, lists and maps inside each other, far more than a service takes and few
/// enough for any stack.
pub const MAX_DEPTH: usize = 256;

/// The most scalar values of a text that a violation repeats.
const MAX_SHOWN: usize = 64;

type Written = Result<(), WriteError>;

/// What a walk has found.
pub(super) struct Report {
    options: ValidationOptions,
    violations: Vec<Violation>,
    omitted: usize,
}

impl Report {
    pub(super) const fn new(options: ValidationOptions) -> Self {
        Self {
            options,
            violations: Vec::new(),
            omitted: 0,
        }
    }

    /// Checks the members of `input`, of which `schema` is the shape.
    pub(super) fn check_input(&mut self, schema: &'static Schema, input: &dyn Structure) {
        let mut walk = Walk::root(self, schema.sensitive);
        if input.write(&mut walk).is_err() {
            self.add(|| Violation {
                path: String::new(),
                member: "",
                shape: schema.id,
                constraint: ConstraintKind::Writable,
                found: Found::Nothing,
            });
        }
    }

    /// Checks what `write` hands over as the one value of `member`.
    pub(super) fn check_value(
        &mut self,
        member: &'static Member,
        write: &dyn Fn(&mut dyn ShapeWriter) -> Written,
    ) {
        let mut walk = Walk::root(self, false);
        if write(&mut walk).is_err() {
            walk.violate(
                member,
                Some(Step::Member(member.name)),
                ConstraintKind::Writable,
                || Found::Nothing,
            );
        }
    }

    /// Checks the members that an operation's endpoint is made of: a required one must not be blank.
    ///
    /// Source: Smithy 2.0, "contextParam trait".
    pub(super) fn check_endpoint(&mut self, operation: &OperationSchema, input: &dyn Structure) {
        for binding in operation.endpoint_bindings {
            let Some((name, text)) = binding.text_of_member(input) else {
                continue;
            };
            let Some(member) = operation.input.member(name) else {
                continue;
            };
            // Once is enough for a member that is too short, or empty where it is a label.
            let mut told = self.violations.iter().map(|it| it.path.strip_prefix('/'));
            let told = told.any(|path| path == Some(name));
            if member.required && text.trim().is_empty() && !told {
                let mut walk = Walk::root(self, operation.input.sensitive);
                let kind = ConstraintKind::EndpointParam;
                walk.violate(member, Some(Step::Member(name)), kind, || shown(&text));
            }
        }
    }

    pub(super) fn finish(self) -> Result<(), ValidationError> {
        if self.violations.is_empty() {
            return Ok(());
        }
        Err(ValidationError {
            violations: self.violations,
            omitted: self.omitted,
        })
    }

    #[cold]
    fn add(&mut self, violation: impl FnOnce() -> Violation) {
        if self.violations.len() < MAX_VIOLATIONS {
            self.violations.push(violation());
        } else {
            self.omitted += 1;
        }
    }
}

/// The members of one structure, the items of one list or the entries of one map.
struct Walk<'a> {
    report: &'a mut Report,
    container: Container<'a>,
    /// How many values came before the one that comes now.
    next: usize,
    /// The path of the container; `None` at the input itself.
    path: Option<&'a Path<'a>>,
    depth: usize,
    /// Whether the container, or what it is in, is sensitive, and with it all that is inside.
    sensitive: bool,
}

/// What the values that come next are part of.
#[derive(Clone, Copy)]
enum Container<'a> {
    Structure,
    List {
        sparse: bool,
    },
    Map {
        schema: &'static Schema,
        entries: &'a dyn MapEntries,
    },
}

impl<'a> Walk<'a> {
    fn root(report: &'a mut Report, sensitive: bool) -> Self {
        Self {
            report,
            container: Container::Structure,
            next: 0,
            path: None,
            depth: 0,
            sensitive,
        }
    }

    /// The step to the value that comes now.
    fn step(&mut self, member: &'static Member) -> Step<'a> {
        let index = self.next;
        self.next += 1;
        match self.container {
            Container::Structure => Step::Member(member.name),
            Container::List { .. } => Step::Item(index),
            Container::Map { schema, entries } => {
                let key = schema.members.first();
                Step::Entry {
                    schema,
                    entries,
                    index,
                    hidden: self.sensitive || key.is_some_and(|key| key.target.sensitive),
                }
            }
        }
    }

    /// Adds a violation; without a `step`, at the container itself.
    #[cold]
    fn violate(
        &mut self,
        member: &'static Member,
        step: Option<Step<'_>>,
        constraint: ConstraintKind,
        found: impl FnOnce() -> Found,
    ) {
        let (parent, sensitive) = (self.path, self.sensitive || member.target.sensitive);
        self.report.add(|| {
            let mut path = String::new();
            match (step, parent) {
                (Some(step), parent) => Path { parent, step }.write_to(&mut path),
                (None, Some(container)) => container.write_to(&mut path),
                (None, None) => {}
            }
            Violation {
                path,
                member: member.name,
                shape: member.target.id,
                constraint,
                found: match found() {
                    Found::Nothing => Found::Nothing,
                    _ if sensitive => Found::Withheld,
                    found => found,
                },
            }
        });
    }

    /// Goes into the container that is the value of `member`.
    fn enter(
        &mut self,
        member: &'static Member,
        step: Step<'a>,
        container: Container<'_>,
        write: &dyn Fn(&mut dyn ShapeWriter) -> Written,
    ) {
        if self.depth >= MAX_DEPTH {
            let too_deep = ConstraintKind::Depth { max: MAX_DEPTH };
            return self.violate(member, Some(step), too_deep, || Found::Nothing);
        }
        let path = Path {
            parent: self.path,
            step,
        };
        let mut inside = Walk {
            report: &mut *self.report,
            container,
            next: 0,
            path: Some(&path),
            depth: self.depth + 1,
            sensitive: self.sensitive || member.target.sensitive,
        };
        // The visitor itself refuses nothing: the value does, and no serialiser will get further.
        if write(&mut inside).is_err() {
            self.violate(member, Some(step), ConstraintKind::Writable, || {
                Found::Nothing
            });
        }
    }

    /// Checks the text of a string, an enum or a key, and says whether it violates a constraint.
    fn check_text(&mut self, member: &'static Member, step: Option<Step<'_>>, text: &str) -> bool {
        let mut violated = false;
        for constraint in member.constraints() {
            let (kind, found) = match *constraint {
                Constraint::Length { min, max } => match length_outside(text, min, max) {
                    Some(length) => (ConstraintKind::Length { min, max }, Some(length)),
                    None => continue,
                },
                Constraint::Pattern(pattern) if !pattern.is_match(text) => {
                    let pattern = pattern.source();
                    (ConstraintKind::Pattern { pattern }, None)
                }
                _ => continue,
            };
            violated = true;
            self.violate(member, step, kind, || {
                found.map_or_else(|| shown(text), Found::Length)
            });
        }
        let known = self.check_enum(member, step, &|known| known == text, &|| shown(text));
        violated || !known
    }

    /// Checks that a value is one that its enum lists, where that is asked for, and says whether it is.
    fn check_enum(
        &mut self,
        member: &'static Member,
        step: Option<Step<'_>>,
        is: &dyn Fn(&str) -> bool,
        found: &dyn Fn() -> Found,
    ) -> bool {
        let values = member.target.enum_values;
        if !self.report.options.check_enums || values.is_empty() || values.iter().any(|it| is(it)) {
            return true;
        }
        self.violate(member, step, ConstraintKind::EnumValue { values }, found);
        false
    }

    /// Checks that text which no constraint forbids is fit for the labels that it fills.
    fn check_labels(&mut self, member: &'static Member, step: Step<'_>, text: &str) {
        if member.http == HttpBinding::Label && matches!(text, "" | "." | "..") {
            self.violate(member, Some(step), ConstraintKind::PathLabel, || {
                shown(text)
            });
        }
        if member.host_label && !is_valid_host_label(text, false) {
            self.violate(member, Some(step), ConstraintKind::HostLabel, || {
                shown(text)
            });
        }
    }

    fn check_length(&mut self, member: &'static Member, step: Step<'_>, length: usize) {
        let length = as_length(length);
        for constraint in member.constraints() {
            let Constraint::Length { min, max } = *constraint else {
                continue;
            };
            if !is_within(length, min, max) {
                let kind = ConstraintKind::Length { min, max };
                self.violate(member, Some(step), kind, || Found::Length(length));
            }
        }
    }

    /// Checks a number, which `compare` compares with the text of a bound.
    ///
    /// What cannot be compared with a bound is not within it, which is the case of NaN.
    fn check_range(
        &mut self,
        member: &'static Member,
        step: Step<'_>,
        compare: &dyn Fn(&str) -> Option<Ordering>,
        number: &dyn fmt::Debug,
    ) {
        for constraint in member.constraints() {
            let Constraint::Range { min, max } = *constraint else {
                continue;
            };
            let reaches_min = min.is_none_or(|min| compare(min).is_some_and(Ordering::is_ge));
            let keeps_max = max.is_none_or(|max| compare(max).is_some_and(Ordering::is_le));
            if !(reaches_min && keeps_max) {
                let kind = ConstraintKind::Range { min, max };
                self.violate(member, Some(step), kind, || {
                    Found::Value(format!("{number:?}"))
                });
            }
        }
    }

    /// Whether the model, or the place in the request, demands a value of `member`.
    fn needs_value(&self, member: &'static Member) -> bool {
        match self.container {
            Container::List { sparse } => !sparse,
            Container::Map { schema, .. } => !schema.sparse,
            // The client fills in the token, and whoever reads the request fills in a default.
            Container::Structure if self.depth == 0 && member.idempotency_token => false,
            Container::Structure => {
                (member.required && !member.has_default) || self.fills_label(member)
            }
        }
    }

    fn fills_label(&self, member: &'static Member) -> bool {
        self.depth == 0 && (member.http == HttpBinding::Label || member.host_label)
    }
}

impl ShapeWriter for Walk<'_> {
    fn null(&mut self, member: &'static Member) -> Written {
        let step = self.step(member);
        if self.needs_value(member) {
            self.violate(member, Some(step), ConstraintKind::Required, || {
                Found::Nothing
            });
        }
        Ok(())
    }

    fn boolean(&mut self, member: &'static Member, _: bool) -> Written {
        self.step(member);
        Ok(())
    }

    fn integer(&mut self, member: &'static Member, value: i64) -> Written {
        let step = self.step(member);
        self.check_range(member, step, &|bound| compare_integer(value, bound), &value);
        self.check_enum(
            member,
            Some(step),
            &|known| known.parse() == Ok(value),
            &|| Found::Value(value.to_string()),
        );
        Ok(())
    }

    fn float(&mut self, member: &'static Member, value: f32) -> Written {
        let step = self.step(member);
        self.check_range(member, step, &|bound| compare_float(value, bound), &value);
        Ok(())
    }

    fn double(&mut self, member: &'static Member, value: f64) -> Written {
        let step = self.step(member);
        self.check_range(member, step, &|bound| compare_float(value, bound), &value);
        Ok(())
    }

    fn big_integer(&mut self, member: &'static Member, value: &BigInteger) -> Written {
        let text = value.as_str();
        let step = self.step(member);
        self.check_range(member, step, &|bound| compare_decimals(text, bound), &value);
        Ok(())
    }

    fn big_decimal(&mut self, member: &'static Member, value: &BigDecimal) -> Written {
        let text = value.as_str();
        let step = self.step(member);
        self.check_range(member, step, &|bound| compare_decimals(text, bound), &value);
        Ok(())
    }

    fn string(&mut self, member: &'static Member, value: &str) -> Written {
        let step = self.step(member);
        let violated = self.check_text(member, Some(step), value);
        if !violated && self.fills_label(member) {
            self.check_labels(member, step, value);
        }
        Ok(())
    }

    fn blob(&mut self, member: &'static Member, value: &[u8]) -> Written {
        let step = self.step(member);
        self.check_length(member, step, value.len());
        Ok(())
    }

    fn timestamp(&mut self, member: &'static Member, _: Timestamp) -> Written {
        self.step(member);
        Ok(())
    }

    fn document(&mut self, member: &'static Member, value: &Document) -> Written {
        let step = self.step(member);
        if is_deeper(value, MAX_DEPTH.saturating_sub(self.depth)) {
            let too_deep = ConstraintKind::Depth { max: MAX_DEPTH };
            self.violate(member, Some(step), too_deep, || Found::Nothing);
        }
        Ok(())
    }

    fn structure(&mut self, member: &'static Member, value: &dyn Structure) -> Written {
        let step = self.step(member);
        self.enter(member, step, Container::Structure, &|inside| {
            value.write(inside)
        });
        Ok(())
    }

    fn list(&mut self, member: &'static Member, value: &dyn ListItems) -> Written {
        let step = self.step(member);
        self.check_length(member, step, value.len());
        let [item] = member.target.members else {
            return Ok(());
        };
        let unique = |constraint| matches!(constraint, &Constraint::UniqueItems);
        if member.constraints().iter().any(unique)
            && let Some((first, second)) = unique::find_duplicate(item, value)
        {
            self.violate(member, Some(step), ConstraintKind::UniqueItems, || {
                Found::Duplicate(first, second)
            });
        }
        let sparse = member.target.sparse;
        self.enter(member, step, Container::List { sparse }, &|inside| {
            value.write_items(item, inside)
        });
        Ok(())
    }

    fn map(&mut self, member: &'static Member, value: &dyn MapEntries) -> Written {
        let step = self.step(member);
        self.check_length(member, step, value.len());
        let [key, item] = member.target.members else {
            return Ok(());
        };
        let container = Container::Map {
            schema: member.target,
            entries: value,
        };
        self.enter(member, step, container, &|inside| {
            value.write_entries(key, item, inside)
        });
        Ok(())
    }

    fn key(&mut self, member: &'static Member, value: &str) -> Written {
        self.check_text(member, None, value);
        Ok(())
    }
}

fn is_within(length: u64, min: Option<u64>, max: Option<u64>) -> bool {
    min.is_none_or(|min| min <= length) && max.is_none_or(|max| length <= max)
}

/// The number of scalar values of `text` where it is not within the bounds.
fn length_outside(text: &str, min: Option<u64>, max: Option<u64>) -> Option<u64> {
    let bytes = as_length(text.len());
    // A scalar value takes one to four bytes, so mostly there is nothing to count.
    if is_within(bytes.div_ceil(4), min, None) && is_within(bytes, None, max) {
        return None;
    }
    let length = as_length(text.chars().count());
    (!is_within(length, min, max)).then_some(length)
}

fn as_length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The beginning of a text, for people to know it by.
fn shown(text: &str) -> Found {
    Found::Value(match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    })
}

/// Whether lists and maps are inside each other more than `levels` deep.
fn is_deeper(document: &Document, levels: usize) -> bool {
    let Some(inner) = levels.checked_sub(1) else {
        return matches!(document, Document::Array(_) | Document::Object(_));
    };
    match document {
        Document::Array(items) => items.iter().any(|item| is_deeper(item, inner)),
        Document::Object(entries) => entries.values().any(|value| is_deeper(value, inner)),
        _ => false,
    }
}
