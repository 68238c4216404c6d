//! The one place where Rust names are made.
//!
//! The rules, in order:
//!
//! 1. A name is the model's, in the case that Rust has for it: `UpperCamelCase` for types and variants,
//!    `snake_case` for modules, fields and methods, `SCREAMING_SNAKE_CASE` for statics.
//! 2. A name that begins with a digit takes a leading `v`; one with nothing left is `empty`.
//! 3. A keyword is written raw (`r#type`); one that cannot be (`self`, `crate`) takes a trailing `_`.
//! 4. A name that generated code needs for something else (a shape `Option`, a member `metadata`, an
//!    enum value `Unknown`, an operation `Send`) or that no file may have (`aux`, on Windows) takes the
//!    suffix of its scope: `Shape` for types, `Value` for variants, `_` for fields and methods.
//! 5. Where several meet, the one that the model writes just so keeps the name, else the first in the
//!    order of their keys (shape ids, member names); the others take the lowest number from 2 up that
//!    nothing else wants.
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
const PRELUDE: &[&str] = &[
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
    "IntoFuture",
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

/// What Windows takes for a device, whatever the extension: no module of its own file can be called so.
///
/// Source: Microsoft, "Naming Files, Paths, and Namespaces".
const DEVICES: &[&str] = &[
    "aux", "con", "nul", "prn", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// What the static of a shape's members is called after the shape's own.
pub(crate) const MEMBERS: &str = "_MEMBERS";

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
    "new",
    "pages",
    "send",
    "send_blocking",
    "validate",
];

/// What is called on a nested input structure and is no member's setter, which would come first.
const STRUCTURE_METHODS: &[&str] = &["clone", "default", "into", "to_owned", "validate"];

/// Crates that every program has, and the one that generated code calls.
const CRATES: &[&str] = &[
    "alloc",
    "core",
    "proc_macro",
    "std",
    "test",
    "tinsmith_runtime",
];

/// Whether a crate can be called so, and be named in a `use`.
///
/// Source: The Cargo Book, "The Manifest Format", the field `name`; crates.io wants a letter first.
pub(crate) fn is_crate_name(name: &str) -> bool {
    let ident = name.replace('-', "_");
    name.is_ascii()
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !CRATES.contains(&ident.as_str())
        && syn::parse_str::<Ident>(&ident).is_ok()
}

impl Scope {
    /// Types of one module: what the generated code itself names there is taken.
    pub(crate) fn types() -> Self {
        let imported = crate::imports::known_names();
        Self::new(
            Case::Camel,
            "Shape",
            PRELUDE.iter().copied().chain(imported),
        )
    }

    /// Error structures, which stand beside the service's `Error` and `ServiceError`.
    pub(crate) fn errors() -> Self {
        let mut scope = Self::types();
        scope.taken.insert("ServiceError".into());
        scope
    }

    /// Inputs, outputs and calls of the operations.
    pub(crate) fn operations() -> Self {
        let imported = crate::imports::all_names();
        Self::new(
            Case::Camel,
            "Operation",
            PRELUDE.iter().copied().chain(imported).chain(["New"]),
        )
    }

    /// The type that stands for a service, beside its client.
    pub(crate) fn markers() -> Self {
        Self::new(
            Case::Camel,
            "Service",
            PRELUDE
                .iter()
                .copied()
                .chain(crate::imports::all_names())
                .chain(["Client", "EndpointSettings"]),
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

    /// Methods of a call's builder that wait, beside its setters.
    pub(crate) fn waiter_methods<'a>(setters: impl Iterator<Item = &'a str>) -> Self {
        let mut scope = Self::builder_methods();
        scope.taken.extend(setters.map(String::from));
        scope
    }

    /// Statics of waiters, beside the one of their operation.
    pub(crate) fn waiters() -> Self {
        Self::new(Case::Screaming, "_WAITER", ["SCHEMA"])
    }

    /// Setters of a nested input structure.
    pub(crate) fn structure_methods() -> Self {
        Self::new(Case::Snake, "_", STRUCTURE_METHODS.iter().copied())
    }

    /// Methods of a client, one an operation.
    pub(crate) fn client_methods() -> Self {
        Self::new(Case::Snake, "_", CLIENT_METHODS.iter().copied())
    }

    /// Methods of a configuration that set what only the endpoints of one service have, beside those of
    /// every configuration.
    pub(crate) fn endpoint_settings() -> Self {
        Self::new(Case::Snake, "_", ["endpoint_param", "endpoint_url"])
    }

    /// Modules of services, which are also features: the crate has features of its own and the module
    /// `runtime`, and a service has modules by fixed names.
    pub(crate) fn services() -> Self {
        let own = [
            "client",
            "default",
            "endpoint",
            "error",
            "operation",
            "patterns",
            "runtime",
            "schema",
            "types",
        ];
        let features = crate::features::RUNTIME_FEATURES;
        let features = features.iter().map(|feature| feature.name);
        let devices = DEVICES.iter().copied();
        Self::new(
            Case::Snake,
            "service",
            own.into_iter().chain(features).chain(devices),
        )
    }

    /// Modules of operations, in the folder of one called `operation`, whose own file is `mod`.
    pub(crate) fn operation_modules() -> Self {
        let own = ["mod", "operation"].into_iter();
        Self::new(Case::Snake, "_", own.chain(DEVICES.iter().copied()))
    }

    /// Statics of one module. A shape's members have a static too, whose name ends in [`MEMBERS`].
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
        // False comes first: names that stay as they are.
        let wanted: BTreeMap<(bool, K), String> = wanted
            .into_iter()
            .map(|(key, name)| {
                let preferred = self.prefer(&name);
                ((preferred != name, key), preferred)
            })
            .collect();
        let claims: BTreeSet<String> = wanted.values().cloned().collect();
        wanted
            .into_iter()
            .map(|((_, key), name)| (key, self.take(name, &claims)))
            .collect()
    }

    /// The name by rules 1, 2 and 4.
    fn prefer(&self, name: &str) -> String {
        let name = self.case.convert(name);
        let is_of_members = self.case == Case::Screaming && name.ends_with(MEMBERS);
        if is_of_members || self.taken.contains(&name) {
            format!("{name}{}", self.suffix)
        } else {
            name
        }
    }

    /// Rules 5 and 3.
    fn take(&mut self, name: String, claims: &BTreeSet<String>) -> String {
        let name = if self.taken.contains(&name) {
            // `V102` would be read as one number.
            let joined = self.case == Case::Camel && !name.ends_with(|c: char| c.is_ascii_digit());
            let separator = if joined { "" } else { "_" };
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

/// What a service's module and feature want to be called: the service's name in lower-case letters and
/// digits, without anything in between.
pub(crate) fn module_of(service: &str) -> String {
    let name: String = service
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    Case::Snake.convert(&name).replace('_', "")
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
        // Keywords are made of lower-case letters alone; most names are told apart by that.
        word if word.bytes().all(|byte| byte.is_ascii_lowercase())
            && syn::parse_str::<Ident>(word).is_err() =>
        {
            format!("r#{name}")
        }
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
                &["send", "IntoFuture", "call", "sendBlocking"]
            ),
            ["send_", "into_future_", "call_", "send_blocking_"],
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

    /// A static of members never meets the static of a shape.
    #[test]
    fn statics_of_members_are_apart() {
        assert_eq!(
            names(&mut Scope::statics(), &["Foo", "FooMembers", "Service"]),
            ["FOO", "FOO_MEMBERS_SHAPE", "SERVICE_SHAPE"],
        );
    }

    /// A setting of one service's endpoints never meets a method that every configuration has, which
    /// would be called in its place.
    #[test]
    fn settings_of_endpoints_are_apart() {
        let builder = include_str!("../../runtime/src/config/builder.rs");
        let methods = builder.split("pub fn ").skip(1);
        let methods = methods.filter_map(|rest| rest.split(['(', '<']).next());
        let own: BTreeSet<String> = methods
            .filter(|name| name.starts_with("endpoint_"))
            .map(String::from)
            .collect();
        assert_eq!(own, Scope::endpoint_settings().taken);
        assert_eq!(
            names(
                &mut Scope::endpoint_settings(),
                &["EndpointUrl", "EndpointTier"]
            ),
            ["endpoint_url_", "endpoint_tier"]
        );
    }

    /// No file has a name that some system keeps for itself.
    #[test]
    fn operations_have_files_of_their_own() {
        assert_eq!(
            names(
                &mut Scope::operation_modules(),
                &["Mod", "Aux", "Operation"]
            ),
            ["mod_", "aux_", "operation_"],
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

    /// A member whose name needs no conversion has it, whatever others there are.
    #[test]
    fn names_that_stay_as_they_are_come_first() {
        assert_eq!(
            names(
                &mut Scope::fields(false),
                &["_type", "type", "fooBar", "foo_bar"]
            ),
            ["type_2", "r#type", "foo_bar_2", "foo_bar"],
        );
    }

    /// The module is what `use` lines and features say.
    #[test]
    fn modules_are_lower_case_words() {
        assert_eq!(module_of("CodeCatalyst"), "codecatalyst");
        assert_eq!(
            module_of("Route 53 Global-Resolver"),
            "route53globalresolver"
        );
        let names = ["Match", "Default", "Aux", "Runtime"].map(|name| (name, module_of(name)));
        let names = Scope::services().assign(names);
        let names: Vec<_> = names.into_values().collect();
        assert_eq!(
            names,
            ["auxservice", "defaultservice", "r#match", "runtimeservice"]
        );
    }
}
