//! What the generated clients refuse before anything is sent, input by input.

// A test that panics has failed, and says where.
#![allow(clippy::unwrap_used)]

use generated_client::{codecatalyst, route53globalresolver};
use tinsmith_runtime::operation::Operation;
use tinsmith_runtime::schema::{Constraint, Member};
use tinsmith_runtime::validate::{ConstraintKind, Validate, ValidationOptions, validate_value};

use codecatalyst::operation as catalyst;
use route53globalresolver::operation as resolver;

/// The violations of an input, as services tell of them.
fn messages(input: &impl Validate) -> Vec<String> {
    let error = input.validate().err();
    let violations = error.map(|error| error.violations).unwrap_or_default();
    violations.iter().map(ToString::to_string).collect()
}

#[test]
fn an_id_of_36_characters_passes_and_one_of_37_is_refused() {
    let delete = |id: &str| catalyst::DeleteAccessTokenInput {
        id: Some(id.to_owned()),
    };
    // The example of the API reference has as many characters as an id may have.
    let id = "a1b2c3d4-5678-90ab-cdef-EXAMPLEbbbbb";
    assert_eq!(delete(id).validate(), Ok(()));
    assert_eq!(
        messages(&delete(&format!("{id}x"))),
        [
            "Value with length 37 at '/id' failed to satisfy constraint: \
          Member must have length between 1 and 36, inclusive"
        ]
    );
    assert_eq!(messages(&delete("..")).len(), 1);
    assert_eq!(messages(&delete("")).len(), 1);
    assert_eq!(
        messages(&catalyst::DeleteAccessTokenInput::default()),
        ["Value at '/id' failed to satisfy constraint: Member must not be null"]
    );
}

#[test]
fn the_constraints_of_members_and_of_shapes_are_checked() {
    let list = |max_results, next_token: String| catalyst::ListAccessTokensInput {
        max_results: Some(max_results),
        next_token: Some(next_token),
    };
    assert_eq!(list(-1, "é".repeat(10_000)).validate(), Ok(()));
    assert_eq!(
        messages(&list(11, String::new())),
        [
            "Value at '/maxResults' failed to satisfy constraint: \
             Member must be less than or equal to 10",
            "Value with length 0 at '/nextToken' failed to satisfy constraint: \
             Member must have length between 1 and 10000, inclusive",
        ]
    );
}

#[test]
fn a_resource_id_is_not_a_path() {
    let get = |id: &str| resolver::GetAccessTokenInput {
        access_token_id: Some(id.to_owned()),
    };
    assert_eq!(get("atk-0.a").validate(), Ok(()));
    assert_eq!(
        messages(&get("a/b")),
        ["Value at '/accessTokenId' failed to satisfy constraint: \
          Member must satisfy regular expression pattern: ^[-.a-zA-Z0-9]+$"]
    );
    // The pattern lets it pass, but it would address another resource.
    let error = get("..").validate().unwrap_err();
    assert_eq!(error.violations[0].constraint, ConstraintKind::PathLabel);
}

#[test]
fn every_violation_of_an_input_is_found() {
    let tag = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let create = |name: &str, tags: Vec<(String, String)>| resolver::CreateAccessTokenInput {
        dns_view_id: Some("dnsv-1".to_owned()),
        name: Some(name.to_owned()),
        tags: Some(tags.into_iter().collect()),
        ..Default::default()
    };
    let good = create(
        "1 'branch' office",
        vec![tag("équipe 1", ""), tag("a/b", "x@y=z")],
    );
    assert_eq!(good.validate(), Ok(()));

    let bad = create(
        "2030",
        vec![tag("", "ok"), tag("a/b", "a*b"), tag("a*b", "ok")],
    );
    let error = bad.validate().unwrap_err();
    let paths: Vec<_> = error.violations.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["/name", "/tags", "/tags", "/tags/a~1b"]);

    let many = (0..51).map(|index| tag(&format!("k{index}"), "")).collect();
    assert_eq!(
        messages(&create("ci", many)),
        [
            "Value with length 51 at '/tags' failed to satisfy constraint: \
          Member must have length between 0 and 50, inclusive"
        ]
    );
}

#[test]
fn constraints_can_be_shown_and_checked_before_there_is_an_input() {
    let schema = catalyst::CreateAccessTokenInput::SCHEMA.input;
    let name: &'static Member = schema.member("name").unwrap();
    assert!(matches!(
        name.constraints(),
        [Constraint::Length {
            min: Some(1),
            max: Some(100)
        }]
    ));
    let check = |text: &str| validate_value(name, &text.to_owned(), ValidationOptions::new());
    assert_eq!(check("ci"), Ok(()));
    assert!(check(&"n".repeat(101)).is_err());
}
