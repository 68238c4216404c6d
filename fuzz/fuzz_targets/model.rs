//! The model loader and all that follows it: whatever the text, problems with their places or a model,
//! and a model without errors generates or says why not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tinsmith_codegen::{Options, check_patterns, generate};
use tinsmith_model::{Severity, Sources, check, diagnostics, link, load};

fuzz_target!(|text: &str| {
    let mut sources = Sources::new();
    sources.add("model.json", text);
    let mut problems = Vec::new();
    let model = link(load(&sources, &mut problems), &mut problems);
    check(&model, &mut problems);
    problems.extend(check_patterns(&model));
    if !problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
        && let Err(refused) = generate(&model, &Options::new("client"))
    {
        assert!(!refused.is_empty(), "refused without a reason");
        problems.extend(refused);
    }
    for problem in &problems {
        assert!(!diagnostics::render(problem, &sources, false).is_empty());
    }
});
