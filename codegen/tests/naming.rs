//! A model in which every name is a hazard: it generates, compiles without a warning, and what its types
//! hold comes back from the wire as it was sent.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)] // What only the cases need.
mod support;

use std::path::Path;

use support::crates::{self, Crate};
use support::{generate, outcome};
use tinsmith_codegen::{DevDependency, Options};

/// The program in `naming/round_trip.rs` is a test of the generated crate, so that it sees what a user
/// sees.
#[test]
fn every_obstacle_is_taken() {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/naming-obstacles.json");
    let dependency = |name: &str| DevDependency {
        name: name.into(),
        requirement: "\"1\"".into(),
    };
    let options = Options {
        dev_dependencies: vec![dependency("http"), dependency("serde_json")],
        ..crates::options("obstacles")
    };
    let package = outcome(generate(&[model], &options));
    let generated = Crate::write("obstacles", &package.files);
    generated.add("tests/round_trip.rs", include_str!("naming/round_trip.rs"));
    generated.is_free_of_warnings();
    generated.cargo("test", &[]);
}
