//! Rust items from the IR: one kind of output a module, each with one `generate`.

mod client;
mod docs;
mod endpoint;
mod endpoint_tests;
mod enums;
mod errors;
pub mod jmespath;
mod manifest;
mod operation;
mod pagination;
mod patterns;
mod readme;
mod root;
mod schema;
mod structures;
mod ty;
mod types;
mod unions;
mod waiters;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use tinsmith_model::Problem;

use crate::Stage;
use crate::format;
use crate::ir::Service;
use crate::names::plain;
use crate::options::Options;
use crate::package::Comment;

/// All files of the crate, by path. `enter` is told when one is formatted, and when the next is emitted.
pub(crate) fn files(
    services: &[Service],
    options: &Options,
    enter: &mut dyn FnMut(Stage),
) -> Result<BTreeMap<String, String>, Vec<Problem>> {
    let mut sink = Sink {
        enter,
        files: BTreeMap::new(),
        problems: Vec::new(),
    };
    for service in services {
        service_files(service, &mut sink);
        if !service.endpoint_tests.is_empty() {
            sink.rust(
                &format!("tests/endpoint_{}.rs", plain(&service.module)),
                None,
                &endpoint_tests::docs(service),
                endpoint_tests::generate(service, &options.name),
            );
        }
    }
    sink.rust(
        "src/lib.rs",
        None,
        &root::docs(services, options),
        root::generate(services),
    );
    sink.text(
        "Cargo.toml",
        Comment::Toml,
        &manifest::generate(services, options),
    );
    sink.text(
        "README.md",
        Comment::Markdown,
        &readme::generate(services, options),
    );
    // The formatter's layout is not quite that of `rustfmt`; nobody edits these files by hand.
    sink.text(
        "rustfmt.toml",
        Comment::Toml,
        "disable_all_formatting = true\n",
    );
    sink.finish()
}

fn service_files(service: &Service, sink: &mut Sink<'_>) {
    let folder = format!("src/{}", plain(&service.module));
    let mut rust = |name: &str, docs: &str, items: TokenStream| {
        sink.rust(&format!("{folder}/{name}.rs"), Some(service), docs, items);
    };
    rust("mod", &root::service_docs(service), root::service(service));
    rust("client", "The client.", client::generate(service));
    rust(
        "endpoint",
        "Where requests go.",
        endpoint::generate(service),
    );
    rust("error", "Why calls fail.", errors::generate(service));
    rust(
        "schema",
        "What the model says of each shape.",
        schema::generate(service),
    );
    rust(
        "operation/mod",
        "The operations: for each its input, its output and a call to put together.",
        operation::index(service),
    );
    for operation in &service.operations {
        let name = format!("operation/{}", plain(&operation.module));
        let docs = format!("The operation `{}`.", operation.name);
        rust(&name, &docs, operation::generate(service, operation));
    }
    if types::has_any(service) {
        rust(
            "types",
            "Types that inputs, outputs and errors are made of.",
            types::generate(service),
        );
    }
    if !service.patterns.is_empty() {
        rust(
            "patterns",
            "The patterns of the model, compiled.",
            patterns::generate(service),
        );
    }
}

/// What files go to, and what is wrong with them.
struct Sink<'a> {
    enter: &'a mut dyn FnMut(Stage),
    files: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Sink<'_> {
    fn rust(&mut self, path: &str, service: Option<&Service>, docs: &str, items: TokenStream) {
        (self.enter)(Stage::Format);
        let text = format::rust_file(path, service, docs, items);
        (self.enter)(Stage::Emit);
        match text {
            Ok(text) => {
                self.files.insert(path.into(), text);
            }
            Err(problem) => self.problems.push(problem),
        }
    }

    fn text(&mut self, path: &str, comment: Comment, text: &str) {
        self.files.insert(path.into(), comment.file(text));
    }

    fn finish(self) -> Result<BTreeMap<String, String>, Vec<Problem>> {
        if self.problems.is_empty() {
            Ok(self.files)
        } else {
            Err(self.problems)
        }
    }
}
