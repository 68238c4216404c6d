//! Loads, links and checks Smithy models.
//!
//! The stages are [`load`](load::load), [`link`](link::link) and [`check`](check::check), one module
//! each. All of them collect [`Problem`]s instead of stopping at the first, and none of them panics,
//! whatever the input. Nothing here knows of Rust output.
//!
//! ```
//! use tinsmith_model::{Sources, check, diagnostics, link, load};
//!
//! let mut sources = Sources::new();
//! sources.add(
//!     "model.json",
//!     r#"{"smithy": "2.0", "shapes": {
//!         "example#Name": {"type": "string", "traits": {"smithy.api#length": {"min": 1}}},
//!         "example#Token": {"type": "structure", "members": {"name": {"target": "example#Nme"}}}
//!     }}"#,
//! );
//! let mut problems = Vec::new();
//! let model = link(load(&sources, &mut problems), &mut problems);
//! check(&model, &mut problems);
//!
//! let rendered = diagnostics::render(&problems[0], &sources, false);
//! assert!(rendered.starts_with("error: `example#Nme` is not defined"));
//! assert!(rendered.contains("model.json:3:79"));
//! assert!(rendered.ends_with("did you mean `example#Name`?"));
//! ```

pub mod check;
pub mod diagnostics;
pub mod jmespath;
pub mod link;
pub mod load;
pub mod model;
pub mod node;
pub mod prelude;
pub mod problem;
pub mod source;
pub mod traits;
mod words;

pub use check::check;
pub use link::{Closure, link};
pub use load::load;
pub use model::{Member, Model, Shape, ShapeId, ShapeKind, Traits};
pub use node::Node;
pub use problem::{Problem, Severity};
pub use source::{Source, Sources, Span};
