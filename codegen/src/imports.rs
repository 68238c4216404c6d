//! The `use` lines of a file, worked out from the names its items use.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::visit::{self, Visit};

use crate::ir::Service;
use crate::names::ident;

/// Names that emitted code uses unqualified, by the module they come from. A name that begins with a
/// lower-case letter is a module and cannot meet a type.
const KNOWN: &[(&str, &[&str])] = &[
    ("std", &["fmt"]),
    ("std::collections", &["BTreeMap"]),
    (
        "tinsmith_runtime",
        &[
            "Config",
            "ConfigError",
            "customizations",
            "event_stream",
            "jmespath",
            "pattern",
            "protocol",
            "shape",
            "stream",
            "waiter",
        ],
    ),
    (
        "tinsmith_runtime::checksum",
        &["ChecksumAlgorithm", "HttpChecksum"],
    ),
    ("tinsmith_runtime::client", &["Call"]),
    (
        "tinsmith_runtime::endpoint",
        &[
            "Endpoint",
            "EndpointBinding",
            "EndpointError",
            "EndpointParams",
            "FixedParam",
            "ParamSource",
            "ParamValue",
            "PathStep",
            "Property",
            "functions",
        ],
    ),
    ("tinsmith_runtime::error", &["UnmodeledError"]),
    ("tinsmith_runtime::generated", &["TokenField"]),
    ("tinsmith_runtime::jmespath", &["Expr"]),
    ("tinsmith_runtime::metadata", &["ResponseMetadata"]),
    (
        "tinsmith_runtime::operation",
        &[
            "AuthScheme",
            "HostSegment",
            "HttpTrait",
            "Operation",
            "OperationSchema",
            "Output",
            "Paginated",
            "PathSegment",
            "Service",
            "ServiceSchema",
        ],
    ),
    ("tinsmith_runtime::paginate", &["Items", "Pages"]),
    ("tinsmith_runtime::pattern", &["Pattern"]),
    (
        "tinsmith_runtime::schema",
        &[
            "Constraint",
            "EventBinding",
            "Fault",
            "HttpBinding",
            "Member",
            "Schema",
            "ShapeKind",
            "TimestampFormat",
            "prelude",
        ],
    ),
    (
        "tinsmith_runtime::shape",
        &["BigDecimal", "BigInteger", "Blob", "Document", "Sensitive"],
    ),
    ("tinsmith_runtime::timestamp", &["Timestamp"]),
];

/// Names of the service's own module.
const OWN: &[&str] = &[
    "endpoint",
    "error",
    "operation",
    "patterns",
    "schema",
    "types",
];

/// Names of the service's `error` module.
const OWN_ERRORS: &[&str] = &["Error", "ServiceError"];

/// The known names that could meet the name of a type.
pub(crate) fn known_names() -> impl Iterator<Item = &'static str> {
    KNOWN
        .iter()
        .filter(|(module, _)| {
            module.starts_with("tinsmith_runtime::shape") || RESERVED.contains(module)
        })
        .flat_map(|(_, names)| names.iter().copied())
        .filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// All names that emitted code may import.
pub(crate) fn all_names() -> impl Iterator<Item = &'static str> {
    let own = OWN_ERRORS.iter().copied();
    KNOWN
        .iter()
        .flat_map(|(_, names)| names.iter().copied())
        .chain(own)
}

/// The modules besides that of the data types whose names stand beside the service's own types.
const RESERVED: &[&str] = &[
    "std::collections",
    "tinsmith_runtime::metadata",
    "tinsmith_runtime::timestamp",
];

/// The `use` items for what the items of `file` use and do not define. `service` is the one whose
/// module the file stands in.
pub(crate) fn of(file: &syn::File, service: Option<&Service>) -> TokenStream {
    let mut used = FirstSegments::default();
    used.visit_file(file);
    for item in &file.items {
        for name in defined_names(item) {
            used.names.remove(&name);
        }
    }
    let mut uses: BTreeMap<String, Vec<TokenStream>> = BTreeMap::new();
    for (module, names) in known(service) {
        for name in names.into_iter().filter(|name| used.names.contains(*name)) {
            let (parent, name) = place(&module, name);
            uses.entry(parent).or_default().push(name);
        }
    }
    let lines: BTreeMap<String, TokenStream> = uses.into_iter().map(line).collect();
    lines.into_values().collect()
}

