//! The one place where Rust names are made.
//!
//! The rules, in order:
//!
//! 1. A name is the model's, in the case that Rust has for it: `UpperCamelCase` for types and variants,
//!    `snake_case` for modules, fields and methods, `SCREAMING_SNAKE_CASE` for statics.
//! 2. A name that begins with a digit takes a leading `v`; one with nothing left is `empty`.
//! 3. A keyword is written raw (`r#type`); one that cannot be (`self`, `crate`) takes a trailing `_`.
//! 4. A name that generated code needs for something else (a shape `Option`, a member `metadata`, an
//!    enum value `Unknown`, an operation `Send`) takes the suffix of its scope: `Shape` for types,
//!    `Value` for variants, `_` for fields and methods.
//! 5. Where several meet, the first in the order of their keys (shape ids, member names) keeps the
//!    name and the others take the lowest number from 2 up that nothing else wants.
//!
//! The order of declaration plays no part, so that a name stays when a model is sorted anew.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span};

/// A space in which names must differ.
pub(crate) struct Scope {
    case: Case,
    suffix: &'static str,
    taken: BTreeSet<String>,
}

/// How the names of a scope are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// Types and variants.
    Camel,
    /// Modules, fields and methods.
    Snake,
    /// Statics.
    Screaming,
}

/// Types and traits that generated code uses and that need no import.
const PRELUDE: [&str; 29] = [
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Error",
    "Fn",
    "From",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Some",
    "String",
    "Sync",
    "Vec",
];

/// Names on a client that are not operations.
const CLIENT_METHODS: &[&str] = &["new", "from_env", "send", "call", "config", "clone"];

/// Names on a call's builder that are not members.
const BUILDER_METHODS: &[&str] = &[
    "call",
    "input",
    "input_mut",
    "into_call",
    "into_future",
    "items",
    "pages",
    "send",
    "validate",
];

/// Methods on a nested input structure that are not members' setters.
const STRUCTURE_METHODS: &[&str] = &["clone", "validate"];

impl Scope {
    /// Types of one module: what the generated code itself names there is taken.
    pub(crate) fn types() -> Self {
        let imported = crate::emit::imports::known_names();
        Self::new(Case::Camel, "Shape", PRELUDE.into_iter().chain(imported))
    }

    /// Error structures, which stand beside the service's `Error` and `ServiceError`.
    pub(crate) fn errors() -> Self {
        let mut scope = Self::types();
        scope.taken.insert("ServiceError".into());
        scope
    }

    /// Inputs, outputs and calls of the operations.
    pub(crate) fn operations() -> Self {
        let imported = crate::emit::imports::all_names();
        Self::new(
            Case::Camel,
            "Operation",
            PRELUDE.into_iter().chain(imported).chain(["New"]),
        )
    }

    /// The type that stands for a service, beside its client.
    pub(crate) fn markers() -> Self {
        Self::new(
            Case::Camel,
            "Service",
            PRELUDE
                .into_iter()
                .chain(crate::emit::imports::all_names())
                .chain(["Client"]),
        )
    }

    /// Variants of a string enum or union.
    pub(crate) fn variants() -> Self {
        Self::new(Case::Camel, "Value", ["Self", "Unknown"])
    }

    /// Variants of a service's error enum.
    pub(crate) fn error_variants() -> Self {
        Self::new(Case::Camel, "Error", ["Self", "Unmodeled"])
    }

    /// Fields of a structure that carries response metadata or not.
    pub(crate) fn fields(with_metadata: bool) -> Self {
        let reserved: &[&str] = if with_metadata { &["metadata"] } else { &[] };
        Self::new(Case::Snake, "_", reserved.iter().copied())
    }

    /// Setters of a call's builder.
    pub(crate) fn builder_methods() -> Self {
        Self::new(Case::Snake, "_", BUILDER_METHODS.iter().copied())
    }

    /// Setters of a nested input structure.
    pub(crate) fn structure_methods() -> Self {
        Self::new(Case::Snake, "_", STRUCTURE_METHODS.iter().copied())
    }

    /// Methods of a client, one an operation.
    pub(crate) fn client_methods() -> Self {
        Self::new(Case::Snake, "_", CLIENT_METHODS.iter().copied())
    }

    /// Modules of services, which have modules of their own by fixed names.
    pub(crate) fn services() -> Self {
        let own = [
            "client",
            "endpoint",
            "error",
            "operation",
            "patterns",
            "schema",
            "types",
        ];
        Self::new(Case::Snake, "service", own)
    }

    /// Modules of operations, below one called `operation`.
    pub(crate) fn operation_modules() -> Self {
        Self::new(Case::Snake, "_", ["operation"])
    }

    /// Statics of one module.
    pub(crate) fn statics() -> Self {
        Self::new(Case::Screaming, "_SHAPE", ["SERVICE"])
    }

    fn new(
        case: Case,
        suffix: &'static str,
        reserved: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        Self {
            case,
            suffix,
            taken: reserved.into_iter().map(String::from).collect(),
        }
    }

    /// Gives each key a name as near as can be to the one it wants. The result does not depend on the
    /// order of `wanted`.
    pub(crate) fn assign<K: Ord>(
        &mut self,
        wanted: impl IntoIterator<Item = (K, String)>,
    ) -> BTreeMap<K, String> {
        let wanted: BTreeMap<K, String> = wanted
            .into_iter()
            .map(|(key, name)| (key, self.prefer(&name)))
            .collect();
        let claims: BTreeSet<String> = wanted.values().cloned().collect();
        wanted
            .into_iter()
            .map(|(key, name)| (key, self.take(name, &claims)))
            .collect()
    }

