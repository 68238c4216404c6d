//! `cargo xtask bench report`: the section of the README, its charts, and all tables in `docs/bench`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use super::build::Build;
use super::call::{Call, Mode};
use super::chart::{self, Bar, Panel};
use super::codegen::Generation;
use super::contestants::{Client, Contestant, Service};
use super::results::{self, Figures, Row};
use super::target::{self, number};
use super::validate::Check;
use crate::workspace;

/// What stands around the section of the README that is written here.
const BEGIN: &str = "<!-- Written by `cargo xtask bench report`: begin -->\n";
const END: &str = "<!-- Written by `cargo xtask bench report`: end -->\n";

/// What was measured; what was not is left out of what is written.
struct Kept {
    build: Vec<Row<Build>>,
    call: Vec<Row<Call>>,
    validate: Vec<Row<Check>>,
    codegen: Vec<Row<Generation>>,
}

/// Runs the command.
///
/// # Errors
///
/// Nothing that was measured, a README without a place for it, and files that cannot be written.
pub(super) fn run() -> Result<ExitCode> {
    let kept = Kept {
        build: kept()?,
        call: kept()?,
        validate: kept()?,
        codegen: kept()?,
    };
    let panels = panels(&kept);
    if panels.is_empty() {
        bail!("there are no figures of builds or calls: run `cargo xtask bench all`");
    }
    let folder = workspace().join("docs/bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for theme in &chart::THEMES {
        let name = format!("chart-{}.svg", theme.name);
        write(&folder.join(name), &chart::draw(&panels, theme)?)?;
    }
    write(&folder.join("README.md"), &all_tables(&kept))?;
    let readme = workspace().join("README.md");
    let old = fs::read_to_string(&readme).context("cannot read the README")?;
    let new = replaced(&old, &section(&kept, &panels))
        .with_context(|| format!("{} has no `{}`", readme.display(), BEGIN.trim()))?;
    write(&readme, &new)?;
    Ok(ExitCode::SUCCESS)
}