/// A `use` item with what it is sorted by.
fn line((module, names): (String, Vec<TokenStream>)) -> (String, TokenStream) {
    let path: Vec<_> = module.split("::").map(ident).collect();
    match names.as_slice() {
        [name] if name.to_string() == "self" => (module, quote!(use #(#path)::*;)),
        [name] => (
            format!("{module}::{name}"),
            quote!(use #(#path)::* :: #name;),
        ),
        names => (
            format!("{module}::{{"),
            quote!(use #(#path)::* :: { #(#names),* };),
        ),
    }
}

/// Where a name is imported from, and how it is written there: a module that is imported along with
/// its own names is the `self` among them.
fn place(module: &str, name: &str) -> (String, TokenStream) {
    let own = format!("{module}::{name}");
    if KNOWN.iter().any(|(other, _)| *other == own) {
        return (own, quote!(self));
    }
    let name = ident(name);
    (module.into(), quote!(#name))
}

/// All modules with the names that come from them.
fn known(service: Option<&Service>) -> Vec<(String, Vec<&str>)> {
    let of_runtime = KNOWN
        .iter()
        .map(|(module, names)| ((*module).to_string(), names.to_vec()));
    let Some(service) = service else {
        return of_runtime.collect();
    };
    let module = format!("crate::{}", service.module);
    let mut own = OWN.to_vec();
    own.push(&service.marker);
    let of_errors = (format!("{module}::error"), OWN_ERRORS.to_vec());
    [(module, own), of_errors]
        .into_iter()
        .chain(of_runtime)
        .collect()
}

/// The names that an item brings into scope.
fn defined_names(item: &syn::Item) -> Vec<String> {
    match item {
        syn::Item::Enum(item) => vec![item.ident.to_string()],
        syn::Item::Mod(item) => vec![item.ident.to_string()],
        syn::Item::Struct(item) => vec![item.ident.to_string()],
        syn::Item::Type(item) => vec![item.ident.to_string()],
        _ => Vec::new(),
    }
}

/// The first segments of all paths: what must be in scope.
#[derive(Default)]
struct FirstSegments {
    names: BTreeSet<String>,
    /// Room for a name that is most likely known already.
    name: String,
}

impl<'ast> Visit<'ast> for FirstSegments {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let (None, Some(first)) = (&path.leading_colon, path.segments.first()) {
            self.name.clear();
            // Writing to a String does not fail.
            let _ = write!(self.name, "{}", first.ident);
            // A single lower-case segment is a variable or function, never a module.
            let is_type = self.name.starts_with(|c: char| c.is_ascii_uppercase());
            let is_name = path.segments.len() > 1 || is_type;
            if is_name && !self.names.contains(&self.name) {
                self.names.insert(self.name.clone());
            }
        }
        visit::visit_path(self, path);
    }

    /// In a macro's tokens a module is a name before `::`.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        let mut previous: Option<String> = None;
        for token in flattened(call.tokens.clone()) {
            let is_colon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
            let module = previous.filter(|name| is_colon && KNOWN_MODULES.contains(&name.as_str()));
            self.names.extend(module);
            previous = match token {
                TokenTree::Ident(name) => Some(name.to_string()),
                _ => None,
            };
        }
    }
}

/// The modules that stand in calls of the runtime's macros.
const KNOWN_MODULES: &[&str] = &["schema"];

/// Tokens with those of groups in their place.
fn flattened(tokens: TokenStream) -> Vec<TokenTree> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => flattened(group.stream()),
            token => vec![token],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(items: &str) -> String {
        let file = syn::parse_file(items).unwrap();
        of(&file, None).to_string().replace(' ', "")
    }

    /// Only what stands at the front of a path needs an import: a variant of the same name does not.
    #[test]
    fn variants_and_tails_need_no_import() {
        assert_eq!(uses("enum Value { Blob(i32), Document }"), "");
        assert_eq!(uses("fn f() { let _ = Self::Blob; }"), "");
        assert_eq!(
            uses("struct S { b: Option<Blob>, m: BTreeMap<String, Timestamp> }"),
            "usestd::collections::BTreeMap;usetinsmith_runtime::shape::Blob;\
             usetinsmith_runtime::timestamp::Timestamp;",
        );
    }

    /// A module and names of its own are one `use`.
    #[test]
    fn a_module_beside_its_names_is_self() {
        assert_eq!(
            uses("impl shape::Structure for S { const B: Blob = 1; }"),
            "usetinsmith_runtime::shape::{self,Blob};",
        );
    }

    /// What the file defines itself is not imported over.
    #[test]
    fn definitions_win() {
        assert_eq!(uses("mod types { } fn f() -> types::T { }"), "");
    }
}