    /// The name by rules 1, 2 and 4.
    fn prefer(&self, name: &str) -> String {
        let name = self.case.convert(name);
        if self.taken.contains(&name) {
            format!("{name}{}", self.suffix)
        } else {
            name
        }
    }

    /// Rules 5 and 3.
    fn take(&mut self, name: String, claims: &BTreeSet<String>) -> String {
        let name = if self.taken.contains(&name) {
            let separator = if self.case == Case::Camel { "" } else { "_" };
            (2u32..)
                .map(|number| format!("{name}{separator}{number}"))
                .find(|name| !self.taken.contains(name) && !claims.contains(name))
                .unwrap_or(name)
        } else {
            name
        };
        self.taken.insert(name.clone());
        without_keyword(name)
    }
}

impl Case {
    /// `name` in this case, never empty and never with a digit in front.
    pub(crate) fn convert(self, name: &str) -> String {
        // Signs and foreign letters part words; left in, they would be letters to the conversion.
        let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), " ");
        let mut converted = match self {
            Self::Camel => name.to_upper_camel_case(),
            Self::Snake => name.to_snake_case(),
            Self::Screaming => name.to_shouty_snake_case(),
        };
        if converted.is_empty() {
            return self.convert("empty");
        }
        if converted.starts_with(|c: char| c.is_ascii_digit()) {
            let prefix = if self == Self::Snake { 'v' } else { 'V' };
            converted.insert(0, prefix);
        }
        converted
    }
}

/// The name of a service's module and feature: the service's name in lower-case letters and digits,
/// without anything in between.
pub(crate) fn module_of(service: &str) -> String {
    let name: String = service
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    without_keyword(Case::Snake.convert(&name).replace('_', ""))
}

/// An identifier from a name that this module made.
pub(crate) fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// The name as it stands in a file name or a longer name: without `r#`.
pub(crate) fn plain(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

fn without_keyword(name: String) -> String {
    match name.as_str() {
        "self" | "Self" | "super" | "crate" | "_" => format!("{name}_"),
        // A keyword since the edition of 2024, which `syn` still takes for a name.
        "gen" => format!("r#{name}"),
        _ if syn::parse_str::<Ident>(&name).is_err() => format!("r#{name}"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(scope: &mut Scope, wanted: &[&str]) -> Vec<String> {
        let assigned = scope.assign(wanted.iter().map(|name| (*name, (*name).to_string())));
        wanted.iter().map(|name| assigned[name].clone()).collect()
    }

    /// Keywords and the names that cannot be written raw.
    #[test]
    fn keywords_are_raw_or_suffixed() {
        assert_eq!(
            names(
                &mut Scope::fields(false),
                &["type", "self", "gen", "Match", "crate"]
            ),
            ["r#type", "self_", "r#gen", "r#match", "crate_"],
        );
        assert_eq!(names(&mut Scope::variants(), &["self"]), ["SelfValue"]);
    }

    /// A shape may be called like anything that generated code itself uses.
    #[test]
    fn names_in_use_take_the_suffix_of_their_scope() {
        assert_eq!(
            names(
                &mut Scope::types(),
                &[
                    "Option", "Result", "String", "Blob", "BTreeMap", "Error", "Client"
                ],
            ),
            [
                "OptionShape",
                "ResultShape",
                "StringShape",
                "BlobShape",
                "BTreeMapShape",
                "ErrorShape",
                "Client"
            ],
        );
        assert_eq!(
            names(&mut Scope::fields(true), &["metadata"]),
            ["metadata_"]
        );
        assert_eq!(
            names(
                &mut Scope::builder_methods(),
                &["send", "IntoFuture", "call"]
            ),
            ["send_", "into_future_", "call_"],
        );
        assert_eq!(
            names(&mut Scope::variants(), &["unknown"]),
            ["UnknownValue"]
        );
    }

    /// Values that are no names: empty, digits, punctuation, signs alone.
    #[test]
    fn what_is_no_name_becomes_one() {
        assert_eq!(
            names(
                &mut Scope::variants(),
                &["", "2012-10-17", "a/b", "!!!", "ünïcode"]
            ),
            ["Empty", "V20121017", "AB", "Empty2", "NCode"],
        );
    }

    /// Shapes that meet after conversion, with every natural name kept where it can be.
    #[test]
    fn collisions_take_numbers_that_nothing_wants() {
        let wanted = ["Foo_Bar", "FooBar", "fooBar", "FooBar2"];
        let first = names(&mut Scope::types(), &wanted);
        assert_eq!(first, ["FooBar3", "FooBar", "FooBar4", "FooBar2"]);
        let mut reversed = wanted;
        reversed.reverse();
        let mut second = names(&mut Scope::types(), &reversed);
        second.reverse();
        assert_eq!(first, second, "the order of declaration plays no part");
    }

    /// The module is what `use` lines and features say.
    #[test]
    fn modules_are_lower_case_words() {
        assert_eq!(module_of("CodeCatalyst"), "codecatalyst");
        assert_eq!(
            module_of("Route 53 Global-Resolver"),
            "route53globalresolver"
        );
        assert_eq!(module_of("Match"), "r#match");
    }
}
