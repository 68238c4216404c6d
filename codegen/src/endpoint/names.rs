//! Names of variables in compiled rules.

use heck::ToSnakeCase;

/// Names that the code around the rules uses, besides Rust's own words.
const TAKEN: [&str; 2] = ["functions", "params"];

/// The Rust name of a parameter or variable.
pub(super) fn rust_name(name: &str) -> String {
    let name = name.to_snake_case();
    if syn::parse_str::<syn::Ident>(&name).is_err() || TAKEN.contains(&name.as_str()) {
        format!("{name}_value")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::rust_name;

    #[test]
    fn names_are_in_rusts_case_and_no_keywords() {
        assert_eq!(rust_name("PartitionResult"), "partition_result");
        assert_eq!(rust_name("UseFIPS"), "use_fips");
        assert_eq!(rust_name("type"), "type_value");
        assert_eq!(rust_name("params"), "params_value");
    }
}
