//! Tokens to text as a careful person would lay it out.

pub(crate) mod docs;
mod macros;
mod statics;

use proc_macro2::TokenStream;
use syn::{File, Item};
use tinsmith_model::{Problem, Span};

use crate::imports;
use crate::ir::Service;
use crate::package::Comment;

/// The width of a line, as `rustfmt` has it.
const WIDTH: usize = 100;

/// The text of the Rust file at `path`: the header, `docs` and inner attributes, imports, items.
///
/// Imports are worked out from the names that the items use.
pub(crate) fn rust_file(
    path: &str,
    service: Option<&Service>,
    docs: &str,
    items: TokenStream,
) -> Result<String, Problem> {
    let mut file: File = syn::parse2(items).map_err(|error| unparsable(path, &error))?;
    let uses = imports::of(&file, service);
    let uses: File = syn::parse2(uses).map_err(|error| unparsable(path, &error))?;
    let mut text = String::new();
    for line in docs.lines() {
        push_doc(&mut text, "//!", line);
    }
    if !file.attrs.is_empty() {
        text.push('\n');
    }
    for attr in std::mem::take(&mut file.attrs) {
        text.push_str(unparse(vec![attr], Vec::new()).trim_end());
        text.push('\n');
    }
    for item in uses.items.into_iter().chain(file.items) {
        push_item(&mut text, item);
    }
    Ok(Comment::Rust.file(&text))
}

/// Tokens that are no Rust are a fault of ours, and the file says where to look.
fn unparsable(path: &str, error: &syn::Error) -> Problem {
    let message = format!("the generator made a file that is not Rust, {path}: {error}");
    Problem::error(Span::NOWHERE, message).hint("this is a fault of Tinsmith; please report it")
}

fn push_doc(text: &mut String, sign: &str, line: &str) {
    text.push_str(sign);
    if !line.is_empty() {
        text.push(' ');
        text.push_str(line);
    }
    text.push('\n');
}

/// Appends an item after a blank line, unless it continues a block of its kind.
fn push_item(text: &mut String, item: Item) {
    let kind = Kind::of(&item);
    let previous = text.lines().next_back().unwrap_or_default();
    let continues = kind.is_some_and(|kind| kind.ends_with(text, previous));
    if !text.is_empty() && !continues {
        text.push('\n');
    }
    let item = match item {
        Item::Macro(call) => macros::item(&call),
        Item::Static(item) => statics::item(item),
        item => spaced(&macros::joined(&unparse(Vec::new(), vec![item]))),
    };
    text.push_str(&item);
}

/// Items that stand in blocks without blank lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Use,
    PubUse,
    Mod,
}

impl Kind {
    fn of(item: &Item) -> Option<Self> {
        match item {
            Item::Use(item) if matches!(item.vis, syn::Visibility::Inherited) => Some(Self::Use),
            Item::Use(_) => Some(Self::PubUse),
            Item::Mod(_) => Some(Self::Mod),
            _ => None,
        }
    }

    /// Whether `text`, whose last line is `last`, ends with an item of this kind.
    fn ends_with(self, text: &str, last: &str) -> bool {
        match self {
            Self::Use => last.starts_with("use ") || last == "};" && text.contains("\nuse "),
            Self::PubUse => last.starts_with("pub use "),
            Self::Mod => last.starts_with("mod ") || last.starts_with("pub mod "),
        }
    }
}

/// Blank lines between the functions of an `impl`: `prettyplease` writes none.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let mut previous = "";
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        if indent > 0 && ends_item(previous, indent) && starts_item(line.trim_start()) {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        previous = line;
    }
    spaced
}

fn ends_item(line: &str, indent: usize) -> bool {
    line.len() == indent + 1 && line.ends_with('}')
        || line.starts_with(&" ".repeat(indent))
            && line.trim_start().starts_with("const ")
            && line.ends_with(';')
        || line.starts_with(&" ".repeat(indent))
            && line.trim_start().starts_with("type ")
            && line.ends_with(';')
}

fn starts_item(line: &str) -> bool {
    ["///", "#[", "pub fn ", "pub async fn ", "fn ", "async fn "]
        .iter()
        .any(|start| line.starts_with(start))
}

fn unparse(attrs: Vec<syn::Attribute>, items: Vec<Item>) -> String {
    docs::lines(prettyplease::unparse(&File {
        shebang: None,
        frontmatter: None,
        attrs,
        items,
    }))
}
