//! Statics of schemas: nested calls, broken as `rustfmt` breaks them.

use quote::{ToTokens, format_ident};
use syn::{Expr, ExprPath, Item, ItemStatic};

use super::WIDTH;

/// A static; the value is laid out here where it is made of calls and lists alone.
pub(super) fn item(mut item: ItemStatic) -> String {
    if !is_layoutable(&item.expr) {
        return super::unparse(Vec::new(), vec![Item::Static(item)]);
    }
    let expr = std::mem::replace(&mut item.expr, Box::new(value()));
    let head = super::unparse(Vec::new(), vec![Item::Static(item)]);
    let head = head.trim_end().trim_end_matches("VALUE;").trim_end();
    let last = head.lines().next_back().unwrap_or_default().len();
    let fits_below = || {
        fits(&expr, WIDTH - 5).is_some()
            || is_chain(&expr) && fits(chain(&expr).0, WIDTH - 4).is_some()
    };
    if let Some(value) = fits(&expr, WIDTH.saturating_sub(last + 2)) {
        format!("{head} {value};\n")
    } else if fits_below() {
        format!("{head}\n    {};\n", layout(&expr, 4, 1))
    } else {
        format!("{head} {};\n", layout(&expr, 0, last + 2))
    }
}

/// What stands for the value of a static while the rest of it is printed.
fn value() -> Expr {
    Expr::Path(ExprPath {
        attrs: Vec::new(),
        qself: None,
        path: format_ident!("VALUE").into(),
    })
}

/// Whether the expression is made of nothing but what this module lays out.
fn is_layoutable(expr: &Expr) -> bool {
    match expr {
        Expr::Call(call) => call.args.iter().all(is_layoutable),
        Expr::MethodCall(call) => {
            is_layoutable(&call.receiver) && call.args.iter().all(is_layoutable)
        }
        Expr::Reference(reference) => is_layoutable(&reference.expr),
        Expr::Array(array) => array.elems.iter().all(is_layoutable),
        Expr::Struct(structure) => structure
            .fields
            .iter()
            .all(|field| is_layoutable(&field.expr)),
        Expr::Const(block) => sole(block).is_some_and(is_layoutable),
        Expr::Path(_) | Expr::Lit(_) => true,
        _ => false,
    }
}

/// The expression that a `const` block is made of.
fn sole(block: &syn::ExprConst) -> Option<&Expr> {
    match block.block.stmts.as_slice() {
        [syn::Stmt::Expr(expr, None)] => Some(expr),
        _ => None,
    }
}

/// The expression on one line, if that takes no more than `room`. Most do not fit, which is seen long
/// before their end.
fn fits(expr: &Expr, room: usize) -> Option<String> {
    let mut line = Line {
        text: String::new(),
        room,
    };
    line.expr(expr)?;
    Some(line.text)
}

/// The expression on one line, however long.
fn flat(expr: &Expr) -> String {
    fits(expr, usize::MAX).unwrap_or_default()
}

/// A line that is being written.
struct Line {
    text: String,
    room: usize,
}

impl Line {
    /// Appends text; `None` where the line is full.
    fn push(&mut self, text: &str) -> Option<()> {
        self.text.push_str(text);
        (self.text.len() <= self.room).then_some(())
    }

    fn expr(&mut self, expr: &Expr) -> Option<()> {
        match expr {
            Expr::Call(call) => {
                self.expr(&call.func)?;
                self.list("(", call.args.iter(), ")")
            }
            Expr::MethodCall(call) => {
                self.expr(&call.receiver)?;
                self.push(".")?;
                self.push(&call.method.to_string())?;
                self.list("(", call.args.iter(), ")")
            }
            Expr::Reference(reference) => {
                self.push("&")?;
                self.expr(&reference.expr)
            }
            Expr::Array(array) => self.list("[", array.elems.iter(), "]"),
            Expr::Struct(structure) => {
                self.path(&structure.path)?;
                if structure.fields.is_empty() {
                    return self.push(" {}");
                }
                for (index, field) in structure.fields.iter().enumerate() {
                    self.push(if index == 0 { " { " } else { ", " })?;
                    self.push(&field.member.to_token_stream().to_string())?;
                    self.push(": ")?;
                    self.expr(&field.expr)?;
                }
                self.push(" }")
            }
            Expr::Const(block) => {
                self.push("const { ")?;
                if let Some(expr) = sole(block) {
                    self.expr(expr)?;
                }
                self.push(" }")
            }
            Expr::Path(expr) => self.path(&expr.path),
            other => self.push(&other.to_token_stream().to_string()),
        }
    }

    fn list<'a>(
        &mut self,
        open: &str,
        items: impl Iterator<Item = &'a Expr>,
        close: &str,
    ) -> Option<()> {
        self.push(open)?;
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.push(", ")?;
            }
            self.expr(item)?;
        }
        self.push(close)
    }

    fn path(&mut self, path: &syn::Path) -> Option<()> {
        if path.segments.iter().any(|part| !part.arguments.is_none()) {
            return self.push(&path.to_token_stream().to_string().replace(' ', ""));
        }
        for (index, part) in path.segments.iter().enumerate() {
            if index > 0 || path.leading_colon.is_some() {
                self.push("::")?;
            }
            self.push(&part.ident.to_string())?;
        }
        Some(())
    }
}

