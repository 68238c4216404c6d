//! Drops what no rule needs, so that the Rust has no unused variable.

use std::collections::BTreeSet;

use super::ir::{Endpoint, Outcome, Part, Property, Rule, RuleSet, Test, Value, ValueKind, Var};

/// Turns bindings that nothing reads into plain tests, and gives the variables that are read.
pub(super) fn prune(rules: &mut RuleSet) -> BTreeSet<Var> {
    let mut used = BTreeSet::new();
    prune_rules(&mut rules.rules, &mut used);
    used
}

fn prune_rules(rules: &mut [Rule], used: &mut BTreeSet<Var>) {
    for rule in rules {
        match &mut rule.outcome {
            Outcome::Endpoint(endpoint) => read_endpoint(endpoint, used),
            Outcome::Error(message) => read(message, used),
            Outcome::Tree(rules) => prune_rules(rules, used),
        }
        let tests = std::mem::take(&mut rule.tests);
        // Backwards, since a variable is read only after the test that names it.
        rule.tests = tests
            .into_iter()
            .rev()
            .filter_map(|test| prune_test(test, used))
            .collect();
        rule.tests.reverse();
    }
}

fn prune_test(test: Test, used: &mut BTreeSet<Var>) -> Option<Test> {
    let test = match test {
        Test::Let(var, _) if !used.contains(&var) => return None,
        Test::Bind(var, value) if !used.contains(&var) => Test::Present(value),
        test => test,
    };
    let (Test::Holds(value) | Test::Present(value) | Test::Bind(_, value) | Test::Let(_, value)) =
        &test;
    read(value, used);
    Some(test)
}

fn read_endpoint(endpoint: &Endpoint, used: &mut BTreeSet<Var>) {
    read(&endpoint.url, used);
    for (_, value) in &endpoint.headers {
        read(value, used);
    }
    for (_, value) in &endpoint.properties {
        read_property(value, used);
    }
}

fn read_property(property: &Property, used: &mut BTreeSet<Var>) {
    match property {
        Property::Boolean(_) => {}
        Property::Text(value) => read(value, used),
        Property::Array(items) => items.iter().for_each(|item| read_property(item, used)),
        Property::Object(entries) => {
            for (_, value) in entries {
                read_property(value, used);
            }
        }
    }
}

fn read(value: &Value, used: &mut BTreeSet<Var>) {
    match &value.kind {
        ValueKind::Var(var) => {
            used.insert(*var);
        }
        ValueKind::Boolean(_) | ValueKind::Integer(_) | ValueKind::Text(_) => {}
        ValueKind::Format(parts) => {
            for part in parts {
                if let Part::Value(value) = part {
                    read(value, used);
                }
            }
        }
        ValueKind::Field(value, _)
        | ValueKind::Element(value, _)
        | ValueKind::Not(value)
        | ValueKind::IsSet(value) => read(value, used),
        ValueKind::Equals(left, right) => {
            read(left, used);
            read(right, used);
        }
        ValueKind::Call(_, values) | ValueKind::Coalesce(values) => {
            values.iter().for_each(|value| read(value, used));
        }
        ValueKind::IfElse(values) => values.iter().for_each(|value| read(value, used)),
    }
}
