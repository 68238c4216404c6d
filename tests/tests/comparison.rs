//! What users of today's clients ask for: `docs/comparison.md`, held to the sources, and the answers
//! that no other test gives.
#![allow(clippy::unwrap_used)] // A test fails by panicking.

use std::collections::HashSet;
use std::fs;
use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use futures_core::Stream;
use generated_client::codecatalyst::operation::{CreateAccessTokenInput, CreateAccessTokenOutput};
use generated_client::codecatalyst::types::AccessTokenSummary;
use generated_client::route53globalresolver;
use generated_client::route53globalresolver::types::{AccessTokenItem, TokenStatus};
use tests::clients;
use tests::token_service::{Options, TokenService};
use tinsmith_runtime::timestamp::Timestamp;

/// The folder of the workspace.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of a file, or of all Rust files below a folder.
fn sources(path: &Path) -> String {
    if path.is_file() {
        return fs::read_to_string(path).unwrap();
    }
    let entries = fs::read_dir(path).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    let rust = paths.filter(|path| path.is_dir() || path.extension().is_some_and(|it| it == "rs"));
    rust.map(|path| sources(&path)).collect()
}

/// Whether a cargo command names a manifest that is there.
fn has_manifest(words: &[&str]) -> Result<(), String> {
    let manifest = words.iter().position(|word| *word == "--manifest-path");
    let path = manifest.and_then(|at| words.get(at + 1));
    let path = path.ok_or_else(|| format!("no manifest is named in {words:?}"))?;
    match workspace().join(path).is_file() {
        true => Ok(()),
        false => Err(format!("there is no {path}")),
    }
}

/// Whether the words after `cargo xtask` begin with a subcommand of it, and of `bench` with one of that:
/// variants of the enums from which its command lines are read.
fn is_of_xtask(words: &[&str]) -> Result<(), String> {
    let known = match words {
        ["bench", command, rest @ ..] => {
            has_variant("xtask/src/bench/args.rs", command)
                && rest.first().is_none_or(|word| word.starts_with('-'))
        }
        ["bench"] | [] => false,
        [command, ..] => has_variant("xtask/src/cli.rs", command),
    };
    match known {
        true => Ok(()),
        false => Err(format!("there is no `cargo xtask {}`", words.join(" "))),
    }
}

/// Whether the enum of subcommands in a file has a variant for `command`.
fn has_variant(file: &str, command: &str) -> bool {
    let text = sources(&workspace().join(file));
    let variant = |line: &str| line.trim().split(['(', ',']).next().map(str::to_lowercase);
    let variants = text
        .lines()
        .skip_while(|line| !line.contains("Subcommand)]"));
    let mut variants = variants.take_while(|line| *line != "}");
    variants.any(|line| variant(line).as_deref() == Some(command))
}

/// Whether what a cell names is there: each test in its file or folder, each command's package or
/// subcommand.
fn shows(cell: &str) -> Result<(), String> {
    let mut named = 0;
    for link in cell.split("[`").skip(1) {
        let (test, rest) = link.split_once("`](../").ok_or(link)?;
        let (path, _) = rest.split_once(')').ok_or(link)?;
        if !sources(&workspace().join(path)).contains(&format!("fn {test}(")) {
            return Err(format!("there is no {test} in {path}"));
        }
        named += 1;
    }
    for command in cell.split('`').filter(|text| text.starts_with("cargo ")) {
        let words: Vec<&str> = command.split(' ').collect();
        match &words[..] {
            ["cargo", "xtask", subcommands @ ..] => is_of_xtask(subcommands)?,
            _ => has_manifest(&words)?,
        }
        named += 1;
    }
    match named {
        0 => Err(format!("nothing is named in: {cell}")),
        _ => Ok(()),
    }
}

