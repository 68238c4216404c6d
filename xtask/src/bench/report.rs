//! `cargo xtask bench report`: the section of the README, its charts, and all tables in `docs/bench`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use super::build::{self, Build};
use super::call::{self, Call, Calls};
use super::chart::{self, Panel};
use super::codegen::{self, Generation};
use super::contestants::{Client, Contestant, Service};
use super::results::{self, Results};
use super::target;
use super::validate::{self, Check};
use crate::workspace;

/// What stands around the section of the README that is written here.
const BEGIN: &str = "<!-- Written by `cargo xtask bench report`: begin -->\n";
const END: &str = "<!-- Written by `cargo xtask bench report`: end -->\n";

/// What was measured; what was not is left out of what is written.
struct Figures {
    build: Option<Results<Vec<Build>>>,
    call: Option<Results<Calls>>,
    validate: Option<Results<Vec<Check>>>,
    codegen: Option<Results<Generation>>,
}

/// Runs the command.
///
/// # Errors
///
/// Nothing that was measured, a README without a place for it, and files that cannot be written.
pub(super) fn run() -> Result<ExitCode> {
    let figures = Figures {
        build: results::read("build")?,
        call: results::read("call")?,
        validate: results::read("validate")?,
        codegen: results::read("codegen")?,
    };
    let panels = panels(&figures);
    if panels.is_empty() {
        bail!("there are no figures: run `cargo xtask bench all`");
    }
    let folder = workspace().join("docs/bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for theme in &chart::THEMES {
        let name = format!("chart-{}.svg", theme.name);
        write(&folder.join(name), &chart::draw(&panels, theme)?)?;
    }
    write(&folder.join("README.md"), &all_tables(&figures))?;
    let readme = workspace().join("README.md");
    let old = fs::read_to_string(&readme).context("cannot read the README")?;
    let new = replaced(&old, &section(&figures))
        .with_context(|| format!("{} has no `{}`", readme.display(), BEGIN.trim()))?;
    write(&readme, &new)?;
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{}", path.display());
    Ok(())
}

/// `text` with `section` in place of what is between the two marks.
fn replaced(text: &str, section: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{section}\n{END}{after}"))
}

/// What the chart shows: the clients of CodeCatalyst, and the floors.
fn panels(figures: &Figures) -> Vec<Panel> {
    let shown = [
        (Client::Tinsmith, true),
        (Client::Official, true),
        (Client::Reqwest, false),
        (Client::Hyper, false),
    ];
    let shown = shown.map(|(client, tls)| Contestant {
        service: Service::CodeCatalyst,
        client,
        tls,
    });
    let all_builds = figures.build.iter().flat_map(|it| &it.figures);
    let all_calls = figures.call.iter().flat_map(|it| &it.figures.calls);
    let builds = |value: fn(&Build) -> f64| {
        bars(&shown, |it| {
            let mut all = all_builds.clone();
            all.find(|build| build.contestant == *it).map(value)
        })
    };
    let calls = |value: fn(&Call) -> f64| {
        bars(&shown, |it| {
            let mut all = all_calls.clone();
            all.find(|call| call.contestant == *it).map(value)
        })
    };
    let panel = |title, bars| Panel { title, bars };
    let panels = [
        panel("CPU time of a call, µs", calls(|it| it.cpu_us)),
        panel("Allocations of a call", calls(|it| it.allocations.round())),
        panel(
            "CPU time of a release build, s",
            builds(|it| it.release.cpu_seconds),
        ),
        panel(
            "Stripped binary, MB",
            builds(|it| it.binary_bytes as f64 / 1e6),
        ),
    ];
    panels
        .into_iter()
        .filter(|panel| !panel.bars.is_empty())
        .collect()
}

fn bars(shown: &[Contestant], value: impl Fn(&Contestant) -> Option<f64>) -> Vec<(String, f64)> {
    let bars = shown
        .iter()
        .filter_map(|it| Some((it.title().replace('`', ""), value(it)?)));
    bars.collect()
}

