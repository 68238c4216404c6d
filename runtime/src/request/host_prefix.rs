//! Host prefixes.

use crate::endpoint::functions::is_valid_host_label;
use crate::operation::{HostSegment, OperationSchema};
use crate::shape::{Structure, WriteError, member_text};

/// What goes before the host of the endpoint for this input; empty for most operations.
///
/// Source: Smithy 2.0, "endpoint trait".
///
/// # Errors
///
/// A label that is not set, or whose value could lead to another host.
pub fn host_prefix(
    operation: &'static OperationSchema,
    input: &dyn Structure,
) -> Result<String, WriteError> {
    let mut prefix = String::new();
    for segment in operation.host_prefix {
        match segment {
            HostSegment::Literal(text) => prefix.push_str(text),
            HostSegment::Label(name) => {
                let label = member_text(input, name).unwrap_or_default();
                if !is_valid_host_label(&label, false) {
                    let message = "a label of the host name must be 1 to 63 letters, digits and \
                                   hyphens, the first of them no hyphen";
                    return Err(WriteError::new(message).under(name));
                }
                prefix.push_str(&label);
            }
        }
    }
    Ok(prefix)
}