/// Protects the table of what users ask for: a claim whose test is gone is no claim.
#[test]
fn what_the_table_names_is_there() {
    let text = fs::read_to_string(workspace().join("docs/comparison.md")).unwrap();
    let rows = text
        .lines()
        .filter(|line| line.contains("/issues/") && line.starts_with('|'));
    let cells = rows.map(|row| row.trim_matches('|').rsplit('|').next().unwrap());
    let wrong: Vec<String> = cells.clone().filter_map(|cell| shows(cell).err()).collect();
    assert!(cells.count() > 15, "the table is not read any more");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Protects the check of the table from accepting commands that nobody can give.
#[test]
fn only_commands_that_exist_show_anything() {
    for cell in [
        "`cargo xtask bench build`",
        "`cargo xtask compare --cases 100`",
        "`cargo xtask check path/to/model.json`",
    ] {
        assert_eq!(shows(cell), Ok(()), "{cell}");
    }
    for cell in [
        "`cargo xtask`",
        "`cargo xtask race`",
        "`cargo xtask bench`",
        "`cargo xtask bench race`",
        "`cargo xtask bench build race`",
        "`cargo xtask codegen`, `cargo xtask build`",
        "`cargo check --manifest-path tests/nowhere/Cargo.toml`",
        "`cargo check`",
        "the benchmark",
    ] {
        assert!(shows(cell).is_err(), "{cell}");
    }
}

/// What the model requires of an output is there without a question; what it does not is an `Option`.
#[test]
fn required_members_are_no_options() {
    let output = CreateAccessTokenOutput::default();
    let (_, _): (String, Timestamp) = (output.access_token_id, output.expires_time);
    let item = AccessTokenItem::default();
    let (_, _): (String, Option<String>) = (item.id, item.name);
}

/// Paginators work with everything that takes a `Stream`.
#[tokio::test]
async fn paginators_are_streams() {
    async fn last<T, E>(mut stream: impl Stream<Item = Result<T, E>> + Unpin) -> Option<T> {
        let mut last = None;
        while let Some(Ok(item)) = poll_fn(|cx| Pin::new(&mut stream).poll_next(cx)).await {
            last = Some(item);
        }
        last
    }
    let service = TokenService::start(Options::default()).await.unwrap();
    let client = clients::code_catalyst(&service).unwrap();
    for name in ["a", "b", "c"] {
        client.create_access_token().name(name).await.unwrap();
    }
    let list = || client.list_access_tokens().max_results(2);
    assert_eq!(last(list().items()).await.unwrap().name, "c");
    assert_eq!(last(list().pages()).await.unwrap().items.len(), 1);
}

/// Inputs, structures and enums are equal or not, and can be put into sets.
#[test]
fn data_can_be_put_into_sets() {
    let input = CreateAccessTokenInput {
        name: Some("ci".to_owned()),
        expires_time: Some(Timestamp::default()),
    };
    assert_eq!(HashSet::from([input.clone(), input]).len(), 1);
    let statuses = [
        TokenStatus::Creating,
        TokenStatus::from("CREATING"),
        TokenStatus::Deleting,
    ];
    assert_eq!(HashSet::from(statuses).len(), 2);
    let items = [AccessTokenSummary::default(), AccessTokenSummary::default()];
    assert_eq!(HashSet::from(items).len(), 1);
    // Maps too.
    let tagged = route53globalresolver::operation::CreateAccessTokenInput {
        tags: Some([("team".to_owned(), "a".to_owned())].into()),
        ..Default::default()
    };
    assert!(HashSet::from([tagged.clone()]).contains(&tagged));
}

/// Setters take the times that programs have, and what comes back becomes such a time.
#[test]
fn times_convert_to_the_standard_librarys() {
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_893_456_000_500);
    let timestamp = Timestamp::from(time);
    assert_eq!(timestamp.to_string(), "2030-01-01T00:00:00.5Z");
    assert_eq!("2030-01-01T01:00:00.5+01:00".parse(), Ok(timestamp));
    assert_eq!(SystemTime::try_from(timestamp), Ok(time));
    let zoned: jiff::Timestamp = timestamp.into();
    assert_eq!(Timestamp::from(zoned), timestamp);
    let client = client();
    let call = client.create_access_token().name("ci").expires_time(time);
    assert_eq!(call.into_call().into_input().expires_time, Some(timestamp));
}

fn client() -> generated_client::codecatalyst::Client {
    let config = tinsmith_runtime::Config::builder().endpoint_url("http://localhost:1");
    generated_client::codecatalyst::Client::new(config.build().unwrap())
}
