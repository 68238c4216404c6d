//! What holds for every model and every value.

use proptest::prelude::*;
use tinsmith_runtime::schema::Member;
use tinsmith_runtime::validate::{ConstraintKind, ValidationOptions, validate};

use crate::checker::{Verdict, fields_outside, judge};
use crate::data::Fields;
use crate::plan::{Chance, Draw, Plan, Slot, input};
use crate::secrets::{SECRET, conceal, make_sensitive};

/// The member that stands for the whole input.
fn root(plan: &Plan) -> &'static Member {
    let slot = Slot {
        plan: plan.clone(),
        required: false,
        overrides: Default::default(),
    };
    Box::leak(Box::new(slot.member("input")))
}

/// What the validator says, in the judge's terms.
fn verdict(root: &'static Member, fields: &Fields) -> Verdict {
    let error = validate(root.target, fields, ValidationOptions::new()).err();
    let violations = error.map(|error| error.violations).unwrap_or_default();
    let terms = violations.into_iter().map(|violation| {
        let rule = match violation.constraint {
            ConstraintKind::Required => "required",
            ConstraintKind::Length { .. } => "length",
            ConstraintKind::Range { .. } => "range",
            ConstraintKind::Pattern { .. } => "pattern",
            ConstraintKind::UniqueItems => "unique",
            _ => "another",
        };
        (violation.path, rule)
    });
    terms.collect()
}

fn judged(plan: &Plan, fields: &Fields) -> Verdict {
    let mut verdict = Verdict::new();
    judge(plan, fields, "", &mut verdict);
    verdict
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn any_value_is_judged_as_an_independent_checker_judges_it(
        plan in input(),
        seed in any::<u64>(),
    ) {
        let root = root(&plan);
        let mut chance = Chance(seed);
        for _ in 0..8 {
            let drawn = plan.draw_fields(root.target.members, &mut chance, Draw::Around);
            if let Some(fields) = drawn {
                let mut expected = judged(&plan, &fields);
                expected.truncate(tinsmith_runtime::validate::MAX_VIOLATIONS);
                prop_assert_eq!(verdict(root, &fields), expected);
            }
        }
    }

    #[test]
    fn a_value_from_inside_the_constraints_passes_and_one_step_outside_fails(
        plan in input(),
        seed in any::<u64>(),
    ) {
        let root = root(&plan);
        let mut chance = Chance(seed);
        let drawn = plan.draw_fields(root.target.members, &mut chance, Draw::Inside);
        prop_assume!(drawn.is_some());
        let inside = drawn.unwrap();
        prop_assert_eq!(verdict(root, &inside), Verdict::new());
        for (path, rule, outside) in fields_outside(&plan, &inside, "") {
            let found = verdict(root, &outside);
            prop_assert!(found.contains(&(path, rule)), "{:?} lacks {}", found, rule);
            prop_assert_eq!(found, judged(&plan, &outside));
        }
    }
    #[test]
    fn what_is_sensitive_is_in_no_part_of_an_error(plan in input(), seed in any::<u64>()) {
        let mut plan = plan;
        let mut chance = Chance(seed);
        make_sensitive(&mut plan, &mut chance);
        let root = root(&plan);
        for _ in 0..8 {
            let drawn = plan.draw_fields(root.target.members, &mut chance, Draw::Around);
            let Some(fields) = drawn else {
                continue;
            };
            let fields = conceal(&plan, &fields, plan.sensitive);
            if let Err(error) = validate(root.target, &fields, ValidationOptions::new()) {
                prop_assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
            }
        }
    }
}
