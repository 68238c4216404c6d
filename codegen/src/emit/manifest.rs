//! `Cargo.toml`.

use crate::features::RUNTIME_FEATURES;
use crate::ir::{Auth, Customization, Operation, Service};
use crate::names::plain;
use crate::options::{Example, Options};

/// The manifest, without the header.
pub(crate) fn generate(services: &[Service], options: &Options) -> String {
    let mut sections = vec![
        package(services, options),
        features(services),
        dependencies(options),
    ];
    if !options.dev_dependencies.is_empty() {
        sections.push(dev_dependencies(options));
    }
    sections.extend(options.examples.iter().map(example));
    if options.standalone {
        sections
            .push("# A workspace of its own, whatever folder it is put in.\n[workspace]\n".into());
    }
    sections.join("\n")
}

fn package(services: &[Service], options: &Options) -> String {
    let mut lines = vec![
        "[package]".to_string(),
        key("name", &options.name),
        key("version", &options.version),
        key("edition", &options.edition),
        key("rust-version", &options.rust_version),
        key("description", &description(services, options)),
    ];
    lines.extend(
        options
            .license
            .as_deref()
            .map(|license| key("license", license)),
    );
    lines.extend(
        options
            .repository
            .as_deref()
            .map(|url| key("repository", url)),
    );
    lines.push("readme = \"README.md\"".into());
    if !options.publish {
        lines.push("publish = false".into());
    }
    section(&lines)
}

/// The caller's description, or one from the services' names.
pub(crate) fn description(services: &[Service], options: &Options) -> String {
    options.description.clone().unwrap_or_else(|| {
        let titles: Vec<_> = services
            .iter()
            .map(|service| service.title.as_str())
            .collect();
        format!(
            "Generated client of {}",
            super::readme::enumeration(&titles)
        )
    })
}

/// A feature a service, all on by default, and what the runtime does only on request.
fn features(services: &[Service]) -> String {
    let names: Vec<_> = services
        .iter()
        .map(|service| plain(&service.module))
        .collect();
    let mut default = names.clone();
    default.extend(
        RUNTIME_FEATURES
            .iter()
            .filter(|feature| feature.default)
            .map(|feature| feature.name),
    );
    let mut lines = vec!["[features]".to_string(), list("default", &default)];
    for service in services {
        let needs = needs(service);
        let needs: Vec<_> = needs.iter().map(String::as_str).collect();
        lines.push(list(plain(&service.module), &needs));
    }
    for feature in RUNTIME_FEATURES {
        lines.push(format!("# {}", feature.docs));
        lines.push(list(
            feature.name,
            &[&format!("tinsmith-runtime/{}", feature.name)],
        ));
    }
    section(&lines)
}

/// The features of the runtime without which the service's client cannot work.
fn needs(service: &Service) -> Vec<String> {
    let operations = service
        .operations
        .iter()
        .filter_map(|operation| operation.auth.as_ref());
    let mut schemes = service.auth.iter().chain(operations.flatten());
    let mut needs = vec![service.protocol.feature()];
    if schemes.any(|scheme| matches!(scheme, Auth::SigV4 { .. })) {
        needs.push("sigv4");
    }
    let has_events = |it: &Operation| it.input.has_events() || it.output.has_events();
    if service.operations.iter().any(has_events) {
        needs.push("event-stream");
    }
    if service.patterns.iter().any(|pattern| pattern.needs_engine) {
        needs.push("regress");
    }
    let has_checksum = |it: &Operation| it.checksum_required || it.checksum.is_some();
    if service.operations.iter().any(has_checksum) {
        needs.push("checksums");
    }
    if service.operations.iter().any(|it| it.compressed) {
        needs.push("gzip");
    }
    if service.customization == Some(Customization::Glacier) {
        needs.push("glacier");
    }
    if service.operations.iter().any(|it| !it.waiters.is_empty()) {
        needs.push("waiters");
    }
    needs
        .iter()
        .map(|feature| format!("tinsmith-runtime/{feature}"))
        .collect()
}

fn dependencies(options: &Options) -> String {
    let runtime = &options.runtime;
    let mut parts = Vec::new();
    parts.extend(
        runtime
            .version
            .as_deref()
            .map(|version| key("version", version)),
    );
    parts.extend(runtime.path.as_deref().map(|path| key("path", path)));
    parts.push("default-features = false".into());
    section(&[
        "[dependencies]".into(),
        format!("tinsmith-runtime = {{ {} }}", parts.join(", ")),
    ])
}

fn dev_dependencies(options: &Options) -> String {
    let mut lines = vec!["[dev-dependencies]".to_string()];
    lines.extend(
        options
            .dev_dependencies
            .iter()
            .map(|dependency| format!("{} = {}", dependency.name, dependency.requirement)),
    );
    section(&lines)
}

fn example(example: &Example) -> String {
    let mut lines = vec![
        "[[example]]".to_string(),
        key("name", &example.name),
        key("path", &example.path),
    ];
    if !example.required_features.is_empty() {
        let features: Vec<_> = example
            .required_features
            .iter()
            .map(String::as_str)
            .collect();
        lines.push(list("required-features", &features));
    }
    section(&lines)
}

fn section(lines: &[String]) -> String {
    let mut section = lines.join("\n");
    section.push('\n');
    section
}

fn key(key: &str, value: &str) -> String {
    format!("{key} = {}", string(value))
}

fn list(key: &str, values: &[&str]) -> String {
    let values: Vec<_> = values.iter().map(|value| string(value)).collect();
    format!("{key} = [{}]", values.join(", "))
}

/// A basic string of TOML.
fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
