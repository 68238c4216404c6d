//! What a generated crate would hold, made from a model while the test runs: schemas, and a value of
//! any structure.

#![allow(dead_code)] // Each test uses its part.

mod constraints;
mod model;
mod value;

pub(crate) use model::Model;
pub(crate) use value::DynStructure;

use std::path::PathBuf;

/// A folder of the public test data, or `None`, with a line that says so, where there is none.
pub(crate) fn conformance(folder: &str) -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/conformance");
    let path = PathBuf::from(root).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("1 skipped: no conformance data in {}", path.display());
    None
}
