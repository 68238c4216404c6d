//! Reading cases, generating from them, comparing what comes out, and compiling it.

pub(crate) mod crates;

use std::fs;
use std::path::{Path, PathBuf};

use tinsmith_codegen::{Options, Package};
use tinsmith_model::diagnostics::render;
use tinsmith_model::{Problem, Sources, check, link, load};

/// A folder of `tests/cases`.
pub(crate) struct Case {
    folder: PathBuf,
}

/// What generation made: a package, or problems as text.
pub(crate) struct Generated {
    package: Option<Package>,
    problems: Vec<String>,
}

/// All cases, in the order of their names.
pub(crate) fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    folders.into_iter().map(|folder| Case { folder }).collect()
}

impl Case {
    pub(crate) fn name(&self) -> String {
        self.folder.file_name().unwrap().to_str().unwrap().into()
    }

    pub(crate) fn model(&self) -> PathBuf {
        self.folder.join("model.json")
    }

    /// Whether no client can be made of the model.
    pub(crate) fn is_refused(&self) -> bool {
        self.folder.join("expected.err").exists()
    }

    /// Each expected file with what was generated for it.
    pub(crate) fn goldens(&self, generated: &Generated) -> Vec<(PathBuf, String)> {
        let problems = generated.problems.join("\n");
        if self.is_refused() {
            assert!(
                generated.package.is_none(),
                "{} is not refused",
                self.name()
            );
            return vec![(self.folder.join("expected.err"), format!("{problems}\n"))];
        }
        let package = generated
            .package
            .as_ref()
            .unwrap_or_else(|| panic!("{}: {problems}", self.name()));
        let expected = self.folder.join("expected");
        let mut goldens = Vec::new();
        let warnings = expected.join("warnings.txt");
        assert!(
            warnings.exists() || problems.is_empty(),
            "{}: {problems}",
            self.name()
        );
        if warnings.exists() {
            goldens.push((warnings.clone(), format!("{problems}\n")));
        }
        for file in files_below(&expected)
            .into_iter()
            .filter(|file| *file != warnings)
        {
            let path = file
                .strip_prefix(&expected)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            let text = package.files.get(&path);
            goldens.push((
                file.clone(),
                text.cloned()
                    .unwrap_or_else(|| panic!("no {path} was generated")),
            ));
        }
        assert!(!goldens.is_empty(), "{} expects nothing", self.name());
        goldens
    }
}

impl Generated {
    /// The problems, one a line.
    pub(crate) fn problems(&self) -> &[String] {
        &self.problems
    }
}

/// The package, or a panic with the problems.
pub(crate) fn outcome(generated: Generated) -> Package {
    let problems = generated.problems.join("\n");
    generated.package.unwrap_or_else(|| panic!("{problems}"))
}

/// Generates from model files, all in one model.
pub(crate) fn generate(models: &[PathBuf], options: &Options) -> Generated {
    let texts: Vec<_> = models
        .iter()
        .map(|path| ("model.json".to_string(), fs::read_to_string(path).unwrap()))
        .collect();
    generate_text(&texts, options)
}

/// Generates from model texts, each with its name.
pub(crate) fn generate_text(texts: &[(String, String)], options: &Options) -> Generated {
    let mut sources = Sources::new();
    for (name, text) in texts {
        sources.add(name.as_str(), text.as_str());
    }
    let (package, problems) = stages(&sources, options);
    let problems = problems
        .iter()
        .map(|problem| render(problem, &sources, false))
        .collect();
    Generated { package, problems }
}

/// The stages of `cargo xtask codegen`: what it refuses is refused here.
fn stages(sources: &Sources, options: &Options) -> (Option<Package>, Vec<Problem>) {
    let mut problems = Vec::new();
    let ast = load(sources, &mut problems);
    let model = link(ast, &mut problems);
    check(&model, &mut problems);
    if problems.iter().any(Problem::is_error) {
        return (None, problems);
    }
    match tinsmith_codegen::generate(&model, options) {
        Ok(mut package) => {
            problems.append(&mut package.problems);
            (Some(package), problems)
        }
        Err(found) => {
            problems.extend(found);
            (None, problems)
        }
    }
}

/// Compares a golden with what was generated, or writes it where that was asked for by hand.
pub(crate) fn compare(golden: &Path, actual: &str, differences: &mut Vec<String>) {
    if std::env::var_os("TINSMITH_BLESS").is_some() {
        fs::write(golden, actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(golden).unwrap();
    if expected != actual {
        let first = expected
            .lines()
            .zip(actual.lines())
            .position(|(a, b)| a != b);
        let line = first.unwrap_or_else(|| expected.lines().count().min(actual.lines().count()));
        differences.push(format!(
            "{}:{}\n  expected: {}\n  actual:   {}",
            golden.display(),
            line + 1,
            expected.lines().nth(line).unwrap_or("(end)"),
            actual.lines().nth(line).unwrap_or("(end)"),
        ));
    }
}

/// The model with its shapes in the order of their ids, or in the opposite one.
pub(crate) fn with_shapes_sorted(text: &str, backwards: bool) -> String {
    let model: serde_json::Value = serde_json::from_str(text).unwrap();
    let shapes = model["shapes"].as_object().unwrap();
    let mut shapes: Vec<_> = shapes
        .iter()
        .map(|(id, shape)| format!("{}: {shape}", serde_json::json!(id)))
        .collect();
    shapes.sort();
    if backwards {
        shapes.reverse();
    }
    format!(
        "{{ \"smithy\": \"2.0\", \"shapes\": {{ {} }} }}",
        shapes.join(",\n")
    )
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