/// The expression at `indent`, broken where it does not fit; `around` is how much stands beside it on
/// its line besides the indent.
fn layout(expr: &Expr, indent: usize, around: usize) -> String {
    if let Some(value) = fits(expr, WIDTH.saturating_sub(indent + around)) {
        return value;
    }
    match expr {
        Expr::MethodCall(_) => calls(expr, indent, around),
        Expr::Call(call) => {
            let function = flat(&call.func);
            let args = arguments(&mut call.args.iter(), indent, around + function.len() + 2);
            format!("{function}({args})")
        }
        Expr::Reference(reference) => format!("&{}", layout(&reference.expr, indent, around + 1)),
        Expr::Array(array) => format!("[{}]", broken(&mut array.elems.iter(), indent)),
        Expr::Const(block) => {
            let inner = sole(block).map(|expr| layout(expr, indent, around + 10));
            format!("const {{ {} }}", inner.unwrap_or_default())
        }
        _ => flat(expr),
    }
}

/// A chain of method calls, each on a line of its own: below and within its root where that is one
/// line, else at the root's own indent.
fn calls(expr: &Expr, indent: usize, around: usize) -> String {
    let (root, calls) = chain(expr);
    let mut text = layout(root, indent, around);
    let indent = if text.contains('\n') {
        indent
    } else {
        indent + 4
    };
    for call in calls {
        let args = arguments(
            &mut call.args.iter(),
            indent,
            call.method.to_string().len() + 4,
        );
        text.push_str(&format!("\n{}.{}({args})", " ".repeat(indent), call.method));
    }
    text
}

/// What a chain of method calls begins with, and the calls.
fn chain(expr: &Expr) -> (&Expr, Vec<&syn::ExprMethodCall>) {
    match expr {
        Expr::MethodCall(call) => {
            let (root, mut calls) = chain(&call.receiver);
            calls.push(call);
            (root, calls)
        }
        root => (root, Vec::new()),
    }
}

fn is_chain(expr: &Expr) -> bool {
    matches!(expr, Expr::MethodCall(_))
}

/// Arguments of a call: a single one stays on the call's line and is broken within.
fn arguments(
    args: &mut dyn ExactSizeIterator<Item = &Expr>,
    indent: usize,
    around: usize,
) -> String {
    let args: Vec<_> = args.collect();
    let mut line = Line {
        text: String::new(),
        room: WIDTH.saturating_sub(indent + around),
    };
    match args.as_slice() {
        args if line.list("", args.iter().copied(), "").is_some() => line.text,
        [only] => layout(only, indent, around),
        args => broken(&mut args.iter().copied(), indent),
    }
}

/// Items on lines of their own.
fn broken(items: &mut dyn Iterator<Item = &Expr>, indent: usize) -> String {
    let inner = indent + 4;
    let lines = items.map(|item| format!("{}{},\n", " ".repeat(inner), layout(item, inner, 1)));
    format!("\n{}{}", lines.collect::<String>(), " ".repeat(indent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(text: &str) -> String {
        let file = syn::parse_file(text).unwrap();
        let [Item::Static(_)] = file.items.as_slice() else {
            panic!("not one static");
        };
        file.items
            .into_iter()
            .map(|item| match item {
                Item::Static(value) => super::item(value),
                _ => String::new(),
            })
            .collect()
    }

    /// What fits is one line; a chain that does not is broken before each call.
    #[test]
    fn chains_are_broken_before_each_call() {
        assert_eq!(
            laid_out("static A: S = S::new(\"a\").b(1);"),
            "static A: S = S::new(\"a\").b(1);\n"
        );
        let long = "x".repeat(60);
        assert_eq!(
            laid_out(&format!(
                "static A: S = S::new(\"{long}\").b(&[C::d(Some(1), None)]).e();"
            )),
            format!(
                "static A: S =\n    S::new(\"{long}\")\n        .b(&[C::d(Some(1), None)])\n        .e();\n"
            )
        );
    }

    /// A list that does not fit has an item a line.
    #[test]
    fn lists_are_broken_into_items() {
        let long = "x".repeat(60);
        assert_eq!(
            laid_out(&format!(
                "static A: [M; 2] = [M::new(\"{long}\"), M::new(\"{long}\")];"
            )),
            format!("static A: [M; 2] = [\n    M::new(\"{long}\"),\n    M::new(\"{long}\"),\n];\n")
        );
    }

    /// Whatever is laid out here is still the same Rust.
    #[test]
    fn the_tokens_stay() {
        let text =
            "static A: S = S::f(&[S::g(\"a b\", const { &[1, 2] }).h(-1)]).i(T::U { v: None });";
        let tokens = |text: &str| {
            text.parse::<proc_macro2::TokenStream>()
                .unwrap()
                .to_string()
        };
        assert_eq!(tokens(&laid_out(text)), tokens(text));
    }
}
