//! `cargo xtask codegen`: read, load, link, check, generate, sync.

mod each;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use tinsmith_codegen::{Options, Package, RuntimeDependency, generate, protocol};
use tinsmith_model::{Problem, Sources, check, link, load};

use crate::cli::CodegenArgs;
use crate::sync::{self, Plan};
use crate::terminal::{self, counted};
use crate::{model_files, settings, workspace};

/// What is generated, from what, and where.
struct Job {
    models: Vec<PathBuf>,
    out: PathBuf,
    options: Options,
}

/// Runs the command.
///
/// # Errors
///
/// Files that cannot be read or written. A broken model is no error of this kind: it is reported in
/// full, and the exit status is 1.
pub(crate) fn run(args: &CodegenArgs) -> Result<ExitCode> {
    if args.each {
        return each::run(args);
    }
    let start = Instant::now();
    let job = Job::new(args)?;
    let stages = terminal::stages();
    stages.set_message("reading models");
    let sources = model_files::read(&job.models)?;
    stages.set_message("generating");
    let package = package(&sources, &job.options);
    stages.set_message("comparing files");
    let Some(package) = package else {
        stages.finish_and_clear();
        eprintln!("nothing was written");
        return Ok(ExitCode::FAILURE);
    };
    let plan = sync::plan(&job.out, &package.files)?;
    if !args.check {
        stages.set_message("writing files");
        plan.apply()?;
    }
    stages.finish_and_clear();
    println!("{}", summary(args.check, &package, &plan, start));
    if args.check && !plan.is_empty() {
        print!("{}", plan.report());
        println!("run `cargo xtask codegen` and commit what it writes");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// The stages from text to files; `None` when the model is broken. What there is to say of the model is
/// reported.
fn package(sources: &Sources, options: &Options) -> Option<Package> {
    let made = stages(sources, options);
    terminal::report(&made.problems, sources);
    made.package
}

/// What the stages from text to files came to.
struct Made {
    /// `None` when the model is broken or not supported.
    package: Option<Package>,
    /// Everything that was found.
    problems: Vec<Problem>,
    /// Whether there is no service in the model that speaks a protocol clients can be made for, with
    /// which nothing is wrong otherwise.
    unsupported: bool,
}

/// The stages from text to files.
fn stages(sources: &Sources, options: &Options) -> Made {
    let mut problems = Vec::new();
    let ast = load::load(sources, &mut problems);
    let model = link::link(ast, &mut problems);
    check::check(&model, &mut problems);
    let mut made = Made {
        package: None,
        problems,
        unsupported: false,
    };
    if made.problems.iter().any(Problem::is_error) {
        return made;
    }
    match generate(&model, options) {
        Ok(mut package) => {
            made.problems.append(&mut package.problems);
            made.package = Some(package);
        }
        Err(mut found) => {
            made.problems.append(&mut found);
            let mut services = model.services().into_iter();
            made.unsupported = services.all(|service| protocol(&model, service).is_none());
        }
    }
    made
}

fn summary(check: bool, package: &Package, plan: &Plan, start: Instant) -> String {
    let of = package.summary;
    let files = if check {
        format!(
            "{} up to date, {} not",
            counted(plan.unchanged(), "file"),
            plan.written() + plan.deleted()
        )
    } else {
        format!(
            "{} written, {} unchanged, {} deleted",
            counted(plan.written(), "file"),
            plan.unchanged(),
            plan.deleted()
        )
    };
    format!(
        "{}, {}, {}: {files} in {} ms",
        counted(of.services, "service"),
        counted(of.operations, "operation"),
        counted(of.shapes, "shape"),
        start.elapsed().as_millis()
    )
}

impl Job {
    fn new(args: &CodegenArgs) -> Result<Self> {
        match &args.out {
            Some(out) => Self::foreign(args, out),
            None => Self::own(),
        }
    }

    /// The workspace's own crate.
    fn own() -> Result<Self> {
        let services = workspace().join("model/services");
        let mut options = settings::read(&services.join("package.toml"))?;
        let out = workspace().join(&options.name);
        options.runtime = RuntimeDependency {
            path: Some("../runtime".into()),
            ..options.runtime
        };
        Ok(Self {
            models: model_files::find(&[services])?,
            out,
            options,
        })
    }

    /// A crate elsewhere, from the models of the command line.
    fn foreign(args: &CodegenArgs, out: &Path) -> Result<Self> {
        let name = match &args.name {
            Some(name) => name.clone(),
            None => folder_name(out)?,
        };
        Ok(Self {
            models: model_files::find(&args.model)?,
            out: out.to_owned(),
            options: options(args, name, out)?,
        })
    }
}

/// What the command line says of a crate in `out`.
fn options(args: &CodegenArgs, name: String, out: &Path) -> Result<Options> {
    Ok(Options {
        runtime: match &args.runtime_version {
            Some(version) => RuntimeDependency::version(version),
            None => runtime_in(args.runtime_path.as_deref(), out)?,
        },
        standalone: args.standalone,
        lenient_patterns: args.lenient_patterns,
        skip_unsupported: args.skip_unsupported,
        ..Options::new(name)
    })
}

fn folder_name(out: &Path) -> Result<String> {
    let name = std::path::absolute(out)?;
    let name = name.file_name().and_then(|name| name.to_str());
    Ok(name
        .context("this folder's name cannot name a crate: give one with --name")?
        .to_owned())
}

/// The runtime as a path dependency of a crate in `out`: relative, so that both can be moved together.
pub(crate) fn runtime_in(folder: Option<&Path>, out: &Path) -> Result<RuntimeDependency> {
    let folder = folder.map_or_else(|| workspace().join("runtime"), Path::to_owned);
    let folder = folder
        .canonicalize()
        .with_context(|| format!("cannot find {}", folder.display()))?;
    let path = relative(&std::path::absolute(out)?, &folder);
    Ok(RuntimeDependency::path(path.to_string_lossy()))
}

/// The path from one absolute folder to another.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = from.components().skip(shared).map(|_| Path::new(".."));
    let down = to
        .components()
        .skip(shared)
        .map(|part| Path::new(part.as_os_str()));
    up.chain(down).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Job, package, relative};
    use crate::{model_files, sync};

    /// The checked-in crate is what the generator makes of the models, byte for byte.
    #[test]
    fn the_generated_client_is_up_to_date() {
        let job = Job::own().unwrap();
        let sources = model_files::read(&job.models).unwrap();
        let package = package(&sources, &job.options).unwrap();
        let plan = sync::plan(&job.out, &package.files).unwrap();
        assert!(
            plan.is_empty(),
            "run `cargo xtask codegen`:\n{}",
            plan.report()
        );
    }

    /// What the models are listed in, or where they lie, leaves no trace in what is generated.
    #[test]
    fn the_order_of_the_models_does_not_matter() {
        let job = Job::own().unwrap();
        let mut models = job.models.clone();
        let sources = model_files::read(&models).unwrap();
        models.reverse();
        let reversed = model_files::read(&models).unwrap();
        let files = |sources| package(sources, &job.options).unwrap().files;
        assert_eq!(files(&sources), files(&reversed));
    }

    /// The generated manifest must name the runtime wherever the crate is put.
    #[test]
    fn finds_the_way_from_one_folder_to_another() {
        let way = |from, to| relative(Path::new(from), Path::new(to));
        assert_eq!(way("/a/out", "/a/b/runtime"), Path::new("../b/runtime"));
        assert_eq!(
            way("/a/b/out", "/c/runtime"),
            Path::new("../../../c/runtime")
        );
    }
}