/// The section of the README.
fn section(figures: &Figures) -> String {
    let mut text = CHART.to_owned();
    if let Some(build) = &figures.build {
        let tables = Service::ALL.map(|it| build::render(&build::rows(it, &build.figures)));
        text.push_str(&format!("\n{BUILD}\n\n{}", tables.join("\n")));
    }
    if let Some(call) = &figures.call {
        let Calls {
            pinned,
            rounds,
            calls,
        } = &call.figures;
        let place = if *pinned {
            "one processor"
        } else {
            "any processor"
        };
        let tables = Service::ALL.map(|it| call::render(&call::rows(it, calls)));
        text.push_str(&format!(
            "\nCreateAccessToken over kept-alive connections, client and server on {place}, medians of \
             {rounds} turns.\nCPU time is the client's; `Tinsmith to it` is the median of the turns' \
             ratios. `cargo xtask bench call` measures all rows:\n\n{}",
            tables.join("\n")
        ));
    }
    let machines = [
        figures.build.as_ref().map(|it| &it.machine),
        figures.call.as_ref().map(|it| &it.machine),
    ];
    if let Some(machine) = machines.into_iter().flatten().next() {
        text.push_str(&format!("\nMeasured on {}. {MORE}\n", machine.sentence()));
    }
    text
}

const CHART: &str = r#"<picture>
  <source media="(prefers-color-scheme: dark)" srcset="docs/bench/chart-dark.svg">
  <img alt="What a call, a build and a program take with each client of Amazon CodeCatalyst" src="docs/bench/chart-light.svg">
</picture>
"#;

const BUILD: &str = "\
A program that creates, lists and deletes a token, built from nothing with cargo's own profiles, the release
stripped. By hand means that nothing is checked and nothing is tried again; without TLS it cannot speak to AWS.
CPU time is that of all compilers. `cargo xtask bench build` measures all rows, and `--only NAME` one:";

const MORE: &str = "The programs are in
[`tests/bench`](tests/bench). [All figures and targets](docs/bench/README.md) are there with what generating
and validating take.";

/// All that was measured, with the targets.
fn all_tables(figures: &Figures) -> String {
    let mut text = format!("{BEGIN}\n# Figures and targets\n");
    if let Some(build) = &figures.build {
        let tables = Service::ALL.map(|it| build::render(&build::rows(it, &build.figures)));
        text.push_str(&chapter("build", &tables.join("\n"), build));
    }
    if let Some(call) = &figures.call {
        let tables = Service::ALL.map(|it| call::render(&call::rows(it, &call.figures.calls)));
        text.push_str(&chapter("call", &tables.join("\n"), call));
    }
    if let Some(validate) = &figures.validate {
        let table = validate::render(&validate.figures);
        text.push_str(&chapter("validate", &table, validate));
    }
    if let Some(codegen) = &figures.codegen {
        let table = codegen::render(&codegen::rows(&codegen.figures));
        text.push_str(&chapter("codegen", &table, codegen));
    }
    format!("{text}\n{END}")
}

fn chapter<T>(command: &str, table: &str, results: &Results<T>) -> String {
    let targets = match results.targets.as_slice() {
        [] => String::new(),
        targets => format!("{}\n", target::table(targets)),
    };
    let machine = results.machine.sentence();
    format!("\n## `cargo xtask bench {command}`\n\n{table}\n{targets}Measured on {machine}.\n")
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, replaced};

    /// What people wrote around the section is theirs.
    #[test]
    fn only_the_section_is_replaced() {
        let text = format!("before\n{BEGIN}old\n{END}after\n");
        let new = replaced(&text, "new\n").unwrap();
        assert_eq!(new, format!("before\n{BEGIN}\nnew\n\n{END}after\n"));
        assert_eq!(replaced("nothing", "new"), None);
    }
}
