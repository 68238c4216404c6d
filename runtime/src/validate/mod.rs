//! Checking a value against the constraints of its model, before anything is sent.
//!
//! The validator is one more visitor over the walk that a serialiser takes
//! ([`Structure::write`]), so it sees exactly what would be sent: members, items of lists, keys and
//! values of maps and variants of unions, at any depth. It reads the constraints in force from each
//! [`Member`] and collects every violation.
//!
//! A value without a violation is checked without allocating, except for the items of a list with
//! `uniqueItems`.
//!
//! Source: Smithy 2.0, "Constraint traits"; the words of the messages are those in which AWS services
//! answer, as the Smithy protocol tests for `smithy.framework#ValidationException` have them.

mod error;
mod mode;
mod number;
mod path;
mod unique;
mod walk;

pub use error::{ConstraintKind, Found, MAX_VIOLATIONS, ValidationError, Violation};
pub use mode::{ParseValidationError, Validation};
pub use walk::MAX_DEPTH;

use crate::operation::{Operation, OperationSchema};
use crate::schema::{Member, Schema};
use crate::shape::{Structure, Value};
use walk::Report;

/// What is checked besides the constraints that are always checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[must_use]
pub struct ValidationOptions {
    check_enums: bool,
}

impl ValidationOptions {
    /// The checks that a client makes unless told otherwise: all but enum values.
    pub const fn new() -> Self {
        Self { check_enums: false }
    }

    /// Whether to refuse an enum value that the model does not know.
    ///
    /// Off unless set, since services add values and callers may know one before the client is
    /// generated again.
    pub const fn check_enums(mut self, check: bool) -> Self {
        self.check_enums = check;
        self
    }
}

/// Checks an operation's input, of which `schema` is the shape.
///
/// Bindings that only an operation's input has are honoured: HTTP and host labels must be fit for
/// their place, and an absent idempotency token is let pass, because the client fills it in.
///
/// # Errors
///
/// All violations, up to [`MAX_VIOLATIONS`].
pub fn validate(
    schema: &'static Schema,
    input: &dyn Structure,
    options: ValidationOptions,
) -> Result<(), ValidationError> {
    let mut report = Report::new(options);
    report.check_input(schema, input);
    report.finish()
}

/// Checks an operation's input, and that the members which its endpoint is made of can be a part of it.
///
/// # Errors
///
/// All violations, up to [`MAX_VIOLATIONS`].
pub(crate) fn validate_operation(
    operation: &OperationSchema,
    input: &dyn Structure,
    options: ValidationOptions,
) -> Result<(), ValidationError> {
    let mut report = Report::new(options);
    report.check_input(operation.input, input);
    report.check_endpoint(operation, input);
    report.finish()
}

/// Checks one value against what the model says of `member`, as a form or a command line does before
/// there is a whole input. The paths in the error begin with the member's name.
///
/// # Errors
///
/// All violations, up to [`MAX_VIOLATIONS`].
///
/// # Examples
///
/// ```
/// use tinsmith_runtime::schema::{Constraint, Member, prelude};
/// use tinsmith_runtime::validate::{ValidationOptions, validate_value};
///
/// static NAME: Member = Member::new("name", &prelude::STRING)
///     .constrained(&[Constraint::Length { min: Some(1), max: Some(100) }]);
///
/// assert!(validate_value(&NAME, &String::from("ci"), ValidationOptions::new()).is_ok());
/// assert_eq!(
///     validate_value(&NAME, &String::new(), ValidationOptions::new()).unwrap_err().to_string(),
///     "1 validation error detected. Value with length 0 at '/name' failed to satisfy constraint: \
///      Member must have length between 1 and 100, inclusive",
/// );
/// ```
pub fn validate_value<V: Value>(
    member: &'static Member,
    value: &V,
    options: ValidationOptions,
) -> Result<(), ValidationError> {
    let mut report = Report::new(options);
    report.check_value(member, &|writer| value.write(member, writer));
    report.finish()
}

/// `input.validate()`, for the input of every operation.
pub trait Validate {
    /// Checks the input as the client does before it sends it.
    ///
    /// # Errors
    ///
    /// All violations, up to [`MAX_VIOLATIONS`].
    fn validate(&self) -> Result<(), ValidationError> {
        self.validate_with(ValidationOptions::new())
    }

    /// Checks the input with `options`.
    ///
    /// # Errors
    ///
    /// All violations, up to [`MAX_VIOLATIONS`].
    fn validate_with(&self, options: ValidationOptions) -> Result<(), ValidationError>;
}

impl<O: Operation> Validate for O {
    fn validate_with(&self, options: ValidationOptions) -> Result<(), ValidationError> {
        validate_operation(O::SCHEMA, self, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{EndpointBinding, ParamSource, PathStep};
    use crate::fixture::{Create, SERVICE};
    use crate::schema::prelude;

    const BINDING: EndpointBinding =
        EndpointBinding::new("Bucket", ParamSource::Input(&[PathStep::Member("name")]));

    fn violations(operation: &OperationSchema, name: &str) -> Vec<ConstraintKind> {
        let input = Create {
            name: Some(name.to_owned()),
            ..Create::default()
        };
        let checked = validate_operation(operation, &input, ValidationOptions::new());
        let violations = checked.err().map(|error| error.violations);
        let kinds = violations.into_iter().flatten().map(|it| {
            assert_eq!(it.path, "/name");
            it.constraint
        });
        kinds.collect()
    }

    /// A blank name of a bucket would address the service itself, or somebody else's host.
    #[test]
    fn a_required_part_of_the_endpoint_is_not_blank() {
        static INPUT: Schema = Schema::structure("test#Input", &MEMBERS);
        static MEMBERS: [Member; 1] = [Member::new("name", &prelude::STRING).required()];
        static OPTIONAL: Schema = Schema::structure("test#Input", &OPTIONAL_MEMBERS);
        static OPTIONAL_MEMBERS: [Member; 1] = [Member::new("name", &prelude::STRING)];
        let plain = OperationSchema::rpc("test#Get", &SERVICE, &INPUT, &INPUT);
        for blank in ["", " ", "\t\u{3000}"] {
            assert_eq!(violations(&plain, blank), []);
        }
        let bound = plain.endpoint_bindings(&[BINDING]);
        for blank in ["", " ", "\t\u{3000}"] {
            assert_eq!(violations(&bound, blank), [ConstraintKind::EndpointParam]);
        }
        assert_eq!(violations(&bound, "a"), []);
        let bound = OperationSchema::rpc("test#Get", &SERVICE, &OPTIONAL, &OPTIONAL);
        assert_eq!(violations(&bound.endpoint_bindings(&[BINDING]), ""), []);
    }
}
