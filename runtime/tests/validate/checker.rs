//! An independent judge: says what violates a plan without a look at schemas or at the validator.

use std::collections::BTreeMap;

use crate::data::{Data, Fields};
use crate::plan::{Bounds, Kind, Plan, Rules, Slot};

/// The path and the constraint of each violation, in order.
pub(crate) type Verdict = Vec<(String, &'static str)>;

/// A place, a constraint, and a value that violates it there.
type Step<T> = (String, &'static str, T);

/// Judges the members of a structure or union.
pub(crate) fn judge(plan: &Plan, fields: &Fields, path: &str, verdict: &mut Verdict) {
    for (member, value) in fields.0.iter().flatten() {
        let index: usize = member.name.strip_prefix('m').unwrap().parse().unwrap();
        let slot = &plan.slots[index];
        judge_value(
            slot,
            value,
            slot.required,
            &format!("{path}/{}", member.name),
            verdict,
        );
    }
}

fn judge_value(slot: &Slot, value: &Data, needed: bool, path: &str, verdict: &mut Verdict) {
    let rules = slot.rules();
    let mut refuse = |refused: bool, rule| {
        if refused {
            verdict.push((path.to_owned(), rule));
        }
    };
    match value {
        Data::Null => refuse(needed, "required"),
        Data::String(text) => judge_text(rules, text, path, verdict),
        Data::Blob(bytes) => refuse(outside(bytes.len(), rules.length), "length"),
        Data::List(items) => {
            refuse(outside(items.len(), rules.length), "length");
            refuse(rules.unique && has_duplicate(items), "unique");
            for (index, item) in items.iter().enumerate() {
                let path = format!("{path}/{index}");
                judge_value(&slot.plan.slots[0], item, !slot.plan.sparse, &path, verdict);
            }
        }
        Data::Map(entries) => {
            refuse(outside(entries.len(), rules.length), "length");
            for (key, item) in entries {
                judge_text(slot.plan.slots[0].rules(), key, path, verdict);
                let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
                judge_value(&slot.plan.slots[1], item, !slot.plan.sparse, &path, verdict);
            }
        }
        Data::Structure(fields) => judge(&slot.plan, fields, path, verdict),
        number => {
            if let Some(number) = in_thousandths(number) {
                refuse(beyond(number, rules.range), "range");
            }
        }
    }
}

fn judge_text(rules: Rules, text: &str, path: &str, verdict: &mut Verdict) {
    if outside(text.chars().count(), rules.length) {
        verdict.push((path.to_owned(), "length"));
    }
    let letter = |c| "abcé".contains(c);
    if rules.letters && (text.is_empty() || !text.chars().all(letter)) {
        verdict.push((path.to_owned(), "pattern"));
    }
}

fn outside(length: usize, bounds: Bounds) -> bool {
    beyond(i64::try_from(length).unwrap(), bounds)
}

fn beyond(number: i64, (min, max): Bounds) -> bool {
    min.is_some_and(|min| number < min) || max.is_some_and(|max| max < number)
}

/// Every number that the plans draw is one of whole thousandths.
fn in_thousandths(number: &Data) -> Option<i64> {
    let text = match number {
        Data::Integer(number) => number.to_string(),
        Data::BigInteger(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Double(number) => number.to_string(),
        Data::BigDecimal(number) => number.to_string(),
        _ => return None,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    Some(format!("{whole}{fraction:0<3}").parse().unwrap())
}

fn has_duplicate(items: &[Data]) -> bool {
    let mut rest = items.iter();
    rest.clone().any(|item| {
        rest.next();
        rest.clone().any(|other| is_same(item, other))
    })
}

/// Equality as Smithy has it.
pub(crate) fn is_same(left: &Data, right: &Data) -> bool {
    match (left, right) {
        (Data::Null, Data::Null) => true,
        (Data::Boolean(left), Data::Boolean(right)) => left == right,
        (Data::String(left), Data::String(right)) => left == right,
        (Data::Blob(left), Data::Blob(right)) => left == right,
        (Data::List(left), Data::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| is_same(l, r))
        }
        (Data::Map(left), Data::Map(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(l, r)| l.0 == r.0 && is_same(l.1, r.1))
        }
        (Data::Structure(left), Data::Structure(right)) => {
            let (left, right) = (left.0.as_deref().unwrap(), right.0.as_deref().unwrap());
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(l, r)| l.0.name == r.0.name && is_same(&l.1, &r.1))
        }
        (left, right) => {
            in_thousandths(left).is_some() && in_thousandths(left) == in_thousandths(right)
        }
    }
}

/// Every way to take `value` one step outside one constraint: the place, the constraint, and the
/// value that came of it.
pub(crate) fn steps_outside(
    slot: &Slot,
    value: &Data,
    needed: bool,
    path: &str,
) -> Vec<Step<Data>> {
    let rules = slot.rules();
    let mut steps = Vec::new();
    if needed {
        steps.push((path.to_owned(), "required", Data::Null));
    }
    match value {
        Data::String(text) => steps.extend(
            text_steps(rules, text)
                .into_iter()
                .map(|(rule, text)| (path.to_owned(), rule, Data::String(text))),
        ),
        Data::Blob(_) => steps.extend(
            lengths_outside(rules)
                .map(|length| (path.to_owned(), "length", Data::Blob(vec![7; length]))),
        ),
        Data::List(items) => steps.extend(list_steps(slot, items, path)),
        Data::Map(entries) => steps.extend(map_steps(slot, entries, path)),
        Data::Structure(fields) => {
            for (path, rule, outside) in fields_outside(&slot.plan, fields, path) {
                steps.push((path, rule, Data::Structure(outside)));
            }
        }
        _ => steps.extend(
            numbers_outside(slot.plan.kind, rules)
                .into_iter()
                .map(|outside| (path.to_owned(), "range", outside)),
        ),
    }
    steps
}

fn list_steps(slot: &Slot, items: &[Data], path: &str) -> Vec<Step<Data>> {
    let rules = slot.rules();
    let mut steps = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let path = format!("{path}/{index}");
        let inside = steps_outside(&slot.plan.slots[0], item, !slot.plan.sparse, &path);
        steps.extend(inside.into_iter().map(|(path, rule, outside)| {
            let mut items = items.to_vec();
            items[index] = outside;
            (path, rule, Data::List(items))
        }));
    }
    if let Some(first) = items.first() {
        steps.extend(lengths_outside(rules).map(|length| {
            let mut items = items.to_vec();
            items.resize(length, first.clone());
            (path.to_owned(), "length", Data::List(items))
        }));
        if rules.unique {
            let mut items = items.to_vec();
            items.push(first.clone());
            steps.push((path.to_owned(), "unique", Data::List(items)));
        }
    }
    steps
}

fn map_steps(slot: &Slot, entries: &BTreeMap<String, Data>, path: &str) -> Vec<Step<Data>> {
    let [key_slot, value_slot] = slot.plan.slots.as_slice() else {
        return Vec::new();
    };
    let mut steps = Vec::new();
    for (key, item) in entries {
        for (rule, outside) in text_steps(key_slot.rules(), key) {
            let mut entries = entries.clone();
            entries.insert(outside, item.clone());
            steps.push((path.to_owned(), rule, Data::Map(entries)));
        }
        let path = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        for (path, rule, outside) in steps_outside(value_slot, item, !slot.plan.sparse, &path) {
            let mut entries = entries.clone();
            entries.insert(key.clone(), outside);
            steps.push((path, rule, Data::Map(entries)));
        }
    }
    steps
}

/// The same for one member at a time of a structure or union.
pub(crate) fn fields_outside(plan: &Plan, fields: &Fields, path: &str) -> Vec<Step<Fields>> {
    let fields = fields.0.as_deref().unwrap();
    let mut steps = Vec::new();
    for (place, (member, value)) in fields.iter().enumerate() {
        let index: usize = member.name.strip_prefix('m').unwrap().parse().unwrap();
        let slot = &plan.slots[index];
        let needed = slot.required && plan.kind == Kind::Structure;
        for (path, rule, outside) in
            steps_outside(slot, value, needed, &format!("{path}/{}", member.name))
        {
            let mut fields = fields.to_vec();
            fields[place].1 = outside;
            steps.push((path, rule, Fields(Some(fields))));
        }
    }
    steps
}

fn lengths_outside(rules: Rules) -> impl Iterator<Item = usize> {
    let (min, max) = rules.length;
    let lengths = [min.map(|min| min - 1), max.map(|max| max + 1)];
    lengths
        .into_iter()
        .flatten()
        .filter_map(|length| usize::try_from(length).ok())
}

fn text_steps(rules: Rules, text: &str) -> Vec<(&'static str, String)> {
    let mut steps: Vec<_> = lengths_outside(rules)
        .map(|length| ("length", "é".repeat(length)))
        .collect();
    if rules.letters {
        let end = text.char_indices().next_back().map_or(0, |(at, _)| at);
        steps.push(("pattern", format!("{}d", &text[..end])));
    }
    steps
}

fn numbers_outside(kind: Kind, rules: Rules) -> Vec<Data> {
    let step = if matches!(kind, Kind::Long | Kind::BigInteger) {
        1000
    } else {
        1
    };
    let (min, max) = rules.range;
    let bounds = [min.map(|min| min - step), max.map(|max| max + step)];
    let number = |thousandths: i64| {
        let text = crate::plan::thousandths(thousandths);
        match kind {
            Kind::Long => Data::Integer(thousandths / 1000),
            Kind::BigInteger => Data::BigInteger((thousandths / 1000).into()),
            Kind::Float => Data::Float(text.parse().unwrap()),
            Kind::Double => Data::Double(text.parse().unwrap()),
            _ => Data::BigDecimal(text.parse().unwrap()),
        }
    };
    bounds.into_iter().flatten().map(number).collect()
}
