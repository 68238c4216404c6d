//! Compiles the official rule sets to one program, builds it against the runtime, and runs it: the
//! program asks each rule set what its test cases ask and compares what it gets.
//!
//! The models are found beside the checkout; where they are not, nothing is tested and the test says
//! so. `TINSMITH_MODELS` may name a folder of further models to test in the same way.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[allow(dead_code)] // What only generated crates need.
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use support::crates::TARGET;
use tinsmith_codegen::endpoint;
use tinsmith_model::{Model, Sources, link, load};

const DATA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/conformance/endpoint-rules"
);

/// Folders of models.
const FOLDERS: [&str; 3] = ["core", "aws", "core-errorfiles-valid"];

#[test]
fn official_rule_sets_give_what_their_tests_expect() {
    let models = models();
    if models.is_empty() {
        println!("skipped 1 test: no endpoint rule sets beside the checkout");
        return;
    }
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("endpoint-rules");
    write_package(&package, &models);
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(&package)
        .env("CARGO_TARGET_DIR", TARGET)
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    print!("{stdout}");
    assert!(
        output.status.success(),
        "{stdout}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The model files in the order of their names.
fn models() -> Vec<PathBuf> {
    let further = std::env::var_os("TINSMITH_MODELS").map(PathBuf::from);
    let mut models: Vec<PathBuf> = FOLDERS
        .iter()
        .map(|folder| Path::new(DATA).join(folder))
        .chain(further)
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    models.sort();
    models
}

/// Writes the package of the program: a module a model, and the models themselves as its data.
fn write_package(package: &Path, models: &[PathBuf]) {
    let sources = package.join("src");
    fs::create_dir_all(&sources).unwrap();
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime");
    fs::write(
        package.join("Cargo.toml"),
        format!(
            "[package]\nname = \"endpoint-rules\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]\nserde_json = \"1\"\n\
             tinsmith-runtime = {{ path = {runtime:?}, default-features = false }}\n\n\
             [workspace]\n"
        ),
    )
    .unwrap();
    // The versions of the workspace, so that nothing has to be looked up.
    let lock = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");
    fs::copy(lock, package.join("Cargo.lock")).unwrap();
    fs::copy(
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/endpoint_rules/driver.rs"
        ),
        sources.join("driver.rs"),
    )
    .unwrap();

    let mut main = quote! {
        #![deny(warnings)]

        mod driver;
    };
    let mut entries = Vec::new();
    for (index, path) in models.iter().enumerate() {
        let name = format_ident!("model_{index}");
        let module = prettyplease::unparse(&syn::parse2(module(path)).unwrap());
        fs::write(sources.join(format!("{name}.rs")), module).unwrap();
        let path = path.to_str().unwrap();
        main.extend(quote!(mod #name;));
        entries.push(quote! {
            driver::Model {
                path: #path,
                text: include_str!(#path),
                resolve: #name::resolve,
                bindings: #name::bindings(),
            }
        });
    }
    main.extend(quote! {
        fn main() -> std::process::ExitCode {
            driver::run(&[#(#entries),*])
        }
    });
    let main = prettyplease::unparse(&syn::parse2(main).unwrap());
    fs::write(sources.join("main.rs"), main).unwrap();
}

/// The code for the one service of a model.
fn module(path: &Path) -> TokenStream {
    let mut sources = Sources::new();
    sources.add(path.to_str().unwrap(), fs::read_to_string(path).unwrap());
    let mut problems = Vec::new();
    let model: Model<'_> = link(load(&sources, &mut problems), &mut problems);
    let services = model.services();
    let [service] = services.as_slice() else {
        panic!("{} has {} services", path.display(), services.len());
    };
    let closure = model.closure(&service.id).unwrap();
    let endpoint = endpoint::service(&model, &closure, &mut problems);
    let errors: Vec<_> = problems
        .iter()
        .filter(|problem| problem.is_error())
        .collect();
    assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    let resolve = endpoint.resolve;
    let bindings = endpoint
        .bindings
        .iter()
        .map(|(operation, bindings)| quote!((#operation, vec![#(#bindings),*])));
    quote! {
        #[allow(unused_imports)]
        use tinsmith_runtime::endpoint::{
            Endpoint, EndpointBinding, EndpointError, EndpointParams, FixedParam, ParamSource,
            PathStep, Property, functions,
        };

        #resolve

        pub(crate) fn bindings() -> Vec<(&'static str, Vec<EndpointBinding>)> {
            vec![#(#bindings),*]
        }
    }
}