/// What is kept of a command, with a warning where that is nothing.
fn kept<T: Figures>() -> Result<Vec<Row<T>>> {
    let rows = results::read()?;
    if rows.is_empty() {
        let command = T::COMMAND;
        eprintln!("warning: left out, since `cargo xtask bench {command}` has not measured yet");
    }
    Ok(rows)
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
fn panels(kept: &Kept) -> Vec<Panel> {
    let builds = |title, value: fn(&Build) -> Option<f64>| {
        let build = |it: &Contestant| kept.build.iter().find(|row| row.figures.contestant == *it);
        panel(title, |it| value(&build(it)?.figures))
    };
    let calls = |title, value: fn(&Call) -> f64| {
        let of =
            |it: &Contestant, call: &Call| call.contestant == *it && call.mode == Mode::Sequential;
        let call = |it: &Contestant| kept.call.iter().find(|row| of(it, &row.figures));
        panel(title, |it| Some(value(&call(it)?.figures)))
    };
    let panels = [
        calls("CPU time of a call, µs", |it| it.cpu_us),
        calls("Allocations of a call", |it| it.allocations.round()),
        builds("CPU time of a release build, s", |it| {
            it.release.cpu_seconds
        }),
        builds("Stripped binary, MB", |it| {
            Some(it.binary_bytes as f64 / 1e6)
        }),
    ];
    // One bar is compared with nothing.
    let shown = panels.into_iter().filter(|panel| panel.bars.len() > 1);
    shown.collect()
}

/// A bar for each contestant that has the figure: Tinsmith, the official crate, and below them the floors.
fn panel(title: &'static str, value: impl Fn(&Contestant) -> Option<f64>) -> Panel {
    let shown = [
        (Client::Tinsmith, true),
        (Client::Official, true),
        (Client::Hyper, true),
        (Client::Reqwest, false),
        (Client::Hyper, false),
    ];
    let bar = |(client, tls)| {
        let contestant = Contestant {
            service: Service::CodeCatalyst,
            client,
            tls,
        };
        Some(Bar {
            name: contestant.title().replace('`', ""),
            value: value(&contestant)?,
            ours: client == Client::Tinsmith,
        })
    };
    Panel {
        title,
        bars: shown.into_iter().filter_map(bar).collect(),
    }
}

/// The section of the README.
fn section(kept: &Kept, panels: &[Panel]) -> String {
    let mut text = picture(panels);
    for (intro, tables) in [
        (BUILD, Build::tables(&kept.build)),
        (CALL, Call::tables(&kept.call)),
    ] {
        if !tables.is_empty() {
            text.push_str(&format!("\n{intro}\n\n{}", tables.join("\n")));
        }
    }
    format!("{text}\n{MORE}\n")
}

/// The charts, with their figures for those who cannot see them.
fn picture(panels: &[Panel]) -> String {
    let panels = panels.iter().map(|panel| {
        let bars = panel.bars.iter();
        let bars = bars.map(|bar| format!("{} {}", bar.name, number(bar.value)));
        format!("{}: {}.", panel.title, bars.collect::<Vec<_>>().join("; "))
    });
    let figures = panels.collect::<Vec<_>>().join(" ");
    format!(
        r#"<picture>
  <source media="(prefers-color-scheme: dark)" srcset="docs/bench/chart-dark.svg">
  <img alt="Amazon CodeCatalyst, less is better. {figures}" src="docs/bench/chart-light.svg">
</picture>
"#
    )
}

const BUILD: &str = "\
A program that creates, lists and deletes a token, built from nothing with cargo's own profiles, the release
stripped. By hand means that nothing is checked and nothing is tried again; without TLS it cannot speak to AWS.
CPU time is that of all compilers, and the largest compiler the most memory that one process of the release
build held. Targets stand in brackets: 60 crates, 1,000 generated lines for CodeCatalyst, a third of the official
crate's CPU time and binary. `cargo xtask bench build` measures all rows, and `--only` with the last column one:";

const CALL: &str = "\
CreateAccessToken over kept-alive connections to a server on loopback. CPU time is the client's; `Tinsmith to it`
is the median of the turns' ratios of CPU time. Targets stand in brackets: a quarter of the official crate, twice
bare hyper, 60 allocations. `cargo xtask bench call` measures all rows, and `--only` with the last column one:";

const MORE: &str = "\
The programs are in [`tests/bench`](tests/bench). [All figures and targets](docs/bench/README.md) are there with
what generating and validating take, and [a profile](docs/bench/profile.md) shows where time and bytes go.";

/// All that was measured, with the targets.
fn all_tables(kept: &Kept) -> String {
    let chapters = [
        chapter(&kept.build),
        chapter(&kept.call),
        chapter(&kept.validate),
        chapter(&kept.codegen),
    ];
    format!(
        "{BEGIN}\n# Figures and targets\n\nWhat they mean is told in the [README](../../README.md#measured) \
         and by `cargo xtask bench help`;\n[the profile](profile.md) shows where time and bytes go.\n\
         {}\n{END}",
        chapters.concat()
    )
}

/// What a command measured; nothing if it has not.
fn chapter<T: Figures>(rows: &[Row<T>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let command = T::COMMAND;
    let tables = T::tables(rows).join("\n");
    let targets = match T::targets(rows).as_slice() {
        [] => String::new(),
        targets => format!("\n{}", target::table(targets)),
    };
    format!("\n## `cargo xtask bench {command}`\n\n{tables}{targets}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What people wrote around the section is theirs.
    #[test]
    fn only_the_section_is_replaced() {
        let text = format!("before\n{BEGIN}old\n{END}after\n");
        let new = replaced(&text, "new\n").unwrap();
        assert_eq!(new, format!("before\n{BEGIN}\nnew\n\n{END}after\n"));
        assert_eq!(replaced("nothing", "new"), None);
    }

    /// Those who cannot see the chart must have all of its figures.
    #[test]
    fn the_picture_is_told_in_words() {
        let bar = |name: &str, value, ours| Bar {
            name: name.to_owned(),
            value,
            ours,
        };
        let bars = vec![bar("ours", 5.0, true), bar("theirs", 65.5, false)];
        let title = "CPU time, µs";
        let picture = picture(&[Panel { title, bars }]);
        assert!(picture.contains("CPU time, µs: ours 5; theirs 65.5."));
    }
}
