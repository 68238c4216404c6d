//! Loads, links and checks Smithy models.
//!
//! The stages are [`load`](load::load), [`link`](link::link) and [`check`](check::check), one module
//! each. All of them collect [`Problem`]s instead of stopping at the first, and none of them panics,
//! whatever the input. Nothing here knows of Rust output.

pub mod check;
pub mod diagnostics;
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
